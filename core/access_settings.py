"""How people and programs get in, as an installation sets it."""

from datetime import timedelta
from urllib.parse import urlsplit

from pydantic import BaseModel, Field, SecretStr, field_validator

from core.identity import Role

_THIS_MACHINE = frozenset({"localhost", "127.0.0.1", "::1"})


class AccessSettings(BaseModel):
    """Sessions, single sign-on and limits.

    `public_url` is where browsers find the installation: with https, cookies are sent over nothing else. Limits are
    `NUMBER/second|minute|hour`, for each caller and process.
    """

    public_url: str | None = None
    session_idle: timedelta = Field(default=timedelta(hours=8), gt=timedelta())
    session_lifetime: timedelta = Field(default=timedelta(days=7), gt=timedelta())
    invite_lifetime: timedelta = Field(default=timedelta(days=3), gt=timedelta())

    api_rate: str = Field(default="1200/minute", pattern=r"^[1-9]\d*/(second|minute|hour)$")
    chat_rate: str = Field(default="60/minute", pattern=r"^[1-9]\d*/(second|minute|hour)$")
    sign_in_rate: str = Field(default="30/minute", pattern=r"^[1-9]\d*/(second|minute|hour)$")

    oidc_issuer: str | None = None
    oidc_client_id: str | None = None
    oidc_client_secret: SecretStr | None = None
    oidc_claim: str = "preferred_username"
    oidc_tenant: str | None = None
    oidc_scopes: str = "openid profile email"
    oidc_groups_claim: str = "groups"
    oidc_group_roles: dict[str, Role] = Field(default_factory=dict)

    @field_validator("public_url")
    @classmethod
    def _an_origin(cls, url: str | None) -> str | None:
        if url is not None and not url.startswith(("http://", "https://")):
            raise ValueError("begins with http:// or https://")
        return None if url is None else url.rstrip("/")

    @field_validator("oidc_issuer")
    @classmethod
    def _over_https(cls, issuer: str | None) -> str | None:
        parts = urlsplit(issuer or "https://")
        if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in _THIS_MACHINE):
            raise ValueError("begins with https://; what a provider says over http could be anybody's word")
        return issuer

    @field_validator("oidc_group_roles")
    @classmethod
    def _no_administrators(cls, roles: dict[str, Role]) -> dict[str, Role]:
        if Role.ADMIN in roles.values():
            raise ValueError("a group cannot make administrators; give that role with `saleshub user add`")
        return roles
