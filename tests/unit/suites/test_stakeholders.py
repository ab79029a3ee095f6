"""The suite of the influence map: mail in small, figures by hand, and what is no mail."""

from pathlib import Path

import pytest

from core.errors import InvalidInputError
from core.settings import Settings
from evals.suites.registry import SUITES
from evals.suites.stakeholders.standings import agreement, by_degree, by_eigenvector, pairs_right
from evals.suites.suite import Item, Report, Run

# Everybody writes to 1; 4 writes to nobody else, 2 and 3 also to each other.
MAILS = """src,dst,time,reciptype,topic,ldc_topic
2,1,2001-05-01 08:00:00,to,1,-1
3,1,2001-05-01 09:00:00,to,1,-1
4,1,2001-05-01 10:00:00,to,1,-1
2,3,2001-05-02 08:00:00,to,1,-1
2,1,2001-05-02 08:00:00,cc,1,-1
3,2,2001-05-03 08:00:00,to,1,-1
"""
TITLES = "id,title\n1,President\n2,Vice President\n3,Trader\n4,N/A\n"


def score(folder: Path) -> tuple[Report, list[Item]]:
    told: list[Item] = []
    return SUITES["stakeholders"].run(Run(Settings(home=folder), folder, "enron", told.append, lambda *_: None)), told


def test_whom_everybody_writes_to_stands_first(tmp_path: Path) -> None:
    (tmp_path / "emails.csv").write_text(MAILS, "utf-8")
    report, told = score(tmp_path)
    assert report.n == len(told) == 4
    assert told[0]["id"] == "1"
    assert told[0]["low"] < told[0]["influence"] < told[0]["high"]
    assert "pairs_right" not in report.figures
    assert report.figures["as_the_map"] == pytest.approx(1)


def test_titles_judge_the_order_where_the_folder_has_them(tmp_path: Path) -> None:
    (tmp_path / "emails.csv").write_text(MAILS, "utf-8")
    (tmp_path / "titles.csv").write_text(TITLES, "utf-8")
    report, _ = score(tmp_path)
    # 1 over 2, 1 over 3, 2 over 3; the fourth has no title.
    assert report.figures["pairs"] == 3
    assert report.figures["pairs_right"] >= 2 / 3
    # 2 and 3 have as many others each.
    assert report.baselines["degree"]["pairs_right"] == pytest.approx(2.5 / 3)


def test_rankings_are_judged_by_pairs_of_different_levels() -> None:
    assert pairs_right({"a": 3, "b": 2, "c": 2, "d": 1}, {"a": 0.9, "b": 0.5, "c": 0.3}) == (2.5, 3)
    assert pairs_right({"a": 1, "b": 2}, {"a": 0.5, "b": 0.5}) == (0, 0)
    assert agreement({"a": 1, "b": 2, "c": 3}, {"a": 9, "b": 5, "c": 1}) == pytest.approx(-1)
    assert agreement({"a": 1, "b": 1}, {"a": 2, "b": 3}) == 0


def test_who_is_in_the_middle_is_central() -> None:
    edges = {("a", "m"): 1.0, ("b", "m"): 1.0, ("m", "c"): 1.0, ("d", "c"): 1.0}
    people = ["a", "b", "c", "d", "m"]
    assert by_degree(people, edges) == {"a": 1, "b": 1, "c": 2, "d": 1, "m": 3}
    central = by_eigenvector(people, edges)
    assert sorted(central, key=lambda who: -central[who])[:2] == ["m", "c"]
    assert central["a"] == pytest.approx(central["b"])
    assert central["a"] > central["d"]


@pytest.mark.parametrize(
    ("name", "text", "problem"),
    [
        ("emails.csv", "src,dst\n1,2\n", "line 2: src, dst or time"),
        ("emails.csv", "src,dst,time\n1,2,yesterday\n", "line 2: src, dst or time"),
        ("emails.csv", "src,dst,time\n", "has no mail"),
        ("titles.csv", "who,what\n1,CEO\n", "line 2: needs a person"),
    ],
)
def test_what_is_no_mail_is_told_with_its_line(tmp_path: Path, name: str, text: str, problem: str) -> None:
    (tmp_path / "emails.csv").write_text(MAILS, "utf-8")
    (tmp_path / name).write_text(text, "utf-8")
    with pytest.raises(InvalidInputError, match=problem):
        score(tmp_path)
