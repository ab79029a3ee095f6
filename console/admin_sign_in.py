"""How a person signs in: invited, given a password, unlocked."""

from collections.abc import Awaitable, Callable

from nicegui import ui

from console.acting import attempt, copy_field, flag
from console.admin_frame import admin_words
from console.elements import Tag, note
from console.session import Session
from core.domain.access import Invite
from core.errors import InvalidInputError
from hub.access.entering import is_open
from hub.access.invites import invite_user, set_password
from hub.access.passwords import SHORTEST, check_password
from hub.access.standing import Standing, unlock_user

# Goes to the sign-in page as soon as there is one; while the installation is open its address leads elsewhere.
_LEAVE = """(async () => {
  for (let times = 0; times < 60; times++) {
    await new Promise((later) => setTimeout(later, 500));
    const answer = await fetch("/sign-in", {redirect: "manual"});
    if (answer.status === 200) return location.assign("/sign-in");
  }
})()"""


class SignInPanel:
    """What an administrator can do about one person's signing in.

    `address` is where invitations lead; `changed` is called after what shows elsewhere.
    """

    def __init__(
        self, session: Session, standing: Standing, address: str, changed: Callable[[], Awaitable[None]]
    ) -> None:
        self._session = session
        self._standing = standing
        self._address = address
        self._changed = changed
        self._say = admin_words(session)

    def build(self) -> None:
        """Draw it."""
        say, standing = self._say, self._standing
        Tag("h2", say("signing_in"))
        note(say("state_password" if standing.has_password else "state_none"))
        if self._session.platform.settings.oidc_issuer is not None:
            note(say("state_provider"))
        if standing.locked_until is not None:
            Tag("p", say("state_locked", at=standing.locked_until), "warn")
            Tag("button", say("unlock"), "button").on("click", self._unlock)
        self._place = ui.element("div").classes("form")
        with self._place:
            Tag("button", say("invite"), "button").on("click", self._invite)
        self._password = ui.input(say("new_password"), password=True, password_toggle_button=True)
        self._password.props("outlined autocomplete=new-password maxlength=200")
        self._password.props["hint"] = say("password_hint", shortest=SHORTEST)
        Tag("button", say("set_password"), "button quiet").on("click", self._set)

    async def _unlock(self) -> None:
        if await attempt(
            self._session, lambda: unlock_user(self._session.platform, self._session.caller, self._standing.user.id)
        ):
            ui.notify(self._say("unlocked"))
        await self._changed()

    async def _invite(self) -> None:
        say, made = self._say, list[tuple[Invite, str]]()
        platform, user = self._session.platform, self._standing.user.id
        if not await attempt(self._session, lambda: made.append(invite_user(platform, self._session.caller, user))):
            return
        invite, token = made[0]
        self._place.clear()
        with self._place:
            copy_field(say("invite_link"), f"{self._address}/invite?invite={token}", say("copy"), say("copied"))
            note(say("invite_note", at=invite.expires_at))

    async def _set(self) -> None:
        say, user = self._say, self._standing.user.id
        password = str(self._password.value or "")
        try:
            check_password(password, user)
        except InvalidInputError:
            flag(self._password, say("error_password"))
            return
        flag(self._password, None)
        if is_open(self._session.platform):
            # After it nothing reaches this page any more.
            ui.run_javascript(_LEAVE)
        if await attempt(
            self._session, lambda: set_password(self._session.platform, self._session.caller, user, password)
        ):
            ui.notify(say("password_set"))
            await self._changed()
