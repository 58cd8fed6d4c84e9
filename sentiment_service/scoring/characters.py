"""Characters no scorer can use: entities, control characters, broken surrogates, invisible marks."""

import html
import re

# Longer than any name in HTML, shorter than what could make the decoder slow or overflow an integer.
_ENTITY = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
_SURROGATE = re.compile("[\ud800-\udfff]")
_LINE_ENDS = re.compile("\r\n|[\r\v\f\x85\u2028\u2029]")

# Soft hyphen, zero-width space and no-break space, direction marks. The zero-width joiner stays: it builds
# emoji.
_INVISIBLE = "\u00ad\u200b\u200e\u200f\u2060\ufeff\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
_CONTROLS = [code for code in (*range(0x20), *range(0x7F, 0xA0)) if chr(code) not in "\t\n"]
_UNWANTED = re.compile(f"[{re.escape(_INVISIBLE + ''.join(map(chr, _CONTROLS)))}\u2028\u2029\xa0\ufffd]")
_TRANSLATION = dict.fromkeys(map(ord, _INVISIBLE)) | dict.fromkeys((*_CONTROLS, 0xA0, 0xFFFD), " ")


def readable(text: str) -> str:
    """The text with entities decoded, one kind of line end, and nothing invisible or broken in it.

    Halves of a surrogate pair that belong together become their character, others a space.
    """
    if "&" in text:
        text = _ENTITY.sub(lambda entity: html.unescape(entity[0]), text)
    if text.isascii() and text.replace("\n", "").isprintable():
        return text
    if _SURROGATE.search(text):
        text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    if _UNWANTED.search(text):
        text = _LINE_ENDS.sub("\n", text).translate(_TRANSLATION)
    return text
