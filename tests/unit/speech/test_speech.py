"""Recordings become turns: files that are none, sounds without a voice, channels, and errors counted by hand."""

import json
import wave
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from connectors.speech.local import LocalWhisper
from connectors.speech.sound import RATE, Sound, read_sound
from connectors.speech.turns import build_turns
from connectors.speech.voices import find_stretches
from core.errors import InvalidInputError
from core.language import Lang
from core.ports.speech import HeardWord, Progress, Stretch, Transcript
from core.settings import Settings
from evals.suites.speech.counting import diarisation_error, edits, units
from evals.suites.speech.suite import SpeechSuite
from evals.suites.suite import Item, Run


def write_wave(path: Path, samples: NDArray[np.float64], channels: int = 1, rate: int = RATE) -> Path:
    with wave.open(str(path), "wb") as file:
        file.setnchannels(channels)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes((samples * 32767).astype("<i2").tobytes())
    return path


def word(start: float, text: str, lang: Lang = Lang.EN) -> HeardWord:
    return HeardWord(start, start + 0.4, text, lang)


def test_what_is_no_sound_is_refused_with_the_remedy(tmp_path: Path) -> None:
    path = tmp_path / "call.mp3"
    path.write_text("not a recording")
    with pytest.raises(InvalidInputError, match="cannot be read as audio"):
        read_sound(path)


def test_a_recording_that_is_too_long_is_refused(tmp_path: Path) -> None:
    path = write_wave(tmp_path / "long.wav", np.zeros(RATE * 3))
    assert read_sound(path, most_seconds=3.1).seconds == pytest.approx(3)
    with pytest.raises(InvalidInputError, match="longer than"):
        read_sound(path, most_seconds=2)


def test_other_rates_and_two_channels_are_read(tmp_path: Path) -> None:
    sound = read_sound(write_wave(tmp_path / "call.wav", np.tile([0.5, 0.0], 44_100), channels=2, rate=44_100))
    assert sound.seconds == pytest.approx(1, abs=0.01)
    assert sound.channels is not None
    assert [float(np.median(each)) for each in sound.channels] == pytest.approx([0.5, 0.0], abs=0.01)


def test_no_word_is_heard_in_silence_and_noise(tmp_path: Path) -> None:
    noise = 0.1 * np.random.default_rng(1).standard_normal(RATE * 3).clip(-5, 5)
    for samples in (np.zeros(RATE * 3), noise):
        heard = LocalWhisper().transcribe(write_wave(tmp_path / "call.wav", samples))
        assert (heard.words, heard.turns) == ((), ())


def test_one_speaker_a_channel_is_told_from_the_channels() -> None:
    noise = 0.1 * np.random.default_rng(1).standard_normal(RATE * 4).astype(np.float32)
    first = np.where(np.arange(len(noise)) < 2 * RATE, noise, 0.001 * noise)
    second = noise - first
    stretches = find_stretches(Sound((first + second) / 2, (first, second)), [(0.0, 4.0)], None)
    assert [one.speaker for one in stretches] == [0, 1]
    assert stretches[0].end == pytest.approx(2, abs=0.15)


def test_nobody_is_told_apart_in_one_channel_unless_it_is_known_how_many_speak() -> None:
    noise = np.random.default_rng(1).standard_normal(RATE * 4).astype(np.float32)
    deep = np.convolve(noise, np.ones(30, np.float32) / 30, "same")
    sound = Sound(np.concatenate([noise[: 2 * RATE], deep[: 2 * RATE]]), None)
    assert {one.speaker for one in find_stretches(sound, [(0.0, 4.0)], None)} == {0}
    told = find_stretches(sound, [(0.0, 4.0)], 2)
    assert len(told) == 2
    assert told[0].end == pytest.approx(2, abs=0.5)


