"""The tools for calendar, mail and directory."""

from collections.abc import Mapping
from typing import Any

from evals.suites.chat.workbench.world import (
    EVENTS,
    MAILS,
    MOST,
    NOW,
    PEOPLE,
    Given,
    RefusedError,
    Row,
    Tool,
    World,
    end_of_day,
    has,
    moment,
)


def one_field(table: str, key: str) -> Tool:
    """A tool that answers with one field of the row of an id."""

    def get(world: World, given: Given) -> Any:
        row = world.find(table, given.get(key, ""))
        name = given.get("field", "")
        if name not in row:
            raise RefusedError(f"no field {name}")
        return {name: row[name]}

    return get


def needed(given: Given, *names: str) -> list[str]:
    """The values of arguments that must be given. Raises RefusedError."""
    missing = [name for name in names if not given.get(name)]
    if missing:
        raise RefusedError(f"not given: {', '.join(missing)}")
    return [str(given[name]) for name in names]


def address(text: str) -> str:
    """A mail address in small letters. Raises RefusedError when it is none."""
    if "@" not in text or "." not in text:
        raise RefusedError(f"not an address: {text}")
    return text.casefold()


def _search_events(world: World, given: Given) -> list[Row]:
    found = [
        row
        for row in world.tables[EVENTS]
        if has(row, ("event_name", "participant_email"), given.get("query", ""))
        and (not given.get("time_min") or moment(row["event_start"]) >= moment(given["time_min"]))
        and (not given.get("time_max") or moment(row["event_start"]) <= moment(given["time_max"]))
    ]
    return found[:MOST]


def _create_event(world: World, given: Given) -> str:
    name, participant, start, duration = needed(given, "event_name", "participant_email", "event_start", "duration")
    return world.add(
        EVENTS,
        {
            "event_name": name,
            "participant_email": address(participant),
            "event_start": str(moment(start)),
            "duration": duration,
        },
    )


def _search_emails(world: World, given: Given) -> list[Row]:
    words = given.get("query", "").casefold().split()
    found = [
        row
        for row in world.tables[MAILS]
        if all(has(row, ("subject", "body", "sender/recipient"), word) for word in words)
        and (not given.get("date_min") or moment(row["sent_datetime"]) >= moment(given["date_min"]))
        and (not given.get("date_max") or moment(row["sent_datetime"]) <= end_of_day(given["date_max"]))
    ]
    return sorted(found, key=lambda row: row["sent_datetime"], reverse=True)[:MOST]


def _send(world: World, recipient: str, subject: str, body: str) -> str:
    sent = {"inbox/outbox": "outbox", "sender/recipient": address(recipient), "subject": subject}
    return world.add(MAILS, {**sent, "sent_datetime": str(NOW), "body": body})


def _send_email(world: World, given: Given) -> str:
    recipient, subject, body = needed(given, "recipient", "subject", "body")
    return _send(world, recipient, subject, body)


def _forward_email(world: World, given: Given) -> str:
    id_, recipient = needed(given, "email_id", "recipient")
    mail = world.find(MAILS, id_)
    return _send(world, recipient, f"FW: {mail['subject']}", mail["body"])


def _reply_email(world: World, given: Given) -> str:
    id_, body = needed(given, "email_id", "body")
    mail = world.find(MAILS, id_)
    return _send(world, mail["sender/recipient"], mail["subject"], body)


def _find_email_address(world: World, given: Given) -> list[str]:
    (name,) = needed(given, "name")
    return [row["address"] for row in world.tables[PEOPLE] if name.casefold() in row["address"].casefold()]


TOOLS: Mapping[str, Tool] = {
    "calendar.get_event_information_by_id": one_field(EVENTS, "event_id"),
    "calendar.search_events": _search_events,
    "calendar.create_event": _create_event,
    "calendar.delete_event": lambda world, given: world.delete(EVENTS, *needed(given, "event_id")),
    "calendar.update_event": lambda world, given: world.update(
        EVENTS, *needed(given, "event_id", "field", "new_value")
    ),
    "email.get_email_information_by_id": one_field(MAILS, "email_id"),
    "email.search_emails": _search_emails,
    "email.send_email": _send_email,
    "email.delete_email": lambda world, given: world.delete(MAILS, *needed(given, "email_id")),
    "email.forward_email": _forward_email,
    "email.reply_email": _reply_email,
    "company_directory.find_email_address": _find_email_address,
}
