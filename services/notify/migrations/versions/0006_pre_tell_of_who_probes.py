"""Tell of who probes."""

from alembic import op

revision = "0006"
down_revision = "0005"


# There is no way back: a later migration mends an earlier one.
def upgrade() -> None:
    op.drop_constraint(op.f("ck_notice_known_kind"), "notice", schema="notify", type_="check")
    op.create_check_constraint(
        op.f("ck_notice_known_kind"),
        "notice",
        "kind IN ('referral_arrived', 'handoff_offered', 'nobody_accepted', 'nobody_came', 'followup_due', 'followup_missed', 'somebody_returned', 'break_glass_opened', 'firewall_tried', 'records_probed', 'received_by_the_programme', 'feedback_published', 'connected', 'working_together', 'completed', 'thank_you')",
        schema="notify",
    )
