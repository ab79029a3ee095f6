"""`saleshub agent`."""

import json as jsonlib
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from pydantic import ValidationError

from cli.options import JsonOption, LangOption, load_settings
from cli.output import print_json, progress_bar, to_people
from core.errors import InvalidInputError, NotFoundError
from core.ports.speech import AUDIO_SUFFIXES


def agent(
    name: Annotated[str, typer.Argument(help="Name of the agent")],
    source: Annotated[
        str | None,
        typer.Option(
            "--input", help="JSON file with the agent's input, or - for stdin; meetings: also a transcript or audio"
        ),
    ] = None,
    query: Annotated[str | None, typer.Option("--query", help="meetings: what to tell about")] = None,
    words: Annotated[int | None, typer.Option("--words", help="meetings: most words of summary and answer")] = None,
    at: Annotated[str | None, typer.Option("--at", help="meetings: day of the meeting, YYYY-MM-DD")] = None,
    schema: Annotated[bool, typer.Option("--schema", help="Print the schemas of input and output")] = False,
    lang: LangOption = None,
    json: JsonOption = False,
) -> None:
    """Run one agent on an input of its own; no records are read or written."""
    from agents.registry import AGENTS

    spec = AGENTS.get(name)
    if spec is None:
        raise NotFoundError(
            f"no agent “{name}”", field="NAME", remedy="Use one of the agents named here.", nearest=sorted(AGENTS)
        )
    if schema:
        print_json(
            {
                "agent": spec.name,
                "purpose": spec.purpose,
                "input": spec.input_model.model_json_schema(),
                "output": spec.output_model.model_json_schema(mode="serialization"),
            }
        )
        return
    given = _read(source)
    if name == "meetings" and "audio" in given:
        given = _listen(given)
    wishes = {"lang": lang, "query": query, "words": words, "date": at}
    given |= {field: value for field, value in wishes.items() if value is not None}
    try:
        told = spec.input_model.model_validate(given)
    except ValidationError as error:
        remedy = f"`saleshub agent {name} --schema` shows what is expected."
        raise InvalidInputError.from_validation(error, remedy) from error
    output = spec.run(told)
    if json:
        print_json(output)
        return
    for claim in output.claims:
        to_people().print(f"• {claim.text}", markup=False)


def _read(source: str | None) -> dict[str, object]:
    if source is None:
        raise InvalidInputError("missing", field="--input", remedy="Give a JSON file, or - to read standard input.")
    if source != "-" and _is_audio(Path(source)):
        return {"audio": source}
    if source != "-" and (spoken := _read_transcript(Path(source))) is not None:
        return spoken
    try:
        text = sys.stdin.read() if source == "-" else Path(source).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise InvalidInputError(
            f"“{source}” cannot be read: {error}", field="--input", remedy="Give a readable UTF-8 JSON file, or -."
        ) from error
    try:
        given = jsonlib.loads(text)
    except ValueError as error:
        raise InvalidInputError(f"not JSON: {error}", field="--input", remedy="Send one JSON object.") from error
    if not isinstance(given, dict):
        raise InvalidInputError("not a JSON object", field="--input", remedy="Send one JSON object.")
    return given


def _read_transcript(path: Path) -> dict[str, object] | None:
    """The turns of a transcript, and its date where it names one; None for a file that is none by its name."""
    from connectors.exports.outcome import RefusedError
    from connectors.exports.spoken_files import SPOKEN_SUFFIXES, read_spoken

    if path.suffix.lower() not in SPOKEN_SUFFIXES or not path.is_file():
        return None
    try:
        spoken = read_spoken(path, datetime.now(UTC).date())
    except RefusedError as error:
        raise InvalidInputError(
            f"“{path}” cannot be read: {error.reason}",
            field="--input",
            remedy="Give a VTT, SRT, TXT or DOCX transcript.",
        ) from error
    return {"turns": [turn.model_dump() for turn in spoken.turns], "date": spoken.held_on}


def _is_audio(path: Path) -> bool:
    return path.suffix.lower() in AUDIO_SUFFIXES


def _listen(given: dict[str, object]) -> dict[str, object]:
    """The input with the turns of its recording instead of `audio` and `speakers`."""
    from connectors.speech.choosing import open_speech

    rest = {field: value for field, value in given.items() if field not in ("audio", "speakers")}
    audio, speakers = given["audio"], given.get("speakers")
    if not isinstance(audio, str) or not Path(audio).is_file():
        raise InvalidInputError(f"no file “{audio}”", field="audio", remedy="Name an audio file that exists.")
    if speakers is not None and (type(speakers) is not int or not 1 <= speakers <= 6):
        raise InvalidInputError("not a number from 1 to 6", field="speakers", remedy="Say how many people speak.")
    with progress_bar(quiet=False) as bar:
        task = bar.add_task(Path(audio).name, total=None)
        transcript = open_speech(load_settings(None)).transcribe(
            Path(audio),
            speakers=speakers,
            progress=lambda done, total: bar.update(task, completed=round(done), total=round(total)),
        )
    return {**rest, "turns": [turn.model_dump() for turn in transcript.turns]}
