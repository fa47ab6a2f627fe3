"""Tell people and keep a ledger."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0003"
down_revision = "0002"


# There is no way back: a later migration mends an earlier one.
def upgrade() -> None:
    op.create_table(
        "delivery",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("programme_id", sa.Text(), nullable=False),
        sa.Column("notice_id", sa.Uuid(), nullable=False),
        sa.Column("referral_id", sa.Uuid(), nullable=True),
        sa.Column("recipient_id", sa.Text(), nullable=True),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("reason_code", sa.Text(), nullable=True),
        sa.Column("in_doubt", sa.Boolean(), nullable=False),
        sa.Column("disclosure_id", sa.Uuid(), nullable=True),
        sa.Column("planned_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(state IN ('planned', 'handed_over')) = (reason_code IS NULL)",
            name=op.f("ck_delivery_for_a_reason"),
        ),
        sa.CheckConstraint("channel IN ('mail', 'list')", name=op.f("ck_delivery_known_channel")),
        sa.CheckConstraint(
            "state IN ('planned', 'handed_over', 'suppressed', 'failed', 'unknown')",
            name=op.f("ck_delivery_known_state"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delivery")),
        sa.UniqueConstraint("disclosure_id", name=op.f("uq_delivery_disclosure_id")),
        sa.UniqueConstraint(
            "notice_id",
            "channel",
            "recipient_id",
            name="uq_delivery_notice",
            postgresql_nulls_not_distinct=True,
        ),
        schema="notify",
    )
    op.execute("ALTER TABLE notify.delivery ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE notify.delivery FORCE ROW LEVEL SECURITY")
    op.execute("""
    CREATE POLICY programme ON notify.delivery
        USING (programme_id = current_setting('app.programme_id', true))
        WITH CHECK (programme_id = current_setting('app.programme_id', true))
    """)
    op.create_index(
        "ix_delivery_newest",
        "delivery",
        ["programme_id", "planned_at", "id"],
        unique=False,
        schema="notify",
    )
    op.create_table(
        "delivery_address",
        sa.Column("programme_id", sa.Text(), nullable=False),
        sa.Column("staff_id", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("language_code", sa.Text(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "language_code IN ('en', 'es')", name=op.f("ck_delivery_address_known_language")
        ),
        sa.PrimaryKeyConstraint("programme_id", "staff_id", name=op.f("pk_delivery_address")),
        schema="notify",
    )
    op.execute("ALTER TABLE notify.delivery_address ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE notify.delivery_address FORCE ROW LEVEL SECURITY")
    op.execute("""
    CREATE POLICY programme ON notify.delivery_address
        USING (programme_id = current_setting('app.programme_id', true))
        WITH CHECK (programme_id = current_setting('app.programme_id', true))
    """)
    op.create_table(
        "feedback_release",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("programme_id", sa.Text(), nullable=False),
        sa.Column("agency_id", sa.Text(), nullable=False),
        sa.Column("period_from", sa.Date(), nullable=False),
        sa.Column("period_until", sa.Date(), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "rows", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True
        ),
        sa.Column("threshold", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "(rows IS NULL) = (threshold IS NULL)",
            name=op.f("ck_feedback_release_complete_or_announced"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feedback_release")),
        schema="notify",
    )
    op.execute("ALTER TABLE notify.feedback_release ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE notify.feedback_release FORCE ROW LEVEL SECURITY")
    op.execute("""
    CREATE POLICY programme ON notify.feedback_release
        USING (programme_id = current_setting('app.programme_id', true))
        WITH CHECK (programme_id = current_setting('app.programme_id', true))
    """)
    op.create_index(
        "ix_feedback_release_newest",
        "feedback_release",
        ["programme_id", "published_at", "id"],
        unique=False,
        schema="notify",
    )
    op.create_table(
        "staff",
        sa.Column("programme_id", sa.Text(), nullable=False),
        sa.Column("staff_id", sa.Text(), nullable=False),
        sa.Column("role_codes", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("agency_id", sa.Text(), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("programme_id", "staff_id", name=op.f("pk_staff")),
        schema="notify",
    )
    op.execute("ALTER TABLE notify.staff ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE notify.staff FORCE ROW LEVEL SECURITY")
    op.execute("""
    CREATE POLICY programme ON notify.staff
        USING (programme_id = current_setting('app.programme_id', true))
        WITH CHECK (programme_id = current_setting('app.programme_id', true))
    """)
    op.create_table(
        "notice_reading",
        sa.Column("notice_id", sa.Uuid(), nullable=False),
        sa.Column("staff_id", sa.Text(), nullable=False),
        sa.Column("programme_id", sa.Text(), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["notice_id"], ["notify.notice.id"], name=op.f("fk_notice_reading_notice_id")
        ),
        sa.PrimaryKeyConstraint("notice_id", "staff_id", name=op.f("pk_notice_reading")),
        schema="notify",
    )
    op.execute("ALTER TABLE notify.notice_reading ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE notify.notice_reading FORCE ROW LEVEL SECURITY")
    op.execute("""
    CREATE POLICY programme ON notify.notice_reading
        USING (programme_id = current_setting('app.programme_id', true))
        WITH CHECK (programme_id = current_setting('app.programme_id', true))
    """)
    op.add_column("notice", sa.Column("recipient_id", sa.Text(), nullable=True), schema="notify")
    op.add_column("notice", sa.Column("release_id", sa.Uuid(), nullable=True), schema="notify")
    op.add_column(
        "notice", sa.Column("statement_version", sa.Integer(), nullable=True), schema="notify"
    )
    op.alter_column(
        "notice", "recipient_role", existing_type=sa.TEXT(), nullable=True, schema="notify"
    )
    op.alter_column(
        "notice", "referral_id", existing_type=sa.UUID(), nullable=True, schema="notify"
    )
    op.drop_constraint(op.f("uq_notice_cause_id_kind"), "notice", schema="notify", type_="unique")
    op.create_index(
        "ix_notice_newest_own",
        "notice",
        ["programme_id", "recipient_id", "caused_at", "id"],
        unique=False,
        schema="notify",
    )
    op.create_unique_constraint(
        "uq_notice_cause",
        "notice",
        ["cause_id", "kind", "recipient_role", "recipient_id"],
        schema="notify",
        postgresql_nulls_not_distinct=True,
    )
    op.drop_constraint(op.f("ck_notice_known_kind"), "notice", schema="notify", type_="check")
    op.create_check_constraint(
        op.f("ck_notice_known_kind"),
        "notice",
        "kind IN ('referral_arrived', 'handoff_offered', 'nobody_accepted', 'nobody_came', 'followup_due', 'followup_missed', 'somebody_returned', 'received_by_the_programme', 'feedback_published', 'connected', 'working_together', 'completed', 'thank_you')",
        schema="notify",
    )
    op.create_check_constraint(
        op.f("ck_notice_one_recipient"),
        "notice",
        "num_nonnulls(recipient_role, recipient_id) = 1",
        schema="notify",
    )
