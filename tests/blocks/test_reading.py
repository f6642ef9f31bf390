"""Blocks that are read: words, pictures, recordings, columns, local numbers."""

import pytest

from mtd_learning.blocks.host import Host
from mtd_learning.blocks.tree import OURS, type_name
from tests.blocks.making import block, desk_of


def test_every_type_of_a_course_has_its_block(host: Host):
    for name in OURS:
        assert host.block_class(type_name(name)).plugin_name == f"mtd_{name}"


@pytest.mark.parametrize(
    ("role", "path"),
    [
        ("plain", "//p"),
        ("hook", "//*[contains(@class, 'lead')]//p"),
        ("note", "//*[@class='note note']//p"),
        ("warning", "//*[@role='note']//p"),
        ("takeaway", "//*[contains(@class, 'takeaway')]//p[text()='Take with you']"),
    ],
)
def test_words_wear_the_dress_of_their_role(host: Host, role: str, path: str):
    desk = desk_of(host, block("t", "text", {"text": "<p>Listen.</p>", "role": role}))
    assert desk.seen().xpath(path)


def test_a_picture_has_its_words(host: Host):
    class Media:
        def url(self, block: object, file: str) -> str:
            return f"/media/course/{file}"

    fields = {"file": "walk.svg", "alt": 'A "walk"', "caption": "<p>By <em>us</em></p>"}
    desk = desk_of(host, block("i", "image", fields), services={"media": Media()})
    picture = desk.seen().xpath("//figure/img")[0]
    assert (picture.get("src"), picture.get("alt")) == ("/media/course/walk.svg", 'A "walk"')
    assert desk.seen().xpath("//figcaption/em")


def test_a_picture_keeps_its_place_free_where_its_size_is_known(host: Host):
    fields = {"file": "walk.svg", "alt": "A walk"}
    known = desk_of(host, block("i", "image", {**fields, "size": [760, 280]})).seen()
    (picture,) = known.xpath("//figure/img")
    assert (picture.get("width"), picture.get("height")) == ("760", "280")
    unknown = desk_of(host, block("i", "image", fields)).seen()
    assert not unknown.xpath("//figure/img/@width")


def test_a_film_has_captions_and_words_and_is_not_loaded_unasked(host: Host):
    fields = {
        "file": "a.mp4",
        "captions": [["en", "a.vtt"], ["fi", "b.vtt"]],
        "transcript": "<p>Milo waits.</p>",
        "title": "Milo",
    }
    seen = desk_of(host, block("v", "video", fields)).seen()
    assert seen.xpath("//video/@preload") == ["none"]
    assert seen.xpath("//track/@srclang") == ["en", "fi"]
    assert "Milo waits." in seen.xpath("//details")[0].text_content()


def test_a_story_without_a_recording_is_its_words(host: Host):
    fields = {"transcript": "<p>Milo waits.</p>", "title": "Milo"}
    seen = desk_of(host, block("a", "audio", fields)).seen()
    assert not seen.xpath("//audio | //details")
    assert "Milo waits." in seen.text_content()


def test_two_columns_keep_their_order(host: Host):
    fields = {"good": [["b", "<p>One</p>"], ["a", "Two"]], "less": [["c", "Three"]], "title": "Say"}
    seen = desk_of(host, block("c", "compare", fields)).seen()
    assert [one.text_content() for one in seen.xpath("//li")] == ["One", "Two", "Three"]
    assert [one.text_content() for one in seen.xpath("//h3")] == ["Try this", "Better to leave out"]


def test_a_number_can_be_called_and_a_missing_one_says_so(host: Host):
    facts = [
        {
            "name": "e",
            "label": "Emergency",
            "value": "112",
            "lang": "fi",
            "href": "tel:112",
            "type": "phone",
            "missing": False,
        },
        {
            "name": "x",
            "label": "Helpline",
            "value": "",
            "lang": "en",
            "href": None,
            "type": "phone",
            "missing": True,
        },
    ]
    seen = desk_of(host, block("f", "facts", {"facts": facts, "title": "Numbers"})).seen()
    assert seen.xpath("//dd[@lang='fi']/a[@href='tel:112']")
    assert "Ask your coordinator" in seen.xpath("//dd")[1].text_content()


def test_paper_has_nothing_to_press(host: Host):
    desk = desk_of(
        host,
        block("r", "reflection", {"text": "Who?"}),
        block("l", "checklist", {"items": [["a", "Call"]]}),
        block("t", "text", {"text": "Words"}, note="Hard."),
    )
    paper = desk.paper()
    assert "Words" in paper and "Hard." in paper and "Who?" in paper
    for pressed in ("<form", "<button", "<input", "<textarea", "<details"):
        assert pressed not in paper


def test_what_an_author_left_out_is_not_shown_as_none(host: Host):
    bank = {"id": "b", "questions": [], "pass_percent": 1, "title": None, "bands": None}
    desk = desk_of(
        host,
        block("q", "quiz", {"quiz": "b", "text": None, "bank": bank, "bank_sha": ""}),
        block("t", "text", {"text": "x", "role": None}),
        block("f", "facts", {"facts": [], "text": None, "title": None}),
        block("v", "video", {"file": None, "captions": None, "transcript": "x", "title": None}),
        block("i", "image", {"file": "x", "alt": "x", "caption": None}),
        block("c", "compare", {"title": None, "good": None, "less": []}),
        block("l", "checklist", {"text": None, "items": [["a", "x"]]}),
        block("s", "scenario", {"text": None, "start": "a", "scenes": {}, "debrief": None}),
    )
    assert "None" not in desk.page() and "None" not in desk.paper()


def test_words_come_from_the_catalogue_of_the_learner(host: Host):
    from mtd_learning.blocks import pages
    from mtd_learning.blocks.runtime import MtdRuntime

    class Finnish:
        def gettext(self, message: str) -> str:
            return {"Try this": "Kokeile tätä"}.get(message, message)

        def ngettext(self, one: str, many: str, n: int) -> str:
            return one if n == 1 else many

    desk = desk_of(host, block("c", "compare", {"good": [["a", "x"]], "less": []}))
    runtime = MtdRuntime(host, desk.unit, desk.state, words=Finnish())
    assert "Kokeile tätä" in pages.lay_out(runtime).html
