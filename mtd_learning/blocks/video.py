"""A film or a recording, always with its words; without a file, the words alone."""

from typing import Any

from web_fragments.fragment import Fragment
from xblock.fields import Scope

from mtd_learning.blocks.block import Fixed, MtdBlock, Plain


class RecordingBlock(MtdBlock):
    """Plays something that was recorded, or lets it be read."""

    same_for_all = True

    title = Plain(scope=Scope.content, default="")
    file = Plain(scope=Scope.content, default="")
    transcript = Plain(scope=Scope.content, default="")
    captions = Fixed(scope=Scope.content, default=())
    kind = ""

    def student_view(self, context: Any = None) -> Fragment:
        """Return the player and the transcript."""
        src = self.media(self.file) if self.file else ""
        return self._shown(src, [(lang, self.media(file)) for lang, file in self.captions])

    def paper_view(self, context: Any = None) -> Fragment:
        """Return the transcript."""
        return self._shown("", [])

    def _shown(self, src: str, tracks: list[tuple[str, str]]) -> Fragment:
        return self.show(
            "recording.html",
            kind=self.kind,
            title=self.title,
            src=src,
            tracks=tracks,
            transcript=self.transcript,
        )


class VideoBlock(RecordingBlock):
    """Plays a film."""

    kind = "video"

    @staticmethod
    def workbench_scenarios() -> list[tuple[str, str]]:
        """Return an example for a foreign workbench."""
        return [("mtd video", "<mtd_video title='Milo' transcript='Milo waits.'/>")]


class AudioBlock(RecordingBlock):
    """Plays a voice."""

    kind = "audio"

    @staticmethod
    def workbench_scenarios() -> list[tuple[str, str]]:
        """Return an example for a foreign workbench."""
        return [("mtd audio", "<mtd_audio title='Milo' transcript='Milo waits.'/>")]
