"""The planted stories can be seen in the files, and only where they were planted."""

import re
from collections import Counter, defaultdict
from datetime import date, timedelta

from demo.accounts import STORIES
from tests.demo_files import TODAY, DemoFiles, read_csv

CLOSED = {"Closed Won", "Closed Lost", "赢单", "输单"}


def last_mails(demo: DemoFiles) -> dict[str, date]:
    sent: dict[str, date] = {}
    for mail in demo.mails:
        day = mail.at.date()
        sent[mail.sender] = max(day, sent.get(mail.sender, day))
    return sent


def test_every_story_is_told_in_both_languages_at_several_accounts(demo: DemoFiles) -> None:
    told: dict[str, list[str]] = defaultdict(list)
    for line in demo.company.plot:
        told[line.kind].append(line.lang)
    assert set(told) == set(STORIES)
    assert all(Counter(langs)["en"] >= 2 and Counter(langs)["zh"] >= 2 for langs in told.values())


def test_what_a_story_cites_exists_in_its_files(demo: DemoFiles) -> None:
    known = {row["Email"] for row in demo.contacts} | {row["Record ID"] for row in demo.contacts}
    known |= set(demo.deals) | set(demo.products) | set(demo.company.competitors)
    known |= {mail.id for mail in demo.mails} | {str(note["id"]) for note in demo.notes}
    known |= {path.stem for path in demo.meetings}
    known |= {path.name.partition("_")[0] for path in (demo.folder / "contracts").iterdir()}
    for line in demo.company.plot:
        assert set(line.ids) <= known
        assert all((demo.folder / name).exists() for name in line.files)


def test_short_stock_is_short_and_other_stock_is_not(demo: DemoFiles) -> None:
    short = set()
    for row in demo.deals.values():
        is_open = row["Stage"] not in CLOSED and not row["Product Code"].startswith("SV-")
        if is_open and demo.free_stock[row["Product Code"]] < int(row["Quantity"]):
            short.add(row["Account Name"])
    assert short == set(demo.told("stock_short"))


def test_only_the_planned_discounts_leave_the_policy(demo: DemoFiles) -> None:
    rules = read_csv(demo.folder / "policy/pricing_rules.csv")
    highest = max(float(row["Max Discount % (with approval)"]) for row in rules)
    beyond = {
        row["Account Name"] for row in demo.deals.values() if float(row["Discount %"].removesuffix("%")) > highest
    }
    assert beyond == set(demo.told("discount_beyond_policy"))


def test_who_left_is_marked_and_falls_silent(demo: DemoFiles) -> None:
    people = {row["Email"]: row for row in demo.contacts}
    sent = last_mails(demo)
    gone = {ids[1] for ids in demo.told("champion_left").values()}
    assert {address for address, row in people.items() if row["Contact Status"] == "Left"} == gone
    for address in gone:
        assert sent[address] <= date.fromisoformat(people[address]["Left Date"][:10]) <= TODAY


def test_a_quiet_champion_has_not_written_for_weeks(demo: DemoFiles) -> None:
    people = {row["Email"]: row for row in demo.contacts}
    sent = last_mails(demo)
    for ids in demo.told("champion_quiet").values():
        assert people[ids[1]]["Contact Status"] == "Active"
        assert TODAY - sent[ids[1]] > timedelta(days=70)


def test_an_account_without_economic_buyer_has_no_such_contact(demo: DemoFiles) -> None:
    title = re.compile(r"Chief|VP|Director|总|厂长")
    known = {row["Associated Company"] for row in demo.contacts if title.search(row["Job Title"])}
    assert set(demo.accounts) - known == set(demo.told("no_economic_buyer"))


def test_at_a_single_threaded_account_one_person_writes(demo: DemoFiles) -> None:
    single = {ids[1] for ids in demo.told("single_threaded").values()}
    domains = {address.partition("@")[2] for address in single}
    seen = {address for mail in demo.mails for address in mail.addresses if address.partition("@")[2] in domains}
    assert seen == single


def test_an_inactive_deal_is_open_and_nobody_has_written_for_months(demo: DemoFiles) -> None:
    for account, ids in demo.told("inactive_deal").items():
        domain = demo.accounts[account]["Website"].removeprefix("https://www.")
        days = [mail.at.date() for mail in demo.mails if any(a.endswith("@" + domain) for a in mail.addresses)]
        assert demo.deals[ids[0]]["Stage"] not in CLOSED
        assert TODAY - max(days) > timedelta(days=90)


def test_competitors_who_undercut_are_in_the_news_about_that_account(demo: DemoFiles) -> None:
    news = {(row["Account"], row["Competitor"]) for row in read_csv(demo.folder / "market/news.csv")}
    for account, ids in demo.told("competitor_undercut").items():
        rival = next(name for name in ids if name in demo.company.competitors)
        assert (account, rival) in news


def test_each_contract_story_has_a_contract_of_its_own(demo: DemoFiles) -> None:
    cited = [ids[0] for kind in ("contract_ending", "renewal", "payment_dispute") for ids in demo.told(kind).values()]
    assert len(set(cited)) == len(cited)
    assert all(re.fullmatch(r"TL-\d{4}-\d{3}", number) for number in cited)


def test_the_featured_visits_meet_active_people_of_known_accounts(demo: DemoFiles) -> None:
    company = demo.company
    assert company.featured.account.startswith("Helios")
    for featured in (company.featured, company.featured_zh):
        assert demo.accounts[featured.account]["Customer Class"] == "A"
        staff = [row for row in demo.contacts if row["Associated Company"] == featured.account]
        active = [row for row in staff if row["Contact Status"] == "Active"]
        names = {
            form.format_map(row) for row in active for form in ("{First Name} {Last Name}", "{Last Name}{First Name}")
        }
        assert len(featured.attendees) == 4
        assert set(featured.attendees) <= names
        assert featured.visit_on > TODAY
        assert len([line for line in company.plot if line.account == featured.account]) >= 4
