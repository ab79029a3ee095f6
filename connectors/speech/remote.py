"""A speech model behind OpenAI's audio transcription, at any endpoint that speaks it."""

import io
import wave
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import openai
from pydantic import SecretStr

from connectors.speech.sections import is_invented, spread_words, to_simplified, transcribe_sections
from connectors.speech.sound import RATE, Samples
from core.errors import SetupError
from core.language import Lang, detect_language
from core.ports.speech import HeardWord, Progress, Transcript

# What a request that is itself at fault is answered with; all else may go better a second time.
_OUR_FAULT = (openai.AuthenticationError, openai.PermissionDeniedError, openai.NotFoundError)


class RemoteSpeech:
    """Sends the voiced sections of a recording one by one; what Silero takes for no voice never leaves this machine.

    Segments with times are asked for; from a model that gives plain text alone, times are spread over the section.
    """

    def __init__(self, model: str, *, base_url: str | None, api_key: SecretStr | None, timeout_s: float) -> None:
        self.name = model
        key = api_key.get_secret_value() if api_key else ""
        # The client demands a key, even where the server asks for none.
        self._client = openai.OpenAI(base_url=base_url, api_key=key or "none", timeout=timeout_s)
        self._plain = False

    def transcribe(
        self, path: Path, *, speakers: int | None = None, progress: Progress | None = None, keep: Path | None = None
    ) -> Transcript:
        """As the port says. Raises SetupError when the endpoint refuses the key or the model."""
        return transcribe_sections(path, self._heard, speakers=speakers, progress=progress, keep=keep)

    def _heard(self, section: Samples, offset: float) -> Iterator[HeardWord]:
        answer = self._asked(_as_wave(section))
        segments: list[Any] = getattr(answer, "segments", None) or []
        said = [
            (one.text, one.start, min(one.end, len(section) / RATE))
            for one in segments
            if not all(hasattr(one, name) for name in ("avg_logprob", "compression_ratio", "no_speech_prob"))
            or not is_invented(one)
        ]
        if not segments:
            said = [(answer.text, 0.0, len(section) / RATE)]
        for text, start, end in said:
            lang = detect_language(text)
            written = to_simplified(text) if lang is Lang.ZH else text
            yield from spread_words(written, offset + start, offset + end, lang)

    def _asked(self, sound: bytes) -> Any:
        file = ("section.wav", sound, "audio/wav")
        try:
            if not self._plain:
                try:
                    return self._client.audio.transcriptions.create(
                        file=file, model=self.name, response_format="verbose_json", temperature=0
                    )
                except openai.BadRequestError as error:
                    if "response_format" not in str(error):
                        raise
                    self._plain = True
            return self._client.audio.transcriptions.create(file=file, model=self.name, response_format="json")
        except _OUR_FAULT as error:
            raise SetupError(
                f"the speech endpoint answers {error.status_code}",
                field="SALESHUB_SPEECH",
                remedy="Check the address, the key and the model in SALESHUB_SPEECH.",
            ) from error


def _as_wave(samples: Samples) -> bytes:
    file = io.BytesIO()
    with wave.open(file, "wb") as target:
        target.setparams((1, 2, RATE, 0, "NONE", ""))
        target.writeframes((samples.clip(-1, 1) * 32767).astype(np.dtype("<i2")).tobytes())
    return file.getvalue()
