"""Fuzz for a bounded number of inputs: ``python -m tests.fuzz markdown|things [inputs] [seed]``.

atheris, when it is installed, steers the inputs by what code they reach; else they are random. It prints how
many inputs there were, and how long the slowest took; an input that fails ends it with its traceback.
"""

import json
import random
import sys
import time
from collections.abc import Callable

from tests.fuzz.targets import TARGETS

LIMIT_S = 1.0
"""No input may take longer, in time of the processor: whoever else uses the machine does not count."""
LONGEST = 4096
"""Bytes of an input."""


class Watch:
    """Runs a target, and knows the slowest input.

    :param target: what is fuzzed.
    :param total: inputs after which it reports, since atheris ends the process itself.
    """

    def __init__(self, target: Callable[[bytes], None], total: int) -> None:
        self.inputs = 0
        self.slowest_s = 0.0
        self.slowest = b""
        self._target = target
        self._total = total

    def __call__(self, data: bytes) -> None:
        """One input.

        :raises AssertionError: when it took too long, or what must hold does not.
        """
        began = time.process_time()
        self._target(data)
        took_s = time.process_time() - began
        self.inputs += 1
        if took_s > self.slowest_s:
            self.slowest_s, self.slowest = took_s, data
        assert took_s <= LIMIT_S, f"{took_s:.2f} s for {data!r}"
        if self.inputs == self._total:
            sys.stdout.write(f"{self.report()}\n")
            sys.stdout.flush()

    def report(self) -> str:
        """What came of it, as JSON."""
        slowest_ms = round(self.slowest_s * 1000, 2)
        return json.dumps(
            {"inputs": self.inputs, "slowest_ms": slowest_ms, "slowest_bytes": len(self.slowest)}
        )


def main(name: str, inputs: int, seed: int) -> None:
    """Fuzz one target."""
    watch = Watch(TARGETS[name], inputs)
    try:
        import atheris
    except ImportError:
        sys.stderr.write("atheris is not installed: the inputs are random\n")
        _random(watch, inputs, seed)
        return
    atheris.instrument_all()
    options = [f"-runs={inputs}", f"-seed={seed}", f"-max_len={LONGEST}", "-timeout=10", "-len_control=20"]
    atheris.Setup([sys.argv[0], *options], watch)
    atheris.Fuzz()


def _random(watch: Watch, inputs: int, seed: int) -> None:
    chance = random.Random(seed)
    for _ in range(inputs):
        watch(chance.randbytes(int(chance.expovariate(1 / 200)) % LONGEST))


if __name__ == "__main__":
    arguments = dict(enumerate(sys.argv[1:]))
    main(arguments.get(0, "markdown"), int(arguments.get(1, "100000")), int(arguments.get(2, "1")))
