"""Errors a person can act on: each names the field at fault and the remedy.

They are written in plain English. Every sentence has its Chinese in `prompts/refusals/sentences.yaml`, and
`prompts.sentences` says a refusal in the language of whoever reads it.
"""

from collections.abc import Mapping, Sequence

from pydantic import ValidationError


class HubError(Exception):
    """An expected failure; `str(error)` is one line fit for a person.

    `field` names what was wrong (an argument, a header, a setting), `remedy` says what to do about it,
    `nearest` lists close existing names where the fault is a name. `in_chinese` is the Chinese of what the problem says
    in words of the data, such as a policy's reason, by the English.
    """

    status = 500
    title = "The hub could not do this"

    def __init__(
        self,
        problem: str,
        *,
        field: str,
        remedy: str,
        nearest: Sequence[str] = (),
        in_chinese: Mapping[str, str] | None = None,
    ) -> None:
        self.problem = problem
        self.field = field
        self.remedy = remedy
        self.nearest = tuple(nearest)
        self.in_chinese = dict(in_chinese or {})
        hint = f" Nearest: {', '.join(self.nearest)}." if self.nearest else ""
        super().__init__(f"{field}: {problem}.{hint} {remedy}")


class InvalidInputError(HubError):
    """What was sent cannot be understood or used."""

    status = 422
    title = "Invalid input"

    @classmethod
    def from_validation(cls, error: ValidationError, remedy: str) -> "InvalidInputError":
        """The first fault that a typed model found, with its field."""
        first = error.errors()[0]
        field = ".".join(str(part) for part in first["loc"]) or "input"
        return cls(first["msg"], field=field, remedy=remedy)


class AmbiguousError(InvalidInputError):
    """A name that fits several things; what was sent is in order, and means something once there are fewer of them."""

    status = 409
    title = "Ambiguous"


class NotFoundError(HubError):
    """The named thing does not exist, or the caller may not know that it does."""

    status = 404
    title = "Not found"


class ForbiddenError(HubError):
    """The caller lacks the right."""

    status = 403
    title = "Not allowed"


class ConflictError(HubError):
    """The request contradicts what is already recorded."""

    status = 409
    title = "Conflict"


class TooManyError(HubError):
    """Too much of something too soon; `retry_after` is in whole seconds."""

    status = 429
    title = "Too many requests"

    def __init__(self, problem: str, *, field: str, retry_after: int) -> None:
        self.retry_after = max(1, retry_after)
        super().__init__(problem, field=field, remedy=f"Wait {self.retry_after} seconds.")


class SetupError(HubError):
    """The installation or its settings prevent the work."""

    status = 500
    title = "Set-up problem"


class SourceError(Exception):
    """A system of record did not answer usefully; `reason` is a short stable code.

    Codes: `down`, `timeout`, `malformed`, `forbidden`, `throttled`. `retry_after` is in seconds, if the system said it.
    `problem` is the same in words.
    """

    status = 503
    title = "A system of record did not answer"
    remedy = "Try again later."

    def __init__(self, system: str, reason: str, detail: str = "", *, retry_after: float | None = None) -> None:
        self.system = system
        self.reason = reason
        self.detail = detail
        self.retry_after = retry_after
        aside = f" ({detail})" if detail else ""
        self.problem = f"“{system}” did not answer usefully: {reason}{aside}"
        super().__init__(f"{system}: {reason}{aside}")


class RefusedError(Exception):
    """A system of record answered that it will not do a write, and wrote nothing; trying again is of no use.

    `reason` is a short stable code: `changed` (a record no longer holds what was expected), `unknown` (a record named
    does not exist), `invalid` (the system does not accept a value), `forbidden`, `short` (not enough stock).
    """

    def __init__(self, system: str, reason: str, detail: str = "") -> None:
        self.system = system
        self.reason = reason
        self.detail = detail
        super().__init__(f"{system}: {reason}{f' ({detail})' if detail else ''}")


class SupersededError(Exception):
    """This worker was taken for dead and its jobs were given to others: it may not write for them any more."""
