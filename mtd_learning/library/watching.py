"""Read the folders directly while somebody writes: a changed file is published at the next page."""

import logging
import threading
from dataclasses import dataclass, field
from pathlib import Path

from mtd_learning.base import clock
from mtd_learning.content.problems import Problem, errors
from mtd_learning.errors import Invalid
from mtd_learning.library import files, publishing
from mtd_learning.library.service import Translate

log = logging.getLogger(__name__)


@dataclass
class Watch:
    """The folder that is watched, and what was wrong with it when it was last read."""

    root: Path
    translate: Translate
    judge: publishing.Judge
    faults: list[Problem] = field(default_factory=list)
    _seen: object = None
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def has_changed(self) -> bool:
        """Say whether a file changed since it was last published."""
        with self._lock:
            return files.signature(self.root) != self._seen

    def publish(self) -> None:
        """Publish the folder as it is now; with a fault the last editions stay."""
        with self._lock:
            seen = files.signature(self.root)
            self._seen = seen
            try:
                done, problems = publishing.bring_and_publish(
                    self.root,
                    message="from the folder",
                    today=clock.today(),
                    translate=self.translate,
                    judge=self.judge,
                )
            except Invalid as error:  # the folder itself is gone or empty
                log.warning("%s", error)
                return
            self.faults = errors(problems)
            for problem in self.faults:
                log.warning("%s", problem)
            for one in done:
                if one.edition is not None:
                    log.info("%s %s: edition %s", one.course_key, one.variant, one.edition.number)
