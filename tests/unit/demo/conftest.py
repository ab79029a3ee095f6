"""The demo company, written once."""

import pytest

from demo.company import write_demo_company
from tests.demo_files import TODAY, DemoFiles


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> DemoFiles:
    folder = tmp_path_factory.mktemp("demo")
    return DemoFiles(folder, write_demo_company(folder, today=TODAY))
