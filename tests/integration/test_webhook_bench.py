"""The bench of webhooks finds nothing wrong, and its judge notices what is."""

from dataclasses import replace

import pytest

from evals.bench import webhooks
from evals.bench.webhook_cases import KINDS, Ring
from evals.bench.webhook_oracle import Oracle
from evals.bench.webhook_sender import cloud_event, signed

RING = Ring(*(f"whsec_{letter * 8}" for letter in "ABCDE"))
NOW = 1_779_267_600


def oracle() -> Oracle:
    return Oracle(
        keys={"crm": (RING.current, RING.old), "erp": (RING.other_source,)},
        accounts=frozenset({"Acme Drives"}),
        deals={f"deal-{number}": {} for number in range(8)},
    )


def test_every_kind_of_case_once_is_answered_as_it_deserves() -> None:
    figures = webhooks.measure(len(KINDS), seed=3)
    assert figures["kinds"] == figures["cases"]
    wrong = ("wrongly_accepted", "wrongly_refused", "wrong_status", "wrong_records")
    assert [figures[name] for name in wrong] == [0] * 4


@pytest.mark.parametrize("edit", ["body", "id", "time", "signature"])
def test_the_judge_refuses_what_was_edited(edit: str) -> None:
    event = cloud_event("e1", "visit.requested", {"account": "Acme Drives", "purpose": "Meet"})
    good = signed("crm", event, [RING.current], NOW)
    edited = {
        "body": replace(good, body=good.body + b" "),
        "id": good.with_header("webhook-id", "x"),
        "time": good.with_header("webhook-timestamp", str(NOW - 1)),
        "signature": good.with_header("webhook-signature", "v1,AAAA"),
    }[edit]
    assert oracle().judge(good, NOW) in {200, 202}
    assert oracle().judge(good, NOW + 301) == 401
    assert oracle().judge(edited, NOW) == 401
