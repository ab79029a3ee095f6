"""The bench's own judge must notice what it is there to notice."""

from collections.abc import Callable
from pathlib import Path

import pytest

from core.domain.packages import Package
from core.identity import Caller, Role, local_owner
from core.settings import Settings
from evals.bench.evidence import Archive
from evals.bench.packages import unexplained
from evals.bench.report import quantile
from hub.platform import open_platform
from tests.small_company import import_small_company, visit

OWNER = local_owner("default")
STRANGER = Caller(tenant="default", user="x", roles=frozenset({Role.REP}), regions=frozenset({"Elsewhere"}))


def _without_evidence(package: Package) -> Package:
    return package.model_copy(update={"evidence": {}})


def _misquoted(package: Package) -> Package:
    evidence = {id_: item.model_copy(update={"quote": "never said"}) for id_, item in package.evidence.items()}
    return package.model_copy(update={"evidence": evidence})


def _long_ago(package: Package) -> Package:
    return package.model_copy(update={"visit_on": package.created_at.date().replace(year=2020)})


@pytest.fixture(scope="module")
def judged(tmp_path_factory: pytest.TempPathFactory) -> tuple[Archive, Package]:
    folder: Path = tmp_path_factory.mktemp("bench")
    with open_platform(Settings(home=folder / "home", embedding_model="none")) as platform:
        import_small_company(platform, folder / "files")
        return Archive(platform, OWNER.tenant), visit(platform, "Acme Drives Ltd")


def test_a_true_package_has_no_faults(judged: tuple[Archive, Package]) -> None:
    archive, package = judged
    assert package.claims
    assert archive.faults(package, OWNER) == []
    assert unexplained(package) == []


@pytest.mark.parametrize(
    ("spoil", "reader", "fault"),
    [
        (_without_evidence, OWNER, "missing"),
        (_misquoted, OWNER, "altered"),
        (_long_ago, OWNER, "later"),
        (lambda package: package, STRANGER, "invisible"),
    ],
)
def test_a_spoilt_package_is_found_out(
    judged: tuple[Archive, Package], spoil: Callable[[Package], Package], reader: Caller, fault: str
) -> None:
    archive, package = judged
    assert fault in archive.faults(spoil(package), reader)


def test_quantiles_are_values_that_occurred() -> None:
    assert [quantile([3, 1, 2, 4], share) for share in (0, 0.5, 0.95, 1)] == [1, 2, 4, 4]
