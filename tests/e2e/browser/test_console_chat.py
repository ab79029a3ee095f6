"""The assistant as people use it: ask, watch, read with sources, decide what is proposed."""

import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from evals.bench.server import Server, serving
from tests.e2e.browser.conftest import HOSTILE, Opener
from tests.e2e.browser.hostile import ACCOUNT, THREAD
from tests.e2e.browser.looking import faults_of
from tests.e2e.browser.test_console_work import act_as

pytestmark = pytest.mark.browser

PATIENT = 90_000
WHO = {"en": "Who decides at Helios Process Systems?", "zh": "Helios 谁说了算？"}
LOCALE = {"en": "en-GB", "zh": "zh-CN"}


def ask(page: Page, question: str) -> None:
    """Ask, and wait until the next question can be asked."""
    turns = page.locator(".turn").count()
    field = page.locator(".composer textarea")
    field.fill(question)
    field.press("Enter")
    expect(page.locator(".turn")).to_have_count(turns + 1, timeout=PATIENT)
    expect(page.locator(".turn").last.locator(".foot")).to_be_visible(timeout=PATIENT)
    expect(field).to_be_enabled()


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_question_is_answered_by_specialists_with_their_sources_beside_it(visit: Opener, lang: str) -> None:
    console = visit("/chat", locale=LOCALE[lang])
    page = console.page
    expect(page.locator(".example")).to_have_count(4)
    console.screenshot(f"chat-empty-{lang}")
    ask(page, WHO[lang])
    assert re.search("/chat/[0-9a-f]+$", page.url)
    answer = page.locator(".answer").last
    expect(answer.locator(".who").first).to_have_text({"en": "People", "zh": "人物关系"}[lang])
    expect(answer).to_contain_text("Arjun Mendel")
    mark = answer.locator(".mark").first
    mark.click()
    panel = page.locator(".sources.open")
    expect(panel.locator(".cited").first).to_contain_text(re.compile("CRM|Correspondence|往来"))
    expect(panel.locator("dd, blockquote").first).not_to_be_empty()
    expect(panel).to_be_focused()
    console.screenshot(f"chat-sources-{lang}")
    page.keyboard.press("Escape")
    expect(panel).to_have_count(0)
    expect(mark).to_be_focused()
    page.reload()
    expect(page.locator(".answer")).to_contain_text("Arjun Mendel")
    expect(page.locator(".threads h2", has_text="Helios Process Systems GmbH").first).to_be_visible()
    expect(page.locator(".threads a[aria-current=page]")).to_have_text(WHO[lang])
    assert console.hosts <= {"127.0.0.1", "inline"}
    assert console.complaints == []


@pytest.mark.parametrize(("lang", "scheme"), [("zh", "light"), ("en", "dark")])
def test_the_assistant_is_at_home_on_a_phone(visit: Opener, lang: str, scheme: str) -> None:
    console = visit("/chat", width=390, scheme=scheme, locale=LOCALE[lang])
    page = console.page
    ask(page, WHO[lang])
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    console.screenshot(f"chat-phone-{lang}-{scheme}")
    page.locator(".mark").first.click()
    expect(page.locator(".sources.open .cited").first).to_be_visible()
    console.screenshot(f"chat-phone-sources-{lang}-{scheme}")
    page.keyboard.press("Escape")
    expect(page.locator(".sources.open")).to_have_count(0)
    threads = page.locator(".threads")
    expect(threads).to_be_hidden()
    page.locator(".unfold").click()
    expect(threads.get_by_role("link", name=WHO[lang]).first).to_be_visible()
    console.screenshot(f"chat-phone-threads-{lang}-{scheme}")
    page.keyboard.press("Escape")
    expect(threads).to_be_hidden()
    assert console.complaints == []


def test_who_asks_sees_what_comes_wherever_they_were_reading(visit: Opener) -> None:
    page = visit("/chat", width=390).page
    ask(page, "What could go wrong at Helios Process Systems?")
    page.locator(".log").evaluate("log => { log.scrollTop = -log.scrollHeight; }")
    ask(page, WHO["en"])
    expect(page.locator(".asked").last).to_be_in_viewport()


def test_enter_sends_but_neither_a_new_line_nor_the_choice_of_a_chinese_word_does(visit: Opener) -> None:
    page = visit("/chat", locale="zh-CN").page
    field = page.get_by_label("您的问题")
    expect(field).to_be_focused()
    field.press_sequentially("第一行")
    field.press("Shift+Enter")
    field.press_sequentially("kucun")
    field.dispatch_event("keydown", {"key": "Enter", "code": "Enter", "keyCode": 229, "isComposing": True})
    expect(field).to_have_value("第一行\nkucun")
    expect(page.locator(".turn")).to_have_count(0)
    field.fill("   ")
    field.press("Enter")
    expect(page.locator(".turn")).to_have_count(0)
    ask(page, "今天天气怎么样？")
    expect(page.locator(".foot .chip").last).to_contain_text("未能回答")
    expect(field).to_have_value("")
    expect(field).to_be_focused()


