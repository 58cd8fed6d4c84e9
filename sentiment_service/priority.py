"""Who goes first: at the beginning of a process that works for the service, beside it."""

import os
from contextlib import suppress
from pathlib import Path


def yield_to_the_service(niceness: int) -> None:
    """Let whoever answers a client go before this process.

    Linux weighs sessions against each other (autogroup), so niceness alone does nothing.

    :param niceness: how much to yield, 0 to 19.
    """
    os.nice(niceness)
    with suppress(OSError):  # not Linux, or no autogroups, or not allowed: it is only a courtesy
        Path("/proc/self/autogroup").write_text(str(niceness))
