"""A stranger's block in our runtime: allowed by the operator, never named in our code."""

import json
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import polib
import pytest
from lxml import etree
from xblock.exceptions import NoSuchServiceError

from mtd_learning.blocks import foreign, olx, pages
from mtd_learning.blocks.host import Host
from mtd_learning.blocks.runtime import MtdRuntime
from mtd_learning.blocks.services import Learner
from mtd_learning.content import reader
from mtd_learning.errors import Forbidden, NotFound
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


def test_the_course_files_that_it_names_get_their_addresses_and_all_else_stays(
    installed: Installed,
):
    class Media:
        def url(self, block: Any, file: str) -> str:
            return {"a b.svg": "/media/f00/a b.svg"}.get(file, file)

    installed("pebble")
    host = Host(["pebble"], strict=True).start()
    for named, address in (
        ("/static/a%20b.svg", "/media/f00/a b.svg"),
        ("/static/nowhere.svg", "/static/nowhere.svg"),
        ("/static/sub/a%20b.svg", "/static/sub/a%20b.svg"),
        ("https://far.example/static/a%20b.svg", "https://far.example/static/a%20b.svg"),
    ):
        jar = block("jar", "pebble", {"picture": f'<img src="{named}">'})
        assert f'<img src="{address}">' in desk_of(host, jar, services={"media": Media()}).page()
        assert f'<img src="{named}">' in desk_of(host, jar).page()


def test_it_learns_neither_name_nor_mail_unless_they_are_given(desk: Desk):
    assert "class='who'>|<" in desk.page()
    told = MtdRuntime(
        desk.host, desk.unit, desk.state, learner=Learner(7, name="Vilma", email="v@demo.example")
    )
    assert "Vilma|v@demo.example" in pages.lay_out(told).html


def test_it_knows_a_learner_by_a_name_that_is_the_same_each_time_and_tells_nothing(desk: Desk):
    def names(user_id: int, key: bytes) -> set[object]:
        learner = Learner(user_id, key=key)
        told = MtdRuntime(desk.host, desk.unit, desk.state, learner=learner)
        jar = told.get_block("course.mod.unit.jar")
        told.publish(jar, "grade", {"value": 1, "max_value": 3, "user_id": learner.anonymous_id})
        who = told.service(jar, "user").get_current_user().opt_attrs
        parts = ("user_id", "username", "anonymous_user_id")
        return {told.anonymous_student_id, *(who[f"edx-platform.{part}"] for part in parts)}

    (name,) = names(7, b"secret")
    assert names(7, b"secret") == {name} and len(str(name)) == 32
    # Without the secret nobody finds the person by trying all numbers.
    assert not names(8, b"secret") & {name}
    assert not names(7, b"another secret") & {name} and not names(7, b"") & {name}
    assert "secret" not in repr(Learner(7, key=b"secret"))


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


def test_it_may_use_a_service_that_a_larger_host_declares_for_it(desk: Desk):
    runtime = desk.runtime()
    jar = runtime.get_block("course.mod.unit.jar")
    assert runtime.service(jar, "settings").get_settings_bucket(jar) == {}
    assert runtime.service(jar, "i18n").gettext("Jar") == "Jar"


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


def test_the_host_finds_the_templates_beside_a_block_wherever_in_its_package_that_stands(
    installed: Installed,
):
    installed("lantern")
    host = Host(["lamp", "lantern"], strict=True).start()
    assert "A lamp for Zoë &lt;b&gt;" in desk_of(host, block("l", "lamp", {})).page()


def test_templates_filled_by_django_speak_the_learners_language(installed: Installed):
    installed("lantern")
    host = Host(["lantern"], strict=True).start()
    desk = desk_of(host, block("l", "lantern", {}))
    for language in ("fi", "en"):
        learner = Learner(7, language=language)
        runtime = MtdRuntime(host, desk.unit, desk.state, learner=learner)
        assert f'<p lang="{language}">' in pages.lay_out(runtime).html


