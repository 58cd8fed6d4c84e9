"""Asking a scorer about labelled texts, the way the service would, and timing it."""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from sentiment_service.evaluation.figures import Answer, Figures, figures_of
from sentiment_service.evaluation.labelled import LabelledText
from sentiment_service.models import Label
from sentiment_service.scoring.clean import scorable_text
from sentiment_service.scoring.scorer import Scorer

CHUNK = 250
"""Texts between two reports of progress."""

GUESS_CONFIDENCE = 1 / 3
"""Confidence of the neutral guess that a text without anything to score counts as: chance among three."""


@dataclass(frozen=True, slots=True)
class Measurement:
    """One scorer on one file."""

    scorer: str
    """``name@version``."""
    figures: Figures
    no_text: int
    """Texts without anything to score; the service gives no score, here they count as a neutral guess."""
    items_per_second: float
    """Texts cleaned and scored in a second of processor time, in one process; of a language model, in a
    second that passed."""
    fallbacks: Mapping[str, int] = field(default_factory=dict)
    """Texts meant for a language model that kept the score they had, by why."""


def measure(
    scorer: Scorer,
    texts: Sequence[LabelledText],
    *,
    markdown: bool = True,
    progress: Callable[[int], object] = lambda _: None,
) -> Measurement:
    """Clean and score every text like the scoring process does, and compare with what people said.

    :param texts: at least one.
    :param markdown: whether to read them as Reddit markdown first, as the service does; false scores them as
        they stand. It matters where a file has joined the lines of a comment: then the answer below a
        quotation is part of the quoted line, and goes with it.
    :param progress: told how many more texts are done.
    """
    scorer.score("A good day.")  # what is loaded at the first text is not part of the time
    answers: list[Answer] = []
    no_text, seconds = 0, 0.0
    for chunk in _chunks(texts):
        began = time.process_time()
        given = [_answer(scorer, each, markdown=markdown) for each in chunk]
        seconds += time.process_time() - began
        no_text += sum(each is None for each in given)
        answers += [answer or guess(each) for answer, each in zip(given, chunk, strict=True)]
        progress(len(chunk))
    return Measurement(
        scorer=scorer.name,
        figures=figures_of(answers),
        no_text=no_text,
        items_per_second=len(texts) / max(seconds, 1e-9),
    )


def _chunks(texts: Sequence[LabelledText]) -> Iterator[Sequence[LabelledText]]:
    for start in range(0, len(texts), CHUNK):
        yield texts[start : start + CHUNK]


def _answer(scorer: Scorer, labelled: LabelledText, *, markdown: bool) -> Answer | None:
    """What the scorer says, ``None`` when there is nothing to score."""
    text = scorable_text(labelled.text) if markdown else labelled.text
    if not text.strip():
        return None
    score = scorer.score(text)
    return Answer(labelled.label, score.label, score.confidence)


def guess(labelled: LabelledText) -> Answer:
    """What a text without anything to score counts as."""
    return Answer(labelled.label, Label.NEUTRAL, GUESS_CONFIDENCE)
