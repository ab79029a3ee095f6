"""Who signs in sees what is for their role, and is told what is not."""

import pytest
from playwright.sync_api import Page, expect

from core.identity import Role
from evals.bench.server import Server
from tests.e2e.browser.company import PASSWORD, RUN, user_of
from tests.e2e.browser.looking import require_sound
from tests.e2e.browser.signing_in import Desk
from tests.e2e.browser.windows import Visit

pytestmark = pytest.mark.browser

EVERYBODY = ["Chat", "Visits", "Accounts", "Meetings", "Inbox", "Reviews", "Effects"]
MORE = {
    Role.MANAGER: ["Boards", "Admin"],
    Role.COACH: ["Boards"],
    Role.ANALYST: ["Boards", "Admin"],
    Role.ADMIN: ["Boards", "Admin"],
}
PARTS = {
    Role.MANAGER: ["Models and spend"],
    Role.ANALYST: ["Models and spend", "Systems", "Work"],
    Role.ADMIN: ["People", "Regions", "API keys", "Models and spend", "Systems", "Work"],
}
ASKS_FOR_VISITS = {Role.REP, Role.COACH, Role.MANAGER, Role.ADMIN}
REVIEWS = {Role.LEGAL, Role.SUPPLY_CHAIN, Role.FINANCE}


def places(page: Page) -> list[str]:
    expect(page.locator("nav.places")).to_be_visible()
    return page.locator("nav.places a").all_inner_texts()


@pytest.mark.parametrize("role", Role)
def test_a_role_sees_what_is_for_it(desk: Desk, role: Role) -> None:
    visit = desk.as_user(user_of(role).id, "/")
    page = visit.page
    assert places(page) == EVERYBODY + MORE.get(role, [])
    expect(page.locator("nav.places [aria-current=page]")).to_have_text("Visits")
    expect(page.get_by_role("button", name="Prepare the package")).to_have_count(int(role in ASKS_FOR_VISITS))
    page.goto(f"{desk.url}/admin")
    if role in PARTS:
        assert page.locator("main.sheet nav").first.locator("a").all_inner_texts() == PARTS[role]
    else:
        expect(page.get_by_role("heading", level=1)).to_have_text("The administration is not for your role")
        expect(page.locator(".refused")).to_contain_text("ask admin desk")
        require_sound(visit, f"refused-{role}")
    page.goto(f"{desk.url}/boards")
    refused = page.get_by_role("heading", name="Boards are for managers, coaches, analysts and administrators")
    expect(refused).to_have_count(int("Boards" not in MORE.get(role, [])))
    page.goto(f"{desk.url}/visits/{RUN}")
    expect(page.locator("#risks")).to_have_count(int(role not in REVIEWS))
    proposes = page.get_by_role("button", name="Propose what follows")
    expect(proposes).to_have_count(int(role not in REVIEWS | {Role.ANALYST}))
    assert visit.complaints == []


@pytest.mark.parametrize("path", ["/admin/people", "/admin/people/rep", "/admin/keys", "/admin/regions"])
def test_what_only_administrators_do_is_refused_to_a_manager(desk: Desk, path: str) -> None:
    page = desk.as_user("manager", path).page
    expect(page.locator(".refused")).to_be_visible()
    expect(page.get_by_role("textbox")).to_have_count(0)


def test_people_sign_in_and_out_in_both_languages(desk: Desk) -> None:
    visit = desk.as_nobody("/boards?weeks=4", locale="zh-CN")
    page = visit.page
    expect(page.get_by_role("heading", level=1)).to_have_text("登录")
    require_sound(visit, "sign-in-zh")
    page.get_by_label("用户名").fill("analyst")
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录").click()
    # They land where they wanted to go.
    expect(page.get_by_role("heading", level=1)).to_have_text("看板")
    assert page.url.endswith("/boards?weeks=4")
    page.get_by_label("当前登录：analyst desk").click()
    expect(page.locator(".user .menu")).to_contain_text("分析")
    page.get_by_role("button", name="退出登录", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("登录")
    page.goto(f"{desk.url}/boards")
    expect(page.get_by_role("heading", level=1)).to_have_text("登录")


def test_a_provider_signs_in_its_people_and_whom_it_alone_knows_stays_outside(desk: Desk) -> None:
    visit = desk.as_nobody("/boards?weeks=4", locale="zh-CN")
    page = visit.page
    page.get_by_role("link", name="使用公司账号登录").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Who are you?")
    page.get_by_role("link", name="stranger").click()
    expect(page.get_by_role("alert")).to_have_text("公司账号登录未成功。请重试或联系管理员。")
    page.goto(f"{desk.url}/boards?weeks=4")
    expect(page.get_by_role("heading", level=1)).to_have_text("登录")
    page.get_by_role("link", name="使用公司账号登录").click()
    page.get_by_role("link", name="coach").click()
    # They land where they wanted to go, as themselves and with their own rights.
    expect(page.get_by_role("heading", level=1)).to_have_text("看板")
    assert page.url == f"{desk.url}/boards?weeks=4"
    visit.screenshot("provider-entered-zh")
    page.get_by_label("当前登录：coach desk").click()
    expect(page.locator(".user .menu")).to_contain_text("教练")
    page.goto(f"{desk.url}/admin")
    expect(page.locator(".refused")).to_be_visible()
    assert visit.hosts <= {"127.0.0.1", "localhost", "inline"}
    assert visit.complaints == []


def test_whom_the_provider_alone_knows_is_told_so_in_english(desk: Desk) -> None:
    visit = desk.as_nobody("/sign-in")
    visit.page.get_by_role("link", name="Sign in with your company account").click()
    visit.page.get_by_role("link", name="stranger").click()
    expect(visit.page.get_by_role("alert")).to_have_text(
        "Your company account did not sign you in. Try again, or ask an administrator."
    )
    visit.hosts.discard("localhost")
    require_sound(visit, "provider-refused-en")


def test_a_wrong_password_is_said_then_locks_and_an_administrator_unlocks(desk: Desk) -> None:
    page = desk.as_nobody("/sign-in").page

    def attempt(password: str) -> None:
        page.get_by_label("User name").fill("coach")
        page.get_by_label("Password").fill(password)
        page.get_by_role("button", name="Sign in").click()

    attempt("wrong")
    expect(page.get_by_role("alert")).to_have_text("User name and password do not fit. Try again.")
    for _ in range(5):
        attempt("wrong")
    expect(page.get_by_role("alert")).to_contain_text("Too many attempts")
    require_sound(Visit(page), "sign-in-locked")
    admin = desk.as_user("admin", "/admin/people/coach", profile="other").page
    admin.get_by_role("button", name="Unlock").click()
    expect(admin.get_by_text("Signs in with a password.")).to_be_visible()
    expect(admin.get_by_role("button", name="Unlock")).to_have_count(0)
    attempt(PASSWORD)
    expect(page.get_by_role("heading", level=1)).to_have_text("Plan a visit")


def test_a_page_left_open_does_nothing_once_its_session_has_ended(desk: Desk, closed: Server) -> None:
    page = desk.as_user("finance", f"/reviews/{RUN}-finance").page
    approve = page.get_by_role("button", name="Approve")
    expect(approve).to_be_visible()
    desk.end_sessions("finance")
    approve.click()
    page.reload()
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")
    again = desk.as_user("finance", f"/reviews/{RUN}-finance").page
    expect(again.get_by_role("button", name="Approve")).to_be_visible()