@pytest.mark.parametrize(
    ("kind", "xml"),
    [
        *(("pebble", "<pebble"), ("pebble", "<pebble kinds='{'/>"), ("marble", "<marble/>")),
        ("pebble", '<!DOCTYPE p [<!ENTITY e SYSTEM "file:///etc/passwd">]><p/>'),
        ("pebble", "<pebble colour='red'><lantern/></pebble>"),
    ],
)
def test_in_place_of_a_block_whose_xml_cannot_be_used_stands_a_sentence(
    installed: Installed, caplog: pytest.LogCaptureFixture, kind: str, xml: str
):
    """Its class could be shown all the same, with what it takes when its author wrote nothing."""
    installed("pebble")
    stone = block("x", kind, {"olx": xml})
    desk = desk_of(Host(["pebble"]).start(), stone, block("t", "text", {"text": "Ours"}))
    for page in (desk.page(), desk.paper()):
        assert "Ours" in page and "cannot be shown" in page and "Jar" not in page
    with pytest.raises(NotFound):
        desk.send("x", "put", {"count": 3})
    assert desk.heard == []
    # Why is told once, and not at each view.
    assert sum(bool(one.exc_info) for one in caplog.records) <= 1


def test_what_xml_names_outside_itself_is_not_read(tmp_path: Path):
    outside = tmp_path / "outside.txt"
    outside.write_text("a secret")
    named = f'<!DOCTYPE pebble [<!ENTITY e SYSTEM "{outside.as_uri()}">]>'
    read = olx.read(f"{named}<pebble>&e;</pebble>")
    assert b"a secret" not in etree.tostring(read) and b"&e;" in etree.tostring(read)


def test_a_block_may_be_written_as_xml_and_keeps_its_place(installed: Installed):
    installed("pebble")
    host = Host(["pebble"], strict=True).start()
    desk = desk_of(host, block("jar", "pebble", {"olx": '<pebble colour="red" display_name="J"/>'}))
    assert "J: 0 of 0" in desk.page()
    desk.send("jar", "put", {"count": 1})
    assert desk.kept("jar") == {"pebbles": 1}


NEEDY = """
from xblock.core import XBlock


@XBlock.needs("sandbox", "nowhere")
class Needy(XBlock):
    pass
"""


def test_it_is_told_what_it_needs_and_is_not_there_and_runs_no_code_of_a_course(
    install: Callable[..., None],
):
    install(NEEDY, "needy", "needy", suffix=":Needy", group="xblock.v1")
    runtime = desk_of(Host(["needy"]).start(), block("n", "needy", {})).runtime()
    needy = runtime.get_block("course.mod.unit.n")
    with pytest.raises(NoSuchServiceError):
        runtime.service(needy, "nowhere")
    sandbox = runtime.service(needy, "sandbox")
    assert sandbox.can_execute_unsafe_code() is False
    with pytest.raises(Forbidden):
        sandbox.safe_exec("1 + 1", {})


@pytest.mark.parametrize("place", ["translations/fi/text", "conf/locale/fi/django"])
def test_it_speaks_the_words_that_its_own_package_brings(
    install: Callable[..., None], tmp_path: Path, place: str
):
    language, _, domain = place.rpartition("/")
    module = f"needy_{domain}"
    install(NEEDY, module, "needy", suffix=":Needy", group="xblock.v1")
    folder = tmp_path / language / "LC_MESSAGES"
    folder.mkdir(parents=True)
    words = polib.POFile()
    words.metadata = {"Content-Type": "text/plain; charset=utf-8"}
    words.append(polib.POEntry(msgid="Jar", msgstr="Purkki"))
    words.save_as_mofile(str(folder / f"{domain}.mo"))
    desk = desk_of(Host(["needy"]).start(), block("n", "needy", {}))
    runtime = MtdRuntime(desk.host, desk.unit, desk.state, learner=Learner(7, language="fi"))
    needy = runtime.get_block("course.mod.unit.n")
    assert runtime.service(needy, "i18n").gettext("Jar") == "Purkki"


COURSE = """
kind: course
id: jars
version: 1.0.0
source_locale: en
title: Jars
facts: {}
modules: [one]
"""
MODULE = """
kind: module
id: one
title: One
units:
  - id: unit
    title: Unit
    minutes: 3
    blocks:
      - %s
"""
PACK = """
kind: country-pack
id: FI
name: Finland
of: jars
made_for: 1.0.0
text_locale: fi
languages: [fi]
facts: {}
changes:
  - op: add
    after: one:unit/words
    reason: A jar for Finland
    block: {id: fi-jar, type: xblock, block: pebble, fields: {pebbles: 1}}
"""
WORDS = {"id": "words", "type": "text", "text": "Words"}


def told(types: list[str], block: dict[str, Any], **more: str) -> list[str]:
    """Return what is said about a course with one block, where these types are allowed."""
    files = {"course": COURSE, "one": MODULE % json.dumps(block), **more}
    catalogue = reader.read_files(
        {f"courses/jars/{name}.yaml": text.encode() for name, text in files.items()}
    )
    return [str(one) for one in foreign.check(catalogue, date(2026, 11, 22), types)]


