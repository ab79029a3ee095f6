"""An OpenID Connect provider on this machine: discovery, keys, a page to agree on, and the code exchange with PKCE."""

import json
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from authlib.oauth2.rfc7636 import create_s256_code_challenge
from joserfc import jwt
from joserfc.jwk import RSAKey

CLIENT = "saleshub"


@dataclass
class Provider:
    """What it says of whoever comes. `claims` override those of a right ID token, `algorithm` how it is signed."""

    issuer: str = ""
    claims: dict[str, Any] = field(default_factory=dict)
    algorithm: str = "RS256"
    asked: dict[str, str] = field(default_factory=dict)
    exchanged: list[dict[str, str]] = field(default_factory=list)
    key: RSAKey = field(default_factory=lambda: RSAKey.generate_key(2048, {"kid": "one", "use": "sig"}))

    def visit(self, address: str) -> dict[str, str]:
        """What the browser brings back from the address it was sent to: the person agreed."""
        self.asked = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
        return {"code": "the-code", "state": self.asked["state"]}

    def agree(self, address: str) -> str:
        """Where the browser goes on to once the person whom `address` names agreed."""
        answer = self.visit(address)
        who = self.asked.pop("as")
        self.claims = {"sub": f"person-{who}", "preferred_username": who}
        return f"{self.asked['redirect_uri']}?{urlencode(answer)}"

    def token(self) -> str:
        """The ID token of whoever agreed."""
        now = int(time.time())
        claims = {
            "iss": self.issuer, "aud": CLIENT, "sub": "person-1", "iat": now, "exp": now + 60,
            "nonce": self.asked.get("nonce"), "preferred_username": "rep",
        } | self.claims  # fmt: skip
        key = self.key if self.algorithm.startswith("RS") else RSAKey.generate_key(2048, {"kid": "one"})
        return jwt.encode({"alg": "RS256", "kid": "one"}, claims, key)

    def described(self, path: str) -> dict[str, Any]:
        """What it says of itself at `path`."""
        if path == "/keys":
            return {"keys": [self.key.as_dict(private=False)]}
        return {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/keys",
        }

    def exchange(self, form: dict[str, str]) -> dict[str, Any]:
        """What the code is worth to who sends `form`."""
        self.exchanged.append(form)
        challenge = create_s256_code_challenge(form.get("code_verifier", ""))  # type: ignore[no-untyped-call]
        fits = form.get("code") == "the-code" and challenge == self.asked.get("code_challenge")
        return {"id_token": self.token(), "token_type": "Bearer"} if fits else {"error": "invalid_grant"}


@contextmanager
def running_provider(host: str = "127.0.0.1", people: Sequence[str] = ()) -> Iterator[Provider]:
    """A provider that listens for as long as the block runs; browsers find it at `host`, and say which of `people`."""
    provider = Provider()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if self.path.startswith("/authorize?"):
                self._ask()
            elif self.path.startswith("/agreed?"):
                self.send_response(303)
                self.send_header("Location", provider.agree(self.path))
                self.end_headers()
            else:
                self._send(provider.described(self.path))

        def _ask(self) -> None:
            asked = urlsplit(self.path).query
            links = [f'<a href="/agreed?{escape(f"{asked}&as={who}")}">{escape(who)}</a>' for who in people]
            page = f"<!doctype html><html lang=en><title>Provider</title><h1>Who are you?</h1>{' '.join(links)}"
            self._write(200, "text/html; charset=utf-8", page.encode())

        def do_POST(self) -> None:
            text = self.rfile.read(int(self.headers["Content-Length"])).decode()
            self._send(provider.exchange({name: values[0] for name, values in parse_qs(text).items()}))

        def _send(self, body: dict[str, Any]) -> None:
            self._write(400 if "error" in body else 200, "application/json", json.dumps(body).encode())

        def _write(self, status: int, kind: str, told: bytes) -> None:
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(told)))
            self.end_headers()
            self.wfile.write(told)

        def log_message(self, *_args: object) -> None:
            pass

    # Browsers keep connections open that they ask nothing on: each has a thread of its own.
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    provider.issuer = f"http://{host}:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
