"""Cutting interactions into passages: small enough to be found and shown, whole enough to be understood."""

from collections.abc import Iterator, Sequence

from core.domain.interactions import Interaction, Passage
from core.language import is_cjk
from core.text import split_sentences

# Weights, not characters: a Han character says about as much as two Latin ones, so Chinese passages are half as long.
_FULL = 520
_SCRAP = 80
_SUBJECT = 200

Span = tuple[int, int]


def split_passages(interaction: Interaction) -> list[Passage]:
    """The passages of an interaction in reading order; ids are `<interaction_id>#<seq>`.

    A passage is an unbroken slice of `interaction.text`, cut between sentences (between turns, where there are
    turns, as long as a turn fits) at about 520 Latin or 260 Han characters. The first also starts with the subject, on
    a line of its own. No sentence is lost or repeated; nothing but white space lies between two passages.
    """
    text = interaction.text
    subject = subject_line(interaction.subject)
    room = _FULL - min(weight(subject), _FULL // 2)
    texts = [text[start:end] for start, end in _packed(text, list(_units(interaction)), room)]
    if subject:
        texts = ["\n".join([subject, *texts[:1]]), *texts[1:]]
    return [
        Passage(
            id=f"{interaction.id}#{seq}",
            interaction_id=interaction.id,
            account_id=interaction.account_id,
            seq=seq,
            at=interaction.at,
            text=piece,
        )
        for seq, piece in enumerate(texts)
    ]


def subject_line(subject: str | None) -> str:
    """The subject as the first passage shows it: one line, at most 200 characters, empty without a subject."""
    return " ".join((subject or "").split())[:_SUBJECT].rstrip()


def weight(text: str) -> int:
    """Length of `text` with each Han character counted twice."""
    return len(text) + sum(map(is_cjk, text))


def sentence_spans(text: str, start: int = 0, end: int | None = None) -> Iterator[Span]:
    """Where the sentences of `text[start:end]` lie in `text`."""
    at = start
    for sentence in split_sentences(text[start:end]):
        begin = text.index(sentence, at)
        at = begin + len(sentence)
        yield begin, at


def _units(interaction: Interaction) -> Iterator[Span]:
    """Spans that passages keep whole: turns that fit, else sentences, else pieces of endless sentences."""
    text = interaction.text
    for start, end in _turn_spans(interaction) or [(0, len(text))]:
        if interaction.turns and weight(text[start:end]) <= _FULL:
            yield start, end
            continue
        for sentence in sentence_spans(text, start, end):
            yield from _shortened(text, *sentence)


def _turn_spans(interaction: Interaction) -> list[Span]:
    """Where the turns lie in the text, speakers included; empty when the text was not made of the turns."""
    spans: list[Span] = []
    at = 0
    for turn in interaction.turns:
        line = f"{turn.speaker}: {turn.text}".strip()
        begin = interaction.text.find(line, at)
        if begin < 0 or interaction.text[at:begin].strip():
            return []
        at = begin + len(line)
        spans.append((begin, at))
    return [] if interaction.text[at:].strip() else spans


def _shortened(text: str, start: int, end: int) -> Iterator[Span]:
    """The span itself, or pieces that fit, cut after white space or a comma where one is near."""
    # No character weighs less than one, so the next `_FULL` and one more tell whether the rest is too much.
    while weight(text[start : min(end, start + _FULL + 1)]) > _FULL:
        cut = start + _FULL // 2
        taken = weight(text[start:cut])
        while cut < end and (taken := taken + weight(text[cut])) <= _FULL:
            cut += 1
        for near in range(cut, start + _FULL // 4, -1):
            if text[near - 1].isspace() or text[near - 1] in ",，、;；":
                cut = near
                break
        piece_end = start + len(text[start:cut].rstrip())
        yield start, piece_end
        start = cut
        while start < end and text[start].isspace():
            start += 1
    if start < end:
        yield start, end


def _packed(text: str, units: Sequence[Span], room: int) -> list[Span]:
    """Neighbouring units joined while they fit (`room` for the first passage); a scrap at the end joins the last."""
    packed: list[Span] = []
    for start, end in units:
        limit = room if len(packed) == 1 else _FULL
        if packed and weight(text[packed[-1][0] : end]) <= limit:
            packed[-1] = (packed[-1][0], end)
        else:
            packed.append((start, end))
    if len(packed) > 1:
        (before, _), (start, end) = packed[-2:]
        if weight(text[start:end]) < _SCRAP and weight(text[before:end]) <= _FULL + 2 * _SCRAP:
            packed[-2:] = [(before, end)]
    return packed
