"""Policy tables of a company: only sound ones get into force, by those who may, and every version stays."""

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pytest

from core.errors import ForbiddenError, InvalidInputError, NotFoundError
from core.identity import Caller, Role
from core.policy.defaults import TABLES_FOLDER
from core.policy.effect_table import load_effect_table
from core.policy.findings import FindingKind
from core.settings import Settings
from db.store import Store
from hub.installation import Platform
from hub.platform import open_platform
from hub.policies import (
    PolicyRefusedError,
    active_effect_rules,
    check_policy,
    list_policies,
    policy_text,
    publish_policy,
)

SHIPPED = (TABLES_FOLDER / "effects.json").read_text("utf-8")
STRICTER = SHIPPED.replace('"500000"', '"400000"').replace('"500000.01"', '"400000.01"')
MANAGER = Caller(tenant="acme", user="boss", roles=frozenset({Role.MANAGER}))


@pytest.fixture
def platform(store_url: str, tmp_path: Path) -> Iterator[Platform]:
    with open_platform(Settings(home=tmp_path, database_url=store_url)) as opened:
        yield opened


def test_the_newest_published_table_is_in_force_and_older_ones_stay(platform: Platform) -> None:
    assert active_effect_rules(platform, "acme") == load_effect_table().rules
    assert policy_text(platform, MANAGER, "effects") == SHIPPED
    assert [publish_policy(platform, MANAGER, "effects", text) for text in (SHIPPED, STRICTER, STRICTER)] == [1, 2, 2]
    assert active_effect_rules(platform, "acme") != load_effect_table().rules
    assert active_effect_rules(platform, "other") == load_effect_table().rules
    assert [(policy.version, policy.published_by) for policy in list_policies(platform, MANAGER)] == [
        (2, "boss"),
        (1, "boss"),
    ]
    assert [policy_text(platform, MANAGER, "effects", version) for version in (1, 2)] == [SHIPPED, STRICTER]


def test_only_what_changed_is_on_record(platform: Platform) -> None:
    for text in (SHIPPED, SHIPPED):
        publish_policy(platform, MANAGER, "effects", text)
    with platform.store.read() as unit:
        (record,) = unit.audit.records("acme")
    assert (record.actor, record.action, record.subject) == ("boss", "policy.published", "effects")
    assert record.body["version"] == 1


def test_a_table_with_a_fault_is_refused_with_all_of_them(platform: Platform) -> None:
    gappy = SHIPPED.replace('"min_amount": "500000.01"', '"min_amount": "600000"')
    with pytest.raises(PolicyRefusedError) as refused:
        publish_policy(platform, MANAGER, "effects", gappy)
    kinds = [found.kind for found in refused.value.findings]
    assert kinds.count(FindingKind.GAP) == 2
    assert FindingKind.WRONG_EXAMPLE in kinds
    assert list_policies(platform, MANAGER) == []


def test_only_managers_and_administrators_publish(platform: Platform) -> None:
    for role in set(Role) - {Role.MANAGER, Role.ADMIN}:
        with pytest.raises(ForbiddenError):
            publish_policy(platform, MANAGER.model_copy(update={"roles": frozenset({role})}), "effects", SHIPPED)
    assert (
        publish_policy(platform, MANAGER.model_copy(update={"roles": frozenset({Role.ADMIN})}), "effects", SHIPPED) == 1
    )


def test_tables_that_come_with_the_records_are_not_published_here(platform: Platform) -> None:
    with pytest.raises(InvalidInputError, match="imported"):
        publish_policy(platform, MANAGER, "pricing", SHIPPED)
    with pytest.raises(NotFoundError):
        policy_text(platform, MANAGER, "effects", 7)
    with pytest.raises(NotFoundError, match="approvals"):
        policy_text(platform, MANAGER, "weather")


def test_versions_are_numbered_without_gap_when_many_publish_at_once(store: Store) -> None:
    now = datetime(2026, 5, 20, tzinfo=UTC)

    def publish(body: str) -> int:
        with store.write() as unit:
            return unit.policies.publish("t", "effects", body, by="x", at=now)[0].version

    with ThreadPoolExecutor(4) as threads:
        versions = list(threads.map(publish, "abcdefghijkl"))
    assert sorted(versions) == list(range(1, 13))
    with store.read() as unit:
        assert [policy.version for policy in unit.policies.list("t")] == list(range(12, 0, -1))


@pytest.mark.parametrize("name", ["effects", "approvals", "pricing"])
def test_the_shipped_tables_have_no_fault(name: str) -> None:
    assert check_policy((TABLES_FOLDER / f"{name}.json").read_text("utf-8")) == ()


@pytest.mark.parametrize(
    ("name", "old", "new", "kind"),
    [
        ("approvals", '"min_amount": "200000"', '"min_amount": "200000", "max_amount": "1"', FindingKind.UNREACHABLE),
        ("approvals", '"id": "default-legal-data"', '"id": "default-legal-amount"', FindingKind.DUPLICATE),
        ("approvals", '"expect": ["default-sales-amount"]', '"expect": []', FindingKind.WRONG_EXAMPLE),
        ("pricing", '"customer_class": "B", ', "", FindingKind.DUPLICATE),
        ("pricing", '"expect": ["default-b"]', '"expect": ["default-a"]', FindingKind.NO_EXAMPLE),
        ("pricing", '"0.03"', '"3"', FindingKind.SILENT),
    ],
)
def test_faults_of_the_other_tables_are_found_too(name: str, old: str, new: str, kind: FindingKind) -> None:
    text = (TABLES_FOLDER / f"{name}.json").read_text("utf-8")
    assert kind in {found.kind for found in check_policy(text.replace(old, new, 1))}


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"table": "weather"}', '{"table": "effects"}', "[" * 100_000])
def test_what_is_no_table_is_one_finding(text: str) -> None:
    assert [found.kind for found in check_policy(text)] == [FindingKind.UNREADABLE]


def test_an_unknown_column_is_named() -> None:
    document = json.loads(SHIPPED)
    document["rules"][0]["colour"] = "red"
    assert "rules.0.colour" in check_policy(json.dumps(document))[0].text
