"""A reader gets of a package only what rests on sources they may see."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from core.domain.contracts import Department
from core.errors import ForbiddenError
from core.identity import Caller, Role, local_owner
from core.settings import Settings
from hub.importing import import_files
from hub.installation import Platform
from hub.platform import open_platform
from hub.redaction import visible_to
from hub.reviews.reading import get_part
from tests.small_company import visit, write_small_company

SECRET = "nearly insolvent"


def reader(*roles: Role) -> Caller:
    return Caller(tenant="default", user="reader", roles=frozenset(roles))


@pytest.fixture
def platform(tmp_path: Path) -> Iterator[Platform]:
    exports = write_small_company(tmp_path / "exports")
    note = (
        '{"id": "s1", "account": "Acme Drives Ltd", "kind": "mail", "at": "2026-05-19T10:00:00Z", '
        '"from": "ada@acme-drives.example", "to": ["mia@vendor.example"], "audience": ["finance"], '
        f'"text": "Between us: we are {SECRET} and need a payment plan. The price must come down."}}'
    )
    (exports / "secret.jsonl").write_text(note, "utf-8")
    with open_platform(Settings(home=tmp_path / "home")) as opened:
        assert import_files(opened, [exports]).refused == []
        yield opened


def test_what_only_finance_may_read_reaches_finance_alone(platform: Platform) -> None:
    package = visit(platform)
    assert SECRET in package.model_dump_json()

    assert visible_to(package, reader(Role.ADMIN)) == package
    finance = visible_to(package, reader(Role.FINANCE))
    assert (finance.claims, finance.evidence) == (package.claims, package.evidence)
    shown = visible_to(package, reader(Role.LEGAL))
    assert SECRET not in shown.model_dump_json()
    claims = {claim.id for claim in shown.claims}
    assert claims
    for _name, section in shown.sections:
        assert set(section.claims) <= claims
    for claim in shown.claims:
        assert set(claim.evidence) <= set(shown.evidence)


def test_a_department_opens_only_its_own_part(platform: Platform) -> None:
    package = visit(platform)
    assert get_part(platform, reader(Role.LEGAL), package.run_id, Department.LEGAL).review.claims is not None
    assert get_part(platform, local_owner("default"), package.run_id, Department.FINANCE).claims
    with pytest.raises(ForbiddenError):
        get_part(platform, reader(Role.LEGAL), package.run_id, Department.FINANCE)
