"""The doctor: sees what is wrong, says what to do, changes nothing, tells no secret, and ends in time."""

import asyncio
import json
import socket
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from aiohttp import web
from pydantic import SecretStr

from sentiment_service.demo.data_folder import DataFolder
from sentiment_service.demo.embedded import EmbeddedDatabase
from sentiment_service.demo.lookalike import LookalikeOptions
from sentiment_service.demo.lookalike import serving as serving_app
from sentiment_service.doctor import examination
from sentiment_service.doctor import scoring as doctor_scoring
from sentiment_service.doctor.database import clock, look_at_database
from sentiment_service.doctor.findings import Finding, exit_code
from sentiment_service.doctor.language_model import look_at_language_model
from sentiment_service.doctor.machine import addresses_of, holder_of, look_at_disk
from sentiment_service.doctor.reddit import look_at_reddit
from sentiment_service.doctor.scoring import look_at_scoring
from sentiment_service.doctor.service import findings_on, health_of, look_at_port
from sentiment_service.models import Label, Sentiment, utc_now
from sentiment_service.scoring.worker import ScoringWorker
from sentiment_service.settings import LlmSettings, ScoringSettings, ServerSettings, Settings
from sentiment_service.store.migrations import RESTORING
from sentiment_service.store.stores import Store
from tests.backup.conftest import Open, content, fill, names
from tests.backup.conftest import fail_points as fail_points
from tests.backup.conftest import open_database as open_database
from tests.plugins.lookalike import StartLookalike
from tests.scoring.language_model import LanguageModel, completion, item
from tests.serving import environment, run, serving
from tests.store.faults import VICTIM, FailPoints

SMALL = LookalikeOptions(posts=3, comments=3, new_per_minute=0)
SECRETS = {
    "reddit__client_id": "id-0f8e7d",
    "reddit__client_secret": "secret-0f8e7d",
    "admin__token": "token-of-16-chars-0f8e7d",
    "mongodb__uri": "mongodb://someone:password-0f8e7d@127.0.0.1:9/?serverSelectionTimeoutMS=200",
}


async def seen(findings: AsyncIterator[Finding]) -> dict[str, Finding]:
    """The worst finding on each subject."""
    found: dict[str, Finding] = {}
    order = ("ok", "warning", "problem")
    async for finding in findings:
        held = found.get(finding.subject, finding)
        found[finding.subject] = max(held, finding, key=lambda one: order.index(one.level))
    return found


def levels(found: dict[str, Finding]) -> dict[str, str]:
    """How bad each subject is."""
    return {subject: finding.level for subject, finding in found.items()}


# --- as a person runs it -------------------------------------------------------------------------


async def test_the_demo_path_is_well_and_nothing_is_left_behind(tmp_path: Path) -> None:
    env = environment(server__port=0)
    code, out, err = await run("doctor", "--demo", env=env, cwd=tmp_path)
    assert (code, err) == (0, ""), out
    lines = out.splitlines()
    assert {line.split()[0] for line in lines} == {"ok"}
    assert {line.split()[1] for line in lines} == {
        *(
            "settings",
            "port",
            "disk",
            "scoring",
            "database",
            "clock",
            "schema",
            "indexes",
            "writing",
            "reddit",
        )
    }
    assert names(tmp_path) == []


async def test_wrong_settings_are_2_with_a_line_for_each_mistake(tmp_path: Path) -> None:
    env = environment(server__port="x", reddit__unknown=1)
    code, out, err = await run("doctor", env=env, cwd=tmp_path)
    assert (code, err, len(out.splitlines())) == (2, "", 2)
    code, out, _ = await run("doctor", "--json", env=env, cwd=tmp_path)
    assert code == 2
    assert [each["level"] for each in json.loads(out)["findings"]] == ["problem", "problem"]


