import json
from datetime import UTC, datetime

import pytest

from connectors.exports.mails import new_words, strip_html
from core.domain.accounts import Account, Contact, SalesPerson
from core.domain.base import Record
from core.domain.interactions import Author, Interaction, InteractionKind
from core.identity import Role
from core.language import Lang
from tests.unit.exports.conftest import Reader, Result

OURS = SalesPerson(id="s1", name="王芳", email="wang.fang@vendor.example")
ACME = Account(id="A1", name="Acme Drives Ltd", aliases=("Acme",), domain="acme-drives.example", region="North")
OTHER = Account(id="A2", name="Borealis Pumps", domain="borealis.example", region="South")
ADA = Contact(id="c1", account_id="A1", name="Ada Frost", email="ada@gmail.com")
KNOWN: list[Record] = [ACME, OTHER, ADA, OURS]


def mail(sender: str, to: str, body: str = "We need ten drives.", **headers: str) -> str:
    lines = {
        "From": sender, "To": to, "Subject": "Drives", "Date": "Mon, 02 Mar 2026 09:00:00 +0800",
        "Message-ID": "<m1@x>", "Content-Type": "text/plain; charset=utf-8",
    } | headers  # fmt: skip
    return "".join(f"{name}: {value}\n" for name, value in lines.items() if value) + f"\n{body}\n"


def only(result: Result) -> Interaction:
    assert result.refusals == []
    [record] = result.records
    assert isinstance(record, Interaction)
    return record


def test_a_mail_belongs_to_the_account_of_its_participants_domain(read: Reader) -> None:
    found = only(read({"a.eml": mail("Bo <bo@acme-drives.example>", "wang.fang@vendor.example")}, KNOWN))
    assert (found.account_id, found.region, found.form) == ("A1", "North", InteractionKind.MAIL)
    assert (found.author, found.lang, found.subject) == (Author.CUSTOMER, Lang.EN, "Drives")
    assert found.at == datetime(2026, 3, 2, 1, tzinfo=UTC)
    assert found.recipients == ("wang.fang@vendor.example",)


def test_our_own_mail_is_internal_and_belongs_to_the_recipients_account(read: Reader) -> None:
    found = only(read({"a.eml": mail("wang.fang@vendor.example", "ada@gmail.com")}, KNOWN))
    assert (found.account_id, found.author) == ("A1", Author.INTERNAL)


@pytest.mark.parametrize("message_id", ["<note-1>", "<mail:1>", "<m1@x>"])
def test_no_message_id_can_name_another_record(read: Reader, message_id: str) -> None:
    headers = {"Message-ID": message_id}
    ours = only(read({"a.eml": mail("wang.fang@vendor.example", "bo@acme-drives.example", **headers)}, KNOWN))
    theirs = only(read({"a.eml": mail("bo@acme-drives.example", "wang.fang@vendor.example", **headers)}, KNOWN))
    again = only(read({"a.eml": mail("bo@acme-drives.example", "wang.fang@vendor.example", **headers)}, KNOWN))
    assert len({ours.id, theirs.id, message_id.strip("<>")}) == 3
    assert ours.id.startswith("mail:")
    assert again.id == theirs.id


def test_a_mailbox_gives_one_interaction_a_message_and_refuses_strangers(read: Reader) -> None:
    box = "".join(
        f"From x Mon Mar  2 09:00:00 2026\n{mail(sender, 'wang.fang@vendor.example', **{'Message-ID': f'<m{i}@x>'})}\n"
        for i, sender in enumerate(["bo@acme-drives.example", "spam@nowhere.example", "li@borealis.example"])
    )
    result = read({"inbox.mbox": box}, KNOWN)
    assert [record.account for record in result.records] == ["A1", "A2"]
    [(row, field, reason)] = result.refused
    assert (row, field) == (2, "account")
    assert "spam@nowhere.example" in reason


@pytest.mark.parametrize(
    ("headers", "field", "reason"),
    [
        ({"Date": "yesterday"}, "Date", "not a date"),
        ({"Date": ""}, "Date", "missing"),
        ({"Date": "Mon, 02 Mar 1970 09:00:00 +0000"}, "Date", "not between"),
        ({"From": ""}, "From", "no sender"),
    ],
)
def test_a_mail_without_sender_or_believable_date_is_refused(
    read: Reader, headers: dict[str, str], field: str, reason: str
) -> None:
    [(row, name, why)] = read({"a.eml": mail("bo@acme-drives.example", "x@y.example", **headers)}, KNOWN).refused
    assert (row, name) == (1, field)
    assert reason in why


