"""How tools are called: no two may go by one name, and no two by one address."""

from collections.abc import Sequence

from sentiment_service.errors import ToolRefusedError
from sentiment_service.tool_seeds import slug_of
from sentiment_service.tools import Catalogue, Tool

RESERVED = frozenset({"pending", "merge", "compare", "last-updated"})
"""Slugs that would be mistaken for calls of the API."""


def key_of(name: str) -> str:
    """What two spellings of one name have in common."""
    return name.casefold()


def free_slug(catalogue: Catalogue, name: str) -> str:
    """A slug from a name that no tool has, neither as slug nor as id."""
    slug = slug_of(name) or "tool"
    taken = RESERVED.union(*((tool.id, tool.slug) for tool in catalogue.tools))
    number, free = 1, slug
    while free in taken:
        number += 1
        free = f"{slug}-{number}"
    return free


def check_names(catalogue: Catalogue, tool: Tool) -> None:
    """See to it that nobody else is called what a tool is called.

    Rejected tools own no names: nobody is looked for under them.

    :raises ToolRefusedError: ``invalid`` when it has a name twice or calls ambiguous what it is not called,
        ``conflict`` when another has one of its names.
    """
    _check_own_names(tool)
    if tool.status == "rejected":
        return
    owners = {
        key_of(name): other
        for other in catalogue.tools
        if other.id != tool.id and other.status != "rejected"
        for name in (other.name, *other.aliases)
    }
    for field, name in _named_fields(tool):
        if (owner := owners.get(key_of(name))) is not None:
            detail = f"{name} is already a name of {owner.name}, which is {owner.status}."
            raise ToolRefusedError("conflict", detail, field=field)


def _check_own_names(tool: Tool) -> None:
    seen: dict[str, str] = {}
    for field, name in _named_fields(tool):
        if key_of(name) in seen:
            raise ToolRefusedError("invalid", f"{name} is there more than once.", field=field)
        seen[key_of(name)] = name
    for number, name in enumerate(tool.ambiguous):
        if key_of(name) not in seen:
            detail = f"{name} is neither the name of the tool nor an alias."
            raise ToolRefusedError("invalid", detail, field=f"ambiguous.{number}")


def _named_fields(tool: Tool) -> Sequence[tuple[str, str]]:
    """Where each of its names is written, and the name."""
    return [("name", tool.name), *((f"aliases.{n}", alias) for n, alias in enumerate(tool.aliases))]
