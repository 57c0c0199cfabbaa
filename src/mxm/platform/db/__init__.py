"""The database: SQLite by default, PostgreSQL for several replicas, one set of models and migrations."""

from mxm.platform.db.base import Base, JsonObject, UtcDateTime
from mxm.platform.db.engine import Database
from mxm.platform.db.work import WriteTx

__all__ = ["Base", "Database", "JsonObject", "UtcDateTime", "WriteTx"]