async def test_everything_wrong_is_told_at_once_without_a_secret(tmp_path: Path) -> None:
    gone = {"reddit__oauth_url": "http://127.0.0.1:9", "reddit__reddit_url": "http://127.0.0.1:9"}
    env = environment(**(SECRETS | gone | {"server__host": "192.0.2.1"}))
    code, out, err = await run("doctor", "--json", env=env, cwd=tmp_path)
    findings = json.loads(out)["findings"]
    assert (code, err) == (1, "")
    problems = {each["subject"] for each in findings if each["level"] == "problem"}
    assert problems == {"database", "reddit", "port"}
    assert all(each["advice"] for each in findings if each["level"] != "ok")
    assert "0f8e7d" not in out + err
    assert names(tmp_path) == []


async def test_a_running_service_is_asked_instead_of_disturbed(
    tmp_path: Path, lookalike: StartLookalike
) -> None:
    reddit = await lookalike(SMALL)
    env = environment(
        reddit__oauth_url=reddit.url,
        reddit__reddit_url=reddit.url,
        reddit__client_id="id",
        reddit__client_secret="secret",
        reddit__username="somebody",
        storage__data_dir=tmp_path / "data",
        server__port=0,
    )
    async with serving("serve", env=env, cwd=tmp_path) as service:
        await service.settled()
        code, out, _ = await run("doctor", env=env, cwd=tmp_path)
        assert code == 0, out
        assert f"runs as process {service.process.pid} and is healthy" in out
        assert "the service reads it in" in out
        # Found at the port of the settings as well.
        port = service.url.rpartition(":")[2]
        code, out, _ = await run("doctor", env=env | {"SENTIMENT_SERVER__PORT": port}, cwd=tmp_path)
        assert code == 0, out
        assert out.count(f"process {service.process.pid}") == 1
        assert (await service.get("health"))[0] == 200
        health = await health_of(service.process.pid)
        assert health is not None
        assert health["process"]["pid"] == service.process.pid


# --- the database --------------------------------------------------------------------------------


async def test_a_good_database_is_well_and_left_as_it_was(open_database: Open) -> None:
    settings, store = await open_database()
    await fill(store)
    before = await content(store)
    found = await seen(look_at_database(settings))
    assert set(levels(found).values()) == {"ok"}
    assert await content(store) == before


async def test_an_empty_database_stays_empty(open_database: Open) -> None:
    settings, store = await open_database(prepare=False)
    found = await seen(look_at_database(settings))
    assert levels(found)["indexes"] == "ok"
    assert await content(store) == {}
    assert await store.database.collection("state").database.list_collection_names() == []


async def test_an_embedded_database_that_exists_is_looked_into(tmp_path: Path) -> None:
    settings = Settings.model_validate({"storage": {"data_dir": tmp_path}})
    embedded = EmbeddedDatabase(tmp_path, cache_mb=64)
    await embedded.start()
    in_use = await seen(look_at_database(settings))
    await embedded.close()
    assert levels(in_use) == {"database": "problem"}
    assert "in use by another sentiment_service" in in_use["database"].seen
    found = await seen(look_at_database(settings))
    assert set(levels(found).values()) == {"ok"}
    assert holder_of(tmp_path) is None


async def spoil_indexes(store: Store) -> None:
    """Take indexes away."""
    await store.database.collection("posts").drop_indexes()
    await store.database.collection("cycles").drop()


async def make_newer(store: Store) -> None:
    """Have a schema version of the future."""
    await store.database.collection("state").update_one({"_id": "schema"}, {"$set": {"version": 99}})


async def make_older(store: Store) -> None:
    """Have a schema version of the past."""
    await store.database.collection("state").update_one({"_id": "schema"}, {"$set": {"version": 0}})


async def half_restore(store: Store) -> None:
    """Look as after a restore that was cut short."""
    await store.database.collection("state").insert_one({"_id": RESTORING})


@pytest.mark.parametrize(
    ("spoil", "subject", "level", "words"),
    [
        (spoil_indexes, "indexes", "warning", "of posts"),
        (make_newer, "schema", "problem", "supports up to"),
        (make_older, "schema", "warning", "becomes"),
        (half_restore, "schema", "problem", "restore FILE --replace"),
    ],
)
async def test_what_is_wrong_inside_is_seen(
    open_database: Open, spoil: Callable[[Store], Awaitable[None]], subject: str, level: str, words: str
) -> None:
    settings, store = await open_database()
    await spoil(store)
    found = await seen(look_at_database(settings))
    assert {name: one for name, one in levels(found).items() if one != "ok"} == {subject: level}
    assert words in found[subject].line


