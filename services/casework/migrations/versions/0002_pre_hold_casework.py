"""Hold what casework does with people, from linking to released tables."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0002"
down_revision = "0001"


# There is no way back: a later migration mends an earlier one.
def upgrade() -> None:
    op.create_table(
        "consent",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("programme_id", sa.Text(), nullable=False),
        sa.Column("referral_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("recipient_kind", sa.Text(), nullable=False),
        sa.Column("recipient_id", sa.Text(), nullable=False),
        sa.Column("purpose_code", sa.Text(), nullable=False),
        sa.Column("content_codes", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("language_code", sa.Text(), nullable=False),
        sa.Column("text_version", sa.Integer(), nullable=False),
        sa.Column("signed_by_code", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("granted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("recorded_by", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "(state = 'revoked') = (revoked_at IS NOT NULL)",
            name=op.f("ck_consent_revoked_at_a_time"),
        ),
        sa.CheckConstraint(
            "state IN ('in_force', 'revoked', 'expired')", name=op.f("ck_consent_known_state")
        ),
        sa.CheckConstraint("expires_at > granted_at", name=op.f("ck_consent_expires_later")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consent")),
        schema="casework",
    )
    op.execute("ALTER TABLE casework.consent ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE casework.consent FORCE ROW LEVEL SECURITY")
    op.execute("""
    CREATE POLICY programme ON casework.consent
        USING (programme_id = current_setting('app.programme_id', true))
        WITH CHECK (programme_id = current_setting('app.programme_id', true))
    """)
    op.create_index(
        "ix_consent_referral_id", "consent", ["referral_id"], unique=False, schema="casework"
    )
    op.create_table(
        "episode",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("programme_id", sa.Text(), nullable=False),
        sa.Column("referral_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("enrolled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("paused_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("close_reason_code", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "(state = 'closed') = (close_reason_code IS NOT NULL)",
            name=op.f("ck_episode_closed_for_a_reason"),
        ),
        sa.CheckConstraint(
            "(state = 'closed') = (closed_at IS NOT NULL)", name=op.f("ck_episode_closed_at_a_time")
        ),
        sa.CheckConstraint(
            "state IN ('outreach', 'enrolled', 'paused', 'closed')",
            name=op.f("ck_episode_known_state"),
        ),
        sa.CheckConstraint(
            "state NOT IN ('enrolled', 'paused') OR enrolled_at IS NOT NULL",
            name=op.f("ck_episode_enrolled_at_a_time"),
        ),
        sa.CheckConstraint("sequence >= 1", name=op.f("ck_episode_sequence_from_one")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_episode")),
        sa.UniqueConstraint("referral_id", name=op.f("uq_episode_referral_id")),
        schema="casework",
    )
    op.execute("ALTER TABLE casework.episode ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE casework.episode FORCE ROW LEVEL SECURITY")
    op.execute("""
    CREATE POLICY programme ON casework.episode
        USING (programme_id = current_setting('app.programme_id', true))
        WITH CHECK (programme_id = current_setting('app.programme_id', true))
    """)
    op.create_index(
        "ix_episode_state",
        "episode",
        ["programme_id", "state", "opened_at", "id"],
        unique=False,
        schema="casework",
    )
    op.create_table(
        "feedback_release",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("programme_id", sa.Text(), nullable=False),
        sa.Column("agency_id", sa.Text(), nullable=False),
        sa.Column("period_from", sa.Date(), nullable=False),
        sa.Column("period_until", sa.Date(), nullable=False),
        sa.Column("rows", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("published_by", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "period_from < period_until", name=op.f("ck_feedback_release_period_has_days")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feedback_release")),
        sa.UniqueConstraint(
            "programme_id",
            "agency_id",
            "period_from",
            name=op.f("uq_feedback_release_programme_id_agency_id_period_from"),
        ),
        schema="casework",
    )
    op.execute("ALTER TABLE casework.feedback_release ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE casework.feedback_release FORCE ROW LEVEL SECURITY")
    op.execute("""
    CREATE POLICY programme ON casework.feedback_release
        USING (programme_id = current_setting('app.programme_id', true))
        WITH CHECK (programme_id = current_setting('app.programme_id', true))
    """)
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
        schema="casework",
    )
    op.create_index(
        "ix_idempotency_key_claimed_at",
        "idempotency_key",
        ["claimed_at"],
        unique=False,
        schema="casework",
    )
    op.create_table(
        "officer_notice",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("programme_id", sa.Text(), nullable=False),
        sa.Column("referral_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("agreed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_officer_notice")),
        schema="casework",
    )
    op.execute("ALTER TABLE casework.officer_notice ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE casework.officer_notice FORCE ROW LEVEL SECURITY")
    op.execute("""
    CREATE POLICY programme ON casework.officer_notice
        USING (programme_id = current_setting('app.programme_id', true))
        WITH CHECK (programme_id = current_setting('app.programme_id', true))
    """)
    op.create_index(
        "ix_officer_notice_referral_id",
        "officer_notice",
        ["referral_id"],
        unique=False,
        schema="casework",
    )
    op.create_table(
        "referral_fact",
        sa.Column("referral_id", sa.Uuid(), nullable=False),
        sa.Column("programme_id", sa.Text(), nullable=False),
        sa.Column("policy_id", sa.Text(), nullable=True),
        sa.Column("policy_version", sa.Integer(), nullable=True),
        sa.Column("stated_result", sa.Text(), nullable=True),
        sa.Column("repeat_rule_kind", sa.Text(), nullable=True),
        sa.Column("repeat_days", sa.Integer(), nullable=True),
        sa.Column("accepted_by", sa.Text(), nullable=True),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("met_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("person_agreed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("agreement_used", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("person_declined_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("officer_released_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("referral_id", name=op.f("pk_referral_fact")),
        schema="casework",
    )
    op.execute("ALTER TABLE casework.referral_fact ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE casework.referral_fact FORCE ROW LEVEL SECURITY")
    op.execute("""
    CREATE POLICY programme ON casework.referral_fact
        USING (programme_id = current_setting('app.programme_id', true))
        WITH CHECK (programme_id = current_setting('app.programme_id', true))
    """)
    op.create_table(
        "return_alert",
        sa.Column("referral_id", sa.Uuid(), nullable=False),
        sa.Column("programme_id", sa.Text(), nullable=False),
        sa.Column("staff_ids", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("not_before", sa.DateTime(timezone=True), nullable=False),
        sa.Column("announced_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("referral_id", name=op.f("pk_return_alert")),
        schema="casework",
    )
    op.execute("ALTER TABLE casework.return_alert ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE casework.return_alert FORCE ROW LEVEL SECURITY")
    op.execute("""
    CREATE POLICY programme ON casework.return_alert
        USING (programme_id = current_setting('app.programme_id', true))
        WITH CHECK (programme_id = current_setting('app.programme_id', true))
    """)
    op.create_table(
        "safe_contact",
        sa.Column("referral_id", sa.Uuid(), nullable=False),
        sa.Column("programme_id", sa.Text(), nullable=False),
        sa.Column("time_zone", sa.Text(), nullable=False),
        sa.Column("from_time", sa.Time(), nullable=False),
        sa.Column("until_time", sa.Time(), nullable=False),
        sa.Column("mode_codes", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("may_leave_message", sa.Boolean(), nullable=False),
        sa.Column("may_name_programme", sa.Boolean(), nullable=False),
        sa.Column("language_code", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_by", sa.Text(), nullable=False),
        sa.CheckConstraint("from_time < until_time", name=op.f("ck_safe_contact_hours_of_one_day")),
        sa.PrimaryKeyConstraint("referral_id", name=op.f("pk_safe_contact")),
        schema="casework",
    )
    op.execute("ALTER TABLE casework.safe_contact ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE casework.safe_contact FORCE ROW LEVEL SECURITY")
    op.execute("""
    CREATE POLICY programme ON casework.safe_contact
        USING (programme_id = current_setting('app.programme_id', true))
        WITH CHECK (programme_id = current_setting('app.programme_id', true))
    """)
    op.create_table(
        "care_team_member",
        sa.Column("episode_id", sa.Uuid(), nullable=False),
        sa.Column("staff_id", sa.Text(), nullable=False),
        sa.Column("programme_id", sa.Text(), nullable=False),
        sa.Column("role_code", sa.Text(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["episode_id"], ["casework.episode.id"], name=op.f("fk_care_team_member_episode_id")
        ),
        sa.PrimaryKeyConstraint("episode_id", "staff_id", name=op.f("pk_care_team_member")),
        schema="casework",
    )
    op.execute("ALTER TABLE casework.care_team_member ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE casework.care_team_member FORCE ROW LEVEL SECURITY")
    op.execute("""
    CREATE POLICY programme ON casework.care_team_member
        USING (programme_id = current_setting('app.programme_id', true))
        WITH CHECK (programme_id = current_setting('app.programme_id', true))
    """)
    op.create_table(
        "contact",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("programme_id", sa.Text(), nullable=False),
        sa.Column("episode_id", sa.Uuid(), nullable=False),
        sa.Column("referral_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("mode_code", sa.Text(), nullable=False),
        sa.Column("place_code", sa.Text(), nullable=True),
        sa.Column("outcome_code", sa.Text(), nullable=False),
        sa.Column("police_present", sa.Boolean(), nullable=True),
        sa.Column("supplies", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=True),
        sa.Column("note_ciphertext", sa.LargeBinary(), nullable=True),
        sa.Column("logged_by", sa.Text(), nullable=False),
        sa.Column("logged_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("kind IN ('attempted', 'made')", name=op.f("ck_contact_known_kind")),
        sa.CheckConstraint("minutes BETWEEN 0 AND 1440", name=op.f("ck_contact_minutes_of_a_day")),
        sa.ForeignKeyConstraint(
            ["episode_id"], ["casework.episode.id"], name=op.f("fk_contact_episode_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact")),
        schema="casework",
    )
    op.execute("ALTER TABLE casework.contact ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE casework.contact FORCE ROW LEVEL SECURITY")
    op.execute("""
    CREATE POLICY programme ON casework.contact
        USING (programme_id = current_setting('app.programme_id', true))
        WITH CHECK (programme_id = current_setting('app.programme_id', true))
    """)
    op.create_index(
        "ix_contact_episode_id",
        "contact",
        ["episode_id", "started_at"],
        unique=False,
        schema="casework",
    )
    op.create_table(
        "disclosure",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("programme_id", sa.Text(), nullable=False),
        sa.Column("referral_id", sa.Uuid(), nullable=False),
        sa.Column("notice_id", sa.Uuid(), nullable=False),
        sa.Column("consent_id", sa.Uuid(), nullable=False),
        sa.Column("recipient_kind", sa.Text(), nullable=False),
        sa.Column("recipient_id", sa.Text(), nullable=False),
        sa.Column("purpose_code", sa.Text(), nullable=False),
        sa.Column("content_code", sa.Text(), nullable=False),
        sa.Column("basis_code", sa.Text(), nullable=False),
        sa.Column("statement_version", sa.Integer(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("granted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reported_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(state = 'granted') = (reported_at IS NULL)",
            name=op.f("ck_disclosure_reported_at_a_time"),
        ),
        sa.CheckConstraint(
            "state IN ('granted', 'handed_over', 'not_sent')",
            name=op.f("ck_disclosure_known_state"),
        ),
        sa.ForeignKeyConstraint(
            ["consent_id"], ["casework.consent.id"], name=op.f("fk_disclosure_consent_id")
        ),
        sa.ForeignKeyConstraint(
            ["notice_id"], ["casework.officer_notice.id"], name=op.f("fk_disclosure_notice_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_disclosure")),
        sa.UniqueConstraint("notice_id", name=op.f("uq_disclosure_notice_id")),
        schema="casework",
    )
    op.execute("ALTER TABLE casework.disclosure ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE casework.disclosure FORCE ROW LEVEL SECURITY")
    op.execute("""
    CREATE POLICY programme ON casework.disclosure
        USING (programme_id = current_setting('app.programme_id', true))
        WITH CHECK (programme_id = current_setting('app.programme_id', true))
    """)
    op.create_index(
        "ix_disclosure_referral_id",
        "disclosure",
        ["referral_id", "granted_at"],
        unique=False,
        schema="casework",
    )
    op.create_table(
        "followup",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("programme_id", sa.Text(), nullable=False),
        sa.Column("episode_id", sa.Uuid(), nullable=False),
        sa.Column("referral_id", sa.Uuid(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("planned_for", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("window_ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("completed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("completed_by", sa.Text(), nullable=True),
        sa.Column("contact_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "(state = 'completed') = (completed_at IS NOT NULL AND completed_by IS NOT NULL)",
            name=op.f("ck_followup_completed_by_somebody"),
        ),
        sa.CheckConstraint(
            "state IN ('scheduled', 'due', 'completed', 'missed', 'cancelled')",
            name=op.f("ck_followup_known_state"),
        ),
        sa.CheckConstraint("window_ends_at > due_at", name=op.f("ck_followup_window_after_due")),
        sa.ForeignKeyConstraint(
            ["episode_id"], ["casework.episode.id"], name=op.f("fk_followup_episode_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_followup")),
        sa.UniqueConstraint(
            "episode_id", "sequence", "kind", name=op.f("uq_followup_episode_id_sequence_kind")
        ),
        schema="casework",
    )
    op.execute("ALTER TABLE casework.followup ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE casework.followup FORCE ROW LEVEL SECURITY")
    op.execute("""
    CREATE POLICY programme ON casework.followup
        USING (programme_id = current_setting('app.programme_id', true))
        WITH CHECK (programme_id = current_setting('app.programme_id', true))
    """)
    op.create_index(
        "ix_followup_state",
        "followup",
        ["programme_id", "state", "due_at", "id"],
        unique=False,
        schema="casework",
    )
    op.create_table(
        "goal",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("programme_id", sa.Text(), nullable=False),
        sa.Column("episode_id", sa.Uuid(), nullable=False),
        sa.Column("referral_id", sa.Uuid(), nullable=False),
        sa.Column("words_ciphertext", sa.LargeBinary(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("set_by", sa.Text(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "state IN ('open', 'reached', 'dropped')", name=op.f("ck_goal_known_state")
        ),
        sa.ForeignKeyConstraint(
            ["episode_id"], ["casework.episode.id"], name=op.f("fk_goal_episode_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_goal")),
        schema="casework",
    )
    op.execute("ALTER TABLE casework.goal ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE casework.goal FORCE ROW LEVEL SECURITY")
    op.execute("""
    CREATE POLICY programme ON casework.goal
        USING (programme_id = current_setting('app.programme_id', true))
        WITH CHECK (programme_id = current_setting('app.programme_id', true))
    """)
    op.create_index("ix_goal_episode_id", "goal", ["episode_id"], unique=False, schema="casework")
    op.create_table(
        "need",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("programme_id", sa.Text(), nullable=False),
        sa.Column("episode_id", sa.Uuid(), nullable=False),
        sa.Column("referral_id", sa.Uuid(), nullable=False),
        sa.Column("need_code", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("identified_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("identified_by", sa.Text(), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason_code", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "(state = 'identified') = (settled_at IS NULL)", name=op.f("ck_need_settled_at_a_time")
        ),
        sa.CheckConstraint(
            "(state = 'not_connected') = (reason_code IS NOT NULL)",
            name=op.f("ck_need_not_connected_for_a_reason"),
        ),
        sa.CheckConstraint(
            "state IN ('identified', 'connected', 'not_connected')",
            name=op.f("ck_need_known_state"),
        ),
        sa.ForeignKeyConstraint(
            ["episode_id"], ["casework.episode.id"], name=op.f("fk_need_episode_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_need")),
        schema="casework",
    )
    op.execute("ALTER TABLE casework.need ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE casework.need FORCE ROW LEVEL SECURITY")
    op.execute("""
    CREATE POLICY programme ON casework.need
        USING (programme_id = current_setting('app.programme_id', true))
        WITH CHECK (programme_id = current_setting('app.programme_id', true))
    """)
    op.create_index("ix_need_episode_id", "need", ["episode_id"], unique=False, schema="casework")
    op.create_table(
        "match_candidate",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("programme_id", sa.Text(), nullable=False),
        sa.Column("referral_id", sa.Uuid(), nullable=False),
        sa.Column("other_referral_id", sa.Uuid(), nullable=False),
        sa.Column("score", sa.Integer(), nullable=False),
        sa.Column("reasons", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "(state = 'proposed') = (decided_at IS NULL AND decided_by IS NULL)",
            name=op.f("ck_match_candidate_decided_by_somebody"),
        ),
        sa.CheckConstraint(
            "state IN ('proposed', 'linked', 'not_the_same', 'ask_later')",
            name=op.f("ck_match_candidate_known_state"),
        ),
        sa.ForeignKeyConstraint(
            ["other_referral_id"],
            ["casework.intake.referral_id"],
            name=op.f("fk_match_candidate_other_referral_id"),
        ),
        sa.ForeignKeyConstraint(
            ["referral_id"],
            ["casework.intake.referral_id"],
            name=op.f("fk_match_candidate_referral_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_match_candidate")),
        sa.UniqueConstraint(
            "referral_id",
            "other_referral_id",
            name=op.f("uq_match_candidate_referral_id_other_referral_id"),
        ),
        schema="casework",
    )
    op.execute("ALTER TABLE casework.match_candidate ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE casework.match_candidate FORCE ROW LEVEL SECURITY")
    op.execute("""
    CREATE POLICY programme ON casework.match_candidate
        USING (programme_id = current_setting('app.programme_id', true))
        WITH CHECK (programme_id = current_setting('app.programme_id', true))
    """)
    op.create_index(
        "ix_match_candidate_open",
        "match_candidate",
        ["programme_id", "state"],
        unique=False,
        schema="casework",
    )
    op.create_table(
        "match_key",
        sa.Column("referral_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("programme_id", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["referral_id"], ["casework.intake.referral_id"], name=op.f("fk_match_key_referral_id")
        ),
        sa.PrimaryKeyConstraint("referral_id", "kind", "digest", name=op.f("pk_match_key")),
        schema="casework",
    )
    op.execute("ALTER TABLE casework.match_key ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE casework.match_key FORCE ROW LEVEL SECURITY")
    op.execute("""
    CREATE POLICY programme ON casework.match_key
        USING (programme_id = current_setting('app.programme_id', true))
        WITH CHECK (programme_id = current_setting('app.programme_id', true))
    """)
    op.create_index(
        "ix_match_key_digest",
        "match_key",
        ["programme_id", "digest"],
        unique=False,
        schema="casework",
    )
    op.add_column("intake", sa.Column("referred_by", sa.Text(), nullable=True), schema="casework")
    op.add_column("intake", sa.Column("agency_id", sa.Text(), nullable=True), schema="casework")
    op.add_column(
        "intake", sa.Column("identity_subject_id", sa.Uuid(), nullable=True), schema="casework"
    )
    # Nothing was linked before this step, so every identity is sealed under who it is about today.
    for table in ("intake", "participant_referral"):
        op.execute(f"ALTER TABLE casework.{table} NO FORCE ROW LEVEL SECURITY")
    op.execute(
        "UPDATE casework.intake SET identity_subject_id = found.participant_id FROM casework.participant_referral AS found WHERE found.referral_id = intake.referral_id AND identity_ciphertext IS NOT NULL"
    )
    for table in ("intake", "participant_referral"):
        op.execute(f"ALTER TABLE casework.{table} FORCE ROW LEVEL SECURITY")
    op.create_check_constraint(
        op.f("ck_intake_sealed_under_somebody"),
        "intake",
        "(identity_ciphertext IS NULL) OR (identity_subject_id IS NOT NULL)",
        schema="casework",
    )
    op.create_index(
        "ix_intake_agency",
        "intake",
        ["programme_id", "agency_id", "received_at"],
        unique=False,
        schema="casework",
    )
    op.add_column(
        "participant", sa.Column("merged_into_id", sa.Uuid(), nullable=True), schema="casework"
    )
    op.add_column(
        "participant",
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        schema="casework",
    )
    op.create_index(
        "ix_participant_merged_into_id",
        "participant",
        ["merged_into_id"],
        unique=False,
        schema="casework",
    )
    op.create_foreign_key(
        op.f("fk_participant_merged_into_id"),
        "participant",
        "participant",
        ["merged_into_id"],
        ["id"],
        source_schema="casework",
        referent_schema="casework",
    )
    op.add_column(
        "timer",
        sa.Column(
            "payload",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default=sa.text("'{}'"),
            nullable=False,
        ),
        schema="casework",
    )
    op.add_column("timer", sa.Column("traceparent", sa.Text(), nullable=True), schema="casework")
    op.add_column("timer", sa.Column("request_id", sa.Text(), nullable=True), schema="casework")
    # A line is one event from now on, so its key is the event's id; older lines get one of their own.
    op.add_column(
        "timeline_entry",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        schema="casework",
    )
    op.alter_column("timeline_entry", "id", server_default=None, schema="casework")
    op.drop_constraint("pk_timeline_entry", "timeline_entry", schema="casework")
    op.create_primary_key("pk_timeline_entry", "timeline_entry", ["id"], schema="casework")
    op.drop_index("ix_timeline_entry_referral_id", "timeline_entry", schema="casework")
    op.create_index(
        "ix_timeline_entry_newest",
        "timeline_entry",
        ["referral_id", "happened_at", "id"],
        unique=False,
        schema="casework",
    )
