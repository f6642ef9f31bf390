"""What a learner writes or ticks is kept by itself, says so, and outlives every way of leaving."""

import re
from collections.abc import Callable

from playwright.sync_api import Browser, BrowserContext, Locator, Page, Request, expect

from tests.browser import people as places
from tests.browser.answers import AnswerBook
from tests.browser.people import People
from tests.browser.served import BrowsedSite
from tests.browser.walker import Walker

SAVED = re.compile(r"^Saved at \d\d:\d\d$")
FAILED = "This could not be saved just now."
OpenBrowser = Callable[..., BrowserContext]
Books = dict[str, AnswerBook]


class Writer(Walker):
    """Somebody at a form that is kept by itself."""

    def open(self, place: tuple[str, str]) -> "Writer":
        """Open a unit."""
        self.page.goto(self.book.step(*place).path)
        return self

    @property
    def note(self) -> Locator:
        """Return the field of the private note."""
        return self.note_of(self.book.step(*places.NOTE).of_type("reflection")[0])

    @property
    def ticked(self) -> list[str]:
        """Return what is ticked on the page, as it is sent."""
        chosen = "[...document.querySelectorAll('main form input:checked')]"
        return sorted(self.page.evaluate(f"{chosen}.map(one => one.name + one.value)"))

    def tick_of_three(self) -> list[str]:
        """Answer three questions of a paper; return what is ticked then."""
        for group in self.page.locator("fieldset:has([type=radio])").all()[:3]:
            group.get_by_role("radio").last.check()
        assert len(self.ticked) == 3
        return self.ticked


def writer(open_browser: OpenBrowser, people: People, books: Books, **settings: object) -> Writer:
    """Return Fresh at a new browser."""
    context = open_browser(storage_state=people.states["fresh"], **settings)
    return Writer(context.new_page(), books)


def posts(page: Page) -> list[Request]:
    """Return a list into which every post to a block goes."""
    heard: list[Request] = []
    page.on("request", lambda one: heard.append(one) if "/handler/" in one.url else None)
    return heard


def test_a_note_is_kept_a_moment_after_the_last_key_in_few_requests_and_says_so(
    people: People, open_browser: OpenBrowser, books: Books
) -> None:
    """A hundred keys are one post; the voice that says it is a quiet one."""
    vilma = writer(open_browser, people, books).open(places.NOTE)
    heard, words = posts(vilma.page), "She always listened to me. " * 4
    vilma.note.fill("")
    vilma.note.press_sequentially(words, delay=5)
    expect(vilma.page.get_by_role("status").filter(has_text=SAVED)).to_be_visible()
    assert len(heard) == 1
    other = writer(open_browser, people, books).open(places.NOTE)
    expect(other.note).to_have_value(words)
    expect(other.page.get_by_role("status").filter(has_text=SAVED)).to_be_visible()


def test_whoever_presses_continue_at_once_finds_the_note_again(
    people: People, open_browser: OpenBrowser, books: Books
) -> None:
    """Continue waits for the note, and then goes on."""
    vilma = writer(open_browser, people, books).open(places.NOTE)
    vilma.note.fill("Pressed at once")
    vilma.press("Continue")
    vilma.page.wait_for_url(lambda url: "one-steady-adult" not in url)
    expect(vilma.open(places.NOTE).note).to_have_value("Pressed at once")


def test_whoever_follows_a_link_or_closes_the_page_finds_the_note_again(
    people: People, open_browser: OpenBrowser, books: Books
) -> None:
    """The browser sends it while the page goes away."""
    vilma = writer(open_browser, people, books).open(places.NOTE)
    vilma.note.fill("Left by a link")
    vilma.follow("Worried about a child now")
    vilma.page.wait_for_url("**/help-now")
    vilma.page.wait_for_timeout(300)
    expect(vilma.open(places.NOTE).note).to_have_value("Left by a link")
    vilma.note.fill("Closed")
    vilma.page.close(run_before_unload=True)
    other = writer(open_browser, people, books)
    other.page.wait_for_timeout(300)
    expect(other.open(places.NOTE).note).to_have_value("Closed")


