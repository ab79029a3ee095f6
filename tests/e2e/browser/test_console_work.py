"""The console as those use it who decide: effects and pre-reviews."""

import re

import pytest
from playwright.sync_api import Page, expect

from evals.bench.server import Server
from tests.e2e.browser.conftest import Opener

pytestmark = pytest.mark.browser

PATIENT = 60_000


def act_as(page: Page, name: str) -> None:
    page.get_by_role("combobox", name="Acting as").click()
    with page.expect_navigation():
        page.get_by_role("option", name=name, exact=True).click()
    expect(page.get_by_role("combobox", name="Acting as")).to_have_value(name)


def finished_run(served: Server, purpose: str) -> str:
    """A visit of the demo company's Helios, whose package offers what is in stock."""
    request = {"account": "Helios", "purpose": purpose}
    accepted = served.client.post("/v1/visit-requests", json=request, headers={"Idempotency-Key": purpose})
    run: str = accepted.json()["run_id"]
    assert "over" in served.client.get(f"/v1/visit-requests/{run}/events").text
    return run


def test_a_reservation_is_proposed_from_the_package_approved_by_its_desk_and_confirmed(
    visit: Opener, served: Server
) -> None:
    console = visit(f"/visits/{finished_run(served, 'Hold stock')}")
    page = console.page
    page.get_by_role("button", name="Propose what follows").click(timeout=PATIENT)
    page.wait_for_url(re.compile("/effects"), timeout=PATIENT)
    page.get_by_role("link", name=re.compile("^Reserve stock")).first.click()
    expect(page.get_by_text("somebody else decides")).to_be_visible()
    expect(page.get_by_role("button", name="Approve")).to_have_count(0)
    act_as(page, "finance desk")
    page.get_by_label("Reason").fill("Held for the visit")
    page.get_by_role("button", name="Approve").click()
    expect(page.get_by_text("wrong-role")).to_be_visible()
    expect(page.get_by_label("Reason")).to_have_value("Held for the visit")
    act_as(page, "supply_chain desk")
    page.get_by_role("button", name="Reject").click()
    expect(page.get_by_text("a rejection needs a reason")).to_be_visible()
    page.get_by_role("button", name="Approve").click()
    expect(page.locator("td.fine")).to_contain_text("supply-chain")
    page.reload()
    console.screenshot("effect")
    assert console.hosts <= {"127.0.0.1", "inline"}
    assert console.complaints == []


def test_whoever_decides_a_change_sees_of_which_deal(visit: Opener, served: Server) -> None:
    wanted = {"operation": "update_opportunity", "args": {"account": "Helios", "deal": "expansion", "amount": 900_000}}
    effect = served.client.post("/v1/effects", json=wanted, headers={"Idempotency-Key": "of-which-deal"}).json()
    page = visit(f"/effects/{effect['id']}").page
    deal = effect["payload"]["opportunity_id"]
    expect(page.get_by_text(f"({deal})")).to_be_visible()


def test_a_department_asks_edits_and_decides_its_part(visit: Opener, served: Server) -> None:
    run = finished_run(served, "Agree on terms")
    console = visit(f"/reviews/{run}-legal")
    page = console.page
    expect(page.get_by_text("You asked for this visit")).to_be_visible()
    expect(page.get_by_role("button", name="Approve")).to_have_count(0)
    act_as(page, "finance desk")
    expect(page.get_by_role("heading", level=1)).to_have_text("This part is for another department")
    act_as(page, "legal desk")
    page.get_by_label("Reason, question or answer").fill("Which law governs the new frame?")
    page.get_by_role("button", name="Ask the requester").click()
    expect(page.locator("main.sheet")).to_contain_text("waiting for an answer")
    page.locator(".reviewed").first.get_by_role("button", name="Edit").click()
    page.get_by_label("Edit").fill("German law governs the new frame, as before.")
    page.get_by_role("button", name="Save").click()
    expect(page.locator(".reviewed").first).to_contain_text("edited by legal desk")
    page.get_by_role("button", name="Approve").click()
    expect(page.get_by_role("button", name="Approve")).to_have_count(0)
    expect(page.locator("main.sheet")).to_contain_text("approved")
    console.screenshot("review")
    assert console.complaints == []


@pytest.mark.parametrize("path", ["/effects/none", "/reviews/none"])
def test_what_does_not_exist_is_said_so(visit: Opener, path: str) -> None:
    page = visit(path).page
    expect(page.get_by_role("heading", level=1)).to_contain_text("There is no such")


@pytest.mark.parametrize("path", ["/effects", "/reviews"])
def test_the_lists_speak_chinese_and_fit_a_phone(visit: Opener, path: str) -> None:
    console = visit(path, width=390, locale="zh-CN")
    expect(console.page.locator("html")).to_have_attribute("lang", "zh-CN")
    expect(console.page.get_by_role("heading", level=1)).to_be_visible()
    console.page.get_by_role("button", name="菜单").click()
    expect(console.page.get_by_role("combobox", name="当前身份")).to_be_visible()
    expect(console.page.get_by_role("link", name="看板")).to_be_visible()
    assert console.page.evaluate("document.documentElement.scrollWidth") == 390
    console.screenshot(path.strip("/") + "-phone")
