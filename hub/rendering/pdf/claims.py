"""Sentences in the PDF: each with its state and the numbers of its sources, which lead to them."""

from collections.abc import Iterable

from core.domain.claims import Claim, ClaimState
from hub.rendering.outline import Outline
from hub.rendering.pdf.sheet import Sheet, colours


class Sentences:
    """The claims of one package as markup."""

    def __init__(self, outline: Outline, sheet: Sheet) -> None:
        self.outline = outline
        self.sheet = sheet

    def claim(self, claim: Claim) -> str:
        """A claim, its state where it is not plainly supported, who put it so, and its sources."""
        labels, sheet = self.outline.labels, self.sheet
        parts = [sheet.markup(claim.text)]
        if claim.state is not ClaimState.SUPPORTED:
            colour = colours()["high" if claim.state is ClaimState.UNSUPPORTED else "medium"].hexval()
            name = sheet.markup(labels.aside(labels.name(claim.state)))
            parts.append(f'<font color="{colour}" size="8">{name}</font>')
        if claim.edited_by is not None:
            parts.append(sheet.soft(labels.aside(labels("edited_by", name=claim.edited_by))))
        return "".join(parts) + self.marks(claim)

    def claims(self, claims: Iterable[Claim]) -> list[str]:
        """Several."""
        return [self.claim(claim) for claim in claims]

    def by_id(self, claim_id: str, text: str) -> str:
        """The claim with that id, or the bare text when the package does not hold it."""
        claim = self.outline.claims.get(claim_id)
        return self.sheet.markup(text) if claim is None else self.claim(claim)

    def marks(self, claim: Claim) -> str:
        """The numbers of a claim's sources, raised; a few of many, since they all lead to the same list."""
        colour = colours()["accent"].hexval()
        numbers = sorted(self.outline.numbers[id_] for id_ in claim.evidence)
        links = (f'<a href="#s{number}" color="{colour}">{number}</a>' for number in numbers)
        return f' <super size="6.8" rise="3">{" ".join(links)}</super>' if numbers else ""
