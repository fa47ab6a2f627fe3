"""Count requests."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


# There is no way back: a later migration mends an earlier one.
def upgrade() -> None:
    op.create_table(
        "request_count",
        sa.Column("key", sa.LargeBinary(), nullable=False),
        sa.Column("minute", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("key", "minute", name=op.f("pk_request_count")),
        schema="casework",
        prefixes=["UNLOGGED"],
    )
