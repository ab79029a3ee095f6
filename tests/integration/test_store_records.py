"""Records: idempotent by content, visible by rights, apart by tenant."""

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.domain.accounts import Account, Contact
from core.domain.base import System
from core.domain.contracts import ApprovalRule, Department
from core.domain.deals import Opportunity, PipelineStage
from core.domain.money import Money
from core.domain.products import Product
from core.errors import InvalidInputError, NotFoundError
from core.identity import Caller, Role, local_owner
from core.ports.record_store import RecordStore
from db.store import Store
from tests.samples import NOW, account, interaction, passage, rep

OWNER = local_owner("t")


def contact(id_: str = "c1", **fields: object) -> Contact:
    return Contact.model_validate({"id": id_, "account_id": "a1", "name": "Lin Wei", **fields})


def test_a_record_comes_back_as_it_was(store: Store) -> None:
    deal = Opportunity(
        id="o1",
        account_id="a1",
        name="六台 AX-90",
        stage=PipelineStage.NEGOTIATION,
        amount=Money(amount="2340000.50"),
        created_on=NOW.date(),
        region="华东",
        audience=frozenset({Role.REP, Role.FINANCE}),
    )
    rule = ApprovalRule(
        id="p1", order=1, department=Department.LEGAL, approver="GC", countries=frozenset({"IR", "RU"}), reason="export"
    )
    with store.write() as session:
        session.records.upsert("t", [deal, rule], ["deals.csv:2", "rules.csv:2"], at=NOW)
    with store.read() as session:
        assert session.records.find(OWNER, Opportunity) == [deal]
        assert session.records.find(OWNER, ApprovalRule) == [rule]
        assert session.records.origins("t", Opportunity, ["o1", "o2"]) == {"o1": "deals.csv:2"}
        assert session.records.count("t") == {"opportunity": 1, "approval_rule": 1}


def test_the_same_records_again_change_nothing(store: Store) -> None:
    received = [account(f"a{number}") for number in range(1200)]
    with store.write() as session:
        assert session.records.upsert("t", received, ["f"] * 1200, at=NOW) == (1200, 0)
    with store.write() as session:
        assert session.records.upsert("t", received, ["g"] * 1200, at=NOW) == (0, 1200)
        changed = [*received[:1199], account("a1199", industry="glass")]
        assert session.records.upsert("t", changed, {}, at=NOW) == (1, 1199)
    with store.read() as session:
        assert session.records.find(OWNER, Account, ids=["a1199", "a0"]) == [received[0], changed[-1]]
        assert session.records.origins("t", Account, ["a0"]) == {"a0": "f"}


def test_of_two_records_with_one_id_the_last_counts(store: Store) -> None:
    with store.write() as session:
        assert session.records.upsert("t", [account(), account(name="Renamed")], ["1", "2"], at=NOW) == (1, 0)
        assert [found.name for found in session.records.accounts(OWNER)] == ["Renamed"]


def test_records_are_found_by_account_and_by_id_in_order_of_id(store: Store) -> None:
    people = [contact(id_, account_id=of) for id_, of in (("b", "a1"), ("Z", "a1"), ("é", "a2"), ("a", "a1"))]
    with store.write() as session:
        session.records.upsert("t", people, [""] * 4, at=NOW)
    with store.read() as session:
        find = session.records.find
        assert [found.id for found in find(OWNER, Contact)] == ["Z", "a", "b", "é"]
        assert [found.id for found in find(OWNER, Contact, account_id="a1")] == ["Z", "a", "b"]
        assert [found.id for found in find(OWNER, Contact, account_id="a1", ids=["é", "b"])] == ["b"]
        assert find(OWNER, Contact, ids=[]) == []


def test_a_tenant_never_sees_another(store: Store) -> None:
    with store.write() as session:
        session.records.upsert("t", [account()], [""], at=NOW)
        session.records.upsert("u", [account(name="Theirs")], [""], at=NOW + timedelta(days=1))
    with store.read() as session:
        assert [found.name for found in session.records.accounts(OWNER)] == ["Account a1"]
        assert session.records.accounts(local_owner("v")) == []
        assert session.records.last_good("t", System.CRM) == NOW
        assert session.records.last_good("v", System.CRM) is None


def test_a_system_is_as_good_as_its_latest_records(store: Store) -> None:
    with store.write() as session:
        session.records.upsert("t", [account()], [""], at=NOW)
        session.records.upsert("t", [account()], [""], at=NOW + timedelta(days=1))
        session.records.upsert("t", [account()], [""], at=NOW - timedelta(days=1))
        assert session.records.last_good("t", System.CRM) == NOW + timedelta(days=1)
        assert session.records.last_good("t", System.ERP) is None


