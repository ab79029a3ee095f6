"""The form of a person's name, roles, regions, manager and delegate."""

from collections.abc import Awaitable, Callable

from nicegui import ui
from nicegui.events import GenericEventArguments
from pydantic import ValidationError

from console.acting import flag
from console.admin_frame import admin_words
from console.elements import Tag, note
from console.session import Session
from core.domain.people import User
from core.identity import Role
from hub.regions import list_regions
from hub.rendering.labels import load_labels

_TEXT_OF_FIELD = "(event) => emit(event.target.value)"


class PersonForm:
    """Fields for a user, or for a new one; `save` gets what was written once it is a user."""

    def __init__(self, session: Session, user: User | None, save: Callable[[User], Awaitable[None]]) -> None:
        self._session = session
        self._user = user
        self._save = save
        self._say = admin_words(session)
        self._pending = ""

    def build(self) -> None:
        """Draw the fields."""
        say, user = self._say, self._user
        roles = load_labels(self._session.lang, "sign_in")
        if user is None:
            self.id = ui.input(say("field_id")).props("outlined maxlength=64 autocomplete=off")
            self.id.props["hint"] = say("field_id_hint")
        self.name = ui.input(say("field_name"), value=user.name if user else "")
        self.name.props("outlined maxlength=200 hide-bottom-space")
        self.roles = ui.select(
            {role.value: roles.name(role) for role in Role},
            label=say("field_roles"),
            multiple=True,
            value=sorted(user.roles) if user else [],
        ).props("outlined use-chips hide-bottom-space")
        everywhere = user is None or user.regions is None
        self.everywhere = ui.checkbox(say("field_every_region"), value=everywhere)
        self.regions = self._regions(sorted(user.regions or ()) if user else [])
        self.regions.bind_visibility_from(self.everywhere, "value", backward=lambda value: not value)
        others = {one.id: one.name for one in self._session.users if user is None or one.id != user.id}
        with ui.element("div").classes("pair"):
            self.manager = self._other("manager", others, user.manager if user else None)
            self.delegate = self._other("delegate", others, user.delegate if user else None)
        if user is not None:
            note(say("signed_out_note"))
        Tag("button", say("save"), "button").on("click", self._submit)

    def say_taken(self) -> None:
        """The user name is somebody's."""
        flag(self.id, self._say("error_taken"))

    def _regions(self, held: list[str]) -> ui.input_chips:
        known = [region.name for region in list_regions(self._session.platform, self._session.caller)]
        field = ui.input_chips(self._say("field_regions"), value=held, new_value_mode="add-unique").props("outlined")
        field.props["hint"] = self._say("field_regions_hint")
        # What is typed but no chip yet would be lost when the field is left; the blur comes before it is cleared.
        field.on("input-value", self._typing).on("blur", self._typed, js_handler=_TEXT_OF_FIELD)
        with ui.element("div").classes("suggested") as suggested:
            for name in known:
                Tag("button", f"+ {name}", "button quiet").on("click", lambda name=name: self._add(name))
        suggested.bind_visibility_from(self.everywhere, "value", backward=lambda value: not value)
        return field

    def _typing(self, event: GenericEventArguments) -> None:
        self._pending = str(event.args or "")

    def _typed(self, event: GenericEventArguments) -> None:
        self._typing(event)
        self._keep_pending()

    def _keep_pending(self) -> None:
        typed, self._pending = self._pending.strip(), ""
        if typed:
            self._add(typed)

    def _add(self, region: str) -> None:
        self.regions.value = list(dict.fromkeys([*(self.regions.value or ()), region]))

    def _other(self, name: str, others: dict[str, str], held: str | None) -> ui.select:
        options = others if held is None or held in others else {**others, held: held}
        select = ui.select(options, label=self._say(f"field_{name}"), value=held, with_input=True, clearable=True)
        select.props["hint"] = self._say(f"field_{name}_hint")
        return select.props("outlined behavior=menu")

    async def _submit(self) -> None:
        say = self._say
        self._keep_pending()
        regions = None if self.everywhere.value else frozenset(map(str, self.regions.value or ()))
        user_id = self._user.id if self._user else str(self.id.value or "").strip()
        found = {
            "id": user_id,
            "name": str(self.name.value or "").strip(),
            "roles": frozenset(map(Role, self.roles.value or ())),
            "regions": regions,
            "manager": self.manager.value or None,
            "delegate": self.delegate.value or None,
            "active": self._user.active if self._user else True,
        }
        fields = {"name": self.name, "roles": self.roles, "regions": self.regions}
        if self._user is None:
            fields["id"] = self.id
        wrong = {"regions"} if regions is not None and not regions else set()
        user = None
        try:
            user = User.model_validate(found)
        except ValidationError as error:
            wrong |= {str(each["loc"][0]) for each in error.errors()}
        for name, field in fields.items():
            flag(field, say(f"error_{name}") if name in wrong else None)
        if user is not None and not wrong:
            await self._save(user)
