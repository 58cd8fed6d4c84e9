"""What the driver sends, as seen by a listener, and the stages and operators in it."""

from collections.abc import Iterator, Mapping
from typing import Any

from pymongo.monitoring import CommandFailedEvent, CommandListener, CommandStartedEvent, CommandSucceededEvent


class SeenCommands(CommandListener):
    """Keeps every command that is sent."""

    def __init__(self) -> None:
        self.commands: list[Mapping[str, Any]] = []

    def started(self, event: CommandStartedEvent) -> None:
        self.commands.append(dict(event.command))

    def succeeded(self, event: CommandSucceededEvent) -> None:
        """Nothing to keep."""

    def failed(self, event: CommandFailedEvent) -> None:
        """Nothing to keep."""

    def named(self, name: str) -> list[Mapping[str, Any]]:
        """The commands of one name."""
        return [command for command in self.commands if name in command]


def operators(value: object) -> Iterator[str]:
    """Every key that begins with a dollar, at any depth."""
    if isinstance(value, Mapping):
        for key, inner in value.items():
            if key.startswith("$"):
                yield key
            yield from operators(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from operators(inner)


def stages(plan: object) -> Iterator[str]:
    """The stages of a plan that ``explain`` shows."""
    if isinstance(plan, Mapping):
        if "stage" in plan:
            yield str(plan["stage"])
        for inner in plan.values():
            yield from stages(inner)
    elif isinstance(plan, list):
        for inner in plan:
            yield from stages(inner)
