"""What is asked of an OpenID Connect provider over HTTP, and how its ID tokens are checked."""

from datetime import datetime
from typing import Any

import httpx
from authlib.common.errors import AuthlibBaseError
from authlib.oauth2.rfc6749.parameters import prepare_grant_uri
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from pydantic import BaseModel, ValidationError

from core.errors import HubError
from core.settings import Settings

_TIMEOUT_S = 10.0
# Signed with a key that only the provider has; what a client's secret could sign is not among them.
_ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"]
_LEEWAY_S = 60


class OidcError(HubError):
    """The provider's answer does not sign anybody in. `why` is for our log, not for who came with it."""

    status = 401
    title = "Not signed in"

    def __init__(self, why: str) -> None:
        self.why = why
        super().__init__(
            "the identity provider did not sign you in", field="oidc", remedy="Try again, or ask an administrator."
        )


class Discovered(BaseModel):
    """Where a provider does what, by its own word."""

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str


class Provider:
    """The provider named in the settings; each use asks it anew."""

    def __init__(self, settings: Settings) -> None:
        if settings.oidc_issuer is None or settings.oidc_client_id is None:
            raise OidcError("no provider is set up")
        self._issuer, self._client_id = settings.oidc_issuer, settings.oidc_client_id
        secret = settings.oidc_client_secret
        self._secret = None if secret is None else secret.get_secret_value()
        self._scopes = settings.oidc_scopes

    def address(self, redirect_uri: str, *, state: str, nonce: str, verifier: str) -> str:
        """Where a browser goes to sign in there (authorization code flow with PKCE)."""
        address: str = prepare_grant_uri(
            self._discover().authorization_endpoint,
            self._client_id,
            "code",
            redirect_uri,
            self._scopes,
            state,
            nonce=nonce,
            code_challenge=create_s256_code_challenge(verifier),  # type: ignore[no-untyped-call]
            code_challenge_method="S256",
        )
        return address

    def claims(self, code: str, redirect_uri: str, *, nonce: str, verifier: str, now: datetime) -> dict[str, Any]:
        """What the provider says about whoever brought the code; OidcError unless every word of it is its own."""
        found = self._discover()
        tokens = self._exchange(found.token_endpoint, code, redirect_uri, verifier)
        keys = self._read(found.jwks_uri)
        try:
            token = jwt.decode(str(tokens.get("id_token")), KeySet.import_key_set(keys), algorithms=_ALGORITHMS)
            claims = CodeIDToken(
                token.claims,
                token.header,
                options={
                    "iss": {"essential": True, "value": self._issuer},
                    "aud": {"essential": True, "value": self._client_id},
                },
                params={"nonce": nonce, "client_id": self._client_id, "access_token": tokens.get("access_token")},
            )
            claims.validate(now=int(now.timestamp()), leeway=_LEEWAY_S)
        except (JoseError, AuthlibBaseError, ValueError, TypeError, KeyError) as error:
            raise OidcError(f"the ID token is not valid: {type(error).__name__} {error}") from error
        return dict(claims)

    def _discover(self) -> Discovered:
        body = self._read(self._issuer.rstrip("/") + "/.well-known/openid-configuration")
        try:
            found = Discovered.model_validate(body)
        except ValidationError as error:
            raise OidcError(f"the provider's configuration is not complete: {error}") from error
        if found.issuer != self._issuer:
            raise OidcError(f"the provider calls itself {found.issuer}")
        return found

    def _exchange(self, address: str, code: str, redirect_uri: str, verifier: str) -> dict[str, Any]:
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": redirect_uri,
            "client_id": self._client_id,
            "code_verifier": verifier,
        }
        auth = None if self._secret is None else httpx.BasicAuth(self._client_id, self._secret)
        answer: dict[str, Any] = self._answer(httpx.Request("POST", address, data=form), auth)
        return answer

    def _read(self, address: str) -> Any:
        return self._answer(httpx.Request("GET", address))

    def _answer(self, request: httpx.Request, auth: httpx.BasicAuth | None = None) -> Any:
        try:
            with httpx.Client(timeout=_TIMEOUT_S) as client:
                answer = client.send(request, auth=auth)
                answer.raise_for_status()
                body = answer.json()
        except (httpx.HTTPError, ValueError) as error:
            raise OidcError(f"{request.url} did not answer usefully: {type(error).__name__} {error}") from error
        if not isinstance(body, dict):
            raise OidcError(f"{request.url} did not answer with an object")
        return body
