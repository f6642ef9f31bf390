"""The `mtd` command: options in, one verb, commit, one line out."""

import gc


def main() -> None:
    """Run the command; a refusal is one sentence and exit code 1."""
    # Loading some 900 modules sets the collector off dozens of times, and it finds nothing: a
    # fifth of a start. What was loaded stays for good, so it is never looked at again.
    gc.disable()
    from mtd_learning.cli import commands

    gc.freeze()
    gc.enable()
    commands.run()
