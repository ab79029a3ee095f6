"""Vectors for what has been imported, made behind the scenes."""

from collections.abc import Callable
from threading import Event

import structlog

from core.errors import SourceError
from hub.installation import Platform
from memory.embedding import embed_missing

_ACCOUNT_S = 10.0


def fill_embeddings(
    platform: Platform,
    *,
    account: tuple[str, str] | None = None,
    progress: Callable[[int, int], None] | None = None,
    stop: Event | None = None,
) -> int:
    """Give vectors to all passages that lack one and bring the index up to them; returns how many got one.

    `account`, a tenant and an account id, goes first. `progress` hears (done, total) of the tenant at hand. Without an
    embedder nothing is done; an endpoint that fails ends the round, which the next call resumes.
    """
    if platform.embedder is None:
        return 0
    with platform.store.read() as session:
        tenants = session.tenants.list()
    rounds = [account] if account else []
    done = 0
    try:
        for tenant, account_id in [*rounds, *((tenant, None) for tenant in tenants)]:
            done += embed_missing(
                platform.store, platform.embedder, tenant, account_id=account_id, progress=progress, stop=stop
            )
            if account_id is None:
                platform.index.sync(platform.store, tenant, platform.embedder.name, stop=stop)
    except SourceError as error:
        structlog.get_logger().warning("embedding stopped", reason=error.reason, detail=error.detail)
    return done


def embed_account(
    platform: Platform, tenant: str, account_id: str, *, progress: Callable[[int, int], None] | None = None
) -> int:
    """Give vectors to one account's newest passages that lack one, for at most ten seconds; returns how many got one.

    About 22 short passages a second; a recall that follows also finds paraphrases and the other language. Without an
    embedder, or with a remote one that fails, recall goes by words and says so.
    """
    if platform.embedder is None:
        return 0
    try:
        return embed_missing(
            platform.store,
            platform.embedder,
            tenant,
            account_id=account_id,
            budget_s=_ACCOUNT_S,
            progress=progress,
        )
    except SourceError as error:
        structlog.get_logger().warning("embedding stopped", reason=error.reason, detail=error.detail)
        return 0
