"""Folders read directly: a page reload shows the change, a fault keeps the last edition."""

import shutil
import subprocess
import sys

import pytest

from mtd_learning.app import create_app
from mtd_learning.base.db import db, expect_writing
from mtd_learning.library import service
from tests.conftest import TINY, settings_for


@pytest.fixture
def folder(tmp_path):
    """Return a writer's folder with the tiny course, and a browser on the site that shows it."""
    root = tmp_path / "work"
    shutil.copytree(TINY, root)
    app = create_app(settings_for(tmp_path, content="files", content_dir=str(root)))
    with app.app_context():
        expect_writing(True)
        db.create_all()
        expect_writing(False)
    yield root, app.test_client()
    with app.app_context():
        db.engine.dispose()


def test_the_next_reload_shows_the_change_however_soon_and_a_fault_keeps_the_last_edition(folder):
    root, browser = folder
    module = root / "courses" / "tiny" / "m1-blocks.yaml"
    address = "/courses/tiny/m1-blocks/words"
    assert "A door is" in browser.get(address).text
    sound = module.read_text()
    module.write_text(sound.replace("A door is", "A gate is"))
    assert "A gate is" in browser.get(address).text
    module.write_text(sound.replace("title: Every block", "titel: Every block"))
    page = browser.get(address)
    assert page.status_code == 200 and "A gate is" in page.text
    assert "m1-blocks.yaml" in page.text and "titel" in page.text
    module.write_text(sound)
    page = browser.get(address).text
    assert "A door is" in page and "titel" not in page


@pytest.mark.parametrize("broken", ["kind: [", "kind: country-pack\nid: FI\nlanguages: [xx-XX]\n"])
def test_a_country_whose_pack_is_broken_keeps_its_last_edition_in_each_language(folder, broken):
    root, browser = folder
    pack = root / "courses" / "tiny" / "countries" / "FI" / "pack.yaml"
    assert browser.get("/courses").status_code == 200
    with browser.application.app_context():
        before = [(one.id, one.variant) for one in service.editions_now()]
    pack.write_text(broken)
    assert "countries/FI/pack.yaml" in browser.get("/courses").text
    with browser.application.app_context():
        assert [(one.id, one.variant) for one in service.editions_now()] == before
        assert service.edition_for("tiny", service.variants_for("sv", "FI")).variant == "sv-FI"


def test_a_fault_in_a_foreign_block_keeps_the_last_edition(folder):
    root, browser = folder
    module = root / "courses" / "tiny" / "m1-blocks.yaml"
    address = "/courses/tiny/m1-blocks/words"
    assert browser.get(address).status_code == 200
    changed = module.read_text().replace("A door is", "A gate is")
    module.write_text(changed.replace("tags: [votes]", "upvotes: 3"))
    page = browser.get(address).text
    assert "A door is" in page and "upvotes" in page
    module.write_text(changed)
    assert "A gate is" in browser.get(address).text


def test_a_folder_that_is_gone_or_holds_a_link_keeps_the_last_edition(folder):
    root, browser = folder
    address = "/courses/tiny/m1-blocks/words"
    assert browser.get(address).status_code == 200
    link = root / "courses" / "tiny" / "media" / "loop.svg"
    link.symlink_to("loop.svg")
    page = browser.get(address)
    assert page.status_code == 200
    root.rename(root.with_name("elsewhere"))
    assert browser.get(address).status_code == 200


SERVE = """
import sys
from mtd_learning.app import create_app
from mtd_learning.base.settings import Settings
from pathlib import Path
app = create_app(Settings(instance=Path(sys.argv[1]), secret_key="x"))
page = app.test_client().get("/courses/tiny/m1-blocks/words")
assert page.status_code == 200, page.text
heavy = {name.partition(".")[0] for name in sys.modules} & {"pydantic", "ruamel", "typst", "yaml"}
heavy |= {name for name in sys.modules if name.startswith("mtd_learning.content")}
from click.testing import CliRunner
from mtd_learning.cli.content import check
print(sorted(heavy), CliRunner().invoke(check, [sys.argv[2]]).exit_code)
"""


def test_a_worker_that_serves_a_unit_has_loaded_nothing_that_reads_course_files(folder, tmp_path):
    folder[1].get("/")  # publishes
    said = subprocess.run(
        [sys.executable, "-c", SERVE, str(tmp_path), str(folder[0])],
        capture_output=True,
        text=True,
        check=True,
    )
    assert said.stdout.strip() == "[] 0", "and it can read them when it must"
