"""What the player hands to the blocks of a unit, and which of them a unit waits for."""

import re
import sys

import pytest

from mtd_learning.blocks.host import Host
from mtd_learning.errors import NotFound
from mtd_learning.learning import player, service
from mtd_learning.learning.player import Banks
from mtd_learning.library import service as library
from tests.blocks.making import install as put
from tests.conftest import statements

UNIT = "m1-blocks/words"
STRANGERS = ("marbles_block", "pebble_block")
MARBLES = ["silent", "graded", "completing", "holding", "aside", "seen"]


@pytest.fixture
def with_marble(learner, app, rewrite, tmp_path, monkeypatch):
    """Return a function that puts a required block of somebody else into the unit `words`."""
    for name in ("marbles", "pebble"):
        put(name, tmp_path)
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setattr(app.extensions["mtd"], "host", Host([*MARBLES, "pebble"]).start())

    def add(kind, more=""):
        block = f"      - {{id: marble, type: xblock, block: {kind}, required: true{more}}}\n"
        first = "      - {id: opening,"
        rewrite("courses/tiny/m1-blocks.yaml", first, block + first)

        def goes_on():
            learner.browser.post(f"/learn/tiny/{UNIT}/go-on")
            return UNIT in service.standing_of(learner.user.id, "tiny").progress.done

        return goes_on

    yield add
    for name in [one for one in sys.modules if one.partition(".")[0] in STRANGERS]:
        del sys.modules[name]


def test_a_unit_is_handed_past_papers_of_its_own_quizzes_and_no_other_document(app):
    edition = library.edition_for("tiny", ["en"])
    quiz, sha = next(iter(edition.manifest["banks"].items()))
    assert Banks("tiny", frozenset([quiz])).get(sha)["id"] == quiz
    assert Banks("tiny", frozenset(["another"])).get(sha) is None
    assert Banks("another", frozenset([quiz])).get(sha) is None
    assert Banks("tiny", frozenset([quiz])).get(edition.manifest_sha) is None
    assert Banks("tiny", frozenset([quiz])).get("0" * 64) is None


def test_a_unit_is_found_in_its_own_module_only(app):
    assert player.find("tiny", "m2-short", "law", ("en",)).key == "m2-short/law"
    with pytest.raises(NotFound):
        player.find("tiny", "m1-blocks", "law", ("en",))


@pytest.mark.parametrize("kind", ["silent", "holding", "aside", "seen", "nowhere"])
def test_a_unit_waits_for_no_block_that_nobody_can_finish(with_marble, learner, kind):
    goes_on = with_marble(kind)
    assert learner.browser.get(f"/learn/tiny/{UNIT}").status_code == 200
    assert goes_on()


@pytest.mark.parametrize("kind", ["graded", "completing"])
def test_a_unit_waits_for_a_block_of_somebody_else_that_says_when_it_is_done(
    with_marble, learner, kind
):
    goes_on = with_marble(kind)
    assert not goes_on()
    door = "/x/tiny.m1-blocks.words.marble/handler/play"
    assert learner.browser.post(door, json={}).status_code == 200
    assert goes_on()


def test_a_block_that_is_not_waited_for_is_not_asked_for_in_the_database(with_marble, learner):
    with_marble("silent")
    with statements() as said:
        learner.browser.post(f"/learn/tiny/{UNIT}/go-on")
    assert not [one for one in said if "FROM block_score" in one]


def test_a_file_of_the_course_that_only_a_block_of_somebody_else_names_is_served(
    with_marble, learner, rewrite
):
    with_marble("pebble", """, fields: {picture: '<img src="/static/door.svg">'}""")
    door = (
        "      - {id: door, type: image, file: door.svg, alt: An open door, caption: The *door*}\n"
    )
    rewrite("courses/tiny/m1-blocks.yaml", door, "")
    page = learner.browser.get(f"/learn/tiny/{UNIT}").text
    (address,) = re.findall(r'<img src="(/media/[^"]+/door.svg)">', page)
    assert learner.browser.get(address).mimetype == "image/svg+xml"


def test_words_of_a_block_that_no_translation_reaches_are_told_in_the_notice_of_the_page(
    with_marble, learner, rewrite
):
    page = f"/learn/tiny/{UNIT}"
    learner.browser.post("/language", data={"language": "fi"})
    told = []
    with_marble("pebble")
    for words in ("", "fields: {colour: blue}, "):
        rewrite("courses/tiny/m1-blocks.yaml", "block: pebble, ", f"block: pebble, {words}")
        shown = learner.browser.get(page).text
        told += re.findall(r"(\d+) osaa tästä sivusta ei ole vielä sinun kielelläsi", shown)
        assert ('id="b-marble" lang="en"' in shown) is bool(words)
    assert int(told[1]) == int(told[0]) + 1
