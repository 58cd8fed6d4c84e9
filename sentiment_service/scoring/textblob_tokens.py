"""How TextBlob cuts a text into words: the rules of ``textblob._text.find_tokens``."""

import re
from collections.abc import Iterator, Sequence
from types import ModuleType

_QUOTES = "“”‘’'\""
END = "END-OF-SENTENCE"
"""What stands for the end of a paragraph; whoever writes it out gets what TextBlob gives."""
_ENDS = ("...", ".", "!", "?", END)
_AFTER_END = frozenset(("”", "’", ")", *_ENDS))
_PARAGRAPH = re.compile(r"\n{2,}")


class Tokenizer:
    """Cuts texts.

    :param rules: the module ``textblob._text``.
    :param same_everywhere: see :class:`~sentiment_service.scoring.fast_textblob.FastTextBlob`.
    """

    def __init__(self, rules: ModuleType, *, same_everywhere: bool) -> None:
        self._marks: str = rules.PUNCTUATION.replace(".", "")
        self._abbreviations: set[str] = rules.ABBREVIATIONS
        self._longest_abbreviation = max(map(len, self._abbreviations))
        self._abbreviation_patterns = (rules.RE_ABBR1, rules.RE_ABBR2, rules.RE_ABBR3)
        faces = sorted(
            {face for faces in rules.EMOTICONS.values() for face in faces}, key=lambda f: (-len(f), f)
        )
        self._faces: re.Pattern[str] = _faces(faces) if same_everywhere else rules.RE_EMOTICONS
        self._sarcasm: re.Pattern[str] = rules.RE_SARCASM
        self.longest_face = max(map(len, faces))
        self._beginnings, self._middles = _cut_faces([*faces, "(!)"])

    def _spaced(self, text: str) -> str:
        """The text with spaces where contractions and quotes are cut."""
        text = text.replace("n't", " n't")
        for quote in _QUOTES:
            if quote in text:
                text = text.replace(quote, f" {quote} ")
        return text

    def pieces(self, text: str) -> list[str]:
        """Words and marks: punctuation is cut off both ends of what stands between two spaces."""
        return [piece for stretch in self._spaced(text).split() for piece in self._cut(stretch)]

    def _cut(self, stretch: str) -> Iterator[str]:
        core = stretch.lstrip(self._marks)
        yield from stretch[: len(stretch) - len(core)]
        end, tail = len(core), []
        while end:
            last = core[end - 1]
            if last == ".":
                if core.endswith("...", 0, end):
                    tail.append("...")
                    while end and core[end - 1] == ".":
                        end -= 1
                    continue
                if self._is_abbreviation(core, end):
                    break
            elif last not in self._marks:
                break
            tail.append(last)
            end -= 1
        if end:
            yield core[:end]
        yield from reversed(tail)

    def _is_abbreviation(self, core: str, end: int) -> bool:
        if end <= self._longest_abbreviation and core[:end] in self._abbreviations:
            return True
        return any(pattern.match(core, 0, end) for pattern in self._abbreviation_patterns)

    def may_end_face(self, piece: str) -> bool:
        """Whether an emoticon whose characters stand apart could end with a piece."""
        return piece in self._beginnings

    def may_be_face(self, before: Sequence[str], piece: str) -> bool:
        """Whether a piece could end an emoticon that those before it begin, or the last of them is in."""
        beginnings = self._beginnings.get(piece, ())
        return "".join(before).endswith(beginnings) or (before[-1], piece) in self._middles

    def words(self, text: str) -> list[str]:
        """The words of a text sentence by sentence, with emoticons put together."""
        text = _PARAGRAPH.sub(f" {END} ", self._spaced(text).replace("\r\n", "\n"))
        tokens = [piece for stretch in text.split() for piece in self._cut(stretch)]
        return "\n".join(map(self._with_faces, self._sentences(tokens))).split()

    def _with_faces(self, sentence: str) -> str:
        sentence = self._sarcasm.sub("(!)", sentence)
        return self._faces.sub(lambda face: face[1].replace(" ", "") + face[2], sentence)

    def _sentences(self, tokens: Sequence[str]) -> Iterator[str]:
        begin, here = 0, 0
        while here < len(tokens):
            if tokens[here] in _ENDS:
                while here < len(tokens) and tokens[here] in _AFTER_END:
                    here += 1
                yield " ".join(token for token in tokens[begin:here] if token != END)
                begin = here
            here += 1
        yield " ".join(tokens[begin:])


def _faces(faces: Sequence[str]) -> re.Pattern[str]:
    """Emoticons with at most one space between two characters, before a space or the end."""
    return re.compile(rf"({'|'.join(' ?'.join(map(re.escape, face)) for face in faces)})($|\s)")


def _cut_faces(faces: Sequence[str]) -> tuple[dict[str, tuple[str, ...]], set[tuple[str, str]]]:
    """What each end of an emoticon may come after: all of its beginning, or a piece from its middle."""
    beginnings: dict[str, tuple[str, ...]] = {}
    middles: set[tuple[str, str]] = set()
    for face in faces:
        for cut in range(1, len(face)):
            beginnings[face[cut:]] = (*beginnings.get(face[cut:], ()), face[:cut])
            middles.update((face[start:cut], face[cut:]) for start in range(1, cut))
    return beginnings, middles
