"""Say who may reach a record."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


# There is no way back: a later migration mends an earlier one.
def upgrade() -> None:
    op.create_table(
        "firewall_alarm",
        sa.Column("programme_id", sa.Text(), nullable=False),
        sa.Column("staff_id", sa.Text(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("programme_id", "staff_id", "day", name=op.f("pk_firewall_alarm")),
        schema="casework",
    )
    op.execute("ALTER TABLE casework.firewall_alarm ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE casework.firewall_alarm FORCE ROW LEVEL SECURITY")
    op.execute("""
    CREATE POLICY programme ON casework.firewall_alarm
        USING (programme_id = current_setting('app.programme_id', true))
        WITH CHECK (programme_id = current_setting('app.programme_id', true))
    """)
    op.create_table(
        "break_glass_access",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("programme_id", sa.Text(), nullable=False),
        sa.Column("participant_id", sa.Uuid(), nullable=False),
        sa.Column("referral_id", sa.Uuid(), nullable=False),
        sa.Column("staff_id", sa.Text(), nullable=False),
        sa.Column("reason_ciphertext", sa.LargeBinary(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("review_code", sa.Text(), nullable=True),
        sa.Column("reviewed_by", sa.Text(), nullable=True),
        sa.Column("reviewed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(review_code IS NULL) = (reviewed_by IS NULL) AND (review_code IS NULL) = (reviewed_at IS NULL)",
            name=op.f("ck_break_glass_access_reviewed_by_somebody"),
        ),
        sa.CheckConstraint("expires_at > opened_at", name=op.f("ck_break_glass_access_ends")),
        sa.CheckConstraint(
            "reviewed_by <> staff_id", name=op.f("ck_break_glass_access_reviewed_by_another")
        ),
        sa.ForeignKeyConstraint(
            ["participant_id"],
            ["casework.participant.id"],
            name=op.f("fk_break_glass_access_participant_id"),
        ),
        sa.ForeignKeyConstraint(
            ["referral_id"],
            ["casework.intake.referral_id"],
            name=op.f("fk_break_glass_access_referral_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_break_glass_access")),
        schema="casework",
    )
    op.execute("ALTER TABLE casework.break_glass_access ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE casework.break_glass_access FORCE ROW LEVEL SECURITY")
    op.execute("""
    CREATE POLICY programme ON casework.break_glass_access
        USING (programme_id = current_setting('app.programme_id', true))
        WITH CHECK (programme_id = current_setting('app.programme_id', true))
    """)
    op.create_index(
        "ix_break_glass_access_newest",
        "break_glass_access",
        ["programme_id", "opened_at", "id"],
        unique=False,
        schema="casework",
    )
    op.create_index(
        "ix_break_glass_access_referral_id",
        "break_glass_access",
        ["referral_id", "staff_id"],
        unique=False,
        schema="casework",
    )
    op.create_table(
        "restriction",
        sa.Column("referral_id", sa.Uuid(), nullable=False),
        sa.Column("programme_id", sa.Text(), nullable=False),
        sa.Column("restricted_by", sa.Text(), nullable=False),
        sa.Column("restricted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lifted_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["referral_id"],
            ["casework.intake.referral_id"],
            name=op.f("fk_restriction_referral_id"),
        ),
        sa.PrimaryKeyConstraint("referral_id", name=op.f("pk_restriction")),
        schema="casework",
    )
    op.execute("ALTER TABLE casework.restriction ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE casework.restriction FORCE ROW LEVEL SECURITY")
    op.execute("""
    CREATE POLICY programme ON casework.restriction
        USING (programme_id = current_setting('app.programme_id', true))
        WITH CHECK (programme_id = current_setting('app.programme_id', true))
    """)
    op.create_table(
        "named_staff",
        sa.Column("referral_id", sa.Uuid(), nullable=False),
        sa.Column("staff_id", sa.Text(), nullable=False),
        sa.Column("programme_id", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["referral_id"],
            ["casework.restriction.referral_id"],
            name=op.f("fk_named_staff_referral_id"),
        ),
        sa.PrimaryKeyConstraint("referral_id", "staff_id", name=op.f("pk_named_staff")),
        schema="casework",
    )
    op.execute("ALTER TABLE casework.named_staff ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE casework.named_staff FORCE ROW LEVEL SECURITY")
    op.execute("""
    CREATE POLICY programme ON casework.named_staff
        USING (programme_id = current_setting('app.programme_id', true))
        WITH CHECK (programme_id = current_setting('app.programme_id', true))
    """)