def test_a_write_is_a_card_that_its_proposer_withdraws_and_its_desk_decides(visit: Opener) -> None:
    console = visit("/chat")
    page = console.page
    ask(page, "Reserve 5 CM-65 for Helios Process Systems until 31 December")
    card = page.locator(".proposal")
    expect(card.locator("h3")).to_have_text(re.compile("Reserve stock"))
    expect(card.locator(".changes dt", has_text="Quantity")).to_be_visible()
    expect(card.locator(".changes del").first).to_be_visible()
    expect(card).to_contain_text("waits for supply chain: supply_chain desk")
    expect(card).to_contain_text("somebody else decides")
    expect(card.get_by_role("button", name="Approve")).to_have_count(0)
    console.screenshot("chat-proposal")
    act_as(page, "supply_chain desk")
    page.goto(page.url.split("/chat")[0] + "/chat")
    ask(page, "What waits for me?")
    mine = page.locator(".proposal", has_text="Reserve stock").last
    mine.get_by_role("button", name="Reject").click()
    expect(page.get_by_text("a rejection needs a reason")).to_be_visible()
    mine.get_by_label("Reason").fill("Held for the visit")
    console.screenshot("chat-decide")
    mine.get_by_role("button", name="Approve").click()
    expect(mine.locator(".seats .approved")).to_contain_text("supply-chain")
    # Nobody loads the page anew, or presses anything.
    expect(mine.locator("header .chip")).to_have_text("confirmed")
    expect(mine.get_by_role("button", name="Approve")).to_have_count(0)
    act_as(page, "Owner")
    page.goto(page.url.split("/chat")[0] + "/chat")
    ask(page, "Reserve 6 CM-65 for Helios Process Systems until 30 December")
    own = page.locator(".proposal")
    own.get_by_role("button", name="Withdraw").click()
    expect(own.locator("header .chip")).to_have_text("withdrawn")
    assert console.complaints == []


def test_what_is_written_at_once_shows_by_itself_that_it_was_confirmed(visit: Opener) -> None:
    console = visit("/chat", locale="zh-CN")
    page = console.page
    ask(page, "给 Helios Process Systems 建一个任务：周五前发送报价，12月11日到期")
    card = page.locator(".proposal")
    expect(card.locator("header .chip")).to_have_text("已确认")
    expect(card.get_by_role("button", name="撤回")).to_have_count(0)
    console.screenshot("chat-confirmed-zh")
    assert console.complaints == []


@pytest.mark.parametrize(
    ("locale", "question", "asked_back"),
    [("en-GB", "Katrin 的电话是多少？", "您指哪一位"), ("zh-CN", "Phone number of Katrin?", "Whom do you mean")],
)
def test_a_choice_goes_on_in_the_language_of_the_talk(
    visit: Opener, locale: str, question: str, asked_back: str
) -> None:
    # Neither the browser's language nor that of the name that is chosen.
    console = visit("/chat", locale=locale)
    page = console.page
    ask(page, question)
    expect(page.locator(".answer").last).to_contain_text(asked_back)
    console.screenshot(f"chat-choice-{locale}")
    name = page.locator(".turn").last.locator(".choice", has_text="Katrin Vandermeer").inner_text()
    page.get_by_role("button", name=name).click()
    expect(page.locator(".turn")).to_have_count(2, timeout=PATIENT)
    turn = page.locator(".turn").last
    expect(turn.locator(".foot")).to_be_visible(timeout=PATIENT)
    expect(turn.locator(".asked")).to_contain_text(name)
    expect(turn.locator(".answer")).to_contain_text(re.compile(r"\+?\d[\d ()-]{6,}"))
    chinese = re.compile("[\u4e00-\u9fff]")
    said = turn.locator(".answer .lines").first
    (expect(said).to_contain_text if asked_back == "您指哪一位" else expect(said).not_to_contain_text)(chinese)
    assert console.complaints == []


@pytest.mark.parametrize(
    ("desk", "example"),
    [("legal desk", "contracts"), ("supply_chain desk", "Does stock cover"), ("manager desk", "quiet for 60 days")],
)
def test_the_first_questions_are_those_of_the_visitors_job(visit: Opener, desk: str, example: str) -> None:
    page = visit("/chat").page
    act_as(page, desk)
    expect(page.locator(".example", has_text=example).first).to_be_visible()
    expect(page.locator(f'.groups a[href="/chat/{THREAD}"]')).to_have_count(0)


