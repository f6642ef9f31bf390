"""Walk a branching story: scenes, choices, what they set, and a way back."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from mtd_learning.errors import N_, Invalid

LONGEST_WALK = 200
"""After so many choices a story ends by itself, however its scenes lead in circles."""

# Nothing is tried twice (*+), however long the text.
_CONDITION = re.compile(r"([A-Za-z_][\w-]*+)\s*+(==|!=)\s*+(.*+)")

Step = tuple[str, str]
"""A scene's id and the id of the choice made there."""


@dataclass(frozen=True, slots=True)
class Condition:
    """A variable that must have a value, or must not."""

    name: str
    value: str
    equal: bool = True

    def holds(self, variables: Mapping[str, str]) -> bool:
        """Return whether it holds; a variable that was never set is empty."""
        return (variables.get(self.name, "") == self.value) is self.equal


@dataclass(frozen=True, slots=True)
class Choice:
    """Something one may say or do in a scene."""

    id: str
    text: str
    feedback: str = ""
    correct: bool = False
    to: str = ""
    set: tuple[tuple[str, str], ...] = ()
    when: tuple[Condition, ...] = ()


@dataclass(frozen=True, slots=True)
class Scene:
    """One situation and what can be done in it."""

    id: str
    text: str
    choices: tuple[Choice, ...] = ()
    end: bool = False

    @property
    def has_better(self) -> bool:
        """Return whether one choice is marked as the better one."""
        return any(choice.correct for choice in self.choices)


@dataclass(frozen=True, slots=True)
class Story:
    """Scenes by their id, and the id of the one in which they begin."""

    start: str
    scenes: Mapping[str, Scene]


@dataclass(frozen=True, slots=True)
class Walk:
    """Where somebody is in a story, and how they came there."""

    path: tuple[Step, ...] = ()
    variables: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    at: str = ""

    @property
    def ended(self) -> bool:
        """Return whether there is no scene left to choose in."""
        return not self.at


@dataclass(frozen=True, slots=True)
class Earlier:
    """What must have been chosen before, one of it, or must not: each with its scene's place."""

    made: bool
    choices: tuple[tuple[int, Choice], ...]


@dataclass(frozen=True, slots=True)
class Printed:
    """A choice on paper: the place of the scene that follows, counted from 1, or 0 at the end of
    the story; and, where it is not open to all, to whom it is."""

    choice: Choice
    next: int
    asked: tuple[Earlier, ...] = ()


def scenes_of(raw: Mapping[str, Any]) -> dict[str, Scene]:
    """Return the scenes of a story from their compiled form, by their id."""
    return {key: _scene(key, scene) for key, scene in raw.items()}


def start(story: Story) -> Walk:
    """Return the walk that has just begun."""
    return _arrive(story, (), {}, story.start)


def open_choices(story: Story, walk: Walk) -> tuple[Choice, ...]:
    """Return what can be chosen now."""
    scene = story.scenes.get(walk.at)
    if scene is None:
        return ()
    return tuple(one for one in scene.choices if _is_open(one, walk.variables))


def choose(story: Story, walk: Walk, choice_id: str) -> Walk:
    """Return the walk one choice further; a choice that is not open is refused."""
    chosen = next((one for one in open_choices(story, walk) if one.id == choice_id), None)
    if chosen is None:
        raise Invalid(N_("This choice is not open here."), field="choice")
    variables = {**walk.variables, **dict(chosen.set)}
    return _arrive(story, (*walk.path, (walk.at, chosen.id)), variables, chosen.to)


def follow(story: Story, path: Sequence[Any]) -> Walk:
    """Return the walk along a stored path, as far as the story still goes that way."""
    walk = start(story)
    for step in path[:LONGEST_WALK] if isinstance(path, (list, tuple)) else ():
        scene, choice = step if isinstance(step, (list, tuple)) and len(step) == 2 else ("", "")
        if scene != walk.at or choice not in [one.id for one in open_choices(story, walk)]:
            break
        walk = choose(story, walk, choice)
    return walk


def back(story: Story, walk: Walk, step: int) -> Walk:
    """Return the walk as it was before its choice number `step`, counted from 0."""
    return follow(story, walk.path[: max(0, step)])


