import io
import json
import zipfile
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from core.domain.accounts import Account
from core.domain.deals import Opportunity
from core.errors import InvalidInputError
from core.identity import Caller, Role, local_owner
from core.settings import Settings
from demo.company import DemoCompany, write_demo_company
from hub.importing import import_files
from hub.installation import Platform
from hub.platform import open_platform
from tests.databases import migrated_home

NOW = datetime(2026, 5, 20, 9, tzinfo=UTC)
ACCOUNTS = "Account ID,Account Name,Region,Website\nA1,Acme Drives,North,acme-drives.example\nA2,Borealis,South,\n"
DEALS = "Opportunity ID,Account Name,Stage,Amount,Currency,Close Date\n"
NOTE = {
    "id": "i1",
    "account": "Acme Drives",
    "kind": "note",
    "at": "2026-03-02T09:00:00+08:00",
    "text": "Budget approved.",
}


class FixedClock:
    def now(self) -> datetime:
        return NOW


@pytest.fixture
def platform(tmp_path: Path) -> Iterator[Platform]:
    settings = Settings(home=migrated_home(tmp_path / "home"), database_url=None, embedding_model="none")
    with open_platform(settings, clock=FixedClock()) as opened:
        yield opened


@pytest.fixture
def exports(tmp_path: Path) -> Path:
    """A folder as a company might export it: good rows, and one of every bad thing."""
    folder = tmp_path / "exports"
    folder.mkdir()
    (folder / "accounts.csv").write_text(ACCOUNTS)
    (folder / "deals.csv").write_text(
        DEALS + "O1,Acme Drives,Won,5,USD,2026-01-01\nO2,Borealis,Proposal,7,USD,2026-09-01\n"
    )
    (folder / "notes.jsonl").write_text(json.dumps(NOTE) + "\n")
    return folder


def spoil(folder: Path) -> None:
    with (folder / "deals.csv").open("a") as deals:
        deals.write("O3,Acme Drives,Won,=1+1,USD,2026-01-01\nO4,Acme Drives,Won,5,USD,9999-01-01\n")
        deals.write("O5,Acme Drivers Company International,Won,5,USD,2026-01-01\n")
    (folder / "商机.csv").write_bytes(
        "商机编号,客户名称,阶段,金额\nS1,Borealis,商务谈判,12.5万\nS2,谁也不是,赢单,1\n".encode("gbk")
    )
    (folder / "empty.csv").touch()
    (folder / "picture.png").write_bytes(b"x")
    with zipfile.ZipFile(folder / "bomb.zip", "w", zipfile.ZIP_DEFLATED) as bomb:
        bomb.writestr("accounts.csv", b"0" * 20_000_000)
    with zipfile.ZipFile(folder / "slip.zip", "w") as slip:
        slip.writestr("../../slipped.csv", ACCOUNTS)
    outside = folder.parent / "outside.csv"
    outside.write_text(ACCOUNTS)
    (folder / "link.csv").symlink_to(outside)


def stored(platform: Platform, tenant: str = "default") -> dict[str, int]:
    with platform.store.read() as session:
        counts = session.records.count(tenant)
        return counts | {"interaction": session.interactions.count(tenant)}


def test_what_is_good_goes_in_and_what_is_not_is_listed(platform: Platform, exports: Path) -> None:
    spoil(exports)
    report = import_files(platform, [exports])
    assert report.written == {"account": 2, "opportunity": 3, "note": 1}
    assert stored(platform) == {"account": 2, "opportunity": 3, "interaction": 1}
    refused = {(part.file, part.row, part.field) for part in report.refused}
    assert refused == {
        ("deals.csv", 4, "Amount"),
        ("deals.csv", 5, "Close Date"),
        ("deals.csv", 6, "Account Name"),
        ("商机.csv", 3, "客户名称"),
        ("empty.csv", None, "file"),
        ("picture.png", None, "file"),
        ("bomb.zip", None, "file"),
        ("slip.zip/../../slipped.csv", None, "path"),
        ("link.csv", None, "path"),
    }
    assert report.mappings["商机.csv"].columns["客户名称"] == "account"
    assert not (exports.parent.parent / "slipped.csv").exists()


