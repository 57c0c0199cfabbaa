"""JSON logs on standard error: one object a line, with the request id, without secrets."""

import json
import logging
import re
import sys
from datetime import UTC, datetime
from typing import Any

from mxm.platform.context import request_id

_STANDARD = frozenset(logging.makeLogRecord({}).__dict__) | {"message", "asctime", "taskName"}
_VALUE = r"""(?:"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|[^\s"',}]+)"""
_NAMED = r"""(?:["']\s*,|["']?\s*[:=])\s*(?:b(?=["']))?"""
"""What stands between a name and its value: in a header, a query, JSON, a tuple of bytes."""
_SECRET = re.compile(
    rf"""
    (mxm_[A-Za-z0-9_-]{{8}})[A-Za-z0-9_-]+
    | (://[^:/@\s]*:)[^@/\s]+(?=@)
    | (cookie{_NAMED}) (?:"[^"]*"|'[^']*'|[^\r\n"']+)
    | (authorization{_NAMED}) (?:(?:bearer|basic|digest|token)\s+)? {_VALUE}
    | ((?:password|passwd|secret|api[_-]?key|\w[_-]token)\w*{_NAMED}) {_VALUE}
    """,
    re.IGNORECASE | re.VERBOSE,
)


def redact(text: str) -> str:
    """The text with tokens, passwords, keys, cookies and passwords in addresses blotted out."""
    return _SECRET.sub(lambda found: f"{found[found.lastindex or 0]}[redacted]", text)


def _plain(value: object) -> object:
    """A number as it is; anything else as text without secrets."""
    return value if isinstance(value, int | float) else redact(str(value))


class JsonFormatter(logging.Formatter):
    """Time in UTC, level, logger, message, request id, and whatever `extra` brought."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": redact(record.getMessage()),
            "request_id": request_id.get(),
        }
        extra = {key: value for key, value in record.__dict__.items() if key not in _STANDARD and value is not None}
        line |= {key: _plain(value) for key, value in extra.items()}
        if record.exc_info:
            line["error"] = redact(self.formatException(record.exc_info))
        return json.dumps(line, ensure_ascii=False, default=str)


def configure_logging(level: str) -> None:
    """Send all logs of the process through the formatter; the web server's own access log is off."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonFormatter())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for noisy in ("httpx2", "httpcore2", "aiosqlite", "alembic", "uvicorn.access"):
        logging.getLogger(noisy).setLevel("WARNING")
