"""PostgreSQL: connections, scoped transactions, migrations."""