@pytest.mark.parametrize(
    ("commands", "code", "subject", "words"),
    [
        (("update",), 13, "writing", "readWrite"),
        (("find",), 18, "database", "user and password"),
        (("update",), 16500, "writing", "request units"),
        (("update",), 2, "writing", "do not trust"),
        (("buildInfo",), 2, "database", "server logs"),
    ],
)
async def test_what_the_server_refuses_is_explained(
    open_database: Open,
    fail_points: FailPoints,
    commands: tuple[str, ...],
    code: int,
    subject: str,
    words: str,
) -> None:
    settings, store = await open_database(options=f"&appName={VICTIM}")
    quick = settings.mongodb.model_copy(update={"retry_deadline_seconds": 0.0})
    before = await content(store)
    async with fail_points.failing(*commands, errorCode=code):
        found = await seen(look_at_database(settings.model_copy(update={"mongodb": quick})))
    assert found[subject].level == "problem"
    assert words in found[subject].line
    assert await content(store) == before


async def test_a_document_that_cannot_be_read_back_is_removed_all_the_same(
    open_database: Open, fail_points: FailPoints
) -> None:
    settings, store = await open_database(options=f"&appName={VICTIM}")
    # The reads before the one of the scratch document pass.
    async with fail_points.failing("find", skip=4, errorCode=2):
        await seen(look_at_database(settings))
    assert await store.database.collection("state").count_documents({"text": {"$exists": True}}) == 0


async def test_an_address_nobody_listens_at_is_a_problem() -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        uri = f"mongodb://127.0.0.1:{probe.getsockname()[1]}/?serverSelectionTimeoutMS=200"
    settings = Settings.model_validate({"mongodb": {"uri": uri}})
    found = await seen(look_at_database(settings))
    assert levels(found) == {"database": "problem"}
    assert "firewall" in found["database"].advice


@pytest.mark.parametrize(
    ("ahead_s", "level", "words"),
    [(0.4, "ok", "0.4"), (-1.9, "ok", "agrees"), (3, "warning", "ahead of"), (-60, "problem", "behind")],
)
def test_clocks_that_differ_are_told(ahead_s: float, level: str, words: str) -> None:
    finding = clock("database", ahead_s)
    assert finding.level == level
    assert words in finding.seen


# --- Reddit --------------------------------------------------------------------------------------


async def examined(settings: dict[str, Any], url: str) -> dict[str, Finding]:
    """What is found at a look-alike."""
    values = {"client_id": "id", "client_secret": "secret", "username": "somebody", "oauth_url": url}
    reddit = Settings.model_validate({"reddit": values | {"reddit_url": url} | settings}).reddit
    return await seen(look_at_reddit(reddit, demo=False))


async def test_a_reddit_that_lets_us_in_is_well(lookalike: StartLookalike) -> None:
    found = await examined({}, (await lookalike(SMALL)).url)
    assert levels(found) == {"reddit": "ok", "clock": "ok"}
    assert "requests are left" in found["reddit"].seen


@pytest.mark.parametrize(
    ("options", "level", "words"),
    [
        ({"client_id": "another"}, "problem", "approval"),
        ({"private": ("Cursor",)}, "warning", "take it out"),
        ({"banned": ("Cursor",)}, "warning", "take it out"),
        ({"quarantined": ("Cursor",)}, "warning", "take it out"),
        ({"subreddits": ("aws",)}, "warning", "spelling"),
        ({"rate_limit": 3}, "warning", "give each its own"),
        ({"latency_ms": 30_000.0}, "problem", "firewall"),
    ],
    ids=lambda value: next(iter(value)) if isinstance(value, dict) else "",
)
async def test_each_refusal_is_explained(
    lookalike: StartLookalike, options: dict[str, Any], level: str, words: str
) -> None:
    reddit = await lookalike(LookalikeOptions(**({"posts": 3, "comments": 3, "new_per_minute": 0} | options)))
    limits = {"request_timeout_seconds": 0.5, "request_deadline_seconds": 0.6}
    found = await examined(limits if "latency_ms" in options else {}, reddit.url)
    assert found["reddit"].level == level
    assert words in found["reddit"].advice


