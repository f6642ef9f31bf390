"""Run the database's history with the application's own engine, so that one setting serves both."""

from alembic import context
from flask import current_app

handle = current_app.extensions["migrate"].db
target_metadata = handle.metadata


def run() -> None:
    """Change the tables, each file in a transaction of its own."""
    with handle.engine.connect() as connection:
        context.configure(
            connection=connection,
            target_metadata=target_metadata,
            render_as_batch=True,
            compare_type=True,
            transaction_per_migration=True,
        )
        with context.begin_transaction():
            context.run_migrations()


run()
