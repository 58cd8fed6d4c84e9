"""The command line: ``python -m sentiment_service COMMAND``, or ``sentiment-service COMMAND``.

Exit codes: 0 done, 1 failed or could not start, 2 wrong settings or arguments, 130 interrupted.
"""

import argparse
import asyncio
import json
import signal
import sys
from collections.abc import Callable, Coroutine, Mapping, Sequence
from dataclasses import asdict
from datetime import timedelta
from typing import Any, NoReturn, TypeVar

from tqdm import tqdm

from sentiment_service.app import collect_once, reanalyze_once, serve
from sentiment_service.backup import back_up, restore
from sentiment_service.command_line import parser
from sentiment_service.config import LoadedSettings, describe, load_settings
from sentiment_service.demo import arguments as demo_arguments
from sentiment_service.demo.lookalike import serve_lookalike
from sentiment_service.doctor.examination import examine
from sentiment_service.doctor.findings import Finding, exit_code
from sentiment_service.errors import ConfigError, EvaluationError, ServiceError
from sentiment_service.evaluation import command as evaluation
from sentiment_service.evaluation.drawing import draw, ensure_drawing
from sentiment_service.evaluation.report import tables
from sentiment_service.logs import set_up_logging
from sentiment_service.models import Cycle
from sentiment_service.reanalysis import ReanalysisJob, ReanalysisParameters
from sentiment_service.resources import demo_world
from sentiment_service.scoring.scorer import SCORERS
from sentiment_service.settings import LoggingSettings, Settings

try:
    import uvloop
except ImportError:  # not made for this platform
    uvloop = None  # type: ignore[assignment]

T = TypeVar("T")

