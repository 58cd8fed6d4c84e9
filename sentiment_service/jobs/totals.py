"""What all collections since the start did together, from their records as they grow."""

from collections import Counter

from sentiment_service.histograms import Histogram
from sentiment_service.models import Cycle, CycleStatus

CYCLE_SECONDS = (1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 120.0, 300.0, 600.0, 1200.0, 1800.0)


class CycleTotals:
    """Counts that only grow; told of a cycle whenever its record changes."""

    def __init__(self) -> None:
        self.items: Counter[str] = Counter(new=0, updated=0, set_aside=0)
        """Items by what became of them."""
        self.read: Counter[str] = Counter(post=0, comment=0)
        """Items that collections came across, each once in a cycle."""
        self.gaps = 0
        self.durations: dict[CycleStatus, Histogram] = {}
        """Seconds that cycles took, by how they ended."""
        self._before: Cycle | None = None

    def saw(self, cycle: Cycle) -> None:
        """Take in a cycle as it stands; the same record twice changes nothing."""
        before = self._before
        if before is None or before.id != cycle.id:
            before = Cycle(cycle.id, "running", cycle.trigger, cycle.start_time)
        if before.end_time is not None:
            return
        self.items["new"] += cycle.items_new - before.items_new
        self.items["updated"] += cycle.items_updated - before.items_updated
        self.items["set_aside"] += cycle.items_set_aside - before.items_set_aside
        self.read["post"] += cycle.posts_collected - before.posts_collected
        self.read["comment"] += cycle.comments_collected - before.comments_collected
        self.gaps += cycle.gaps - before.gaps
        if cycle.duration_seconds is not None:
            self.durations.setdefault(cycle.status, Histogram(CYCLE_SECONDS)).observe(cycle.duration_seconds)
        self._before = cycle
