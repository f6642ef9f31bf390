"""Folders in and out of the database: byte for byte, and only what changed makes rows."""

import resource
import signal
import subprocess
from pathlib import Path

import pytest
from sqlalchemy import func, select

from mtd_learning.base.db import db
from mtd_learning.content import disk
from mtd_learning.errors import Invalid
from mtd_learning.library import files
from mtd_learning.library.models import ContentFileRevision, ContentRevision
from tests.conftest import TINY


def revisions() -> int:
    return db.session.scalar(select(func.count(ContentRevision.id)))


def test_what_was_brought_in_goes_out_byte_for_byte(app, tmp_path):
    assert files.write_out(tmp_path) == len(files.read(TINY))
    assert files.read(tmp_path) == files.read(TINY)


def test_the_id_of_a_file_is_the_one_that_git_gives_it():
    path = TINY / "courses" / "tiny" / "course.yaml"
    said = subprocess.run(["git", "hash-object", str(path)], capture_output=True, text=True)
    assert files.blob_id(path.read_bytes()) == said.stdout.strip()


def test_bringing_in_the_same_again_makes_nothing(shelf):
    before = revisions()
    assert files.bring_in(files.read(TINY), message="again") is None
    assert revisions() == before


def test_only_changed_new_and_lost_files_make_rows(shelf):
    found = files.read(TINY)
    changed = "courses/tiny/course.yaml"
    lost = "courses/tiny/countries/BE/pack.yaml"
    found[changed] += b"# more\n"
    found["courses/tiny/README"] = b"new"
    del found[lost]
    revision = files.bring_in(found, message="three things")
    rows = db.session.scalars(
        select(ContentFileRevision.path).where(ContentFileRevision.revision_id == revision.id)
    )
    assert sorted(rows) == sorted([changed, "courses/tiny/README", lost])
    assert files.present() == found and lost not in files.heads()


def test_every_state_that_ever_was_can_be_had_again(shelf):
    first = files.latest_revision()
    found = files.read(TINY)
    found.pop("courses/tiny/countries/BE/pack.yaml")
    found["courses/tiny/course.yaml"] += b"# more\n"
    second = files.bring_in(found, message="second")
    assert files.at(first.id) == files.read(TINY)
    assert files.at(second.id) == found
    assert second.parent_id == first.id


def test_hidden_files_and_folders_stay_outside(tmp_path):
    folder = tmp_path / "courses" / "a"
    (folder / ".git").mkdir(parents=True)
    for name in ("course.yaml", ".course.yaml.swp", ".git/config"):
        (folder / name).write_text("x")
    assert list(files.read(tmp_path)) == ["courses/a/course.yaml"]


def test_a_folder_without_courses_is_refused(tmp_path):
    with pytest.raises(Invalid, match="holds no courses/"):
        files.read(tmp_path)


def test_a_file_that_is_too_large_is_named_and_not_left_out_in_silence(tmp_path, monkeypatch):
    monkeypatch.setattr(disk, "MOST_BYTES", 10)
    (tmp_path / "courses").mkdir()
    (tmp_path / "courses" / "film.mp4").write_bytes(b"x" * 11)
    with pytest.raises(Invalid, match=r"film\.mp4 cannot be read: the file is larger"):
        files.read(tmp_path)


def test_a_folder_with_files_that_are_gone_is_not_written_over(shelf, tmp_path):
    files.write_out(tmp_path)
    (tmp_path / "README").write_text("not ours")
    assert files.write_out(tmp_path) == len(files.present())
    first = tmp_path / "courses" / "tiny" / "course.yaml"
    first.write_text("changed since")
    gone = tmp_path / "courses" / "gone" / "course.yaml"
    gone.parent.mkdir()
    gone.write_text("kind: course")
    said = r"also holds courses/gone/course\.yaml\. Remove what is gone"
    with pytest.raises(Invalid, match=said):
        files.write_out(tmp_path)
    assert first.read_text() == "changed since" and gone.exists()


def test_a_path_that_leads_out_of_the_folder_is_not_written(shelf, tmp_path):
    files.bring_in({"courses/../../evil.yaml": b"x"}, message="evil")
    with pytest.raises(Invalid, match="outside the folder"):
        files.write_out(tmp_path / "out")
    assert not (tmp_path / "evil.yaml").exists()


def test_a_file_that_is_replaced_in_this_moment_does_not_stop_the_look(tmp_path):
    (tmp_path / "courses").mkdir()
    Path(tmp_path / "courses" / "gone.yaml").symlink_to(tmp_path / "nowhere")
    assert files.signature(tmp_path) == ()


def test_a_file_that_does_not_fit_on_the_disk_costs_nobody_their_text(tmp_path):
    place = tmp_path / "course.yaml"
    place.write_bytes(b"a text")
    place.chmod(0o640)
    limit = resource.getrlimit(resource.RLIMIT_FSIZE)
    before = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, limit[1]))
    try:
        with pytest.raises(OSError, match="too large"):
            files.put(place, b"x" * 2000)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limit)
        signal.signal(signal.SIGXFSZ, before)
    assert place.read_bytes() == b"a text" and list(tmp_path.iterdir()) == [place]
    files.put(place, b"a new text")
    assert place.read_bytes() == b"a new text" and place.stat().st_mode & 0o777 == 0o640
