"""One person behind the names and addresses of mail, meetings and the CRM."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.analysis.identity import Directory, name_key
from core.domain.accounts import Account, Contact, SalesPerson

ACCOUNT = Account(id="a1", name="Norvane Mills", domain="norvane.example")
REP = SalesPerson(id="s1", name="Rep One", email="rep.one@ours.example")


def contact(id_: str, name: str, email: str | None = None) -> Contact:
    return Contact(id=id_, account_id="a1", name=name, email=email)


@pytest.mark.parametrize(
    ("seen", "id_"),
    [
        ("Holm, Ada", "c1"),
        ("HOLM Ada", "c1"),
        ("Dr. Ada Holm <someone@elsewhere.example>", "c1"),
        ("ada.holm@norvane.example", "c1"),
        ("a.holm@norvane.example", "c1"),
        ("Holm Ada (Purchasing)", "c1"),
        ("Wei Zhang", "c2"),
        ("Zhang Wei <wzhang@norvane.example>", "c2"),
        ("zhangwei@norvane.example", "c2"),
        ("王建国", "c3"),
        ("王 建国", "c3"),
        ("王总", "c3"),
        ("王工", "c3"),
        ("wjg88@norvane.example", "c3"),
    ],
)
def test_a_person_is_recognised_in_every_form_of_their_name(seen: str, id_: str) -> None:
    contacts = (
        contact("c1", "Ada Holm"),
        contact("c2", "Zhang Wei"),
        contact("c3", "王建国", email="wjg88@norvane.example"),
    )
    person = Directory(ACCOUNT, contacts, (REP,)).resolve(seen)
    assert person is not None
    assert person.id == id_


@pytest.mark.parametrize("seen", ["Rep One", "One, Rep", "rep.one@ours.example", "boss@ours.example", "", None])
def test_our_own_people_are_not_on_the_map(seen: str | None) -> None:
    assert Directory(ACCOUNT, (), (REP,)).resolve(seen) is None


@pytest.mark.parametrize(
    "seen", ["info@norvane.example", "no-reply@norvane.example", "Bo Lind <bo@thirdparty.example>"]
)
def test_shared_mailboxes_and_third_parties_are_nobody_there(seen: str) -> None:
    assert Directory(ACCOUNT, (), (REP,)).resolve(seen) is None


def test_an_initial_that_fits_two_people_is_neither_of_them() -> None:
    contacts = (contact("c1", "John Lund"), contact("c2", "Jane Lund"))
    person = Directory(ACCOUNT, contacts, ()).resolve("j.lund@norvane.example")
    assert person is not None
    assert person.id == "person:j.lund@norvane.example"


def test_namesakes_with_different_addresses_stay_apart() -> None:
    contacts = (contact("c1", "Li Na", email="li.na@norvane.example"),)
    directory = Directory(ACCOUNT, contacts, ())
    other = directory.resolve("Li Na <li.na2@norvane.example>")
    assert other is not None
    assert other.id != "c1"


@given(words=st.lists(st.text("abcdefgh", min_size=2, max_size=6), min_size=2, max_size=3, unique=True))
def test_the_order_of_a_name_does_not_matter(words: list[str]) -> None:
    assert name_key(" ".join(words)) == name_key(f"{words[-1]}, {' '.join(words[:-1])}")