def test_each_kind_of_records_of_a_system_is_as_good_as_its_own_latest(store: Store) -> None:
    with store.write() as session:
        session.records.upsert("t", [account()], [""], at=NOW)
        session.records.upsert("t", [contact()], [""], at=NOW + timedelta(days=1))
        assert session.records.last_good("t", System.CRM) == NOW + timedelta(days=1)
        assert session.records.last_good("t", System.CRM, Account) == NOW
        assert session.records.last_good("t", System.CRM, Contact) == NOW + timedelta(days=1)
        assert session.records.last_good("t", System.CRM, Product) is None


REGIONS = st.sampled_from([None, "north", "south"])
ROLES = st.frozensets(st.sampled_from(list(Role)), max_size=3)
CALLERS = st.builds(
    Caller,
    tenant=st.just("t"),
    user=st.just("u"),
    roles=ROLES,
    regions=st.none() | st.frozensets(st.sampled_from(["north", "south"])),
)
RIGHTS = st.lists(st.tuples(REGIONS, ROLES), min_size=1, max_size=8)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rights=RIGHTS, caller=CALLERS)
def test_a_query_returns_what_the_rule_of_rights_allows(
    store: Store, rights: list[tuple[str | None, frozenset[Role]]], caller: Caller
) -> None:
    ids = [f"p{number}" for number in range(len(rights))]
    products = [
        Product(id=id_, name=id_, region=region, audience=audience)
        for id_, (region, audience) in zip(ids, rights, strict=True)
    ]
    with store.write() as session:
        session.records.upsert("t", products, ids, at=NOW)
        found = session.records.find(caller, Product, ids=ids)
    assert found == [product for product in products if caller.may_see(product.region, product.audience)]


def test_what_belongs_to_a_hidden_account_is_hidden(store: Store) -> None:
    people = [contact("c1"), contact("c2", account_id="unknown"), contact("c3", account_id="a2")]
    accounts = [account(region="north"), account("a2", audience=frozenset({Role.LEGAL}))]
    with store.write() as session:
        session.records.upsert("t", [*accounts, *people], [""] * 5, at=NOW)
        find = session.records.find
        assert [found.id for found in find(rep(regions={"south"}), Contact)] == ["c2"]
        assert [found.id for found in find(rep(regions={"north"}), Contact)] == ["c1", "c2"]
        assert [found.id for found in find(OWNER, Contact)] == ["c1", "c2", "c3"]


def test_what_belongs_to_an_account_moves_with_it(store: Store) -> None:
    mail = interaction(region="north")
    special = contact("c2", region="south")
    with store.write() as session:
        session.records.upsert("t", [account(region="north"), contact(region="north"), special], [""] * 3, at=NOW)
        session.interactions.upsert("t", [mail], [""], at=NOW)
        session.passages.replace("t", "i1", [passage(mail)])
    with store.write() as session:
        session.records.upsert("t", [account(region="west")], [""], at=NOW)
    west = rep(regions={"west"})
    with store.read() as session:
        assert [(found.id, found.region) for found in session.records.find(west, Contact)] == [("c1", "west")]
        assert [found.region for found in session.interactions.for_account(west, "a1")] == ["west"]
        assert [found.region for found in session.passages.for_account(west, "a1")] == ["west"]
        assert session.interactions.for_account(rep(regions={"north"}), "a1") == []
    with store.write() as session:
        assert session.records.upsert("t", [contact(region="north")], [""], at=NOW) == (1, 0)
        assert session.records.find(west, Contact) == []


def test_text_that_a_database_cannot_hold_is_stored_without_it(store: Store) -> None:
    with store.write() as session:
        session.records.upsert("t", [contact("c\0", name="Li\0n")], ["f\0"], at=NOW)
        assert session.records.upsert("t", [contact("c\0", name="Li\0n")], ["f\0"], at=NOW) == (0, 1)
        assert [found.name for found in session.records.find(OWNER, Contact, ids=["c"])] == ["Li\0n"]


def test_the_records_serve_as_the_port(store: Store) -> None:
    with store.write() as session:
        session.records.upsert("t", [account()], [""], at=NOW)
    port: RecordStore = store.records_port()
    assert port.find(OWNER, Account) == [account()]
    assert port.last_good("t", System.CRM) == NOW


def test_the_only_tenant_need_not_be_named(store: Store) -> None:
    with store.read() as session:
        assert session.tenants.only() == "default"
    with store.write() as session:
        session.tenants.ensure("acme")
        session.tenants.ensure("acme")
        assert session.tenants.only() == "acme"
        session.tenants.ensure("zeta")
        with pytest.raises(InvalidInputError, match=r"--tenant.*acme, zeta"):
            session.tenants.only()
        with pytest.raises(NotFoundError, match="--tenant"):
            session.tenants.require("beta")
