"""From Reddit markdown to the text that is scored: what a person wrote, and nothing else.

Kept: words, emoji, emoticons, punctuation, negations and contractions exactly as typed (a typographic
apostrophe too: of 16,660 labelled comments with an apostrophe, TextBlob scores 15 differently with the other
kind). Left out: code, addresses, quoted lines, images, markup. Paragraphs are separated by an empty line, so
that the end of a heading or list item ends a sentence. Plain prose comes out as it went in, and scores the
same.
"""

import re
import unicodedata

from sentiment_service.models import PLACEHOLDERS, Item, Post
from sentiment_service.scoring.blocks import paragraphs
from sentiment_service.scoring.characters import readable
from sentiment_service.scoring.inline import plain_words

MAX_CHARACTERS = 100_000
"""Longer texts are cut; Reddit allows 40,000."""

MAX_RUN = 24
"""A longer row of one mark, such as ``!!!!…``, is cut: TextBlob needs 24 to go from the weakest to the
limit."""

MAX_WORD = 200
"""A longer stretch without a space is broken up, because TextBlob's tokenizer is quadratic in it."""

_GONE_TITLES = PLACEHOLDERS | {"[deleted by user]"}
_MARKDOWN_AT_START = (">", "~", "`", "[", "|", "#")

_RUN = re.compile(rf"([^\w\s])\1{{{MAX_RUN},}}+")
_LETTER_OR_DIGIT = re.compile(r"[^\W_]")
_EMOTICON = re.compile(r"[:;=>*][-^.o']?[()\[\]{}/\\<>]|[()\[\]{}][-^']?[:;=]")


def text_of(item: Item) -> str:
    """The markdown of an item: title and body of a post, the body of a comment.

    A placeholder of Reddit's counts as no text; a removed post may keep its title.
    """
    body = "" if item.text.strip() in PLACEHOLDERS else item.text
    if not isinstance(item, Post):
        return body
    title = item.title.strip()
    if title in _GONE_TITLES:
        title = ""
    # A title is not markdown, so ">100k tokens" is no quotation.
    if title.startswith(_MARKDOWN_AT_START):
        title = "\\" + title
    return f"{title}\n\n{body}" if title and body else title or body


def scorable_text(markdown: str) -> str:
    """What a person wrote in a text of Reddit markdown; empty when there is nothing to score.

    Never raises, whatever the characters; takes time linear in the length. The result has at most twice the
    characters of the text.
    """
    if markdown.strip() in PLACEHOLDERS:
        return ""
    whole = "\n\n".join(_tidy(plain_words(each)) for each in paragraphs(readable(markdown[:MAX_CHARACTERS])))
    return whole.strip() if _says_something(whole) else ""


def _tidy(text: str) -> str:
    lines = (words for line in text.split("\n") if (words := line.split()))
    return "\n".join(
        " ".join(words if len(max(words, key=len)) <= MAX_RUN else map(_short, words)) for words in lines
    )


def _short(word: str) -> str:
    if len(word) <= MAX_RUN:
        return word
    word = _RUN.sub(lambda run: run[0][:MAX_RUN], word)
    return " ".join(word[start : start + MAX_WORD] for start in range(0, len(word), MAX_WORD))


def _says_something(text: str) -> bool:
    """Whether there is a letter, a digit, an emoji or an emoticon."""
    if _LETTER_OR_DIGIT.search(text) or _EMOTICON.search(text):
        return True
    return any(ord(each) > 0x7F and unicodedata.category(each)[0] == "S" for each in text)