def test_importing_again_changes_nothing(platform: Platform, exports: Path) -> None:
    first = import_files(platform, [exports])
    before = stored(platform)
    again = import_files(platform, [exports])
    assert again.written == {}
    assert again.unchanged == first.written
    assert stored(platform) == before


def test_a_changed_row_is_written_and_the_others_are_not(platform: Platform, exports: Path) -> None:
    import_files(platform, [exports])
    deals = exports / "deals.csv"
    deals.write_text(deals.read_text().replace("O2,Borealis,Proposal", "O2,Borealis,Negotiation"))
    (exports / "notes.jsonl").write_text(json.dumps(NOTE | {"text": "Budget cut."}) + "\n")
    report = import_files(platform, [exports])
    assert report.written == {"opportunity": 1, "note": 1}
    with platform.store.read() as session:
        [passage] = session.passages.for_account(local_owner("default"), "A1")
    assert passage.passage.text == "Budget cut."


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"account": "Borealis"}, "another account (A1)"),
        ({"kind": "call"}, "another form (note)"),
        ({"from": "bo@acme-drives.example", "text": "Budget cut."}, "another class of author (external)"),
    ],
)
def test_an_id_in_use_cannot_become_another_interaction(
    platform: Platform, exports: Path, change: dict[str, str], reason: str
) -> None:
    import_files(platform, [exports])
    (exports / "notes.jsonl").write_text(json.dumps(NOTE | change) + "\n")
    report = import_files(platform, [exports])
    [part] = report.refused
    assert (part.file, part.row, part.field) == ("notes.jsonl", 1, "id")
    assert reason in part.reason
    assert report.written == {}
    with platform.store.read() as session:
        [known] = session.interactions.for_account(local_owner("default"), "A1")
    assert (known.text, known.form.value) == (NOTE["text"], "note")


def test_a_mail_may_not_replace_another_by_its_message_id(platform: Platform, exports: Path) -> None:
    import_files(platform, [exports])
    head = "From: bo@acme-drives.example\nTo: x@y.example\nDate: Mon, 02 Mar 2026 09:00:00 +0800\n"
    (exports / "a.eml").write_text(head + "Message-ID: <i1>\n\nNo.\n")
    for written in ({"mail": 1}, {}):
        report = import_files(platform, [exports])
        assert (report.refused, report.written) == ([], written)
    assert stored(platform)["interaction"] == 2


def test_the_same_mail_is_reclassified_when_more_is_known_of_its_sender(platform: Platform, exports: Path) -> None:
    notes = exports / "notes.jsonl"
    notes.write_text(json.dumps(NOTE | {"from": "Ada Frost"}) + "\n")
    import_files(platform, [exports])
    (exports / "contacts.csv").write_text("Contact ID,Full Name,Account Name\nC1,Ada Frost,Acme Drives\n")
    report = import_files(platform, [exports])
    assert (report.refused, report.written) == ([], {"contact": 1, "note": 1})


def test_a_dry_run_counts_everything_and_writes_nothing(platform: Platform, exports: Path) -> None:
    report = import_files(platform, [exports], dry_run=True)
    assert (report.dry_run, report.written) == (True, {"account": 2, "opportunity": 2, "note": 1})
    assert stored(platform) == {"interaction": 0}
    with platform.store.read() as session:
        assert session.tenants.list() == []


def test_records_take_their_accounts_region_and_rights_follow(platform: Platform, exports: Path) -> None:
    import_files(platform, [exports])
    northerner = Caller(tenant="default", user="rep", roles=frozenset({Role.REP}), regions=frozenset({"North"}))
    with platform.store.read() as session:
        assert [deal.id for deal in session.records.find(northerner, Opportunity)] == ["O1"]
        assert [item.id for item in session.interactions.for_account(northerner, "A1")] == ["i1"]
        assert session.passages.for_account(northerner, "A1")


def test_a_later_file_may_name_accounts_of_an_earlier_import(platform: Platform, exports: Path, tmp_path: Path) -> None:
    import_files(platform, [exports / "accounts.csv"])
    report = import_files(platform, [exports / "deals.csv"])
    assert (report.written, report.refused) == ({"opportunity": 2}, [])


