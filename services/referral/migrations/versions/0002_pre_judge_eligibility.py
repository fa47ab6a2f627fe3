"""Judge eligibility."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0002"
down_revision = "0001"


# There is no way back: a later migration mends an earlier one.
def upgrade() -> None:
    op.create_table(
        "programme",
        sa.Column("programme_id", sa.Text(), nullable=False),
        sa.Column("policy_id", sa.Text(), nullable=False),
        sa.Column("time_zone", sa.Text(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_by", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("programme_id", name=op.f("pk_programme")),
        schema="referral",
    )
    op.execute("ALTER TABLE referral.programme ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE referral.programme FORCE ROW LEVEL SECURITY")
    op.execute("""
    CREATE POLICY programme ON referral.programme
        USING (programme_id = current_setting('app.programme_id', true))
        WITH CHECK (programme_id = current_setting('app.programme_id', true))
    """)
    op.create_table(
        "eligibility",
        sa.Column("referral_id", sa.Uuid(), nullable=False),
        sa.Column("programme_id", sa.Text(), nullable=False),
        sa.Column("policy_id", sa.Text(), nullable=False),
        sa.Column("policy_version", sa.Integer(), nullable=False),
        sa.Column("result", sa.Text(), nullable=False),
        sa.Column("reason_codes", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "result IN ('eligible', 'not_eligible', 'coordinator_decides')",
            name=op.f("ck_eligibility_known_result"),
        ),
        sa.ForeignKeyConstraint(
            ["referral_id"], ["referral.referral.id"], name=op.f("fk_eligibility_referral_id")
        ),
        sa.PrimaryKeyConstraint("referral_id", name=op.f("pk_eligibility")),
        schema="referral",
    )
    op.execute("ALTER TABLE referral.eligibility ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE referral.eligibility FORCE ROW LEVEL SECURITY")
    op.execute("""
    CREATE POLICY programme ON referral.eligibility
        USING (programme_id = current_setting('app.programme_id', true))
        WITH CHECK (programme_id = current_setting('app.programme_id', true))
    """)
    op.add_column(
        "referral",
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        schema="referral",
    )
    op.add_column(
        "referral", sa.Column("withdrawn_by", sa.Text(), nullable=True), schema="referral"
    )
    op.add_column(
        "referral", sa.Column("withdrawal_reason_code", sa.Text(), nullable=True), schema="referral"
    )
    op.add_column(
        "timer",
        sa.Column(
            "payload",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default=sa.text("'{}'"),
            nullable=False,
        ),
        schema="referral",
    )
    op.add_column("timer", sa.Column("traceparent", sa.Text(), nullable=True), schema="referral")
    op.add_column("timer", sa.Column("request_id", sa.Text(), nullable=True), schema="referral")
