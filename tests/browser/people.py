"""People who stand at different places of the course, each with a browser that remembers them."""

from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Browser, BrowserContext, expect

from tests.browser.answers import AnswerBook, Step
from tests.browser.served import BrowsedSite
from tests.browser.walker import Walker

CHECK = ("a1-role", "what-you-are")
NOTE = ("a1-role", "one-steady-adult")
LIST = ("a1-role", "from-application-to-match")
STORY = ("a6-boundaries", "money-and-touch")
QUIZ = ("a5-safety", "test")
EACH_QUIZ = ("a1-role", "test")

State = dict[str, Any]


@dataclass
class People:
    """Cookies of Busy (in the middle), Grace (with a certificate), Fresh and Carla."""

    states: dict[str, State]
    code: str
    paper: bytes


def sign_in(site: BrowsedSite, browser: Browser, name: str) -> BrowserContext:
    """Return a browser in which a person is signed in by a one-time address."""
    context = browser.new_context(base_url=site.origin, locale="en-GB")
    page = context.new_page()
    page.goto(site.doors[name])
    page.get_by_role("button", name="Go in").click()
    expect(page.get_by_role("link", name="Account", exact=True)).to_be_visible()
    return context


def bring(site: BrowsedSite, browser: Browser, book: AnswerBook) -> People:
    """Sign everybody in and let them do what they are there for."""
    books = {"en": book}
    contexts = {name: sign_in(site, browser, name) for name in site.doors}
    _stand_in_the_middle(Walker(contexts["busy"].new_page(), books))
    code, paper = _get_certificate(Walker(contexts["grace"].new_page(), books))
    states: dict[str, State] = {name: one.storage_state() for name, one in contexts.items()}  # type: ignore[misc]
    for context in contexts.values():
        context.close()
    return People(states | {"stranger": {}}, code, paper)


def _stand_in_the_middle(busy: Walker) -> None:
    """Answer a check wrong, begin a story, write a note, fail a quiz, begin another."""

    def at(place: tuple[str, str]) -> Step:
        step = busy.book.step(*place)
        busy.page.goto(step.path)
        return step

    busy.answer_check(at(CHECK).of_type("check")[0], right=False)
    busy.write_note(at(NOTE).of_type("reflection")[0])
    busy.tick(at(LIST).of_type("checklist")[0])
    busy.walk_story(at(STORY).of_type("scenario")[0], steps=2)
    busy.hand_in_quiz(at(QUIZ).of_type("quiz")[0], right=False)
    asked = at(EACH_QUIZ).of_type("quiz")[0]["fields"]["bank"]["questions"]
    busy.answer_one_of_quiz(asked, right=True)
    group = busy.page.locator("fieldset")
    busy.give_answer(group, busy.asked_in(group, asked), right=False)
    busy.press("Check my answer")


def _get_certificate(grace: Walker) -> tuple[str, bytes]:
    """Walk a story to its end, pass a quiz, and take the certificate."""
    story, quiz = grace.book.step(*STORY), grace.book.step(*QUIZ)
    grace.page.goto(story.path)
    grace.walk_story(story.of_type("scenario")[0])
    grace.page.goto(quiz.path)
    grace.hand_in_quiz(quiz.of_type("quiz")[0], right=True)
    grace.page.goto("/certificates")
    grace.press("Get my certificate")
    link = grace.page.get_by_role("link", name="Open the paper (PDF)").get_attribute("href")
    paper = grace.page.context.request.get(str(link)).body()
    return grace.page.locator("dd.code").inner_text(), paper
