"""the unit to which a learner went back, so that Continue leads there"""

import sqlalchemy as sa
from alembic import op


revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("enrolment", sa.Column("went_back_to", sa.String(), nullable=True))


def downgrade() -> None:
    op.drop_column("enrolment", "went_back_to")
