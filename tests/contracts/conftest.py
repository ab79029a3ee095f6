"""The Tryton that contract tests share."""

from collections.abc import Iterator

import pytest

from tests.tryton_server import TrialTryton, trial_tryton


@pytest.fixture(scope="session")
def tryton(testrun_uid: str, worker_id: str) -> Iterator[TrialTryton]:
    with trial_tryton(testrun_uid, worker_id) as trial:
        yield trial
