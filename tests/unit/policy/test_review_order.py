"""The table of reviews: who reviews when."""

import json
from pathlib import Path

import pytest

from core.domain.contracts import Department
from core.policy.decision import PolicyError
from core.policy.review_order import ReviewFacts, ReviewRule, load_review_rules, review_place

LEGAL = ReviewRule(id="all", department=Department.LEGAL)
EAST = ReviewRule(id="east", department=Department.LEGAL, for_region="East", position=2, quorum=2)


def place(*rules: ReviewRule, region: str | None) -> str:
    return review_place(rules, ReviewFacts(department=Department.LEGAL, region=region)).id


def test_as_shipped_all_departments_review_side_by_side_with_one_person_each() -> None:
    rules = load_review_rules()
    assert {rule.department for rule in rules} == {Department.LEGAL, Department.SUPPLY_CHAIN, Department.FINANCE}
    assert {(rule.position, rule.quorum) for rule in rules} == {(1, 1)}


def test_a_rule_that_names_the_region_goes_before_one_for_all() -> None:
    assert place(LEGAL, EAST, region="east") == "east"
    assert place(LEGAL, EAST, region="West") == "all"
    assert place(LEGAL, EAST, region=None) == "all"


@pytest.mark.parametrize("rules", [(), (EAST,), (LEGAL, LEGAL.model_copy(update={"id": "again"}))])
def test_no_rule_or_two_equal_ones_are_an_error(rules: tuple[ReviewRule, ...]) -> None:
    with pytest.raises(PolicyError):
        place(*rules, region="West")


def test_a_table_that_decides_its_example_otherwise_is_refused(tmp_path: Path) -> None:
    example = {"facts": {"department": "legal", "region": None}, "expect": ["other"]}
    document = {"version": 1, "rules": [LEGAL.model_dump(mode="json")], "examples": [example]}
    path = tmp_path / "reviews.json"
    path.write_text(json.dumps(document), "utf-8")
    with pytest.raises(PolicyError):
        load_review_rules(path)
