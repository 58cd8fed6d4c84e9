"""Keeping heavy steps from running back to back."""

import asyncio
from collections.abc import Callable
from typing import ParamSpec, TypeVar

_Given = ParamSpec("_Given")
_Result = TypeVar("_Result")


class Turns:
    """Runs heavy steps one in a turn of the event loop.

    Answers that arrive together wake their tasks in the same turn. Decoding four pages of a third of a
    megabyte in one turn would hold everything else for as long as all four take; so others get the loop
    between any two.
    """

    def __init__(self) -> None:
        self._lock = asyncio.Lock()

    async def run(
        self, step: Callable[_Given, _Result], *args: _Given.args, **kwargs: _Given.kwargs
    ) -> _Result:
        """The step's result, when it was its turn; steps go in the order of asking."""
        async with self._lock:
            result = step(*args, **kwargs)
            await asyncio.sleep(0)
        return result
