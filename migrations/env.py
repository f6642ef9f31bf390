"""Run the database's history with the application's own engine, so that one setting serves both."""

from alembic import context
from flask import current_app

from mtd_learning.base.db import UTCDateTime

handle = current_app.extensions["migrate"].db
target_metadata = handle.metadata


def render_item(kind: str, item: object, autogen: object) -> str | bool:
    """Write our UTC times as what they are in the database, so that history needs none of our code."""
    if kind == "type" and isinstance(item, UTCDateTime):
        return "sa.DateTime(timezone=True)"
    return False


def run() -> None:
    """Change the tables, each file in a transaction of its own."""
    with handle.engine.connect() as connection:
        context.configure(
            connection=connection,
            target_metadata=target_metadata,
            render_as_batch=True,
            render_item=render_item,
            compare_type=True,
            transaction_per_migration=True,
        )
        with context.begin_transaction():
            context.run_migrations()


run()
