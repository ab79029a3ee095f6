"""Which engine hears recordings, by the settings."""

from core.ports.speech import SpeechEngine
from core.settings import Settings


def open_speech(settings: Settings) -> SpeechEngine:
    """The endpoint that is set, else Whisper on this machine; its model is loaded when it is first used."""
    chosen = settings.speech
    if chosen is None:
        from connectors.speech.local import LocalWhisper  # noqa: PLC0415 - half a second to import

        return LocalWhisper()
    from connectors.speech.remote import RemoteSpeech  # noqa: PLC0415

    return RemoteSpeech(
        chosen.model,
        base_url=chosen.base_url or settings.openai_base_url,
        api_key=chosen.api_key or settings.openai_api_key,
        timeout_s=chosen.seconds,
    )
