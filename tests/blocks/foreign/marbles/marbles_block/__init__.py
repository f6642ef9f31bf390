"""Blocks of a stranger that say in different ways, or never, that they are done."""
