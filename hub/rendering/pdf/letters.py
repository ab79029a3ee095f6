"""Letters: which fonts a PDF is set in, and text from outside made safe for it.

Latin letters are set in the fonts that every reader has. Chinese ones come from a font of this machine, of which the
file then carries the letters it needs; where there is none, the reader's own Chinese font shows them.
"""

from functools import cache
from itertools import groupby
from pathlib import Path
from threading import Lock
from xml.sax.saxutils import escape

from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfbase.pdfmetrics import registerFont
from reportlab.pdfbase.ttfonts import TTFError, TTFont

from core.errors import SetupError

LATIN, LATIN_BOLD = "Helvetica", "Helvetica-Bold"
_READERS_OWN = "STSong-Light"
# TrueType fonts with Chinese, as Debian, macOS and Windows have them; others are named by the settings.
_USUAL = (
    *("/usr/share/fonts/truetype/wqy/wqy-microhei.ttc", "/usr/share/fonts/truetype/wqy/wqy-zenhei.ttc"),
    *("/usr/share/fonts/truetype/droid/DroidSansFallbackFull.ttf", "/usr/share/fonts/truetype/arphic/uming.ttc"),
    *("/System/Library/Fonts/STHeiti Light.ttc", "/Library/Fonts/Arial Unicode.ttf"),
    *("C:/Windows/Fonts/msyh.ttc", "C:/Windows/Fonts/simhei.ttf"),
)
# Signs that many Chinese fonts do not have, as the fonts of every reader write them.
_LOOK_ALIKES = str.maketrans({"−": "–", "‑": "-", "\u202f": " "})
_REGISTERING = Lock()


def chinese_font(wanted: Path | None = None) -> str:
    """The name of the font for all letters that are not Latin; SetupError when the one wanted cannot be used."""
    if wanted is not None:
        try:
            return _register(wanted)
        except (OSError, TTFError) as error:
            raise SetupError(
                f"{wanted} is no TrueType font that can be read ({error})",
                field="SALESHUB_PDF_FONT",
                remedy="Name a .ttf or .ttc file with TrueType outlines.",
            ) from error
    return _found()


@cache
def _found() -> str:
    for place in map(Path, _USUAL):
        if place.is_file():
            try:
                return _register(place)
            except (OSError, TTFError):
                continue
    with _REGISTERING:
        registerFont(UnicodeCIDFont(_READERS_OWN))
    return _READERS_OWN


@cache
def _register(path: Path) -> str:
    name = f"chinese {path}"
    with _REGISTERING:
        registerFont(TTFont(name, str(path), subfontIndex=0))
    return name


def is_latin(letter: str) -> bool:
    """Whether the fonts that every reader has can show it."""
    try:
        letter.encode("cp1252")
    except UnicodeEncodeError:
        return False
    return True


def font_of(text: str, chinese: str, *, bold: bool = False) -> str:
    """The one font that can show all of a short text."""
    return (LATIN_BOLD if bold else LATIN) if all(map(is_latin, text)) else chinese


def marked_up(text: str, chinese: str) -> str:
    """The text as a paragraph's markup: nothing in it is markup, and each letter is in a font that has it."""
    plain = "".join(letter if letter.isprintable() else " " for letter in text.translate(_LOOK_ALIKES))
    runs = ((latin, escape("".join(letters))) for latin, letters in groupby(plain, is_latin))
    return "".join(run if latin else f'<font name="{chinese}">{run}</font>' for latin, run in runs)
