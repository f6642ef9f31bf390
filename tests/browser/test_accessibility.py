"""Every page in four looks: no fault that axe finds, no sideways scrolling, no foreign request."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

import pytest
from flask import Flask
from playwright.sync_api import BrowserContext, Page

from mtd_learning.base.settings import Settings
from tests.browser import people as places
from tests.browser.answers import COURSE
from tests.browser.people import People
from tests.browser.served import BrowsedSite

AXE = (Path(__file__).parent / "vendor" / "axe.min.js").read_text("utf-8")
LEARN = f"/learn/{COURSE}"
LOOKS: dict[str, tuple[int, int, Literal["light", "dark"]]] = {
    "light": (1280, 900, "light"),
    "dark": (1280, 900, "dark"),
    "phone": (390, 844, "dark"),
    "narrow": (320, 640, "light"),
}
PEOPLE = ("stranger", "fresh", "busy", "grace", "coordinator")
REFUSED = ("AAAAA", "no-such-page", "nothing-that-was")
NOT_HERS = ("busy", "/content")
NO_PAGES = {  # files, data, words for machines, and an address that leads on
    "account.my_data",
    "blocks.handler",
    "blocks.kept_file",
    "blocks.media",
    "blocks.resource",
    "blocks.shared",
    "certification.paper",
    "home.healthz",
    "home.readyz",
    "learn.mine",
    "static",
}
LANGUAGES = Settings.languages
LINE_PX = 44
TWICE_AS_LARGE = 195  # what a phone of 390 px calls its width at 200 %
OpenBrowser = Callable[..., BrowserContext]


def unit(place: tuple[str, str]) -> str:
    """Return the address of a unit for a learner."""
    return "/".join((LEARN, *place))


def pages_of(people: People, join: str, door: str) -> dict[str, list[str]]:
    """Return the addresses that each person opens."""
    blocks = [places.CHECK, places.NOTE, places.LIST, places.STORY, places.QUIZ, places.EACH_QUIZ]
    return {
        "stranger": [
            "/",
            "/courses",
            f"/courses/{COURSE}",
            f"/courses/{COURSE}/a1-role/one-steady-adult",
            "/help-now",
            "/help-now?country=FI",
            "/help-now?country=PT",
            "/words",
            "/sign-in",
            "/sign-in/sent",
            door,
            join,
            "/sign-in/nothing-that-was-ever-sent",
            "/verify",
            f"/verify/{people.code}",
            "/verify/AAAAA-AAAAA-AAAAA-AAAAA",
            "/privacy",
            "/accessibility",
            "/no-such-page",
        ],
        "fresh": [LEARN, unit(places.QUIZ), unit(places.EACH_QUIZ), unit(places.STORY)],
        "busy": [
            "/",
            LEARN,
            "/account",
            "/account/leave",
            "/certificates",
            "/content",
            *(unit(place) for place in blocks),
            unit(("a5-safety", "three-levels")),
            unit(("a5-safety", "duty-to-report")),
            unit(places.CHECK) + "/paper",
            unit(places.QUIZ) + "/paper",
            unit(places.QUIZ) + "/attempts/a5-safety/1",
        ],
        "grace": [
            "/certificates",
            unit(places.STORY),
            unit(places.QUIZ),
            f"{LEARN}/done",
            f"{LEARN}/done?module=a1-role",
        ],
        "coordinator": [
            "/content",
            f"/courses/{COURSE}/trainer",
            f"/courses/{COURSE}/trainer/a5-safety",
        ],
    }


def wrong_forms(page: Page) -> Iterator[str]:
    """Send forms that cannot be right; stay on each page that answers."""
    page.goto("/sign-in")
    page.get_by_role("button", name="Mail me a link").click()
    yield "sign in with nothing"
    page.goto("/sign-in")
    page.locator("summary", has_text="I have a password").click()
    page.get_by_role("button", name="Sign in with the password").click()
    yield "password with nothing"


def looked_at(page: Page) -> Iterator[tuple[str, list[str]]]:
    """Yield the looks in which the page has faults, and these."""
    for name, (width, height, scheme) in LOOKS.items():
        page.set_viewport_size({"width": width, "height": height})
        page.emulate_media(color_scheme=scheme)
        found = faults_of(page)
        if found:
            yield name, found


def faults_of(page: Page) -> list[str]:
    """Return what axe finds and what sticks out at the side, folded and with every fold opened."""
    faults = too_wide(page)
    page.evaluate("document.querySelectorAll('main details').forEach(one => one.open = true)")
    faults += too_wide(page)
    if not page.evaluate("Boolean(window.axe)"):
        page.evaluate(AXE)
    found = page.evaluate("axe.run({resultTypes: ['violations']}).then(done => done.violations)")
    for one in found:
        for node in one["nodes"]:
            why = " ".join(node.get("failureSummary", "").split())
            faults.append(f"{one['id']}: {node['target']} {node['html'][:160]} – {why[:240]}")
    return faults


def too_wide(page: Page) -> list[str]:
    """Return by how much the page must be scrolled sideways, and because of what."""
    wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    return [f"{wide} px too wide: {sticking_out(page)}"] if wide > 0 else []


def sticking_out(page: Page) -> str:
    """Return the elements that reach over the right edge."""
    return str(
        page.evaluate(
            "[...document.body.querySelectorAll('*')]"
            ".filter(e => e.getBoundingClientRect().right > innerWidth + 1)"
            ".slice(0, 4).map(e => e.outerHTML.slice(0, 120))"
        )
    )


@pytest.fixture(scope="package")
def join(site: BrowsedSite) -> str:
    """Return the address of an invitation for a group."""
    return site.mtd("user", "invite")


@pytest.fixture(scope="package")
def door(site: BrowsedSite) -> str:
    """Return a one-time sign-in address that nobody uses."""
    return site.mtd("user", "link", "volunteer@demo.example")


def test_every_page_of_the_site_is_among_those_that_are_looked_at(
    people: People, join: str, door: str, app: Flask
) -> None:
    """A new page has to be added above, or named among the answers that are no pages."""
    addresses = app.url_map.bind("localhost")
    visited = {
        addresses.match(urlsplit(one).path)[0]
        for those in pages_of(people, join, door).values()
        for one in those
        if one != "/no-such-page"
    }
    pages = {rule.endpoint for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ())}
    assert pages - visited == NO_PAGES


@pytest.mark.parametrize("person", PEOPLE)
def test_no_page_has_a_fault_that_axe_finds_or_reaches_over_the_edge(
    person: str, people: People, join: str, door: str, open_browser: OpenBrowser
) -> None:
    """Each page in each look; the watch of the browser listens for requests and complaints."""
    faults: dict[str, list[str]] = {}
    page = open_browser(storage_state=people.states[person], reduced_motion="reduce").new_page()
    for address in pages_of(people, join, door)[person]:
        answer = page.goto(address)
        refused = any(part in address for part in REFUSED) or (person, address) == NOT_HERS
        assert answer is not None and (answer.status >= 400) == refused, (address, answer)
        faults |= {f"{person} {address} {look}": each for look, each in looked_at(page)}
    for name in wrong_forms(page) if person == "stranger" else ():
        faults |= {f"{name} {look}": each for look, each in looked_at(page)}
    assert not faults, json.dumps(faults, indent=1, ensure_ascii=False)


def test_axe_sees_a_fault_when_there_is_one(open_browser: OpenBrowser) -> None:
    """So that no fault found means that there is none."""
    page = open_browser().new_page()
    page.goto("/")
    page.evaluate("document.querySelector('h1').innerHTML = '<img src=\"/static/img/icon.svg\">'")
    page.evaluate("document.querySelector('.lead').id = 'pale'")
    page.evaluate("document.querySelector('#pale').style.color = '#eeeeee'")
    found = [fault.split(":")[0] for fault in faults_of(page)]
    assert {"image-alt", "color-contrast"} <= set(found)


@pytest.mark.parametrize("width", [320, TWICE_AS_LARGE], ids=["narrow", "letters twice as large"])
def test_no_page_in_finnish_reaches_over_the_edge_of_a_phone(
    width: int, people: People, join: str, door: str, open_browser: OpenBrowser
) -> None:
    """Finnish words are long; nothing on a page is the word None either."""
    faults: list[str] = []
    for person, addresses in pages_of(people, join, door).items():
        state = {**people.states[person]}
        cookies = [one for one in state.get("cookies", ()) if one["name"] == "mtd"]
        context = open_browser(
            storage_state={"cookies": cookies, "origins": []},
            locale="fi-FI",
            viewport={"width": width, "height": 640},
        )
        page = context.new_page()
        for address in addresses:
            page.goto(address)
            faults += [f"{address}: {fault}" for fault in too_wide(page)]
            if "None" in page.locator("body").inner_text().split("\n"):
                faults.append(f"{address} says None")
        context.close()
    assert not faults, "\n".join(faults)


def test_a_phones_menu_has_two_lines_at_most_and_one_of_them_holds_the_way_to_help(
    open_browser: OpenBrowser,
) -> None:
    """In every language: a word broken in two lines would make a third."""
    lines: dict[str, int] = {}
    for code in LANGUAGES:
        page = open_browser(locale=code, viewport={"width": 390, "height": 844}).new_page()
        page.goto("/words")
        assert page.locator("html").get_attribute("lang") == code
        lines[code] = page.locator(".nav").evaluate("it => it.offsetHeight")
        assert page.locator(".nav a").last.get_attribute("href") == "/help-now"
        page.context.close()
    assert max(lines.values()) <= 2 * LINE_PX, lines
