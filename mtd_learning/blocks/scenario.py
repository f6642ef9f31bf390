"""A story to walk through: choose, hear what follows, go back, try another way."""

from dataclasses import dataclass
from typing import Any

from web_fragments.fragment import Fragment
from webob import Response
from xblock.fields import Scope

from mtd_learning.assessment import scenario as stories
from mtd_learning.assessment.scenario import Choice, Scene, Story, Walk
from mtd_learning.blocks.block import (
    Fixed,
    MtdBlock,
    Plain,
    Posted,
    posting,
    remembered,
)


@dataclass(frozen=True, slots=True)
class Turn:
    """A scene that was passed, and what was chosen in it."""

    scene: Scene
    choice: Choice


class ScenarioBlock(MtdBlock):
    """Keeps the way that a learner walked; the walk itself is followed anew each time."""

    has_form = True
    same_for_all = True

    text = Plain(scope=Scope.content, default="")
    start = Plain(scope=Scope.content, default="start")
    scenes = Fixed(scope=Scope.content, default=None)
    debrief = Plain(scope=Scope.content, default="")
    path = Fixed(scope=Scope.user_state, default=())
    missing = Fixed(scope=Scope.user_state, default=False)

    @property
    def begun(self) -> bool:
        """Return whether a choice was made."""
        return bool(self.path)

    def student_view(self, context: Any = None) -> Fragment:
        """Return the story as far as it was walked, and what can be chosen now."""
        story = self._story()
        walk = stories.follow(story, self.path)
        scene = stories.last_scene(story, walk) if walk.ended else story.scenes[walk.at]
        return self.show(
            "scenario.html",
            text=self.text,
            debrief=self.debrief,
            turns=[Turn(story.scenes[at[0]], stories.choice_of(story, at)) for at in walk.path],
            scene=scene,
            choices=stories.open_choices(story, walk),
            missing=self.missing and not walk.ended,
        )

    def paper_view(self, context: Any = None) -> Fragment:
        """Return the whole story, to be read by a group."""
        return self.show(
            "paper/scenario.html",
            text=self.text,
            debrief=self.debrief,
            scenes=stories.dialogue(self._story()),
        )

    @posting
    def submit(self, posted: Posted) -> Response:
        """Make a choice; when the story has ended, the block is done."""
        story = self._story()
        walk = stories.follow(story, self.path)
        chosen = posted.text("choice")
        # A form that was sent twice, or from an older page, names a step that is over.
        if posted.whole("step") in (-1, len(walk.path)):
            is_open = chosen in [one.id for one in stories.open_choices(story, walk)]
            self.missing = not is_open and not walk.ended
            if is_open:
                walk = stories.choose(story, walk, chosen)
                self._keep(walk)
        return self._answered(posted, walk)

    @posting
    def back(self, posted: Posted) -> Response:
        """Go back to an earlier choice; what was done stays done."""
        story = self._story()
        walk = stories.back(story, stories.follow(story, self.path), posted.whole("step"))
        self._keep(walk)
        return self._answered(posted, walk)

    def _keep(self, walk: Walk) -> None:
        self.path = [list(step) for step in walk.path]
        self.missing = False
        if walk.ended:
            self.done()

    def _answered(self, posted: Posted, walk: Walk) -> Response:
        said = {"path": [list(one) for one in walk.path], "ended": walk.ended}
        last = len(walk.path) - 1
        return self.reply(posted, said, f"{self.html_id}-{last}" if last >= 0 else None)

    def _story(self) -> Story:
        return Story(self.start, remembered(stories.scenes_of, self.scenes or {}))

    @staticmethod
    def workbench_scenarios() -> list[tuple[str, str]]:
        """Return an example for a foreign workbench."""
        return [
            (
                "mtd scenario",
                """<mtd_scenario text="Ali covers his mother." debrief="Tell your coordinator."
                scenes='{"start": {"text": "She is just tired, he says.", "choices": [
                {"id": "a", "text": "She is drunk.", "feedback": "This puts him on trial."},
                {"id": "b", "text": "That was kind.", "feedback": "Open.", "correct": true}]}}'/>
                """,
            )
        ]
