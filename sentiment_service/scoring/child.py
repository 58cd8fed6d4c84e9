"""The scoring process: ``python -m sentiment_service.scoring.child --scorer textblob …``.

Reads frames of texts from standard input and answers each with a frame of as many scores, until the input
ends: then the service is gone, and so is this. Imports nothing of the service but this room and the models,
to start fast and stay small.
"""

import argparse
import os
import signal
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO, cast

from sentiment_service.scoring.clean import scorable_text
from sentiment_service.scoring.frames import ScoreTuple, read_frame, write_frame
from sentiment_service.scoring.scorer import Scorer, Thresholds, create_scorer

NICENESS = 10


def serve(requests: BinaryIO, answers: BinaryIO, scorer: Scorer, *, limit_s: int) -> None:
    """Answer until the requests end; the first frame is the scorer's name, once it is warm.

    :param limit_s: seconds after which a batch ends this process, by the kernel's alarm: even a scorer that
        holds the interpreter cannot outlive the service by more than that.
    """
    scorer.score("A good day.")
    write_frame(answers, scorer.name)
    while True:
        try:
            texts = cast("list[str]", read_frame(requests))
        except EOFError:
            return
        signal.alarm(limit_s)
        scores = [_score_of(scorer, text) for text in texts]
        signal.alarm(0)
        write_frame(answers, scores)


def _score_of(scorer: Scorer, markdown: str) -> ScoreTuple | None:
    text = scorable_text(markdown)
    if not text:
        return None
    score = scorer.score(text)
    return score.polarity, score.subjectivity, str(score.label), score.confidence


def _yield_to_the_service() -> None:
    """Answering comes before scoring; Linux weighs sessions, so niceness alone does nothing."""
    os.nice(NICENESS)
    with suppress(OSError):  # not Linux, or no autogroups, or not allowed: it is only a courtesy
        Path("/proc/self/autogroup").write_text(str(NICENESS))


def _take_streams() -> tuple[BinaryIO, BinaryIO]:
    """Keep standard input and output for frames; whatever a library prints or asks for goes nowhere."""
    requests, answers = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    nothing = os.open(os.devnull, os.O_RDWR)
    os.dup2(nothing, 0)
    os.dup2(nothing, 1)
    os.close(nothing)
    return requests, answers


def main(arguments: Sequence[str]) -> None:
    """Set the process up and serve."""
    parser = argparse.ArgumentParser(prog="sentiment_service.scoring.child", description=__doc__)
    parser.add_argument("--scorer", required=True)
    parser.add_argument("--positive-from", type=float, required=True)
    parser.add_argument("--negative-from", type=float, required=True)
    parser.add_argument("--limit-seconds", type=int, required=True)
    options = parser.parse_args(arguments)
    requests, answers = _take_streams()
    _yield_to_the_service()
    # Ctrl-C is for the service, which then ends this process in its own time.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # When the service is gone there is nobody to tell.
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    scorer = create_scorer(options.scorer, Thresholds(options.positive_from, options.negative_from))
    serve(requests, answers, scorer, limit_s=options.limit_seconds)


if __name__ == "__main__":
    main(sys.argv[1:])
