"""From a person's words to a recorded effect: once per request, in groups, and after a visit."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path

import pytest

from core.domain.accounts import Account
from core.domain.effects import EffectStatus
from core.domain.payloads import DraftQuote, LogActivity, Operation, ReserveStock, SetNextStep
from core.errors import ConflictError, HubError, InvalidInputError, NotFoundError
from core.identity import Caller, Role
from core.language import Lang
from core.settings import Settings
from hub.effects.dispatching import dispatch_due
from hub.effects.follow_ups import follow_ups_of
from hub.effects.ledger import list_effects
from hub.effects.proposing import Wanted, proposals_of, propose, propose_follow_ups, propose_group, resolve_proposal
from hub.installation import Platform
from hub.platform import open_platform
from tests.databases import migrated_home
from tests.effect_company import SetClock
from tests.small_company import NOW, import_small_company, visit

NEXT_STEP = {"account": "acme", "deal": "Line 3", "next_step": "Agree on terms"}


@pytest.fixture
def platform(tmp_path: Path) -> Iterator[Platform]:
    settings = Settings(home=migrated_home(tmp_path / "home"), embedding_model="none")
    with open_platform(settings, clock=SetClock(NOW)) as opened:
        import_small_company(opened, tmp_path / "exports")
        yield opened


def test_the_same_request_gives_the_same_effect_also_after_it_was_written(platform: Platform) -> None:
    owner = platform.owner()
    first = propose(platform, owner, "set_next_step", NEXT_STEP, request_key="k", origin="test")
    assert first.status is EffectStatus.APPROVED
    assert dispatch_due(platform, "w") == 1

    again = propose(platform, owner, "set_next_step", NEXT_STEP, request_key="k", origin="test")
    assert (again.id, again.status) == (first.id, EffectStatus.CONFIRMED)
    with pytest.raises(InvalidInputError, match="nothing of"):
        propose(platform, owner, "set_next_step", NEXT_STEP, request_key="other", origin="test")


def test_a_key_stands_for_one_request(platform: Platform) -> None:
    owner = platform.owner()
    propose(platform, owner, "set_next_step", NEXT_STEP, request_key="k", origin="test")
    with pytest.raises(ConflictError, match="Idempotency-Key"):
        propose(platform, owner, "set_next_step", {**NEXT_STEP, "next_step": "x"}, request_key="k", origin="test")


def test_an_activity_without_a_time_is_proposed_once_though_time_goes_by(platform: Platform) -> None:
    owner, args = platform.owner(), {"account": "acme", "form": "call", "subject": "Called"}
    first = propose(platform, owner, "log_activity", args, request_key="k", origin="test")
    assert isinstance(platform.clock, SetClock)
    platform.clock.advance(hours=1)
    assert propose(platform, owner, "log_activity", args, request_key="k", origin="test").id == first.id


def test_equal_requests_at_once_make_one_effect(platform: Platform) -> None:
    owner, args = platform.owner(), {"account": "acme", "form": "call", "subject": "Called"}

    def ask(_try: int) -> str:
        return propose(platform, owner, "log_activity", args, request_key="k", origin="test").id

    with ThreadPoolExecutor(8) as threads:
        assert len(set(threads.map(ask, range(16)))) == 1


def test_resolving_records_nothing(platform: Platform) -> None:
    resolved = resolve_proposal(platform, platform.owner(), "set_next_step", NEXT_STEP)
    assert resolved.payload == SetNextStep(
        account_id="A1", opportunity_id="O1", expected=None, next_step="Agree on terms"
    )
    assert list_effects(platform, platform.owner()) == []


def test_wrong_words_name_the_field_and_where_to_look(platform: Platform) -> None:
    owner = platform.owner()
    with pytest.raises(NotFoundError, match=r"^operation: .*draft_quote"):
        propose(platform, owner, "send_mail", {}, origin="test")
    with pytest.raises(InvalidInputError, match=r"^next_step: .*--schema"):
        propose(platform, owner, "set_next_step", {"account": "acme"}, origin="test")


def test_text_that_no_encoding_has_is_refused_by_its_field(platform: Platform) -> None:
    with pytest.raises(InvalidInputError, match=r"^account: "):
        propose(platform, platform.owner(), "log_activity", {"account": "\ud800", "form": "call"}, origin="test")


def test_whoever_may_not_see_an_account_cannot_propose_for_it_nor_learn_of_it(platform: Platform) -> None:
    south = Caller(tenant=platform.owner().tenant, user="li", roles=frozenset({Role.REP}), regions=frozenset({"South"}))
    propose(platform, platform.owner(), "set_next_step", NEXT_STEP, request_key="k", origin="test")
    with pytest.raises(NotFoundError, match="no account"):
        propose(platform, south, "set_next_step", NEXT_STEP, request_key="k", origin="test")


def test_a_key_that_somebody_else_used_gives_nobody_their_effect(platform: Platform) -> None:
    tenant = platform.owner().tenant
    with platform.store.write() as unit:
        twins = [Account(id=region, name="Twin", region=region) for region in ("North", "South")]
        unit.records.upsert(tenant, twins, {}, at=NOW)
    north, south = (
        Caller(tenant=tenant, user=region.lower(), roles=frozenset({Role.REP}), regions=frozenset({region}))
        for region in ("North", "South")
    )
    args = {"account": "Twin", "form": "call", "subject": "Called"}
    assert propose(platform, north, "log_activity", args, request_key="k", origin="test").account_id == "North"
    with pytest.raises(ConflictError, match="already used"):
        propose(platform, south, "log_activity", args, request_key="k", origin="test")


def test_a_group_is_proposed_as_a_whole_in_its_order_and_once(platform: Platform) -> None:
    hold = {"account": "acme", "deal": "Line 3", "product": "VX-10", "quantity": 5, "until": "2026-06-30"}
    wanted: list[Wanted] = [("reserve_stock", hold), ("set_next_step", NEXT_STEP)]
    first = propose_group(platform, platform.owner(), wanted, request_key="g", origin="test")
    assert [effect.position for effect in first] == [0, 1]
    assert len({effect.group for effect in first}) == 1
    again = propose_group(platform, platform.owner(), wanted, request_key="g", origin="test")
    assert [effect.id for effect in again] == [effect.id for effect in first]


def test_of_a_group_with_a_fault_nothing_is_proposed(platform: Platform) -> None:
    wanted = [("set_next_step", NEXT_STEP), ("set_next_step", {**NEXT_STEP, "deal": "Nothing"})]
    with pytest.raises(NotFoundError):
        propose_group(platform, platform.owner(), wanted, origin="test")
    assert list_effects(platform, platform.owner()) == []


@pytest.mark.parametrize(("account", "lang"), [("Acme Drives Ltd", Lang.EN), ("华锦精密机械有限公司", Lang.ZH)])
def test_a_visit_package_suggests_writes_that_are_proposed_once(platform: Platform, account: str, lang: Lang) -> None:
    owner = platform.owner()
    run_id = visit(platform, account, lang).run_id
    first = propose_follow_ups(platform, owner, run_id)

    assert first.skipped == ()
    operations = [effect.payload.operation for effect in first.effects]
    assert operations[:3] == [Operation.CREATE_TASK, Operation.SET_NEXT_STEP, Operation.DRAFT_QUOTE]
    assert {effect.run_id for effect in first.effects} == {run_id}
    han = sum("\u4e00" <= char <= "\u9fff" for char in first.effects[0].preview[0].new or "")
    assert (han > 3) == (lang is Lang.ZH)

    again = propose_follow_ups(platform, owner, run_id).effects
    assert [effect.model_dump() for effect in again] == [effect.model_dump() for effect in first.effects]
    assert len(list_effects(platform, owner)) == len(first.effects)


def test_offers_become_quotes_inside_policy_and_stock_is_held_only_where_it_suffices(platform: Platform) -> None:
    package = visit(platform, "Borealis Pulp AB")
    offer = package.sections.proposals.data
    assert offer is not None
    found = {
        effect.payload.operation: effect.payload
        for effect in propose_follow_ups(platform, platform.owner(), package.run_id).effects
    }
    held, quote = found[Operation.RESERVE_STOCK], found[Operation.DRAFT_QUOTE]
    assert isinstance(held, ReserveStock)
    assert (held.product_id, held.quantity, held.opportunity_id) == ("VX-10", 2, "O3")
    assert isinstance(quote, DraftQuote)
    assert [line.unit_price for line in quote.lines] == [each.unit_price for each in offer.offers]

    short = proposals_of(platform, platform.owner(), visit(platform).run_id)
    assert Operation.RESERVE_STOCK not in {wanted.operation for wanted in short}


def test_a_visit_that_has_been_is_logged_with_its_day(platform: Platform) -> None:
    package = visit(platform).model_copy(update={"visit_on": date(2026, 5, 18)})
    logged = follow_ups_of(package, NOW.date())[0]
    assert (logged.operation, logged.args["at"]) == (Operation.LOG_ACTIVITY, "2026-05-18T12:00:00Z")
    payload = resolve_proposal(platform, platform.owner(), logged.operation, logged.args).payload
    assert isinstance(payload, LogActivity)
    assert package.purpose in payload.subject


def test_what_cannot_be_proposed_after_a_visit_is_named_with_the_reason(platform: Platform, tmp_path: Path) -> None:
    run_id = visit(platform).run_id
    settings = platform.settings.model_copy(update={"sandbox_faults": {"erp": {"down": True}}})
    with open_platform(settings, clock=platform.clock) as broken:
        found = propose_follow_ups(broken, broken.owner(), run_id)
    assert [(each.operation, each.reason) for each in found.skipped] == [(Operation.DRAFT_QUOTE, "erp: down")]
    assert len(found.effects) == 2


def test_a_run_that_is_not_there_has_nothing_to_propose(platform: Platform) -> None:
    with pytest.raises(HubError, match="run_id"):
        propose_follow_ups(platform, platform.owner(), "nope")