NO_CREDENTIALS = """\
No Reddit credentials are set, so there is nothing to collect from.

  Try it without any:   sentiment-service serve --demo
  With Reddit:          create a "script" app at https://www.reddit.com/prefs/apps, then set
                        SENTIMENT_REDDIT__CLIENT_ID, SENTIMENT_REDDIT__CLIENT_SECRET and
                        SENTIMENT_REDDIT__USERNAME (your account's name, for the user agent).
                        Reddit requires approval of API access beforehand (its Responsible Builder
                        Policy) and has announced the end of its public Data API for March 2027.
"""


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command; returns the exit code."""
    arguments = parser().parse_args(argv)
    try:
        code = COMMANDS[arguments.command](arguments)
    except (ConfigError, EvaluationError) as error:
        print(error, file=sys.stderr)
        return 2
    except ServiceError as error:
        print(f"sentiment_service: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    return code


def _serve(arguments: argparse.Namespace) -> int:
    given = {"server.host": arguments.host, "server.port": arguments.port}
    settings = _settings(arguments, {key: value for key, value in given.items() if value is not None})
    _run(serve(settings, demo=_demo(arguments, settings)))
    return 0


def _collect(arguments: argparse.Namespace) -> int:
    settings = _settings(arguments, {})
    seen: list[Cycle] = []
    with tqdm(total=100, unit="%", disable=None, bar_format="{l_bar}{bar}| {elapsed} {postfix}") as bar:

        def show(cycle: Cycle) -> None:
            seen[:] = [cycle]
            bar.set_postfix_str(
                f"{cycle.posts_collected} posts, {cycle.comments_collected} comments", refresh=False
            )
            bar.update(cycle.percentage - bar.n)

        work = collect_once(settings, demo=_demo(arguments, settings), progress=show)
        try:
            cycle = _run(_until_terminated(work))
        except (ServiceError, TimeoutError, asyncio.CancelledError) as error:
            summary = _summary(seen[0]) if seen else {"status": "failed", "errors": []}
            print(json.dumps(summary | {"failure": str(error) or "it was stopped"}, indent=2))
            return 1
    print(json.dumps(_summary(cycle), indent=2))
    return 0 if cycle.status in ("completed", "partial") else 1


def _reanalyze(arguments: argparse.Namespace) -> int:
    settings = _database_settings(arguments)
    parameters = ReanalysisParameters(
        start=arguments.start,
        end=None if arguments.end is None else arguments.end + timedelta(days=1),
        tool_ids=tuple(arguments.tools),
        batch_size=settings.reanalysis.batch_size,
    )
    with _Bars() as bars:

        def show(job: ReanalysisJob) -> None:
            bars.show("reanalysis", job.tallied.processed, max(job.total, job.tallied.processed))

        try:
            job = _run(_until_terminated(reanalyze_once(settings, parameters, progress=show)))
        except asyncio.CancelledError:
            print("sentiment_service: it was stopped; run it again to go on", file=sys.stderr)
            return 1
    figures = asdict(job.tallied) | {"id": job.id, "status": job.status, "failure": job.failure}
    print(json.dumps(figures, indent=2))
    return 0 if job.status == "completed" else 1


async def _until_terminated(work: Coroutine[Any, Any, T]) -> T:
    """Run to the end, or until SIGTERM cancels it, so that everything is closed and recorded."""
    task = asyncio.ensure_future(work)
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)
    return await task


def _demo(arguments: argparse.Namespace, settings: Settings) -> list[str] | None:
    """Arguments of the look-alike, or none for Reddit itself."""
    return demo_world(settings.storage.data_dir) if arguments.demo else None


def _doctor(arguments: argparse.Namespace) -> int:
    try:
        loaded = _loaded(arguments, {})
    except ConfigError as error:
        problems = [Finding("problem", "settings", line) for line in error.problems]
        _report(arguments, problems)
        return 2
    set_up_logging(LoggingSettings(level="error"))
    return exit_code(_run(_examine(arguments, loaded)))


async def _examine(arguments: argparse.Namespace, loaded: LoadedSettings) -> list[Finding]:
    findings: list[Finding] = []
    async for finding in examine(loaded, demo=arguments.demo):
        findings.append(finding)
        if not arguments.json:
            print(finding.line, flush=True)
    if arguments.json:
        _report(arguments, findings)
    return findings


def _report(arguments: argparse.Namespace, findings: Sequence[Finding]) -> None:
    if arguments.json:
        print(
            json.dumps({"findings": [asdict(finding) for finding in findings]}, indent=2, ensure_ascii=False)
        )
    else:
        print("\n".join(finding.line for finding in findings))


def _backup(arguments: argparse.Namespace) -> int:
    settings = _database_settings(arguments)
    with _Bars() as bars:
        counts = _run(back_up(settings, arguments.file, progress=bars.show))
    print(f"{sum(counts.values()):,} documents are in {arguments.file}")
    return 0


def _restore(arguments: argparse.Namespace) -> int:
    settings = _database_settings(arguments)
    with _Bars() as bars:
        counts = _run(restore(settings, arguments.file, replace=arguments.replace, progress=bars.show))
    print(f"{sum(counts.values()):,} documents were restored from {arguments.file}")
    return 0


def _evaluate(arguments: argparse.Namespace) -> int:
    if arguments.png is not None:
        ensure_drawing()
    for file in (arguments.json, arguments.png):
        if file is not None:
            evaluation.ensure_writable(file)
    settings, scorers = _load(arguments, {}).settings, arguments.scorers or list(SCORERS)
    with _Bars(" texts") as bars:
        found = evaluation.evaluate(
            arguments.file,
            scorers,
            settings,
            limit=arguments.limit,
            markdown=not arguments.plain,
            progress=bars.show,
        )
    print(tables(found))
    if arguments.json is not None:
        evaluation.write_json(found, arguments.json)
    if arguments.png is not None:
        draw(found, arguments.png)
    return 0


class _Bars:
    """One progress bar for each thing that is done, on a terminal; a context."""

    def __init__(self, unit: str = " documents") -> None:
        self._unit = unit
        self._bar: tqdm[NoReturn] | None = None
        self._what = ""

    def __enter__(self) -> "_Bars":
        return self

    def __exit__(self, *failure: object) -> None:
        if self._bar is not None:
            self._bar.close()

    def show(self, what: str, done: int, total: int) -> None:
        """So many are done with."""
        if self._bar is None or what != self._what:
            self.__exit__()
            self._bar = tqdm(desc=what, unit=self._unit, disable=None)
            self._what = what
        self._bar.total = total
        self._bar.update(done - self._bar.n)


def _demo_reddit(arguments: argparse.Namespace) -> int:
    options = demo_arguments.options_from(arguments)
    _run(serve_lookalike(options, arguments.host, arguments.port))
    return 0


def _show_config(arguments: argparse.Namespace) -> int:
    rows = describe(_load(arguments, {}))
    width = max(len(f"{key} = {value}") for key, value, _ in rows if len(value) < 60)
    for key, value, origin in rows:
        print(f"{f'{key} = {value}':<{width}}  # {origin}")
    return 0


def _load(arguments: argparse.Namespace, given: dict[str, object]) -> LoadedSettings:
    loaded = load_settings(arguments.config, overrides=given)
    set_up_logging(loaded.settings.logging)
    return loaded


def _settings(arguments: argparse.Namespace, given: dict[str, object]) -> Settings:
    """The settings of a command that collects; with ``--demo`` they keep away from real data."""
    settings = _database_settings(arguments, given)
    if not arguments.demo and not settings.reddit.client_id.get_secret_value():
        raise ConfigError([NO_CREDENTIALS])
    return settings


def _database_settings(arguments: argparse.Namespace, given: dict[str, object] | None = None) -> Settings:
    """The settings of a command that needs the database; with ``--demo`` of the one of the demo."""
    return _loaded(arguments, given or {}).settings


def _loaded(arguments: argparse.Namespace, given: dict[str, object]) -> LoadedSettings:
    loaded = _load(arguments, given)
    if not arguments.demo:
        return loaded
    folder = loaded.settings.storage.data_dir / "demo"
    return load_settings(arguments.config, overrides=given | {"storage.data_dir": folder, "mongodb.uri": ""})


def _run(work: Coroutine[Any, Any, T]) -> T:
    """Run a coroutine on the fastest loop there is."""
    return asyncio.run(work) if uvloop is None else uvloop.run(work)


def _summary(cycle: Cycle) -> dict[str, object]:
    return {
        "id": cycle.id,
        "status": cycle.status,
        "start_time": cycle.start_time.isoformat(timespec="seconds").replace("+00:00", "Z"),
        "duration_seconds": round(cycle.duration_seconds or 0.0, 3),
        "subreddits_processed": list(cycle.subreddits_processed),
        "posts_collected": cycle.posts_collected,
        "comments_collected": cycle.comments_collected,
        "items_new": cycle.items_new,
        "items_updated": cycle.items_updated,
        "items_set_aside": cycle.items_set_aside,
        "api_requests": cycle.api_requests,
        "gaps": cycle.gaps,
        "errors": [
            {"subreddit": each.subreddit, "kind": each.kind, "message": each.message} for each in cycle.errors
        ],
    }


COMMANDS: Mapping[str, Callable[[argparse.Namespace], int]] = {
    "serve": _serve,
    "collect": _collect,
    "doctor": _doctor,
    "backup": _backup,
    "restore": _restore,
    "evaluate": _evaluate,
    "reanalyze": _reanalyze,
    "demo-reddit": _demo_reddit,
    "config": _show_config,
}

if __name__ == "__main__":
    sys.exit(main())
