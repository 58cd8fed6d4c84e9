"""``python -m bench.train``: makes the model file of the ``reddit`` scorer from labelled comments.

Learns from GoEmotions' training part, ``product_talk.tsv`` and the titles of ``ai_titles.tsv``, finds the
temperature of its confidences by cross-validation, prints what it reaches, and writes the file with its
checksum beside it. The same data gives the same bytes.
"""

import argparse
import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from tqdm import tqdm

from bench.labelled import DEV, OWN, POSTS, TITLES, TRAIN, labelled, labelled_titles, own_examples
from bench.regression import SCALE, SEED, Matrix, Vocabulary, Weights, softmax, train
from sentiment_service.scoring.features import Lexicons, grams, pieces, words
from sentiment_service.scoring.model import MODEL_FILE, Model, Row, write_model

Classes = NDArray[np.int64]

OWN_COPIES = 4
"""Times that each example of our own is learnt from: there are few of them."""
FOLDS = 5
DIGITS = 6
LARGEST = 2**15 - 1
TEMPERATURES = np.round(np.arange(0.7, 1.5, 0.01), 2)


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read from texts, and what they are."""

    grams: list[Counter[str]]
    pieces: list[Counter[str]]
    numbers: Matrix
    classes: Classes

    def part(self, rows: Sequence[int]) -> "Reading":
        """Some of the texts."""
        return Reading(
            [self.grams[row] for row in rows],
            [self.pieces[row] for row in rows],
            self.numbers[rows],
            self.classes[rows],
        )


@dataclass(frozen=True, slots=True)
class Learnt:
    """Weights and what they belong to."""

    grams: Vocabulary
    pieces: Vocabulary
    weights: Weights

    def evidence(self, reading: Reading) -> Matrix:
        """Logarithms of odds, a row a text."""
        return self.weights.evidence(_features(self.grams, self.pieces, reading), reading.numbers)


def read(texts: Sequence[str], classes: Sequence[int], what: str) -> Reading:
    """Look at texts the way the scorer does."""
    lexicons = Lexicons()
    text_words = [words(text) for text in tqdm(texts, desc=what, leave=False, disable=None)]
    return Reading(
        [Counter(grams(each)) for each in text_words],
        [Counter(piece for word in set(each) for piece in pieces(word)) for each in text_words],
        np.array([lexicons.numbers(text)[0] for text in texts], dtype=np.float64),
        np.array(classes),
    )


def joined(one: Reading, other: Reading, copies: int) -> Reading:
    """Texts, and others after them so many times."""
    return Reading(
        one.grams + other.grams * copies,
        one.pieces + other.pieces * copies,
        np.concatenate([one.numbers, *[other.numbers] * copies]),
        np.concatenate([one.classes, *[other.classes] * copies]),
    )


def learn(reading: Reading) -> Learnt:
    """Choose the features and fit their weights."""
    of_grams, of_pieces = Vocabulary(reading.grams), Vocabulary(reading.pieces)
    weights = train(_features(of_grams, of_pieces, reading), reading.numbers, reading.classes)
    return Learnt(of_grams, of_pieces, weights)


def _features(of_grams: Vocabulary, of_pieces: Vocabulary, reading: Reading) -> Any:
    return sparse.hstack([of_grams.matrix(reading.grams), of_pieces.matrix(reading.pieces)]).tocsr()


def cross_validated(reading: Reading, own: Reading) -> Matrix:
    """Evidence for each text from a model that has not seen it."""
    folds = np.random.default_rng(SEED).permutation(len(reading.classes)) % FOLDS
    evidence = np.zeros((len(folds), 3))
    for fold in tqdm(range(FOLDS), desc="cross-validation", leave=False, disable=None):
        seen, unseen = np.flatnonzero(folds != fold), np.flatnonzero(folds == fold)
        learnt = learn(joined(reading.part(seen.tolist()), own, OWN_COPIES))
        evidence[unseen] = learnt.evidence(reading.part(unseen.tolist()))
    return evidence


def best_temperature(evidence: Matrix, classes: Classes) -> float:
    """What to divide evidence by so that the labels are likeliest (Guo et al., ICML 2017)."""
    rows = np.arange(len(classes))
    losses = [-np.log(softmax(evidence / each)[rows, classes]).mean() for each in TEMPERATURES]
    return float(TEMPERATURES[int(np.argmin(losses))])


def model_of(learnt: Learnt, temperature: float) -> Model:
    """What is written to the file: weights in whole steps, without features whose weights are none."""
    features = learnt.weights.features
    step = float(f"{np.abs(features).max() / LARGEST:.{DIGITS}g}")
    rows = [(int(a), int(b), int(c)) for a, b, c in np.round(features / step).clip(-LARGEST, LARGEST)]
    split = len(learnt.grams.names)
    return Model(
        _kept(learnt.grams.names, rows[:split]),
        _kept(learnt.pieces.names, rows[split:]),
        step,
        np.round(learnt.weights.numbers, DIGITS).tolist(),
        np.round(learnt.weights.bias, DIGITS).tolist(),
        SCALE,
        temperature,
    )


def _kept(names: Sequence[str], rows: Sequence[Row]) -> dict[str, Row]:
    return dict(zip(names, rows, strict=True))


def report(name: str, truth: Classes, shares: Matrix) -> str:
    """Accuracy, macro-F1 and expected calibration error in ten bins."""
    given, sure = shares.argmax(axis=1), shares.max(axis=1)
    right = truth == given
    hits = [np.sum(right & (truth == each)) for each in range(3)]
    f1 = [2 * hits[each] / (np.sum(truth == each) + np.sum(given == each)) for each in range(3)]
    bins = np.minimum((sure * 10).astype(int), 9)
    error = sum(
        abs(right[bins == each].mean() - sure[bins == each].mean()) * (bins == each).mean()
        for each in np.unique(bins)
    )
    return (
        f"{name}: {len(truth):,} texts, accuracy {right.mean():.4f}, macro-F1 {np.mean(f1):.4f}, "
        f"calibration error {error:.4f}"
    )


def main(argv: Sequence[str] | None = None) -> None:
    """Train, measure, write."""
    parser = argparse.ArgumentParser(prog="python -m bench.train", description=__doc__)
    parser.add_argument("--output", type=Path, default=MODEL_FILE, metavar="F")
    options = parser.parse_args(argv)
    reading = read(*labelled(TRAIN), TRAIN.name)
    titles = read(*labelled_titles(TITLES, POSTS), TITLES.name)
    own = joined(read(*own_examples(OWN), OWN.name), titles, 1)
    evidence = cross_validated(reading, own)
    temperature = best_temperature(evidence, reading.classes)
    print(report(f"{FOLDS}-fold cross-validation", reading.classes, softmax(evidence / temperature)))
    learnt = learn(joined(reading, own, OWN_COPIES))
    dev = read(*labelled(DEV), DEV.name)
    print(report("dev", dev.classes, softmax(learnt.evidence(dev) / temperature)))
    write_model(model_of(learnt, temperature), options.output)
    content = options.output.read_bytes()
    print(f"temperature {temperature}; {options.output}: {len(content):,} bytes")
    checksum = f"{hashlib.sha256(content).hexdigest()}  {options.output.name}\n"
    options.output.with_suffix(f"{options.output.suffix}.sha256").write_text(checksum, encoding="utf-8")
    print(f"sha256 {checksum}", end="")


if __name__ == "__main__":
    main()
