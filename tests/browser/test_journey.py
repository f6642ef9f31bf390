"""From invitation to certificate, as a person walks it, with JavaScript and without."""

import io
import re
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect
from pypdf import PdfReader

from tests.browser.answers import AnswerBook, Step
from tests.browser.served import BrowsedSite, link_in
from tests.browser.walker import NOTE, Walker

SWITCH_AT = ("a5-safety", "when-a-child-tells")
LEAVE_AT = ("a5-safety", "after-the-report")
LEFT = "Half a thought, to be gone on with tomorrow"
# Without JavaScript the person walks these and the last module; the others she has done before.
WALKED = ("a1-role", "a5-safety", "a6-boundaries")
FIRST = ("a1-role", "one-steady-adult")

OpenBrowser = Callable[..., BrowserContext]


class Journey:
    """A person, her devices, and the site."""

    def __init__(
        self,
        site: BrowsedSite,
        open_browser: OpenBrowser,
        books: dict[str, AnswerBook],
        *,
        scripted: bool,
    ) -> None:
        self.site = site
        self.open = lambda: open_browser(java_script_enabled=scripted).new_page()
        self.books = books
        self.name = f"Aino Virtanen {'Skriptinen' if scripted else 'Skriptitön'}"
        self.email = f"aino.{'with' if scripted else 'without'}@example.org"
        self.walker = Walker(self.open(), books)
        everything = tuple(dict.fromkeys(step.module for step in books["en"].steps))
        self.last_module = everything[-1]
        self.modules = everything if scripted else (*WALKED, self.last_module)

    @property
    def steps(self) -> list[int]:
        """Return which steps of the course she walks in the browser."""
        every = enumerate(self.books["en"].steps)
        return [number for number, step in every if step.module in self.modules]

    @property
    def page(self) -> Page:
        """Return the page that the person looks at now."""
        return self.walker.page

    def join(self) -> None:
        """Open the invitation, answer four questions, open the letter, press once."""
        self.page.goto(self.site.mtd("user", "invite"))
        walker = self.walker
        self.page.get_by_label("Your name").fill(self.name)
        walker.press("Join")
        expect(self.page.get_by_role("link", name="E-mail address:")).to_be_visible()
        expect(self.page.get_by_label("Your name")).to_have_value(self.name)
        self.page.get_by_label("E-mail address").fill(self.email)
        self.page.get_by_label("Language", exact=True).select_option(label="English")
        self.page.get_by_label("Country where you help").select_option(label="Finland")
        walker.press("Join")
        walker.sees_heading("Look into your mail")
        self.page.goto(link_in(self.site.post.wait_for(self.email)))
        walker.press("Go in")
        expect(self.page.get_by_role("heading", level=1)).to_have_text("Beside the child")
        self.site.run(
            "from tests.browser import seed; "
            f"seed.have_done({self.email!r}, but_for={self.modules!r})"
        )
        walker.follow("Begin", self.page.get_by_role("main"))

    def do(self, step: Step) -> None:
        """Do one unit and go on to the next."""
        walker = self.walker
        walker.stands_at(step)
        here = (step.module, step.id)
        if here == FIRST:
            self._learn_from_a_mistake(step)
        walker.do_what_is_asked(step, skip_story=here == ("a5-safety", "three-levels"))
        if here == SWITCH_AT:
            self._switch_to_finnish(step)
        walker.go_on(self._in_my_language(step))
        if step.is_last:
            self._end_of_module(step)

    def _in_my_language(self, step: Step) -> Step:
        return self.walker.book.step(step.module, step.id)

    def _learn_from_a_mistake(self, step: Step) -> None:
        check = step.of_type("check")[0]
        self.walker.go_on(step)
        reminder = f"“{step.title}” still has something to answer."
        expect(self.page.get_by_role("status").filter(has_text=reminder)).to_be_visible()
        self.page.get_by_role("link", name="Back", exact=True).click()
        self.walker.answer_check(check, right=False)

    def _switch_to_finnish(self, step: Step) -> None:
        """Change the language in the middle of a unit: the answers are still there."""
        self.walker.change_language("fi")
        mine = self._in_my_language(step)
        self.walker.stands_at(mine)
        for check in mine.of_type("check"):
            self.walker.sees_heading("Yes, that is right", self.walker.check_of(check))
        for story in mine.of_type("scenario"):
            self.walker.sees_heading("Looking back", self.walker.story_of(story))
        steps = self.walker.book.steps
        to_come = sum(number > steps.index(mine) for number in self.steps)
        done = self.walker.say(
            "%(done)s of %(total)s done", done=len(steps) - to_come, total=len(steps)
        )
        self.page.goto("/learn/beside-the-child")
        expect(self.page.get_by_role("main")).to_contain_text(done)
        self.page.goto(step.path)

    def _end_of_module(self, step: Step) -> None:
        whole = step.module == self.last_module
        said = "You have finished the course" if whole else "You have finished this module"
        self.walker.sees_one_of(said)
        main = self.walker.settled().get_by_role("main")
        more = main.get_by_role("link", name=self.walker.say("Continue"))
        if more.count():
            more.click()

    def leave_and_come_back_on_another_device(self, step: Step) -> None:
        """Stop in the middle of a unit; another browser opens at the same place."""
        self.walker.stands_at(step)
        self.walker.write_note(step.of_type("reflection")[0], LEFT)
        self.page.context.close()
        self.walker.page = self.open()
        self.page.goto("/sign-in")
        self.walker.language = "en"  # this browser has not met the person yet
        self.page.get_by_label("E-mail address").first.fill(self.email)
        self.walker.press("Mail me a link")
        self.walker.sees_heading("Look into your mail")
        self.page.goto(link_in(self.site.post.wait_for(self.email)))
        self.walker.press("Go in")
        self.walker.language = "fi"  # and now it knows her language
        self.walker.sees_heading("Welcome back")
        self.walker.follow("Continue", self.page.get_by_role("main"))
        self.walker.stands_at(step)
        expect(self.walker.note_of(step.of_type("reflection")[0])).to_have_value(LEFT)

    def find_the_note_again(self) -> None:
        """Open the first unit, now in Finnish: the private note stands as it was written."""
        step = self.walker.book.step(*FIRST)
        self.page.goto(step.path)
        expect(self.walker.note_of(step.of_type("reflection")[0])).to_have_value(NOTE)
        lists = self.walker.book.step("a1-role", "from-application-to-match")
        self.page.goto(lists.path)
        for box in self.walker.ticks_of(lists.of_type("checklist")[0]):
            expect(box).to_be_checked()

    def get_the_certificate(self) -> str:
        """Take the certificate; return the code that stands on the paper."""
        walker = self.walker
        walker.follow("Your certificate", self.page.get_by_role("main"))
        field = self.page.get_by_label(
            walker.say("Your name as it should stand on the certificate")
        )
        expect(field).to_have_value(self.name)
        walker.press("Get my certificate")
        paper = self.page.get_by_role("link", name=walker.say("Open the paper (PDF)"))
        address = paper.get_attribute("href")
        answer = self.page.context.request.get(str(address))
        assert answer.headers["content-type"] == "application/pdf"
        words = PdfReader(io.BytesIO(answer.body())).pages[0].extract_text()
        assert self.name in " ".join(words.split())
        code = re.search(r"[0-9A-Z]{5}(?:[ -][0-9A-Z]{5}){3}", words)
        assert code, words
        return code.group()

    def be_checked_by_a_stranger(self, code: str) -> None:
        """Type the code in a browser that knows nobody: valid, without a name."""
        stranger = Walker(self.open(), self.books)
        stranger.page.goto("/")
        stranger.follow("Check a certificate")
        stranger.page.get_by_label("Code on the certificate").fill(code.lower())
        stranger.press("Check")
        stranger.sees_heading("Valid")
        main = stranger.page.get_by_role("main")
        expect(main).not_to_contain_text("Virtanen")
        for name, said in (("Somebody Else", "No, this is not"), (self.name, "Yes, this")):
            stranger.page.get_by_label("Name on the paper").fill(name)
            stranger.press("Compare the name")
            expect(stranger.page.get_by_role("status").filter(has_text=said)).to_be_visible()


@pytest.mark.parametrize("scripted", [True, False], ids=["with-javascript", "without-javascript"])
def test_a_volunteer_goes_from_an_invitation_to_a_certificate_that_a_stranger_can_check(
    site: BrowsedSite, open_browser: OpenBrowser, books: dict[str, AnswerBook], scripted: bool
) -> None:
    """In English, and from the middle of module A5 on in Finnish, on two devices."""
    journey = Journey(site, open_browser, books, scripted=scripted)
    journey.join()
    for number in journey.steps:
        step = journey.walker.book.steps[number]
        if (step.module, step.id) == LEAVE_AT:
            journey.leave_and_come_back_on_another_device(step)
        journey.do(step)
    code = journey.get_the_certificate()
    journey.find_the_note_again()
    journey.be_checked_by_a_stranger(code)
