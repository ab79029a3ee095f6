"""How something is said: whether a write is asked for or only told of or forbidden, and whether a request is whole."""

import re

from agents.understanding.lexicon import OUTSIDE, find_ideas

# ASCII: a Chinese character beside a Latin word is no part of it.
_I = re.IGNORECASE | re.ASCII
_ASKS_PREPARATION = re.compile(
    r"prepar|\bprep\b|\bplan\b|set up|organi[sz]e|arrange|request|file|package|pack\b|brief|dossier|ready|help"
    r"|create|make|build|准备|备|安排|发起|申请|做个|材料|新建|生成|提交",
    _I,
)
_LINKING = frozenset({"instead", "same", "deadline", "last", "available", "thank", "change", "deal"})
_MOST_WORDS = 7
_VISIT = re.compile(
    r"\b(?:visit|meeting|trip|appointment|see(?:ing)?|meet(?:ing)?)\b|拜访|走访|见面|去见|开会|出差", _I
)
_PREPARES_VISIT = re.compile(
    r"\bprep(?:are)?\b.{0,30}\b(?:visit|package|pack|brief)|\b(?:visit|trip)\b.{0,20}\b(?:prepared|ready|package|pack)\b"
    r"|备访|备.{0,6}(?:材料|资料|包|料)|准备.{0,8}(?:材料|资料|拜访|包)",
    _I,
)
_RECORDS = re.compile(r"\b(?:log|record|note|register|enter|file|document)\b|记|登记|备注|录入|纪要", _I)
_MOVED_ON = re.compile(r"(?:week|month) after|following (?:week|month)|下下(?:周|个?月)|再下(?:周|个?月)|后一周", _I)
_IN_PLACE_OF = re.compile(
    r"^\W*(?:please |can you |could you )?(?:sign|countersign|approve|reject)\b.*\b(?:for me|on my behalf"
    r"|in my name|in the name of|on behalf of|as my manager)\b"
    r"|(?:替|代)(?:我|经理|老板|领导)(?:签|批|审批|通过)|(?:以|用).{1,8}(?:名义|身份)",
    _I,
)
_FORBIDDEN = re.compile(
    r"\b(?:do not|don't|dont|never|please no|no need to|not yet|hold off|without|rather not|shouldn't"
    r"|must not|mustn't)\b[^,.;]{0,24}"
    r"|^\W*(?:please |and |but |so )*stop\b|(?:先|暂时|千万)?(?:别|不要|不用|不必|无需|勿|先不|暂不|不许|禁止)(?!忘)",
    _I,
)
_FORGET = re.compile(r"(?:don't|do not|dont|never) (?:let me )?forget|别忘", _I)
_UNDO = re.compile(r"\b(?:cancel|undo|revert|withdraw|take back|retract)\b|取消|撤销|撤回|作废|收回", _I)
_ASKED_ABOUT = re.compile(
    r"^\s*(?:and |so |but |ok |hey |,)*(?:did|has|have (?:we|i|you|they|any)|had|was|were|is|are|who|when|why"
    r"|what(?! about)|which|how|does|do)\b(?!\s+(?:me|us)\b)"
    r"|(?:该|应该|要|得)(?:怎么|如何)(?!样)|(?:怎么|如何)[^,]{1,4}$|^(?:谁|为什么|为何|什么时候|何时|是谁|怎么|如何)|(?:了吗|了没有?|过吗|了么|过没有?)\s*[?？]?\s*$|(?:什么"
    r"|谁|多少|哪天|几号|怎样|哪个阶段|怎么样)\s*[?？]?\s*$|有没有(?!空)|是否|是不是|会怎么样|会怎样|会发生",
    _I,
)
_MAY = re.compile(
    r"^\s*(?:and |so |but |ok |,)*(?:should|shall|may|might|must|would it|what if|what happens|suppose|imagine"
    r"|if (?:i|we) |can (?:i|we|they|he|she)\b|could (?:i|we|they|he|she)\b|am i allowed|is it (?:ok|possible"
    r"|allowed))"
    r"|^(?:如果|假如|要是|万一|应不应该|该不该|要不要|能不能(?!帮|给|麻烦|请)|可不可以(?!帮|给|麻烦|请)|我能"
    r"|我可以|是不是该|需不需要)|(?:会怎样|怎么办|合适吗|行吗|可以吗|行不行|好不好|有必要吗)\s*$",
    _I,
)
_POLITE = re.compile(
    r"\b(?:please|pls|can you|could you|would you|will you|can we have|could we have|could i have|i want you to"
    r"|go ahead|let's|need you to)\b"
    r"|请|帮我|麻烦|帮忙|给我|劳烦|替我",
    _I,
)


def is_forbidden(wording: str) -> bool:
    """Whether what is named shall not be done, or be undone."""
    if _FORGET.search(wording):
        return False
    return bool(_FORBIDDEN.search(wording) or _UNDO.search(wording))


def is_request(wording: str) -> bool:
    """Whether a write is asked for: a command, or a question that begs for it."""
    if is_forbidden(wording):
        return False
    if _POLITE.search(wording):
        return not re.search(r"^\s*(?:what if|suppose|imagine|should i|should we)|会怎么?样|^如果|^假如", wording, _I)
    return not (_ASKED_ABOUT.search(wording) or _MAY.search(wording))


def asks_preparation(wording: str) -> bool:
    """Whether a visit is to be prepared, and not only told of."""
    return bool(_ASKS_PREPARATION.search(wording))


def prepares_visit(message: str) -> bool:
    """Whether a message says anywhere that a visit is to be prepared."""
    return bool(_PREPARES_VISIT.search(message))


def is_elliptic(wording: str) -> bool:
    """Whether a request says only what is different from the last one."""
    ideas = {idea for _, idea in find_ideas(wording)}
    words = re.findall(r"[a-z']+|[\u3400-\u9fff]", re.sub(r"[\ue000-\ue0ff]", " ", wording))
    return ideas <= _LINKING and len(words) <= _MOST_WORDS


def is_visit_told(clause: str, sentence: str) -> bool:
    """Whether a clause only tells of a visit that the sentence does not ask to prepare."""
    return bool(_VISIT.search(clause)) and not asks_preparation(sentence) and not _RECORDS.search(sentence)


def moves_on(wording: str) -> bool:
    """Whether the day of the last question is moved on: "and the week after?"."""
    return bool(_MOVED_ON.search(wording))


def is_in_place_of(wording: str) -> bool:
    """Whether it asks to sign or decide something in the place of a person."""
    return bool(_IN_PLACE_OF.search(wording))


def is_outside(wording: str) -> bool:
    """Whether a request without any record speaks of what is not our business, or of nothing that is."""
    ideas = {idea for _, idea in find_ideas(wording)}
    return bool(ideas & OUTSIDE) or not ideas - _LINKING - OUTSIDE
