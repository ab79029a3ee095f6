"""The benches of leaks and of the API's description, in small: they find nothing, and would find what there is."""

import pytest

from evals.bench.contract import OPEN, WAYS
from evals.bench.contract import measure as measure_contract
from evals.bench.leaks.measuring import measure
from evals.bench.leaks.mutants import MUTANTS, measure_mutants
from evals.bench.leaks.rights import Person, Row, Secret

# Noticed early with this seed, of different doors; the bench tries them all.
QUICK = (
    "records of every company",
    "recall without rights",
    "parts of every department",
    "threads of everybody",
    "nobody let in as the owner",
    "packages with all they rest on",
)


def test_random_people_see_and_change_nothing_that_is_not_theirs() -> None:
    figures = measure(1000, seed=7)
    assert (figures["leaks"], figures["server_errors"]) == (0, 0), figures["examples"]
    assert figures["operations"] == 1000
    assert {"recall", "streams", "files", "systems", "chat", "sockets", "decisions"} <= figures["by_door"].keys()


def test_a_check_that_is_missing_is_noticed() -> None:
    assert len({mutant.name for mutant in MUTANTS}) == len(MUTANTS) > 40
    assert set(QUICK) <= {mutant.name for mutant in MUTANTS}
    figures = measure_mutants(5, most=1000, names=QUICK)
    assert (figures["mutants"], figures["caught"]) == (len(QUICK), len(QUICK)), figures["operations_until_caught"]


@pytest.mark.parametrize(
    ("person", "secret", "known"),
    [
        (Person("t", "a", frozenset({"rep"}), frozenset({"north"})), Secret("t", (Row("north/key"),)), True),
        (Person("t", "a", frozenset({"rep"}), frozenset({"north"})), Secret("t", (Row("north-sea"),)), False),
        (Person("t", "a", frozenset({"rep"}), frozenset({"north/key"})), Secret("t", (Row("north"),)), False),
        (Person("u", "a", frozenset({"admin"})), Secret("t", (Row("north"),)), False),
        (Person("t", "a", frozenset({"legal"})), Secret("t", (), frozenset({"finance"})), False),
        (Person("t", "a", frozenset({"legal"})), Secret("t", (), frozenset({"legal"})), True),
        (Person("t", "a", frozenset({"analyst"})), Secret("t", (), frozenset({"legal"}), talk=True), False),
        (Person("t", "a", frozenset({"admin"})), Secret("t", owner="b"), False),
    ],
)
def test_the_benchs_own_model_of_rights(person: Person, secret: Secret, *, known: bool) -> None:
    assert secret.is_for(person) is known


def test_the_api_keeps_to_its_description_for_different_people() -> None:
    ways = ("rep-north", OPEN)
    assert set(ways) <= set(WAYS)
    figures = measure_contract(1, 3, ways)
    wrong = {name: figures[name] for name in ("server_errors", "schema_mismatches", "other")}
    assert wrong == {"server_errors": 0, "schema_mismatches": 0, "other": {}}, figures["examples"]
    assert figures["operations"] > 45