def jar(**more: Any) -> dict[str, Any]:
    """Return a jar as an author writes it."""
    return {"id": "jar", "type": "xblock", "block": "pebble", **more}


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("color", "blue", "has no field 'color'  -> did you mean 'colour'?"),
        ("weight", "3", "has no field 'weight'  -> remove 'weight'"),
        ("pebbles", "3", "is not for authors: the block fills it itself  -> remove 'pebbles'"),
        ("all_pebbles", "3", "is not for authors"),
        ("parent", "unit", "is not for authors"),
        ("kinds", "round", "'round' does not fit the field 'kinds' of 'pebble'  -> write a list"),
        ("colour", ["blue"], "-> write a text"),
        ("lid", "yes", "'yes' does not fit the field 'lid' of 'pebble'  -> write true or false"),
    ],
)
def test_what_an_author_may_not_give_a_strangers_block_is_an_error_at_its_place(
    installed: Installed, name: str, value: Any, said: str
):
    installed("pebble")
    (line,) = told(["pebble"], jar(fields={"colour": "red", name: value}))
    place, _, rest = line.partition(": ")
    assert place.startswith("courses/jars/one.yaml:10:") and rest.startswith("error S140: ")
    assert said in rest


def test_fields_that_its_author_may_give_are_no_fault(installed: Installed):
    installed("pebble")
    assert told(["pebble"], jar(fields={"colour": "red", "kinds": ["x"], "lid": "true"})) == []


def test_a_block_that_a_pack_adds_is_judged_too(installed: Installed):
    installed("pebble")
    (line,) = told(["pebble"], WORDS, **{"countries/FI/pack": PACK})
    assert line.startswith("courses/jars/countries/FI/pack.yaml:14:") and "'pebbles'" in line


def test_a_type_that_cannot_be_had_here_is_a_warning_with_the_way_on(installed: Installed):
    (line,) = told([], jar(fields={"color": "blue"}))
    assert "warning S141" in line and "MTD_XBLOCK_TYPES" in line
    (line,) = told(["pebble"], jar())
    assert "warning S141" in line and "Install the package" in line
    installed("pebble", "pebble-too")
    (line,) = told(["pebble"], jar())
    assert "warning S141" in line and "pebble-block, pebble-too" in line
    (line,) = told(["lantern"], jar(block="lantren"))
    assert "warning S141" in line and "did you mean 'lantern'?" in line


@pytest.mark.parametrize(
    ("kind", "counts"),
    [
        *(("graded", True), ("completing", True), ("silent", False), ("holding", False)),
        *(("aside", False), ("seen", False)),
    ],
)
def test_to_require_a_block_that_nobody_can_finish_is_a_warning(
    installed: Installed, kind: str, counts: bool
):
    installed("marbles")
    types = ["graded", "completing", "silent", "holding", "aside", "seen"]
    assert told(types, jar(block=kind, required=False)) == []
    lines = told(types, jar(block=kind, required=True))
    assert bool(lines) is not counts
    for line in (*lines, *told([], jar(block=kind, required=True))):
        assert "warning S141" in line and "nobody can be asked to do it" in line


@pytest.mark.parametrize("name", ["text", "quiz", "mtd_text", "mtd_unit"])
def test_a_block_of_ours_is_not_let_in_as_a_strangers(name: str):
    for more in ({"fields": {"text": "<script>"}}, {"olx": f"<{name}/>"}):
        (line,) = told([], jar(block=name, **more))
        assert "error S140" in line and "no block of another package" in line


def test_xml_is_tried_with_the_class_that_will_read_it(installed: Installed):
    installed("pebble")
    assert told(["pebble"], jar(olx='<pebble colour="red"/>')) == []
    for bad, said in (
        ("<pebble", "error S140: the XML cannot be read"),
        ("<mtd_text text='x'/>", "error S140: the XML is a 'mtd_text', the block a 'pebble'"),
        ("<pebble kinds='{'/>", "error S140: 'pebble' does not take this XML"),
    ):
        (line,) = told(["pebble"], jar(olx=bad))
        assert said in line
    (_, line) = told([], jar(olx="<mtd_text text='x'/>"))
    assert "error S140: the XML is a 'mtd_text'" in line


def test_no_package_of_a_stranger_is_read_for_a_course_without_its_blocks(installed: Installed):
    installed("pebble")
    assert told(["pebble"], WORDS) == []
    assert "pebble_block.pebble" not in sys.modules
