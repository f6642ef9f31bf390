"""Log lines: JSON where a machine reads them, plain on a terminal, and nobody's address in them."""

import json
import logging
import re
import sys
from datetime import UTC, datetime
from secrets import randbelow

from flask import g, has_request_context

# Begins at the beginning of a word only: from each letter of a long one it would take minutes.
_ADDRESS = re.compile(r"(?<![^\s<>()'\"=,;])[^\s<>()'\"=,;]+@[\w-]+(\.[\w-]+)+")


class Line(logging.Formatter):
    """One record as a line; a record with `whole=True` is a letter that has nowhere else to go."""

    def __init__(self, *, as_json: bool) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s: %(message)s")
        self._as_json = as_json

    def format(self, record: logging.LogRecord) -> str:
        """Return the line, with the number of the request in which it was written."""
        number = request_id()
        if self._as_json:
            line = self._json(record, number)
        else:
            line = super().format(record) + (f" (request {number})" if number else "")
        return line if getattr(record, "whole", False) else _ADDRESS.sub("…@…", line)

    def _json(self, record: logging.LogRecord, number: str) -> str:
        said = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
            "request_id": number,
            "exception": self.formatException(record.exc_info) if record.exc_info else "",
        }
        return json.dumps({name: one for name, one in said.items() if one}, ensure_ascii=False)


def request_id() -> str:
    """Return the number of this request, made when it is first asked for; outside of one, none."""
    if not has_request_context():
        return ""
    if "request_id" not in g:
        g.request_id = f"{randbelow(10**8):08}"
    number: str = g.request_id
    return number


def start() -> None:
    """Write to stderr what this process logs, unless somebody has said already where it goes."""
    if logging.getLogger().handlers:
        return
    out = logging.StreamHandler()
    out.setFormatter(Line(as_json=not sys.stderr.isatty()))
    logging.getLogger().addHandler(out)
    logging.getLogger("mtd_learning").setLevel(logging.INFO)
