"""The demo company's files are complete, repeatable and consistent with one another."""

import os
import re
import subprocess
import sys
from collections import Counter, defaultdict
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from demo.accounts import STORIES
from demo.company import build_world
from tests.demo_files import TODAY, DemoFiles, digests, read_csv, read_sheet

ROOT = Path(__file__).parents[3]


def test_same_day_and_seed_give_the_same_bytes_in_another_process(demo: DemoFiles, tmp_path: Path) -> None:
    code = "import sys; from datetime import date; from pathlib import Path; from demo.company import *;"
    code += f"write_demo_company(Path(sys.argv[1]), today=date.fromisoformat('{TODAY}'))"
    environment = os.environ | {"PYTHONHASHSEED": "4711", "PYTHONPATH": str(ROOT)}
    subprocess.run([sys.executable, "-c", code, str(tmp_path)], check=True, env=environment)
    assert digests(tmp_path) == digests(demo.folder)


@pytest.mark.parametrize(("today", "seed"), [(date(2024, 2, 29), 7), (date(2026, 3, 8), 8)])
def test_any_day_and_seed_will_do(demo: DemoFiles, today: date, seed: int) -> None:
    world = build_world(today, seed)
    people = {person.email for account in world.accounts for person in account.people.values()}
    assert {line.kind for line in world.plot} == set(STORIES)
    assert (people <= {row["Email"] for row in demo.contacts}) == (seed == demo.company.seed)


def test_there_is_as_much_as_promised(demo: DemoFiles) -> None:
    counts = demo.company.counts
    assert counts["accounts"] >= 100
    assert counts["opportunities"] >= 8_000
    assert counts["interactions"] >= 2_000
    assert counts["contracts"] == 40
    assert counts["products"] == 40
    assert 120 <= counts["interactions_meeting"] <= 180


def test_counts_match_the_files(demo: DemoFiles) -> None:
    counts = demo.company.counts
    assert len(demo.accounts) == counts["accounts"]
    assert len(demo.contacts) == counts["contacts"]
    assert len(demo.deals) == counts["opportunities"]
    assert len(demo.mails) == counts["interactions_mail"]
    assert len(demo.meetings) == counts["interactions_meeting"]
    assert len(list((demo.folder / "contracts").iterdir())) == counts["contracts"]
    forms = Counter(note["kind"] for note in demo.notes)
    assert forms == {form: counts[f"interactions_{form}"] for form in ("call", "note", "post")}
    assert counts["interactions"] == sum(count for name, count in counts.items() if name.startswith("interactions_"))


def test_ids_are_unique(demo: DemoFiles) -> None:
    orders = read_csv(demo.folder / "erp/orders.csv")
    ids: list[list[object]] = [
        [row["Account ID"] for row in demo.accounts.values()],
        [row["Record ID"] for row in demo.contacts],
        [row["Email"] for row in (*demo.contacts, *demo.sellers)],
        [row["Order ID"] for row in orders],
        [mail.id for mail in demo.mails],
        [note["id"] for note in demo.notes],
    ]
    for values in ids:
        assert len(set(values)) == len(values)


def test_every_reference_leads_somewhere(demo: DemoFiles) -> None:
    folder, accounts, products = demo.folder, set(demo.accounts), set(demo.products)
    sellers = {row["Sales Agent"] for row in demo.sellers}
    orders = read_csv(folder / "erp/orders.csv")
    assert {row["Account Owner"] for row in demo.accounts.values()} <= sellers
    assert {row["Manager"] for row in demo.sellers} - {""} <= sellers
    assert {row["Associated Company"] for row in demo.contacts} == accounts
    assert {row["Reports To"] for row in demo.contacts} - {""} <= {row["Record ID"] for row in demo.contacts}
    assert {row["Account Name"] for row in demo.deals.values()} == accounts
    assert {row["Product Code"] for row in demo.deals.values()} <= products
    assert {row["Owner"] for row in demo.deals.values()} <= sellers
    assert {row["Account Name"] for row in orders} <= accounts
    assert {row["Product Code"] for row in orders} <= products
    assert set(demo.free_stock) <= products
    assert {row["Product Code"] for row in read_csv(folder / "erp/price_list.csv")} == products
    assert {note["account"] for note in demo.notes} <= accounts
    assert {row["Account"] for row in read_csv(folder / "market/news.csv")} - {""} <= accounts
    assert {row["Customer"] for row in read_csv(folder / "resources/reference_cases.csv")} <= accounts