def choice_of(story: Story, step: Step) -> Choice:
    """Return the choice that a step made."""
    return next(one for one in story.scenes[step[0]].choices if one.id == step[1])


def dialogue(story: Story) -> tuple[tuple[Scene, tuple[Printed, ...]], ...]:
    """Return the whole story for paper: its scenes in reading order, with what one may choose."""
    order, waiting = [], [story.start]
    while waiting:
        key = waiting.pop(0)
        if key in order or key not in story.scenes:
            continue
        order.append(key)
        waiting += [choice.to for choice in story.scenes[key].choices if choice.to]
    places = {key: place for place, key in enumerate(order, start=1)}
    return tuple((story.scenes[key], tuple(_printed(story, key, places))) for key in order)


def _printed(story: Story, key: str, places: Mapping[str, int]) -> Iterator[Printed]:
    """Return the choices of a scene, without those that nothing can open."""
    for choice in story.scenes[key].choices:
        rules = [_earlier(story, key, condition, places) for condition in choice.when]
        if all(rule.choices or not rule.made for rule in rules):
            asked = tuple(rule for rule in rules if rule.choices)
            yield Printed(choice, places.get(choice.to, 0), asked)


def _earlier(story: Story, key: str, condition: Condition, places: Mapping[str, int]) -> Earlier:
    """Return a condition of a scene as the choices, on the ways there, that fulfil or break it."""
    made = condition.equal is bool(condition.value)  # what was never set is empty
    setting = tuple(
        (place, choice)
        for earlier, place in places.items()
        for choice in story.scenes[earlier].choices
        if _sets(choice, condition) and _leads(story, choice.to, key)
    )
    return Earlier(made, setting)


def _sets(choice: Choice, condition: Condition) -> bool:
    value = dict(choice.set).get(condition.name, "")
    return value == condition.value if condition.value else bool(value)


def _leads(story: Story, start: str, end: str) -> bool:
    """Return whether a way leads from one scene to another, or it is the same."""
    seen, waiting = set[str](), [start]
    while waiting:
        key = waiting.pop()
        if key in story.scenes and key not in seen:
            seen.add(key)
            waiting += [choice.to for choice in story.scenes[key].choices]
    return end in seen


def _arrive(story: Story, path: tuple[Step, ...], variables: Mapping[str, str], key: str) -> Walk:
    """Return the walk in a scene, or ended when the scene is an end or nothing can be chosen."""
    here = Walk(path, MappingProxyType(dict(variables)), key)
    scene = story.scenes.get(key)
    stuck = scene is None or scene.end or not open_choices(story, here)
    if stuck or len(path) >= LONGEST_WALK:
        return Walk(path, here.variables, "")
    return here


def last_scene(story: Story, walk: Walk) -> Scene | None:
    """Return the scene in which an ended walk ended, where the story has one."""
    if not walk.ended:
        return None
    key = choice_of(story, walk.path[-1]).to if walk.path else story.start
    return story.scenes.get(key)


def _is_open(choice: Choice, variables: Mapping[str, str]) -> bool:
    return all(condition.holds(variables) for condition in choice.when)


def _scene(key: str, raw: Mapping[str, Any]) -> Scene:
    choices = tuple(_choice(one) for one in raw.get("choices") or ())
    return Scene(key, raw.get("text") or "", choices, bool(raw.get("end")))


def _choice(raw: Mapping[str, Any]) -> Choice:
    return Choice(
        id=raw["id"],
        text=raw["text"],
        feedback=raw.get("feedback") or "",
        correct=bool(raw.get("correct")),
        to=raw.get("to") or "",
        set=tuple((raw.get("set") or {}).items()),
        when=conditions(raw.get("when") or ""),
    )


def conditions(text: str) -> tuple[Condition, ...]:
    """Return the conditions of a sentence like `mood == calm and told != yes`."""
    if not text.strip():
        return ()
    return tuple(_condition(part) for part in re.split(r"\sand\s", text))


def _condition(text: str) -> Condition:
    match = _CONDITION.fullmatch(text.strip())
    if match is None:
        raise Invalid(N_("%(text)r is not a condition; write name == value."), text=text)
    name, sign, value = match.groups()
    return Condition(name, value.strip("\"'"), sign == "==")
