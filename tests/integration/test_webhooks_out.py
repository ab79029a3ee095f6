"""Events go out: at least once, signed, never into the network they must not reach."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

import pytest
from cloudevents.core.bindings.http import HTTPMessage, from_structured_event

from core.domain.webhooks import DeliveryStatus, Endpoint
from core.errors import InvalidInputError, NotFoundError
from evals.bench.webhook_sender import signature
from hub.events.deliveries import WAITS, deliver_due, is_public
from hub.events.webhooks import add_endpoint, list_deliveries, remove_endpoint, retry_delivery, rotate_secret
from tests.events import Company, minutes, open_company
from tests.webhook_receiver import Received, Receiver, receiving


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as opened:
        yield opened


@pytest.fixture
def company(tmp_path: Path, store_url: str) -> Iterator[Company]:
    with open_company(tmp_path, store_url, webhook_private_networks=True) as opened:
        yield opened


@pytest.fixture
def local(tmp_path: Path) -> Iterator[Company]:
    url = f"sqlite:///{tmp_path / 'saleshub.sqlite'}"
    with open_company(tmp_path, url, webhook_private_networks=True) as opened:
        yield opened


def listen(company: Company, url: str) -> Endpoint:
    return add_endpoint(company.platform, company.platform.owner(), url, ["package.ready", "review.due"])


def publish(company: Company, subject: str = "r1", type_: str = "package.ready") -> None:
    with company.platform.store.write() as unit:
        unit.webhooks.publish("default", type_, subject, {"account": "华锦"}, at=company.clock.at)


def states(company: Company) -> list[DeliveryStatus]:
    return [one.status for one in list_deliveries(company.platform, company.platform.owner())]


def is_signed_by(request: Received, secret: str) -> bool:
    expected = signature(secret, request.headers["webhook-id"], request.headers["webhook-timestamp"], request.body)
    return expected in request.headers["webhook-signature"].split(" ")


def test_an_event_is_sent_once_as_a_signed_cloud_event(company: Company, receiver: Receiver) -> None:
    endpoint = listen(company, receiver.url)
    publish(company)
    publish(company)
    publish(company, type_="effect.confirmed")
    assert [deliver_due(company.platform, "w1"), deliver_due(company.platform, "w1")] == [1, 0]
    (request,) = receiver.got
    event = from_structured_event(HTTPMessage(request.headers, request.body))
    assert (event.get_type(), event.get_subject(), event.get_data()) == ("package.ready", "r1", {"account": "华锦"})
    assert event.get_time() == company.clock.at
    assert is_signed_by(request, endpoint.secrets[0])
    assert int(request.headers["webhook-timestamp"]) == company.clock.at.timestamp()
    assert states(company) == [DeliveryStatus.DONE]


def test_what_is_published_in_a_transaction_that_fails_is_not_sent(company: Company, receiver: Receiver) -> None:
    listen(company, receiver.url)
    with suppress(RuntimeError), company.platform.store.write() as unit:
        unit.webhooks.publish("default", "package.ready", "r1", {}, at=company.clock.at)
        raise RuntimeError
    assert deliver_due(company.platform, "w1") == 0


def test_many_workers_at_once_send_each_event_once(company: Company, receiver: Receiver) -> None:
    listen(company, receiver.url)
    for number in range(12):
        publish(company, f"r{number}")
    with ThreadPoolExecutor(4) as threads:
        sent = sum(threads.map(lambda worker: deliver_due(company.platform, f"w{worker}", limit=5), range(8)))
    assert (sent, len(receiver.got)) == (12, 12)
    assert set(states(company)) == {DeliveryStatus.DONE}


def test_a_failed_delivery_is_tried_again_later_under_the_same_id(local: Company, receiver: Receiver) -> None:
    endpoint = listen(local, receiver.url)
    receiver.statuses += [500, 302, 200]
    publish(local)
    for wait in (*WAITS[:2], timedelta()):
        assert deliver_due(local.platform, "w1") == 1
        assert deliver_due(local.platform, "w1") == 0
        local.clock.at += wait
    assert len({request.headers["webhook-id"] for request in receiver.got}) == 1
    assert len({request.headers["webhook-timestamp"] for request in receiver.got}) == 3
    assert all(is_signed_by(request, endpoint.secrets[0]) for request in receiver.got)
    assert states(local) == [DeliveryStatus.DONE]


def test_a_delivery_dies_after_three_days_and_lives_again_when_told(local: Company, receiver: Receiver) -> None:
    listen(local, receiver.url)
    receiver.statuses += [503] * (len(WAITS) + 1)
    publish(local)
    start = local.clock.at
    for wait in (*WAITS, timedelta()):
        assert deliver_due(local.platform, "w1") == 1
        local.clock.at += wait
    assert timedelta(days=3) < local.clock.at - start < timedelta(days=4)
    owner = local.platform.owner()
    (dead,) = list_deliveries(local.platform, owner, DeliveryStatus.DEAD)
    assert dead.error == "HTTP 503"
    retry_delivery(local.platform, owner, dead.id)
    assert deliver_due(local.platform, "w1") == 1
    assert states(local) == [DeliveryStatus.DONE]
    with pytest.raises(NotFoundError):
        retry_delivery(local.platform, owner, dead.id)


def test_an_endpoint_that_is_gone_or_removed_is_sent_nothing_more(local: Company, receiver: Receiver) -> None:
    first = listen(local, receiver.url)
    receiver.statuses += [410]
    publish(local)
    deliver_due(local.platform, "w1")
    publish(local, "r2")
    second = listen(local, receiver.url)
    publish(local, "r3")
    remove_endpoint(local.platform, local.platform.owner(), second.id)
    assert deliver_due(local.platform, "w1") == 0
    assert first.id != second.id
    assert states(local) == [DeliveryStatus.STOPPED] * 2


def test_old_and_new_secret_both_sign_while_they_are_changed(local: Company, receiver: Receiver) -> None:
    endpoint = listen(local, receiver.url)
    old = endpoint.secrets[0]
    new = rotate_secret(local.platform, local.platform.owner(), endpoint.id).secrets[0]
    for step, expected in ((minutes(0), [True, True]), (timedelta(hours=24), [False, True])):
        local.clock.at += step
        publish(local, f"at {local.clock.at}")
        deliver_due(local.platform, "w1")
        assert [is_signed_by(receiver.got[-1], secret) for secret in (old, new)] == expected


def test_a_late_worker_does_not_undo_what_another_has_recorded(company: Company, receiver: Receiver) -> None:
    listen(company, receiver.url)
    publish(company)
    now = company.clock.at
    with company.platform.store.write() as unit:
        ((tenant, late),) = unit.webhooks.lease_due(now, now + minutes(1), 5)
    company.clock.at += minutes(2)
    assert deliver_due(company.platform, "w2") == 1
    with company.platform.store.write() as unit:
        assert not unit.webhooks.settle(tenant, late, DeliveryStatus.DEAD, attempts=9, at=now, error="late")
    assert states(company) == [DeliveryStatus.DONE]


@pytest.mark.parametrize(
    "url",
    [
        *("ftp://example.com", "https://", "https://me:pw@example.com/", "http://exa mple.com", "http://localhost/"),
        *("http://127.0.0.1/", "http://[::1]/", "http://10.0.0.7/", "http://169.254.169.254/latest"),
        "http://[::ffff:127.0.0.1]/",
    ],
)
def test_an_address_that_must_not_be_reached_is_refused_at_once(tmp_path: Path, url: str) -> None:
    with (
        open_company(tmp_path, f"sqlite:///{tmp_path / 'x.sqlite'}") as company,
        pytest.raises(InvalidInputError, match="URL"),
    ):
        listen(company, url)


def test_a_name_that_leads_inside_is_not_connected_to(tmp_path: Path, receiver: Receiver) -> None:
    with open_company(tmp_path, f"sqlite:///{tmp_path / 'x.sqlite'}") as company:
        with company.platform.store.write() as unit:
            inside = Endpoint(
                id="e",
                url=receiver.url,
                secrets=("whsec_YQ==",),
                events=("package.ready",),
                created_at=company.clock.at,
            )
            unit.webhooks.save_endpoint("default", inside)
        publish(company)
        assert deliver_due(company.platform, "w1") == 1
        (waiting,) = list_deliveries(company.platform, company.platform.owner())
    assert (waiting.error, receiver.got) == ("the address is not a public one", [])


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("93.184.215.14", True),
        ("2606:2800:21f:cb07:6820:80da:af6b:8b2c", True),
        *((inside, False) for inside in ("127.0.0.1", "10.1.2.3", "192.168.0.1", "172.16.5.5", "169.254.169.254")),
        *((inside, False) for inside in ("0.0.0.0", "100.64.0.1", "224.0.0.1", "255.255.255.255", "::", "::1")),  # noqa: S104
        *((inside, False) for inside in ("fe80::1%eth0", "fc00::1", "ff02::1", "::ffff:10.0.0.1", "64:ff9b::a00:1")),
        *((inside, False) for inside in ("2002:a00:1::", "::127.0.0.1", "64:ff9b:1::808:808", "fec0::1")),
        ("64:ff9b::808:808", True),
    ],
)
def test_only_addresses_of_the_whole_internet_are_public(address: str, public: bool) -> None:  # noqa: FBT001
    assert is_public(address) is public


def test_an_event_that_nobody_wants_costs_nothing(local: Company) -> None:
    publish(local)
    assert states(local) == []
