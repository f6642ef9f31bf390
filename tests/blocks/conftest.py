"""A host with our blocks, and distributions of strangers that a test can install."""

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from mtd_learning.blocks.host import Host
from tests.blocks.making import install

STRANGERS = {"pebble_block", "pebble_too", "lantern_block", "marbles_block"}


@pytest.fixture(scope="session")
def host() -> Host:
    """Return a host of our blocks; a block that breaks breaks the test."""
    return Host(strict=True).start()


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., Path]]:
    """Return a function that installs distributions for the time of one test."""

    def put(*names: str) -> Path:
        place = tmp_path / "site"
        for name in names:
            install(name, place)
        monkeypatch.syspath_prepend(str(place))
        return place

    yield put
    for name in [one for one in sys.modules if one.partition(".")[0] in STRANGERS]:
        del sys.modules[name]
