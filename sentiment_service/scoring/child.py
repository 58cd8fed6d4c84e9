"""The scoring process: ``python -m sentiment_service.scoring.child --scorer textblob …``.

Reads frames of texts from standard input and answers each with a frame of as many scores, until the input
ends: then the service is gone, and so is this. A frame with the catalogue of tools says what to look for in
the texts after it. Imports little of the service but this room and the models, to start fast and stay small.
"""

import argparse
import gc
import os
import signal
import sys
from collections.abc import Sequence
from typing import Any, BinaryIO, cast

from sentiment_service.priority import yield_to_the_service
from sentiment_service.scoring.analysis import Analyst
from sentiment_service.scoring.frames import CATALOGUE, read_frame, write_frame
from sentiment_service.scoring.scorer import Scorer, Thresholds, create_scorer
from sentiment_service.tools import LabelOf


def serve(requests: BinaryIO, answers: BinaryIO, scorer: Scorer, label_of: LabelOf, *, limit_s: int) -> None:
    """Answer until the requests end; the first frame is the scorer's name, once it is warm.

    :param limit_s: seconds after which a batch ends this process, by the kernel's alarm: even a scorer that
        holds the interpreter cannot outlive the service by more than that.
    """
    scorer.score("A good day.")
    analyst = Analyst(scorer, label_of)
    write_frame(answers, scorer.name)
    while True:
        try:
            kind, *content = cast("tuple[Any, ...]", read_frame(requests))
        except EOFError:
            return
        signal.alarm(limit_s)
        if kind == CATALOGUE:
            analyst.look_for(content[0])
        else:
            write_frame(answers, [analyst.analyse(text, where) for text, where in zip(*content, strict=True)])
        signal.alarm(0)


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
    parser.add_argument("--niceness", type=int, default=0)
    options = parser.parse_args(arguments)
    requests, answers = _take_streams()
    yield_to_the_service(options.niceness)
    # Ctrl-C is for the service, which then ends this process in its own time.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # When the service is gone there is nobody to tell.
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    thresholds = options.positive_from, options.negative_from
    scorer = create_scorer(options.scorer, Thresholds(*thresholds))
    # What was loaded stays for good: looking through it for garbage takes a tenth of the time of scoring.
    gc.collect()
    gc.freeze()
    serve(requests, answers, scorer, LabelOf(*thresholds), limit_s=options.limit_seconds)


if __name__ == "__main__":
    main(sys.argv[1:])
