"""Pre-reviews: the list of what waits, and the page of one."""

from nicegui import ui
from starlette.requests import Request

from console.due_clock import due_clock
from console.elements import Tag, chip, note
from console.frame import explain, explain_refusal, frame
from console.review_view import KEYS, STATUS_CHIPS, ReviewView
from console.session import Session, open_session
from console.shortcuts import add_shortcuts
from core.domain.reviews import ReviewStatus, ReviewTask
from core.errors import ForbiddenError, NotFoundError
from hub.installation import Platform
from hub.rendering.labels import Labels, load_labels
from hub.reviews.reading import get_review, is_overdue, list_reviews

_FILTERS = ("going", "mine", "over")
_KEYS = (("j", "key_next"), ("k", "key_previous"), ("Enter", "key_open"))


def add_reviews_pages(platform: Platform) -> None:
    """Register the pages at `/reviews` and `/reviews/{review_id}`."""

    @ui.page("/reviews")
    def listed(request: Request, show: str = "going") -> None:
        session = open_session(platform, request)
        say = load_labels(session.lang, "reviews")
        with frame(session, say("title"), "reviews"):
            _list(session, say, show if show in _FILTERS else "going")

    @ui.page("/reviews/{review_id}")
    def one(review_id: str, request: Request) -> None:
        session = open_session(platform, request)
        say = load_labels(session.lang, "reviews")
        with frame(session, say("title"), "reviews"):
            try:
                detail = get_review(platform, session.caller, review_id)
            except NotFoundError:
                explain(session, say("unknown"), session.say("unknown_text"))
            except ForbiddenError as error:
                explain_refusal(session, say("hidden"), error)
            else:
                ReviewView(session, say, detail).build()
                add_shortcuts(session, KEYS)


def _list(session: Session, say: Labels, show: str) -> None:
    tasks = list_reviews(session.platform, session.caller, mine=show == "mine", over=show == "over")
    with Tag("section", classes="panel"):
        Tag("h1", say("title"))
        note(say("hint"))
        with Tag("nav", classes="filters actions") as nav:
            for name in _FILTERS:
                link = Tag("a", say(name), "button quiet chosen" if name == show else "button quiet")
                link.props(f"href=/reviews?show={name}")
                if name == show:
                    link.props("aria-current=page")
        nav.props["aria-label"] = say("filters")
        if not tasks:
            with ui.element("div").classes("nothing"):
                Tag("p", say("none"), "strong")
                note(say("none_mine" if show == "mine" else "none_hint"))
        with ui.element("div").classes("runs"):
            for task in tasks:
                _line(session, say, task)
    add_shortcuts(session, _KEYS)


def _line(session: Session, say: Labels, task: ReviewTask) -> None:
    review, now = task.review, session.platform.clock.now()
    late = is_overdue(review, now)
    with Tag("a", classes="run").props(f"href=/reviews/{review.id}"):
        with ui.element("div").classes("line"):
            Tag("strong", f"{say.name(review.department)} · {task.account}")
            chip(say.name(review.status), "high" if late else STATUS_CHIPS[review.status])
        about = [say("asked_by", who=session.name_of(task.requester))]
        if task.made_at is not None:
            about.append(say("package_made", at=task.made_at))
        if review.assignee:
            about.append(say("taken_by", who=session.name_of(review.assignee)))
        with ui.element("div").classes("line"):
            Tag("div", say.chain(about), "soft")
            if review.status is ReviewStatus.OPEN:
                due_clock(say, review.due_at - now, overdue=late)