def test_a_deleted_note_does_not_come_back(
    people: People, open_browser: OpenBrowser, books: Books
) -> None:
    """What was typed just before does not overtake the button."""
    vilma = writer(open_browser, people, books).open(places.NOTE)
    vilma.note.fill("Soon gone")
    vilma.press("Save my note")
    vilma.note.fill("Soon gone, and more")
    vilma.press("Delete my note")
    expect(vilma.note).to_have_value("")
    vilma.page.wait_for_timeout(300)
    expect(vilma.open(places.NOTE).note).to_have_value("")


def test_the_ticks_of_a_half_filled_paper_outlive_another_language_another_step_and_device(
    people: People, open_browser: OpenBrowser, books: Books
) -> None:
    """Nothing is handed in by it."""
    vilma = writer(open_browser, people, books).open(places.QUIZ)
    ticked = vilma.tick_of_three()
    vilma.change_language("fi")
    assert vilma.settled() and vilma.ticked == ticked
    vilma.change_language("en")
    other = writer(open_browser, people, books).open(places.QUIZ)
    assert other.ticked == ticked
    with other.page.expect_response("**/keep"):
        other.page.locator("fieldset:has([type=radio])").nth(3).get_by_role("radio").last.check()
    vilma.open(places.NOTE)
    assert len(vilma.open(places.QUIZ).ticked) == 4
    expect(vilma.page.get_by_role("button", name="Hand in my answers")).to_be_visible()


def test_what_is_ticked_off_stays_ticked_off(
    people: People, open_browser: OpenBrowser, books: Books
) -> None:
    """Also by somebody who presses Continue at once."""
    vilma = writer(open_browser, people, books).open(places.LIST)
    boxes = vilma.ticks_of(vilma.book.step(*places.LIST).of_type("checklist")[0])
    boxes[0].check()
    vilma.press("Continue")
    vilma.page.wait_for_url(lambda url: "from-application-to-match" not in url)
    vilma.open(places.LIST)
    expect(boxes[0]).to_be_checked()


def test_what_cannot_be_saved_is_said_and_stays_on_the_page(
    people: People, browser: Browser, site: BrowsedSite, books: Books
) -> None:
    """Continue waits once; who presses it again goes on."""
    with browser.new_context(
        base_url=site.origin, storage_state=people.states["fresh"], locale="en-GB"
    ) as context:
        vilma = Writer(context.new_page(), books).open(places.NOTE)
        context.route("**/handler/**", lambda route: route.fulfill(status=503))
        vilma.note.fill("Not yet")
        vilma.press("Continue")
        said = vilma.page.get_by_role("status").filter(has_text=FAILED)
        expect(said).to_be_focused()
        expect(vilma.note).to_have_value("Not yet")
        context.unroute("**/handler/**")
        vilma.note.press("End")
        vilma.note.press_sequentially("!")
        expect(vilma.page.get_by_role("status").filter(has_text=SAVED)).to_be_visible()
        context.route("**/handler/**", lambda route: route.fulfill(status=503))
        vilma.note.press_sequentially("?")
        vilma.press("Continue")
        expect(said).to_be_focused()
        vilma.press("Continue")
        vilma.page.wait_for_url(lambda url: "one-steady-adult" not in url)


def test_without_scripts_the_page_says_which_button_keeps_what_is_new(
    people: People, open_browser: OpenBrowser, books: Books
) -> None:
    """A note has its button, and a half-filled paper has one too."""
    plain = writer(open_browser, people, books, java_script_enabled=False).open(places.NOTE)
    main = plain.page.get_by_role("main")
    assert "Press “Save my note” before you go on" in main.inner_text()
    plain.open(("a6-boundaries", "test"))
    assert "Press “Save my answers for later” before you go on" in main.inner_text()
    group = plain.page.locator("fieldset:has([type=radio])").first
    group.get_by_role("radio").last.check()
    plain.press("Save my answers for later")
    expect(plain.page.get_by_role("status").filter(has_text=SAVED)).to_be_visible()
    expect(group.get_by_role("radio").last).to_be_checked()