def test_a_mail_to_several_accounts_is_refused(read: Reader) -> None:
    text = mail("wang.fang@vendor.example", "bo@acme-drives.example, li@borealis.example")
    assert "several accounts" in read({"a.eml": text}, KNOWN).refused[0][2]


def test_a_chinese_legacy_mail_is_decoded(read: Reader) -> None:
    head = mail("bo@acme-drives.example", "x@vendor.example", "", **{"Content-Type": "text/plain; charset=gb2312"})
    found = only(read({"a.eml": head.encode() + "我们需要十台变频器，㎡报价。".encode("gb18030")}, KNOWN))
    assert found.lang is Lang.ZH
    assert "变频器" in found.text


def test_html_mail_becomes_plain_text(read: Reader) -> None:
    html = (
        "<html><head><style>p{}</style></head><body><p>Hello&nbsp;Wang,</p><script>x()</script><p>ten drives</p></body>"
    )
    headers = {"Content-Type": "text/html; charset=utf-8"}
    found = only(read({"a.eml": mail("bo@acme-drives.example", "x@vendor.example", html, **headers)}, KNOWN))
    assert found.text.split("\n")[0] == "Hello Wang,"
    assert "x()" not in found.text
    assert strip_html("a<br>b") == "a\nb"


@pytest.mark.parametrize(
    "tail",
    [
        "On Mon, 2 Mar 2026 Wang Fang wrote:\n> old\n> words",
        "在 2026年3月2日，王芳 写道：\n> 旧",
        "-----Original Message-----\nFrom: x@y.example\nold",
        "________________________________\nFrom: x@y.example\nold",
        "-- \nBo Lund\nCTO",
        "Best regards,\nBo Lund\nCTO | Acme",
        "此致\n敬礼\n李伟",
        "Sent from my phone",
    ],
)
def test_quoted_replies_and_signatures_are_cut(tail: str) -> None:
    assert new_words(f"Please quote ten drives.\n\n{tail}\n") == "Please quote ten drives."


def test_words_of_thanks_inside_a_mail_stay() -> None:
    body = "Thanks\n\nWe still need the drawing of the second line before Friday, or the audit cannot start.\nBo"
    assert new_words(body) == body


VTT = """WEBVTT

NOTE
Account: Acme
Date: 2026-03-02 14:00
Topic: Line 3

00:00:01.000 --> 00:00:04.000
<v Ada Frost>We need ten drives &amp; two spares.

00:00:04.500 --> 00:00:06.000
<v 王芳>Delivery is six weeks.
"""


def test_a_vtt_transcript_with_a_header_gives_turns(read: Reader) -> None:
    found = only(read({"recording.vtt": VTT}, KNOWN))
    assert [(turn.speaker, turn.start, turn.end) for turn in found.turns] == [("Ada Frost", 1, 4), ("王芳", 4.5, 6)]
    assert found.turns[0].text == "We need ten drives & two spares."
    assert (found.account_id, found.subject, found.form) == ("A1", "Line 3", InteractionKind.MEETING)
    assert (found.at, found.author) == (datetime(2026, 3, 2, 14, tzinfo=UTC), Author.CUSTOMER)
    assert found.text.startswith("Ada Frost: We need")


def test_an_srt_transcript_takes_date_account_and_topic_from_its_name(read: Reader) -> None:
    srt = "1\n00:00:01,000 --> 00:00:02,000\nAda Frost: Hello.\n\n2\n00:00:02,500 --> 00:00:04,000\nand welcome.\n"
    found = only(read({"2026-03-02_Acme-Drives-Ltd_kick-off-call.srt": srt}, KNOWN))
    assert (found.account_id, found.subject, found.form) == ("A1", "kick off call", InteractionKind.CALL)
    assert found.text == "Ada Frost: Hello. and welcome."


def test_a_text_transcript_gives_turns(read: Reader) -> None:
    text = "客户：Acme\n日期：2026年3月2日\n\n王芳：今天谈三号线。\nAda Frost：好的。\n预算已批。\n王芳：交期六周。\n"
    found = only(read({"会议.txt": text}, KNOWN))
    assert [turn.text for turn in found.turns] == ["今天谈三号线。", "好的。 预算已批。", "交期六周。"]
    assert found.lang is Lang.ZH


