"""Everything with the keyboard alone: reach it, see where one is, answer, hand in."""

from collections.abc import Callable, Iterator
from typing import Any

from playwright.sync_api import BrowserContext, Page, expect

from tests.browser import people as places
from tests.browser.answers import AnswerBook, Question, plain, question_seen, squeezed
from tests.browser.people import People

MOST_STOPS = 250
QUIZ = ("a6-boundaries", "test")
OpenBrowser = Callable[..., BrowserContext]

WHERE = """() => {
  const at = document.activeElement, field = at.closest("fieldset");
  const option = at.selectedOptions ? at.selectedOptions[0].textContent : "";
  const ring = [at, at.closest(".opt"), at.labels && at.labels[0]].filter(Boolean).some(one => {
    const style = getComputedStyle(one);
    return style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
  });
  const box = at.getBoundingClientRect();
  return {
    tag: at.tagName, type: at.type || "", words: at.labels?.[0]?.textContent ?? at.textContent,
    option, checked: at.checked === true, ring, asks: field ? field.parentElement.textContent : "",
    inMain: Boolean(at.closest("main")), seen: box.bottom > 0 && box.top < innerHeight,
  };
}"""


def stops(page: Page) -> Iterator[dict[str, Any]]:
    """Yield where the focus is after each Tab, until it leaves the page."""
    for _ in range(MOST_STOPS):
        page.keyboard.press("Tab")
        at = page.evaluate(WHERE)
        if at["tag"] == "BODY":
            return
        yield at


def test_the_first_stop_leads_over_the_header_to_the_content(
    people: People, open_browser: OpenBrowser, books: dict[str, AnswerBook]
) -> None:
    """The skip link shows itself when it is reached."""
    page = open_browser(storage_state=people.states["busy"]).new_page()
    page.goto(books["en"].step(*places.CHECK).path)
    page.keyboard.press("Tab")
    at = page.evaluate(WHERE)
    assert (at["words"], at["seen"]) == ("Skip to the content", True)
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate(WHERE)["inMain"]


def test_every_stop_of_the_keyboard_can_be_seen(
    people: People, open_browser: OpenBrowser, books: dict[str, AnswerBook]
) -> None:
    """A ring of two pixels at least, on the screen and not under anything."""
    page = open_browser(storage_state=people.states["busy"]).new_page()
    step = books["en"].step
    for path in ("/", "/account", step(*places.CHECK).path, step(*places.STORY).path):
        page.goto(path)
        found = list(stops(page))
        assert len(found) > 10
        unseen = [at["words"][:60] for at in found if not (at["ring"] and at["seen"])]
        assert not unseen, f"{path}: {unseen}"


def test_a_quiz_is_answered_and_handed_in_with_the_keyboard_alone(
    people: People, open_browser: OpenBrowser, books: dict[str, AnswerBook]
) -> None:
    """Tab to a question, arrows and space to answer, Enter to hand in."""
    page = open_browser(storage_state=people.states["fresh"]).new_page()
    step = books["en"].step(*QUIZ)
    asked = step.of_type("quiz")[0]["fields"]["bank"]["questions"]
    page.goto(step.path)
    for at in stops(page):
        if at["asks"] and at["type"] and at["tag"] != "BUTTON":
            answer(page, question_seen(at["asks"], asked), at)
        elif at["words"].strip() == "Hand in my answers":
            page.keyboard.press("Enter")
            break
    expect(page.get_by_role("heading", name="You have passed")).to_be_visible()


def test_a_line_is_moved_with_the_keyboard_and_its_new_place_is_said(
    people: People, open_browser: OpenBrowser, books: dict[str, AnswerBook]
) -> None:
    """The focus stays on the button, the list of places follows, a quiet voice says it."""
    page = open_browser(storage_state=people.states["fresh"]).new_page()
    page.goto(books["en"].step(*places.LIST).path)
    order = page.locator("[data-order]")
    second = order.locator("label").nth(1).inner_text()
    button = order.get_by_role("button", name=f"Move up: {second}", exact=True)
    button.press("Enter")
    expect(button).to_be_focused()
    expect(order.locator("label").first).to_have_text(second)
    expect(order.get_by_role("combobox", name=second, exact=True)).to_have_value("1")
    expect(order.locator("[aria-live]")).to_have_text(f"{second}: Its place is 1")


def answer(page: Page, asked: Question, at: dict[str, Any]) -> None:
    """Answer at the place where the focus is."""
    if at["type"] == "radio":
        page.keyboard.press("Space")
        move_until(page, right_words(asked), "words")
    elif at["type"] == "checkbox":
        if squeezed(at["words"]) in right_words(asked):
            page.keyboard.press("Space")
    elif at["tag"] == "SELECT":
        move_until(page, wanted_of(asked, at), "option")
    else:
        page.keyboard.type(asked["answer"] if "answer" in asked else asked["accept"][0])


def move_until(page: Page, wanted: set[str], part: str) -> None:
    """Press the arrow down until one of the wanted words is reached."""
    for _ in range(20):
        if squeezed(page.evaluate(WHERE)[part]) in wanted:
            return
        page.keyboard.press("ArrowDown")
    raise AssertionError(f"the arrows do not reach {wanted}")


def right_words(asked: Question) -> set[str]:
    """Return the right options of a question, squeezed."""
    return {squeezed(one["text"]) for one in asked["options"] if one.get("correct")}


def wanted_of(asked: Question, at: dict[str, Any]) -> set[str]:
    """Return what is to be chosen in a list of an ordering, matching or gap question."""
    label = squeezed(at["words"])
    if asked["type"] == "order":
        order = [squeezed(item["text"]) for item in asked["items"]]
        return {str(order.index(label) + 1)}
    if asked["type"] == "match":
        return {squeezed(one["match"]) for one in asked["pairs"] if squeezed(one["text"]) == label}
    return {squeezed(plain(dict(gap["choices"])[gap["correct"]])) for gap in asked["gaps"]}
