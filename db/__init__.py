"""The system of record: tables, repositories, migrations; the same on SQLite and PostgreSQL."""
