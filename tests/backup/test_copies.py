"""Backup and restore: nothing lost, nothing changed, nothing that was deleted comes back."""

import datetime
import math
from pathlib import Path

import pytest
from bson import Binary, Decimal128, Int64, ObjectId, Regex, Timestamp

from sentiment_service.backup import back_up, restore
from sentiment_service.errors import BackupError, ServiceError, StartupError
from sentiment_service.settings import Settings
from sentiment_service.store.migrations import RESTORING
from tests.backup.conftest import Open, content, fill, ignore, names
from tests.store.content import DAY, NOON, post, scored
from tests.store.faults import VICTIM, FailPoints

VALUES = {
    "binary": Binary(bytes(range(256)), 128),
    "bytes": b"\x00\xff",
    "date": datetime.datetime(1969, 12, 31, 23, 59, 59, 999000, tzinfo=datetime.UTC),
    "decimal": Decimal128("1.10"),
    "float": -0.0,
    "infinite": math.inf,
    "int": 1,
    "long": Int64(1),
    "nested": {"z": [1, {"a": None}], "a": []},
    "none": None,
    "id": ObjectId("0123456789abcdef01234567"),
    "pattern": Regex("^a", "i"),
    "text": "Grüße, 世界, \u202e, \x00, 🙂",
    "time": Timestamp(1, 2),
}


async def test_what_is_restored_is_what_was_backed_up_to_the_byte(
    open_database: Open, tmp_path: Path
) -> None:
    settings, store = await open_database()
    await fill(store, items=700)
    await store.database.collection("odd").insert_many(
        [{"_id": "values", **VALUES}, {"_id": ""}, {"_id": "ß"}]
    )
    before = await content(store)
    counts = await back_up(settings, tmp_path / "b", progress=ignore)
    assert counts["posts"] == counts["comments"] == 700
    assert names(tmp_path) == ["b"]
    assert (tmp_path / "b").stat().st_mode & 0o777 == 0o600
    others, other = await open_database(prepare=False)
    assert await restore(others, tmp_path / "b", replace=False, progress=ignore) == counts
    assert await content(other) == before
    indexes = await other.database.collection("posts").index_information()
    assert len(indexes) == len(await store.database.collection("posts").index_information()) > 1


async def test_the_data_version_never_goes_back(open_database: Open, tmp_path: Path) -> None:
    settings, store = await open_database()
    await fill(store)
    await back_up(settings, tmp_path / "b", progress=ignore)
    for _ in range(5):
        newest = await store.state.bump_version()
    await restore(settings, tmp_path / "b", replace=True, progress=ignore)
    assert (await store.state.version()).number > newest.number


async def test_a_backup_made_while_a_service_writes_is_recounted(open_database: Open, tmp_path: Path) -> None:
    settings, store = await open_database()
    await fill(store)
    rollups = store.database.collection("rollups")
    truth = await rollups.find({}).sort("_id", 1).to_list(None)
    await rollups.update_many({"kind": {"$ne": "tools"}}, {"$set": {"whole": {"posts": 99}}})
    await rollups.update_many({"kind": "tools"}, {"$set": {"tool_ids": [], "rows": b""}})
    await back_up(settings, tmp_path / "b", progress=ignore)
    others, other = await open_database()
    await restore(others, tmp_path / "b", replace=False, progress=ignore)
    assert await other.database.collection("rollups").find({}).sort("_id", 1).to_list(None) == truth
    assert await other.database.collection("dirty_days").count_documents({}) == 0


async def test_only_replace_restores_into_a_database_that_is_not_empty(
    open_database: Open, tmp_path: Path
) -> None:
    settings, store = await open_database()
    await fill(store)
    before = await content(store)
    await back_up(settings, tmp_path / "b", progress=ignore)
    others, other = await open_database()
    await other.items.write([scored(post(77))], {}, seen_at=NOON)
    await other.database.collection("unknown").insert_one({"_id": "x"})
    held = await content(other)
    with pytest.raises(BackupError, match="not empty"):
        await restore(others, tmp_path / "b", replace=False, progress=ignore)
    assert await content(other) == held
    await restore(others, tmp_path / "b", replace=True, progress=ignore)
    assert await content(other) == before


