"""Logs: one JSON object a line, with the request id, and never a secret, wherever it hides."""

import json
import logging
import string
import sys
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mxm.features.identity.rules.token_format import format_token
from mxm.platform.context import request_id
from mxm.platform.logs import JsonFormatter, configure_logging, redact

LETTERS = string.ascii_letters + string.digits
SECRET = st.text(alphabet=LETTERS + "_-.!#$%+/=~*", min_size=5, max_size=40).map("Zq9".__add__)
AROUND = st.text(alphabet=string.ascii_lowercase + " .;()", max_size=20)
FORMS = st.sampled_from(
    [
        "Authorization: Bearer {}",
        "authorization: {}",
        "{{'authorization': 'Bearer {}'}}",
        "X-API-Key: {}",
        'x-api-key="{}"',
        "password={}",
        '"password": "{}"',
        "'new_password': '{}'",
        "passwd: {}",
        "secret={}",
        "SECRET_KEY={}",
        "api_key={}",
        "apikey: {}",
        "Set-Cookie: session={}",
        "cookie: __Host-session={}",
        "cookie: a=b; __Host-session={}",
        "Authorization: Basic {}",
        "csrf_token={}",
        "X-CSRF-Token: {}",
        "MX_API_KEY={}",
        "b'authorization', b'Bearer {}'",
        "(b'x-api-key', b'{}')",
    ]
)
ADDRESS_PASSWORD = st.text(alphabet=LETTERS + "_-.~!", max_size=30).map("Zq9".__add__)


@pytest.fixture
def restored_logging() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    levels = {name: logging.getLogger(name).level for name in ("httpx2", "httpcore2", "aiosqlite", "alembic")}
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    for name, before in levels.items():
        logging.getLogger(name).setLevel(before)


def _record(message: str, *arguments: object, **extra: object) -> logging.LogRecord:
    return logging.getLogger("test").makeRecord("test", 20, "file", 1, message, arguments, None, extra=extra)


@given(AROUND, FORMS, SECRET, AROUND)
def test_named_secrets_are_blotted_out(before: str, form: str, secret: str, after: str) -> None:
    text = redact(f"{before} {form.format(secret)} {after}")
    assert secret not in text
    assert "[redacted]" in text


@given(AROUND, st.binary(min_size=32, max_size=32), st.sampled_from(["", '"', "'", ",", "/", "&x=1"]))
def test_tokens_are_blotted_out_wherever_they_stand(before: str, secret: bytes, after: str) -> None:
    token = format_token(secret)
    assert token[12:] not in redact(f"{before}{token}{after}")


@given(ADDRESS_PASSWORD, st.sampled_from(["postgresql", "https", "smtp", "mailtos"]))
def test_passwords_in_addresses_are_blotted_out(password: str, scheme: str) -> None:
    text = redact(f"cannot reach {scheme}://me:{password}@db.example.com:5432/mxm")
    assert f":{password}@" not in text
    assert "db.example.com" in text


@given(st.text())
def test_redacting_never_fails_and_is_idempotent(text: str) -> None:
    assert redact(redact(text)) == redact(text)


@given(st.text(), st.one_of(st.text(), st.integers(), st.none(), st.binary()))
def test_every_line_is_one_json_object(message: str, value: object) -> None:
    line = JsonFormatter().format(_record("%s", message, value=value))
    assert "\n" not in line
    assert isinstance(json.loads(line), dict)
    line.encode("utf-8", "surrogatepass")


def test_a_line_says_when_what_and_for_which_request() -> None:
    token = request_id.set("req-1")
    try:
        line = json.loads(JsonFormatter().format(_record("hello %s", "you", status=200, user=None)))
    finally:
        request_id.reset(token)
    assert line["time"].endswith("+00:00")
    del line["time"]
    wanted = {"level": "INFO", "logger": "test", "message": "hello you", "request_id": "req-1", "status": 200}
    assert line == wanted


def test_exceptions_come_without_secrets() -> None:
    try:
        try:
            raise ValueError("password='hush-hush-1'")
        except ValueError as error:
            raise RuntimeError("postgresql://me:hush-hush-2@db/x mxm_abcdefghhush-hush-3") from error
    except RuntimeError:
        record = _record("it broke")
        record.exc_info = sys.exc_info()
    line = json.loads(JsonFormatter().format(record))
    assert "RuntimeError" in line["error"]
    assert "hush" not in json.dumps(line)


def test_values_beside_the_message_are_redacted_too() -> None:
    line = JsonFormatter().format(_record("x", headers={"authorization": "Bearer hush-hush"}, url="https://a:hush@b"))
    assert "hush" not in line


@pytest.mark.usefixtures("restored_logging")
def test_a_text_that_cannot_be_encoded_is_no_fault(capfd: pytest.CaptureFixture[str]) -> None:
    configure_logging("INFO")
    logging.getLogger("test").warning("half a pair: \ud800")
    err = capfd.readouterr().err
    assert "Traceback" not in err
    assert json.loads(err)["message"].startswith("half a pair")


@pytest.mark.usefixtures("restored_logging")
def test_chatty_libraries_are_quiet(capfd: pytest.CaptureFixture[str]) -> None:
    configure_logging("DEBUG")
    for name in ("httpx2", "httpcore2", "aiosqlite", "alembic", "uvicorn.access"):
        logging.getLogger(name).info("too much")
    logging.getLogger("mxm").debug("wanted")
    lines = [json.loads(line)["message"] for line in capfd.readouterr().err.splitlines()]
    assert lines == ["wanted"]