def test_families_are_named_alike_everywhere(demo: DemoFiles) -> None:
    families = {row["Product Family"] for row in demo.products.values()}
    experts = read_csv(demo.folder / "resources/experts.csv")
    assert {row["Product Family"] for row in read_csv(demo.folder / "policy/pricing_rules.csv")} == families
    assert {row["Product Family"] for row in read_csv(demo.folder / "resources/reference_cases.csv")} <= families
    assert {family for row in experts for family in row["Product Families"].split(";")} == families


def test_every_mail_belongs_to_one_account_by_its_addresses(demo: DemoFiles) -> None:
    domains = {row["Website"].removeprefix("https://www.") for row in demo.accounts.values()}
    people = {row["Email"] for row in (*demo.contacts, *demo.sellers)}
    for mail in demo.mails:
        outside = {address.partition("@")[2] for address in mail.addresses} - {demo.company.domain}
        assert len(outside) == 1
        assert outside <= domains
        assert mail.addresses <= people


def test_answers_come_after_what_they_answer(demo: DemoFiles) -> None:
    sent = {mail.id: mail.at for mail in demo.mails}
    replies = [(mail.reply_to, mail.at) for mail in demo.mails if mail.reply_to]
    assert len(replies) > 500
    assert all(sent[before] < at for before, at in replies)


def test_no_exchange_lies_in_the_future_or_on_a_weekend(demo: DemoFiles) -> None:
    when = [mail.at for mail in demo.mails] + [datetime.fromisoformat(str(note["at"])) for note in demo.notes]
    assert all(moment.tzinfo is not None and moment.date() < TODAY and moment.weekday() < 5 for moment in when)
    assert max(when).date() >= TODAY - timedelta(days=7)


def test_meetings_name_day_account_and_topic(demo: DemoFiles) -> None:
    names = {alias for row in demo.accounts.values() for alias in row["Aliases"].split(";")}
    for path in demo.meetings:
        day, account, topic = path.stem.split("_")
        assert date.fromisoformat(day) < TODAY
        assert account in names
        assert topic
    assert {path.suffix for path in demo.meetings} == {".vtt", ".srt", ".txt"}


def test_people_write_in_the_language_of_their_account(demo: DemoFiles) -> None:
    chinese: dict[str, set[bool]] = defaultdict(set)
    for mail in demo.mails:
        domain = next(a.partition("@")[2] for a in mail.addresses if not a.endswith(demo.company.domain))
        chinese[domain].add(len(re.findall(r"[\u4e00-\u9fff]", mail.body)) > 20)
    assert all(len(kinds) == 1 for kinds in chinese.values())
    assert Counter(kind for kinds in chinese.values() for kind in kinds) == {True: 54, False: 54}


def test_mails_are_finished_and_hardly_ever_repeat(demo: DemoFiles) -> None:
    bodies = Counter("\n\n".join(mail.body.split("\n\n")[1:-1]) for mail in demo.mails)
    assert not [mail.body for mail in demo.mails if re.search(r"[{}\[\]]|None|  ", mail.body + mail.subject)]
    assert sum(count - 1 for count in bodies.values()) < 0.03 * bodies.total()


def test_the_stock_list_carries_times_and_lead_times(demo: DemoFiles) -> None:
    for row in read_sheet(demo.folder / "erp/库存.xlsx"):
        assert datetime.fromisoformat(row["更新时间"]).date() == TODAY - timedelta(days=1)
        assert int(row["采购提前期(天)"]) > 0
        assert bool(row["预计到货日期"]) == (int(row["在途数量"]) > 0)
