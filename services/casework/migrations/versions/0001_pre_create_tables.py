"""The first tables of the service."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None


# There is no way back: a later migration mends an earlier one.
def upgrade() -> None:
    op.execute(
        "CREATE OR REPLACE FUNCTION casework.app_now() RETURNS timestamptz\nLANGUAGE sql STABLE AS 'SELECT now()'"
    )
    op.create_table(
        "audit_entry",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column(
            "at", sa.DateTime(timezone=True), server_default=sa.text("app_now()"), nullable=False
        ),
        sa.Column("actor_id", sa.Text(), nullable=False),
        sa.Column("function", sa.Text(), nullable=False),
        sa.Column("programme_id", sa.Text(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("resource_kind", sa.Text(), nullable=False),
        sa.Column("resource_id", sa.Text(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("request_id", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "outcome = 'allowed' OR reason IS NOT NULL",
            name=op.f("ck_audit_entry_denied_for_a_reason"),
        ),
        sa.CheckConstraint(
            "outcome IN ('allowed', 'denied')", name=op.f("ck_audit_entry_known_outcome")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_entry")),
        schema="casework",
    )
    op.create_table(
        "failed_delivery",
        sa.Column("consumer", sa.Text(), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("body", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("error", sa.Text(), nullable=False),
        sa.Column(
            "first_failed_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column(
            "last_failed_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column("retry_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "state IN ('retrying', 'parked', 'replaying', 'handled')",
            name=op.f("ck_failed_delivery_known_state"),
        ),
        sa.PrimaryKeyConstraint("consumer", "event_id", name=op.f("pk_failed_delivery")),
        schema="casework",
    )
    op.create_index(
        "ix_failed_delivery_state",
        "failed_delivery",
        ["state", "last_failed_at"],
        unique=False,
        schema="casework",
    )
    op.create_table(
        "inbox",
        sa.Column("consumer", sa.Text(), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column(
            "handled_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.PrimaryKeyConstraint("consumer", "event_id", name=op.f("pk_inbox")),
        schema="casework",
    )
    op.create_table(
        "journal",
        sa.Column("position", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("aggregate_id", sa.Uuid(), nullable=False),
        sa.Column("body", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("committed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("position", name=op.f("pk_journal")),
        sa.UniqueConstraint("event_id", name=op.f("uq_journal_event_id")),
        schema="casework",
    )
    op.create_index(
        "ix_journal_aggregate_id", "journal", ["aggregate_id"], unique=False, schema="casework"
    )
    op.create_table(
        "outbox",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("aggregate_id", sa.Uuid(), nullable=False),
        sa.Column("body", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column(
            "committed_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox")),
        schema="casework",
    )
    op.create_table(
        "participant",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("programme_id", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_participant")),
        schema="casework",
    )
    op.execute("ALTER TABLE casework.participant ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE casework.participant FORCE ROW LEVEL SECURITY")
    op.execute(
        "CREATE POLICY programme ON casework.participant USING (programme_id = current_setting('app.programme_id', true)) WITH CHECK (programme_id = current_setting('app.programme_id', true))"
    )
    op.create_table(
        "relay_state",
        sa.Column("one", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("position", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("published", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.CheckConstraint("one", name=op.f("ck_relay_state_single_row")),
        sa.CheckConstraint(
            "published <= position", name=op.f("ck_relay_state_numbered_before_published")
        ),
        sa.PrimaryKeyConstraint("one", name=op.f("pk_relay_state")),
        schema="casework",
    )
    op.create_table(
        "task",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("aggregate_id", sa.Uuid(), nullable=False),
        sa.Column("programme_id", sa.Text(), nullable=False),
        sa.Column("traceparent", sa.Text(), nullable=True),
        sa.Column("request_id", sa.Text(), nullable=True),
        sa.Column(
            "try_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.Column("attempts", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("last_error", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_task")),
        sa.UniqueConstraint("kind", "aggregate_id", name=op.f("uq_task_kind_aggregate_id")),
        schema="casework",
    )
    op.create_index("ix_task_try_at", "task", ["try_at"], unique=False, schema="casework")
    op.create_table(
        "timeline_entry",
        sa.Column("source_kind", sa.Text(), nullable=False),
        sa.Column("source_id", sa.Uuid(), nullable=False),
        sa.Column("programme_id", sa.Text(), nullable=False),
        sa.Column("referral_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("happened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("detail", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.PrimaryKeyConstraint("source_kind", "source_id", name=op.f("pk_timeline_entry")),
        schema="casework",
    )
    op.execute("ALTER TABLE casework.timeline_entry ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE casework.timeline_entry FORCE ROW LEVEL SECURITY")
    op.execute(
        "CREATE POLICY programme ON casework.timeline_entry USING (programme_id = current_setting('app.programme_id', true)) WITH CHECK (programme_id = current_setting('app.programme_id', true))"
    )
    op.create_index(
        "ix_timeline_entry_referral_id",
        "timeline_entry",
        ["referral_id", "happened_at"],
        unique=False,
        schema="casework",
    )
    op.create_table(
        "timer",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("aggregate_id", sa.Uuid(), nullable=False),
        sa.Column("programme_id", sa.Text(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("try_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attempts", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.CheckConstraint("try_at >= due_at", name=op.f("ck_timer_never_early")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_timer")),
        sa.UniqueConstraint("kind", "aggregate_id", name=op.f("uq_timer_kind_aggregate_id")),
        schema="casework",
    )
    op.create_index("ix_timer_try_at", "timer", ["try_at"], unique=False, schema="casework")
    op.create_table(
        "watermark",
        sa.Column("consumer", sa.Text(), nullable=False),
        sa.Column("subjects", sa.Text(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column(
            "checked_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.PrimaryKeyConstraint("consumer", name=op.f("pk_watermark")),
        schema="casework",
    )
    op.create_table(
        "data_key",
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("wrapped", sa.LargeBinary(), nullable=True),
        sa.Column(
            "made_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("app_now()"),
            nullable=False,
        ),
        sa.Column("destroyed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(wrapped IS NULL) = (destroyed_at IS NOT NULL)",
            name=op.f("ck_data_key_destroyed_has_no_key"),
        ),
        sa.CheckConstraint("version >= 1", name=op.f("ck_data_key_version_from_one")),
        sa.PrimaryKeyConstraint("subject_id", "version", name=op.f("pk_data_key")),
        schema="casework_vault",
    )
    op.create_table(
        "participant_referral",
        sa.Column("referral_id", sa.Uuid(), nullable=False),
        sa.Column("participant_id", sa.Uuid(), nullable=False),
        sa.Column("programme_id", sa.Text(), nullable=False),
        sa.Column("linked_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["participant_id"],
            ["casework.participant.id"],
            name=op.f("fk_participant_referral_participant_id"),
        ),
        sa.PrimaryKeyConstraint("referral_id", name=op.f("pk_participant_referral")),
        schema="casework",
    )
    op.execute("ALTER TABLE casework.participant_referral ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE casework.participant_referral FORCE ROW LEVEL SECURITY")
    op.execute(
        "CREATE POLICY programme ON casework.participant_referral USING (programme_id = current_setting('app.programme_id', true)) WITH CHECK (programme_id = current_setting('app.programme_id', true))"
    )
    op.create_index(
        "ix_participant_referral_participant_id",
        "participant_referral",
        ["participant_id"],
        unique=False,
        schema="casework",
    )
    op.create_table(
        "intake",
        sa.Column("referral_id", sa.Uuid(), nullable=False),
        sa.Column("programme_id", sa.Text(), nullable=False),
        sa.Column("pathway", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("identity_ciphertext", sa.LargeBinary(), nullable=True),
        sa.CheckConstraint(
            "(state = 'ready') = (identity_ciphertext IS NOT NULL)",
            name=op.f("ck_intake_ready_with_identity"),
        ),
        sa.CheckConstraint(
            "state IN ('identity_arriving', 'ready')", name=op.f("ck_intake_known_state")
        ),
        sa.ForeignKeyConstraint(
            ["referral_id"],
            ["casework.participant_referral.referral_id"],
            name=op.f("fk_intake_referral_id"),
        ),
        sa.PrimaryKeyConstraint("referral_id", name=op.f("pk_intake")),
        schema="casework",
    )
    op.execute("ALTER TABLE casework.intake ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE casework.intake FORCE ROW LEVEL SECURITY")
    op.execute(
        "CREATE POLICY programme ON casework.intake USING (programme_id = current_setting('app.programme_id', true)) WITH CHECK (programme_id = current_setting('app.programme_id', true))"
    )
    op.create_index(
        "ix_intake_newest",
        "intake",
        ["programme_id", "received_at", "referral_id"],
        unique=False,
        schema="casework",
    )
    op.execute("INSERT INTO casework.relay_state DEFAULT VALUES")
    # What was audited can neither be changed nor removed by the service that wrote it.
    op.execute("REVOKE UPDATE, DELETE, TRUNCATE ON casework.audit_entry FROM casework_app")
