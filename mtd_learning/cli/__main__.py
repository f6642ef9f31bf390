"""`python -m mtd_learning.cli` is `mtd`."""

from mtd_learning.cli import main

main()
