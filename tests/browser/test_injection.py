"""What a person types stays what they typed: nothing of it ever runs, and nobody is led away."""

from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import quote, urljoin, urlsplit

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from tests.browser import people as places
from tests.browser.answers import AnswerBook
from tests.browser.people import People
from tests.browser.served import BrowsedSite
from tests.browser.walker import Walker

PAYLOADS = (Path(__file__).parent / "payloads.txt").read_text("utf-8").splitlines()
ELSEWHERE = [
    "//evil.example",
    "///evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "/\t/evil.example",
    "/\n/evil.example",
    "\t//evil.example",
    "/.//evil.example",
    "https://evil.example",
    "https:evil.example",
    "http:\\\\evil.example",
    "//evil.example/%2e%2e",
    "/@evil.example/..//evil.example",
    "http://127.0.0.1@evil.example/",
]
# Browsers leave these out of an address before they follow it, and take \\ for /.
DROPPED = str.maketrans({"\t": "", "\n": "", "\r": "", "\\": "/"})
OpenBrowser = Callable[..., BrowserContext]


@pytest.fixture
def mallory(people: People, open_browser: OpenBrowser) -> Page:
    """Return the page of a signed-in person who types what nobody should."""
    return page_of(open_browser, people, "mallory")


def page_of(open_browser: OpenBrowser, people: People, name: str) -> Page:
    """Return a page in which a script that got through would be noticed."""
    context = open_browser(storage_state=people.states[name])
    context.add_init_script("window.__xss = 0")
    return context.new_page()


def nothing_ran(page: Page) -> None:
    """Expect that no script of a payload has run; dialogs and refusals are heard by the watch."""
    assert page.evaluate("window.__xss") == 0, page.url


def packed(limit: int) -> Iterator[str]:
    """Yield the payloads, several at once where a field has room for them."""
    together = ""
    for payload in PAYLOADS:
        if together and len(together) + len(payload) >= limit:
            yield together
            together = ""
        together = f"{together} {payload}".strip()
    yield together


def test_there_are_enough_payloads() -> None:
    """At least sixty, each one once."""
    assert len(PAYLOADS) == len(set(PAYLOADS)) >= 60


def test_a_name_is_shown_as_it_was_typed(mallory: Page) -> None:
    """In the account, where it is kept."""
    mallory.goto("/account")
    for together in packed(120):
        mallory.get_by_label("Your name").fill(together)
        mallory.get_by_role("button", name="Save", exact=True).click()
        expect(mallory.get_by_role("status")).to_contain_text("Saved.")
        expect(mallory.get_by_label("Your name")).to_have_value(together)
        nothing_ran(mallory)


def test_a_name_on_a_certificate_is_shown_to_strangers_as_it_was_typed(
    mallory: Page, people: People, open_browser: OpenBrowser
) -> None:
    """On its page, on the paper, and on the check page with the full name."""
    name = "<img src=x onerror=alert(1)> #panic() $x$ {{ 7*7 }}"
    mallory.goto("/certificates")
    mallory.get_by_label("Your name as it should stand").fill(name)
    mallory.get_by_role("button", name="Get my certificate").click()
    expect(mallory.get_by_role("main")).to_contain_text(name)
    mallory.get_by_role("button", name="Show my full name").click()
    link = mallory.get_by_role("link", name="Open the paper (PDF)").get_attribute("href")
    paper = mallory.context.request.get(str(link))
    assert paper.ok and paper.body().startswith(b"%PDF")
    code = mallory.locator("dd.code").inner_text()
    stranger = page_of(open_browser, people, "stranger")
    stranger.goto(f"/verify/{code}")
    expect(stranger.get_by_role("main")).to_contain_text(name)
    nothing_ran(mallory)
    nothing_ran(stranger)


def test_a_private_note_is_shown_as_it_was_typed(
    mallory: Page, books: dict[str, AnswerBook]
) -> None:
    """All that fit into one."""
    walker = Walker(mallory, books)
    step = walker.book.step(*places.NOTE)
    mallory.goto(step.path)
    for together in packed(1000):
        walker.write_note(step.of_type("reflection")[0], together)
        nothing_ran(mallory)


def test_a_written_answer_is_shown_as_it_was_typed(
    people: People, open_browser: OpenBrowser, books: dict[str, AnswerBook]
) -> None:
    """In a quiz: handed in with the other answers missing, it comes back to be gone on with."""
    page, field = written_question(people, open_browser, books["en"])
    for together in packed(200):
        field.fill(together)
        page.get_by_role("button", name="Hand in my answers").click()
        expect(page.get_by_role("alert")).to_contain_text("Nothing is lost")
        expect(field).to_have_value(together)
        nothing_ran(page)


def written_question(
    people: People, open_browser: OpenBrowser, book: AnswerBook
) -> tuple[Page, Locator]:
    """Return a question that wants a written answer: not every paper holds one."""
    for person in ("mallory", "grace", "coordinator"):
        page = page_of(open_browser, people, person)
        for place in (("a6-boundaries", "test"), ("a5-safety", "test")):
            page.goto(book.step(*place).path)
            field = page.locator("fieldset").get_by_role("textbox").first
            if page.get_by_role("button", name="Hand in my answers").count() and field.count():
                return page, field
    raise AssertionError("no paper of these people asks for a written answer")


def test_a_code_that_is_none_is_shown_as_it_was_typed(
    people: People, open_browser: OpenBrowser
) -> None:
    """From several networks: one that misses often is asked to wait."""
    page = page_of(open_browser, people, "stranger")
    for number, payload in enumerate(PAYLOADS):
        page.context.set_extra_http_headers({"X-Forwarded-For": f"10.1.{number // 10}.1"})
        page.goto(f"/verify?code={quote(payload)}")
        nothing_ran(page)
        if "/" not in payload:
            expect(page.get_by_label("Code on the certificate")).to_have_value(payload)


def test_nobody_is_led_to_another_place_after_signing_in(
    mallory: Page, people: People, open_browser: OpenBrowser, site: BrowsedSite
) -> None:
    """With an address to go on to that is a script, or leads away; signed out and signed in."""
    stranger = page_of(open_browser, people, "stranger")
    actions = "[...document.forms].map(one => one.action)"
    for onward in PAYLOADS + ELSEWHERE:
        stranger.goto(f"/sign-in?next={quote(onward)}")
        assert all(one.startswith(site.origin) for one in stranger.evaluate(actions)), onward
        nothing_ran(stranger)
        said = mallory.request.get(f"/sign-in?next={quote(onward)}", max_redirects=0)
        leads_to = urljoin(site.origin, said.headers["location"].translate(DROPPED))
        assert leads_to.startswith(site.origin + "/"), (onward, leads_to)


@pytest.mark.parametrize("way", ["/%09/evil.example", "/%5C%5Cevil.example", "//evil.example"])
def test_the_language_menu_of_a_strange_address_leads_to_no_other_place(
    way: str, people: People, open_browser: OpenBrowser, site: BrowsedSite
) -> None:
    """The menu goes back to the page it was on, and that address may have been made up."""
    page = page_of(open_browser, people, "stranger")
    page.goto(site.origin + way)
    page.get_by_role("banner").locator("summary").click()
    with page.expect_response(lambda response: urlsplit(response.url).path == "/language") as said:
        page.get_by_role("button", name="Suomi").click()
    page.wait_for_load_state()
    assert page.url.startswith(site.origin), said.value.headers.get("location")
