"""The text variants of the demo company: both languages complete, every slot known."""

from typing import get_args

import pytest

from demo.beats import BEATS, STORY_BEATS
from demo.grammar import TEXTS, load_texts, slots_in
from demo.world import Lang

SLOTS = """
to short site vendor product family_label qty qty_small unit goods goods_cap competitor board need_by soon
valid eb champ tech user proc rep expert issue Issue trial Trial trial_lower result Result result_lower need
Need need_lower benefit question answer question2 answer2 Question amount budget delay_cost pct pct_small
rep_pct big_pct terms_days ask_days visits lead quote order contract expiry left_on
"""
SOURCES = {"mail": "mails", "note": "notes", "post": "notes", "meeting": "talks", "call": "talks"}


@pytest.mark.parametrize("name", ["mails", "talks", "notes", "families", "script"])
@pytest.mark.parametrize("lang", get_args(Lang))
def test_texts_use_known_slots_only(name: str, lang: Lang) -> None:
    texts = load_texts(name, lang)
    assert slots_in("\n".join(part for parts in texts.values() for part in parts)) <= set(SLOTS.split())


@pytest.mark.parametrize("lang", get_args(Lang))
def test_every_topic_of_a_purchase_is_written(lang: Lang) -> None:
    for beats in (*BEATS.values(), *STORY_BEATS.values()):
        for beat in beats:
            assert beat.topic in load_texts(SOURCES[beat.form], lang)


def test_both_languages_have_the_same_topics() -> None:
    for path in TEXTS.glob("*_en.txt"):
        name = path.name.removesuffix("_en.txt")
        if name != "script":
            assert load_texts(name, "en").keys() == load_texts(name, "zh").keys()