def test_a_question_about_a_customer_begins_with_that_customer(visit: Opener, served: Server) -> None:
    accounts = served.client.get("/v1/accounts").json()["accounts"]
    helios = next(each for each in accounts if each["name"].startswith("Helios Process"))
    page = visit(f"/chat?account={helios['id']}").page
    expect(page.get_by_role("heading", level=1)).to_contain_text("Helios Process Systems GmbH")
    ask(page, "When do the contracts end?")
    expect(page.locator(".answer").last).to_contain_text("TL-2025-001")
    expect(page.locator(".talk > header a")).to_contain_text("Helios Process Systems GmbH")


def test_a_conversation_is_deleted_after_asking(visit: Opener) -> None:
    page = visit("/chat").page
    ask(page, "What is the weather in Bremen?")
    line = page.locator(".groups li", has_text="weather in Bremen")
    line.hover()
    line.get_by_role("button", name="Delete this conversation").click()
    page.get_by_role("button", name="Keep").click()
    expect(line).to_be_visible()
    line.get_by_role("button", name="Delete this conversation").click()
    page.get_by_role("button", name="Delete", exact=True).click()
    expect(page.locator(".welcome")).to_be_visible(timeout=PATIENT)
    expect(page.locator(".groups li", has_text="weather in Bremen")).to_have_count(0)


@pytest.mark.parametrize(("path", "told"), [("/chat/nothing-here", "conversation"), ("/chat?account=none", "customer")])
def test_what_is_not_there_or_not_yours_is_said_so(visit: Opener, path: str, told: str) -> None:
    page = visit(path).page
    expect(page.get_by_role("heading", level=1)).to_contain_text(f"There is no such {told}")


def test_nobody_else_finds_a_conversation(visit: Opener) -> None:
    page = visit(f"/chat/{THREAD}").page
    expect(page.locator(".turn")).to_have_count(1)
    act_as(page, "manager desk")
    expect(page.get_by_role("heading", level=1)).to_contain_text("There is no such conversation")


def test_hostile_text_in_an_answer_is_shown_and_never_run(visit: Opener) -> None:
    console = visit(f"/chat/{THREAD}")
    page = console.page
    expect(page.locator(".asked p")).to_have_text(HOSTILE)
    expect(page.locator(".choice")).to_have_text(HOSTILE)
    page.locator(".mark").first.click()
    expect(page.locator(".sources .cited blockquote")).to_have_text(HOSTILE)
    page.goto(page.url.split("/chat")[0] + f"/chat?account={ACCOUNT}")
    expect(page.get_by_role("heading", level=1)).to_contain_text(HOSTILE)
    assert page.evaluate("window.stolen") is None
    assert page.locator("main img").count() == 0
    assert console.complaints == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_page_meets_the_rules_of_accessibility(visit: Opener, scheme: str) -> None:
    page = visit("/chat", width=1400, scheme=scheme).page
    expect(page.locator(".example")).to_have_count(4)
    assert faults_of(page) == []
    page.goto(page.url.split("/chat")[0] + f"/chat/{THREAD}")
    page.locator(".mark").first.click()
    expect(page.locator(".sources.open")).to_be_visible()
    expect(page.get_by_role("log", name="Conversation")).to_be_visible()
    assert faults_of(page) == []


@pytest.fixture(scope="module")
def slow(imported_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server whose ERP takes its time."""
    home = tmp_path_factory.mktemp("slow") / "home"
    shutil.copytree(imported_home, home)
    faults = json.dumps({"erp": {"slow": 120}})
    with serving(home, SALESHUB_SANDBOX_FAULTS=faults, SALESHUB_GATHER_TIMEOUT_S="100") as found:
        yield found


def test_an_answer_is_watched_and_stopped_and_what_was_said_stays(browser: Browser, slow: Server) -> None:
    page = browser.new_page(viewport={"width": 1280, "height": 900}, locale="en-GB")
    watching = browser.new_page(locale="en-GB")
    try:
        page.goto(f"{slow.url}/chat")
        field = page.locator(".composer textarea")
        field.fill("Who decides at Helios Process Systems, and is there enough stock for 40 CP-200?")
        field.press("Enter")
        steps = page.locator(".checks li")
        expect(steps.filter(has_text="People · done")).to_be_visible(timeout=PATIENT)
        expect(steps.filter(has_text="Stock · checking…")).to_be_visible()
        expect(field).to_be_disabled()
        expect(field).to_have_attribute("placeholder", re.compile("Esc"))
        assert faults_of(page) == []
        watching.goto(page.url)
        expect(watching.locator(".checks li")).to_have_text("Reading the question…")
        page.keyboard.press("Escape")
        answer = page.locator(".answer").last
        expect(answer.locator(".foot .chip")).to_contain_text("stopped", timeout=PATIENT)
        expect(answer).to_contain_text("Arjun Mendel")
        expect(answer.get_by_role("button", name="Try again")).to_be_visible()
        expect(field).to_be_enabled()
        expect(watching.locator(".foot .chip")).to_contain_text("stopped", timeout=PATIENT)
    finally:
        watching.close()
        page.close()
