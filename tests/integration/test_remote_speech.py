"""Recordings heard by a server that speaks OpenAI's audio transcription: what is sent, and what becomes of answers."""

import io
import json
import wave
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import Message
from email.parser import BytesParser
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import numpy as np
import pytest
from pydantic import SecretStr

import connectors.speech.sections
from connectors.speech.choosing import open_speech
from connectors.speech.sound import RATE
from core.errors import SetupError
from core.language import Lang
from core.model_settings import SpeechSettings
from core.settings import Settings

Reply = Callable[[dict[str, str]], tuple[int, dict[str, Any]]]


@dataclass
class Server:
    """What was asked: the fields of each form, the sounds, and the keys."""

    reply: Reply
    url: str = ""
    forms: list[dict[str, str]] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)
    keys: set[str | None] = field(default_factory=set)


def segment(start: float, end: float, text: str, **fields: float) -> dict[str, Any]:
    told = {"avg_logprob": -0.2, "compression_ratio": 1.2, "no_speech_prob": 0.01, "temperature": 0.0, **fields}
    return {"id": 0, "seek": 0, "start": start, "end": end, "text": text, "tokens": [], **told}


def verbose(*segments: dict[str, Any]) -> tuple[int, dict[str, Any]]:
    text = "".join(one["text"] for one in segments)
    return 200, {"task": "transcribe", "language": "english", "duration": 4.0, "text": text, "segments": segments}


def refused(status: int, message: str) -> tuple[int, dict[str, Any]]:
    return status, {"error": {"message": message, "type": "invalid_request_error", "param": None, "code": None}}


def plain_only(form: dict[str, str]) -> tuple[int, dict[str, Any]]:
    if form["response_format"] != "json":
        return refused(400, "response_format 'verbose_json' is not compatible with model; use 'json' instead.")
    return 200, {"text": "我们決定了。We agree."}


@contextmanager
def answering(reply: Reply) -> Iterator[Server]:
    told = Server(reply)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            assert self.path == "/v1/audio/transcriptions"
            told.keys.add(self.headers["Authorization"])
            body = self.rfile.read(int(self.headers["Content-Length"]))
            head = f"Content-Type: {self.headers['Content-Type']}\r\n\r\n".encode()
            message: Message = BytesParser().parsebytes(head + body)
            form: dict[str, str] = {}
            for part in message.get_payload():
                assert isinstance(part, Message)
                content = part.get_payload(decode=True)
                assert isinstance(content, bytes)
                name = str(part.get_param("name", header="content-disposition"))
                if name == "file":
                    with wave.open(io.BytesIO(content)) as sound:
                        assert (sound.getframerate(), sound.getnchannels(), sound.getsampwidth()) == (RATE, 1, 2)
                        told.seconds.append(sound.getnframes() / RATE)
                else:
                    form[name] = content.decode()
            told.forms.append(form)
            status, answer = told.reply(form)
            data = json.dumps(answer).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    told.url = f"http://127.0.0.1:{server.server_port}/v1"
    try:
        yield told
    finally:
        server.shutdown()
        server.server_close()
        thread.join(10)


def engine_at(server: Server, home: Path) -> Any:
    speech = SpeechSettings(model="whisper-1", base_url=server.url, api_key=SecretStr("key"), seconds=20)
    return open_speech(Settings(home=home, speech=speech))


@pytest.fixture
def recording(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Ten seconds that the detection of voices takes for two sections, of 2 and 4 s."""
    monkeypatch.setattr(
        connectors.speech.sections, "find_voiced", lambda _mono: [(RATE, 3 * RATE), (5 * RATE, 9 * RATE)]
    )
    path = tmp_path / "call.wav"
    with wave.open(str(path), "wb") as file:
        file.setparams((1, 2, RATE, 0, "NONE", ""))
        file.writeframes(np.zeros(10 * RATE, "<i2").tobytes())
    return path


def test_voiced_sections_are_sent_and_their_times_are_those_of_the_recording(tmp_path: Path, recording: Path) -> None:
    def reply(_form: dict[str, str]) -> tuple[int, dict[str, Any]]:
        return verbose(
            segment(0.0, 1.0, " We agree."),
            segment(1.0, 2.0, " Thanks for watching!", avg_logprob=-1.4),
            segment(1.0, 2.0, " 這個價格太高。"),
        )

    done: list[float] = []
    with answering(reply) as server:
        heard = engine_at(server, tmp_path).transcribe(recording, progress=lambda at, _all: done.append(at))
    assert server.seconds == [2.0, 4.0]
    assert server.keys == {"Bearer key"}
    assert {form["model"] for form in server.forms} == {"whisper-1"}
    assert {form["response_format"] for form in server.forms} == {"verbose_json"}
    assert done == [3.0, 9.0]
    assert [(turn.start, turn.end, turn.text) for turn in heard.turns] == [
        (1.0, 2.0, "We agree."),
        (2.0, 3.0, "这个价格太高。"),
        (5.0, 6.0, "We agree."),
        (6.0, 7.0, "这个价格太高。"),
    ]
    assert heard.words[-1].lang is Lang.ZH


def test_a_model_without_segments_is_asked_for_plain_text(tmp_path: Path, recording: Path) -> None:
    with answering(plain_only) as server:
        heard = engine_at(server, tmp_path).transcribe(recording)
    assert [form["response_format"] for form in server.forms] == ["verbose_json", "json", "json"]
    assert "".join(word.text for word in heard.words) == "我们决定了。We agree." * 2
    assert (heard.words[0].start, round(heard.words[-1].end, 3)) == (1.0, 9.0)


@pytest.mark.parametrize("status", [401, 403, 404])
def test_what_the_endpoint_refuses_for_good_names_the_setting(tmp_path: Path, recording: Path, status: int) -> None:
    with answering(lambda _form: refused(status, "no")) as server, pytest.raises(SetupError, match="SALESHUB_SPEECH"):
        engine_at(server, tmp_path).transcribe(recording)
    assert len(server.forms) == 1


def test_work_that_was_interrupted_asks_only_for_what_is_missing(tmp_path: Path, recording: Path) -> None:
    failing = [False, True]

    def reply(_form: dict[str, str]) -> tuple[int, dict[str, Any]]:
        return refused(401, "no") if failing and failing.pop(0) else verbose(segment(0.0, 2.0, " We agree."))

    keep = tmp_path / "kept"
    with answering(reply) as server:
        with pytest.raises(SetupError):
            engine_at(server, tmp_path).transcribe(recording, keep=keep)
        with keep.open("a", encoding="utf-8") as file:
            file.write("\n[80000, 144")
        heard = engine_at(server, tmp_path).transcribe(recording, keep=keep)
    assert server.seconds == [2.0, 4.0, 4.0]
    assert [turn.start for turn in heard.turns] == [1.0, 5.0]
