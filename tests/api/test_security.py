"""Who may do what and how often, and that nobody ever reads a secret."""

import asyncio
import json
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer, make_mocked_request
from yarl import URL

from sentiment_service.api.admin_token import AdminGate
from sentiment_service.api.clients import Clients
from sentiment_service.api.context import Context
from sentiment_service.api.metering import RequestMeter
from sentiment_service.api.pages import setup_pages
from sentiment_service.api.problems import Problem
from sentiment_service.api.protection import PAGE_POLICY
from sentiment_service.api.setup import setup_api
from sentiment_service.config import load_settings
from sentiment_service.errors import ConfigError
from sentiment_service.settings import AdminSettings, ServerSettings
from tests.api.conftest import TOKEN, Client, MakeClient
from tests.serving import environment, serving
from tests.waiting import eventually

COLLECT = "/api/v1/admin/collect"
SCORE = "/api/v1/sentiment/score"
WRONG = "a-token-that-is-not-the-right-one"


def behind_a_proxy(context: Context, **server: object) -> Context:
    """The context for a server whose clients all come through a proxy here."""
    settings = ServerSettings.model_validate({"trusted_proxies": ("127.0.0.0/8",), **server})
    return replace(context, settings=context.settings.model_copy(update={"server": settings}))


async def collect(client: Client, token: str | None, address: str = "198.51.100.1") -> tuple[int, str | None]:
    """Status and ``Retry-After`` of an admin call from some address."""
    headers = {"X-Forwarded-For": address} | ({} if token is None else {"X-Admin-Token": token})
    async with client.post(COLLECT, headers=headers) as response:
        return response.status, response.headers.get("Retry-After")


async def test_who_guesses_tokens_has_to_wait_and_nobody_else(away: Context, make_client: MakeClient) -> None:
    client = await make_client(behind_a_proxy(away))
    assert [(await collect(client, WRONG))[0] for _ in range(10)] == [401] * 10
    status, retry_after = await collect(client, WRONG)
    assert status == 429
    assert retry_after is not None
    assert 0 < int(retry_after) <= 30
    assert (await collect(client, TOKEN))[0] == 429  # guessing on tells nothing
    assert (await collect(client, TOKEN, "198.51.100.2"))[0] == 202
    assert (await collect(client, WRONG))[0] == 429  # somebody else's success forgives nothing


async def test_one_address_has_one_count_whatever_it_says_of_itself(offline: Client) -> None:
    statuses = [(await collect(offline, WRONG, f"198.51.100.{n}"))[0] for n in range(11)]
    assert statuses == [401] * 10 + [429]


async def test_calls_without_a_token_are_no_guesses(offline: Client) -> None:
    assert {(await collect(offline, None))[0] for _ in range(30)} == {401}
    assert (await collect(offline, TOKEN))[0] == 202


async def test_own_success_does_not_forgive_failures(offline: Client) -> None:
    for _ in range(9):
        assert (await collect(offline, WRONG))[0] == 401
        assert (await collect(offline, TOKEN))[0] == 202
    assert (await collect(offline, WRONG))[0] == 401
    assert (await collect(offline, TOKEN))[0] == 429


def test_who_waited_may_try_again() -> None:
    now = [0.0]
    settings = AdminSettings.model_validate({"token": TOKEN, "max_failed_tries": 2}, strict=False)
    gate = AdminGate(settings, Clients(), clock=lambda: now[0])
    guess = make_mocked_request("POST", "/", headers={"X-Admin-Token": WRONG}).clone(remote="10.0.0.1")
    right = make_mocked_request("POST", "/", headers={"X-Admin-Token": TOKEN}).clone(remote="10.0.0.1")
    for _ in range(2):
        with pytest.raises(Problem, match="401"):
            gate.admit(guess)
    with pytest.raises(Problem, match="429") as caught:
        gate.admit(right)
    assert caught.value.headers["Retry-After"] == "150"
    now[0] = 150.0
    gate.admit(right)


async def test_every_call_for_administrators_asks_for_the_token(offline: Client) -> None:
    async with offline.get("/api/v1/openapi.json") as response:
        paths = (await response.json())["paths"]
    calls = [
        (method, re.sub("{.*?}", "x", path))
        for path, methods in paths.items()
        if path.startswith("/api/v1/admin/")
        for method in methods
    ]
    assert len(calls) > 20
    for method, path in calls:
        async with offline.request(method, path, json={}) as response:
            assert response.status == 401, (method, path)
    for method, path in calls[:10]:
        async with offline.request(method, path, headers={"X-Admin-Token": WRONG}) as response:
            assert response.status == 401, (method, path)
    async with offline.request(*calls[-1], headers={"X-Admin-Token": TOKEN}) as response:
        assert response.status == 429, "guesses count whichever call they are made at"


OUTSIDE = (
    "/assets/../../config.py",
    "/assets/%2e%2e/%2e%2e/config.py",
    "/assets/..%2f..%2fconfig.py",
    "/assets/{version}/../../../config.py",
    "/assets/{version}/scripts/%2e%2e/%2e%2e/%2e%2e/config.py",
    "/assets/{version}//etc/passwd",
    "/assets/{version}/index.html",
    "/assets/{version}/docs.css",
    "/assets/{version}/scripts",
    "/assets/{version}/scripts/%00",
    "/assets//scripts/app.js",
)


