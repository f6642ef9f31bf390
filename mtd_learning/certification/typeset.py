"""Turn the values of a certificate into a PDF: a program of its own, JSON in, PDF out.

The typesetter needs 70 MB while it works; in a process of its own it gives them back, and
a page that hangs can be ended.
"""

import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent


def typeset(design: str, values: dict[str, Any]) -> bytes:
    """Return the PDF of one certificate; the same values always give the same bytes."""
    import typst  # Only this process pays for it: 34 MB that the server never needs.

    year, month, day = values["date"]
    return typst.compile(
        HERE / "templates" / f"{design}.typ",
        root=HERE / "templates",
        font_paths=[HERE / "fonts"],
        ignore_system_fonts=True,
        format="pdf",
        sys_inputs={"values": json.dumps(values, ensure_ascii=False)},
        # To keep for years, and for screen readers. Under both a letter that no font has is an
        # error, not an empty box.
        pdf_standards=["a-3a", "ua-1"],
        timestamp=datetime(year, month, day, tzinfo=UTC),
    )


def main() -> None:
    """Read a design's name and its values from standard input, write the PDF to standard output."""
    job = json.load(sys.stdin.buffer)
    sys.stdout.buffer.write(typeset(job["design"], job["values"]))


if __name__ == "__main__":
    main()
