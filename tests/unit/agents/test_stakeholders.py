"""The stakeholders agent: who is who, roles, stance, influence and gaps."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agents import stakeholders
from agents.analysis import network
from agents.analysis.titles import read_title
from agents.spec import AgentOutput
from agents.stakeholders import StakeholdersInput
from core.domain.accounts import Account, Contact, SalesPerson
from core.domain.claims import ClaimState, Section
from core.domain.interactions import Author, Interaction, InteractionKind, Turn
from core.domain.views.people import BuyingRole, InfluenceMap, Stakeholder, Stance, TieKind
from core.language import Lang

ACCOUNT = Account(id="a1", name="Norvane Mills", domain="norvane.example")
START = datetime(2026, 1, 5, 9, tzinfo=UTC)
TODAY = date(2026, 4, 1)
REP = SalesPerson(id="s1", name="Rep One", email="rep.one@ours.example")


def contact(id_: str, name: str, title: str | None = None, **more: object) -> Contact:
    return Contact.model_validate({"id": id_, "account_id": "a1", "name": name, "title": title, **more})


def mail(day: int, sender: str, *to: str, text: str = "Hello.", author: Author = Author.CUSTOMER) -> Interaction:
    return Interaction(
        id=f"m{day}",
        account_id="a1",
        form=InteractionKind.MAIL,
        at=START + timedelta(days=day),
        sender=sender,
        recipients=to,
        text=text,
        lang=Lang.EN,
        author=author,
    )


def meeting(day: int, **said: str) -> Interaction:
    turns = tuple(Turn(speaker=name.replace("_", " "), text=text) for name, text in said.items())
    return Interaction(
        id=f"t{day}",
        account_id="a1",
        form=InteractionKind.MEETING,
        at=START + timedelta(days=day),
        text="\n".join(f"{turn.speaker}: {turn.text}" for turn in turns),
        turns=turns,
        lang=Lang.EN,
        author=Author.CUSTOMER,
    )


def ask(
    *interactions: Interaction, contacts: tuple[Contact, ...] | None = (), lang: Lang = Lang.EN
) -> AgentOutput[InfluenceMap]:
    return stakeholders.run(
        StakeholdersInput(
            lang=lang, today=TODAY, account=ACCOUNT, contacts=contacts, interactions=interactions, colleagues=(REP,)
        )
    )


def people(*interactions: Interaction, contacts: tuple[Contact, ...] = ()) -> dict[str, Stakeholder]:
    return {person.name: person for person in ask(*interactions, contacts=contacts).view.people}


def kinds(output: AgentOutput[InfluenceMap]) -> list[str]:
    return [claim.kind.removeprefix("stakeholders.") for claim in output.claims]


def test_someone_only_seen_in_mail_becomes_a_stakeholder_without_contact() -> None:
    seen = people(mail(1, "Bo Lind <bo.lind@norvane.example>", "rep.one@ours.example"))
    assert seen["Bo Lind"].contact_id is None
    assert seen["Bo Lind"].interactions == 1


@pytest.mark.parametrize(
    ("title", "role"),
    [
        ("CEO", BuyingRole.ECONOMIC_BUYER),
        ("Chief Financial Officer", BuyingRole.ECONOMIC_BUYER),
        ("总经理", BuyingRole.ECONOMIC_BUYER),
        ("财务总监", BuyingRole.ECONOMIC_BUYER),
        ("副总经理", BuyingRole.ECONOMIC_BUYER),
        ("Procurement Manager", BuyingRole.GATEKEEPER),
        ("采购部经理", BuyingRole.GATEKEEPER),
        ("总经理助理", BuyingRole.GATEKEEPER),
        ("Process Engineer", BuyingRole.TECHNICAL_EVALUATOR),
        ("IT Manager", BuyingRole.TECHNICAL_EVALUATOR),
        ("高级工程师", BuyingRole.TECHNICAL_EVALUATOR),
        ("Shift Supervisor", BuyingRole.USER),
        ("Plant Manager", BuyingRole.USER),
        ("车间主任", BuyingRole.USER),
        ("生产部长", BuyingRole.USER),
    ],
)
def test_a_title_tells_the_buying_role(title: str, role: BuyingRole) -> None:
    roles = read_title(title).roles
    assert max(roles, key=lambda each: roles[each]) is role


def test_the_department_tells_what_the_title_does_not() -> None:
    assert BuyingRole.GATEKEEPER in read_title("Manager", "Purchasing").roles
    assert read_title("Manager", "Purchasing").seniority == read_title("Manager").seniority


def test_who_pushes_for_us_is_a_champion_and_who_keeps_criticising_a_blocker() -> None:
    seen = people(
        mail(
            60, "ada.holm@norvane.example", "rep.one@ours.example", text="I will recommend you. Impressed by the demo."
        ),
        mail(70, "bo.lind@norvane.example", "rep.one@ours.example", text="I am against this. The service is too slow."),
        mail(75, "bo.lind@norvane.example", "rep.one@ours.example", text="I do not support it, we are disappointed."),
        mail(80, "Eva Moe <e.moe@norvane.example>", "rep.one@ours.example", text="See you on Monday."),
    )
    assert seen["Ada Holm"].main_role is BuyingRole.CHAMPION
    assert seen["Ada Holm"].stance is Stance.SUPPORTIVE
    assert seen["Bo Lind"].stance is Stance.CRITICAL
    assert seen["Bo Lind"].roles[BuyingRole.BLOCKER] > 0.4 > seen["Eva Moe"].roles[BuyingRole.BLOCKER]
    assert seen["Eva Moe"].stance is Stance.NEUTRAL


@pytest.mark.parametrize("text", ["We are not satisfied with the service.", "我们对售后不满意。", "实在太失望了。"])
def test_a_negated_compliment_is_criticism(text: str) -> None:
    assert people(mail(80, "ada@norvane.example", text=text))["Ada"].stance is Stance.CRITICAL


def test_asking_others_for_approval_makes_an_economic_buyer_less_likely() -> None:
    boss = (contact("c1", "Ada Holm", "Managing Director"),)
    asks = mail(85, "ada.holm@norvane.example", text="I need the approval of our board first.")
    sure, unsure = people(contacts=boss)["Ada Holm"], people(asks, contacts=boss)["Ada Holm"]
    assert unsure.roles[BuyingRole.ECONOMIC_BUYER] < sure.roles[BuyingRole.ECONOMIC_BUYER]


def test_nobody_is_judged_by_words_of_others() -> None:
    talk = meeting(80, Ada_Holm="Fine.", Rep_One="I will recommend you and push for your offer internally.")
    seen = people(talk)
    assert seen["Ada Holm"].roles[BuyingRole.CHAMPION] < 0.1
    assert "Rep One" not in seen


EDGES = st.dictionaries(
    st.tuples(st.sampled_from("abcdef"), st.sampled_from("abcdef")), st.floats(0.01, 100), max_size=20
)


@given(edges=EDGES)
def test_pagerank_is_a_distribution_that_ignores_the_unit_of_weights(edges: dict[tuple[str, str], float]) -> None:
    ranks = network.pagerank("abcdef", edges)
    assert sum(ranks.values()) == pytest.approx(1)
    assert min(ranks.values()) > 0
    scaled = network.pagerank("abcdef", {pair: weight * 7 for pair, weight in edges.items()})
    assert scaled == pytest.approx(ranks, abs=1e-6)


@given(share=st.floats(0.01, 1), seniority=st.none() | st.floats(0.1, 0.95), seen=st.integers(0, 200))
def test_influence_lies_in_its_interval_which_narrows_with_exchanges(
    share: float, seniority: float | None, seen: int
) -> None:
    now, later = (network.blend(share, 10, count, seniority) for count in (seen, seen + 40))
    assert 0 <= now.low <= now.mean <= now.high <= 1
    if seen == 0:
        assert later.high - later.low < 0.75
    assert network.blend(share, 10, 400, seniority).high - network.blend(share, 10, 400, seniority).low < 0.4


def test_who_everybody_writes_and_reports_to_is_most_influential() -> None:
    contacts = (
        contact("c1", "Ada Holm"),
        contact("c2", "Bo Lind", reports_to="c1"),
        contact("c3", "Eva Moe", reports_to="c1"),
    )
    mails = [mail(day, who, "ada.holm@norvane.example") for day, who in enumerate(("Bo Lind", "Eva Moe") * 4)]
    output = ask(*mails, contacts=contacts)
    assert output.view.people[0].name == "Ada Holm"
    assert {tie.kind for tie in output.view.ties} == {TieKind.REPORTS_TO, TieKind.WRITES_TO}
    assert all(tie.weight > 0 and tie.evidence for tie in output.view.ties)


def test_a_meeting_ties_everyone_present() -> None:
    ties = ask(meeting(3, Ada_Holm="Hi.", Bo_Lind="Hi.", Rep_One="Hi.")).view.ties
    assert [(tie.kind, tie.evidence) for tie in ties] == [(TieKind.MEETS, ("memory:interaction:t3",))]


def test_missing_roles_are_named_one_by_one() -> None:
    output = ask(contacts=(contact("c1", "Ada Holm", "Process Engineer"),))
    assert output.view.missing_roles == (BuyingRole.ECONOMIC_BUYER, BuyingRole.CHAMPION, BuyingRole.USER)
    assert kinds(output).count("missing") == 3


def test_without_the_crm_nothing_is_called_missing() -> None:
    output = ask(mail(1, "Bo Lind <bo.lind@norvane.example>"), contacts=None)
    assert output.view.missing_roles == ()
    assert not {"missing", "not_in_crm"} & set(kinds(output))
    assert stakeholders.run(StakeholdersInput(today=TODAY, account=ACCOUNT)).claims == ()


def test_who_left_by_the_crm_or_by_their_own_words_is_inactive() -> None:
    contacts = (contact("c1", "Ada Holm", "CEO", active=False), contact("c2", "王建国", "采购经理"))
    gone = mail(80, "Bo Lind <bo.lind@norvane.example>", text="Friday is my last day. 王建国上个月离职了。")
    output = ask(gone, contacts=contacts)
    assert [person.active for person in output.view.people] == [False, False, False]
    assert sorted(kinds(output)).count("leaving") == 2
    assert "departed" in kinds(output)
    assert BuyingRole.ECONOMIC_BUYER in output.view.missing_roles


def test_one_thread_is_noticed_and_two_are_not() -> None:
    mails = [mail(60 + day, "ada.holm@norvane.example", "rep.one@ours.example") for day in range(3)]
    assert "single_thread" in kinds(ask(*mails))
    assert "single_thread" not in kinds(ask(*mails, mail(70, "bo.lind@norvane.example")))


@pytest.mark.parametrize("lang", list(Lang))
def test_the_claims_say_who_decides_supports_and_blocks(lang: Lang) -> None:
    contacts = (contact("c1", "Ada Holm", "CEO"), contact("c2", "Bo Lind", "Buyer"), contact("c3", "Eva Moe"))
    output = ask(
        mail(70, "Eva Moe", text="我会向领导推荐你们。"),
        mail(80, "Bo Lind", text="I do not support this, the price is unacceptable."),
        contacts=contacts,
        lang=lang,
    )
    assert kinds(output)[:3] == ["decides", "supports", "blocks"]
    assert {claim.section for claim in output.claims} == {Section.INFLUENCE_MAP}
    assert {claim.state for claim in output.claims} <= {ClaimState.INFERRED, ClaimState.SUPPORTED}
    known = {evidence.id for evidence in output.evidence}
    assert {source for claim in output.claims for source in claim.evidence} <= known


NAMES = st.one_of(
    st.text(max_size=30),
    st.sampled_from(["Ada Holm", "Holm, Ada", "王总", "@", "<>", "a@b", "ada@norvane.example", "Rep One", "总", " , "]),
)


@given(
    rows=st.lists(st.tuples(NAMES, st.lists(NAMES, max_size=3), st.text(min_size=1, max_size=60)), max_size=6),
    names=st.lists(NAMES, max_size=4),
    lang=st.sampled_from(list(Lang)),
)
@settings(max_examples=60, deadline=None)
def test_absurd_names_never_break_the_map(rows: list[tuple[str, list[str], str]], names: list[str], lang: Lang) -> None:
    mails = [mail(day, sender, *to, text=text) for day, (sender, to, text) in enumerate(rows)]
    contacts = tuple(contact(f"c{index}", name, name, reports_to="c0") for index, name in enumerate(names))
    output = ask(*mails, contacts=contacts, lang=lang)
    ids = {person.id for person in output.view.people}
    assert len(ids) == len(output.view.people)
    assert all({tie.source, tie.target} <= ids for tie in output.view.ties)
    assert all(claim.evidence for claim in output.claims)
    assert all(0 <= chance <= 1 for person in output.view.people for chance in person.roles.values())


@pytest.mark.parametrize(
    "sender", ["News <news@norvane.example>", "行业资讯", "Norvane Newsletter <n@norvane.example>"]
)
def test_a_newsletter_is_no_person(sender: str) -> None:
    assert people(mail(1, sender)) == {}


def test_the_owner_of_the_account_is_one_of_ours_without_any_list_of_sellers() -> None:
    account = ACCOUNT.model_copy(update={"owner": "Mia Owner", "domain": None})
    heard = (mail(1, "Mia Owner <mia@elsewhere.example>"), mail(2, "Mia Owner"))
    view = stakeholders.run(StakeholdersInput(today=TODAY, account=account, contacts=(), interactions=heard)).view
    assert view.people == ()


def test_our_unanswered_mail_is_no_sign_of_life() -> None:
    heard = mail(1, "Ada Holm <ada.holm@norvane.example>")
    ours = mail(40, "rep.one@ours.example", "Ada Holm <ada.holm@norvane.example>", author=Author.INTERNAL)
    assert people(heard, ours)["Ada Holm"].last_seen == heard.at


@pytest.mark.parametrize(
    ("text", "stance"),
    [
        ("Anna Berg is with us.", Stance.SUPPORTIVE),
        ("Anna still prefers your solution.", Stance.SUPPORTIVE),
        ("Anna Berg站在我们这边。", Stance.SUPPORTIVE),
        ("Anna is against us.", Stance.CRITICAL),
    ],
)
def test_what_others_report_of_a_person_tells_their_stance(text: str, stance: Stance) -> None:
    said = mail(60, "Ada Holm <ada.holm@norvane.example>", text=text)
    assert people(said, contacts=(contact("c1", "Anna Berg"),))["Anna Berg"].stance is stance


def test_an_old_statement_fades_against_a_recent_one() -> None:
    old = mail(-900, "Ada Holm <ada.holm@norvane.example>", text="We are disappointed.")
    new = mail(60, "Ada Holm <ada.holm@norvane.example>", text="We are very satisfied.")
    assert people(old, new)["Ada Holm"].stance is Stance.SUPPORTIVE
