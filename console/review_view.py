"""One pre-review on the screen: the department's sentences with their sources, and everything its people can do."""

import asyncio
from collections.abc import Awaitable, Callable

from nicegui import ui

from console.acting import flag, show_refusal
from console.due_clock import due_clock
from console.elements import Tag, chip, note
from console.session import Session
from core.domain.claims import Claim, ClaimState
from core.domain.reviews import DelayReason, ReviewEdit, ReviewEvent, ReviewEventKind, ReviewStatus
from core.errors import HubError
from hub.rendering.diffs import compare
from hub.rendering.labels import Labels
from hub.reviews.claim_edits import edit_claim
from hub.reviews.decisions import approve_review, reject_review
from hub.reviews.reading import ReviewDetail, get_review
from hub.reviews.rights import sees_whole
from hub.reviews.talk import answer_question, ask_back, delegate_review, note_delay, start_review

STATUS_CHIPS = {
    ReviewStatus.WAITING: "plain",
    ReviewStatus.OPEN: "medium",
    ReviewStatus.ASKED: "plain",
    ReviewStatus.APPROVED: "",
    ReviewStatus.REJECTED: "high",
}

_KEYS = {"approve": "a", "reject": "r", "take": "t"}
KEYS = (("a", "key_approve"), ("r", "key_reject"), ("c", "key_reason"), ("t", "key_take"))
# Where an event keeps what a person wrote.
_SAID = ("question", "text", "note", "reason", "comment")


def words_of(say: Labels, event: ReviewEvent) -> list[str]:
    """What an event tells besides its kind: why it takes long, who was named, and what a person wrote."""
    body = dict(event.body)
    words = []
    if event.kind is ReviewEventKind.DELAY_NOTED:
        words.append(say.name(DelayReason(body.pop("reason"))))
    if to := body.get("to"):
        words.append(f"→ {to if isinstance(to, str) else say.apposition(*to)}")
    return words + [str(body[key]) for key in _SAID if body.get(key)]


