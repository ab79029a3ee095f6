"""Doing what a person asked for: away from the event loop, after a question where it cannot be taken back."""

import asyncio
from collections.abc import Callable

from nicegui import ui

from console.elements import Tag
from console.session import Session
from core.errors import HubError


def show_refusal(session: Session, error: HubError) -> None:
    """Say on the page, in its language, why something is not done and what to do about it."""
    ui.notify(session.told(error).text, type="negative", multi_line=True)


async def attempt(session: Session, act: Callable[[], object]) -> bool:
    """Do it away from the event loop, which must not wait for the database; a refusal is shown. Whether it was done."""
    try:
        await asyncio.to_thread(act)
    except HubError as error:
        show_refusal(session, error)
        return False
    return True


async def confirmed(question: str, yes: str, no: str) -> bool:
    """Ask before it is done; whether the answer was yes."""
    with ui.dialog() as dialog, ui.element("div").classes("panel ask").props("role=alertdialog") as box:
        box.props["aria-label"] = question
        Tag("p", question)
        with ui.element("div").classes("actions"):
            Tag("button", yes, "button danger").on("click", lambda: dialog.submit(True)).props("autofocus")
            Tag("button", no, "button quiet").on("click", lambda: dialog.submit(False))
    answer = await dialog
    dialog.delete()
    return bool(answer)


def flag(field: ui.element, problem: str | None) -> None:
    """Say beside a field what is wrong with it, or that nothing is."""
    field.props["error"] = problem is not None
    field.props["error-message"] = problem or ""
    field.update()


def copy_field(label: str, text: str, copy: str, copied: str) -> None:
    """Text to be taken along, shown this once, with a button that copies it."""
    with ui.element("div").classes("copy"):
        field = Tag("input", classes="copied").props("readonly")
        field.props["value"], field.props["aria-label"] = text, label

        def take() -> None:
            ui.clipboard.write(text)
            ui.notify(copied)

        Tag("button", copy, "button quiet").on("click", take)
