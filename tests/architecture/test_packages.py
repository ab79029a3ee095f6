"""Plain top-level names are ours alone: no installed distribution provides one of them."""

from importlib.machinery import PathFinder
from importlib.metadata import packages_distributions

import pytest

from tests.architecture.source import PACKAGES, PYPROJECT, ROOT

OURS = PYPROJECT["project"]["name"]


@pytest.mark.parametrize("package", PACKAGES)
def test_no_other_distribution_provides_the_package(package: str) -> None:
    assert set(packages_distributions().get(package, ())) <= {OURS}


@pytest.mark.parametrize("package", PACKAGES)
def test_the_package_is_imported_from_this_repository(package: str) -> None:
    spec = PathFinder.find_spec(package)
    assert spec is not None
    assert spec.origin == str(ROOT / package / "__init__.py")


def test_the_application_cannot_be_published_by_accident() -> None:
    assert "Private :: Do Not Upload" in PYPROJECT["project"]["classifiers"]