async def test_nothing_is_restored_while_a_service_holds_a_lease(open_database: Open, tmp_path: Path) -> None:
    settings, store = await open_database()
    await fill(store)
    await back_up(settings, tmp_path / "b", progress=ignore)
    await store.state.acquire("collect", "another", 60)
    with pytest.raises(BackupError, match=r"another.* is using"):
        await restore(settings, tmp_path / "b", replace=True, progress=ignore)


async def test_what_was_purged_or_erased_after_the_backup_stays_gone(
    open_database: Open, tmp_path: Path
) -> None:
    settings, store = await open_database()
    await fill(store, items=4)
    erased = {"$set": {"author_key": "hash of a name"}}
    await store.database.collection("comments").update_one({"_id": "t1_2"}, erased)
    await store.database.collection("set_aside").insert_one({"_id": "t3_1", "detail": "words of it"})
    await store.database.collection("trending").insert_one({"_id": "topic", "posts": ["t3_1"]})
    await store.database.collection("deletions").insert_one({"_id": "t3_3", "deleted_at": NOON})
    await back_up(settings, tmp_path / "b", progress=ignore)
    now = datetime.datetime.now(datetime.UTC) + datetime.timedelta(seconds=1)
    await store.database.collection("deletions").insert_one({"_id": "t3_1", "deleted_at": now})
    await store.database.collection("erased_authors").insert_one({"_id": "hash of a name", "erased_at": now})
    counts = await restore(settings, tmp_path / "b", replace=True, progress=ignore)
    there = {
        name: [
            one["_id"] for one in await store.database.collection(name).find({}).sort("_id", 1).to_list(None)
        ]
        for name in ("posts", "comments", "set_aside", "trending", "deletions", "erased_authors")
    }
    assert there == {
        "posts": ["t3_0", "t3_2", "t3_3"],
        "comments": ["t1_0", "t1_1", "t1_3"],
        "set_aside": [],
        "trending": [],
        "deletions": ["t3_1", "t3_3"],
        "erased_authors": ["hash of a name"],
    }
    assert (counts["posts"], counts["comments"]) == (3, 3)
    days = await store.rollups.read("all", NOON - 2 * DAY, NOON)
    assert sum(day.whole.posts for day in days) == sum(day.whole.comments for day in days) == 3


async def test_an_existing_file_is_not_overwritten(open_database: Open, tmp_path: Path) -> None:
    settings, store = await open_database()
    await fill(store)
    (tmp_path / "b").write_text("precious")
    with pytest.raises(BackupError, match="exists already"):
        await back_up(settings, tmp_path / "b", progress=ignore)
    assert names(tmp_path) == ["b"]
    assert (tmp_path / "b").read_text() == "precious"


async def test_a_file_made_meanwhile_is_not_overwritten(open_database: Open, tmp_path: Path) -> None:
    settings, store = await open_database()
    await fill(store)
    with pytest.raises(BackupError, match="exists already"):
        await back_up(settings, tmp_path / "b", progress=lambda *_: (tmp_path / "b").touch())
    assert names(tmp_path) == ["b"]


async def test_a_folder_that_is_not_there_is_one_line(open_database: Open, tmp_path: Path) -> None:
    settings, store = await open_database()
    await fill(store)
    with pytest.raises(BackupError, match="No such file"):
        await back_up(settings, tmp_path / "none" / "b", progress=ignore)
    with pytest.raises(BackupError, match="No such file"):
        await restore(settings, tmp_path / "none" / "b", replace=True, progress=ignore)


