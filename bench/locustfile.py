"""People reading the service: ``locust -f bench/locustfile.py --host http://127.0.0.1:8000 --headless``.

Fifty users, ten more a second, for a minute unless told otherwise (``-u``, ``-r``, ``-t``). At the end it
judges, and locust exits with 1 when something is not as it should be: a failed request or a 5xx, a health
answer of a second or more, data calls of 3 s or more at the 95th percentile or 2 s or more on average, or a
collection that ran meanwhile and did not end well.
"""

import json
import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

import requests
from locust import FastHttpUser, between, events, task
from locust.env import Environment

API = "/api/v1"
HEALTH = f"{API}/health"
HEALTH_LIMIT_S, P95_LIMIT_S, MEAN_LIMIT_S = 1.0, 3.0, 2.0
COLLECTION_LIMIT_S = 300


class Reader(FastHttpUser):
    """Looks at figures, posts and topics, and now and then at how the service is."""

    wait_time = between(0.5, 2.0)

    @task(5)
    def health(self) -> None:
        """How is it?"""
        self.client.get(HEALTH, name=HEALTH)

    @task(3)
    def stats(self) -> None:
        """What do people feel?"""
        self._read("/sentiment/stats?hours=24")

    @task(2)
    def recent_posts(self) -> None:
        """What was said?"""
        self._read("/posts/recent?limit=20")

    @task(2)
    def trending(self) -> None:
        """What do many talk about?"""
        self._read("/trending?limit=20")

    @task(1)
    def subreddits(self) -> None:
        """What is watched?"""
        self._read("/subreddits")

    def _read(self, path: str) -> None:
        self.client.get(API + path, name=API + path.partition("?")[0])


class Watch:
    """Remembers every answer of a run, and judges it."""

    def __init__(self) -> None:
        self.seconds: dict[str, list[float]] = {}
        self.failures: dict[str, int] = {}
        self.server_errors = 0
        self.began = time.time()

    def begin(self) -> None:
        """Forget what was before, such as an earlier run in the same process."""
        self.seconds.clear()
        self.failures.clear()
        self.server_errors = 0
        self.began = time.time()

    def note(self, name: str, seconds: float, status: int, error: BaseException | None) -> None:
        """One answer."""
        self.seconds.setdefault(name, []).append(seconds)
        if error is not None or status >= 400 or status == 0:
            self.failures[name] = self.failures.get(name, 0) + 1
        self.server_errors += status >= 500

    def misses(self, collections: list[dict[str, Any]]) -> list[str]:
        """What is not as it should be, one line each."""
        found = [f"{count} requests of {name} failed" for name, count in self.failures.items()]
        if not self.seconds:
            found.append("nothing was answered")
        if self.server_errors:
            found.append(f"{self.server_errors} answers were 5xx")
        slowest = max(self.seconds.get(HEALTH, [0.0]))
        if slowest >= HEALTH_LIMIT_S:
            found.append(f"the slowest health answer took {slowest:.2f} s")
        for name, taken in self.seconds.items():
            ordered = sorted(taken)
            p95, mean = ordered[int(0.95 * (len(ordered) - 1))], sum(ordered) / len(ordered)
            if name != HEALTH and (p95 >= P95_LIMIT_S or mean >= MEAN_LIMIT_S):
                found.append(f"{name}: p95 {p95:.2f} s, mean {mean:.2f} s")
        bad = [cycle for cycle in collections if cycle["status"] != "completed" or cycle["errors"]]
        return found + [f"collection {cycle['id']} is {cycle['status']}: {cycle['errors']}" for cycle in bad]


watch = Watch()


def collections_since(host: str, began: float) -> list[dict[str, Any]]:
    """Collections that ran at any time since then; waits, with a limit, for one that still runs."""
    deadline = time.monotonic() + COLLECTION_LIMIT_S
    while True:
        answer = requests.get(f"{host.rstrip('/')}{API}/cycles?limit=20", timeout=30)
        answer.raise_for_status()
        cycles: list[dict[str, Any]] = answer.json()["cycles"]
        running = any(cycle["status"] == "running" for cycle in cycles)
        if not running or time.monotonic() > deadline:
            since = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(began))
            return [cycle for cycle in cycles if cycle["end_time"] is None or cycle["end_time"] >= since]
        time.sleep(0.5)


@events.init_command_line_parser.add_listener
def add_options(parser: ArgumentParser) -> None:
    """Our usual values, and where to put what was measured."""
    parser.set_defaults(num_users=50, spawn_rate=10, run_time="60s")
    parser.add_argument("--judgement", default="", help="file for latencies and judgement, as JSON")


@events.test_start.add_listener
def begin(**_: object) -> None:
    """A run begins: what was seen before does not count."""
    watch.begin()


@events.request.add_listener
def note(
    name: str, response_time: float, response: Any, exception: BaseException | None, **_: object
) -> None:
    """Locust tells of an answer; its times are in milliseconds."""
    status = getattr(response, "status_code", 0) or 0
    watch.note(name, response_time / 1000, status, exception)


@events.quitting.add_listener
def judge(environment: Environment, **_: object) -> None:
    """Say what is not as it should be, and make locust exit accordingly."""
    collections: list[dict[str, Any]] = []
    misses: list[str] = []
    try:
        collections = collections_since(environment.host or "", watch.began)
    except requests.RequestException as error:
        misses.append(f"the collections could not be read: {error}")
    misses += watch.misses(collections)
    for miss in misses:
        print(f"MISSED  {miss}")
    verdict = f"{len(misses)} misses" if misses else "everything is as it should be"
    print(f"{len(collections)} collections ran meanwhile; {verdict}")
    environment.process_exit_code = int(bool(misses))
    options = environment.parsed_options
    if options is not None and options.judgement:
        health = {"path": HEALTH, "slowest_s": HEALTH_LIMIT_S}
        data = {"p95_s": P95_LIMIT_S, "mean_s": MEAN_LIMIT_S}
        kept = {
            "misses": misses,
            "seconds": watch.seconds,
            "collections": collections,
            "health": health,
            "data": data,
        }
        Path(options.judgement).write_text(json.dumps(kept))
