"""Alembic's way in."""

from alembic import context

from shared.db import migrate

migrate.run(context.config)
