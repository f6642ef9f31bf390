"""What a learner writes or ticks is kept by itself, says so, and outlives every way of leaving."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, Request, expect

from tests.browser import people as places
from tests.browser.answers import AnswerBook
from tests.browser.people import People
from tests.browser.served import BrowsedSite
from tests.browser.walker import Walker

SAVED = re.compile(r"^Saved at \d\d:\d\d$")
FAILED = "This could not be saved just now."
CHANGED = "This was changed in another window or on another device."
SIGNED_OUT = "You are signed out, so this could not be saved."
PARTS = {"order": "[data-order]", "match": ".matched", "gap": ".gaps", "short": ".plain"}
OpenBrowser = Callable[..., BrowserContext]
Books = dict[str, AnswerBook]


class Writer(Walker):
    """Somebody at a form that is kept by itself."""

    def open(self, place: tuple[str, str]) -> "Writer":
        """Open a unit."""
        self.page.goto(self.book.step(*place).path)
        return self

    def with_still_clock(self, place: tuple[str, str]) -> "Writer":
        """Open a unit in which time passes only when the test says so, however slow the keys."""
        self.page.clock.install()
        self.open(place).page.clock.pause_at(datetime.now(UTC) + timedelta(minutes=1))
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

    def finds(self, words: str) -> None:
        """Open the note until these words stand in it: what is sent on leaving arrives later."""
        for _ in range(40):
            if self.open(places.NOTE).note.input_value() == words:
                return
        expect(self.note).to_have_value(words)

    @property
    def says(self) -> Locator:
        """Return the line that says when this was saved, or why not."""
        return self.page.locator("[data-saved]").last

    @property
    def filled_in(self) -> list[str]:
        """Return what stands in the answers of the page, as it is sent."""
        fields = "[...new FormData(document.querySelector('form[data-autosave]'))]"
        said = f"{fields}.filter(([name, value]) => name[0] == 'q' && value).map(String)"
        return sorted(self.page.evaluate(said))

    @property
    def lines(self) -> list[str]:
        """Return the lines of an ordering question as they stand."""
        return self.page.locator("[data-order] label").all_text_contents()

    def open_paper_with(self, kind: str) -> None:
        """Open the first quiz whose paper asks a question of this type."""
        for step in self.book.steps:
            if step.of_type("quiz"):
                self.page.goto(step.path)
                if self.page.locator(f"form[data-autosave] {PARTS[kind]}").count():
                    return
        raise AssertionError(f"no paper asks a question of type {kind}")

    def fill_in(self, kind: str) -> None:
        """Fill in a part of the first question of this type, as a person does."""
        where = self.page.locator(PARTS[kind]).first
        if kind == "order":
            where.get_by_role("button", name="Move down:").first.click()
        elif kind == "match":
            where.get_by_role("combobox").first.select_option(index=2)
        elif kind == "gap" and where.get_by_role("combobox").count():
            where.get_by_role("combobox").first.select_option(index=1)
        else:
            where.get_by_role("textbox").first.press_sequentially("Åäö & €")

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


@contextmanager
def unwatched(
    browser: Browser, site: BrowsedSite, people: People, books: Books
) -> Iterator[Writer]:
    """Return Fresh at a browser whose console may complain of refusals and of a lost line."""
    state = people.states["fresh"]
    with browser.new_context(base_url=site.origin, storage_state=state, locale="en-GB") as context:
        yield Writer(context.new_page(), books)


def posts(page: Page) -> list[Request]:
    """Return a list into which every post to a block goes."""
    heard: list[Request] = []
    page.on("request", lambda one: heard.append(one) if "/handler/" in one.url else None)
    return heard


def test_a_note_is_kept_a_moment_after_the_last_key_in_few_requests_and_says_so(
    people: People, open_browser: OpenBrowser, books: Books
) -> None:
    """A hundred keys are one post; the voice that says it is a quiet one."""
    vilma = writer(open_browser, people, books).with_still_clock(places.NOTE)
    heard, words = posts(vilma.page), "She always listened to me. " * 4
    vilma.note.fill("")
    vilma.note.press_sequentially(words)
    assert heard == []
    vilma.page.clock.run_for(1500)
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
    vilma.finds("Left by a link")
    vilma.note.fill("Closed")
    vilma.page.close(run_before_unload=True)
    writer(open_browser, people, books).finds("Closed")


def test_a_deleted_note_does_not_come_back(
    people: People, open_browser: OpenBrowser, books: Books
) -> None:
    """What was typed just before does not overtake the button."""
    vilma = writer(open_browser, people, books).open(places.NOTE)
    vilma.note.fill("Soon gone")
    vilma.press("Save my note")
    vilma.note.fill("Soon gone, and more")
    vilma.page.locator("summary", has_text="Delete my note").click()
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
    with unwatched(browser, site, people, books) as vilma:
        context = vilma.open(places.NOTE).page.context
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


def test_an_answer_that_was_not_sent_outlives_continue_another_language_and_device(
    people: People, open_browser: OpenBrowser, books: Books
) -> None:
    """It is no answer by that, and nothing is said to it."""
    vilma = writer(open_browser, people, books).open(places.CHECK)
    boxes = vilma.page.locator(".check").get_by_role("checkbox")
    boxes.nth(0).check()
    vilma.press("Continue")
    vilma.page.wait_for_url(lambda url: "what-you-are" not in url)
    vilma.open(places.CHECK)
    ticked = vilma.ticked
    assert len(ticked) == 1
    boxes.nth(1).check()
    vilma.change_language("fi")
    assert vilma.settled() and len(vilma.ticked) == 2 and vilma.ticked > ticked
    vilma.change_language("en")
    other = writer(open_browser, people, books).open(places.CHECK)
    assert other.ticked == vilma.ticked
    expect(other.says).to_have_text(SAVED)
    expect(other.page.get_by_role("button", name="Check my answer")).to_be_visible()
    assert not other.page.locator(".check .result, .check .errors").count()


@pytest.mark.parametrize("kind", PARTS)
def test_what_is_ordered_matched_and_written_in_a_paper_saves_itself(
    people: People, open_browser: OpenBrowser, books: Books, kind: str
) -> None:
    """Lines stand on another device in the order in which they were put."""
    vilma = writer(open_browser, people, books)
    vilma.open_paper_with(kind)
    before = vilma.filled_in
    with vilma.page.expect_response("**/keep"):
        vilma.fill_in(kind)
    assert len(vilma.filled_in) > len(before)
    expect(vilma.says).to_have_text(SAVED)
    other = writer(open_browser, people, books)
    other.page.goto(vilma.page.url)
    assert (other.filled_in, other.lines) == (vilma.filled_in, vilma.lines)
    if kind == "order":
        with other.page.expect_response("**/keep"):
            other.page.get_by_role("button", name="Move up:").last.click()
        vilma.page.reload()
        assert (vilma.filled_in, vilma.lines) == (other.filled_in, other.lines)


def test_nothing_is_sent_where_nothing_changed(
    people: People, open_browser: OpenBrowser, books: Books
) -> None:
    """Neither by what was typed and taken back, nor by leaving."""
    vilma = writer(open_browser, people, books).with_still_clock(places.NOTE)
    heard, before = posts(vilma.page), vilma.note.input_value()
    vilma.note.press("End")
    vilma.note.press_sequentially("xy")
    vilma.note.press("Backspace")
    vilma.note.press("Backspace")
    vilma.page.clock.run_for(1500)
    expect(vilma.note).to_have_value(before)
    vilma.open(places.QUIZ).open(places.CHECK).open(places.NOTE)
    assert heard == []


def test_two_windows_with_one_paper_do_not_replace_each_other_unseen(
    people: People, browser: Browser, site: BrowsedSite, books: Books
) -> None:
    """The later one is told, and keeps what stands in it; loaded again it shows the other."""
    with (
        unwatched(browser, site, people, books) as phone,
        unwatched(browser, site, people, books) as desk,
    ):
        for one in (phone, desk):
            one.open(("a3-child", "test"))
        with phone.page.expect_response("**/keep"):
            phone.page.get_by_role("radio").first.check()
        with desk.page.expect_response("**/keep") as refused:
            desk.page.get_by_role("radio").last.check()
        assert refused.value.status == 409
        expect(desk.says).to_contain_text(CHANGED)
        typed = desk.ticked
        desk.page.get_by_role("banner").locator("summary").click()
        desk.page.get_by_role("banner").get_by_role("button", name="Suomi").click()
        expect(desk.says).to_be_focused()
        assert desk.ticked == typed != phone.ticked
        with phone.page.expect_response("**/keep"):
            phone.page.get_by_role("radio").nth(1).check()
        expect(phone.says).to_have_text(SAVED)
        desk.page.reload()
        assert desk.ticked == phone.ticked
        desk.tick_of_three()
        expect(desk.says).to_have_text(SAVED)


def test_of_two_windows_with_one_note_a_press_on_the_button_decides(
    people: People, browser: Browser, site: BrowsedSite, books: Books
) -> None:
    """It was told before that there is another one."""
    with (
        unwatched(browser, site, people, books) as phone,
        unwatched(browser, site, people, books) as desk,
    ):
        phone.open(places.NOTE)
        desk.open(places.NOTE)
        phone.note.fill("Written on the phone")
        expect(phone.says).to_have_text(SAVED)
        desk.note.fill("Written at the desk")
        expect(desk.says).to_contain_text(CHANGED)
        desk.press("Save my note")
        expect(desk.says).to_have_text(SAVED)
        phone.note.fill("Written on the phone again")
        expect(phone.says).to_contain_text(CHANGED)
        expect(phone.note).to_have_value("Written on the phone again")
        phone.page.reload()
        expect(phone.note).to_have_value("Written at the desk")


def test_on_a_lost_line_it_is_said_and_saved_by_itself_when_the_line_is_back(
    people: People, browser: Browser, site: BrowsedSite, books: Books
) -> None:
    """The button does not send into nothing what could not be saved."""
    with unwatched(browser, site, people, books) as vilma:
        vilma.page.clock.install()
        vilma.open(places.NOTE)
        vilma.page.context.set_offline(True)
        vilma.note.fill("Written in a tunnel")
        vilma.page.clock.run_for(1500)
        expect(vilma.says).to_contain_text(FAILED)
        vilma.press("Save my note")
        expect(vilma.says).to_be_focused()
        expect(vilma.note).to_have_value("Written in a tunnel")
        vilma.page.context.set_offline(False)
        vilma.page.clock.run_for(25_000)
        expect(vilma.says).to_have_text(SAVED)
        expect(vilma.open(places.NOTE).note).to_have_value("Written in a tunnel")


def test_whoever_was_signed_out_is_told_so_and_goes_on_after_signing_in_again(
    people: People, browser: Browser, site: BrowsedSite, books: Books
) -> None:
    """Continue tries once more: meanwhile there was another window."""
    with unwatched(browser, site, people, books) as vilma:
        vilma.open(places.NOTE)
        context = vilma.page.context
        cookies = context.cookies()
        context.clear_cookies()
        vilma.note.fill("Written too late")
        expect(vilma.says).to_contain_text(SIGNED_OUT)
        vilma.press("Continue")
        expect(vilma.says).to_be_focused()
        context.add_cookies(cookies)  # type: ignore[arg-type]
        vilma.press("Continue")
        vilma.page.wait_for_url(lambda url: "one-steady-adult" not in url)
        expect(vilma.open(places.NOTE).note).to_have_value("Written too late")


def test_what_is_too_long_to_be_kept_is_cut_before_it_is_sent_and_that_is_said(
    people: People, open_browser: OpenBrowser, books: Books
) -> None:
    """What fits is kept, also of signs that take three bytes each, and when the page is left."""
    vilma = writer(open_browser, people, books).open(places.NOTE)
    paste = "text => document.execCommand('insertText', false, text)"
    for leave in (False, True):
        vilma.note.fill("")
        vilma.note.focus()
        vilma.page.evaluate(paste, "€" * 64_000)
        expect(vilma.note).to_have_value("€" * 10_000)
        if not leave:
            expect(vilma.says).to_contain_text("what did not fit is not there")
        vilma.open(places.CHECK)
        vilma.finds("€" * 10_000)
    vilma.note.fill("Short again")
    expect(vilma.says).to_have_text(SAVED)


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
