"""What only an administrator may do."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sentiment_service.api.context import Context
from sentiment_service.api.routing import Routes
from sentiment_service.api.schema import Answer

routes = Routes(tag="Admin")


@dataclass(frozen=True, slots=True)
class CollectAnswer(Answer):
    """A collection was started."""

    status: Literal["triggered"]
    message: str
    timestamp: datetime
    cycle_id: str
    """Find it in ``GET /cycles``."""


@routes.post("/admin/collect", summary="Start a collection now", status=202, errors=(409, 503), admin=True)
async def collect(context: Context) -> CollectAnswer:
    """Answers at once; the collection runs in the background. 409 when one runs, with its ``cycle_id``."""
    cycle_id = await context.collector.trigger()
    return CollectAnswer("triggered", "The collection has started.", context.now(), cycle_id)
