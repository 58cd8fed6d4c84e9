"""Latency distributions as a picture: one curve each, percentiles that widen towards the tail."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

SHARES = (0.0, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99, 0.995, 0.999, 0.9999)
TICKS = (0.0, 0.5, 0.9, 0.99, 0.999, 0.9999)


def draw(latencies: Mapping[str, Sequence[float]], where: Path) -> None:
    """Draw seconds by name into a PNG; nothing is drawn of nothing."""
    shown = {name: sorted(seconds) for name, seconds in latencies.items() if seconds}
    if not shown:
        return
    picture = Figure(figsize=(11, 7), layout="constrained")
    axes = picture.add_subplot()
    for name, ordered in shown.items():
        # Beyond 1 - 1/n there is no sample to tell.
        shares = [share for share in SHARES if share <= 1 - 1 / len(ordered)]
        values = [1000 * ordered[int(share * len(ordered))] for share in shares]
        style = "--" if "idle" in name else "-"
        axes.plot([1 / (1 - share) for share in shares], values, style, label=f"{name} (n={len(ordered):,})")
    axes.set(xscale="log", yscale="log", xlabel="percentile", ylabel="latency in ms", title="Latency")
    axes.set_xticks([1 / (1 - share) for share in TICKS], [f"{100 * share:g}" for share in TICKS])
    axes.grid(visible=True, which="both", alpha=0.3)
    axes.legend(fontsize="small", loc="upper left")
    FigureCanvasAgg(picture)
    picture.savefig(where, format="png")
