"""The weights of the ``reddit`` scorer, in a file of our own beside the code.

The file is one line of JSON, then the grams and the pieces, one a line, then their weights as little-endian
16-bit integers, three each, in units of a step. Nothing in it can run, and the same model is the same bytes.
"""

import json
import sys
from array import array
from dataclasses import dataclass
from pathlib import Path

MODEL_FILE = Path(__file__).parent / "data" / "reddit.model"
FORMAT = 1

Row = tuple[int, int, int]
"""Weights for negative, neutral and positive, in units of :attr:`Model.step`."""


@dataclass(frozen=True, slots=True)
class Model:
    """A multinomial logistic regression over negative, neutral and positive."""

    grams: dict[str, Row]
    """Words, pairs and negated words."""
    pieces: dict[str, Row]
    """Pieces of words."""
    step: float
    numbers: list[list[float]]
    """Three weights for each number of the lexicons."""
    bias: list[float]
    scale: float
    """The grams of a text together have this length, however many they are; so have the pieces."""
    temperature: float
    """What the evidence is divided by so that a confidence is how often it is right."""


def write_model(model: Model, file: Path) -> None:
    """Write it."""
    head = {
        "format": FORMAT,
        "grams": len(model.grams),
        "pieces": len(model.pieces),
        "step": model.step,
        "scale": model.scale,
        "temperature": model.temperature,
        "bias": model.bias,
        "numbers": model.numbers,
    }
    lines = [json.dumps(head), *model.grams, *model.pieces]
    rows = [*model.grams.values(), *model.pieces.values()]
    weights = _little_endian(array("h", [weight for row in rows for weight in row]))
    file.write_bytes("".join(f"{line}\n" for line in lines).encode() + weights.tobytes())


def read_model(file: Path = MODEL_FILE) -> Model:
    """Read it.

    :raises FileNotFoundError: when it is not there.
    :raises ValueError: when it is something else, or cut short.
    """
    content = file.read_bytes()
    head = json.loads(content[: content.index(b"\n")])
    if head.get("format") != FORMAT:
        raise ValueError(f"{file} is of another format")
    count = head["grams"] + head["pieces"]
    weights = array("h", content[-count * 3 * array("h").itemsize :])
    names = content[: -count * 3 * weights.itemsize].decode().split("\n")[1:-1]
    if len(names) != count:
        raise ValueError(f"{file} is cut short")
    values = iter(_little_endian(weights))
    rows = list(zip(values, values, values, strict=True))
    split = head["grams"]
    return Model(
        dict(zip(names[:split], rows[:split], strict=True)),
        dict(zip(names[split:], rows[split:], strict=True)),
        head["step"],
        head["numbers"],
        head["bias"],
        head["scale"],
        head["temperature"],
    )


def _little_endian(numbers: "array[int]") -> "array[int]":
    if sys.byteorder == "big":
        numbers.byteswap()
    return numbers
