"""The package as a page."""

import re
from html.parser import HTMLParser

import pytest

from core.domain.claims import Section
from core.language import Lang
from hub.rendering.html import render_html
from hub.rendering.outline import READING_ORDER
from tests.packages import build_package, without

HOSTILE = '<script>alert(1)</script><img src=x onerror=alert(1)>" onload="x\' {{ 7*7 }}'
CLOSED_BY_THEMSELVES = {"meta", "path", "circle", "br"}


class Page(HTMLParser):
    """Collects tags, ids and links, and checks that tags are closed in order."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str]] = []
        self.open: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [(name, value or "") for name, value in attrs]
        if tag not in CLOSED_BY_THEMSELVES:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in CLOSED_BY_THEMSELVES:
            assert self.open.pop() == tag

    def values(self, name: str) -> list[str]:
        return [value for key, value in self.attributes if key == name]


@pytest.mark.parametrize("lang", Lang)
def test_the_page_is_well_formed_and_each_mark_opens_a_popover_that_exists(lang: Lang) -> None:
    page = Page(render_html(build_package(lang)))
    ids = page.values("id")
    assert page.open == []
    assert len(ids) == len(set(ids))
    assert set(page.values("popovertarget")) <= set(ids)
    assert {link.removeprefix("#") for link in page.values("href")} <= set(ids)
    assert {section.value for section in READING_ORDER} <= set(ids)


@pytest.mark.parametrize("lang", Lang)
def test_the_page_asks_for_nothing_from_anywhere(lang: Lang) -> None:
    text = render_html(build_package(lang))
    page = Page(text)
    assert "script" not in page.tags
    assert not page.values("src")
    assert not re.search(r"https?://|@import|url\(", text)


def test_text_from_outside_is_inert() -> None:
    package = build_package(account=HOSTILE)
    claims = tuple(claim.model_copy(update={"text": HOSTILE}) for claim in package.claims)
    evidence = {id_: found.model_copy(update={"quote": HOSTILE}) for id_, found in package.evidence.items()}
    people = package.sections.influence_map.data
    assert people is not None
    renamed = people.model_copy(
        update={"people": tuple(person.model_copy(update={"name": HOSTILE}) for person in people.people)}
    )
    part = package.sections.influence_map.model_copy(update={"data": renamed})
    sections = package.sections.model_copy(update={"influence_map": part})
    update = {"claims": claims, "evidence": evidence, "sections": sections, "purpose": HOSTILE}
    page = Page(render_html(package.model_copy(update=update)))
    assert not {"script", "img"} & set(page.tags)
    assert not {name for name, _value in page.attributes if name.startswith("on")}


def test_a_missing_section_says_why() -> None:
    text = render_html(without(build_package(), Section.INFLUENCE_MAP, "CRM did not answer in time."))
    assert text.count("CRM did not answer in time.") == 2
    assert 'class="chip missing"' in text


def test_figures_are_written_the_way_of_the_language() -> None:
    assert "CNY 358,800" in render_html(build_package(Lang.EN))
    assert "358,800 元" in render_html(build_package(Lang.ZH))
