"""Policy tables that a company published."""

from pydantic import AwareDatetime, Field

from core.domain.base import Frozen


class PublishedPolicy(Frozen):
    """One version of a table, counted from 1 per name; `body` is the document as it was given.

    `digest` is the SHA-256 of the body, hexadecimal; `published_by` is a user id.
    """

    name: str
    version: int = Field(ge=1)
    body: str
    digest: str
    published_by: str
    published_at: AwareDatetime
