"""Run the typesetter as a process of its own: its memory is given back, and a hang is ended."""

import json
import logging
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from mtd_learning.certification import designs
from mtd_learning.errors import N_, Unavailable

log = logging.getLogger(__name__)

TYPESET_SECONDS = 20
PACKAGE = Path(__file__).parent.parent.parent


def typeset(values: Mapping[str, Any]) -> bytes:
    """Return the PDF of a certificate, or Unavailable when it cannot be made just now."""
    try:
        done = subprocess.run(
            [sys.executable, "-m", "mtd_learning.certification.typeset"],
            input=json.dumps({"design": designs.DESIGN, "values": values}).encode(),
            capture_output=True,
            timeout=TYPESET_SECONDS,
            cwd=PACKAGE,
            check=True,
        )
    except (OSError, subprocess.SubprocessError) as error:
        said = getattr(error, "stderr", None) or b""
        log.error(
            "The typesetter failed: %s %s",
            type(error).__name__,
            said[-400:].decode("utf-8", "replace"),
        )
        raise Unavailable(
            N_("The certificate cannot be printed just now. Please try again later.")
        ) from error
    return done.stdout
