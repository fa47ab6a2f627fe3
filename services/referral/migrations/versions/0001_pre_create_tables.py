"""The first tables of the service."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None


# There is no way back: a later migration mends an earlier one.
def upgrade() -> None:
    op.execute(
        "CREATE OR REPLACE FUNCTION referral.app_now() RETURNS timestamptz\nLANGUAGE sql STABLE AS 'SELECT now()'"
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
        schema="referral",
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
        schema="referral",
    )
    op.create_index(
        "ix_failed_delivery_state",
        "failed_delivery",
        ["state", "last_failed_at"],
        unique=False,
        schema="referral",
    )
    op.create_table(
        "idempotency_key",
        sa.Column("actor_id", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("fingerprint", sa.LargeBinary(), nullable=False),
        sa.Column("resource_id", sa.Uuid(), nullable=False),
        sa.Column(
            "claimed_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("app_now()"),
            nullable=False,
        ),
        sa.PrimaryKeyConstraint("actor_id", "key", name=op.f("pk_idempotency_key")),
        schema="referral",
    )
    op.create_index(
        "ix_idempotency_key_claimed_at",
        "idempotency_key",
        ["claimed_at"],
        unique=False,
        schema="referral",
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
        schema="referral",
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
        schema="referral",
    )
    op.create_index(
        "ix_journal_aggregate_id", "journal", ["aggregate_id"], unique=False, schema="referral"
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
        schema="referral",
    )
    op.create_table(
        "referral",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("programme_id", sa.Text(), nullable=False),
        sa.Column("agency_id", sa.Text(), nullable=True),
        sa.Column("referred_by", sa.Text(), nullable=False),
        sa.Column("pathway", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("version >= 1", name=op.f("ck_referral_version_from_one")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_referral")),
        schema="referral",
    )
    op.execute("ALTER TABLE referral.referral ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE referral.referral FORCE ROW LEVEL SECURITY")
    op.execute(
        "CREATE POLICY programme ON referral.referral USING (programme_id = current_setting('app.programme_id', true)) WITH CHECK (programme_id = current_setting('app.programme_id', true))"
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
        schema="referral",
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
        schema="referral",
    )
    op.create_index("ix_task_try_at", "task", ["try_at"], unique=False, schema="referral")
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
        schema="referral",
    )
    op.create_index("ix_timer_try_at", "timer", ["try_at"], unique=False, schema="referral")
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
        schema="referral",
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
        schema="referral_vault",
    )
    op.create_table(
        "handoff",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("referral_id", sa.Uuid(), nullable=False),
        sa.Column("programme_id", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("requested_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("escalated_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("accepted_by", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "(state = 'accepted') = (accepted_at IS NOT NULL AND accepted_by IS NOT NULL)",
            name=op.f("ck_handoff_accepted_by_somebody"),
        ),
        sa.CheckConstraint(
            "state <> 'escalated' OR escalated_at IS NOT NULL",
            name=op.f("ck_handoff_escalated_at_a_time"),
        ),
        sa.CheckConstraint(
            "state IN ('requested', 'escalated', 'accepted')", name=op.f("ck_handoff_known_state")
        ),
        sa.ForeignKeyConstraint(
            ["referral_id"], ["referral.referral.id"], name=op.f("fk_handoff_referral_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_handoff")),
        sa.UniqueConstraint("referral_id", name=op.f("uq_handoff_referral_id")),
        schema="referral",
    )
    op.execute("ALTER TABLE referral.handoff ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE referral.handoff FORCE ROW LEVEL SECURITY")
    op.execute(
        "CREATE POLICY programme ON referral.handoff USING (programme_id = current_setting('app.programme_id', true)) WITH CHECK (programme_id = current_setting('app.programme_id', true))"
    )
    op.create_table(
        "identity_packet",
        sa.Column("referral_id", sa.Uuid(), nullable=False),
        sa.Column("programme_id", sa.Text(), nullable=False),
        sa.Column("ciphertext", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["referral_id"], ["referral.referral.id"], name=op.f("fk_identity_packet_referral_id")
        ),
        sa.PrimaryKeyConstraint("referral_id", name=op.f("pk_identity_packet")),
        schema="referral",
    )
    op.execute("ALTER TABLE referral.identity_packet ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE referral.identity_packet FORCE ROW LEVEL SECURITY")
    op.execute(
        "CREATE POLICY programme ON referral.identity_packet USING (programme_id = current_setting('app.programme_id', true)) WITH CHECK (programme_id = current_setting('app.programme_id', true))"
    )
    op.execute("INSERT INTO referral.relay_state DEFAULT VALUES")
    # What was audited can neither be changed nor removed by the service that wrote it.
    op.execute("REVOKE UPDATE, DELETE, TRUNCATE ON referral.audit_entry FROM referral_app")
