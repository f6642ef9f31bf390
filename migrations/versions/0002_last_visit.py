"""the day of a person's last visit, and of the letter after a long silence"""

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op


revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Not in a batch: on SQLite that would drop the table to which all others point.
    seen_at = sa.Column("seen_at", sa.DateTime(timezone=True), nullable=True)
    op.add_column("user", seen_at)
    op.add_column("user", sa.Column("warned_at", sa.DateTime(timezone=True), nullable=True))
    # Nobody knows when those were last here whose sessions have ended: the time begins today.
    user = sa.table("user", sa.column("seen_at", sa.DateTime(timezone=True)))
    op.execute(user.update().values(seen_at=datetime.now(UTC)))


def downgrade() -> None:
    op.drop_column("user", "warned_at")
    op.drop_column("user", "seen_at")
