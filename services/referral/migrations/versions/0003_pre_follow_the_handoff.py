"""Follow the handoff."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0003"
down_revision = "0002"


# There is no way back: a later migration mends an earlier one.
def upgrade() -> None:
    op.create_table(
        "ladder",
        sa.Column("programme_id", sa.Text(), nullable=False),
        sa.Column("rungs", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_by", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("programme_id", name=op.f("pk_ladder")),
        schema="referral",
    )
    op.execute("ALTER TABLE referral.ladder ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE referral.ladder FORCE ROW LEVEL SECURITY")
    op.execute("""
    CREATE POLICY programme ON referral.ladder
        USING (programme_id = current_setting('app.programme_id', true))
        WITH CHECK (programme_id = current_setting('app.programme_id', true))
    """)
    op.create_table(
        "shift",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("programme_id", sa.Text(), nullable=False),
        sa.Column("staff_id", sa.Text(), nullable=False),
        sa.Column("role_code", sa.Text(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("ends_at > starts_at", name=op.f("ck_shift_ends_later")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shift")),
        schema="referral",
    )
    op.execute("ALTER TABLE referral.shift ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE referral.shift FORCE ROW LEVEL SECURITY")
    op.execute("""
    CREATE POLICY programme ON referral.shift
        USING (programme_id = current_setting('app.programme_id', true))
        WITH CHECK (programme_id = current_setting('app.programme_id', true))
    """)
    op.create_index(
        "ix_shift_on_duty",
        "shift",
        ["programme_id", "role_code", "ends_at"],
        unique=False,
        schema="referral",
    )
    op.create_table(
        "staff_member",
        sa.Column("programme_id", sa.Text(), nullable=False),
        sa.Column("staff_id", sa.Text(), nullable=False),
        sa.Column("role_codes", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("agency_id", sa.Text(), nullable=True),
        sa.Column("responder_kind", sa.Text(), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("programme_id", "staff_id", name=op.f("pk_staff_member")),
        schema="referral",
    )
    op.execute("ALTER TABLE referral.staff_member ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE referral.staff_member FORCE ROW LEVEL SECURITY")
    op.execute("""
    CREATE POLICY programme ON referral.staff_member
        USING (programme_id = current_setting('app.programme_id', true))
        WITH CHECK (programme_id = current_setting('app.programme_id', true))
    """)
    op.create_table(
        "offer",
        sa.Column("handoff_id", sa.Uuid(), nullable=False),
        sa.Column("staff_id", sa.Text(), nullable=False),
        sa.Column("programme_id", sa.Text(), nullable=False),
        sa.Column("rung", sa.Integer(), nullable=False),
        sa.Column("offered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("declined_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decline_reason_code", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["handoff_id"], ["referral.handoff.id"], name=op.f("fk_offer_handoff_id")
        ),
        sa.PrimaryKeyConstraint("handoff_id", "staff_id", name=op.f("pk_offer")),
        schema="referral",
    )
    op.execute("ALTER TABLE referral.offer ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE referral.offer FORCE ROW LEVEL SECURITY")
    op.execute("""
    CREATE POLICY programme ON referral.offer
        USING (programme_id = current_setting('app.programme_id', true))
        WITH CHECK (programme_id = current_setting('app.programme_id', true))
    """)
    op.add_column(
        "handoff",
        sa.Column("rung", sa.Integer(), server_default="0", nullable=False),
        schema="referral",
    )
    op.add_column(
        "handoff",
        sa.Column("moved_at", sa.DateTime(timezone=True), nullable=True),
        schema="referral",
    )
    op.add_column(
        "handoff",
        sa.Column("officer_released_at", sa.DateTime(timezone=True), nullable=True),
        schema="referral",
    )
    op.create_index(
        "ix_handoff_open",
        "handoff",
        ["programme_id", "requested_at", "id"],
        unique=False,
        schema="referral",
        postgresql_where=sa.text("state IN ('requested', 'offered', 'expired')"),
    )
    for table in ("handoff", "referral", "eligibility"):
        op.execute(f"ALTER TABLE referral.{table} NO FORCE ROW LEVEL SECURITY")
    for constraint in ("known_state", "accepted_by_somebody", "escalated_at_a_time"):
        op.drop_constraint(f"ck_handoff_{constraint}", "handoff", schema="referral")
    op.drop_column("handoff", "escalated_at", schema="referral")
    # What waited for somebody waits on the first rung now, and goes on from there.
    op.execute(
        "UPDATE referral.handoff SET state = 'offered', rung = 1 WHERE state IN ('requested', 'escalated')"
    )
    op.execute(
        """UPDATE referral.timer SET kind = 'call_next_rung', payload = '{"rung": 1}' WHERE kind = 'acknowledge_referral'"""
    )
    op.execute(
        "INSERT INTO referral.eligibility SELECT id, programme_id, 'none', 0, 'coordinator_decides', '[\"no_policy_in_force\"]', received_at FROM referral.referral"
    )
    op.create_check_constraint(
        op.f("ck_handoff_known_state"),
        "handoff",
        "state IN ('requested', 'offered', 'accepted', 'on_the_way', 'arrived', 'met', 'person_agreed', 'person_declined', 'expired', 'withdrawn')",
        schema="referral",
    )
    op.create_check_constraint(
        op.f("ck_handoff_accepted_by_somebody"),
        "handoff",
        "(accepted_at IS NULL) = (accepted_by IS NULL)",
        schema="referral",
    )
    op.create_check_constraint(
        op.f("ck_handoff_accepted_before_the_rest"),
        "handoff",
        "state NOT IN ('accepted', 'on_the_way', 'arrived', 'met', 'person_agreed', 'person_declined') OR accepted_at IS NOT NULL",
        schema="referral",
    )
    for table in ("handoff", "referral", "eligibility"):
        op.execute(f"ALTER TABLE referral.{table} FORCE ROW LEVEL SECURITY")
