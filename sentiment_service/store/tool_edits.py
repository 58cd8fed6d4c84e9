"""What may be changed about tools, as pure functions from the catalogue to the change.

Each raises :class:`~sentiment_service.errors.ToolRefusedError` instead of a change that makes no sense.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Literal

from sentiment_service.errors import ToolRefusedError
from sentiment_service.store.tool_names import check_names, free_slug
from sentiment_service.store.tools import named
from sentiment_service.tools import Catalogue, Tool

Action = Literal[
    "created",
    "updated",
    "deleted",
    "archived",
    "unarchived",
    "approved",
    "rejected",
    "alias_linked",
    "alias_unlinked",
    "merged",
    "proposed",
]


@dataclass(frozen=True, slots=True)
class Stamp:
    """Who changes something, and when."""

    id: str
    """Of the change."""
    at: datetime
    by: str
    client: str
    """A keyed hash of the address the change was asked for from."""


@dataclass(frozen=True, slots=True)
class Change:
    """A change of one or more tools."""

    action: Action
    subject: str
    """Id of the tool it was asked for."""
    stamp: Stamp
    before: tuple[Tool, ...]
    """The tools that change, as they were; those missing are new."""
    after: tuple[Tool, ...]
    """The same as they become; those missing are deleted."""
    moved: tuple[str, ...] = ()
    """Ids of the tools whose mentions count for another tool from now on, or for none."""
    details: Mapping[str, Any] = field(default_factory=dict)
    """More about it, as can be written in JSON."""

    @property
    def nothing(self) -> bool:
        """Whether everything is already as it was asked for."""
        return self.before == self.after

    @property
    def tool(self) -> Tool:
        """The tool it was asked for; of a deleted one, what it was."""
        return next(tool for tool in (*self.after, *self.before) if tool.id == self.subject)


Edit = Callable[[Catalogue, Stamp], Change]


def find(catalogue: Catalogue, name: str, *, field: str | None = None) -> Tool:
    """A tool by id or slug.

    :param field: where the name was given.
    :raises ToolRefusedError: nobody has it.
    """
    tool = named(catalogue, name)
    if tool is None:
        raise ToolRefusedError("unknown", "There is no such tool.", field=field)
    return tool


def create(
    catalogue: Catalogue, stamp: Stamp, *, tool: Tool, action: Literal["created", "proposed"] = "created"
) -> Change:
    """A new tool; its id and slug follow from its name."""
    slug = free_slug(catalogue, tool.name)
    tool = replace(tool, id=slug, slug=slug, revision=1)
    tool = replace(tool, created_at=stamp.at, updated_at=stamp.at, created_by=stamp.by, updated_by=stamp.by)
    check_names(catalogue, tool)
    return change(catalogue, action, stamp, tool.id, [tool])


def update(
    catalogue: Catalogue,
    stamp: Stamp,
    *,
    name: str,
    values: Mapping[str, Any],
    check: Callable[[Catalogue, Tool], None],
) -> Change:
    """Other values of some fields.

    :param name: id or slug.
    :param check: raises when the one who asks has an old idea of the tool.
    """
    former = find(catalogue, name)
    check(catalogue, former)
    tool = replace(former, **values)
    if "ambiguous" not in values:
        called = {each.casefold() for each in (tool.name, *tool.aliases)}
        tool = replace(tool, ambiguous=tuple(each for each in tool.ambiguous if each.casefold() in called))
    if tool == former:
        return Change("updated", tool.id, stamp, (tool,), (tool,))
    check_names(catalogue, tool)
    return change(catalogue, "updated", stamp, former.id, [tool])


def delete(
    catalogue: Catalogue, stamp: Stamp, *, name: str, check: Callable[[Catalogue, Tool], None]
) -> Change:
    """A tool goes with all that was merged into it; those linked to it as aliases stand alone again."""
    tool = find(catalogue, name)
    check(catalogue, tool)
    gone = {tool.id}
    while more := {each.id for each in catalogue.tools if each.merged_into in gone} - gone:
        gone |= more
    left = [
        replace(each, alias_of=None)
        for each in catalogue.tools
        if each.alias_of in gone and each.id not in gone
    ]
    return change(catalogue, "deleted", stamp, tool.id, left, gone=gone)


def archive(catalogue: Catalogue, stamp: Stamp, *, name: str) -> Change:
    """Not searched for any more; what was said of it stays."""
    tool = find(catalogue, name)
    if tool.status != "active":
        raise _conflict(f"{tool.name} is {tool.status}, and only an active tool can be archived.")
    return change(catalogue, "archived", stamp, tool.id, [replace(tool, status="archived")])


def unarchive(catalogue: Catalogue, stamp: Stamp, *, name: str) -> Change:
    """Searched for again."""
    tool = find(catalogue, name)
    if tool.status != "archived":
        raise _conflict(f"{tool.name} is {tool.status}, not archived.")
    if tool.merged_into is not None:
        raise _conflict(f"{tool.name} was merged into {tool.merged_into} and counts for it.")
    return _activated(catalogue, stamp, "unarchived", tool)


def approve(catalogue: Catalogue, stamp: Stamp, *, name: str) -> Change:
    """A proposed tool, or one that was rejected, is tracked."""
    tool = find(catalogue, name)
    if tool.status not in ("pending", "rejected"):
        raise _conflict(f"{tool.name} is {tool.status}, and only a pending or rejected tool can be approved.")
    return _activated(catalogue, stamp, "approved", tool)


def reject(catalogue: Catalogue, stamp: Stamp, *, name: str) -> Change:
    """A proposed tool is not tracked, and not proposed again."""
    tool = find(catalogue, name)
    if tool.status != "pending":
        raise _conflict(f"{tool.name} is {tool.status}, and only a pending tool can be rejected.")
    return change(catalogue, "rejected", stamp, tool.id, [replace(tool, status="rejected")])


def _activated(catalogue: Catalogue, stamp: Stamp, action: Action, tool: Tool) -> Change:
    tool = replace(tool, status="active")
    check_names(catalogue, tool)
    return change(catalogue, action, stamp, tool.id, [tool])


def link(catalogue: Catalogue, stamp: Stamp, *, name: str, primary: str) -> Change:
    """What is said of a tool counts for another; a proposed one becomes active by it.

    :param primary: id or slug of the other.
    """
    tool, other = find(catalogue, name), find(catalogue, primary, field="primary_tool_id")
    _check_link(catalogue, tool, other)
    if tool.alias_of == other.id:
        return Change("alias_linked", tool.id, stamp, (tool,), (tool,))
    linked = replace(tool, alias_of=other.id, status="active")
    check_names(catalogue, linked)
    details = {"primary_tool_id": other.id}
    return change(catalogue, "alias_linked", stamp, tool.id, [linked], details=details)


def _check_link(catalogue: Catalogue, tool: Tool, other: Tool) -> None:
    if tool.id == other.id:
        raise _conflict(f"{tool.name} cannot be an alias of itself.", "primary_tool_id")
    if other.alias_of == tool.id:
        raise _conflict(f"{other.name} is an alias of {tool.name}: that would be a cycle.", "primary_tool_id")
    if other.alias_of is not None:
        raise _conflict(f"{other.name} is an alias itself: that would be a chain.", "primary_tool_id")
    if any(each.alias_of == tool.id for each in catalogue.tools):
        raise _conflict(f"{tool.name} has aliases itself: that would be a chain.")
    if other.status != "active":
        raise _conflict(f"{other.name} is {other.status}, not active.", "primary_tool_id")
    if tool.status not in ("active", "pending"):
        raise _conflict(f"{tool.name} is {tool.status}, and only an active or pending tool can be linked.")


def unlink(catalogue: Catalogue, stamp: Stamp, *, name: str) -> Change:
    """An alias stands alone again."""
    tool = find(catalogue, name)
    if tool.alias_of is None:
        raise _conflict(f"{tool.name} is not linked to another tool.")
    details = {"primary_tool_id": tool.alias_of}
    return change(
        catalogue, "alias_unlinked", stamp, tool.id, [replace(tool, alias_of=None)], details=details
    )


@dataclass(frozen=True, slots=True)
class Merging:
    """Tools to be merged."""

    target: str
    """Id or slug, as those of the sources."""
    sources: Sequence[str]
    categories: tuple[str, ...]
    """Of the target afterwards."""
    vendor: str
    notes: str = ""


def merge(catalogue: Catalogue, stamp: Stamp, *, merging: Merging) -> Change:
    """What is said of some tools counts for another for good; they are archived."""
    target = find(catalogue, merging.target, field="target_tool_id")
    sources = [
        find(catalogue, name, field=f"source_tool_ids.{number}")
        for number, name in enumerate(merging.sources)
    ]
    _check_merge(target, sources)
    ids = {tool.id for tool in sources}
    archived = [replace(tool, status="archived", merged_into=target.id, alias_of=None) for tool in sources]
    relinked = [replace(tool, alias_of=target.id) for tool in catalogue.tools if tool.alias_of in ids]
    final = replace(target, categories=merging.categories, vendor=merging.vendor)
    details = {
        "target_tool_id": target.id,
        "source_tool_ids": [tool.id for tool in sources],
        "final_categories": list(merging.categories),
        "final_vendor": merging.vendor,
        "notes": merging.notes,
        "warnings": _warnings(target, sources, relinked),
    }
    changed = [final, *archived, *(tool for tool in relinked if tool.id not in ids and tool.id != target.id)]
    return change(catalogue, "merged", stamp, target.id, changed, details=details)


def _check_merge(target: Tool, sources: Sequence[Tool]) -> None:
    if target.status != "active":
        raise _conflict(f"{target.name} is {target.status}, and only an active tool can be merged into.")
    if target.alias_of is not None:
        raise _conflict(f"{target.name} is an alias of {target.alias_of}; merge into that.", "target_tool_id")
    seen: set[str] = set()
    for number, tool in enumerate(sources):
        field = f"source_tool_ids.{number}"
        if tool.id == target.id:
            raise ToolRefusedError("invalid", f"{tool.name} cannot be merged into itself.", field=field)
        if tool.id in seen:
            raise ToolRefusedError("invalid", f"{tool.name} is there more than once.", field=field)
        if tool.merged_into is not None:
            raise _conflict(f"{tool.name} is merged into {tool.merged_into} already.", field)
        if tool.status == "rejected":
            raise _conflict(f"{tool.name} was rejected: nothing is said of it here.", field)
        seen.add(tool.id)


def _warnings(target: Tool, sources: Sequence[Tool], relinked: Sequence[Tool]) -> list[str]:
    warnings = [
        f"{tool.name} is of another vendor: {tool.vendor}."
        for tool in sources
        if tool.vendor.casefold() != target.vendor.casefold()
    ]
    warnings += [f"{tool.name} was {tool.status}." for tool in sources if tool.status != "active"]
    names = [tool.name for tool in relinked if tool.id != target.id]
    return warnings + [f"{name} is an alias of {target.name} now." for name in names]


def change(
    catalogue: Catalogue,
    action: Action,
    stamp: Stamp,
    subject: str,
    changed: Sequence[Tool],
    *,
    gone: set[str] | frozenset[str] = frozenset(),
    details: Mapping[str, Any] | None = None,
) -> Change:
    """A change with everything that follows from it.

    :param changed: tools as they become, but for revision and who changed them.
    :param gone: ids of the tools that are deleted.
    """
    former = {tool.id: tool for tool in catalogue.tools}
    after = tuple(_stamped(tool, former.get(tool.id), stamp) for tool in changed)
    before = tuple(former[id_] for id_ in (*(tool.id for tool in after), *sorted(gone)) if id_ in former)
    tools = {id_: tool for id_, tool in former.items() if id_ not in gone} | {tool.id: tool for tool in after}
    targets, later = catalogue.targets(), Catalogue(catalogue.number, tuple(tools.values())).targets()
    moved = tuple(sorted(id_ for id_, target in targets.items() if later.get(id_) != target))
    return Change(action, subject, stamp, before, after, moved, details or {})


def _stamped(tool: Tool, former: Tool | None, stamp: Stamp) -> Tool:
    if former is None:
        return tool
    return replace(tool, revision=former.revision + 1, updated_at=stamp.at, updated_by=stamp.by)


def _conflict(detail: str, field: str | None = None) -> ToolRefusedError:
    return ToolRefusedError("conflict", detail, field=field)
