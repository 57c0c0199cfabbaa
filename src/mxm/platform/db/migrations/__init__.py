"""Alembic migrations; `HEAD` names the schema that this code speaks (a test holds it to the scripts)."""

HEAD = "0005"
