"""An OpenID Connect provider on this machine: discovery, keys, and the code exchange with PKCE."""

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

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

    def token(self) -> str:
        """The ID token of whoever agreed."""
        now = int(time.time())
        claims = {
            "iss": self.issuer, "aud": CLIENT, "sub": "person-1", "iat": now, "exp": now + 60,
            "nonce": self.asked.get("nonce"), "preferred_username": "rep",
        } | self.claims  # fmt: skip
        key = self.key if self.algorithm.startswith("RS") else RSAKey.generate_key(2048, {"kid": "one"})
        return jwt.encode({"alg": "RS256", "kid": "one"}, claims, key)


@contextmanager
def running_provider() -> Iterator[Provider]:
    """A provider that listens for as long as the block runs."""
    provider = Provider()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._send(
                {"keys": [provider.key.as_dict(private=False)]}
                if self.path == "/keys"
                else {
                    "issuer": provider.issuer,
                    "authorization_endpoint": f"{provider.issuer}/authorize",
                    "token_endpoint": f"{provider.issuer}/token",
                    "jwks_uri": f"{provider.issuer}/keys",
                }
            )

        def do_POST(self) -> None:
            text = self.rfile.read(int(self.headers["Content-Length"])).decode()
            form = {name: values[0] for name, values in parse_qs(text).items()}
            provider.exchanged.append(form)
            challenge = create_s256_code_challenge(form.get("code_verifier", ""))  # type: ignore[no-untyped-call]
            fits = form.get("code") == "the-code" and challenge == provider.asked.get("code_challenge")
            self._send({"id_token": provider.token(), "token_type": "Bearer"} if fits else {"error": "invalid_grant"})

        def _send(self, body: dict[str, Any]) -> None:
            told = json.dumps(body).encode()
            self.send_response(400 if "error" in body else 200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(told)))
            self.end_headers()
            self.wfile.write(told)

        def log_message(self, *_args: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    provider.issuer = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
