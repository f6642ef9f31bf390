"""Every page in four looks: no fault that axe finds, no sideways scrolling, no foreign request."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page

from tests.browser import people as places
from tests.browser.answers import COURSE
from tests.browser.people import People
from tests.browser.served import BrowsedSite

AXE = (Path(__file__).parent / "vendor" / "axe.min.js").read_text("utf-8")
LEARN = f"/learn/{COURSE}"
LOOKS: dict[str, dict[str, Any]] = {
    "light": {"viewport": {"width": 1280, "height": 900}, "color_scheme": "light"},
    "dark": {"viewport": {"width": 1280, "height": 900}, "color_scheme": "dark"},
    "phone": {"viewport": {"width": 390, "height": 844}, "color_scheme": "dark"},
    "narrow": {"viewport": {"width": 320, "height": 640}, "color_scheme": "light"},
}
OpenBrowser = Callable[..., BrowserContext]


def unit(place: tuple[str, str]) -> str:
    """Return the address of a unit for a learner."""
    return "/".join((LEARN, *place))


def pages_of(people: People, join: str) -> dict[str, list[str]]:
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
            "/certificates",
            "/content",
            *(unit(place) for place in blocks),
            unit(("a5-safety", "three-levels")),
            unit(("a5-safety", "duty-to-report")),
            unit(places.CHECK) + "/paper",
            unit(places.QUIZ) + "/paper",
            unit(places.QUIZ) + f"/attempts/{COURSE}.a5-safety.test.safety-test/1",
        ],
        "grace": [
            "/certificates",
            unit(places.STORY),
            unit(places.QUIZ),
            f"{LEARN}/done",
            f"{LEARN}/done?module=a1-role",
        ],
        "coordinator": ["/content"],
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


def faults_of(page: Page) -> list[str]:
    """Return what axe finds and what sticks out at the side, with every fold opened."""
    wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    faults = [f"{wide} px too wide: {sticking_out(page)}"] if wide > 0 else []
    page.evaluate("document.querySelectorAll('main details').forEach(one => one.open = true)")
    wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    faults += [f"{wide} px too wide when opened: {sticking_out(page)}"] if wide > 0 else []
    page.evaluate(AXE)
    found = page.evaluate("axe.run({resultTypes: ['violations']}).then(done => done.violations)")
    for one in found:
        for node in one["nodes"]:
            why = " ".join(node.get("failureSummary", "").split())
            faults.append(f"{one['id']}: {node['target']} {node['html'][:160]} – {why[:240]}")
    return faults


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


@pytest.mark.parametrize("look", LOOKS)
def test_no_page_has_a_fault_that_axe_finds_or_reaches_over_the_edge(
    look: str, people: People, join: str, open_browser: OpenBrowser
) -> None:
    """Each page once; the watch of the browser listens for foreign requests and complaints."""
    faults: dict[str, list[str]] = {}
    for person, addresses in pages_of(people, join).items():
        page = open_browser(storage_state=people.states[person], **LOOKS[look]).new_page()
        for address in addresses:
            page.goto(address)
            faults[f"{person} {address}"] = faults_of(page)
        if person == "stranger":
            for name in wrong_forms(page):
                faults[name] = faults_of(page)
        page.context.close()
    found = {name: each for name, each in faults.items() if each}
    assert not found, json.dumps(found, indent=1, ensure_ascii=False)


def test_no_page_in_finnish_reaches_over_the_edge_of_a_narrow_phone(
    people: People, join: str, open_browser: OpenBrowser
) -> None:
    """Finnish words are long; nothing on a page is the word None either."""
    faults = []
    for person, addresses in pages_of(people, join).items():
        state = {**people.states[person]}
        cookies = [one for one in state.get("cookies", ()) if one["name"] == "mtd"]
        context = open_browser(
            storage_state={"cookies": cookies, "origins": []}, locale="fi-FI", **LOOKS["narrow"]
        )
        page = context.new_page()
        for address in addresses:
            page.goto(address)
            wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
            if wide > 0:
                faults.append(f"{address} is {wide} px too wide: {sticking_out(page)}")
            if "None" in page.locator("body").inner_text().split("\n"):
                faults.append(f"{address} says None")
        context.close()
    assert not faults, "\n".join(faults)