class ReviewView:
    """The page's content; drawn anew after each action."""

    def __init__(self, session: Session, say: Labels, detail: ReviewDetail) -> None:
        self._session = session
        self._say = say
        self._detail = detail
        self._place: ui.element | None = None

    def build(self) -> None:
        """Draw it."""
        self._place = ui.element("div").classes("columns")
        self._draw()

    def _draw(self) -> None:
        assert self._place is not None  # noqa: S101
        self._place.clear()
        with self._place:
            with Tag("section", classes="panel"):
                self._title()
                self._claims()
            with ui.element("div").classes("side"):
                if not self._detail.part.review.status.is_over:
                    with Tag("section", classes="panel form"):
                        self._actions()
                with Tag("section", classes="panel"):
                    self._history()

    def _title(self) -> None:
        say, part = self._say, self._detail.part
        review = part.review
        with ui.element("div").classes("line"):
            Tag("h1", f"{say.name(review.department)} · {part.account}")
            chip(say.name(review.status), "high" if self._detail.overdue else STATUS_CHIPS[review.status])
        Tag("p", part.purpose, "purpose")
        about = [say("asked_by", who=self._session.name_of(self._detail.requester))]
        if not review.status.is_over:
            about.append(say("overdue" if self._detail.overdue else "due", at=review.due_at))
        if review.assignee:
            about.append(say("taken_by", who=self._session.name_of(review.assignee)))
        note(say.chain(about))
        if sees_whole(self._session.caller, self._detail.requester):
            Tag("a", say("to_package"), "button quiet").props(f"href=/visits/{part.run_id}")

    def _claims(self) -> None:
        if not self._detail.part.claims:
            note(self._say("nothing_here"))
        for claim in self._detail.part.claims:
            self._claim(claim)

    def _claim(self, claim: Claim) -> None:
        say, names = self._say, self._session.names
        with ui.element("div").classes("reviewed") as box:
            with Tag("p"):
                Tag("span", claim.text)
                if claim.state is not ClaimState.SUPPORTED:
                    chip(names.name(claim.state), claim.state)
            for edit in self._detail.edits:
                if edit.claim_id == claim.id:
                    note(say("edited_by", who=self._session.name_of(edit.by)))
                    self._changes(edit)
            with ui.element("div").classes("actions"):
                going = self._detail.part.review.status in (ReviewStatus.OPEN, ReviewStatus.ASKED)
                if going and not self._own:
                    Tag("button", say("edit"), "button quiet").on("click", lambda: self._editor(box, claim))
            with Tag("details"):
                Tag("summary", f"{say('sources')} ({len(claim.evidence)})", "soft")
                for id_ in claim.evidence:
                    found = self._detail.part.evidence.get(id_)
                    if found is not None:
                        Tag("p", found.quote, "quote")

    def _changes(self, edit: ReviewEdit) -> None:
        """Both wordings side by side, with what differs set off."""
        with ui.element("div").classes("diff"):
            for name, mark, pieces in zip(
                ("before", "after"), ("del", "ins"), compare(edit.before, edit.after), strict=True
            ):
                with ui.element("div"):
                    Tag("h3", self._say(name))
                    with Tag("p"):
                        for piece in pieces:
                            Tag(mark if piece.changed else "span", piece.text)

    def _editor(self, box: ui.element, claim: Claim) -> None:
        say = self._say
        box.clear()
        with box:
            field = ui.textarea(say("edit"), value=claim.text).props("outlined autogrow maxlength=2000")
            with ui.element("div").classes("actions"):
                self._button("save", "button", lambda: self._edit(claim, str(field.value or "")))
                Tag("button", say("cancel"), "button quiet").on("click", self._draw)

    def _edit(self, claim: Claim, text: str) -> None:
        platform, caller = self._session.platform, self._session.caller
        edit_claim(platform, caller, self._id, claim.id, text, revision=self._detail.revision)

    def _actions(self) -> None:
        say, status = self._say, self._detail.part.review.status
        platform, caller, id_ = self._session.platform, self._session.caller, self._id
        Tag("h2", say("decide"))
        if self._detail.left is not None:
            due_clock(say, self._detail.left, overdue=self._detail.overdue, worked=True)
        words = ui.textarea(say("words")).props("outlined autogrow maxlength=2000 hide-bottom-space data-key=c")
        words.visible = not self._own or status is ReviewStatus.ASKED

        def text() -> str:
            return str(words.value or "").strip()

        seen = self._detail.revision

        async def reject() -> None:
            if not text():
                flag(words, say("reason_wanted"))
                words.run_method("focus")
                return
            await self._do(lambda: reject_review(platform, caller, id_, reason=text(), revision=seen))

        if self._own:
            note(say("own"))
        with ui.element("div").classes("actions"):
            if status in (ReviewStatus.OPEN, ReviewStatus.ASKED) and not self._own:
                self._button(
                    "approve", "button", lambda: approve_review(platform, caller, id_, revision=seen, comment=text())
                )
                self._press("reject", "button quiet", reject)
            if status is ReviewStatus.OPEN and not self._own:
                self._button("ask", "button quiet", lambda: ask_back(platform, caller, id_, text()))
                self._button("take", "button quiet", lambda: start_review(platform, caller, id_))
            if status is ReviewStatus.ASKED:
                self._button("answer", "button quiet", lambda: answer_question(platform, caller, id_, text()))
        people = {user.id: user.name for user in self._session.users}
        if people:
            self._choice("delegate", people, lambda who: delegate_review(platform, caller, id_, who))
        reasons = {reason.value: say.name(reason) for reason in DelayReason}
        self._choice("delay", reasons, lambda why: note_delay(platform, caller, id_, DelayReason(why)))

    def _choice(self, name: str, options: dict[str, str], act: Callable[[str], object]) -> None:
        async def chosen(value: str) -> None:
            await self._do(lambda: act(value))

        ui.select(options, label=self._say(name), on_change=lambda event: chosen(event.value)).props(
            "outlined dense hide-bottom-space"
        )

    def _history(self) -> None:
        say = self._say
        Tag("h2", say("history"))
        with Tag("ol", classes="steps"):
            for event in self._detail.history:
                with Tag("li"):
                    Tag("strong", say.name(event.kind))
                    Tag(
                        "span",
                        f" {self._session.name_of(event.actor)} · {self._session.names.filters['moment'](event.at)}",
                        "soft",
                    )
                    for text in words_of(say, event):
                        Tag("p", text)

    @property
    def _own(self) -> bool:
        """Whether the visitor asked for the visit, and so decides nothing of it."""
        return self._session.caller.user == self._detail.requester

    @property
    def _id(self) -> str:
        return self._detail.part.review.id

    def _button(self, name: str, classes: str, act: Callable[[], object]) -> None:
        self._press(name, classes, lambda: self._do(act))

    def _press(self, name: str, classes: str, pressed: Callable[[], Awaitable[None]]) -> None:
        button = Tag("button", self._say(name), classes).on("click", pressed)
        if name in _KEYS:
            button.props["data-key"] = _KEYS[name]

    async def _do(self, act: Callable[[], object]) -> None:
        """Do it away from the event loop, which must not wait for the database; then show how things stand."""
        try:
            await asyncio.to_thread(act)
        except HubError as error:
            show_refusal(self._session, error)
            return
        try:
            self._detail = get_review(self._session.platform, self._session.caller, self._id)
        except HubError:
            # Given away, and no longer for these eyes.
            ui.navigate.to("/reviews")
            return
        self._draw()
