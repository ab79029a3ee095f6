"""Prompt text changes only together with its version, and every prompt file is sound."""

import pytest

from core.language import Lang
from prompts import lock
from prompts.files import PHRASES_FILE, PROMPTS_FOLDER, SENTENCES_FILE
from prompts.loader import load_phrases, load_prompt
from prompts.sentences import load_sentences

FILES = sorted(lock.scan(PROMPTS_FOLDER))


def test_no_prompt_text_changed_without_a_higher_version() -> None:
    assert lock.unbumped(PROMPTS_FOLDER) == []


def test_the_lock_records_every_prompt_file() -> None:
    assert lock.unrecorded(PROMPTS_FOLDER) == []


@pytest.mark.parametrize("name", FILES)
def test_a_prompt_file_loads_in_both_languages(name: str) -> None:
    agent, file = name.split("/")
    if file == PHRASES_FILE:
        assert load_phrases(agent).kinds
    elif file == SENTENCES_FILE:
        assert load_sentences().open
    else:
        prompt, lang, _ = file.rsplit(".", 2)
        assert load_prompt(agent, prompt, Lang(lang)).version >= 1
