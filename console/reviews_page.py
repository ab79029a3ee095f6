"""Pre-reviews: the list of what waits, and the page of one."""

from nicegui import ui
from starlette.requests import Request

from console.elements import Tag, chip, note
from console.frame import explain, frame
from console.review_view import STATUS_CHIPS, ReviewView
from console.session import Session, open_session
from core.domain.reviews import ReviewTask
from core.errors import ForbiddenError, NotFoundError
from hub.installation import Platform
from hub.rendering.labels import Labels, load_labels
from hub.reviews.reading import get_review, is_overdue, list_reviews

_FILTERS = ("going", "mine", "over")


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
                explain(session, say("hidden"), error.problem, error.remedy)
            else:
                ReviewView(session, say, detail).build()


def _list(session: Session, say: Labels, show: str) -> None:
    tasks = list_reviews(session.platform, session.caller, mine=show == "mine", over=show == "over")
    with Tag("section", classes="panel"):
        Tag("h1", say("title"))
        note(say("hint"))
        with Tag("nav", classes="filters actions"):
            for name in _FILTERS:
                link = Tag("a", say(name), "button quiet chosen" if name == show else "button quiet")
                link.props(f"href=/reviews?show={name}")
                if name == show:
                    link.props("aria-current=page")
        if not tasks:
            note(say("none"))
        with ui.element("div").classes("runs"):
            for task in tasks:
                _line(session, say, task)


def _line(session: Session, say: Labels, task: ReviewTask) -> None:
    review = task.review
    late = is_overdue(review, session.platform.clock.now())
    with Tag("a", classes="run").props(f"href=/reviews/{review.id}"):
        with ui.element("div").classes("line"):
            Tag("strong", f"{say.name(review.department)} · {task.account}")
            chip(say.name(review.status), "high" if late else STATUS_CHIPS[review.status])
        about = [say("asked_by", who=task.requester)]
        if not review.status.is_over:
            about.append(say("overdue" if late else "due", at=review.due_at))
        if review.assignee:
            about.append(say("taken_by", who=review.assignee))
        Tag("div", say.chain(about), "warn" if late else "soft")
