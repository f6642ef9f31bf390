"""The shipped catalogue is without fault, and every variant of it can be published."""

from pathlib import Path

from mtd_learning.content import check, compile, gate, overlay, reader

ROOT = Path(__file__).parents[2]


def test_the_shipped_catalogue_has_no_error(today):
    found = check.check(reader.read_folder(ROOT), today)
    assert [str(problem) for problem in found if problem.severity == "error"] == []


def test_every_shipped_fact_has_a_source_and_every_option_its_feedback(today):
    found = check.check(reader.read_folder(ROOT), today)
    assert [str(problem) for problem in found if problem.code == "S101"] == []


def test_every_shipped_variant_can_be_published_at_least_as_a_pilot(today):
    catalogue = reader.read_folder(ROOT)
    for course in catalogue.courses.values():
        for variant in course.variants():
            found = gate.problems(catalogue, course.id, variant, today)
            assert gate.verdict(found) != "closed", [str(problem) for problem in found]
            resolved = overlay.resolve(catalogue, course.id, variant)
            assert compile.compile_resolved(resolved, pilot=True, today=today).manifest["modules"]
