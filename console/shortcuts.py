"""Keys for those who decide all day: one letter does what a button of the page does, and a list says which."""

from collections.abc import Sequence

from nicegui import ui

from console.elements import Tag
from console.session import Session

# A letter presses the button, or goes to the field, that carries it in `data-key`; j and k go along the list. Where
# somebody writes, letters are letters. A dialog that fades away is closed already.
_SCRIPT = """<script>
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (document.querySelector(".q-dialog__inner:not([class*=-leave-])")) return;
  if (event.target.closest("input, textarea, select, [contenteditable], [role=combobox]")) return;
  const button = [...document.querySelectorAll("[data-key]")].find((each) => each.dataset.key === event.key);
  if (button) {
    event.preventDefault();
    button.matches("input, textarea") ? button.focus() : button.click();
  } else if (event.key === "j" || event.key === "k") {
    const lines = [...document.querySelectorAll("a.run")];
    const place = lines.indexOf(document.activeElement) + (event.key === "j" ? 1 : -1);
    lines[Math.max(0, Math.min(place, lines.length - 1))]?.focus();
  }
});
</script>"""


def add_shortcuts(session: Session, keys: Sequence[tuple[str, str]]) -> None:
    """Let the page be worked with keys; `keys` are the letters and the phrases that say what they do."""
    say = session.say
    ui.add_body_html(_SCRIPT)
    with ui.dialog() as dialog, ui.element("div").classes("panel keys").props("role=dialog") as box:
        box.props["aria-label"] = say("shortcuts")
        Tag("h2", say("shortcuts"))
        with Tag("dl"):
            for key, phrase in (*keys, ("?", "key_help")):
                with Tag("dt"):
                    Tag("kbd", key)
                Tag("dd", say(phrase))
        Tag("button", say("close"), "button quiet").on("click", dialog.close)
    opener = Tag("button", "?", "tool help").on("click", dialog.open)
    opener.props["data-key"], opener.props["aria-label"] = "?", say("shortcuts")
