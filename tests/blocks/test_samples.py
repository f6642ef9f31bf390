"""The sample blocks of xblock-sdk: shown and answered here, as their authors wrote them."""

import re
from pathlib import Path
from typing import Any

import pytest
from sample_xblocks.basic.problem import ProblemBlock
from sample_xblocks.thumbs import ThumbsBlock
from xblock.utils.helpers import child_isinstance

from mtd_learning.blocks.host import Host
from mtd_learning.blocks.services import FileService, folders_of_learners
from tests.blocks.making import Desk, desk_of_olx

SAMPLES = [
    "allscopes_demo",
    "attempts_scoreboard_demo",
    "equality_demo",
    "filethumbs",
    "helloworld_demo",
    "html_demo",
    "problem_demo",
    "sequence_demo",
    "sidebar_demo",
    "slider_demo",
    "textinput_demo",
    "thumbs",
    "vertical_demo",
    "view_counter_demo",
]


@pytest.fixture(scope="module")
def sample_host() -> Host:
    """Return a host whose operator allows all samples."""
    return Host(SAMPLES, strict=True).start()


@pytest.mark.parametrize(
    ("xml", "words"),
    [
        ("<helloworld_demo/>", "Hello, World!"),
        ("<html_demo><b>Bold</b> words</html_demo>", "<b>Bold</b> words"),
        ("<allscopes_demo/>", "This is user_state_summary!"),
        ("<view_counter_demo/>", ">1<"),
        ('<slider_demo min_value="3"/>', 'min="3"'),
        ("<thumbs/>", "downvote"),
        ("<sidebar_demo><thumbs/><html_demo>Beside</html_demo></sidebar_demo>", "Beside"),
        ("<vertical_demo><html_demo>One</html_demo><thumbs/></vertical_demo>", "vertical"),
        (
            "<sequence_demo><html_demo>One</html_demo><html_demo>Two</html_demo></sequence_demo>",
            "#tabs-2",
        ),
    ],
)
def test_a_sample_is_shown(sample_host: Host, xml: str, words: str):
    assert words in desk_of_olx(sample_host, xml).page()


def test_votes_are_counted_and_kept(sample_host: Host):
    desk = desk_of_olx(sample_host, "<thumbs/>")
    assert desk.send("olx", "vote", {"voteType": "up"}).json == {"up": 1, "down": 0}
    assert desk.send("olx", "vote", {"voteType": "down"}).json == {"up": 1, "down": 1}
    assert desk.state.get(0, "course.mod.unit.olx") == {"upvotes": 1, "downvotes": 1}
    assert desk.kept("olx") == {"voted": True}


def test_votes_in_files_are_counted_and_kept(sample_host: Host, tmp_path: Path):
    desk = desk_of_olx(sample_host, "<filethumbs/>")
    desk.services["fs"] = FileService(tmp_path, lambda scope, name: f"/x-fs/{scope}/{name}")
    page = desk.page()
    assert "/x-fs/" in page and "uparrow.png" in page
    assert desk.send("olx", "vote", {"voteType": "up"}).json == {"up": 1, "down": 0}
    assert desk.send("olx", "vote", {"voteType": "up"}).json == {"up": 2, "down": 0}


def test_a_folder_begins_with_the_number_of_the_learner_whose_it_is(
    sample_host: Host, tmp_path: Path
):
    desk = desk_of_olx(sample_host, "<thumbs/>")
    block = desk.runtime().get_block("course.mod.unit.olx")
    files = FileService(tmp_path, lambda scope, name: scope)
    for name in ("voted", "upvotes"):  # one's own, everybody's
        files.load(type(block).fields[name], block).writetext("kept.txt", name)
    learner = block.scope_ids.user_id
    (own,) = folders_of_learners(tmp_path)[learner]
    assert learner and (own / "kept.txt").read_text() == "voted"
    assert len(list(tmp_path.glob("0-*"))) == 1 and set(folders_of_learners(tmp_path)) == {learner}


def test_nobody_guesses_where_the_files_of_a_block_are(sample_host: Host, tmp_path: Path):
    desk = desk_of_olx(sample_host, "<filethumbs/>")
    places = set()
    for key in (b"", b"one", b"two"):
        service = FileService(tmp_path, lambda scope, name: f"/x-fs/{scope}/{name}", key)
        desk.services["fs"] = service
        places |= set(re.findall(r"/x-fs/([^/]+)/", desk.page()))
    assert len(places) == 3


def test_views_are_counted_for_everybody(sample_host: Host):
    desk = desk_of_olx(sample_host, "<view_counter_demo/>")
    desk.page()
    assert ">2<" in desk.page()


def test_a_method_that_is_no_handler_is_none_here_either(sample_host: Host):
    desk = desk_of_olx(sample_host, "<slider_demo/>")
    with pytest.raises(Exception, match="update"):
        desk.send("olx", "update", {"value": 3})


PROBLEM = """
<problem_demo>
  <html_demo><p>What is $a+$b?</p></html_demo>
  <textinput_demo name="sum_input" input_type="int"/>
  <equality_demo name="sum_checker" left="./sum_input/@student_input" right="$c"/>
  <script>a = 2; b = 3; c = a + b</script>
</problem_demo>
"""


def _answer(desk: Desk, value: str) -> Any:
    return desk.send("olx", "check", {"sum_input": [{"name": "input", "value": value}]}).json


def test_a_problem_made_of_several_blocks_is_shown_and_judged(sample_host: Host):
    desk = desk_of_olx(sample_host, PROBLEM)
    page = desk.page()
    assert "What is 2+3?" in page and "underscore" not in page
    assert _answer(desk, "4")["checkResults"] == {"sum_checker": False}
    assert _answer(desk, "5")["checkResults"] == {"sum_checker": True}
    assert [said["value"] for _, kind, said in desk.heard if kind == "grade"] == [0.0, 1.0]
    assert "value='5'" in desk.page()


def test_children_are_known_by_the_names_their_author_gave(sample_host: Host):
    desk = desk_of_olx(sample_host, PROBLEM)
    keys = [str(node.key) for node in desk.unit]
    assert "course.mod.unit.olx.sum_input" in keys
    assert "course.mod.unit.olx.sum_checker" in keys


def test_reading_xml_leaves_no_trace_of_a_learner(sample_host: Host):
    desk = desk_of_olx(sample_host, PROBLEM)
    checker = next(node for node in desk.unit if node.type == "equality_demo")
    assert "left" not in checker.fields and desk.state.documents == {}


def test_blocks_look_around_their_tree(sample_host: Host):
    _, xml = ProblemBlock.workbench_scenarios()[1]
    page = desk_of_olx(sample_host, xml).page()
    assert "only tried 0 out of 3 problems" in page


def test_a_block_learns_of_what_class_its_children_are_without_making_them(sample_host: Host):
    runtime = desk_of_olx(sample_host, "<vertical_demo><thumbs/></vertical_demo>").runtime()
    vertical = runtime.get_block(runtime.unit.root)
    (child,) = vertical.children
    assert child_isinstance(vertical, child, ThumbsBlock)
    assert not child_isinstance(vertical, child, ProblemBlock)
    made = runtime.construct_xblock("thumbs", vertical.scope_ids._replace(usage_id=child))
    assert type(made) is type(runtime.get_block(child))
