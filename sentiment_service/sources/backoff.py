"""How long to wait before trying again."""

import random
from collections.abc import Callable


class Backoff:
    """Waits that double with every attempt and are jittered, so that clients that failed together part.

    :param base_s: seconds of the first wait, before jitter.
    :param cap_s: seconds no wait exceeds.
    :param jitter: gives a number in [0, 1): 0 halves a wait, 1 would leave it whole.
    """

    def __init__(
        self, *, base_s: float = 0.5, cap_s: float = 30.0, jitter: Callable[[], float] = random.random
    ) -> None:
        self._base_s = base_s
        self._cap_s = cap_s
        self._jitter = jitter

    def delay_s(self, attempt: int) -> float:
        """Seconds to wait after the given attempt failed, counted from 0: between half and all of
        ``min(cap, base · 2^attempt)``, which AWS's builders' library calls equal jitter.
        """
        # Beyond 2^30 the cap holds anyway, and a larger power of two would overflow a float.
        whole = min(self._cap_s, self._base_s * 2.0 ** min(attempt, 30))
        return whole * (0.5 + 0.5 * self._jitter())
