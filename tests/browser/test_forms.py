"""What is typed, where the focus is, and what stands over what."""

from collections.abc import Callable

from playwright.sync_api import BrowserContext, Page, expect

from tests.browser import people as places
from tests.browser.answers import AnswerBook
from tests.browser.people import People
from tests.browser.served import BrowsedSite
from tests.browser.walker import Walker

OpenBrowser = Callable[..., BrowserContext]
Books = dict[str, AnswerBook]

COVERED = """() => {
  const menu = document.querySelector("details.menu"), at = document.activeElement;
  return menu.open && !menu.contains(at);
}"""


SPACED = """() => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(`* { line-height: 1.5 !important; letter-spacing: .12em !important;
    word-spacing: .16em !important } p { margin-bottom: 2em !important }`);
  document.adoptedStyleSheets = [sheet];
  document.querySelectorAll("main details").forEach((one) => (one.open = true));
  return [...document.querySelectorAll(".sheet")].map((one) => one.scrollWidth - one.clientWidth);
}"""


def focused(page: Page) -> str:
    """Return the words at which the focus stands, when the page has settled."""
    page.wait_for_load_state()
    page.wait_for_function("document.activeElement !== document.body")
    return str(page.evaluate("document.activeElement.innerText"))


def test_what_is_typed_goes_along_into_another_language_but_for_passwords(
    site: BrowsedSite, open_browser: OpenBrowser, books: Books
) -> None:
    """On the page of an invitation, with faults and without, and at the sign-in."""
    ann = Walker(open_browser().new_page(), books)
    ann.page.goto(site.mtd("user", "invite"))
    ann.page.locator("#email").fill("ann@example")
    ann.page.locator("#country").select_option("FI")
    for code in ("fi", "en"):
        ann.change_language(code)
        expect(ann.page.locator("#email")).to_have_value("ann@example")
        expect(ann.page.locator("#country")).to_have_value("FI")
        expect(ann.page.locator("#language")).to_have_value(code)
        ann.press("Join")
        expect(ann.page.locator("#error-summary")).to_be_focused()
    ann.page.goto("/sign-in")
    ann.page.locator("summary", has_text="I have a password").click()
    ann.page.locator("#password-email").fill("ann@example.org")
    ann.page.locator("#password-password").fill("the lake is still")
    ann.change_language("fi")
    expect(ann.page.locator("#password-email")).to_have_value("ann@example.org")
    expect(ann.page.locator("#password-password")).to_have_value("")
    assert ann.page.evaluate("sessionStorage.length") == 0


def test_the_menu_of_languages_never_covers_where_the_keyboard_is(
    people: People, open_browser: OpenBrowser, books: Books
) -> None:
    """It closes when the keyboard goes on."""
    page = open_browser(
        storage_state=people.states["busy"], viewport={"width": 390, "height": 844}
    ).new_page()
    page.goto(books["en"].step(*places.CHECK).path)
    page.locator("header summary").press("Enter")
    for _ in range(20):
        page.keyboard.press("Tab")
        assert not page.evaluate(COVERED)
    assert page.evaluate("document.activeElement.closest('main') !== null")


def test_the_focus_goes_to_what_a_story_a_paper_and_a_check_page_answer(
    people: People, open_browser: OpenBrowser, books: Books
) -> None:
    """With scripts by the script, without them by the address."""
    walker = Walker(open_browser(storage_state=people.states["fresh"]).new_page(), books)
    page, step = walker.page, walker.book.step
    page.goto(step(*places.STORY).path)
    page.locator(".story input[type=radio]").first.check()
    walker.press("Go on")
    assert focused(page).startswith("You chose:")
    page.goto(f"/verify/{people.code}")
    page.locator("#name").fill("Nobody")
    walker.press("Compare the name")
    assert focused(page) == "No, this is not the name on the certificate."
    for scripts in (True, False):
        state = people.states["fresh"]
        page = open_browser(storage_state=state, java_script_enabled=scripts).new_page()
        page.goto(step(*places.QUIZ).path)
        page.get_by_role("button", name="Hand in my answers").click()
        expect(page.locator(".errors")).to_be_focused()


def test_no_table_is_cut_on_a_narrow_phone_when_its_reader_spaces_the_text(
    people: People, open_browser: OpenBrowser
) -> None:
    """With the spaces of WCAG 1.4.12."""
    state = people.states["coordinator"]
    context = open_browser(storage_state=state, viewport={"width": 320, "height": 640})
    page = context.new_page()
    for address in ("/content", "/account", "/privacy"):
        page.goto(address)
        assert page.evaluate(SPACED) == [0], address