def test_a_sentence_has_one_speaker_and_another_language_begins_a_turn() -> None:
    words = [word(0, "We"), word(0.5, " agree."), word(1, " Good."), word(1.5, "好的。", Lang.ZH)]
    turns = build_turns(words, [Stretch(0, 0.7, 5), Stretch(0.7, 3, 2)])
    assert [(turn.speaker, turn.start, turn.text) for turn in turns] == [
        ("Speaker 1", 0, "We agree."),
        ("Speaker 2", 1, "Good."),
        ("Speaker 2", 1.5, "好的。"),
    ]
    assert {turn.speaker for turn in build_turns(words, [Stretch(0, 3, 4)])} == {""}


def test_errors_are_counted_as_by_hand() -> None:
    assert edits(units("He hoped, there", Lang.EN), units("he hopped THERE now.", Lang.EN)) == 2
    assert edits(units("换一首歌", Lang.ZH), units("换一首，哥。", Lang.ZH)) == 1
    truth = [Stretch(0, 2, 0), Stretch(2, 4, 1)]
    assert diarisation_error(truth, [Stretch(0, 2, 7), Stretch(2, 4, 3)]) == 0
    assert diarisation_error(truth, [Stretch(0, 4, 0)]) == pytest.approx(0.5)
    assert diarisation_error(truth, []) == pytest.approx(1)


@pytest.mark.parametrize(
    ("written", "said", "lang"),
    [
        (
            "Mr. Smith’s 1,215 pumps, 100%",
            "MISTER SMITH'S ONE THOUSAND TWO HUNDRED FIFTEEN PUMPS ONE HUNDRED PERCENT",
            "en",
        ),
        ("42 of 3,000,017", "forty two of three million seventeen", "en"),
        ("2012年有15%，共10500台", "二零一二年有百分之十五共一万零五百台", "zh"),
        ("3.14和107、20、110", "三点一四和一百零七二十一百一十", "zh"),
        ("0.5%，200000000", "百分之零点五两亿".replace("两", "二"), "zh"),
    ],
)
def test_numbers_count_as_they_are_said(written: str, said: str, lang: str) -> None:
    assert units(written, Lang(lang)) == units(said, Lang(lang))


class Scripted:
    """Hears the same in every file with a voice; in the sounds without one, what it is told to."""

    name = "scripted"

    def __init__(self, invents: str) -> None:
        self._invents = invents

    def transcribe(
        self, path: Path, *, speakers: int | None = None, progress: Progress | None = None, keep: Path | None = None
    ) -> Transcript:
        text = "good mourning" if path.stem == "a" else self._invents
        return Transcript(2.0, (word(0, text),) if text else (), (Stretch(0, 2, 0),), ())


def test_the_suite_counts_what_is_heard_and_who_speaks(tmp_path: Path) -> None:
    line = {"audio": "a.wav", "lang": "en", "text": "GOOD MORNING"}
    (tmp_path / "manifest.jsonl").write_text(json.dumps(line))
    (tmp_path / "a.rttm").write_text("SPEAKER a 1 0 1 <NA> <NA> x <NA> <NA>\nSPEAKER a 1 1 1 <NA> <NA> y <NA> <NA>\n")
    (tmp_path / "a.wav").touch()
    told: list[Item] = []
    suite = SpeechSuite(Scripted(""), Scripted("you"))
    report = suite.run(Run(Settings(home=tmp_path), tmp_path, "speech", told.append, lambda *_: None))
    assert (report.figures["wer"], report.figures["der"], report.figures["nobody_characters"]) == (0.5, 0.5, 0)
    assert report.baselines["without_vad"]["nobody_characters"] == 4 * len("you")
    assert report.by["lang:en"] == {"error_rate": 0.5}
    assert len(told) == report.n + 2

    (tmp_path / "a.rttm").write_text("SPEAKER a\n")
    with pytest.raises(InvalidInputError, match="line 1"):
        suite.run(Run(Settings(home=tmp_path), tmp_path, "speech", told.append, lambda *_: None))
