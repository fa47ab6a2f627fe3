"""Note who probes."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


# There is no way back: a later migration mends an earlier one.
def upgrade() -> None:
    op.create_table(
        "probing_alarm",
        sa.Column("programme_id", sa.Text(), nullable=False),
        sa.Column("staff_id", sa.Text(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("programme_id", "staff_id", "day", name=op.f("pk_probing_alarm")),
        schema="casework",
    )
    op.execute("ALTER TABLE casework.probing_alarm ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE casework.probing_alarm FORCE ROW LEVEL SECURITY")
    op.execute("""
    CREATE POLICY programme ON casework.probing_alarm
        USING (programme_id = current_setting('app.programme_id', true))
        WITH CHECK (programme_id = current_setting('app.programme_id', true))
    """)