async def test_a_page_instead_of_reddit_is_a_problem() -> None:
    async def page(request: web.Request) -> web.Response:
        return web.Response(text="<html>Sign in</html>", content_type="text/html")

    app = web.Application()
    app.router.add_route("*", "/{path:.*}", page)
    async with serving_app(app) as url:
        found = await examined({"request_deadline_seconds": 0.5, "request_timeout_seconds": 0.5}, url)
    assert found["reddit"].level == "problem"
    assert "proxy" in found["reddit"].advice


async def test_without_credentials_it_says_how_to_get_them() -> None:
    found = await seen(look_at_reddit(Settings().reddit, demo=False))
    assert levels(found) == {"reddit": "problem"}
    assert "requires approval" in found["reddit"].advice


async def test_a_user_agent_without_a_name_is_a_warning(lookalike: StartLookalike) -> None:
    found = await examined({"username": "unknown"}, (await lookalike(SMALL)).url)
    assert found["reddit"].level == "warning"
    assert "reddit.username" in found["reddit"].advice


# --- scoring -------------------------------------------------------------------------------------


async def test_the_worker_is_started_and_measured() -> None:
    found = await seen(look_at_scoring(ScoringSettings()))
    assert levels(found)["scoring"] != "problem"
    assert found["scoring"].seen.startswith("reddit@")
    assert "texts a second" in found["scoring"].seen


async def test_a_worker_that_cannot_start_is_a_problem(monkeypatch: pytest.MonkeyPatch) -> None:
    broken = partial(ScoringWorker, scorer="tests.scoring.nothing:There")
    monkeypatch.setattr(doctor_scoring, "ScoringWorker", broken)
    found = await seen(look_at_scoring(ScoringSettings()))
    assert levels(found) == {"scoring": "problem"}


def test_scores_that_cannot_be_right_are_a_warning() -> None:
    neutral = Sentiment(Label.NEUTRAL, 0.0, 0.0, 0.5, "x", utc_now())
    assert doctor_scoring._judged(None, 1, 1000).level == "warning"
    assert "positive_from" in doctor_scoring._judged(neutral, 1, 1000).advice
    positive = Sentiment(Label.POSITIVE, 0.9, 0.5, 0.9, "x", utc_now())
    assert doctor_scoring._judged(positive, 1, 5).level == "warning"
    assert doctor_scoring._judged(positive, 1, 5000).level == "ok"


# --- the language model --------------------------------------------------------------------------


async def asked(url: str, **settings: object) -> Finding:
    """What is found of a language model."""
    chosen = {"enabled": True, "base_url": url, "model": "tiny:1b", "api_key": SecretStr("key-0f8e7d")}
    found = await seen(look_at_language_model(LlmSettings.model_validate(chosen | settings)))
    assert "0f8e7d" not in found["llm"].line
    return found["llm"]


async def test_a_language_model_that_is_to_be_asked_is_tried() -> None:
    assert await seen(look_at_language_model(LlmSettings())) == {}
    model = LanguageModel()
    async with model.server:
        found = await asked(model.url)
        assert (found.level, "tiny:1b calls" in found.seen) == ("ok", True)
        assert model.headers[0]["Authorization"] == "Bearer key-0f8e7d"
        model.says(completion({"items": [item(0, label="negative", polarity=-0.75)]}))
        assert (await asked(model.url)).level == "warning"
        model.says(completion({"items": []}))
        assert "no verdict" in (await asked(model.url)).seen
        model.says(b"<html>")
        assert "JSON schema" in (await asked(model.url)).advice
        model.says(b"", status=401)
        assert "llm.api_key" in (await asked(model.url)).advice
        model.answering = model.hang
        assert "in time" in (await asked(model.url, timeout_seconds=0.05)).seen
    assert "llm.base_url" in (await asked("http://127.0.0.1:9/v1")).advice


