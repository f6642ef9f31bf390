"""Which blocks a site has, and what it says at its start when one cannot be had."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from mtd_learning.blocks.host import Host
from mtd_learning.errors import Unavailable
from tests.blocks.making import block, desk_of

Installed = Callable[..., Path]

LEAN = """
import sys
from mtd_learning.blocks import pages
from mtd_learning.blocks.host import Host
from mtd_learning.blocks.runtime import MtdRuntime
from mtd_learning.blocks.state import ScratchState
from tests.blocks.making import blob, block
from mtd_learning.blocks.olx import unit_of
host = Host().start()
unit = unit_of(host, blob(block("a", "text", {"text": "Hello"})))
assert "Hello" in pages.lay_out(MtdRuntime(host, unit, ScratchState())).html
heavy = ("django", "flask", "sqlalchemy", "ruamel", "pydantic", "yaml", "fs")
print(sorted(name for name in heavy if name in sys.modules))
"""

OLD_XML = """
import sys
from mtd_learning.blocks.host import Host
from xblock.fields import List
had = "yaml" in sys.modules
print(List().from_string("[1, {a: b}]"), had, "yaml.loader" in sys.modules)
"""

WITHOUT_DJANGO = """
import sys
sys.modules["django"] = None
sys.path.insert(0, sys.argv[1])
from mtd_learning.blocks.host import Host
from mtd_learning.errors import Unavailable
Host(["pebble"]).start()
try:
    Host(["lantern"]).start()
except Unavailable as refusal:
    print(refusal)
"""

FIRST_LOOKS = """
import sys
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from mtd_learning.blocks.host import Host
host = Host().start()
sys.setswitchinterval(1e-6)
together = Barrier(8)

def look(_):
    together.wait()
    classes = [host.block_class(name) for name in host._points if name.startswith("mtd_")]
    return [one.__name__ for one in classes if None in (one.fields, one._combined_services)]

with ThreadPoolExecutor(8) as pool:
    print(*pool.map(look, range(8)))
"""


def _run(code: str, *arguments: str) -> str:
    root = str(Path(__file__).parents[2])
    return subprocess.run(
        [sys.executable, "-c", code, *arguments],
        cwd=root,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.strip()


def test_a_process_with_our_blocks_only_is_lean():
    assert _run(LEAN) == "[]"


def test_readers_who_come_at_once_after_a_start_all_find_the_fields_of_a_block():
    assert _run(FIRST_LOOKS) == " ".join(["[]"] * 8)


def test_yaml_in_a_field_of_old_xml_is_read_when_it_comes():
    assert _run(OLD_XML) == "[1, {'a': 'b'}] False True"


def test_a_block_that_needs_django_stops_the_start_with_the_name_of_the_extra(
    installed: Installed,
):
    said = _run(WITHOUT_DJANGO, str(installed("pebble", "lantern")))
    assert "lantern" in said and "blocks-django" in said


def test_a_type_that_nothing_brings_stops_the_start_with_its_name():
    with pytest.raises(Unavailable, match="marble"):
        Host(["marble"]).start()


def test_a_type_that_breaks_at_import_stops_the_start_with_its_name(installed: Installed):
    place = installed("pebble")
    (place / "pebble_block" / "pebble.py").write_text("import nothing_of_the_kind\n")
    with pytest.raises(Unavailable, match=r"pebble.*nothing_of_the_kind"):
        Host(["pebble"]).start()


def test_an_installed_type_that_is_not_allowed_is_not_imported(installed: Installed):
    installed("pebble")
    host = Host().start()
    with pytest.raises(Unavailable, match="not on the list"):
        host.block_class("pebble")
    assert "pebble_block.pebble" not in sys.modules


def test_two_packages_with_one_type_stop_the_start_with_both_named(installed: Installed):
    installed("pebble", "pebble-too")
    with pytest.raises(Unavailable, match="pebble-block, pebble-too"):
        Host(["pebble"]).start()


def test_a_pin_decides_between_two_packages_with_one_type(installed: Installed):
    installed("pebble", "pebble-too")
    host = Host(["pebble@pebble-too"], strict=True).start()
    assert host.version_of("pebble") == "0.3"
    assert "The other jar" in desk_of(host, block("jar", "pebble", {})).page()


def test_a_package_that_overrides_a_type_is_taken_instead(
    installed: Installed, install: Callable[..., None]
):
    installed("pebble")
    code = "from xblock.core import XBlock\n\n\nclass Better(XBlock):\n    pass\n"
    install(code, "better", "pebble", suffix=":Better", group="xblock.v1.overrides")
    assert Host(["pebble"]).start().block_class("pebble").unmixed_class.__name__ == "Better"


def test_types_are_found_whatever_the_case(installed: Installed):
    installed("pebble")
    host = Host(["Pebble"]).start()
    assert host.is_allowed("PEBBLE")
    assert host.block_class("PEBBLE").plugin_name == "pebble"


def test_the_class_of_a_type_is_made_once(host: Host):
    assert host.block_class("mtd_text") is host.block_class("mtd_text")


def test_the_files_of_a_block_are_found_beside_its_module():
    kind = Host().start().block_class("mtd_check")
    assert b"csrftoken" in kind.open_local_resource("public/cookie-token.js").read()
