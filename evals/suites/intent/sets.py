"""The public sets `resper` and `email_intent`."""

from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from evals.suites.reading import read_models, read_text, unusable

TALKS = ("craigslist_negotiation", "persuasion4good")
ASKS = "Yes"


class _Line(BaseModel):
    model_config = ConfigDict(extra="ignore", coerce_numbers_to_str=True)

    fold: int
    text: str
    gold: int


@dataclass(frozen=True, slots=True)
class Labelled:
    """Texts, what was said before each (empty at a start), their classes, and the fold that each is judged in.

    What has the fold `LEARN` is only learned from.
    """

    texts: tuple[str, ...]
    before: tuple[str, ...]
    classes: tuple[int, ...]
    folds: tuple[int, ...]


LEARN = -1


def load_resper(folder: Path) -> dict[str, Labelled]:
    """The talks of the set by name (Dutt et al. 2021), in their own folds. Raises InvalidInputError."""
    found = {}
    for name in TALKS:
        path = folder / f"{name}.jsonl"
        if path.is_file():
            lines = read_models(path, _Line)
            if len({line.fold for line in lines}) < 2:
                raise unusable(path, "needs two folds, one to learn from and one to be judged on")
            # A fold is whole dialogues one after the other.
            pairs = zip([None, *lines], lines, strict=False)
            before = tuple(last.text if last and last.fold == line.fold else "" for last, line in pairs)
            found[name] = Labelled(
                tuple(line.text for line in lines),
                before,
                tuple(line.gold for line in lines),
                tuple(line.fold for line in lines),
            )
    if not found:
        raise unusable(folder / f"{TALKS[0]}.jsonl", "is not there")
    return found


def load_email(folder: Path, folds: int) -> Labelled:
    """Sentences of mail that ask or propose something (1) or do not (0); raises InvalidInputError.

    With a `test.tsv` that part is judged, by what was learned from `train.tsv`; without it every sentence of
    `train.tsv` is, in `folds` folds, equal sentences in the same one.
    """
    learned = _sentences(folder / "train.tsv")
    judged = _sentences(folder / "test.tsv") if (folder / "test.tsv").is_file() else []
    places: dict[str, int] = {}
    numbers = [places.setdefault(text, len(places)) % folds for text, _ in learned] if not judged else []
    rows = [*learned, *judged]
    return Labelled(
        tuple(text for text, _ in rows),
        ("",) * len(rows),
        tuple(class_ for _, class_ in rows),
        tuple(numbers or [LEARN] * len(learned) + [0] * len(judged)),
    )


def _sentences(path: Path) -> list[tuple[str, int]]:
    rows: list[tuple[str, int]] = []
    for number, line in enumerate(read_text(path).splitlines(), 1):
        label, tab, text = line.partition("\t")
        if not tab or label not in {ASKS, "No"}:
            # A sentence may go on in the next line.
            if not rows:
                raise unusable(path, f"line {number}: needs Yes or No, a tab and a sentence")
            rows[-1] = (f"{rows[-1][0]} {line.strip()}".strip(), rows[-1][1])
            continue
        rows.append((text.strip(), int(label == ASKS)))
    return rows
