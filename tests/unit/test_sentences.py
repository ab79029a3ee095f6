"""Refusals in Chinese: values are found again in the finished sentence, whatever is in them."""

from collections.abc import Mapping

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from core.errors import ForbiddenError, InvalidInputError, NotFoundError, SourceError, TooManyError
from core.language import Lang, wished_language
from prompts.errors import PromptError
from prompts.sentences import Sentence, build_sentence, load_sentences, say_refusal, translate

SENTENCES = load_sentences()
OURS = [each.english for each in SENTENCES.open]
BEGINNINGS = [each.literals[0] for each in SENTENCES.open]
# Sentences that no other begins like: whatever their value is, they are told by their beginning.
TOLD = [
    each
    for each in SENTENCES.open
    if len(each.literals) == 2
    and each.chinese[0][1:] == (0, "")
    and [other for other in BEGINNINGS if other.startswith(each.literals[0])] == [each.literals[0]]
    and not any(text.startswith(each.literals[0]) for text in SENTENCES.fixed)
]
HOSTILE = st.one_of(
    st.text(max_size=60),
    st.sampled_from([*OURS, *SENTENCES.fixed, "{0}", "{}", "{0:role}", "}{", "\n\n", "a: b. c", "%s", "’”“"]),
)


@pytest.mark.parametrize(
    ("english", "chinese"),
    [
        ("no run “r-1”", "没有拜访“r-1”"),
        ("“Acme” fits 3 accounts", "“Acme”匹配到 3 个客户"),
        ("no sales person is called “is called “x””", "没有名为“is called “x””的销售人员"),
        ("mei may not publish policy", "mei 无权发布政策表"),
        ("mei may not see this customer", "mei 无权查看此客户"),
        ("Ask somebody with one of these roles: admin, supply_chain.", "请联系具有以下角色的人员：管理员、供应链。"),
        ("the review is waiting, not open or asked", "预审状态为“未轮到”，而非“待预审或等待答复”"),
        ("Ada (Acme) (P-1) is at Acme already", "Ada (Acme)（P-1）已是Acme的联系人"),
        ("self-approval: whoever asked for it cannot decide it", "self-approval：申请人不能审批自己的申请"),
        ("expired: its time for approval is over", "expired：审批期限已过"),
        ("String should have at most 1 character", "最多 1 个字符"),
        ("String should have at most 20 characters", "最多 20 个字符"),
        ("Input should be 'en', 'de' or 'zh'", "须为 'en'、'de'或'zh'"),
        ("Value error, a line takes unit_price or discount, not both", "每行只能填 unit_price 或 discount 之一"),
        ("was refused before: x: is empty. Ask something.", "此前已被拒绝：x：不能为空。请输入问题。"),
        ("erp: down (the answer was lost)", "ERP 系统：无法连接（答复丢失）"),
        ("a sentence of somebody else", "a sentence of somebody else"),
        ("", ""),
    ],
)
def test_a_sentence_is_said_in_chinese(english: str, chinese: str) -> None:
    assert translate(english, Lang.ZH) == chinese
    assert translate(english, Lang.EN) == english


@given(st.sampled_from(TOLD), HOSTILE)
@example(TOLD[0], "\n{}")
def test_any_value_survives(sentence: Sentence, value: str) -> None:
    first, last = sentence.literals
    ((before, _, _), *after) = sentence.chinese
    said = translate(f"{first}{value}{last}", Lang.ZH)
    assert said == before + value + "".join(text for text, _, _ in after)


@given(HOSTILE, st.dictionaries(HOSTILE, st.text(), max_size=2))
def test_nothing_that_is_said_breaks_the_saying(text: str, known: Mapping[str, str]) -> None:
    for problem in (
        text,
        f"{text} ({text}) is at {text} already",
        f"“{text}” fits {text} {text}s",
        f"x: {text}. {text}",
    ):
        said = say_refusal(InvalidInputError(problem, field="x", remedy=text, in_chinese=known), Lang.ZH)
        assert isinstance(said.line, str)


def test_a_long_value_is_found_in_time_that_grows_with_it() -> None:
    value = " (" * 200_000
    assert translate(f"no run “{value}”", Lang.ZH) == f"没有拜访“{value}”"
    assert translate(f"{value} ({value}) is at {value} already", Lang.ZH).startswith(value[:100])


@pytest.mark.parametrize("text", ["a: b: c: " + "x: y. " * 2_000, "crm: down (" + "a: b. " * 2_000])
def test_a_text_of_many_sentences_that_are_not_ours_is_given_up_soon(text: str) -> None:
    assert translate(text, Lang.ZH).count(text[-12:-2]) > 100


def test_a_refusal_says_everything_in_one_language() -> None:
    error = NotFoundError("no user “mee”", field="user", remedy="Choose one from the list.", nearest=["mei", "max"])
    zh, en = say_refusal(error, Lang.ZH), say_refusal(error, Lang.EN)
    assert (zh.title, zh.field, zh.text) == ("没有找到", "user", "没有用户“mee”。请从列表中选择。")
    assert zh.line == "user：没有用户“mee”。相近的有：mei、max。请从列表中选择。"
    assert en.line == str(error)
    assert en.text == "no user “mee”. Choose one from the list."
    assert say_refusal(TooManyError("there were too many attempts", field="user", retry_after=7), Lang.ZH).text == (
        "尝试次数过多。请等待 7 秒。"
    )
    assert (
        say_refusal(SourceError("erp", "timeout"), Lang.ZH).text == "ERP 系统没有给出可用的答复：超时未答。请稍后再试。"
    )


def test_what_data_says_in_both_languages_is_said_in_theirs() -> None:
    error = ForbiddenError(
        "forbidden by max: Nobody may give more than 20%",
        field="operation",
        remedy="Ask whoever keeps the policy.",
        in_chinese={"Nobody may give more than 20%": "任何人不得给予超过20%的折扣"},
    )
    assert say_refusal(error, Lang.ZH).text == "max 不允许：任何人不得给予超过20%的折扣。请联系政策负责人。"


@pytest.mark.parametrize(
    ("english", "chinese"), [("a {} b", "{1}"), ("{}{}", "{}{}"), ("{", "x"), ("a {}", "{"), ("a", "{}")]
)
def test_a_faulty_sentence_is_refused_when_it_is_loaded(english: str, chinese: str) -> None:
    with pytest.raises(PromptError):
        build_sentence(english, chinese)


@pytest.mark.parametrize(
    ("accepted", "lang"),
    [
        ("", None),
        ("zh", Lang.ZH),
        ("zh-CN,zh;q=0.9,en;q=0.8", Lang.ZH),
        ("en;q=0.5, ZH-hant;q=0.7", Lang.ZH),
        ("de, en-GB;q=0.9, zh;q=0.1", Lang.EN),
        ("zh;q=0, en;q=0", None),
        ("zh;q=nonsense, fr", None),
        ("zhx, *", None),
        ("en, zh", Lang.EN),
    ],
)
def test_the_language_wished_for_most_is_taken(accepted: str, lang: Lang | None) -> None:
    assert wished_language(accepted) is lang
