"""Bytes to text: UTF-8, then GB 18030 (GBK), then an educated guess."""

import codecs
from pathlib import Path

import charset_normalizer

from connectors.exports.outcome import RefusedError

MAX_TEXT_BYTES = 200 * 2**20
_MARKS = {
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF32_LE: "utf-32",
    codecs.BOM_UTF32_BE: "utf-32",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
_SAMPLE = 2**16


def read_text(path: Path) -> str:
    """The text of a file of at most 200 MiB, line ends as they are. Raises RefusedError."""
    if path.stat().st_size > MAX_TEXT_BYTES:
        raise RefusedError("file", f"larger than {MAX_TEXT_BYTES // 2**20} MiB: split it")
    return decode(path.read_bytes())


def decode(data: bytes) -> str:
    """`data` as text. Raises RefusedError when it is not text."""
    for mark, encoding in sorted(_MARKS.items(), key=lambda item: -len(item[0])):
        if data.startswith(mark):
            return _strict(data, encoding)
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        text = _not_utf8(data)
    if "\x00" in text:
        raise RefusedError("file", "binary data where text was expected")
    return text


def _not_utf8(data: bytes) -> str:
    """Chinese legacy text where it decodes without a fault and reads as Chinese, else the likeliest encoding."""
    try:
        text = data.decode("gb18030")
    except UnicodeDecodeError:
        text = ""
    if text and _reads_as_chinese(text):
        return text
    best = charset_normalizer.from_bytes(data[:_SAMPLE]).best()
    if best is None:
        if text:
            return text
        raise RefusedError("file", "the text encoding is not recognised: save it as UTF-8")
    return _strict(data, best.encoding)


def _reads_as_chinese(text: str) -> bool:
    """Most non-ASCII characters are common Han characters or full-width signs.

    Western text read as GB 18030 gives few, rare characters amid many letters.
    """
    foreign = [char for char in text[:_SAMPLE] if not char.isascii()]
    common = sum(_in_gb2312(char) for char in foreign)
    return bool(foreign) and common / len(foreign) > 0.9


def _in_gb2312(char: str) -> bool:
    try:
        char.encode("gb2312")
    except UnicodeEncodeError:
        return False
    return True


def _strict(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        raise RefusedError("file", f"not valid {encoding}: save it as UTF-8") from None
