"""What lies in a folder of courses is read, or told with a next step; nothing is lost quietly."""

import os
import socket

import pytest

from mtd_learning.content import check, disk, reader
from mtd_learning.content.problems import errors
from mtd_learning.errors import Invalid


@pytest.fixture
def course(tmp_path):
    """Return the folder of a course, not far from a secret."""
    (tmp_path / "secret_key").write_text("secret")
    made = tmp_path / "work" / "courses" / "x"
    made.mkdir(parents=True)
    return made


def told(course) -> list[str]:
    files, problems = disk.read(course.parents[1])
    assert not files
    return [str(problem) for problem in problems]


@pytest.mark.parametrize("target", ["../../../secret_key", "../../..", "/dev/zero", "nowhere", "a"])
@pytest.mark.parametrize("name", ["a", "a.yaml", "media.svg"])
def test_a_link_is_never_followed(course, name, target):
    (course / name).symlink_to(target)
    assert told(course) == [
        f"courses/x/{name}:1:1: error Y002: this is no file of its own  -> put the file itself here"
    ]


@pytest.mark.parametrize("room", ["courses", "quizzes"])
def test_courses_and_quizzes_are_folders_themselves_and_no_links(tmp_path, room):
    elsewhere = tmp_path / "elsewhere" / "x"
    elsewhere.mkdir(parents=True)
    (elsewhere / "course.yaml").write_text("kind: course\n")
    work = tmp_path / "work"
    work.mkdir()
    (work / room).symlink_to("../elsewhere")
    files, problems = disk.read(work)
    assert not files and disk.names(work) == [room]
    assert [str(problem) for problem in problems] == [
        f"{room}:1:1: error Y002: this is no file of its own  -> put the file itself here"
    ]


def test_the_folder_that_the_operator_names_may_be_a_link(course, tmp_path):
    (course / "course.yaml").write_text("kind: course\n")
    (tmp_path / "named").symlink_to("work")
    assert disk.read(tmp_path / "named") == ({"courses/x/course.yaml": b"kind: course\n"}, [])


def test_what_is_no_file_is_told_and_nobody_waits_for_it(course, monkeypatch):
    os.mkfifo(course / "pipe.yaml")
    (course / "folder.yaml").mkdir()
    (course / "folder.yaml" / "inside.yaml").write_text("kind: module\n")  # told by its folder
    monkeypatch.chdir(course)
    with socket.socket(socket.AF_UNIX) as door:
        door.bind("door.yaml")
        names = [line.split(":")[0] for line in told(course)]
    assert names == [f"courses/x/{name}.yaml" for name in ("door", "folder", "pipe")]


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        (b"a\nb.yaml", "a\\nb.yaml"),
        (b"a\x1b[31m.yaml", "a\\x1b[31m.yaml"),
        (b"a\xff.svg", "a\\udcff.svg"),
        ("a\u202elmay.yaml".encode(), "a\\u202elmay.yaml"),
    ],
)
def test_a_name_that_nobody_could_read_is_shown_with_its_signs(course, name, shown):
    (course / os.fsdecode(name)).write_bytes(b"kind: module\n")
    assert told(course) == [
        f"courses/x/{shown}:1:1: error Y002: the name holds a sign that cannot be read"
        "  -> rename the file"
    ]


@pytest.mark.parametrize("name", ["m1.yml", "m1.YAML"])
def test_a_file_with_a_nearly_right_ending_is_not_left_out_quietly(course, name):
    (course / name).write_text("kind: module\n")
    assert "only files that end in .yaml are read" in told(course)[0]


def test_a_fault_of_the_folder_is_an_error_of_the_catalogue(course):
    (course / "course.yaml").symlink_to("/etc/passwd")
    found = check.check(reader.read_folder(course.parents[1]), None)
    assert [problem.code for problem in errors(found)] == ["Y002"]


def test_a_folder_without_courses_is_refused(tmp_path):
    with pytest.raises(Invalid, match="holds no courses/"):
        disk.read(tmp_path)
