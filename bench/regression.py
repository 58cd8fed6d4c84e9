"""Multinomial logistic regression over sparse features, the same to the last bit on every run.

Everything is computed in double precision by one thread, texts are drawn in the order of a fixed seed.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from tqdm import tqdm

Matrix = NDArray[np.float64]

SEED = 2026
DRAWS = 3
"""Models learnt in as many orders of the texts: the mean of their weights is one, and less led by chance."""
LEAST_TEXTS = 3
"""A feature is learnt when it stands in so many texts."""
SCALE = 2.0
EPOCHS = 8
BATCH = 256
RATE = 0.02
DROPPED = 0.5
"""Share of features left out of a text each time it is learnt from, so that no single one is leant on."""
DECAY = 1e-4
"""L2 penalty on the weights of words and pieces; this, the share dropped and the epochs were chosen on the
dev file."""
NUMBER_DECAY = 1e-5
_MEAN_DECAY, _SQUARE_DECAY = 0.9, 0.999


class Vocabulary:
    """The features worth learning, in order."""

    def __init__(self, texts: Iterable[Counter[str]]) -> None:
        seen = Counter(feature for each in texts for feature in each)
        self.names = sorted(name for name, count in seen.items() if count >= LEAST_TEXTS)
        self._places = {name: place for place, name in enumerate(self.names)}

    def matrix(self, texts: Sequence[Counter[str]]) -> Any:
        """One sparse row a text, so that its known features together have the length :data:`SCALE`."""
        places = self._places
        rows = [
            sorted((places[name], count) for name, count in each.items() if name in places) for each in texts
        ]
        factors = [SCALE / np.sqrt(max(sum(count for _, count in row), 1)) for row in rows]
        values = [count * factor for row, factor in zip(rows, factors, strict=True) for _, count in row]
        columns = [place for row in rows for place, _ in row]
        ends = np.cumsum([0, *map(len, rows)])
        return sparse.csr_matrix((np.array(values), columns, ends), shape=(len(rows), len(places)))


@dataclass(frozen=True, slots=True)
class Weights:
    """What is learnt: three columns, for negative, neutral and positive."""

    features: Matrix
    numbers: Matrix
    bias: Matrix

    def evidence(self, features: Any, numbers: Matrix) -> Matrix:
        """Logarithms of odds, a row a text."""
        found: Matrix = features @ self.features + numbers @ self.numbers + self.bias
        return found


def softmax(evidence: Matrix) -> Matrix:
    """Probabilities of each row."""
    odds = np.exp(evidence - evidence.max(axis=1, keepdims=True))
    shares: Matrix = odds / odds.sum(axis=1, keepdims=True)
    return shares


def tellingness(features: Any, classes: NDArray[np.int64]) -> Matrix:
    """How well each feature tells a class from the rest, to scale it by before learning.

    The square root of the largest log-count ratio, after Wang and Manning, Baselines and Bigrams (ACL 2012),
    who take the ratio itself; the root does better on texts from elsewhere.
    """
    present = (features > 0).astype(np.float64)
    ratios = np.zeros(features.shape[1])
    for each in range(3):
        inside = np.asarray(present[classes == each].sum(axis=0)).ravel() + 1
        outside = np.asarray(present[classes != each].sum(axis=0)).ravel() + 1
        ratio = np.log((inside / inside.sum()) / (outside / outside.sum()))
        ratios = np.maximum(ratios, np.abs(ratio))
    return np.sqrt(ratios)


def train(features: Any, numbers: Matrix, classes: NDArray[np.int64], draws: int = DRAWS) -> Weights:
    """Fit by Adam (Kingma and Ba, 2015), its rate falling to zero, several times; the mean of the weights."""
    scales = tellingness(features, classes)
    features = (features @ sparse.diags(scales)).tocsr()
    drawn = [_trained(features, numbers, classes, SEED + draw) for draw in range(draws)]
    return Weights(
        np.mean([each.features for each in drawn], axis=0) * scales[:, None],
        np.mean([each.numbers for each in drawn], axis=0),
        np.mean([each.bias for each in drawn], axis=0),
    )


def _trained(features: Any, numbers: Matrix, classes: NDArray[np.int64], seed: int) -> Weights:
    weights = Weights(np.zeros((features.shape[1], 3)), np.zeros((numbers.shape[1], 3)), np.zeros(3))
    truth = np.eye(3)[classes]
    dice = np.random.default_rng(seed)
    adam = _Adam((weights.features, weights.numbers, weights.bias), EPOCHS * -(-len(classes) // BATCH))
    for _ in tqdm(range(EPOCHS), desc="training", leave=False, disable=None):
        order = dice.permutation(len(classes))
        for start in range(0, len(classes), BATCH):
            rows = order[start : start + BATCH]
            some, counted = features[rows], numbers[rows]
            some.data = some.data * (dice.random(len(some.data)) >= DROPPED) / (1 - DROPPED)
            error = (softmax(weights.evidence(some, counted)) - truth[rows]) / len(rows)
            adam.step(
                some.T @ error + DECAY * weights.features,
                counted.T @ error + NUMBER_DECAY * weights.numbers,
                error.sum(axis=0),
            )
    return weights


class _Adam:
    """Moves values against their slopes, each at its own rate."""

    def __init__(self, values: Sequence[Matrix], steps: int) -> None:
        self._values = values
        self._means = [np.zeros_like(value) for value in values]
        self._squares = [np.zeros_like(value) for value in values]
        self._steps, self._step = steps, 0

    def step(self, *slopes: Matrix) -> None:
        self._step += 1
        rate = RATE * (1 - self._step / self._steps)
        rate *= np.sqrt(1 - _SQUARE_DECAY**self._step) / (1 - _MEAN_DECAY**self._step)
        for value, mean, square, slope in zip(self._values, self._means, self._squares, slopes, strict=True):
            mean += (1 - _MEAN_DECAY) * (slope - mean)
            square += (1 - _SQUARE_DECAY) * (slope * slope - square)
            value -= rate * mean / (np.sqrt(square) + 1e-8)
