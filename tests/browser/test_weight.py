"""How much a first and a second page bring over the line, and what stands still until then."""

from collections.abc import Callable

from playwright.sync_api import BrowserContext, Page, Response, Route

from tests.browser import people as places
from tests.browser.answers import AnswerBook
from tests.browser.people import People

MOST_BYTES = 50 * 1024
MOST_REQUESTS = 8
OpenBrowser = Callable[..., BrowserContext]


def weigh(page: Page, path: str) -> dict[str, int]:
    """Open a page; return the bytes of each answer as they came over the line."""
    heard: list[Response] = []
    page.on("response", lambda response: heard.append(response))
    page.goto(path, wait_until="networkidle")
    sizes = [(one.url, one.request.sizes()) for one in heard if not one.from_service_worker]
    return {url: size["responseBodySize"] + size["responseHeadersSize"] for url, size in sizes}


def test_a_first_unit_page_is_light(
    people: People, open_browser: OpenBrowser, books: dict[str, AnswerBook]
) -> None:
    """With its picture, its style and its script; an empty cache."""
    for place in (places.NOTE, places.CHECK, places.STORY, places.QUIZ):
        page = open_browser(storage_state=people.states["busy"]).new_page()
        parts = weigh(page, books["en"].step(*place).path)
        assert sum(parts.values()) <= MOST_BYTES, parts
        assert len(parts) <= MOST_REQUESTS, parts


def test_a_second_unit_page_brings_only_itself(
    people: People, open_browser: OpenBrowser, books: dict[str, AnswerBook]
) -> None:
    """Style and script are in the browser's cache."""
    page = open_browser(storage_state=people.states["busy"]).new_page()
    page.goto(books["en"].step(*places.CHECK).path, wait_until="networkidle")
    parts = weigh(page, books["en"].step(*places.LIST).path)
    brought = {url: size for url, size in parts.items() if size}
    assert len(brought) <= 2, brought


def test_no_text_moves_when_a_picture_comes(
    people: People, open_browser: OpenBrowser, books: dict[str, AnswerBook]
) -> None:
    page = open_browser(storage_state=people.states["busy"]).new_page()
    held: list[Route] = []
    page.route("**/media/**", lambda route: held.append(route))
    page.goto(books["en"].step(*places.NOTE).path, wait_until="domcontentloaded")
    picture = page.locator("figure img").first
    picture.scroll_into_view_if_needed()
    before = picture.bounding_box()
    held[0].continue_()
    picture.evaluate("picture => picture.decode()")
    assert picture.bounding_box() == before
