"""Note when lines are added, and let each notice of a referral be agreed to once."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


# There is no way back: a later migration mends an earlier one.
def upgrade() -> None:
    op.drop_index(
        op.f("ix_officer_notice_referral_id"), table_name="officer_notice", schema="casework"
    )
    op.create_unique_constraint(
        op.f("uq_officer_notice_referral_id_kind"),
        "officer_notice",
        ["referral_id", "kind"],
        schema="casework",
    )
    op.add_column(
        "timeline_entry",
        sa.Column(
            "added_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        schema="casework",
    )
