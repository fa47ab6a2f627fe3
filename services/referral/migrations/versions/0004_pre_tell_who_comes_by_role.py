"""Tell who comes by role."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


# There is no way back: a later migration mends an earlier one.
def upgrade() -> None:
    op.add_column(
        "handoff", sa.Column("accepted_role_code", sa.Text(), nullable=True), schema="referral"
    )
