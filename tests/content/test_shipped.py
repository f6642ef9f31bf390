"""The shipped catalogue is without fault and quick to read."""

import subprocess
import sys
from pathlib import Path

from mtd_learning.content import check, compile, gate, overlay, reader

ROOT = Path(__file__).parents[2]


def test_the_shipped_catalogue_has_no_error(today):
    found = check.check(reader.read_folder(ROOT), today)
    assert [str(problem) for problem in found if problem.severity == "error"] == []


def test_every_shipped_variant_can_be_published_at_least_as_a_pilot(today):
    catalogue = reader.read_folder(ROOT)
    for course in catalogue.courses.values():
        for variant in course.variants():
            found = gate.problems(catalogue, course.id, variant, today)
            assert gate.verdict(found) != "closed", [str(problem) for problem in found]
            resolved = overlay.resolve(catalogue, course.id, variant)
            assert compile.compile_resolved(resolved, pilot=True, today=today).manifest["modules"]


def test_import_and_check_of_the_shipped_catalogue_take_at_most_two_seconds_of_cpu():
    code = (
        "import time; from datetime import date; from pathlib import Path\n"
        "from mtd_learning.content import check, reader\n"
        f"check.check(reader.read_folder(Path({str(ROOT)!r})), date(2026, 11, 21))\n"
        "print(time.process_time())"
    )
    said = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=120
    )
    assert float(said.stdout) < 2
