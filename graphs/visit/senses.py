"""Words that turn a sentence's meaning, in groups of like sense, in both languages."""

import re

# A wording must have a word of a group exactly when the computed sentence has one, and as many negations.
_TURNING = {
    "not": r"\b(?:no|not|nobody|never|none|nothing|without|cannot|neither|nor)\b|n['’]t\b|[不没未无非勿别]",
    "refuse": r"forbid|forbad|prohibit|refus|reject|declin|\bban|beyond policy|禁止|拒|违规|给不了|批不了|不能成交",
    "approve": r"approv|sign[- ]?off|审批|批准|批复|核准|会签",
    "must": r"\b(?:must|needs?|has to|have to|required?|requires|mandatory)\b|须|必要|应当|得先",
    "may": r"\b(?:may|might|can|could|able|allowed|permitted)\b|可以|可自行|能否|有权",
    "likely": r"likely|probabl|possibl|perhaps|\b(?:appear|seem)s?\b|\babout\b|approx|estimate"
    r"|可能|似乎|大概|推算|约[ \d]",
    "free": r"\bfree\b|in stock|from stock|available|on hand|可用|现有|现货|有空|空闲",
    "short": r"\bshort\b|shortage|lack|missing|缺|不足|不够",
    "enough": r"enough|suffic|\bcovers?\b|充足|够用|足够",
    "more": r"\bmore\b|\babove\b|beyond|exceed|higher|以上|超过|超出|高于",
    "least": r"down to|at least|lowest|minimum|最低|最少|至少|不低于",
    "most": r"up to|at most|highest|maximum|no more than|最多|上限|最高|至多|不超过",
    "earliest": r"earliest|soonest|最早|不早于",
    "before": r"\bbefore\b|prior to|ahead of|之前|以前|日 ?前|签约前|下单前",
    "after": r"\bafter\b|following|之后|以后|后方可",
    "ends": r"\bend(?:s|ed|ing)?\b|expir|ran out|runs out|到期|终止|过期",
    "left": r"\bleft\b|\bleaving\b|departed|\bgone\b|离职|离开",
    "quiet": r"silent|silence|unanswered|quiet|音讯|没有回复|未回复|没有往来",
    "supports": r"support|our side|champion|in favou?r|支持",
    "against": r"against|oppos|critical of|object|顾虑|反对|异议|保留意见|有意见",
    "won": r"\bwon\b|\bwins?\b|赢单|拿下|中标",
    "lost": r"\blost\b|\bloss|\blose|丢单|失单|输",
    "rises": r"\brais|\bris(?:e|ing|es)|increas|\bgrow|涨|上调|提高|增加",
    "falls": r"\bcut|reduc|decreas|\bdrop|\bfall|\blower(?:s|ed)?\b|降|下调|减",
    "secret": r"confidential|internal|preparation only|保密|内部",
}
# May be added for emphasis, but not lost.
_KEPT = {"only": r"\bonly\b|\bsolely\b|\balone\b|仅|只|才"}


def turned(plain: str, reworded: str) -> str | None:
    """The name of the first group on which the two sentences differ."""
    for name, pattern in {**_TURNING, **_KEPT}.items():
        before, after = (len(re.findall(pattern, text, re.IGNORECASE)) for text in (plain, reworded))
        if name == "not" and before != after:
            return name
        if bool(before) != bool(after) and (before or name in _TURNING):
            return name
    return None
