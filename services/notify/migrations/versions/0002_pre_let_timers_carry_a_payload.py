"""Let timers carry a payload."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0002"
down_revision = "0001"


# There is no way back: a later migration mends an earlier one.
def upgrade() -> None:
    op.add_column(
        "timer",
        sa.Column(
            "payload",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default=sa.text("'{}'"),
            nullable=False,
        ),
        schema="notify",
    )
    op.add_column("timer", sa.Column("traceparent", sa.Text(), nullable=True), schema="notify")
    op.add_column("timer", sa.Column("request_id", sa.Text(), nullable=True), schema="notify")
