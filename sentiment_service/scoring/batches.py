"""Cutting texts into batches that keep the scoring process busy and nobody waiting for long."""

from collections.abc import Iterator, Sequence


def batches(texts: Sequence[str], *, max_texts: int, max_characters: int) -> Iterator[list[str]]:
    """Consecutive texts in batches of at most so many texts and characters.

    A longer text is a batch of its own.
    """
    batch: list[str] = []
    characters = 0
    for text in texts:
        if batch and (len(batch) == max_texts or characters + len(text) > max_characters):
            yield batch
            batch, characters = [], 0
        batch.append(text)
        characters += len(text)
    if batch:
        yield batch
