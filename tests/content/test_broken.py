"""One fault a file, each with the message it must give."""

import re
from datetime import date
from pathlib import Path

import pytest

from mtd_learning.blocks import foreign
from mtd_learning.content import gate, reader
from mtd_learning.content.variant import Variant

BROKEN = Path(__file__).parents[1] / "courses" / "broken"
MESSAGES = (BROKEN / "messages.txt").read_text("utf-8").splitlines()
GATES = (BROKEN / "gates.txt").read_text("utf-8").splitlines()
TODAY = date(2026, 11, 21)
CODES = {
    *(f"Y00{n}" for n in range(2, 9)),
    *("S100", "S101", "S102", "S103", "S104", "S110", "S120", "S121"),
    *("T201", "T202", "T203", "T204"),
    *(f"P30{n}" for n in range(1, 8)),
    *("S130", "S131", "S140", "S141", "W501"),
}
ALLOWED = ("thumbs", "slider_demo", "html_demo", "nowhere")


@pytest.fixture(scope="module")
def found():
    return foreign.check(reader.read_folder(BROKEN), TODAY, ALLOWED)


@pytest.fixture(scope="module")
def said(found):
    return {str(problem) for problem in found}


@pytest.mark.parametrize("message", MESSAGES, ids=lambda text: text.split(": ")[0])
def test_the_fault_is_told_in_these_words(said, message):
    assert message in said


def test_nothing_else_is_told(said):
    assert said - set(MESSAGES) == set()


def test_the_problems_come_sorted_by_file_and_place(found):
    assert found == sorted(found)


def test_every_code_has_a_broken_file():
    """Y001 is in test_events, because a file of 513 kB does not belong in a repository."""
    assert {re.search(r" ([A-Z]\d+): ", line)[1] for line in MESSAGES} == CODES


def test_each_file_of_the_faults_holds_one_fault():
    files = [line.partition(":")[0] for line in MESSAGES]
    assert len(files) == len(set(files))


@pytest.mark.parametrize("line", GATES, ids=lambda text: text.split(": ")[0])
def test_the_gate_is_closed_in_these_words(line):
    variant, _, message = line.partition(" ")
    found = gate.problems(reader.read_folder(BROKEN), "gates", Variant.parse(variant), TODAY)
    assert [str(problem) for problem in found] == [message]