# --- the machine ---------------------------------------------------------------------------------


@pytest.mark.parametrize(("free_mb", "level"), [(10, "problem"), (500, "warning"), (5000, "ok")])
def test_a_disk_that_fills_up_is_seen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, free_mb: int, level: str
) -> None:
    monkeypatch.setattr("shutil.disk_usage", lambda path: SimpleNamespace(free=free_mb * 2**20))
    (tmp_path / "file").write_text("x")
    assert look_at_disk(tmp_path).level == level
    assert look_at_disk(tmp_path / "not" / "there").level == level


def test_a_folder_that_may_not_be_written_is_a_problem(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("os.access", lambda path, mode: False)
    assert look_at_disk(tmp_path).level == "problem"


def test_who_holds_a_data_folder_is_known(tmp_path: Path) -> None:
    assert holder_of(tmp_path) is None
    folder = DataFolder(tmp_path)
    folder.take()
    assert holder_of(tmp_path) not in (None, 0)
    folder.give_back()
    assert holder_of(tmp_path) is None
    assert addresses_of(2**22 + 1) == []


async def test_a_port_another_program_has_is_a_problem() -> None:
    async with serving_app(web.Application()) as url:
        port = int(url.rpartition(":")[2])
        taken = Settings(server=ServerSettings(port=port))
        found, health = await look_at_port(taken)
        assert (found[0].level, health) == ("problem", None)
        assert "server.port" in found[0].advice
    found, _ = await look_at_port(taken)
    assert found[0].level == "ok"
    found, _ = await look_at_port(Settings(server=ServerSettings(host="192.0.2.1")))
    assert "cannot be listened on" in found[0].seen


async def test_a_folder_held_by_a_process_that_does_not_answer_is_a_warning(tmp_path: Path) -> None:
    settings = Settings.model_validate({"storage": {"data_dir": tmp_path}})
    for holder in (0, 2**22 + 1):
        found = await examination._running(settings, holder, None)
        assert [one.level for one in found] == ["warning"]


def test_what_a_running_service_says_of_itself_is_passed_on() -> None:
    health = {
        "status": "unhealthy",
        "version": "1",
        "process": {"pid": 7},
        "database": {"connected": False, "latency_ms": None},
        "reddit": {"ok": False},
        "scoring": {"worker_alive": False},
    }
    found = {one.subject: one.level for one in findings_on(health)}
    assert found == {"service": "problem", "database": "problem", "reddit": "warning", "scoring": "problem"}


# --- limits --------------------------------------------------------------------------------------


async def test_a_check_that_hangs_is_cut_off_and_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(examination, "CLOSING_S", 0.05)
    ended = asyncio.Event()

    async def hang(*, also_at_the_end: bool) -> AsyncGenerator[Finding]:
        try:
            yield Finding("ok", "x", "begun")
            await asyncio.Event().wait()
        finally:
            if also_at_the_end:
                await asyncio.Event().wait()
            ended.set()

    found = await examination._limited("x", hang(also_at_the_end=False), 0.05)
    assert [one.level for one in found] == ["ok", "problem"]
    assert ended.is_set()
    found = await examination._limited("x", hang(also_at_the_end=True), 0.05)
    assert [one.level for one in found] == ["ok", "problem"]


def test_all_limits_together_are_below_half_a_minute() -> None:
    last = max(examination.REDDIT_S, examination.DATABASE_S) + examination.CLOSING_S
    assert examination.SCORING_S + examination.CLOSING_S + last < 30


def test_a_problem_is_1_and_a_line_is_one_line() -> None:
    warning, problem = Finding("warning", "x", "a\nb", "c\nd"), Finding("problem", "x", "y")
    assert (exit_code([warning]), exit_code([warning, problem])) == (0, 1)
    assert "\n" not in warning.line
