"""Measurements as a picture: for each scorer its confusion, its labels and its calibration.

matplotlib comes with the extra ``bench``; it is imported when something is drawn.
"""

from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, cast

from sentiment_service.errors import EvaluationError, StartupError
from sentiment_service.evaluation.figures import LABELS, Figures
from sentiment_service.evaluation.measure import Measurement
from sentiment_service.evaluation.report import Evaluation

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure, SubFigure

ROW_HEIGHT_IN = 4.2
WIDTH_IN = 13.0
DARK_FROM = 0.6
"""Share of a row from which a cell is so dark that its figures have to be light."""
COLOURS = ("#0072B2", "#E69F00", "#009E73")
"""Okabe and Ito's blue, orange and green: told apart by colour-blind people too."""


def ensure_drawing() -> None:
    """Find out early whether something can be drawn.

    :raises StartupError: matplotlib is not installed; one line that says what to do.
    """
    if find_spec("matplotlib") is None:
        raise StartupError("a picture needs matplotlib: pip install 'sentiment_service[bench]'")


def draw(evaluation: Evaluation, where: Path) -> None:
    """Draw a row of three panels for each scorer into a PNG.

    :raises EvaluationError: when it cannot be written.
    """
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    measurements = evaluation.measurements
    picture = Figure(figsize=(WIDTH_IN, ROW_HEIGHT_IN * len(measurements) + 0.5), layout="constrained")
    FigureCanvasAgg(picture)
    picture.suptitle(f"{evaluation.file}: {len(evaluation.texts.texts):,} texts", weight="bold")
    rows = picture.subfigures(len(measurements), 1, squeeze=False)[:, 0]
    for row, measurement in zip(rows, measurements, strict=True):
        _draw_row(row, measurement)
    try:
        picture.savefig(where, format="png", dpi=110)
    except OSError as error:
        raise EvaluationError(f"{where}: cannot be written: {error.strerror or error}") from error


def _draw_row(row: "Figure | SubFigure", measurement: Measurement) -> None:
    figures = measurement.figures
    row.suptitle(
        f"{measurement.scorer}   accuracy {figures.accuracy:.3f}   macro-F1 {figures.macro_f1:.3f}   "
        f"{measurement.items_per_second:,.0f} items/s"
    )
    panels = cast("list[Axes]", list(row.subplots(1, 3)))
    _draw_confusion(panels[0], figures)
    _draw_classes(panels[1], figures)
    _draw_calibration(panels[2], figures)


def _draw_confusion(axes: "Axes", figures: Figures) -> None:
    """Texts by what people and the scorer said, shaded by share of the row."""
    counts = [[figures.confusion[expected][given] for given in LABELS] for expected in LABELS]
    shares = [[count / max(1, sum(row)) for count in row] for row in counts]
    axes.imshow(shares, cmap="Blues", vmin=0, vmax=1)
    for y, (row, row_shares) in enumerate(zip(counts, shares, strict=True)):
        for x, (count, share) in enumerate(zip(row, row_shares, strict=True)):
            colour = "white" if share >= DARK_FROM else "black"
            axes.text(x, y, f"{count:,}\n{share:.0%}", ha="center", va="center", color=colour)
    axes.set_xticks(range(len(LABELS)), list(LABELS))
    axes.set_yticks(range(len(LABELS)), list(LABELS))
    axes.set(xlabel="the scorer said", ylabel="people said", title="Confusion")


def _draw_classes(axes: "Axes", figures: Figures) -> None:
    """Precision, recall and F1 of each label."""
    classes = [figures.classes[label] for label in LABELS]
    bars = {
        "precision": [each.precision for each in classes],
        "recall": [each.recall for each in classes],
        "F1": [each.f1 for each in classes],
    }
    for number, ((name, heights), colour) in enumerate(zip(bars.items(), COLOURS, strict=True)):
        places = [place + 0.27 * (number - 1) for place in range(len(LABELS))]
        drawn = axes.bar(places, heights, width=0.25, label=name, color=colour)
        axes.bar_label(drawn, fmt=lambda height: f"{height:.2f}", fontsize="x-small", padding=1)
    axes.set_xticks(range(len(LABELS)), [f"{label}\nn={figures.classes[label].texts:,}" for label in LABELS])
    axes.set(ylim=(0, 1.15), title="By label")
    axes.legend(fontsize="small", loc="upper center", ncols=len(bars))


def _draw_calibration(axes: "Axes", figures: Figures) -> None:
    """How often each bin is right against how sure it was, and how many answers it holds."""
    total = sum(each.answers for each in figures.bins)
    width = figures.bins[0].high - figures.bins[0].low
    middles = [(each.low + each.high) / 2 for each in figures.bins]
    axes.bar(
        middles,
        [each.answers / total for each in figures.bins],
        width=0.95 * width,
        color="#BBBBBB",
        label="share of texts",
    )
    filled = [each for each in figures.bins if each.answers]
    axes.plot([0, 1], [0, 1], "--", color="#777777", label="perfect")
    axes.plot(
        [each.confidence for each in filled],
        [each.accuracy for each in filled],
        "o-",
        color=COLOURS[0],
        label="share right",
    )
    error = figures.calibration_error
    axes.set(xlim=(0, 1), ylim=(0, 1), xlabel="confidence", title=f"Calibration (error {error:.3f})")
    axes.legend(fontsize="small", loc="upper left")
