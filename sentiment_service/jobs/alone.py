"""Work that one process at a time does, of all that share a database."""

import logging
import secrets

from sentiment_service.jobs.schedule import Run
from sentiment_service.store.state import State

log = logging.getLogger(__name__)


def alone(name: str, run: Run, state: State, *, limit_s: float) -> Run:
    """A run that is skipped while another process does the same.

    :param name: of the lease.
    :param limit_s: seconds after which the lease of a process that died is free.
    """

    async def run_alone() -> dict[str, int]:
        lease = await state.acquire(name, f"{name}:{secrets.token_hex(6)}", limit_s)
        if lease is None:
            log.info("%s is done by another process", name)
            return {"skipped": 1}
        try:
            return await run()
        finally:
            await state.release(lease)

    return run_alone
