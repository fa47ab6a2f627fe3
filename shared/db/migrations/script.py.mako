"""${message.split(" ", 1)[1].capitalize()}."""

import sqlalchemy as sa
from alembic import op
${imports if imports else ""}

revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}


# There is no way back: a later migration mends an earlier one.
def upgrade() -> None:
    ${upgrades if upgrades else "pass"}
