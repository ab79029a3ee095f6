"""LangGraph's checkpoints in our database, within one tenant."""

import asyncio
from collections.abc import AsyncIterator, Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

from langchain_core.runnables import RunnableConfig
from langgraph.checkpoint.base import (
    WRITES_IDX_MAP,
    BaseCheckpointSaver,
    ChannelVersions,
    Checkpoint,
    CheckpointMetadata,
    CheckpointTuple,
    get_checkpoint_id,
    get_checkpoint_metadata,
)

from core.ports.checkpoints import CheckpointStore, StoredCheckpoint, StoredWrite
from graphs.chat.checkpoint_json import from_json, to_json

Tuples = list[CheckpointTuple]


class StoredSaver(BaseCheckpointSaver[int]):
    """A checkpointer over `store`, which knows one tenant's threads only; values are JSON."""

    def __init__(self, store: CheckpointStore) -> None:
        super().__init__()
        self._store = store

    def get_tuple(self, config: RunnableConfig) -> CheckpointTuple | None:
        """The checkpoint that `config` names, else its thread's newest."""
        thread, namespace = _place(config)
        found = self._store.find(thread, namespace, get_checkpoint_id(config))
        return None if found is None else _tuple(found)

    def list(
        self,
        config: RunnableConfig | None,
        *,
        filter: dict[str, Any] | None = None,  # noqa: A002 - named by the base class
        before: RunnableConfig | None = None,
        limit: int | None = None,
    ) -> Iterator[CheckpointTuple]:
        """Checkpoints newest first; `filter` compares values of their metadata."""
        return iter(self._listed(config, filter or {}, before, limit))

    def put(
        self,
        config: RunnableConfig,
        checkpoint: Checkpoint,
        metadata: CheckpointMetadata,
        new_versions: ChannelVersions,
    ) -> RunnableConfig:
        """Keep a checkpoint after the one that `config` names; the config that names it."""
        thread, namespace = _place(config)
        told = get_checkpoint_metadata(config, metadata)
        self._store.save(
            StoredCheckpoint(
                thread_id=thread,
                namespace=namespace,
                id=checkpoint["id"],
                parent_id=get_checkpoint_id(config),
                run_id=told.get("run_id"),
                body=to_json(dict(checkpoint)),
                metadata=to_json(dict(told)),
                created_at=datetime.now(UTC),
            )
        )
        return _config(thread, namespace, checkpoint["id"])

    def put_writes(
        self, config: RunnableConfig, writes: Sequence[tuple[str, Any]], task_id: str, task_path: str = ""
    ) -> None:
        """Keep what a task wrote after the checkpoint that `config` names."""
        thread, namespace = _place(config)
        rows = [
            StoredWrite(task_id, WRITES_IDX_MAP.get(channel, place), task_path, channel, to_json(value))
            for place, (channel, value) in enumerate(writes)
        ]
        replace = all(channel in WRITES_IDX_MAP for channel, _value in writes)
        self._store.save_writes(thread, namespace, config["configurable"]["checkpoint_id"], rows, replace=replace)

    def delete_thread(self, thread_id: str) -> None:
        """Delete all of a thread."""
        self._store.delete(thread_id)

    def delete_for_runs(self, run_ids: Sequence[str]) -> None:
        """Delete the checkpoints of these runs."""
        self._store.delete_of_runs(run_ids)

    def copy_thread(self, source_thread_id: str, target_thread_id: str) -> None:
        """Give a thread all that another has."""
        self._store.copy(source_thread_id, target_thread_id)

    def prune(self, thread_ids: Sequence[str], *, strategy: str = "keep_latest") -> None:
        """Keep the newest checkpoint of each namespace, or none with the strategy `delete`."""
        for thread_id in thread_ids:
            self._store.prune(thread_id, 1 if strategy == "keep_latest" else 0)

    async def aget_tuple(self, config: RunnableConfig) -> CheckpointTuple | None:
        """See `get_tuple`."""
        return await asyncio.to_thread(self.get_tuple, config)

    async def alist(
        self,
        config: RunnableConfig | None,
        *,
        filter: dict[str, Any] | None = None,  # noqa: A002
        before: RunnableConfig | None = None,
        limit: int | None = None,
    ) -> AsyncIterator[CheckpointTuple]:
        """See `list`."""
        for found in await asyncio.to_thread(self._listed, config, filter or {}, before, limit):
            yield found

    async def aput(
        self,
        config: RunnableConfig,
        checkpoint: Checkpoint,
        metadata: CheckpointMetadata,
        new_versions: ChannelVersions,
    ) -> RunnableConfig:
        """See `put`."""
        return await asyncio.to_thread(self.put, config, checkpoint, metadata, new_versions)

    async def aput_writes(
        self, config: RunnableConfig, writes: Sequence[tuple[str, Any]], task_id: str, task_path: str = ""
    ) -> None:
        """See `put_writes`."""
        await asyncio.to_thread(self.put_writes, config, writes, task_id, task_path)

    async def adelete_thread(self, thread_id: str) -> None:
        """See `delete_thread`."""
        await asyncio.to_thread(self.delete_thread, thread_id)

    async def adelete_for_runs(self, run_ids: Sequence[str]) -> None:
        """See `delete_for_runs`."""
        await asyncio.to_thread(self.delete_for_runs, run_ids)

    async def acopy_thread(self, source_thread_id: str, target_thread_id: str) -> None:
        """See `copy_thread`."""
        await asyncio.to_thread(self.copy_thread, source_thread_id, target_thread_id)

    async def aprune(self, thread_ids: Sequence[str], *, strategy: str = "keep_latest") -> None:
        """See `prune`."""
        await asyncio.to_thread(self.prune, thread_ids, strategy=strategy)

    def _listed(
        self, config: RunnableConfig | None, wanted: dict[str, Any], before: RunnableConfig | None, limit: int | None
    ) -> Tuples:
        thread, namespace, checkpoint_id = None, None, None
        if config is not None:
            thread, namespace = config["configurable"]["thread_id"], config["configurable"].get("checkpoint_ns")
            checkpoint_id = get_checkpoint_id(config)
        until = get_checkpoint_id(before) if before else None
        found = map(_tuple, self._store.list(thread, namespace, checkpoint_id=checkpoint_id, before=until))
        kept = [each for each in found if all(each.metadata.get(name) == value for name, value in wanted.items())]
        return kept[:limit]


def _place(config: RunnableConfig) -> tuple[str, str]:
    return config["configurable"]["thread_id"], config["configurable"].get("checkpoint_ns", "")


def _config(thread: str, namespace: str, checkpoint_id: str) -> RunnableConfig:
    return {"configurable": {"thread_id": thread, "checkpoint_ns": namespace, "checkpoint_id": checkpoint_id}}


def _tuple(stored: StoredCheckpoint) -> CheckpointTuple:
    parent = stored.parent_id
    return CheckpointTuple(
        config=_config(stored.thread_id, stored.namespace, stored.id),
        checkpoint=from_json(stored.body),
        metadata=from_json(stored.metadata),
        parent_config=_config(stored.thread_id, stored.namespace, parent) if parent else None,
        pending_writes=[(write.task_id, write.channel, from_json(write.value)) for write in stored.writes],
    )
