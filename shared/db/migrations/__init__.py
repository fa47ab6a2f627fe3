"""What Alembic finds: the environment and the template of every service's migrations."""
