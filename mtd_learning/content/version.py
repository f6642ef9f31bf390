"""How large a step a new version must be, judged by what it asks of people under way."""

from collections.abc import Iterator, Mapping
from typing import Any

STEPS = ("patch", "minor", "major")


def smallest_step(old: Mapping[str, Any], new: Mapping[str, Any]) -> str | None:
    """Return "patch", "minor" or "major", or None if the manifests say the same."""
    found = [step for step, _ in differences(old, new)]
    return max(found, key=STEPS.index) if found else None


def differences(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Return each step that is needed, with its reason."""
    yield from _units(_by_id(old), _by_id(new))
    for name, marks in new.get("quizzes", {}).items():
        before = old.get("quizzes", {}).get(name)
        if before is not None:
            yield from _marks(name, before, marks)
    if _words(old) != _words(new):
        yield "patch", "words or facts changed"


def is_enough(old_version: str, new_version: str, step: str) -> bool:
    """Say whether going from one version to the other is at least that step."""
    return _numbers(new_version) >= _numbers(next_version(old_version, step))


def is_lower(one: str, other: str) -> bool:
    """Say whether a version comes before another."""
    return _numbers(one) < _numbers(other)


def next_version(version: str, step: str) -> str:
    """Return the version that is one step further."""
    major, minor, patch = _numbers(version)
    if step == "major":
        return f"{major + 1}.0.0"
    return f"{major}.{minor + 1}.0" if step == "minor" else f"{major}.{minor}.{patch + 1}"


def major(version: str) -> int:
    """Return the first number of a version."""
    return _numbers(version)[0]


Units = dict[tuple[str, str], Mapping[str, Any]]


def _units(before: Units, after: Units) -> Iterator[tuple[str, str]]:
    renamed = {(key[0], was): key for key, unit in after.items() for was in unit.get("was", ())}
    followed = set()
    for key, unit in before.items():
        now = key if key in after else renamed.get(key)
        if now is None:
            yield "major", f"unit '{key[1]}' was removed"
            continue
        followed.add(now)
        if after[now]["revision"] > unit["revision"]:
            yield "major", f"unit '{key[1]}' must be done again"
        elif after[now]["required"] and not unit["required"]:
            yield "major", f"unit '{key[1]}' must be done now"
    for key, unit in after.items():
        if key not in followed:
            step = "major" if unit["required"] else "minor"
            yield step, f"unit '{key[1]}' was added"


def _marks(name: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for mark in ("pass_percent", "critical_percent"):
        if new[mark] > old[mark]:
            yield "major", f"quiz '{name}' asks for a higher mark"
    for question in sorted(set(new["critical"]) - set(old["critical"])):
        yield "major", f"question '{question}' is critical now"
    for question, revision in new["questions"].items():
        if revision > old["questions"].get(question, revision):
            yield "major", f"question '{question}' must be answered again"


def _words(manifest: Mapping[str, Any]) -> dict[str, Any]:
    own = ("version", "pilot", "notices")
    return {key: value for key, value in manifest.items() if key not in own}


def _by_id(manifest: Mapping[str, Any]) -> Units:
    return {
        (module["id"], unit["id"]): unit
        for module in manifest["modules"]
        for unit in module["units"]
    }


def _numbers(version: str) -> tuple[int, int, int]:
    first, second, third = (int(part) for part in version.split("."))
    return first, second, third
