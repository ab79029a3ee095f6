"""Finding in an account's past what answers a question: by words and by meaning, within the reader's rights."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import lru_cache

import structlog

from core.domain.interactions import Passage
from core.errors import SourceError
from core.identity import Caller
from core.ports.embedder import Embedder, Vectors
from core.ports.memory import Hit, Recollection
from core.text import split_sentences
from db.passages import StoredPassage
from db.store import Store
from memory.candidates import candidates
from memory.index import VectorIndex
from memory.passages import subject_line
from memory.ranking import fuse, in_context, level_languages, score_vectors, score_words, word_weights
from memory.words import date_words, words

# Passages whose words are remembered between questions: those of the accounts at hand, some 30 MB.
_REMEMBERED = 20_000


class Recall:
    """Recall over one store; may be used from many threads. Without an embedder it goes by words alone."""

    def __init__(self, store: Store, embedder: Embedder | None, index: VectorIndex | None = None) -> None:
        self._store = store
        self._embedder = embedder
        self._index = index
        self._words: Callable[[str, datetime], Counter[str]] = lru_cache(_REMEMBERED)(_counted)

    def find(
        self, caller: Caller, query: str, account_id: str | None, *, until: datetime | None = None, k: int = 8
    ) -> Recollection:
        """The `k` passages of the account (None: of any) that answer `query` best.

        Only what the caller may see and what was written up to `until` is read, hence counted and ranked. A passage
        without a vector of this embedder is found by its words; `embedded` of `total` says how many could be found by
        meaning (over any account: of those near enough to be ranked). An embedder or index that fails costs the
        meaning or time, never the answer.
        """
        asked = words(query)
        if account_id is None:
            meaning = self._meaning(query)
            named = (self._embedder.name, meaning) if self._embedder is not None and meaning is not None else None
            stored = candidates(self._store, self._index, caller, asked, named, until=until, k=k)
        else:
            with self._store.read() as session:
                stored = session.passages.for_account(caller, account_id, until)
            meaning = self._meaning(query) if any(map(self._vector, stored)) else None
        vectors = [self._vector(item) if meaning is not None else None for item in stored]
        embedded = sum(vector is not None for vector in vectors)
        if not stored or not query.strip():
            return Recollection((), embedded, len(stored))
        documents = [self._words(item.passage.text, item.passage.at) for item in stored]
        weights = word_weights(asked, documents)
        near = score_vectors(meaning, vectors) if meaning is not None else [None] * len(stored)
        own = fuse(score_words(weights, documents), level_languages(near, [item.lang for item in stored]))
        scores = in_context(own, [(item.passage.account_id, item.passage.at.date()) for item in stored])
        # Rows are oldest first: of equals, the newest counts most. Neighbours alone make nothing an answer.
        rows = sorted((row for row, score in enumerate(own) if score > 0), key=lambda row: (-scores[row], -row))[:k]
        best = [(stored[row].passage, scores[row]) for row in rows]
        return Recollection(self._hits(caller, best, weights), embedded, len(stored))

    def _vector(self, item: StoredPassage) -> bytes | None:
        return item.embedding if self._embedder is not None and item.embedder == self._embedder.name else None

    def _meaning(self, query: str) -> Vectors | None:
        try:
            return self._embedder.embed_query(query) if self._embedder is not None else None
        except SourceError as error:
            structlog.get_logger().warning("recall goes by words alone", reason=error.reason)
            return None

    def _hits(
        self, caller: Caller, best: Sequence[tuple[Passage, float]], weights: Mapping[str, float]
    ) -> tuple[Hit, ...]:
        openers = [passage.interaction_id for passage, _score in best if passage.seq == 0]
        with self._store.read() as session:
            subjects = session.interactions.subjects(caller.tenant, openers)
        return tuple(
            Hit(
                interaction=passage.interaction_id,
                passage=passage.id,
                score=round(score, 6),
                quote=best_sentence(_body(passage, subjects), weights),
                at=passage.at,
            )
            for passage, score in best
        )


def _counted(text: str, at: datetime) -> Counter[str]:
    """The words of a passage, those of its date included."""
    return Counter([*words(text), *date_words(at)])


def best_sentence(text: str, weights: Mapping[str, float]) -> str:
    """The sentence of `text`, verbatim, whose words weigh most; of equals the longest, of those the first."""
    sentences = split_sentences(text) or [text]
    return max(sentences, key=lambda one: (sum(weights.get(word, 0.0) for word in set(words(one))), len(one)))


def _body(passage: Passage, subjects: Mapping[str, str]) -> str:
    """The passage without the subject it may start with, so that a quote is text of the interaction itself."""
    head, line, rest = passage.text.partition("\n")
    starts_with_subject = passage.seq == 0 and head == subject_line(subjects.get(passage.interaction_id))
    return rest if line and starts_with_subject else passage.text
