"""A scorer that does whatever harm a text asks for; the scoring process runs it as
``--scorer tests.scoring.poison:PoisonScorer``."""

import os
import signal
import time
from pathlib import Path

from sentiment_service.models import Label
from sentiment_service.scoring.scorer import Score, Thresholds


class PoisonScorer:
    """Scores a text by its length, unless the text names some harm."""

    name = "poison@1"

    def __init__(self, thresholds: Thresholds) -> None:
        self._thresholds = thresholds

    def score(self, text: str) -> Score:
        harm, _, argument = text.partition(" ")
        match harm:
            case "exit":
                os._exit(int(argument))
            case "kill":
                os.kill(os.getpid(), signal.SIGKILL)
            case "raise":
                raise ValueError(f"cannot score {text}")
            case "hang":
                time.sleep(3600)
            case "print":
                print("x" * 100_000, flush=True)  # noqa: T201
            case "once":
                _die_once(Path(argument))
            case "say":
                Path(argument).touch()
                time.sleep(3600)
        return Score(0.0, 0.0, Label.NEUTRAL, min(1.0, len(text) / 1000))


class BrokenScorer:
    """Cannot be made."""

    def __init__(self, thresholds: Thresholds) -> None:
        raise RuntimeError(f"no dictionary for {thresholds}")


def _die_once(marker: Path) -> None:
    if not marker.exists():
        marker.touch()
        os._exit(1)