async def test_the_dashboard_serves_its_own_files_and_nothing_else(away: Context) -> None:
    app = web.Application()
    setup_api(app, away, RequestMeter())
    setup_pages(app)
    async with TestClient(TestServer(app)) as client:
        async with client.get("/") as response:
            assert response.headers["Content-Security-Policy"] == PAGE_POLICY
            found = re.search(r"/assets/([0-9a-f]+)/scripts/\S+\.js", await response.text())
        assert found is not None
        async with client.get(found[0]) as response:
            assert (response.status, "immutable" in response.headers["Cache-Control"]) == (200, True)
        base = str(client.make_url("")).rstrip("/")
        for path in OUTSIDE:
            url = URL(base + path.format(version=found[1]), encoded=True)
            async with client.session.get(url) as response:
                kind = response.content_type
                assert (response.status, kind) == (404, "application/problem+json"), path


async def test_scoring_is_limited_by_address(away: Context, make_client: MakeClient) -> None:
    client = await make_client(behind_a_proxy(away, score_per_minute=5))

    async def score(address: str) -> int:
        headers = {"X-Forwarded-For": address}
        async with client.post(SCORE, json={"texts": []}, headers=headers) as response:
            if response.status == 429:
                assert 0 < int(response.headers["Retry-After"]) <= 12
                assert (await response.json())["status"] == 429
            return response.status

    assert [await score("198.51.100.1") for _ in range(6)] == [200] * 5 + [429]
    assert await score("198.51.100.2") == 200
    assert await score("2001:db8::1") == 200


async def test_a_body_too_large_is_refused_before_it_is_read(offline: Client) -> None:
    headers = {"Content-Length": str(10**12)}
    async with offline.post(SCORE, headers=headers, data=b"{") as response:
        assert response.status == 413


PLANTED = {
    "mongodb__uri": "mongodb://planted-user:planted-password@127.0.0.1:{port}/?serverSelectionTimeoutMS=200",
    "reddit__client_id": "planted-client-id",
    "reddit__client_secret": "planted-client-secret",
    "admin__token": "planted-admin-token-0123456789",
    "llm__api_key": "planted-llm-key",
}


async def test_no_secret_is_ever_in_the_log_an_answer_or_the_description(
    tmp_path: Path, unused_tcp_port_factory: Callable[[], int]
) -> None:
    nobody = unused_tcp_port_factory()
    values = {name: value.format(port=nobody) for name, value in PLANTED.items()}
    env = environment(
        **values,
        llm__enabled="true",
        llm__base_url=f"http://127.0.0.1:{nobody}/v1",
        llm__mode="all",
        llm__model="small",
        reddit__oauth_url=f"http://127.0.0.1:{nobody}",
        reddit__reddit_url=f"http://127.0.0.1:{nobody}",
        schedule__collect_on_start_seconds=0,
        mongodb__timeout_seconds=0.2,
        mongodb__retry_deadline_seconds=0,
        server__shutdown_seconds=1,
        storage__data_dir=tmp_path / "data",
        server__port=0,
        logging__level="debug",
    )
    answers: list[str] = []
    async with serving("serve", env=env, cwd=tmp_path) as service:
        address = service.url.removeprefix("http://").split(":")
        token = {"X-Admin-Token": values["admin__token"]}

        async def keep(method: str, path: str, **kwargs: object) -> None:
            async with service.http.request(method, service.url + path, **kwargs) as answer:  # type: ignore[arg-type]
                answers.append(f"{answer.headers}\n{await answer.text()}")

        async with service.http.get(service.url + "/api/v1/openapi.json") as answer:
            document = json.loads(await answer.text())
            answers.append(json.dumps(document))
        for path, methods in document["paths"].items():
            if not path.endswith("/events"):
                for method in methods:
                    await keep(method, path.replace("{id}", "x"), headers=token)
                    await keep(method, path.replace("{id}", "x"), headers={"X-Admin-Token": "planted-guess"})
        await keep("POST", SCORE, json={"texts": ["what a planter"]})
        assert '"scores"' in answers[-1]
        for broken in (b"\x00", b"x" * 10_000):
            reader, writer = await asyncio.open_connection(address[0], int(address[1]))
            writer.write(
                b"GET / HTTP/1.1\r\nX-Admin-Token: planted-admin-token-0123456789" + broken + b"\r\n\r\n"
            )
            answers.append((await asyncio.wait_for(reader.read(), 20)).decode())
            writer.close()
        log = service.log

        async def heard() -> bool:
            return "database" in await asyncio.to_thread(log.read_text)

        await eventually(heard)
        await service.stop()
    everything = "\n".join([*answers, log.read_text()])
    assert len(answers) > 30
    for secret in (*values.values(), "planted"):
        assert secret not in everything


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("CORS_ORIGINS", "*", "never *"),
        ("CORS_ORIGINS", "https://example.org/path", "without a path"),
        ("CORS_ORIGINS", "null", "an origin"),
        ("TRUSTED_PROXIES", "10.0.0.1/8", "a network"),
        ("TRUSTED_PROXIES", "proxy.example.org", "a network"),
    ],
)
def test_origins_and_networks_that_are_none_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, text: str, message: str
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ConfigError, match=re.escape(message)):
        load_settings(environment={f"SENTIMENT_SERVER__{name}": text})


def test_origins_and_networks_are_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    environment = {
        "SENTIMENT_SERVER__CORS_ORIGINS": "https://Board.example.org, http://localhost:3000",
        "SENTIMENT_SERVER__TRUSTED_PROXIES": "10.0.0.0/8, ::1",
    }
    server = load_settings(environment=environment).settings.server
    assert server.cors_origins == ("https://board.example.org", "http://localhost:3000")
    assert server.trusted_proxies == ("10.0.0.0/8", "::1/128")
