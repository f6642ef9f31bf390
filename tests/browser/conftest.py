"""A browser, a site of its own on the shipped course, and people with a browser each."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, expect

from tests.browser import people as people_of_the_course
from tests.browser.answers import AnswerBook
from tests.browser.served import (
    HOW_TO_GET_IT,
    REQUIRED,
    BrowsedSite,
    browsed_site,
    chromium,
)
from tests.browser.watch import Watch

PATIENCE_MS = 30_000
expect.set_options(timeout=PATIENCE_MS)


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """Return the system's Chromium."""
    with chromium() as found:
        if found is None and REQUIRED:
            pytest.fail(HOW_TO_GET_IT, pytrace=False)
        if found is None:
            pytest.skip(HOW_TO_GET_IT)
        yield found


@pytest.fixture(scope="package")
def site(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[BrowsedSite]:
    """Return the running site; it is started only where there is a browser to look at it."""
    with browsed_site(tmp_path_factory.mktemp("site")) as served:
        yield served


@pytest.fixture(scope="package")
def books() -> dict[str, AnswerBook]:
    """Return the course in both languages, with what is right and what is wrong."""
    return {"en": AnswerBook("en"), "fi": AnswerBook("fi")}


@pytest.fixture(scope="package")
def people(
    site: BrowsedSite, browser: Browser, books: dict[str, AnswerBook]
) -> people_of_the_course.People:
    """Return people who stand at different places of the course."""
    return people_of_the_course.bring(site, browser, books["en"])


@pytest.fixture
def open_browser(browser: Browser, site: BrowsedSite) -> Iterator[Callable[..., BrowserContext]]:
    """Return a maker of browsers without a past; each is watched, and checked at the end."""
    made: list[tuple[BrowserContext, Watch]] = []

    def make(**settings: Any) -> BrowserContext:
        values = {"locale": "en-GB", "base_url": site.origin} | settings
        context = browser.new_context(**values)
        context.set_default_timeout(PATIENCE_MS)
        made.append((context, Watch(context, site.origin)))
        return context

    yield make
    for context, _ in made:
        context.close()
    for _, watch in made:
        watch.check()