async def test_an_empty_database_is_not_backed_up(open_database: Open, tmp_path: Path) -> None:
    settings, _ = await open_database(prepare=False)
    with pytest.raises(BackupError, match="empty"):
        await back_up(settings, tmp_path / "b", progress=ignore)
    nowhere = Settings.model_validate({"storage": {"data_dir": tmp_path / "none"}})
    with pytest.raises(BackupError, match="no database in"):
        await back_up(nowhere, tmp_path / "b", progress=ignore)
    assert names(tmp_path) == []


async def test_a_backup_that_fails_leaves_no_file(
    open_database: Open, fail_points: FailPoints, tmp_path: Path
) -> None:
    settings, store = await open_database(options=f"&appName={VICTIM}")
    await fill(store, items=600)
    async with fail_points.failing("getMore", errorCode=2):
        with pytest.raises(ServiceError, match="reading"):
            await back_up(settings, tmp_path / "b", progress=ignore)
    assert names(tmp_path) == []


@pytest.mark.parametrize("error", [{"closeConnection": True}, {"errorCode": 16500}])
async def test_faults_on_the_way_lose_nothing(
    open_database: Open, fail_points: FailPoints, tmp_path: Path, error: dict[str, object]
) -> None:
    settings, store = await open_database(options=f"&appName={VICTIM}")
    await fill(store, items=1200)
    before = await content(store)
    async with fail_points.failing("getMore", times=2, **error):
        await back_up(settings, tmp_path / "b", progress=ignore)
    others, other = await open_database(options=f"&appName={VICTIM}", prepare=False)
    async with fail_points.failing("insert", times=3, **error):
        await restore(others, tmp_path / "b", replace=False, progress=ignore)
    assert await content(other) == before


async def test_documents_written_by_too_few_servers_are_written_again(
    open_database: Open, fail_points: FailPoints, tmp_path: Path
) -> None:
    settings, store = await open_database()
    await fill(store, items=30)
    before = await content(store)
    await back_up(settings, tmp_path / "b", progress=ignore)
    others, other = await open_database(options=f"&appName={VICTIM}", prepare=False)
    slow = {"writeConcernError": {"code": 64, "errmsg": "waiting for replication timed out"}}
    async with fail_points.failing("insert", times=2, **slow):
        await restore(others, tmp_path / "b", replace=False, progress=ignore)
    assert await content(other) == before


async def test_a_restore_that_was_cut_short_is_noticed_and_can_be_repeated(
    backup: Path, open_database: Open, fail_points: FailPoints
) -> None:
    settings, store = await open_database(options=f"&appName={VICTIM}", prepare=False)
    async with fail_points.failing("insert", errorCode=2):
        with pytest.raises(BackupError, match="restore again with --replace"):
            await restore(settings, backup, replace=False, progress=ignore)
    with pytest.raises(StartupError, match="half restored"):
        await store.schema.prepare()
    with pytest.raises(BackupError, match="half restored"):
        await back_up(settings, backup.with_name("b2"), progress=ignore)
    with pytest.raises(BackupError, match="not empty"):
        await restore(settings, backup, replace=False, progress=ignore)
    await restore(settings, backup, replace=True, progress=ignore)
    await store.schema.prepare()
    assert await store.database.collection("state").find_one({"_id": RESTORING}) is None
    assert await store.database.collection("posts").count_documents({}) == 40


async def test_progress_ends_at_the_whole(open_database: Open, tmp_path: Path) -> None:
    settings, store = await open_database()
    await fill(store, items=600)
    told: dict[str, list[tuple[int, int]]] = {}
    watch = lambda what, done, total: told.setdefault(what, []).append((done, total))  # noqa: E731
    await back_up(settings, tmp_path / "b", progress=watch)
    await restore(settings, tmp_path / "b", replace=True, progress=watch)
    assert set(told) == {"backing up", "checking", "restoring"}
    for steps in told.values():
        assert steps == sorted(steps)
        assert steps[-1][0] == steps[-1][1] > 1200
