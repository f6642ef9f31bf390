"""A learner who reads pages as people do: by headings, labels and the words on buttons."""

import re
from collections.abc import Callable

from playwright.sync_api import Locator, Page, expect

from mtd_learning.web import i18n
from tests.browser.answers import (
    AnswerBook,
    Block,
    Question,
    Step,
    feedback_to_wrong,
    plain,
    question_seen,
    right_choices,
    squeezed,
)

NOTE = "I would have wished for somebody who comes on Thursdays. Åäö €"


class Walker:
    """One person at one browser page."""

    def __init__(self, page: Page, books: dict[str, AnswerBook], language: str = "en") -> None:
        self.page = page
        self.books = books
        self.language = language

    @property
    def book(self) -> AnswerBook:
        """Return the course in the language that the person reads now."""
        return self.books[self.language]

    def say(self, sentence: str, **values: object) -> str:
        """Return a sentence of the interface in the person's language."""
        said = i18n.translate(sentence, self.language)
        return said % values if values else said

    def settled(self) -> Page:
        """Return the page when all of it is there: what is counted must not still arrive."""
        self.page.wait_for_load_state()
        return self.page

    # What a person presses.

    def press(self, words: str, within: Locator | Page | None = None) -> None:
        """Press a button by its words."""
        (within or self.page).get_by_role("button", name=self.say(words), exact=True).click()

    def follow(self, words: str, within: Locator | Page | None = None) -> None:
        """Follow a link by its words."""
        (within or self.page).get_by_role("link", name=self.say(words)).first.click()

    def sees_heading(self, words: str, within: Locator | Page | None = None) -> None:
        """Expect a heading with these words, in the interface's language."""
        expect(self.heading(self.say(words), within)).to_be_visible()

    def sees_one_of(self, *sentences: str) -> None:
        """Expect the page's first heading to be one of these."""
        said = "|".join(re.escape(self.say(one)) for one in sentences)
        expect(self.page.get_by_role("heading", level=1)).to_have_text(re.compile(f"^({said})$"))

    def heading(self, words: str, within: Locator | Page | None = None) -> Locator:
        """Return the heading with exactly these words."""
        return (within or self.page).get_by_role("heading", name=words, exact=True)

    def stands_at(self, step: Step) -> None:
        """Expect to be at a unit, in the person's language."""
        expect(self.page.get_by_role("heading", level=1)).to_have_text(step.title)
        assert self.page.url.split("#")[0].endswith(step.path), self.page.url

    def change_language(self, code: str) -> None:
        """Choose another language in the menu at the top."""
        header = self.page.get_by_role("banner")
        header.locator("summary").click()
        header.get_by_role("button", name=i18n.name_of(code), exact=True).click()
        expect(self.page.locator("html")).to_have_attribute("lang", code)
        self.language = code

    # One unit.

    def go_on(self, step: Step) -> None:
        """Press the button at the end of a unit."""
        self.press("Finish this module" if step.is_last else "Continue")

    def do_what_is_asked(self, step: Step, *, skip_story: bool = False) -> None:
        """Do every block of a unit that can be done."""
        todo: dict[str, Callable[[Block], None]] = {
            "check": self.answer_check,
            "scenario": self.walk_story,
            "reflection": self.write_note,
            "checklist": self.tick,
            "quiz": self.take_quiz,
        }
        for block in step.blocks:
            if block["type"] not in todo:
                continue
            if block["note"] and skip_story:
                self.skip_story(block)
                continue
            if block["note"]:
                self.page.get_by_text(self.say("Open this part"), exact=True).click()
            todo[block["type"]](block)

    def skip_story(self, block: Block) -> None:
        """Leave a story closed."""
        expect(self.page.get_by_text(plain(block["note"]))).to_be_visible()
        self.press("Skip this story")
        said = "You went on without this part. It counts as done, and you may still open it."
        expect(self.page.get_by_text(self.say(said))).to_be_visible()

    def check_of(self, block: Block) -> Locator:
        """Return the part of the page that asks this question."""
        regions = self.settled().get_by_role("region", name=self.say("Check yourself"), exact=True)
        asked = block["fields"]["question"]
        for region in regions.all():
            if _beginning_is_in(region, asked):
                return region
        raise AssertionError(f"the page does not ask: {plain(asked['text'])}")

    def answer_check(self, block: Block, *, right: bool = True) -> None:
        """Answer the question between two paragraphs."""
        asked = block["fields"]["question"]
        region = self.check_of(block)
        self.give_answer(region, asked, right=right)
        again = region.get_by_role("button", name=self.say("Answer again"), exact=True)
        (again if again.count() else self._button(region, "Check my answer")).click()
        region = self.check_of(block)
        if right:
            self.sees_heading("Yes, that is right", region)
        else:
            expect(region).to_contain_text(feedback_to_wrong(asked))

    def _button(self, within: Locator | Page, words: str) -> Locator:
        return within.get_by_role("button", name=self.say(words), exact=True)

    def write_note(self, block: Block, words: str = NOTE) -> None:
        """Write for oneself."""
        self.note_of(block).fill(words)
        self._button(self.page, "Save my note").click()
        expect(self.note_of(block)).to_have_value(words)

    def note_of(self, block: Block) -> Locator:
        """Return the field of a private note."""
        name = f"{self.say('For yourself:')} {plain(block['fields']['text'])}"
        return self.page.get_by_role("textbox", name=name, exact=True)

    def tick(self, block: Block) -> None:
        """Tick every point of a list off."""
        for box in self.ticks_of(block):
            box.check()
        self._button(self.page, "Save my ticks").click()
        for box in self.ticks_of(block):
            expect(box).to_be_checked()

    def ticks_of(self, block: Block) -> list[Locator]:
        """Return the boxes of a list."""
        items = block["fields"]["items"]
        return [
            self.page.get_by_role("checkbox", name=plain(words), exact=True) for _, words in items
        ]

    def walk_story(self, block: Block, *, steps: int = 30) -> None:
        """Choose the good ways of a story until its end, or for some steps only."""
        good = right_choices(block["fields"])
        for _ in range(steps):
            self.settled()
            story = self.story_of(block)
            choices = story.get_by_role("group", name=self.say("What do you do?"), exact=True)
            if not choices.count():
                break
            ways = choices.get_by_role("radio").all()
            words = [squeezed(way.evaluate("way => way.labels[0].textContent")) for way in ways]
            at = next((i for i, one in enumerate(words) if one in good), 0)
            ways[at].check()
            self._button(story, "Go on").click()
        else:
            return
        self.sees_heading("Looking back", self.story_of(block))

    def story_of(self, block: Block) -> Locator:
        """Return the part of the page that tells a story."""
        name = self.say("A story to walk through")
        beginning = plain(block["fields"]["text"])[:40]
        return self.page.get_by_role("region", name=name, exact=True).filter(has_text=beginning)

    # Quizzes.

    def take_quiz(self, block: Block) -> None:
        """Take a quiz, first wrong and then right."""
        self.hand_in_quiz(block, right=False)
        self._button(self.page, "Try again").click()
        self.hand_in_quiz(block, right=True)

    def hand_in_quiz(self, block: Block, *, right: bool) -> None:
        """Answer every question of a paper and hand it in; wrong means: one critical is wrong."""
        bank = block["fields"]["bank"]
        asked = bank["questions"]
        if bank["feedback"] == "each":
            while self.answer_one_of_quiz(asked, right=right):
                pass
        else:
            groups = self.settled().locator("fieldset").all()
            paper = [self.asked_in(group, asked) for group in groups]
            wrong = None if right else _first_critical(paper)
            for group, one in zip(groups, paper, strict=True):
                self.give_answer(group, one, right=one is not wrong)
            self._button(self.page, "Hand in my answers").click()
        if right:
            self.sees_heading("You have passed")
        elif bank["feedback"] == "each":
            self.sees_heading("Not there yet, and that is all right")
        else:
            self.sees_heading("Almost: one thing matters most")

    def answer_one_of_quiz(self, asked: list[Question], *, right: bool) -> bool:
        """Answer one question of a quiz that answers back at once; say whether more follow."""
        group = self.settled().locator("fieldset")
        one = self.asked_in(group, asked)
        self.give_answer(group, one, right=right)
        self._button(self.page, "Check my answer").click()
        if right:
            self.sees_heading("Yes, that is right")
        else:
            self.sees_heading("Not quite, and very human")
            expect(self.page.get_by_role("main")).to_contain_text(feedback_to_wrong(one))
        more = self._button(self.settled(), "Next question")
        is_more = more.count() > 0
        (more if is_more else self._button(self.page, "See my result")).click()
        return is_more

    def asked_in(self, group: Locator, asked: list[Question]) -> Question:
        """Return the question that stands here."""
        return question_seen(group.locator("xpath=..").text_content() or "", asked)

    def give_answer(self, where: Locator, asked: Question, *, right: bool) -> None:
        """Fill in one question."""
        _ANSWERS[asked["type"]](self, where, asked, right)

    def _choose(self, where: Locator, asked: Question, right: bool) -> None:
        role = "checkbox" if asked["type"] == "multiple" else "radio"
        wanted = [one for one in asked["options"] if bool(one.get("correct")) == right]
        for option in wanted if role == "checkbox" and right else wanted[:1]:
            where.get_by_role(role, name=plain(option["text"]), exact=True).check()  # type: ignore[arg-type]
        if role == "checkbox":
            for option in asked["options"]:
                if option not in wanted:
                    box = where.get_by_role("checkbox", name=plain(option["text"]), exact=True)
                    box.uncheck()

    def _order(self, where: Locator, asked: Question, right: bool) -> None:
        count = len(asked["items"])
        for at, item in enumerate(asked["items"]):
            place = at + 1 if right else (at + 1) % count + 1
            box = where.get_by_role("combobox", name=plain(item["text"]), exact=True)
            box.select_option(label=str(place))

    def _match(self, where: Locator, asked: Question, right: bool) -> None:
        pairs = asked["pairs"]
        for at, pair in enumerate(pairs):
            partner = pair if right else pairs[(at + 1) % len(pairs)]
            box = where.get_by_role("combobox", name=plain(pair["text"]), exact=True)
            box.select_option(label=plain(partner["match"]))

    def _gaps(self, where: Locator, asked: Question, right: bool) -> None:
        order = re.findall(r"\[\[([\w-]+)\]\]", asked["text"])
        gaps = {gap["id"]: gap for gap in asked["gaps"]}
        places = where.get_by_label(re.compile(rf"^{re.escape(self.say('Gap'))} \d+$"))
        for at, slug in enumerate(order):
            gap = gaps[slug]
            if gap.get("choices"):
                words = dict(gap["choices"])
                chosen = next(k for k in words if (k == gap["correct"]) == right)
                places.nth(at).select_option(label=plain(words[chosen]))
            else:
                places.nth(at).fill(gap["accept"][0] if right else "something else")

    def _write(self, where: Locator, asked: Question, right: bool) -> None:
        told = asked["answer"] if asked["type"] == "numeric" else asked["accept"][0]
        where.get_by_role("textbox").fill(told if right else "99999")


_ANSWERS: dict[str, Callable[[Walker, Locator, Question, bool], None]] = {
    "single": Walker._choose,
    "truefalse": Walker._choose,
    "multiple": Walker._choose,
    "order": Walker._order,
    "match": Walker._match,
    "gap": Walker._gaps,
    "short": Walker._write,
    "numeric": Walker._write,
}


def _first_critical(asked: list[Question]) -> Question:
    return next(one for one in asked if one["critical"])


def _beginning_is_in(region: Locator, asked: Question) -> bool:
    try:
        return bool(question_seen(region.text_content() or "", [asked]))
    except AssertionError:
        return False
