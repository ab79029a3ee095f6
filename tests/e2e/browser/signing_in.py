"""Windows of people who are signed in, without the form: that has a test of its own."""

from dataclasses import dataclass

import httpx

from evals.bench.server import Server
from tests.e2e.browser.company import PASSWORD
from tests.e2e.browser.windows import Opener, Profiles, Visit


@dataclass
class Desk:
    """Opens pages of a server as its people."""

    server: Server
    profiles: Profiles
    open: Opener

    @property
    def url(self) -> str:
        """Where the server is."""
        return self.server.url

    def as_nobody(self, path: str, *, locale: str = "en-GB") -> Visit:
        """A window that is not signed in."""
        self.profiles.forget("nobody")
        return self.open(f"{self.url}{path}", profile="nobody", locale=locale)

    def as_user(self, user: str, path: str, *, profile: str = "somebody", width: int = 1280) -> Visit:
        """A window in which somebody has signed in; one window of each profile at a time."""
        self.profiles.forget(profile)
        context = self.profiles.of(profile, "en-GB")
        for name, value in self._signed_in(user).items():
            context.add_cookies([{"name": name, "value": value, "url": self.url}])
        return self.open(f"{self.url}{path}", profile=profile, width=width)

    def end_sessions(self, user: str) -> None:
        """Sign somebody out everywhere."""
        cookies, origin = self._signed_in(user), {"Origin": self.url}
        with httpx.Client(base_url=self.url, cookies=cookies, headers=origin, timeout=60) as client:
            client.delete("/v1/session", params={"everywhere": True}).raise_for_status()

    def _signed_in(self, user: str) -> dict[str, str]:
        with httpx.Client(base_url=self.url, timeout=60) as client:
            client.post("/v1/session", json={"user": user, "password": PASSWORD}).raise_for_status()
            return dict(client.cookies)
