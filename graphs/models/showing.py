"""What of a reply may be shown while it is still coming."""

from collections.abc import Callable

from graphs.models.messages import Delta
from graphs.models.schema_choice import answer_so_far

Said = Callable[[str], None]

_CALLS_BEGIN = ("{", "[", "<", "`")


def may_be_a_call(text: str) -> bool:
    """Whether a text begins as calls do that a model writes down."""
    return text.lstrip().startswith(_CALLS_BEGIN)


class Showing:
    """Passes on a text as it comes, but not one that looks like a call or like thoughts; those are known at the end."""

    def __init__(self, said: Said | None, *, in_json: bool) -> None:
        self.shown = ""
        self._said = said
        self._in_json = in_json
        self._text = ""

    def take(self, delta: Delta) -> None:
        """One more piece."""
        if self._said is None or not delta.text:
            return
        self._text += delta.text
        self.catch_up(answer_so_far(self._text) if self._in_json else self._plain())

    def catch_up(self, text: str | None) -> None:
        """Show of `text` what has not been shown."""
        if self._said is None or not text or not text.startswith(self.shown) or len(text) == len(self.shown):
            return
        self._said(text[len(self.shown) :])
        self.shown = text

    def _plain(self) -> str | None:
        return None if may_be_a_call(self._text) else self._text.lstrip()
