"""Words by which the requests of one message hang together, or are told apart."""

import re

from agents.understanding.message import QUOTED

HARD = re.compile(r"[?!;\n]+|\.(?=\s|$)(?<!\bvs\.)(?<!\bNo\.)|\.{2,}")
SOFT = re.compile(
    r",|:(?=\s|$|[^\d/])|(?<=\s)(?:and|also|plus|then|as well as|&)(?=\s)"
    r"|以及|还有(?![\ue000-\ue0ff谁哪什多几])|另外|再(?=帮|看|查|给|建|把)|顺便|同时|然后|并且?(?=[把给帮将])"
    r"|(?<=[^\s,])\s?[和及]\s?(?=[^\s\ue000-\ue0ff])(?!我们|他们|客户|对方|咱们|法务|财务|供应链)",
    re.IGNORECASE,
)
TOLD = re.compile(
    rf"^(?!\W*(?:please )?(?:log|record|note|add|save|put|记|登记|补记|录))[^?!;\n]*?(?:wrote|writes?|says?|said"
    rf"|sent|mailed|replied|answered|texted"
    rf"|来信|来函|来邮件|写道?|发来|发了|说|回复|邮件里|留言)[^?!;\n{QUOTED}]{{0,14}}{QUOTED}[\s,.;:]*",
    re.IGNORECASE,
)
# "Log a call about the layout and remind me to send it": what follows is a command of its own.
COMMANDS = re.compile(
    r"[\s,]*(?:(?:and|then|also|plus|please|afterwards)\s)*(?:separately |finally |by the way )?"
    r"(?:log|record|set|remind|reserve|hold|create|open|add|draft|quote|update|change|request|schedule|note|mark|move|register|put|prepare)\b"
    r"|[\s,]*(?:然后|接着|另外|还有|顺便|顺带|同时|再|并|以及|此外)*(?:请|帮我|麻烦)?"
    r"(?:提醒|预留|记|建|设|把|给|申请|安排|更新|新建|登记|锁定|创建|起草|发起|补|约|让|请|叫|催|派)",
    re.IGNORECASE,
)
# What the assistant itself is to look up.
ASKS_ME = re.compile(
    r"[\s,]*(?:and|but|then|also|please|separately|finally|lastly|plus|,|\s)*"
    r"(?:tell me|show me|let me know|give me|list|check|look up|find out|pull up)\b"
    r"|[\s,]*(?:然后|接着|另外|还有|顺便|顺带|同时|再|并|以及|此外)+(?:请|帮我|麻烦)?(?:查|看|告诉|列|找)",
    re.IGNORECASE,
)
# What comes before a list of questions.
COUNTS_UP = re.compile(
    r"(?:[\ue000-\ue0ff]|two|three|four|five|several|a few|some|these|the following)"
    r" (?:things|questions|points|items|requests)\s*$"
    r"|(?:[\ue000-\ue0ff几两三四])[件个](?:事情?|问题|请求)\s*$|如下\s*$",
    re.IGNORECASE,
)
# "…, customer is Fjellkraft" says for whom the rest is asked.
NAMES_CUSTOMER = re.compile(r"[\s,]*(?:the )?(?:customer|client|account)(?: is|:)|[\s,]*客户(?:是|为|:)", re.IGNORECASE)
NEXT_STEP = re.compile(r"(?:next (?:step|action)|下一步)\s*$", re.IGNORECASE)
ADDS = re.compile(
    r"[\s,]*(?:(?:and |but )?(?:then|also|plus|besides|in addition|afterwards)\b"
    r"|(?:然后|接着|另外|还有|顺便|顺带|同时|再|以及|此外|也))",
    re.IGNORECASE,
)
ANOTHER_QUESTION = re.compile(
    r"[\s,]*and (?:who|whom|whose|what|which|how|when|where|is|are|do|does|any)\b", re.IGNORECASE
)
TO_SELF = re.compile(r"note to (?:self|myself)\s*$|备忘\s*$", re.IGNORECASE)
LINKS = re.compile(
    r"\s*(?:(?:and|also|plus|then|as well as)\b|&|以及|还有|另外|再|顺便|同时|然后|并|和|及)", re.IGNORECASE
)
OPENS = re.compile(
    r"[\s,]*(?:and |but |please |then |also |separately |finally |lastly |by the way |so )*"
    r"(?:who|whose|whom|what|which|how|when|where|is|are|do|does|can|could|will|list|show|check|give|tell|find|any)\b"
    r"|[\s,]*(?:请|帮我|麻烦|查|看|列)|.*(?:谁|什么|哪|多少|吗|几[个台家]|怎么|如何|够不够|有没有)",
    re.IGNORECASE,
)
# A command without any thing of its own.
POINTS_BACK = re.compile(
    r"(?:(?:so|and|then|please|pls|can you|could you|would you|just)[ ,]+)*(?:put|make|set|note|log|record|file|add"
    r"|enter|save|store|arrange|prepare|schedule|register|create|update|change|fix|book|get|correct|propose|raise|submit|request|write"
    r"|keep|capture|document|start|open|mark)\s(?:it|that|this|these|those|him|her|them|the (?:visit|change|deal"
    r"|contact|task|review|signing|request|amendment|record|note|reservation|reminder|opportunity|meeting|call|title|number)"
    r"|an? (?:task|deal|contact|note|reminder|opportunity|review|to-?do))\b"
    r"(?:[ ,]+(?:to|in|into|on|onto|as|for|up|down|a|an|the|our|my|new|please|thanks|now|crm|system|deal|contact"
    r"|contacts|task|record|file|list"
    r"|tasks|log|accordingly|me|off|[\ue007-\ue00d]|step|next|reminder|then|too|opportunity|it|that|so|changed|arranged|prepared))*"
    r"|(?:请|帮我|麻烦你?|帮忙|劳烦|给我)*(?:把(?:这个?|它|她|他))?(?:记|安排|改|录|建|更新|登记|准备|申请|提交|处理|备|发起|提|写|弄|加|存|补|设)"
    r"(?:个|成|到|一下|下|一笔|下来|进去|上|入|好|进|一条)*(?:任务|待办|商机|系统|联系人|提醒|访|记录|评审|变更|crm|CRM|材料)?(?:里|去|吧|了|谢谢|哈)*",
    re.IGNORECASE,
)
LEADING = re.compile(
    r"^(?:[\s,:&]|and\b|also\b|plus\b|then\b|另外|以及|还有(?!谁|哪|什|多|几)|顺便|同时|并|再(?=帮|看|查|给|建|把))+",
    re.IGNORECASE,
)
# What belongs to the request before it: "Reason: …", "… will sign".
BELONGS = re.compile(
    r"\W*(?:the )?(?:reasons?|because|grounds|signatories|signers)\b|.{0,60}\b(?:will sign|signs|signing)\b"
    r"|\W*(?:理由|原因|因为|签字人)",
    re.IGNORECASE,
)
# "They want 12 % off, who has to sign?" · "Quote them 3 SC-55, 6 % off"
ONE_QUESTION = frozenset(
    {
        ("find_approval_path", "find_people"),
        ("find_approval_path", "find_stage"),
        ("draft_quote", "find_approval_path"),
        ("find_opportunity", "find_account"),
        ("find_opportunity", "find_stage"),
        ("find_opportunity", "find_price"),
        ("list_orders", "find_stage"),
        ("find_contact", "find_account"),
        ("find_contact", "find_people"),
        ("find_visit", "find_stage"),
        ("find_visit", "prepare_visit"),
        ("find_market_moves", "find_references"),
        ("update_opportunity", "find_approval_path"),
        ("create_opportunity", "find_approval_path"),
    }
)
