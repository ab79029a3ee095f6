"""Where a question is written: Enter sends it, and the same button stops its answer."""

from collections.abc import Awaitable, Callable

from nicegui import ui
from nicegui.events import GenericEventArguments

from console.elements import Tag
from hub.chat.turns import LONGEST
from hub.rendering.labels import Labels

# A key that ends the choice of a Chinese word must not send the question.
_ENTER = """(event) => {
  if (event.shiftKey || event.isComposing || event.keyCode === 229) return;
  event.preventDefault();
  emit(event.target.value);
}"""
_WRITTEN = "(event) => emit(event.target.closest('.composer').querySelector('textarea').value)"


class Composer:
    """The field and its button."""

    def __init__(
        self, say: Labels, send: Callable[[str], Awaitable[None]], stop: Callable[[], Awaitable[None]]
    ) -> None:
        self._say = say
        self._send = send
        self._stop = stop

    def build(self) -> None:
        """Draw them; the field has the focus."""
        say = self._say
        with ui.element("div").classes("composer"):
            with ui.element("div").classes("box"):
                self._field = ui.textarea(placeholder=say("ask_hint")).props(
                    f"borderless autogrow autofocus dense maxlength={LONGEST} rows=1"
                )
                self._field.props["aria-label"] = say("ask")
                self._field.on("keydown.enter", self._entered, js_handler=_ENTER)
                self._go = Tag("button", "↑", "go").on("click", self._entered, js_handler=_WRITTEN)
                self._go.props["aria-label"] = self._go.props["title"] = say("send")
                self._halt = Tag("button", "■", "go stop").on("click", self._stop)
                self._halt.props["aria-label"] = self._halt.props["title"] = say("stop")
            self._hint = Tag("p", say("keys"), "soft hint")
        self._halt.set_visibility(False)

    async def _entered(self, event: GenericEventArguments) -> None:
        await self._send(str(event.args or ""))

    def wait(self, text: str | None = None) -> None:
        """Nothing can be asked while something is being answered."""
        self._field.value = ""
        self._field.disable()
        self._field.props["placeholder"] = self._hint.text = text or self._say("answering")
        self._field.update()
        self._go.set_visibility(False)
        self._halt.set_visibility(True)

    def stopping(self) -> None:
        """The answer is being stopped."""
        self._hint.text = self._say("stopping")

    def ready(self) -> None:
        """The next question can be asked."""
        self._field.enable()
        self._field.props["placeholder"] = self._say("ask_hint")
        self._field.update()
        self._hint.text = self._say("keys")
        self._go.set_visibility(True)
        self._halt.set_visibility(False)
        self._field.run_method("focus")
