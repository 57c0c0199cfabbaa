"""Content of each record type: what is accepted, and the form in which it comes back."""

import ipaddress
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from mxm_sandbox.cloudflare.errors import bad
from mxm_sandbox.cloudflare.names import ascii_name, is_host
from mxm_sandbox.dns import strings

MAX_TXT_CHARACTERS = 4080  # found by trial, cloudflare-docs issue 30039
_CAA = re.compile(r'([0-9]{1,3})\s+([A-Za-z0-9]+)\s+(?:"([^"\\]*)"|([^"\s]+))\Z')
Body = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Content:
    """Checked content, with the parts that some types keep beside it."""

    text: str
    priority: int | None = None
    data: tuple[tuple[str, int | str], ...] = ()


def read(record_type: object, body: Body) -> Content:
    """The content that a request gives for a type. Raises a 400."""
    if not isinstance(record_type, str) or record_type not in _READERS:
        raise bad(9020, "Invalid DNS record type.")
    return _READERS[record_type](body)


def _text(body: Body) -> str:
    content = body.get("content")
    if not isinstance(content, str) or not content.strip():
        raise bad(9101, "content is a required data field.")
    return content.strip()


def _number(value: object, name: str, high: int = 65_535) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= high:
        raise bad(9102, f"{name} must be a number between 0 and {high}.")
    return value


def _address(version: int, code: int) -> Callable[[Body], Content]:
    def read_address(body: Body) -> Content:
        try:
            parsed = ipaddress.ip_address(_text(body))
        except ValueError:
            parsed = None
        if parsed is None or parsed.version != version or getattr(parsed, "scope_id", None):
            kind = "A" if version == 4 else "AAAA"
            raise bad(code, f"Content for {kind} record must be a valid IPv{version} address.")
        return Content(str(parsed))

    return read_address


def _host(given: str, kind: str, code: int) -> str:
    name = ascii_name(given)
    if not is_host(name) or name.startswith("*"):
        raise bad(code, f"Content for {kind} record is invalid.")
    return name


def _host_content(kind: str, code: int) -> Callable[[Body], Content]:
    return lambda body: Content(_host(_text(body), kind, code))


def _mx(body: Body) -> Content:
    if body.get("priority") is None:
        raise bad(9100, "priority is a required field.")
    priority = _number(body["priority"], "priority")
    given = _text(body)
    # The null MX of RFC 7505 is the only one without a host.
    return Content("." if given == "." and priority == 0 else _host(given, "MX", 9009), priority)


def _txt(body: Body) -> Content:
    content = body.get("content")
    if not isinstance(content, str) or not content:
        raise bad(9101, "content is a required data field.")
    # Blanks at the ends are kept: a value written without quotes is all of it.
    pieces = strings.strings_of(content)
    if pieces is None:
        raise bad(9008, "Content for TXT record is invalid: quotes do not match.")
    if sum(map(len, pieces)) > MAX_TXT_CHARACTERS:
        raise bad(9008, f"Content for TXT record must not exceed {MAX_TXT_CHARACTERS} characters.")
    return Content(strings.quoted(pieces))


def _caa(body: Body) -> Content:
    data = body.get("data")
    if not isinstance(data, dict):
        parts = _CAA.match(_text(body))
        if parts is None:
            raise bad(9010, "Content for CAA record is invalid.")
        data = {"flags": int(parts[1]), "tag": parts[2], "value": parts[3] if parts[3] is not None else parts[4]}
    flags, tag, value = _number(data.get("flags"), "flags", 255), data.get("tag"), data.get("value")
    if tag not in {"issue", "issuewild", "iodef"} or not isinstance(value, str) or '"' in value or "\\" in value:
        raise bad(9010, "Content for CAA record is invalid.")
    return Content(f'{flags} {tag} "{value}"', data=(("flags", flags), ("tag", tag), ("value", value)))


def _srv(body: Body) -> Content:
    data = body.get("data")
    if not isinstance(data, dict):
        parts = _text(body).split()
        if len(parts) != 3 or not (parts[0].isdigit() and parts[1].isdigit()):
            raise bad(9011, "Content for SRV record is invalid.")
        data = {
            "priority": body.get("priority"),
            "weight": int(parts[0]),
            "port": int(parts[1]),
            "target": parts[2],
        }
    priority, weight, port = (_number(data.get(name), name) for name in ("priority", "weight", "port"))
    target = _host(str(data.get("target") or ""), "SRV", 9011)
    kept = (("priority", priority), ("weight", weight), ("port", port), ("target", target))
    return Content(f"{weight} {port} {target}", priority, kept)


_READERS: dict[str, Callable[[Body], Content]] = {
    "A": _address(4, 9005),
    "AAAA": _address(6, 9006),
    "CNAME": _host_content("CNAME", 9007),
    "NS": _host_content("NS", 9012),
    "MX": _mx,
    "TXT": _txt,
    "CAA": _caa,
    "SRV": _srv,
}
