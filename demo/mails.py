"""One exchange put into words: a mail, a talk, a note or a post."""

from dataclasses import replace
from datetime import datetime
from random import Random

from demo.beats import Beat
from demo.grammar import without, write, write_dialogue, write_line, write_subject
from demo.slots import Purchase
from demo.world import VENDOR, VENDOR_ZH, Lang, Message, Person, Spoken

_MAIN_TOPIC = ("discovery", "technical", "commercial", "review")
_SPEED = {"en": 13.0, "zh": 4.5}  # characters a second
TITLES = {
    "en": {"discovery": "Needs workshop", "technical": "Technical review", "commercial": "Commercial talk",
           "review": "Service review", "story_healthy": "Management meeting", "story_undercut": "Price talk",
           "story_payment": "Payment terms", "story_discount": "Price talk", "story_stock": "Delivery date"},
    "zh": {"discovery": "需求交流", "technical": "技术交流", "commercial": "商务谈判", "review": "服务回访",
           "story_healthy": "高层会谈", "story_undercut": "价格沟通", "story_payment": "账期沟通",
           "story_discount": "价格沟通", "story_stock": "交期沟通"},
}  # fmt: skip


def sign(person: Person, company: str, rng: Random) -> str:
    """A closing with name, title and company; short as often as not."""
    lines = [write_line("mails", person.lang, "signoff", rng), person.name]
    if rng.random() < 0.6:
        lines.append(f"{person.title} | {company}" if person.lang == "en" else f"{company} {person.title}")
    return "\n".join(lines)


def reply_subject(subject: str, lang: Lang) -> str:
    """The subject of an answer."""
    bare = subject.removeprefix("Re: ").removeprefix("回复：")
    return ("回复：" if lang == "zh" else "Re: ") + bare


def addresses(people: list[Person]) -> tuple[tuple[str, str], ...]:
    """Names and e-mail addresses."""
    return tuple((person.name, person.email) for person in people)


def cast_for(purchase: Purchase, roles: tuple[str, ...]) -> dict[str, Person]:
    """The people who play `roles`; at a single-threaded account one person plays all of the customer's."""
    account = purchase.account
    house = {"rep": account.owner.person, "expert": purchase.expert}
    people = account.people
    if "single_threaded" in account.stories:
        people = dict.fromkeys((*people, "eb"), people["champ"])
    return {role: (house | people)[role] for role in roles if role in house or role in people}


def write_mail(
    purchase: Purchase, beat: Beat, slots: dict[str, str], at: datetime, *, last: Message | None, rng: Random
) -> Message | None:
    """The mail, or None when its writer or reader does not exist at this account."""
    account = purchase.account
    cast = cast_for(purchase, (beat.by, beat.to, *beat.cc))
    sender, receiver = cast.get(beat.by), cast.get(beat.to)
    if sender is None or receiver is None or sender is receiver:
        return None
    lang: Lang = account.lang
    own = without(slots, beat.by, beat.to) | {"to": receiver.address}
    body = write("mails", lang, beat.topic, own, rng)
    greeting = write_line("mails", lang, "greeting", rng).format_map(own)
    company = account.short if beat.by != "rep" else (VENDOR if lang == "en" else VENDOR_ZH)
    subject = write_subject(lang, beat.topic, own, rng)
    answers = last is not None and subject is None
    if subject is None:
        subject = reply_subject(last.subject if last is not None else account.site, lang)
    copies = [cast[role] for role in beat.cc if role in cast and cast[role] not in (sender, receiver)]
    return Message(
        id=f"{rng.getrandbits(80):020x}@{sender.email.rpartition('@')[2]}",
        account=account,
        form="mail",
        topic=beat.topic,
        at=at,
        sender=sender.name,
        sender_mail=sender.email,
        to=addresses([receiver]),
        cc=addresses(list({person.email: person for person in copies}.values())),
        subject=subject,
        text=f"{greeting}\n\n{body}\n\n{sign(sender, company, rng)}",
        lang=lang,
        reply_to=last.id if answers and last is not None else None,
    )


def speak(lines: list[tuple[str, str]], cast: dict[str, Person], lang: Lang, rng: Random) -> tuple[Spoken, ...]:
    """The lines as turns with times; one who speaks twice in a row goes on in the same turn."""
    turns: list[Spoken] = []
    clock = rng.uniform(1, 6)
    for role, text in lines:
        end = clock + max(1.2, len(text) / _SPEED[lang])
        name = cast[role].name
        if turns and turns[-1].speaker == name:
            gap = " " if lang == "en" else ""
            turns[-1] = replace(turns[-1], end=round(end, 2), text=f"{turns[-1].text}{gap}{text}")
        else:
            turns.append(Spoken(name, round(clock, 2), round(end, 2), text))
        clock = end + rng.uniform(0.3, 2.0)
    return tuple(turns)


def write_talk(
    purchase: Purchase, beat: Beat, slots: dict[str, str], at: datetime, *, absent: frozenset[str], rng: Random
) -> Message | None:
    """A meeting or a call, or None when there is nobody to talk to."""
    account = purchase.account
    lang: Lang = account.lang
    roles = tuple(role for role in ("rep", *beat.with_) if role not in absent)
    cast = cast_for(purchase, roles)
    if "single_threaded" in account.stories:
        cast = {role: person for role, person in cast.items() if role in ("rep", "expert", "champ")}
    present = frozenset(cast)
    if not present - {"rep", "expert"}:
        return None
    length = rng.randint(4, 6) if beat.form == "meeting" else rng.randint(2, 3)
    lines = write_dialogue(lang, "opening", 1, present, slots=slots, rng=rng)
    if beat.topic in _MAIN_TOPIC:
        main = write_dialogue(lang, beat.topic, length, present, slots=slots, rng=rng)
    else:
        main = write_dialogue(lang, beat.topic, 1, present, slots=slots, rng=rng)
        main = write_dialogue(lang, "commercial", length - 1, present, slots=slots, rng=rng) + main
    if not main:
        return None
    lines += main + write_dialogue(lang, "closing", 1, present, slots=slots, rng=rng)
    turns = speak(lines, cast, lang, rng)
    customer = next(person for role, person in cast.items() if role not in ("rep", "expert"))
    return Message(
        id="",
        account=account,
        form=beat.form,
        topic=beat.topic,
        at=at,
        sender=account.owner.person.name,
        sender_mail=account.owner.person.email,
        to=addresses([customer, *(p for p in cast.values() if p not in (customer, account.owner.person))]),
        subject=TITLES[lang][beat.topic],
        text="\n".join(f"{turn.speaker}: {turn.text}" for turn in turns),
        lang=lang,
        turns=turns,
    )


def write_note(purchase: Purchase, beat: Beat, slots: dict[str, str], at: datetime, rng: Random) -> Message:
    """A note of the rep, or a post of the customer."""
    account = purchase.account
    text = write("notes", account.lang, beat.topic, slots, rng)
    rep = account.owner.person
    posted = beat.form == "post"
    return Message(
        id="",
        account=account,
        form=beat.form,
        topic=beat.topic,
        at=at,
        sender=account.short if posted else rep.name,
        sender_mail=f"news@{account.domain}" if posted else rep.email,
        to=() if posted else ((account.short, ""),),
        subject="" if posted else slots["site"],
        text=text,
        lang=account.lang,
    )
