"""One block for each way in which a class speaks of completion."""

from web_fragments.fragment import Fragment
from xblock.completable import CompletableXBlockMixin, XBlockCompletionMode
from xblock.core import XBlock


class Silent(XBlock):
    """Says nothing of itself."""

    def student_view(self, context=None):
        """Show a sentence."""
        return Fragment("<p>Marbles</p>")

    @XBlock.json_handler
    def play(self, data, suffix=""):
        """Take a marble."""
        return {}


class Graded(Silent):
    """Is done with its grade."""

    has_score = True

    @XBlock.json_handler
    def play(self, data, suffix=""):
        """Take a marble; it is worth little."""
        self.runtime.publish(self, "grade", {"value": 0, "max_value": 1})


class Completing(CompletableXBlockMixin, Silent):
    """Says itself that it is done."""

    @XBlock.json_handler
    def play(self, data, suffix=""):
        """Take the last marble."""
        self.emit_completion(1.0)


class Holding(Graded):
    """Only holds others."""

    completion_mode = XBlockCompletionMode.AGGREGATOR


class Aside(Graded):
    """Wants to be left out."""

    completion_mode = XBlockCompletionMode.EXCLUDED


class Seen(Silent):
    """Is done when it was seen."""

    completion_mode = XBlockCompletionMode.COMPLETABLE
