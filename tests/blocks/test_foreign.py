"""A stranger's block in our runtime: allowed by the operator, never named in our code."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from mtd_learning.blocks import pages
from mtd_learning.blocks.host import Host
from mtd_learning.blocks.runtime import MtdRuntime
from mtd_learning.blocks.services import Learner
from mtd_learning.errors import NotFound
from tests.blocks.making import Desk, block, desk_of

Installed = Callable[..., Path]


@pytest.fixture
def desk(installed: Installed) -> Desk:
    """Return a learner in front of a stranger's block."""
    installed("pebble")
    host = Host(["pebble"], strict=True).start()
    jar = block("jar", "pebble", {"display_name": "My jar", "colour": "blue", "kinds": ["x"]})
    return desk_of(host, jar, block("t", "text", {"text": "Ours"}))


def test_a_strangers_block_is_shown_and_answers(desk: Desk):
    assert "My jar: 0 of 0" in desk.page()
    assert desk.send("jar", "put", {"count": 2}).json == {"pebbles": 2}
    assert "My jar: 2 of 2" in desk.page()


def test_its_grade_is_heard_within_its_bounds(desk: Desk):
    desk.send("jar", "put", {"count": 5})
    assert desk.heard == [
        ("course.mod.unit.jar", "grade", {"value": 3.0, "max_value": 3.0}),
    ]


def test_what_all_learners_share_is_kept_apart_from_what_is_ones_own(desk: Desk):
    desk.send("jar", "put", {"count": 2})
    other = Desk(desk.unit, desk.host, user_id=8)
    other.state = desk.state
    other.send("jar", "put", {"count": 1})
    assert "My jar: 1 of 3" in other.page()
    assert desk.state.get(0, "course.mod.unit.jar") == {"all_pebbles": 3}


def test_a_careless_block_cannot_change_the_course_for_others(installed: Installed):
    installed("pebble")
    loose = Host(["pebble"]).start()
    desk = desk_of(loose, block("jar", "pebble", {"colour": "careless", "kinds": ["x"]}))
    for _ in range(3):
        assert "cannot be shown" in desk.page()
    (jar,) = desk.unit.nodes[desk.unit.root].children
    assert desk.unit.nodes[jar].fields["kinds"] == ("x",)


def test_it_learns_neither_name_nor_mail_unless_they_are_given(desk: Desk):
    assert "class='who'>|<" in desk.page()
    told = MtdRuntime(
        desk.host, desk.unit, desk.state, learner=Learner(7, name="Vilma", email="v@demo.example")
    )
    assert "Vilma|v@demo.example" in pages.lay_out(told).html


def test_it_finds_the_attributes_of_a_larger_host(desk: Desk):
    assert "course jar pebble" in desk.page()
    jar = desk.runtime().get_block("course.mod.unit.jar")
    assert (jar.url_name, jar.graded, jar.due, jar.show_correctness) == (
        "jar",
        False,
        None,
        "always",
    )
    assert jar.xmodule_runtime is jar.runtime


def test_its_page_brings_the_old_libraries_and_a_page_of_ours_brings_nothing(
    desk: Desk, host: Host
):
    page = pages.lay_out(desk.runtime())
    assert page.foreign
    tags = pages.resource_tags(page.resources, "n0nce")
    for name in ("jquery.min.js", "jquery-migrate.min.js", "underscore-min.js", "xblock.js"):
        assert f"{name}" in tags
    assert '<script src="/x-res/pebble/2.1/public/pebble.js" nonce="n0nce">' in tags
    ours = pages.lay_out(desk_of(host, block("r", "reflection", {"text": "x"})).runtime())
    assert (ours.resources, ours.foreign) == ((), False)


def test_its_wrapper_says_what_the_browser_half_needs(desk: Desk):
    jar = desk.seen().xpath("//*[@data-block-type='pebble']")[0]
    assert jar.get("data-init") == "Pebble"
    assert jar.get("data-runtime-version") == "1"
    assert jar.get("data-handler-base") == "/x/course.mod.unit.jar/handler/"
    assert {"xblock", "xblock-v1"} <= set(jar.get("class").split())


def test_shared_files_are_found_and_nothing_beside_them():
    assert b"XBlock" in pages.open_shared("xblock.js")
    assert b"jQuery" in pages.open_shared("js/vendor/jquery.min.js")
    for bad in ("../runtime.py", "js/../../runtime.py", "", "/etc/passwd", "js//vendor", "js"):
        with pytest.raises(NotFound):
            pages.open_shared(bad)


def test_texts_of_a_page_are_loaded_once_and_addresses_are_escaped(host: Host):
    from web_fragments.fragment import FragmentResource as Resource

    bad = Resource("url", '"><script>', "application/javascript", "foot")
    css = Resource("text", "p { color: red }", "text/css", "head")
    tags = pages.resource_tags([bad, bad, css], "n")
    assert tags.count("<script ") == 1 and '"><script>' not in tags
    assert '<style nonce="n">p { color: red }</style>' in tags


def test_a_block_written_for_django_fills_its_template_by_django(installed: Installed):
    installed("lantern")
    host = Host(["lantern"], strict=True).start()
    page = desk_of(host, block("l", "lantern", {"name": "Ali"})).page()
    assert "A light for Ali" in page


def test_templates_filled_by_django_speak_the_learners_language(installed: Installed):
    installed("lantern")
    host = Host(["lantern"], strict=True).start()
    desk = desk_of(host, block("l", "lantern", {}))
    for language in ("fi", "en"):
        learner = Learner(7, language=language)
        runtime = MtdRuntime(host, desk.unit, desk.state, learner=learner)
        assert f'<p lang="{language}">' in pages.lay_out(runtime).html


def test_xml_that_cannot_be_used_leaves_the_rest_of_the_page(installed: Installed):
    installed("pebble")
    loose = Host(["pebble"]).start()
    for bad in (
        "<pebble",
        "<marble/>",
        '<!DOCTYPE p [<!ENTITY e SYSTEM "file:///etc/passwd">]><p/>',
    ):
        olx: dict[str, Any] = {"olx": bad}
        page = desk_of(
            loose, block("x", "marble", olx), block("t", "text", {"text": "Ours"})
        ).page()
        assert "Ours" in page and "cannot be shown" in page


def test_a_block_may_be_written_as_xml_and_keeps_its_place(installed: Installed):
    installed("pebble")
    host = Host(["pebble"], strict=True).start()
    desk = desk_of(host, block("jar", "pebble", {"olx": '<pebble colour="red" display_name="J"/>'}))
    assert "J: 0 of 0" in desk.page()
    desk.send("jar", "put", {"count": 1})
    assert desk.kept("jar") == {"pebbles": 1}
