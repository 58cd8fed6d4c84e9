"""Who goes first: at the beginning of a process that works for the service, beside it."""

import os


def yield_to_the_service(niceness: int) -> None:
    """Let whoever answers a client go before this process.

    It gets a process group of its own, so that a Ctrl-C in the terminal does not reach it before the service
    ends it, and stays in the service's session: Linux weighs sessions against each other (autogroup), and
    niceness only within one.

    :param niceness: how much to yield, 0 to 19.
    """
    if os.getpgid(0) != os.getpid():
        os.setpgid(0, 0)
    os.nice(niceness)
