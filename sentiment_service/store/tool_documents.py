"""Between tools and their documents, both ways."""

import json
from collections.abc import Mapping
from dataclasses import fields, replace
from typing import Any

from sentiment_service.store.documents import Document, milliseconds
from sentiment_service.tools import Tool

_LISTS = ("categories", "aliases", "ambiguous", "home_subreddits")


def tool_document(tool: Tool) -> Document:
    """A tool as it is stored; its id is the ``_id``."""
    document: Document = {field.name: getattr(tool, field.name) for field in fields(tool)}
    document["_id"] = document.pop("id")
    document |= {name: list(document[name]) for name in _LISTS}
    # As text: what users put into it may be no BSON.
    document["metadata"] = json.dumps(dict(tool.metadata))
    return document


def tool_of_document(document: Mapping[str, Any]) -> Tool:
    """A tool read back."""
    values = {field.name: document[field.name] for field in fields(Tool) if field.name != "id"}
    values |= {name: tuple(values[name]) for name in _LISTS}
    values["metadata"] = json.loads(values["metadata"])
    return Tool(id=document["_id"], **values)


def as_stored(tool: Tool) -> Tool:
    """A tool with its times cut to what the database keeps."""
    return replace(tool, created_at=milliseconds(tool.created_at), updated_at=milliseconds(tool.updated_at))
