"""Showing somebody else's words: one line, short, and clearly theirs."""

_INNER = str.maketrans({"“": "‘", "”": "’", '"': "'", "「": "『", "」": "』"})


def unstopped(text: str) -> str:
    """`text` without its final full stop, for a quotation after whose closing mark a stop follows."""
    return text if text.endswith("..") else text.rstrip().removesuffix(".").removesuffix("。")


def quoted(text: str, limit: int = 120) -> str:
    """`text` fit to stand between quotation marks: one line of printable characters, at most `limit` of them.

    Inner quotation marks become single ones, so that the quotation cannot end early.
    """
    printable = "".join(char if char.isprintable() else " " for char in text)
    line = " ".join(printable.translate(_INNER).split())
    return line if len(line) <= limit else line[: limit - 1].rstrip() + "…"