def test_accounts_are_made_from_names_only_in_an_empty_tenant(platform: Platform, exports: Path) -> None:
    report = import_files(platform, [exports / "deals.csv"])
    assert report.written == {"account": 2, "opportunity": 2}
    assert any("accounts were made from the names" in note.text for note in report.notes)
    more = exports / "more.csv"
    more.write_text(DEALS + "O9,Cirrus Works,Won,5,USD,2026-01-01\n")
    assert [part.field for part in import_files(platform, [more]).refused] == ["Account Name"]


def test_tenants_do_not_see_one_anothers_accounts(platform: Platform, exports: Path) -> None:
    import_files(platform, [exports], tenant="one")
    import_files(platform, [exports / "accounts.csv"], tenant="two")
    report = import_files(platform, [exports / "deals.csv"], tenant="two")
    assert report.written == {"opportunity": 2}
    assert stored(platform, "two") == {"account": 2, "opportunity": 2, "interaction": 0}


def test_a_mapping_file_overrides_the_guess(platform: Platform, exports: Path, tmp_path: Path) -> None:
    (exports / "odd.csv").write_text("Wer,Land\nCirrus Works,NO\n")
    mapping = tmp_path / "map.yaml"
    mapping.write_text("odd.csv: {kind: account, columns: {Wer: name, Land: country}}\n")
    report = import_files(platform, [exports], mapping_file=mapping)
    assert report.refused == []
    with platform.store.read() as session:
        names = {account.name: account.country for account in session.records.find(local_owner("default"), Account)}
    assert names["Cirrus Works"] == "NO"


@pytest.mark.parametrize(
    "text", ["odd.csv: {kind: nonsense}", "odd.csv: {columns: {Wer: nme}}", "[1, 2]", "a: {b: c}", ": :"]
)
def test_a_wrong_mapping_file_names_the_remedy(platform: Platform, exports: Path, tmp_path: Path, text: str) -> None:
    mapping = tmp_path / "map.yaml"
    mapping.write_text(text)
    with pytest.raises(InvalidInputError) as caught:
        import_files(platform, [exports], mapping_file=mapping)
    assert caught.value.field == "--map"
    assert caught.value.remedy


def test_a_path_that_is_not_there_names_the_remedy(platform: Platform, tmp_path: Path) -> None:
    with pytest.raises(InvalidInputError, match="does not exist"):
        import_files(platform, [tmp_path / "nowhere"])


def test_progress_counts_files(platform: Platform, exports: Path) -> None:
    heard: list[tuple[int, int, str]] = []
    import_files(platform, [exports], progress=lambda done, total, what: heard.append((done, total, what)))
    assert heard == [(0, 3, "accounts.csv"), (1, 3, "deals.csv"), (2, 3, "notes.jsonl"), (3, 3, "")]


def test_uploads_may_come_as_one_archive(platform: Platform, exports: Path, tmp_path: Path) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in exports.iterdir():
            archive.write(path, f"crm/{path.name}")
    (tmp_path / "all.zip").write_bytes(buffer.getvalue())
    assert import_files(platform, [tmp_path / "all.zip"]).written == {"account": 2, "opportunity": 2, "note": 1}


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, DemoCompany]:
    folder = tmp_path_factory.mktemp("demo")
    return folder, write_demo_company(folder, today=date(2026, 5, 20))


def test_the_whole_demo_company_is_read_without_a_refusal(platform: Platform, demo: tuple[Path, DemoCompany]) -> None:
    folder, company = demo
    report = import_files(platform, [folder], tenant="demo")
    assert report.refused == []
    assert {file: mapping.unmapped for file, mapping in report.mappings.items() if mapping.unmapped} == {}
    counts = company.counts
    expected = {
        "account": counts["accounts"], "contact": counts["contacts"], "opportunity": counts["opportunities"],
        "order": counts["orders"], "product": counts["products"], "stock": counts["stock_lines"],
        "contract": counts["contracts"], "sales_person": counts["sales_people"],
        "market_note": counts["market_notes"], "expert": counts["experts"], "reference": counts["reference_cases"],
        "approval_rule": counts["approval_rules"], "pricing_rule": counts["pricing_rules"],
    }  # fmt: skip
    forms = {form: counts[f"interactions_{form}"] for form in ("mail", "meeting", "call", "post", "note")}
    assert {kind: number for kind, number in report.written.items() if kind != "price"} == expected | forms
