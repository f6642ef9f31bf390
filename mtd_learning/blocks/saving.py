"""What saves itself in one window does not replace unseen what another one saved."""

from mtd_learning.blocks.block import Posted
from mtd_learning.errors import N_, Conflict

CHANGED = N_(
    "This was changed in another window or on another device. To see the change, load this page "
    "again. To keep what is on this page instead, press the button here."
)


def must_know(posted: Posted, saved_at: str, window: str) -> None:
    """Refuse what a window saves by itself that does not know what was saved last.

    It knows what it was opened with, and what it saved, also where no reply came. A button that
    somebody presses names no window: who presses it means it.
    """
    here = posted.text("window")
    if here and here != window and posted.text("seen") != saved_at:
        raise Conflict(CHANGED)
