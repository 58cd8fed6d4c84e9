"""What may be changed about tools and what may not; a refused change says which field is wrong."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial

import pytest

from sentiment_service.errors import ToolRefusedError
from sentiment_service.store import tool_edits as edits
from sentiment_service.store.tool_edits import Change, Merging, Stamp
from sentiment_service.tools import Catalogue, Tool, ToolStatus
from tests.store.content import NOON
from tests.store.test_tools import tool

STAMP = Stamp("change", NOON, "admin", "")


def anybody(catalogue: Catalogue, tool: Tool) -> None:
    """Has no old idea of any tool."""


CATALOGUE = Catalogue(
    7,
    (
        tool("Cursor"),
        tool("Zed"),
        tool("Aider", alias_of="zed"),
        tool("Old", status="archived"),
        tool("Gone", status="archived", merged_into="cursor"),
        tool("Fresh", status="pending"),
        tool("No", status="rejected"),
    ),
)


def merging(target: str, *sources: str) -> Merging:
    return Merging(target, sources, ("agent",), "Both")


def after(change: Change) -> dict[str, Tool]:
    return {each.id: each for each in change.after}


def test_a_new_tool_gets_its_id_from_its_name() -> None:
    change = edits.create(CATALOGUE, STAMP, tool=tool("Amp Code!", aliases=(), ambiguous=()))
    assert (change.tool.id, change.tool.slug, change.tool.revision) == ("amp-code", "amp-code", 1)
    assert change.moved == ()
    assert change.before == ()


@pytest.mark.parametrize(
    ("name", "slug"),
    [("C++", "c"), ("ツール", "tool"), ("Pending", "pending-2"), ("Zed!", "zed-2"), ("Merge", "merge-2")],
)
def test_no_two_tools_have_one_address(name: str, slug: str) -> None:
    made = edits.create(CATALOGUE, STAMP, tool=tool(name, aliases=(), ambiguous=()))
    assert made.tool.id == slug


@pytest.mark.parametrize(
    ("changes", "kind", "field"),
    [
        ({"name": "CURSOR"}, "conflict", "name"),
        ({"name": "cursor ai"}, "conflict", "name"),
        ({"name": "Old"}, "conflict", "name"),
        ({"aliases": ("New AI", "zed AI")}, "conflict", "aliases.1"),
        ({"aliases": ("N", "n")}, "invalid", "aliases.1"),
        ({"aliases": ("NEW",)}, "invalid", "aliases.0"),
        ({"ambiguous": ("Else",)}, "invalid", "ambiguous.0"),
    ],
)
def test_a_new_tool_takes_no_names_of_others(changes: dict[str, object], kind: str, field: str) -> None:
    new = replace(tool("New", ambiguous=()), **changes)  # type: ignore[arg-type]
    with pytest.raises(ToolRefusedError) as refused:
        edits.create(CATALOGUE, STAMP, tool=new)
    assert (refused.value.kind, refused.value.field) == (kind, field)


def test_the_name_of_a_rejected_tool_is_free() -> None:
    assert edits.create(CATALOGUE, STAMP, tool=tool("No")).tool.id == "no-2"


def test_an_ambiguous_name_goes_with_its_alias() -> None:
    new = {"aliases": ("Cursor IDE",)}
    catalogue = Catalogue(1, (tool("Cursor", ambiguous=("Cursor", "Cursor AI")),))
    change = edits.update(catalogue, STAMP, name="cursor", values=new, check=anybody)
    assert after(change)["cursor"].ambiguous == ("Cursor",)
    assert after(change)["cursor"].revision == 2


def test_values_that_are_there_already_are_no_change() -> None:
    values = {"vendor": "Somebody"}
    assert edits.update(CATALOGUE, STAMP, name="cursor", values=values, check=anybody).nothing


@pytest.mark.parametrize(
    ("edit", "status", "ids"),
    [
        (edits.archive, "archived", ["cursor", "zed", "aider"]),
        (edits.unarchive, "active", ["old"]),
        (edits.approve, "active", ["fresh", "no"]),
        (edits.reject, "rejected", ["fresh"]),
    ],
)
def test_each_status_follows_only_from_some(
    edit: Callable[..., Change], status: ToolStatus, ids: list[str]
) -> None:
    for each in CATALOGUE.tools:
        if each.id in ids:
            change = edit(CATALOGUE, STAMP, name=each.id)
            assert change.tool == replace(each, status=status, revision=2, updated_by="admin")
            assert change.moved == ()
        else:
            with pytest.raises(ToolRefusedError) as refused:
                edit(CATALOGUE, STAMP, name=each.id)
            assert refused.value.kind == "conflict"


@pytest.mark.parametrize("edit", [edits.archive, edits.unarchive, edits.approve, edits.reject, edits.unlink])
def test_nobody_is_changed_who_is_not_there(edit: Callable[..., Change]) -> None:
    with pytest.raises(ToolRefusedError) as refused:
        edit(CATALOGUE, STAMP, name="nobody")
    assert refused.value.kind == "unknown"


def test_a_tool_whose_name_was_given_away_cannot_come_back() -> None:
    catalogue = Catalogue(1, (tool("No", status="rejected"), tool("New", aliases=("NO AI",))))
    with pytest.raises(ToolRefusedError) as refused:
        edits.approve(catalogue, STAMP, name="no")
    assert (refused.value.kind, refused.value.field) == ("conflict", "aliases.0")


def test_a_linked_tool_counts_for_the_other_and_unlinked_for_itself() -> None:
    linked = edits.link(CATALOGUE, STAMP, name="cursor", primary="zed")
    assert (linked.tool.alias_of, linked.moved) == ("zed", ("cursor", "gone"))
    unlinked = edits.unlink(CATALOGUE, STAMP, name="aider")
    assert (unlinked.tool.alias_of, unlinked.moved) == (None, ("aider",))
    assert edits.link(CATALOGUE, STAMP, name="aider", primary="zed").nothing
    proposed = edits.link(CATALOGUE, STAMP, name="fresh", primary="zed")
    assert proposed.tool.status == "active"


@pytest.mark.parametrize(
    ("name", "primary", "kind"),
    [
        ("cursor", "cursor", "conflict"),
        ("zed", "aider", "conflict"),
        ("cursor", "aider", "conflict"),
        ("zed", "cursor", "conflict"),
        ("cursor", "old", "conflict"),
        ("cursor", "fresh", "conflict"),
        ("gone", "zed", "conflict"),
        ("old", "zed", "conflict"),
        ("no", "zed", "conflict"),
        ("cursor", "nobody", "unknown"),
        ("nobody", "zed", "unknown"),
    ],
)
def test_no_cycle_and_no_chain_of_aliases(name: str, primary: str, kind: str) -> None:
    with pytest.raises(ToolRefusedError) as refused:
        edits.link(CATALOGUE, STAMP, name=name, primary=primary)
    assert refused.value.kind == kind


def test_merged_tools_are_archived_and_their_aliases_follow() -> None:
    change = edits.merge(CATALOGUE, STAMP, merging=merging("cursor", "zed", "old"))
    tools = after(change)
    assert (tools["zed"].status, tools["zed"].merged_into) == ("archived", "cursor")
    assert tools["aider"].alias_of == "cursor"
    assert (tools["cursor"].vendor, tools["cursor"].categories) == ("Both", ("agent",))
    assert change.moved == ("aider", "old", "zed")
    assert change.details["warnings"] == ["Old was archived.", "Aider is an alias of Cursor now."]


@pytest.mark.parametrize(
    ("target", "sources", "kind", "field"),
    [
        ("cursor", ["cursor"], "invalid", "source_tool_ids.0"),
        ("cursor", ["zed", "zed"], "invalid", "source_tool_ids.1"),
        ("cursor", ["zed", "nobody"], "unknown", "source_tool_ids.1"),
        ("nobody", ["zed"], "unknown", "target_tool_id"),
        ("old", ["zed"], "conflict", None),
        ("fresh", ["zed"], "conflict", None),
        ("aider", ["cursor"], "conflict", "target_tool_id"),
        ("zed", ["gone"], "conflict", "source_tool_ids.0"),
        ("zed", ["no"], "conflict", "source_tool_ids.0"),
    ],
)
def test_senseless_merges_are_refused(target: str, sources: list[str], kind: str, field: str | None) -> None:
    with pytest.raises(ToolRefusedError) as refused:
        edits.merge(CATALOGUE, STAMP, merging=merging(target, *sources))
    assert (refused.value.kind, refused.value.field) == (kind, field)


def test_a_deleted_tool_takes_what_was_merged_into_it_and_frees_its_aliases() -> None:
    delete = partial(edits.delete, CATALOGUE, STAMP, check=anybody)
    assert [each.id for each in delete(name="cursor").before] == ["cursor", "gone"]
    assert delete(name="cursor").moved == ("cursor", "gone")
    assert after(delete(name="zed"))["aider"].alias_of is None
    assert delete(name="zed").moved == ("aider", "zed")


def test_an_old_idea_of_a_tool_is_refused_before_anything_else() -> None:
    def stale(catalogue: Catalogue, tool: Tool) -> None:
        raise ToolRefusedError("stale", f"{tool.name} has changed.")

    with pytest.raises(ToolRefusedError, match="Cursor has changed"):
        edits.update(CATALOGUE, STAMP, name="cursor", values={"name": "Zed"}, check=stale)
