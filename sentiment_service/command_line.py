"""The commands and their options; what they do is in :mod:`sentiment_service.__main__`."""

import argparse
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeAlias

from sentiment_service import __version__
from sentiment_service.demo import arguments as demo_arguments
from sentiment_service.evaluation import command as evaluation

Commands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"  # noqa: SLF001

CONFIG_HELP = "settings file (default: config.toml in this folder, if there is one)"
DEMO_HELP = "read a built-in Reddit look-alike into an embedded database of its own; needs no credentials"

DEMO_DATABASE_HELP = "the demo's database instead"


def parser() -> argparse.ArgumentParser:
    """Reads arguments into a namespace whose ``command`` is the command's name."""
    whole = argparse.ArgumentParser(
        prog="sentiment-service",
        description="Watches subreddits, scores what people say, and serves it as JSON and a dashboard.",
        epilog="Settings come from config.toml and SENTIMENT_<SECTION>__<KEY> variables; see README.md.",
    )
    whole.add_argument("--version", action="version", version=f"sentiment_service {__version__}")
    commands = whole.add_subparsers(title="commands", required=True, metavar="COMMAND")
    _add_serve(commands)
    _add_collect(commands)
    _add_doctor(commands)
    _add_backup(commands)
    _add_restore(commands)
    _add_evaluate(commands)
    _add_reanalyze(commands)
    _add_demo_reddit(commands)
    show = commands.add_parser(
        "config", help="print the settings in effect, masked, and where each came from"
    )
    show.add_argument("--config", type=Path, metavar="F", help=CONFIG_HELP)
    show.set_defaults(command="config")
    return whole


def _add_serve(commands: Commands) -> None:
    serving = commands.add_parser(
        "serve",
        help="collect on schedule and serve the API until SIGINT or SIGTERM",
        description="Collect on schedule and serve the API. Prints a line with its address when ready.",
    )
    serving.add_argument("--config", type=Path, metavar="F", help=CONFIG_HELP)
    serving.add_argument("--host", help="address to listen on (default: server.host)")
    serving.add_argument(
        "--port", type=int, help="port to listen on, 0 for a free one (default: server.port)"
    )
    serving.add_argument("--demo", action="store_true", help=DEMO_HELP)
    serving.set_defaults(command="serve")


def _add_collect(commands: Commands) -> None:
    collecting = commands.add_parser(
        "collect",
        help="collect once, print a JSON summary, and exit with 1 when it failed",
        description="Collect once. Shows a progress bar on a terminal; prints the cycle as JSON.",
    )
    collecting.add_argument("--config", type=Path, metavar="F", help=CONFIG_HELP)
    collecting.add_argument("--demo", action="store_true", help=DEMO_HELP)
    collecting.set_defaults(command="collect")


def _add_doctor(commands: Commands) -> None:
    doctor = commands.add_parser(
        "doctor",
        help="check settings, database, Reddit, scoring and disk, and say what to do",
        description="Check everything the service needs and print one line for each finding: ok, warning or "
        "problem, what was seen, and what to do about it. Changes nothing and takes less than 30 seconds. "
        "Exit code 1 when there is a problem, 2 when the settings are wrong.",
    )
    doctor.add_argument("--config", type=Path, metavar="F", help=CONFIG_HELP)
    doctor.add_argument("--json", action="store_true", help="print JSON instead, when all is done")
    doctor.add_argument("--demo", action="store_true", help="check what serve --demo needs instead")
    doctor.set_defaults(command="doctor")


def _add_backup(commands: Commands) -> None:
    backing_up = commands.add_parser(
        "backup",
        help="write everything in the database into a file",
        description="Write everything in the database into a new file. Stop the service first when it uses "
        "the embedded database; a MongoDB may be in use.",
    )
    backing_up.add_argument("file", type=Path, metavar="FILE", help="file to write; must not exist")
    backing_up.add_argument("--config", type=Path, metavar="F", help=CONFIG_HELP)
    backing_up.add_argument("--demo", action="store_true", help=DEMO_DATABASE_HELP)
    backing_up.set_defaults(command="backup")


def _add_restore(commands: Commands) -> None:
    restoring = commands.add_parser(
        "restore",
        help="put what is in a backup into the database",
        description="Put what is in a backup into an empty database. Stop the service first. The file is "
        "checked before anything is changed. What was deleted here since stays deleted.",
    )
    restoring.add_argument("file", type=Path, metavar="FILE", help="file that backup wrote")
    restoring.add_argument("--replace", action="store_true", help="delete what is in the database now")
    restoring.add_argument("--config", type=Path, metavar="F", help=CONFIG_HELP)
    restoring.add_argument("--demo", action="store_true", help=DEMO_DATABASE_HELP)
    restoring.set_defaults(command="restore")


def _add_evaluate(commands: Commands) -> None:
    evaluating = commands.add_parser(
        "evaluate",
        help="measure how right the scorers are on texts that people labelled",
        description="Score labelled texts and compare with what people said. Reads text<TAB>label (positive, "
        "negative or neutral) and GoEmotions' text<TAB>labels<TAB>id, gzipped or not.",
    )
    evaluating.add_argument("file", type=Path, metavar="FILE", help="labelled texts, one a line")
    evaluating.add_argument(
        "--scorer",
        dest="scorers",
        action="append",
        choices=evaluation.CHOICES,
        help="measure this scorer; may be repeated (default: all but llm)",
    )
    evaluating.add_argument(
        "--plain", action="store_true", help="score texts as they stand, not as Reddit markdown"
    )
    evaluating.add_argument("--json", type=Path, metavar="F", help="write the figures as JSON too")
    evaluating.add_argument("--png", type=Path, metavar="F", help="draw them too (needs the extra bench)")
    evaluating.add_argument("--limit", type=_positive, metavar="N", help="read only the first N texts")
    evaluating.add_argument("--config", type=Path, metavar="F", help=CONFIG_HELP)
    evaluating.set_defaults(command="evaluate")


def _add_reanalyze(commands: Commands) -> None:
    again = commands.add_parser(
        "reanalyze",
        help="score stored posts and comments again and search them for tools again",
        description="Score stored items again and search them for tools again. Shows a progress bar on a "
        "terminal; prints the job as JSON. Goes on where it stopped when it was interrupted. Stop the "
        "service first when it uses the embedded database, or ask it: POST /api/v1/admin/reanalysis/jobs.",
    )
    again.add_argument("--start", type=_day, metavar="DAY", help="first day, as 2026-11-01 (default: oldest)")
    again.add_argument("--end", type=_day, metavar="DAY", help="last day, included (default: today)")
    again.add_argument(
        "--tool", dest="tools", action="append", default=[], metavar="ID", help="only what names this tool"
    )
    again.add_argument("--config", type=Path, metavar="F", help=CONFIG_HELP)
    again.add_argument("--demo", action="store_true", help=DEMO_DATABASE_HELP)
    again.set_defaults(command="reanalyze")


def _day(text: str) -> datetime:
    try:
        return datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=UTC)
    except ValueError:
        raise argparse.ArgumentTypeError(f"expected a day such as 2026-11-01, found {text}") from None


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError(f"expected at least 1, found {number}")
    return number


def _add_demo_reddit(commands: Commands) -> None:
    demo = commands.add_parser(
        "demo-reddit",
        help="run the Reddit look-alike alone",
        description="Serve invented content, or files of real content, the way Reddit's API would.",
    )
    demo_arguments.add_arguments(demo)
    demo.set_defaults(command="demo-reddit")
