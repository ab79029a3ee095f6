"""The arguments of what is proposed about people: adding one, and changing one."""

import re
from dataclasses import replace

from agents.understanding.contacts import find_contact
from agents.understanding.frame import Draft, Frame
from agents.understanding.marking import SIGNS, Sign, Sort
from agents.understanding.names import Kind
from agents.understanding.records import find_account
from agents.understanding.texts import first_quote, tidy

_I = re.IGNORECASE | re.ASCII
_CAPITAL = r"[A-ZÀ-Þ][\wÀ-ɏ'.-]*"
_TITLES = r"(?:Ms|Mr|Mrs|Dr|Prof)\.?\s+"
_NAME_EN = re.compile(rf"(?:{_TITLES})?({_CAPITAL}(?:\s(?:van|von|de|der|da|di|del)?\s?{_CAPITAL}){{1,3}})")
_NAME_HAN = re.compile(
    r"(?:联系人|叫做?|名字是|姓名|新增|添加|录入|加上|加入|经理|总监|主管|主任|部长|厂长|总工|助理|专员|采购|工程师|:|,|把"
    r"|将)\s*[:,是叫]*\s*([\u3400-\u9fff]{2,4}?)(?=[,\s(]|(?:加|添|录)(?:加|到|进|入|为)|,|$|先生|女士|为|作为|是"
    r"|的)"
)
_SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林郑谢罗梁宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付傅方白邹孟熊"
    "秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤阎萧章柳季翁齐葛欧岳温骆庄殷游裴路阮施凌盛倪"
)
_CALLED_HAN = re.compile(
    rf"(?:名叫|叫做?|名字[是:]?|姓名[是:]?)\s*([{_SURNAMES}][\u3400-\u9fff]{{1,3}}?)"
    r"(?=[,;:.\s(]|$|是|担任|做|任|的|电话|邮箱|手机|职位|录|加|负责)"
)
_NOT_NAMES = re.compile(
    r"新增|添加|联系人|职位|电话|邮箱|采购|经理|总监|工程师|公司|客户|他们|我们|一个|一下|加到|录入"
)
_TITLE_HAN = re.compile(
    r"(?:职位|职务|头衔|担任|岗位)\s*(?:是|为|:|改成|改为)?\s*([\u3400-\u9fffA-Za-z ]{2,20}?)(?=[,;。\s]|$)"
)
_TITLE_WORDS = (
    r"manager|director|head|engineer|planner|officer|buyer|president|chief|lead|supervisor|specialist|technician|controller"
    r"|assistant|consultant|analyst|coordinator|purchaser|secretary|foreman|operator|owner|founder|CFO|CEO|CTO|COO|VP"
)
_NO_NAME = re.compile(
    r"^(?:add|create|new|contact|please|enter|save|register|record|put|set|can|could|there|head|the|they)\b\s*", _I
)
_TITLE_EN = re.compile(
    rf"[,(]\s*(?:the |their |our |new )*((?:[\w&-]+ ){{0,4}}(?:{_TITLE_WORDS})(?: (?:of|for) [\w& -]+?"
    rf"| [\w&-]+?)?)\s*(?=[,);:.]|$| at | as )",
    _I,
)
# "as quality manager at …", "…, plant engineer at …", 新来的设备经理叫…
_WHO_IS = re.compile(r"^(?:(?:she|he|they|who|is|are|was|works|working|as|a|an|the|our|their|now)\s+)+", _I)
_TITLE_AS = re.compile(
    rf"\b(?:as|is|works as|our new|a new|new|the new|their|be)\s+(?:the |their |our |a |an |new )*"
    rf"((?:[\w&-]+ ){{0,3}}(?:{_TITLE_WORDS})(?: (?:of|for) (?:[\w&-]+ ?){{1,3}}?)?)"
    r"\s*(?=[,);:.]|$|\s(?:at|to|for|in|with|from)\b)",
    _I,
)
_TITLE_BARE_HAN = re.compile(
    r"(?:职位|[,，\s的个位任是为做]|新来|来了|换了)((?:(?![的个位任是为做了叫])[\u3400-\u9fff]){0,6}"
    r"(?:经理|总监|工程师|主管|主任|部长|厂长|助理|专员|总裁|总工|采购员))(?=[,，。\s叫是:：]|$)"
)
_NEW_VALUE = (
    re.compile(
        r"\b(?:to|is now|has become|was promoted to|got promoted to|has been made|now works as|is now working as|now:?)"
        r"\s+(?P<value>[^,;.]+)"
        r"|(?:改为|改成|换成|更新为|更新成|变更为|升任|升为|升职为|升成|升(?!职)了?|调任|调到|转任|现在是|现任)\s*:?\s*(?P<han>[^,;。]+)",
        _I,
    ),
    re.compile(r"\b(?:is|with|became)\s+(?P<value>[^,;.]+)|:\s*(?P<han>[^,;。]+)|(?:是|为)\s*(?P<other>[^,;。]+)", _I),
)
_VALUE_LEAD = re.compile(r"(?:\b(?:to|as|into|is|now|with)|[改换变成为是任:])\s*$", _I)
_FIELDS = (
    ("email", r"e-?mail|\bmail\b|邮箱|邮件"),
    ("phone", r"phone|number|mobile|\bcell\b|电话|手机|号码"),
    ("department", r"department|部门|调到.*部"),
    ("title", r"title|position|\bjob\b|role|promot|\bhead\b|职位|职务|头衔|升|调任|岗位"),
    ("name", r"\bname\b|surname|名字|姓名|改名"),
)


