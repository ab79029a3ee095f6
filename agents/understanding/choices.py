"""The listed values of arguments, by the words that people use for them."""

import re
from typing import Any

_I = re.IGNORECASE


Table = tuple[tuple[Any, re.Pattern[str]], ...]


def _table(*rows: tuple[Any, str]) -> Table:
    return tuple((value, re.compile(pattern, _I)) for value, pattern in rows)


ROLES = _table(
    (
        "blocker",
        r"block|against us|oppos|object\b|enem|hostile|sceptic|skeptic|naysay|detract|sabotag|torpedo|resist|slows? us|say no|vote against"
        r"|stand(?:s|ing)? in our way|sink us|works? against|drags? their feet|stop us|反对|阻|卡我们|卡着|使绊子|不支持|唱反调|作梗|拦着|为难|作对",
    ),
    (
        "champion",
        r"champion|support(?:s|er|ers|ing)?\b|back(?:s|ing)? (?:us|our)|sponsor|advocat|\ball(?:y|ies)\b|on our side|in our corner|root(?:s|ing) for|likes? us"
        r"|favou?rs? us|\bcoach|friend|promot|fans?\b|speaks? (?:up )?for us|helps? us|push(?:es)? for us|fights? for us|wants? us|is for us"
        r"|支持|内线|教练|向着我们|挺我们|力挺|说话|说好话|替我们|帮我们|盟友|站(?:在)?我们|拥护|自己人",
    ),
    ("gatekeeper", r"gate ?keeper|controls? access|guard(?:s|ing)?|filters?\b|把关人|守门|把关的"),
    (
        "technical_evaluator",
        r"technical(?:ly)? (?:evaluat|judge|assess|side)|evaluat|(?:tests?|checks?|judges?|assess(?:es)?|specif(?:y|ies)) (?:our |the |it )|技术评估|技术评审|评技术"
        r"|评估(?:我们)?(?:的)?设备|懂技术|负责技术|管技术|技术把关|(?:谁|哪位).{0,4}选型",
    ),
    (
        "economic_buyer",
        r"decid|decision|final say|(?:last|final) word|calls? the shots|purse|holds? the budget|economic|pulls? the trigger|says? yes|the say\b|in charge of (?:the )?(?:budget|buying)"
        r"|sign(?:s|ature|\b)|power|releases? the money|green light|budget|win over|pays\b|controls? the budget|approval on their|\bboss\b|deci[ds]er|\bbuyer\b"
        r"|说了算|拍板|做主|作主|决策(?!小组|链|委员会|团队)|决定|话语权|定夺|一把手|话事|当家|掌权|拿主意|签字|点头|掏钱|管钱|管预算|最后.{0,2}批",
    ),
    (
        "user",
        r"\busers?\b|(?:uses?|operates?|runs?|works? with) (?:our|the|it)|will use|使用者|使用人|操作(?:我们|设备)|用(?:我们的)?(?:设备|机器|泵)",
    ),
)
INTERACTIONS = _table(
    (
        "meeting",
        r"\bmeetings?\b|\bvisits?\b|\bmet\b|\bmeet\b|minutes\b|会议|开过?.{0,3}会|的会(?!不)|会仪|纪要|见面|见过|拜访|面谈|碰面",
    ),
    ("call", r"\bcalls?\b|\bcalled\b|phone calls?|电话|通话|致电"),
    ("mail", r"\be-?mails?\b|\bmails?\b|\bwrote\b|邮件|来信|信件"),
    ("note", r"\bnotes?\b|备注|笔记"),
    ("post", r"\bposts?\b|linkedin|帖子|动态圈"),
)
SIGNALS = _table(
    (
        "objection",
        r"objection|object(?:s|ed|ing)?\b|concern|complain|reservation|hesita|worr|doubt|gripe|push ?back|dislike|against|not want to buy|异议|顾虑|疑虑|担心|担忧|不满|抱怨|犹豫|迟疑|不买|不下单",
    ),
    ("urgency", r"urgen|hurry|time pressure|pressing|how soon do they|急|紧迫|赶时间"),
    ("competitor", r"competitor|rival|竞争对手|竞品|友商"),
    (
        "need",
        r"\bneeds?\b|require|\bwish|\bwants?\b|pain point|care(?:s)? about|looking for|需求|诉求|痛点|要求|需要|想要|在意|关心|看重",
    ),
)
STATUSES = _table(
    ("lost", r"\blost\b|\blose\b|\blosing\b|丢|输"),
    ("won", r"\bwon\b|\bwin\b|赢|拿下|成交了|成交过"),
)
DEPARTMENTS = _table(
    ("legal", r"legal|lawyer|counsel|法务|法律"),
    ("finance", r"financ|controlling|treasury|credit|财务|金融"),
    ("supply_chain", r"supply ?chain|supply-chain|logistics|procurement team|供应链|物流"),
    ("management", r"management|executive|board|the boss|管理层|总经理|领导"),
    ("sales", r"sales (?:team|management|director)|销售部|销售管理"),
)
CLAUSES = _table(
    ("payment", r"pay(?:ment|ing)?\b|invoice|付款|账期|支付|付钱"),
    ("warranty", r"warrant|guarantee|质保|保修|质量保证"),
    ("liability", r"liab|责任|赔偿"),
    ("delivery", r"deliver|shipment|交付|交货|交期|发货"),
    ("renewal", r"renew|续约|续签|续期"),
    ("termination", r"terminat|notice period|cancellation|终止|解约|解除"),
    ("confidentiality", r"confiden|nda|保密"),
    ("price", r"price|pricing|价格|调价"),
)
FORMS = _table(
    ("visit", r"\bvisit(?:s|ed)?\b|\bwent to see\b|on site|拜访|走访|上门|去了"),
    ("call", r"\bcall(?:s|ed)?\b|phone|rang|spoke|\btalk(?:ed)?\b|电话|通话|致电|来电"),
    ("mail", r"\be-?mail(?:s|ed)?\b|\bmail(?:s|ed)?\b|\bwrote\b|邮件|来信"),
    ("meeting", r"\bmeeting\b|\bmet\b|会议|开会|开了会|会面|面谈|见了|聊"),
    ("note", r"\bnotes?\b|备注|笔记|记录"),
)
SAMPLES = _table(
    ("demo_unit", r"demo|loan|trial|test (?:unit|machine)|lend|borrow|样机|演示机|试用|测试机|借"),
    ("sample", r"sample|样品|样本|试样"),
)
STAGES = _table(
    ("won", r"\bwon\b|赢单|赢了|成交(?!日|期)|已赢|中标"),
    ("lost", r"\blost\b|输单|丢单|丢了|输了|黄了|失单"),
    ("negotiation", r"negotiat|谈判|商务"),
    ("proposal", r"proposal|quot(?:e|ation) stage|方案|报价"),
    ("needs_analysis", r"needs[ _]analysis|needs assessment|analysis|需求"),
    ("qualification", r"qualif|资格|验证|确认"),
    ("prospecting", r"prospect|线索|初步|潜在"),
)
EFFECTS = _table(
    ("rejected", r"reject|declin|refus|turned down|驳回|被拒|拒绝"),
    ("dead", r"\bdead\b|stuck|fail|死信|卡住|失败"),
    ("proposed", r"wait|pending|\bopen\b|still|not yet approved|待批|在等|等审批|没批|还没"),
)


def choose(table: Table, text: str) -> Any | None:
    """The first listed value that the text has a word for; the tables put the more telling first."""
    return next((value for value, pattern in table if pattern.search(text)), None)


def choose_by_place(table: Table, text: str, *, last: Any = None) -> Any | None:
    """The listed value whose word comes first in the text; `last` only when no other is there."""
    found = [
        (match.start(), place, value) for place, (value, pattern) in enumerate(table) if (match := pattern.search(text))
    ]
    return min(found, default=(0, 0, None), key=lambda each: (each[2] == last, *each[:2]))[2]
