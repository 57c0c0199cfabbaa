"""Value types of settings: each refuses what it does not want in words that name what it wants."""

import re
from ipaddress import IPv4Network, IPv6Network, ip_network
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, BeforeValidator, Field
from pydantic_settings import NoDecode

_HOST = re.compile(r"^(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)*[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$")
_ALLOWED_HOST = re.compile(r"^(\*\.)?[a-z0-9.:\[\]-]+$")


def _split_commas(value: object) -> object:
    return [part.strip() for part in value.split(",") if part.strip()] if isinstance(value, str) else value


def _host_name(value: str) -> str:
    name = value.strip().lower().rstrip(".")
    if not _HOST.match(name):
        raise ValueError("a host name such as eagle.mxlogin.com")
    return name


def _http_url(value: str) -> str:
    wrong = ValueError("an http or https address without query or fragment")
    try:
        parts = urlsplit(value)
        _ = parts.port  # read for its check
    except ValueError:
        raise wrong from None
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.query or parts.fragment:
        raise wrong
    return value.rstrip("/")


def _network(value: object) -> object:
    if not isinstance(value, str):
        return value
    try:
        return ip_network(value, strict=False)
    except ValueError:
        raise ValueError("networks such as 10.0.0.0/8 or ::1, separated by commas") from None


def _resolver(value: str) -> str:
    host, _, port = value.rpartition(":") if value.count(":") == 1 else (value, "", "")
    if not (host or value) or (port and not (port.isdigit() and 0 < int(port) < 65536)):
        raise ValueError("addresses as host or host:port, separated by commas")
    return value


def _allowed_host(value: str) -> str:
    name = value.lower()
    if not _ALLOWED_HOST.match(name):
        raise ValueError("host names, separated by commas; *.example.com stands for all below it")
    return name


HostName = Annotated[str, AfterValidator(_host_name)]
HttpUrl = Annotated[str, AfterValidator(_http_url)]
Port = Annotated[int, Field(ge=0, le=65535)]
Network = Annotated[IPv4Network | IPv6Network, BeforeValidator(_network)]
Networks = Annotated[tuple[Network, ...], NoDecode, BeforeValidator(_split_commas)]
Resolvers = Annotated[tuple[Annotated[str, AfterValidator(_resolver)], ...], NoDecode, BeforeValidator(_split_commas)]
AllowedHosts = Annotated[
    tuple[Annotated[str, AfterValidator(_allowed_host)], ...], NoDecode, BeforeValidator(_split_commas)
]
Names = Annotated[tuple[str, ...], NoDecode, BeforeValidator(_split_commas)]
