"""Texts from variants: `[a|b]` chooses, `{slot}` fills in; what mentions an unknown slot is left out."""

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from random import Random

from demo.world import Lang

_CHOICE = re.compile(r"\[([^\[\]]*)\]")
_SLOT = re.compile(r"\{(\w+)\}")
TEXTS = Path(__file__).parent / "texts"

Slots = Mapping[str, str]


@cache
def load_texts(name: str, lang: Lang) -> dict[str, tuple[str, ...]]:
    """The topics of `texts/<name>_<lang>.txt`: `== topic` opens one, a line `--` separates its variants."""
    content = (TEXTS / f"{name}_{lang}.txt").read_text(encoding="utf-8")
    topics = {}
    for block in re.split(r"^== ", content, flags=re.MULTILINE)[1:]:
        topic, _, body = block.partition("\n")
        topics[topic.strip()] = tuple(part.strip() for part in re.split(r"^--$", body, flags=re.MULTILINE))
    return topics


@cache
def load_lines(name: str, lang: Lang, topic: str) -> tuple[str, ...]:
    """The lines of a topic that is a plain list."""
    return tuple(load_texts(name, lang)[topic][0].splitlines())


def slots_in(text: str) -> set[str]:
    """Names of the slots that `text` uses."""
    return set(_SLOT.findall(text))


def fill(text: str, slots: Slots, rng: Random) -> str | None:
    """`text` with choices made and slots filled; None when a slot outside the choices is unknown."""

    def choose(match: re.Match[str]) -> str:
        options = [option for option in match[1].split("|") if slots_in(option) <= slots.keys()]
        return rng.choice(options) if options else ""

    chosen = _CHOICE.sub(choose, text)
    if not slots_in(chosen) <= slots.keys():
        return None
    filled = re.sub(r" {2,}", " ", chosen.format_map(slots))
    return re.sub(r" +$", "", filled, flags=re.MULTILINE).strip()


def write(name: str, lang: Lang, topic: str, slots: Slots, rng: Random) -> str:
    """One text on `topic`, subjects left out; raises KeyError for an unknown topic or when no variant fits."""
    variants = list(load_texts(name, lang)[topic])
    rng.shuffle(variants)
    for variant in variants:
        body = "\n".join(line for line in variant.splitlines() if not line.startswith("# "))
        text = fill(body, slots, rng)
        if text:
            return text
    raise KeyError(f"no variant of {name}/{topic} ({lang}) can do with the slots {sorted(slots)}")


def write_subject(lang: Lang, topic: str, slots: Slots, rng: Random) -> str | None:
    """A subject line for a mail on `topic`; None when the topic has none (it answers another mail)."""
    lines = [line[2:] for part in load_texts("mails", lang)[topic] for line in part.splitlines() if line[:2] == "# "]
    rng.shuffle(lines)
    for line in lines:
        subject = fill(line, slots, rng)
        if subject:
            return subject[:1].upper() + subject[1:]
    return None


def write_line(name: str, lang: Lang, topic: str, rng: Random) -> str:
    """One line of a plain list."""
    return rng.choice(load_lines(name, lang, topic))


def write_dialogue(
    lang: Lang, topic: str, count: int, present: frozenset[str], *, slots: Slots, rng: Random
) -> list[tuple[str, str]]:
    """Up to `count` exchanges on `topic` as (role, text), only between roles in `present`, in the order of the file."""
    spoken = {}
    for index, exchange in enumerate(load_texts("talks", lang)[topic]):
        pairs = [line.partition(": ")[::2] for line in exchange.splitlines()]
        lines = [(role, text) for role, line in pairs if (text := fill(line, without(slots, role), rng))]
        if {role for role, _ in pairs} <= present and len(lines) == len(pairs):
            spoken[index] = lines
    chosen = sorted(rng.sample(sorted(spoken), min(count, len(spoken))))
    return [line for index in chosen for line in spoken[index]]


def without(slots: Slots, *names: str) -> dict[str, str]:
    """The slots but for `names`: nobody speaks of themself in the third person."""
    return {name: value for name, value in slots.items() if name not in names}
