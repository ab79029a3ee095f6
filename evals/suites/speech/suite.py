"""The suite `speech`."""

import time
from collections import defaultdict
from pathlib import Path
from tempfile import TemporaryDirectory

from pydantic import BaseModel

from connectors.speech.local import LocalWhisper
from core.language import Lang
from core.ports.speech import AUDIO_SUFFIXES, SpeechEngine, Stretch, Transcript
from evals.suites.reading import read_models, read_text, unusable
from evals.suites.speech.counting import diarisation_error, edits, units
from evals.suites.speech.sounds import SEED, write_sounds
from evals.suites.suite import Figures, Report, Run

_TICK_S = 0.01


class Recording(BaseModel):
    """A line of `manifest.jsonl`."""

    audio: str
    lang: Lang
    text: str


class SpeechSuite:
    """Own cases: sounds in which nobody speaks, made in the run. Set: recordings with text, and who spoke when."""

    name = "speech"
    sets = ("speech",)
    parts = ("nobody",)

    def __init__(self, engine: SpeechEngine | None = None, without_vad: SpeechEngine | None = None) -> None:
        self._engine, self._without_vad = engine, without_vad

    def run(self, run: Run) -> Report:
        """Transcribe everything; beside it the same model without voice detection and without its guards."""
        engine = self._engine or LocalWhisper()
        bare = self._without_vad or LocalWhisper(detect_voice=False)
        figures, plain, n = self._nobody(run, engine, bare)
        by: dict[str, Figures] = {}
        baselines = {"without_vad": plain}
        if run.data is not None:
            heard, by = _heard(run, run.data, engine)
            told, alone = _speakers(run, run.data, engine)
            figures |= heard | told
            plain |= _heard(run, run.data, bare, "without_vad")[0]
            baselines["one_speaker"] = alone
            n += int(heard["recordings"])
        return Report(suite=self.name, n=n, figures=figures, baselines=baselines, by=by, model=engine.name, seed=SEED)

    def _nobody(self, run: Run, engine: SpeechEngine, bare: SpeechEngine) -> tuple[Figures, Figures, int]:
        counts = [0, 0]
        with TemporaryDirectory() as folder:
            sounds = write_sounds(Path(folder))
            for done, (name, path) in enumerate(sounds.items(), 1):
                texts = [_text(one.transcribe(path)) for one in (engine, bare)]
                counts = [count + len(text) for count, text in zip(counts, texts, strict=True)]
                run.record({"id": name, "heard": texts[0], "without_vad": texts[1]})
                run.progress(done, len(sounds), name)
        figures, plain = ({"nobody_characters": float(count)} for count in counts)
        return figures, plain, len(sounds)


def _text(transcript: Transcript) -> str:
    return "".join(word.text for word in transcript.words).strip()


def _heard(run: Run, folder: Path, engine: SpeechEngine, label: str = "") -> tuple[Figures, dict[str, Figures]]:
    """Errors by word (English) and by character (Chinese), and seconds of work a second of sound."""
    recordings = read_models(folder / "manifest.jsonl", Recording)
    wrong: dict[Lang, int] = defaultdict(int)
    said: dict[Lang, int] = defaultdict(int)
    seconds = worked = 0.0
    by: dict[str, Figures] = {}
    for done, one in enumerate(recordings, 1):
        began = time.perf_counter()
        transcript = engine.transcribe(folder / one.audio)
        took = time.perf_counter() - began
        wanted, found = units(one.text, one.lang), units(_text(transcript), one.lang)
        errors = edits(wanted, found)
        wrong[one.lang] += errors
        said[one.lang] += len(wanted)
        seconds, worked = seconds + transcript.seconds, worked + took
        rate = errors / max(1, len(wanted))
        by[f"recording:{one.audio}"] = {"error_rate": rate, "real_time_factor": took / max(transcript.seconds, _TICK_S)}
        run.record({"id": one.audio, "engine": label or engine.name, "heard": _text(transcript), "errors": errors})
        run.progress(done, len(recordings), one.audio)
    names = {Lang.EN: "wer", Lang.ZH: "cer"}
    figures = {names[lang]: wrong[lang] / max(1, said[lang]) for lang in said}
    by |= {f"lang:{lang}": {"error_rate": wrong[lang] / max(1, said[lang])} for lang in said}
    return figures | {"real_time_factor": worked / max(seconds, _TICK_S), "recordings": float(len(recordings))}, by


def _speakers(run: Run, folder: Path, engine: SpeechEngine) -> tuple[Figures, Figures]:
    """Diarisation error over the clips with an RTTM file, told how many speak; and that of one speaker for all."""
    ours, alone = [], []
    for path in sorted(folder.glob("*.rttm")):
        truth = load_rttm(path)
        told = engine.transcribe(_clip(path), speakers=len({one.speaker for one in truth})).stretches
        ours.append(diarisation_error(truth, told))
        alone.append(diarisation_error(truth, [Stretch(one.start, one.end, 0) for one in told]))
        run.record({"id": path.name, "der": ours[-1], "stretches": [[one.start, one.end, one.speaker] for one in told]})
    if not ours:
        return {}, {}
    return {"der": sum(ours) / len(ours)}, {"der": sum(alone) / len(alone)}


def _clip(path: Path) -> Path:
    """The recording that an RTTM file tells of; InvalidInputError when there is none of its name."""
    clips = [one for suffix in AUDIO_SUFFIXES if (one := path.with_suffix(suffix)).exists()]
    if not clips:
        raise unusable(path, "there is no recording of this name")
    return clips[0]


def load_rttm(path: Path) -> list[Stretch]:
    """Who spoke when. Raises InvalidInputError naming the line that is not in the format."""
    numbers: dict[str, int] = {}
    stretches = []
    for number, line in enumerate(read_text(path).splitlines(), 1):
        fields = line.split()
        if not fields or fields[0] != "SPEAKER":
            continue
        try:
            start, length, name = float(fields[3]), float(fields[4]), fields[7]
        except (IndexError, ValueError) as error:
            raise unusable(path, f"line {number} is not in the form of RTTM") from error
        stretches.append(Stretch(start, start + length, numbers.setdefault(name, len(numbers))))
    return stretches
