"""Any order of writes, repeats included, leaves the store as a plain model of it says."""

import itertools
from datetime import timedelta

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from core.domain.accounts import Account
from core.domain.visits import RunStatus
from core.errors import ConflictError
from core.identity import local_owner
from db.store import Store
from tests.samples import NOW, account, package, rep, run

SIDES = st.sampled_from(["left", "right"])
ACCOUNTS = st.builds(account, st.sampled_from(["a1", "a2"]), name=st.text(max_size=3), region=st.sampled_from("ns"))
KEYS = st.sampled_from(["k1", "k2", "k3"])
NUMBERS = itertools.count()


class StoreMachine(RuleBasedStateMachine):
    """Two tenants beside one another; `records` and `runs` are what each should hold."""

    def __init__(self, store: Store) -> None:
        super().__init__()
        self.store = store
        number = next(NUMBERS)
        self.tenant = {side: f"{side}-{number}" for side in ("left", "right")}
        self.records: dict[str, dict[str, Account]] = {"left": {}, "right": {}}
        self.runs: dict[str, dict[str, tuple[str, str, bool]]] = {"left": {}, "right": {}}

    @rule(side=SIDES, received=st.lists(ACCOUNTS, min_size=1, max_size=4))
    def receive(self, side: str, received: list[Account]) -> None:
        latest = {one.id: one for one in received}
        expected = sum(self.records[side].get(id_) != one for id_, one in latest.items())
        with self.store.write() as session:
            counted = session.records.upsert(self.tenant[side], received, {}, at=NOW)
        assert counted == (expected, len(latest) - expected)
        self.records[side].update(latest)

    @rule(side=SIDES, key=KEYS, digest=st.sampled_from(["d1", "d2"]), of=st.sampled_from(["a1", "a2"]))
    def ask(self, side: str, key: str, digest: str, of: str) -> None:
        asked = run(f"run-{next(NUMBERS)}", account_id=of)
        known = self.runs[side].get(key)
        try:
            with self.store.write() as session:
                held, created = session.visits.create(self.tenant[side], asked, key, digest)
        except ConflictError:
            assert known is not None
            assert known[1] != digest
            return
        assert created is (known is None)
        assert known is None or (held.id, digest) == known[:2]
        if known is None:
            self.runs[side][key] = (asked.id, digest, False)

    @precondition(lambda self: any(self.runs.values()))
    @rule(side=SIDES, key=KEYS, repeats=st.integers(1, 3))
    def finish(self, side: str, key: str, repeats: int) -> None:
        if key not in self.runs[side]:
            return
        run_id, digest, over = self.runs[side][key]
        with self.store.write() as session:
            made = package(session.visits.load(self.tenant[side], run_id))
            saved = [session.visits.save_package(self.tenant[side], made, []) for _ in range(repeats)]
            assert saved == [not over] + [False] * (repeats - 1)
            assert not session.visits.mark(self.tenant[side], run_id, RunStatus.RUNNING, None, NOW)
        self.runs[side][key] = (run_id, digest, True)

    @invariant()
    def each_tenant_has_its_own(self) -> None:
        for side, tenant in self.tenant.items():
            with self.store.read() as session:
                found = session.records.find(local_owner(tenant), Account)
                unfinished = {run_id for _tenant, run_id in session.visits.unfinished(tenant)}
                seen = {one.id for one in session.visits.list(rep(tenant, {"n"}))}
                loaded = {id_: session.visits.load(tenant, id_) for id_, _digest, _over in self.runs[side].values()}
            assert found == [one for _id, one in sorted(self.records[side].items())]
            assert unfinished == {id_ for id_, _digest, over in self.runs[side].values() if not over}
            north = {one.id for one in self.records[side].values() if one.region == "n"}
            assert seen == {one.id for one in loaded.values() if one.account_id in north}
            ended = {one.id for one in loaded.values() if one.finished_at == NOW + timedelta(seconds=3)}
            assert ended == loaded.keys() - unfinished


def test_any_order_of_writes_leaves_what_it_should(store: Store) -> None:
    class OnThisStore(StoreMachine):
        def __init__(self) -> None:
            super().__init__(store)

    checks = [HealthCheck.too_slow, HealthCheck.data_too_large]
    run_state_machine_as_test(
        OnThisStore,
        settings=settings(max_examples=15, stateful_step_count=12, deadline=None, suppress_health_check=checks),
    )
