"""Our blocks in a foreign host, xblock-sdk's workbench: unchanged, with what learners did kept."""

import subprocess
import sys
from pathlib import Path

VISIT = Path(__file__).parent / "workbench_visit.py"


def test_our_blocks_run_unchanged_in_the_workbench(tmp_path: Path):
    (tmp_path / "var").mkdir()
    clean = {"DJANGO_SETTINGS_MODULE": "workbench.settings", "PATH": "/usr/bin:/bin"}
    visit = subprocess.run(
        [sys.executable, str(VISIT)], cwd=tmp_path, env=clean, capture_output=True, text=True
    )
    assert visit.returncode == 0, visit.stderr[-3000:]
    assert visit.stdout.strip().endswith("visited 14")
