"""Quotations stay out of a model's sight: it gets a placeholder for each, and code puts the words back.

So nothing that an outsider wrote and that stands between quotation marks can instruct the model or come back changed.
"""

import re
from dataclasses import dataclass

_QUOTATION = re.compile(r"“[^”]*”|「[^」]*」|《[^》]*》|\"[^\"]*\"")
PLACEHOLDER = re.compile(r"\{q\d+\}")


@dataclass(frozen=True, slots=True)
class Masked:
    """A sentence with its quotations, marks included, replaced by `{q1}`, `{q2}`, …"""

    text: str
    quotations: tuple[str, ...]

    def restore(self, text: str) -> str:
        """`text` with each placeholder replaced by its quotation; unknown placeholders are left alone."""
        back = {f"{{q{index}}}": quotation for index, quotation in enumerate(self.quotations, start=1)}
        return PLACEHOLDER.sub(lambda match: back.get(match.group(), match.group()), text)


def mask(text: str) -> Masked:
    """The sentence without its quotations. What looks like a placeholder in `text` itself is masked as well."""
    quotations: list[str] = []

    def keep(match: re.Match[str]) -> str:
        quotations.append(match.group())
        return f"{{q{len(quotations)}}}"

    masked = re.sub(f"{_QUOTATION.pattern}|{PLACEHOLDER.pattern}", keep, text)
    return Masked(masked, tuple(quotations))
