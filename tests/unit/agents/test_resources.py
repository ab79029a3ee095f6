"""The resources agent: the expert who fits and is free, references that may be shown, the play that applies."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agents.analysis.experts import next_free_day
from agents.resources import ResourcesInput, run
from core.domain.accounts import Account
from core.domain.claims import ClaimState
from core.domain.deals import PipelineStage
from core.domain.interactions import Author, Interaction, InteractionKind
from core.domain.products import PricingRule, Product
from core.domain.resources import Busy, Expert, ReferenceCase, Shareable
from core.domain.views.operations import DealView
from core.language import Lang

VISIT = date(2026, 6, 10)
ACCOUNT = Account(
    id="a1", name="Nordhafen Chemie GmbH", industry="Chemicals", country="Germany", region="EMEA", customer_class="A"
)
PUMPS = "Process Pumps"


def told(**more: object) -> ResourcesInput:
    fields: dict[str, object] = {"account": ACCOUNT, "today": date(2026, 6, 1), "visit_on": VISIT, "families": (PUMPS,)}
    return ResourcesInput.model_validate({**fields, **more})


def expert(id_: str = "e1", **more: object) -> Expert:
    fields: dict[str, object] = {"name": id_.upper(), "families": (PUMPS,), "languages": ("English",), **more}
    return Expert.model_validate({"id": id_, **fields})


def case(name: str = "r1", **more: object) -> ReferenceCase:
    fields: dict[str, object] = {
        "customer": f"Elbe Werke {name}",
        "summary": "Six pumps",
        "shareable": "public",
        **more,
    }
    return ReferenceCase.model_validate({"id": name, "family": PUMPS, "year": 2025, **fields})


def rule(name: str, play: str = "Volume bonus", **more: object) -> PricingRule:
    discounts = {"max_discount_rep": Decimal("0.05"), "max_discount_approved": Decimal("0.1")}
    return PricingRule.model_validate({"id": name, "play": play, **discounts, **more})


def deal(quantity: int | None = 10) -> DealView:
    return DealView(
        opportunity_id="o1",
        name="Pumps for unit 4",
        stage=PipelineStage.PROPOSAL,
        amount=None,
        close_on=None,
        product_id="CP-80",
        quantity=quantity,
        discount=None,
        next_step=None,
        evidence="crm:opportunity:o1",
    )


PRODUCT = Product(id="CP-80", name="CP-80", family=PUMPS)


@pytest.mark.parametrize(
    ("better", "worse"),
    [
        (expert("b"), expert("a", families=("Robots",), skills=("pump trial",))),
        (expert("b", languages=("Deutsch",)), expert("a")),
        (expert("b", region="EMEA"), expert("a", region="APAC")),
        (expert("b", based_in="Hamburg, Germany"), expert("a", based_in="Suzhou, China")),
        (expert("b", skills=("vibration analysis", "predictive maintenance")), expert("a")),
        (expert("b"), expert("a", busy=(Busy(first=VISIT, last=VISIT),))),
    ],
    ids=["family", "language", "region", "country", "skills answer the topic", "free"],
)
def test_the_expert_who_fits_better_comes_first(better: Expert, worse: Expert) -> None:
    view = run(told(experts=(worse, better), topics=("uptime",), purpose="pump trial")).view
    assert [match.expert_id for match in view.experts] == ["b", "a"]


def test_a_busy_expert_says_until_when_and_when_next_free() -> None:
    busy = (
        Busy(first=date(2026, 6, 8), last=date(2026, 6, 11)),
        Busy(first=date(2026, 6, 12), last=date(2026, 6, 12)),
    )
    (match,) = run(told(experts=(expert(busy=busy),))).view.experts
    assert match.conflicts == ("busy from 8 June 2026 to 11 June 2026, next free on 15 June 2026",)
    (match,) = run(told(experts=(expert(busy=busy),), lang=Lang.ZH)).view.experts
    assert match.conflicts == ("2026年6月8日至2026年6月11日已有安排，最早2026年6月15日有空",)


def test_an_expert_is_proposed_with_reasons_in_the_language_asked_for() -> None:
    bring = expert("e1", name="周启", languages=("中文", "德语"), based_in="汉堡", region="EMEA")
    (claim,) = run(told(experts=(bring,), lang=Lang.ZH)).claims
    assert claim.text == "建议带上周启：负责“Process Pumps”，能讲德语，常驻汉堡。2026年6月10日有空。"
    (claim,) = run(told(experts=(bring,))).claims
    assert claim.text == "Bring 周启: works on Process Pumps, speaks German and based in 汉堡. Free on 10 June 2026."


def test_nobody_is_proposed_who_knows_nothing_of_the_matter() -> None:
    output = run(told(experts=(expert(families=("Robots",)),)))
    assert output.view.experts == ()
    assert [(claim.kind, claim.state) for claim in output.claims] == [("resources.no_expert", ClaimState.INFERRED)]


@pytest.mark.parametrize(
    ("shareable", "shown", "terms"),
    [
        (Shareable.PUBLIC, True, "May be shown to the customer."),
        (Shareable.NDA, False, "Only after the customer has signed a confidentiality agreement."),
        (Shareable.INTERNAL, False, "For your preparation only; never show or name it to the customer."),
    ],
)
def test_a_reference_says_whether_and_how_it_may_be_shown(*, shareable: Shareable, shown: bool, terms: str) -> None:
    (match,) = run(told(references=(case(shareable=shareable),))).view.references
    assert (match.show_to_customer, match.terms) == (shown, terms)


@pytest.mark.parametrize(
    "own", [case(customer_id="a1"), case(customer="nordhafen chemie"), case(customer="Nordhafen Chemie GmbH")]
)
def test_a_customer_is_never_their_own_reference(own: ReferenceCase) -> None:
    assert run(told(references=(own,))).view.references == ()


@pytest.mark.parametrize(
    ("better", "worse"),
    [
        (case("b"), case("a", family="Robots", industry="Chemicals")),
        (case("b", industry="chemicals"), case("a", industry="Mining")),
        (case("b", country="德国"), case("a", country="France")),
        (case("b", year=2025), case("a", year=2012)),
    ],
    ids=["family", "industry", "country in another spelling", "recent"],
)
def test_the_closest_reference_comes_first(better: ReferenceCase, worse: ReferenceCase) -> None:
    view = run(told(references=(worse, better))).view
    assert [match.reference_id for match in view.references] == ["b", "a"]


def test_a_customer_with_several_projects_is_shown_once_with_the_one_that_may_be_shown() -> None:
    cases = (case("a", customer="Elbe", shareable="internal"), case("b", customer="Elbe", shareable="public"))
    assert [match.reference_id for match in run(told(references=cases)).view.references] == ["b"]


def test_the_family_of_the_foremost_deal_weighs_most() -> None:
    given_deals = told(
        families=("Drives", PUMPS),
        deals=(deal(),),
        products=(PRODUCT,),
        experts=(expert("a", families=("Drives",)), expert("b")),
        references=(case("a", family="Drives"), case("b")),
    )
    view = run(given_deals).view
    assert ([one.expert_id for one in view.experts], view.references[0].reference_id) == (["b", "a"], "b")


def test_a_reference_of_the_same_trade_and_country_comes_with_a_caution() -> None:
    (match,) = run(told(references=(case(industry="Chemicals", country="Germany"),))).view.references
    assert match.reasons[-1] == "but it may compete with Nordhafen Chemie GmbH, so ask before naming it"
    (match,) = run(told(references=(case(industry="Chemicals", country="France"),))).view.references
    assert not any("compete" in reason for reason in match.reasons)


def test_a_project_of_the_future_or_of_another_trade_is_no_reference() -> None:
    cases = (case("r1", year=2027), case("r2", family="Robots", industry="Mining"))
    assert run(told(references=cases)).view.references == ()


@pytest.mark.parametrize(
    ("rules", "quantity", "chosen"),
    [
        ((rule("any"), rule("family", family=PUMPS)), 10, ("Volume bonus", "CP-80")),
        ((rule("class", "Frame", customer_class="A"), rule("any")), 10, ("Frame", "CP-80")),
        ((rule("five", "Five", min_quantity=5), rule("ten", "Ten", min_quantity=10)), 10, ("Ten", "CP-80")),
        ((rule("five", "Five", min_quantity=5), rule("ten", "Ten", min_quantity=10)), 9, ("Five", "CP-80")),
    ],
    ids=["family", "class", "reached step", "next lower step"],
)
def test_the_most_specific_play_applies(rules: tuple[PricingRule, ...], quantity: int, chosen: tuple[str, str]) -> None:
    play = run(told(pricing_rules=rules, deals=(deal(quantity),), products=(PRODUCT,))).view.pricing_play
    assert play is not None
    assert (play.name, play.product_id) == chosen


@pytest.mark.parametrize(
    "other",
    [
        rule("r", family="Robots"),
        rule("r", customer_class="B"),
        rule("r", min_quantity=11),
        rule("r", play=""),
    ],
    ids=["other family", "other class", "too few pieces", "names no play"],
)
def test_a_play_that_does_not_apply_is_not_proposed(other: PricingRule) -> None:
    assert run(told(pricing_rules=(other,), deals=(deal(),), products=(PRODUCT,))).view.pricing_play is None


def test_unreadable_sources_say_nothing() -> None:
    output = run(told())
    assert output.claims == ()
    assert output.view.pricing_play is None


days = st.dates(date(2026, 1, 1), date(2026, 3, 1))


@given(st.lists(st.builds(Busy, first=days, last=days), max_size=6), days)
def test_the_next_free_day_is_a_working_day_without_engagement(busy: list[Busy], day: date) -> None:
    free = next_free_day(busy, day)
    assert free is not None
    assert free >= day
    assert free.weekday() < 5
    assert not any(min(one.first, one.last) <= free <= max(one.first, one.last) for one in busy)


def test_an_engagement_without_end_has_no_next_free_day() -> None:
    assert next_free_day([Busy(first=VISIT, last=date.max)], VISIT) is None


@settings(max_examples=60, deadline=None)
@given(
    texts=st.lists(st.text(max_size=30), min_size=8, max_size=8),
    year=st.none() | st.integers(-10000, 10000),
    day=st.dates(),
    lang=st.sampled_from(Lang),
)
def test_any_text_is_survived_and_cited(texts: list[str], year: int | None, day: date, lang: Lang) -> None:
    name, family, skill, place, industry, summary, play, topic = texts
    account = ACCOUNT.model_copy(update={"name": name, "industry": industry, "country": place})
    output = run(
        told(
            account=account,
            lang=lang,
            visit_on=day,
            purpose=skill,
            topics=(topic,),
            families=(family,),
            experts=(expert(families=(family,), skills=(skill,), languages=(place,), based_in=place),),
            references=(case(customer="x" + name, family=family, industry=industry, summary=summary, year=year),),
            pricing_rules=(rule("p", play, family=family), rule("q", play)),
            products=(PRODUCT,),
            deals=(deal(),),
        )
    )
    assert all(claim.evidence and claim.text for claim in output.claims)


def test_an_expert_named_by_the_customer_comes_first_and_a_missing_language_is_said() -> None:
    said = Interaction(
        id="i1",
        account_id=ACCOUNT.id,
        form=InteractionKind.MAIL,
        at=datetime(2026, 5, 20, 9, tzinfo=UTC),
        sender="Ada Holm <ada@customer.example>",
        text="Let me know when Kenji is around.",
        lang=Lang.EN,
        author=Author.CUSTOMER,
    )
    experts = (expert("a", name="Udo Roth"), expert("b", name="Kenji Mori"))
    output = run(told(experts=experts, interactions=(said,)))
    assert output.view.experts[0].expert_id == "b"
    assert "named by the customer on 20 May 2026" in output.claims[0].text
    assert "speaks English but no German" in output.claims[0].text
