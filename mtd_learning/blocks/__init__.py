"""XBlocks and the machine that runs them; it knows neither Flask nor a database."""

import sys
from importlib import import_module
from types import ModuleType
from typing import Any


class _Later(ModuleType):
    """Stands in for a module that is imported when it is first asked for something."""

    def __getattr__(self, name: str) -> Any:
        return getattr(import_module(self.__name__), name)


if "yaml" not in sys.modules:
    # XBlock reads YAML in fields of old XML only: no page waits for it, and no server holds it.
    # Nobody but XBlock gets the stand-in.
    sys.modules["yaml"] = _Later("yaml")
    import_module("xblock.fields")
    del sys.modules["yaml"]
