"""What of the memory is of no use, and what is missing in it."""

from collections import Counter, defaultdict
from collections.abc import Callable
from hashlib import sha256

from core.domain.base import Frozen
from db.passages import StoredPassage
from hub.installation import Platform
from memory.junk import Junk, junk_of

DUPLICATE = "duplicate"
_SAMPLES = 3
_SHOWN = 120
_SHORT = 40


class Sample(Frozen):
    """A passage that shows what is meant; `text` is its beginning, left out for secrets."""

    passage: str
    account_id: str
    text: str | None


class Finding(Frozen):
    """How many passages are junk for one reason (`Junk`, or `duplicate`: said before, word for word, to the same
    account), and the first of them."""

    reason: str
    n: int
    samples: tuple[Sample, ...]


class MemoryAudit(Frozen):
    """The memory of a company. A passage counts for one reason only, a duplicate for nothing else.

    `junk_share` is of passages. `without_vector` are found by words alone; `without_passage` are interactions that
    nothing finds. `accounts` are those with the most junk, with its number.
    """

    interactions: int
    passages: int
    junk: int
    junk_share: float
    findings: tuple[Finding, ...]
    accounts: dict[str, int]
    without_vector: int
    without_passage: int

    @property
    def whole(self) -> bool:
        """Whether every interaction can be found; without an embedder vectors are not missed."""
        return self.without_passage == 0


def audit_memory(platform: Platform, tenant: str, *, progress: Callable[[int, int], None] | None = None) -> MemoryAudit:
    """Look at every passage of a company; `progress` hears (done, total)."""
    embedder = None if platform.embedder is None else platform.embedder.name
    found: defaultdict[str, list[Sample]] = defaultdict(list)
    counts: Counter[str] = Counter()
    accounts: Counter[str] = Counter()
    said: set[bytes] = set()
    done = without_vector = 0
    with platform.store.read() as unit:
        total = unit.passages.count(tenant)
        for batch in unit.passages.iterate(tenant):
            for item in batch:
                without_vector += embedder is not None and item.embedder != embedder
                reason = _reason(item, said)
                if reason is not None:
                    counts[reason] += 1
                    accounts[item.passage.account_id] += 1
                    if len(found[reason]) < _SAMPLES:
                        found[reason].append(_sample(item, reason))
            done += len(batch)
            if progress is not None:
                progress(done, total)
        interactions = unit.interactions.count(tenant)
        silent = unit.interactions.count_without_passages(tenant)
    junk = counts.total()
    return MemoryAudit(
        interactions=interactions,
        passages=done,
        junk=junk,
        junk_share=round(junk / done, 4) if done else 0.0,
        findings=tuple(Finding(reason=key, n=n, samples=tuple(found[key])) for key, n in counts.most_common()),
        accounts=dict(accounts.most_common(10)),
        without_vector=without_vector,
        without_passage=silent,
    )


def _reason(item: StoredPassage, said: set[bytes]) -> str | None:
    text = " ".join(item.passage.text.split())
    reason = junk_of(item.passage.text)
    if reason is None and len(text) >= _SHORT:
        # Digests, for a company may have a million passages.
        key = sha256(f"{item.passage.account_id}\0{text.casefold()}".encode()).digest()
        if key in said:
            return DUPLICATE
        said.add(key)
    return reason


def _sample(item: StoredPassage, reason: str) -> Sample:
    text = " ".join(item.passage.text.split())
    shown = None if reason == Junk.SECRET else text[:_SHOWN]
    return Sample(passage=item.passage.id, account_id=item.passage.account_id, text=shown)