def seller_of(frame: Frame) -> tuple[Sign, str] | None:
    """The one of our sellers whom a request names, as the CRM names them."""
    for sign in frame.of(Kind.SELLER):
        ids = sign.mention.ids(Kind.SELLER) if sign.mention else []
        if len(ids) == 1:
            return sign, frame.names.sellers[ids[0]].name
    return None


def create_contact(frame: Frame, draft: Draft) -> None:
    """`create_contact`."""
    find_account_of_new(frame, draft)
    mail, phone = next(iter(frame.of(Sort.MAIL)), None), next(iter(frame.of(Sort.PHONE)), None)
    draft.put("email", str(mail.value) if mail else frame.given.get("email"), *((mail,) if mail else ()))
    draft.put("phone", str(phone.value).strip() if phone else frame.given.get("phone"), *((phone,) if phone else ()))
    name = str(frame.given.get("name", "")) or _new_name(frame)
    if name:
        draft.put("name", name)
    else:
        draft.lack("name")
    title = _title(frame, name)
    draft.put("title", frame.given.get("title") or title)
    draft.used.update(sign.at for sign in frame.signs)


def find_account_of_new(frame: Frame, draft: Draft) -> None:
    """The account of somebody new, whose own name is no name of an account."""
    if frame.of(Kind.ACCOUNT) or "account" in frame.given:
        find_account(frame, draft, "account")
        return
    if frame.focus.account_id in frame.names.accounts and not _strange_company(frame):
        draft.account_id, draft.reach = frame.focus.account_id, "focus"
        draft.put("account", draft.account_id)
        return
    unknown = frame.of(Sort.UNKNOWN)
    if len(unknown) > 1:
        find_account(frame, draft, "account")
    else:
        draft.lack("account")


def _strange_company(frame: Frame) -> bool:
    return len(frame.of(Sort.UNKNOWN)) > 1


def _new_name(frame: Frame) -> str:
    companies = [(sign.start, sign.end) for sign in frame.of(Kind.ACCOUNT)]
    start, end = frame.marked.origin[frame.start], frame.marked.origin[frame.end]
    text = frame.marked.text
    blanked = "".join("," if any(a <= place < b for a, b in companies) else text[place] for place in range(start, end))
    for match in _NAME_EN.finditer(blanked):
        name = match[1]
        while (shorter := _NO_NAME.sub("", name)) != name:
            name = shorter
        if " " in name and not re.search(rf"\b(?:{_TITLE_WORDS})\b", name, _I):
            return name.strip(" .,'")
    if called := _CALLED_HAN.search(blanked):
        return called[1]
    likely = [match[1] for match in _NAME_HAN.finditer(blanked) if not _NOT_NAMES.search(match[1])]
    if likely:
        return next((name for name in likely if name[0] in _SURNAMES), likely[0])
    sign = next((each for each in frame.of(Kind.CONTACT, Sort.UNKNOWN)), None)
    return text[sign.start : sign.end] if sign else ""


def _title(frame: Frame, name: str) -> str | None:
    text = frame.text
    if match := _TITLE_HAN.search(text):
        return match[1].strip()
    rest = text.replace(name, "", 1) if name else text
    if match := _TITLE_EN.search(rest):
        return _WHO_IS.sub("", match[1]).strip()
    if match := _TITLE_AS.search(rest):
        return match[1].strip()
    match = _TITLE_BARE_HAN.search(rest)
    return match[1] if match else None


def update_contact(frame: Frame, draft: Draft) -> None:
    """`update_contact`."""
    if _is_value_unknown(frame):
        # "Change it to Chief Operating Officer": whom we spoke of is meant.
        frame = replace(frame, given={**frame.given, "contact": frame.focus.contact_id})
    person = find_contact(frame, draft, "contact")
    if "account" in frame.given:
        draft.put("account", frame.given["account"])
    elif person is not None:
        draft.account_id = frame.names.contacts[person].account_id
        draft.put("account", draft.account_id)
    mail, phone = next(iter(frame.of(Sort.MAIL)), None), next(iter(frame.of(Sort.PHONE)), None)
    if mail is not None:
        draft.put("email", str(mail.value), mail)
    if phone is not None:
        draft.put("phone", str(phone.value).strip(), phone)
    if mail is None and phone is None:
        _put_field(frame, draft)
    draft.used.update(sign.at for sign in frame.of(Kind.ACCOUNT))


def _is_value_unknown(frame: Frame) -> bool:
    """Whether the only name that nobody has stands where the new value stands."""
    strange = frame.of(Sort.UNKNOWN)
    if frame.focus.contact_id is None or frame.of(Kind.CONTACT) or not strange:
        return False
    return bool(_VALUE_LEAD.search(frame.marked.marked[frame.start : strange[0].at]))


def _put_field(frame: Frame, draft: Draft) -> None:
    wording = frame.marked.marked[frame.start : frame.end]
    field = next((name for name, pattern in _FIELDS if re.search(pattern, wording, _I)), None)
    given = {name: frame.given[name] for name, _ in _FIELDS if name in frame.given}
    for name, value in given.items():
        draft.put(name, value)
    quoted = first_quote(frame)
    value = quoted[1] if quoted else ""
    match = next((found for pattern in _NEW_VALUE if (found := pattern.search(wording))), None)
    if match is not None and not value:
        start, end = next(match.span(group) for group in match.groupdict() if match[group] is not None)
        value = tidy(frame.plain(frame.start + start, frame.start + end))
    if field is None and re.search(rf"\b(?:{_TITLE_WORDS})\b|经理|总监|主管|主任|部长|厂长|工程师|总裁", value, _I):
        field = "title"
    value = re.sub(rf"(?:了|[{SIGNS[Sort.QUOTE]}])$", "", value)
    if field and value and field not in ("email", "phone"):
        draft.put(field, value)
    elif not given:
        draft.lack(field or "title")