def test_a_speaker_may_be_given_with_a_long_function(read: Reader) -> None:
    speaker = "Ms. Ada Frost (Director of Purchasing, Export Promotion and International Trade)"
    text = f"Chair: Welcome.\n{speaker}: Thank you.\nChair: Let us begin at 9:30.\n"
    found = only(read({"2026-03-02_Acme_x.txt": text}, KNOWN))
    assert [turn.speaker for turn in found.turns] == ["Chair", speaker, "Chair"]


def test_speakers_on_lines_of_their_own_and_links_are_told_apart(read: Reader) -> None:
    text = "Chair:\nWelcome.\nhttps://vendor.example/line3\n\nAda Frost:\nThank you.\nChair:\n\nBo:\nFine.\n"
    found = only(read({"2026-03-02_Acme_x.txt": text}, KNOWN))
    assert [(turn.speaker, turn.text) for turn in found.turns] == [
        ("Chair", "Welcome. https://vendor.example/line3"),
        ("Ada Frost", "Thank you."),
        ("Bo", "Fine."),
    ]


def test_minutes_without_speakers_are_kept_as_text(read: Reader) -> None:
    found = only(read({"2026-03-02_Acme_minutes.txt": "Budget was approved.\nNext visit in June.\n"}, KNOWN))
    assert found.turns == ()
    assert found.text == "Budget was approved.\nNext visit in June."


@pytest.mark.parametrize(
    ("name", "field"), [("recording.vtt", "account"), ("2026-03-02_Nobody_x.vtt", "account"), ("Acme_x.vtt", "date")]
)
def test_a_transcript_of_nobody_or_no_day_is_refused_with_the_remedy(read: Reader, name: str, field: str) -> None:
    [(_, found, reason)] = read({name: "WEBVTT\n\n00:01.000 --> 00:02.000\nHi\n"}, KNOWN).refused
    assert found == field
    assert "name the file <date>_<account>_<topic>" in reason


def line(**changes: object) -> str:
    fields: dict[str, object] = {
        "id": "i1", "account": "Acme", "kind": "note", "at": "2026-03-02T09:00:00+08:00", "from": "王芳", "to": [],
        "subject": None, "text": "Budget approved.", "lang": "en",
    }  # fmt: skip
    return json.dumps({name: value for name, value in (fields | changes).items() if value != "-"}, ensure_ascii=False)


def test_the_interchange_format_is_read(read: Reader) -> None:
    found = only(read({"notes.jsonl": line(audience=["manager"])}, KNOWN))
    assert (found.id, found.form, found.author) == ("i1", InteractionKind.NOTE, Author.INTERNAL)
    assert found.audience == frozenset({Role.MANAGER})


def test_turns_stand_in_for_text_and_a_missing_language_is_detected(read: Reader) -> None:
    turns = [{"speaker": "Ada Frost", "start": 0, "end": 2.5, "text": "预算已经批准。"}]
    found = only(read({"m.jsonl": line(kind="meeting", text="-", turns=turns, lang="-")}, KNOWN))
    assert (found.lang, found.text, found.author) == (Lang.ZH, "Ada Frost: 预算已经批准。", Author.CUSTOMER)


def test_unknown_fields_are_noted(read: Reader) -> None:
    assert read({"m.jsonl": line(mood="good")}, KNOWN).notes == ["unknown fields left out: mood"]


@pytest.mark.parametrize(
    ("content", "field"),
    [
        ("{not json", "line"),
        ("[1]", "line"),
        (line(id="-"), "id"),
        (line(kind="fax"), "kind"),
        (line(at="2026-03-02T09:00:00"), "at"),
        (line(at="soon"), "at"),
        (line(at="2199-01-01T00:00:00Z"), "at"),
        (line(account="Nobody"), "account"),
        (line(text=""), "text"),
        (line(text="a", turns=[{"speaker": "x", "text": "y"}]), "text"),
        (line(to="x"), "to"),
        (line(audience=["king"]), "audience.0"),
        (line(lang="fr"), "lang"),
    ],
)
def test_a_bad_line_is_refused_and_the_rest_goes_in(read: Reader, content: str, field: str) -> None:
    result = read({"m.jsonl": f"{content}\n{line(id='good')}\n"}, KNOWN)
    assert [record.id for record in result.records] == ["good"]
    assert [(row, name) for row, name, _ in result.refused] == [(1, field)]


def test_a_mail_of_hundreds_of_thousands_of_empty_lines_is_read_as_fast_as_any_other() -> None:
    # Dropping them one by one from a list took minutes.
    assert new_words("Please quote ten drives.\nBest regards,\nAda" + "\n \n" * 240_000) == "Please quote ten drives."
