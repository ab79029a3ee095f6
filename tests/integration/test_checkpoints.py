"""The checkpointer passes LangGraph's own conformance suite, and keeps tenants apart."""

import asyncio
from collections.abc import AsyncGenerator

import pytest
from hypothesis import given
from hypothesis import strategies as st
from langgraph.checkpoint.base import BaseCheckpointSaver
from langgraph.checkpoint.conformance import checkpointer_test, validate
from langgraph.checkpoint.conformance.test_utils import generate_config, put_test_checkpoint
from langgraph.types import Send

from db.store import Store
from graphs.chat.checkpoint_json import from_json, to_json
from graphs.chat.checkpoints import StoredSaver

_PLAIN = st.none() | st.booleans() | st.integers() | st.text() | st.binary()
_VALUES = st.recursive(
    _PLAIN, lambda inner: st.lists(inner) | st.dictionaries(st.text() | st.just("__kind__"), inner), max_leaves=10
)


def test_the_checkpointer_conforms_in_every_capability(store: Store) -> None:
    @checkpointer_test(name="stored")
    async def stored() -> AsyncGenerator[BaseCheckpointSaver[int], None]:
        yield StoredSaver(store.checkpoints_port("acme"))

    report = asyncio.run(validate(stored))
    results = report.results.values()
    assert [failure for result in results for failure in result.failures] == []
    assert all(result.passed for result in results)


def test_another_tenant_finds_no_checkpoint(store: Store) -> None:
    ours, theirs = (StoredSaver(store.checkpoints_port(tenant)) for tenant in ("acme", "other"))
    asyncio.run(put_test_checkpoint(ours, thread_id="t", channel_values={"a": 1}))
    assert ours.get_tuple(generate_config("t")) is not None
    assert theirs.get_tuple(generate_config("t")) is None
    assert list(theirs.list(None)) == []
    theirs.delete_thread("t")
    theirs.prune(["t"], strategy="delete")
    assert ours.get_tuple(generate_config("t")) is not None


@given(_VALUES)
def test_values_come_back_as_they_were(value: object) -> None:
    assert from_json(to_json(value)) == value


def test_a_send_comes_back_and_other_objects_are_refused() -> None:
    assert from_json(to_json([Send("call", {"place": 0})])) == [Send("call", {"place": 0})]
    with pytest.raises(TypeError, match="object"):
        to_json({"a": object()})
