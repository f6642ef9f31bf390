"""Log lines: one JSON object each, the number of the request in it, and nobody's address."""

import io
import json
import logging
import sys
import time

import pytest
from flask import Flask

from mtd_learning.base import logs


def a_log(*, as_json: bool) -> tuple[logging.Logger, io.StringIO]:
    """Return a logger and what it has written, as a machine or a terminal reads it."""
    written = io.StringIO()
    stream = logging.StreamHandler(written)
    stream.setFormatter(logs.Line(as_json=as_json))
    log = logging.Logger("mtd_learning.shop")
    log.addHandler(stream)
    return log, written


def test_a_machine_reads_one_object_a_line_with_the_fault_and_the_number_of_the_request():
    log, written = a_log(as_json=True)
    with Flask("x").test_request_context():
        try:
            raise ValueError("two\nlines")
        except ValueError:
            log.exception("It broke at %s", "noon")
        number = logs.request_id()
    log.info("outside of a request")
    first, second = map(json.loads, written.getvalue().splitlines())
    assert first["message"] == "It broke at noon" and "ValueError: two" in first["exception"]
    assert (first["level"], first["logger"]) == ("error", "mtd_learning.shop")
    assert first["request_id"] == number and len(number) == 8
    assert "request_id" not in second and "exception" not in second


def test_a_person_at_a_terminal_reads_a_plain_line():
    log, written = a_log(as_json=False)
    with Flask("x").test_request_context():
        log.warning("It rains")
        assert written.getvalue().endswith(f"It rains (request {logs.request_id()})\n")


@pytest.mark.parametrize("as_json", [True, False])
def test_no_line_holds_an_address_but_a_letter_that_has_nowhere_else_to_go(as_json):
    log, written = a_log(as_json=as_json)
    log.error("refused: {'vilma.v+x@mail.example.org': 550}")
    assert "vilma" not in written.getvalue() and "550" in written.getvalue()
    log.warning("Letter to vilma@example.org", extra={"whole": True})
    assert "vilma@example.org" in written.getvalue()


@pytest.mark.parametrize("word", ["a", "a/", "a@", "a@b.", "é-"])
def test_a_long_word_in_a_line_holds_nobody_up(word):
    log, _written = a_log(as_json=True)
    began = time.process_time()
    log.error("File name too long: %s", word * 100_000)
    assert time.process_time() - began < 2


def test_two_requests_have_two_numbers():
    numbers = set()
    for _ in range(2):
        with Flask("x").test_request_context():
            numbers.add(logs.request_id())
    assert len(numbers) == 2 and logs.request_id() == ""


def test_who_has_said_already_where_the_log_goes_is_heeded(monkeypatch):
    root, ours = logging.getLogger(), logging.getLogger("mtd_learning")
    monkeypatch.setattr(ours, "level", ours.level)
    others = [logging.NullHandler()]
    monkeypatch.setattr(root, "handlers", others)
    logs.start()
    assert root.handlers == others
    monkeypatch.setattr(root, "handlers", [])
    logs.start()
    (made,) = root.handlers
    assert isinstance(made.formatter, logs.Line) and made.stream is sys.stderr
