"""The two stories that are written by hand, for the accounts shown first."""

import re
from dataclasses import dataclass
from datetime import datetime, time, timedelta, timezone
from random import Random

from demo.accounts import left_on
from demo.grammar import fill, load_texts, without, write_line
from demo.mails import addresses, cast_for, reply_subject, sign, speak
from demo.slots import Purchase, build_slots, day_slots
from demo.world import VENDOR, VENDOR_ZH, Form, Message, World

_HEADER = re.compile(
    r"(?P<day>L?[+-]\d+) (?P<form>mail|meeting|call|note) (?P<roles>[\w,>]+) \| (?P<subject>.*?)(?: #(?P<topic>\w+))?"
)
_UNDERCUT = "13"  # per cent; the story speaks of about eight before, and of fifteen as the limit


@dataclass(frozen=True, slots=True)
class _Scene:
    """One message of a story; `body` is its text before names and dates are filled in."""

    purchase: Purchase
    slots: dict[str, str]
    at: datetime
    form: Form
    roles: str
    subject: str
    topic: str
    body: str
    rng: Random

    def mail(self, last: Message | None) -> Message:
        """`roles` is `sender>receiver,copies`; the subject `=` answers the mail before."""
        account = self.purchase.account
        lang = account.lang
        by, _, rest = self.roles.partition(">")
        to, *copies = rest.split(",")
        cast = cast_for(self.purchase, (by, to, *copies))
        own = without(self.slots, by) | {"to": cast[to].address}
        greeting = write_line("mails", lang, "greeting", self.rng).format_map(own)
        company = account.short if by != "rep" else (VENDOR if lang == "en" else VENDOR_ZH)
        subject = self.subject
        if subject == "=" and last is not None:
            subject = reply_subject(last.subject, lang)
        answers = last is not None and subject == reply_subject(last.subject, lang)
        return self.message(
            id=f"{self.rng.getrandbits(80):020x}@{cast[by].email.rpartition('@')[2]}",
            sender=cast[by].name,
            sender_mail=cast[by].email,
            to=addresses([cast[to]]),
            cc=addresses([cast[role] for role in copies]),
            subject=subject,
            text=f"{greeting}\n\n{self.filled(self.body, own)}\n\n{sign(cast[by], company, self.rng)}",
            reply_to=last.id if last is not None and answers else None,
        )

    def talk(self) -> Message:
        """`roles` are those who sit with the rep; each line of the body is `role: text`."""
        rep = self.purchase.account.owner.person
        roles = self.roles.split(",")
        cast = cast_for(self.purchase, ("rep", *roles))
        lines = []
        for line in self.body.splitlines():
            role, _, text = line.partition(": ")
            lines.append((role, self.filled(text, without(self.slots, role))))
        turns = speak(lines, cast, self.purchase.account.lang, self.rng)
        return self.message(
            sender=rep.name,
            sender_mail=rep.email,
            to=addresses([cast[role] for role in roles]),
            text="\n".join(f"{turn.speaker}: {turn.text}" for turn in turns),
            turns=turns,
        )

    def note(self) -> Message:
        """A note of the rep."""
        account = self.purchase.account
        rep = account.owner.person
        text = self.filled(self.body, self.slots)
        return self.message(sender=rep.name, sender_mail=rep.email, to=((account.short, ""),), text=text)

    def filled(self, text: str, slots: dict[str, str]) -> str:
        """`text` with names, goods and dates; raises ValueError when it speaks of something unknown."""
        done = fill(text, slots, self.rng)
        if done is None:
            raise ValueError(f"the scene {self.subject!r} uses a slot that is not known: {text!r}")
        return done

    def message(self, **parts: object) -> Message:
        """The message with what all forms have in common."""
        account = self.purchase.account
        given = {"id": "", "subject": self.subject} | parts
        return Message(
            account=account,
            form=self.form,
            topic=self.topic,
            at=self.at,
            lang=account.lang,
            **given,  # type: ignore[arg-type]
        )


def tell_script(world: World, purchase: Purchase) -> list[Message]:
    """The messages of `texts/script_<lang>.txt`, oldest first, told with the account's own people and goods.

    A scene opens with `== <day> <form> <roles> | <subject> [#<topic>]`: the day from today, or `L±n` from the day the
    champion left. Raises ValueError for a scene it cannot read.
    """
    account = purchase.account
    rng = world.rng("script", account.id)
    slots = build_slots(world, purchase, rng) | {"pct": _UNDERCUT}
    zone = timezone(timedelta(hours=account.offset))
    told: list[Message] = []
    for header, bodies in load_texts("script", account.lang).items():
        match = _HEADER.fullmatch(header)
        if match is None:
            raise ValueError(f"script_{account.lang}.txt: cannot read the scene {header!r}")
        leaving = (left_on(world, account) - world.today).days if header.startswith("L") else 0
        day = world.day(leaving + int(match["day"].removeprefix("L")))
        at = datetime.combine(day, time(rng.randint(8, 16), rng.randint(0, 59)), zone)
        if told:
            at = max(at, told[-1].at + timedelta(minutes=40))
        scene = _Scene(
            purchase=purchase,
            slots=day_slots(slots, day, account.lang, rng),
            at=at,
            form=match["form"],  # type: ignore[arg-type]
            roles=match["roles"],
            subject=fill(match["subject"], slots, rng) or match["subject"],
            topic=match["topic"] or "script",
            body=bodies[0],
            rng=rng,
        )
        last = next((message for message in reversed(told) if message.form == "mail"), None)
        told.append(
            scene.mail(last) if scene.form == "mail" else scene.note() if scene.form == "note" else scene.talk()
        )
    return told
