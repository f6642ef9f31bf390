"""What it costs to bring the shipped catalogue in, and to publish one changed file again."""

import shutil
import statistics
import tempfile
import time
from datetime import date
from pathlib import Path

from mtd_learning.app import create_app
from mtd_learning.base.db import db, expect_writing
from mtd_learning.content import check, disk, reader
from mtd_learning.library import files
from mtd_learning.library.publishing import bring_and_publish
from mtd_learning.web import i18n

FOLDER = "courses/beside-the-child"
CHANGES = (  # a file, and words in a text of it
    (f"{FOLDER}/a5-safety.yaml", "Nobody in this story"),
    (f"{FOLDER}/i18n/fi/a5-safety.yaml", "Kukaan tässä tarinassa"),
    (f"{FOLDER}/countries/FI/pack.yaml", "On lauantai-ilta"),
    ("quizzes/beside-the-child/a1-role.yaml", "Nearly there"),
)
TIMES = 7


def publish(root: Path) -> tuple[float, int]:
    """Return CPU seconds, and how many editions are new."""
    expect_writing(True)
    begun = time.process_time()
    done, problems = bring_and_publish(
        root, message="bench", today=date.today(), translate=i18n.translate
    )
    db.session.commit()
    if not done:
        raise RuntimeError("\n".join(map(str, problems)))
    return time.process_time() - begun, sum(one.edition is not None for one in done)


def main() -> None:
    """Print the figures of a catalogue of its own."""
    with create_app().test_request_context(), tempfile.TemporaryDirectory() as folder:
        show(Path(folder))


def show(root: Path) -> None:
    for room in disk.ROOMS:
        shutil.copytree(files.shipped() / room, root / room)
    begun = time.process_time()
    found, _ = disk.read(root)
    check.check(reader.read_files(found), date.today())
    print(f"content: {len(found)} files, import and check {time.process_time() - begun:.2f} s CPU")
    seconds, _ = publish(root)
    print(f"content: every variant published for the first time {seconds:.2f} s CPU")
    for path, words in CHANGES:
        place, spent = root / path, []
        text = place.read_text()
        for number in range(TIMES):
            place.write_text(text.replace(words, words + " really" * (number + 1), 1))
            seconds, new = publish(root)
            spent.append(seconds)
        place.write_text(text)
        publish(root)
        least, middle = min(spent), statistics.median(spent)
        print(f"content: {path} changed, {new} editions: {least:.2f} s CPU (median {middle:.2f})")
