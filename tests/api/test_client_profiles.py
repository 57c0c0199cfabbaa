"""Files that set a mail program up: hosts and login as in the settings, no password, nothing to break out with."""

import plistlib
from typing import Any
from xml.etree import ElementTree

import pytest

from mxm.features.client_setup.rules import apple_profile, autoconfig
from mxm.features.client_setup.schemas import ClientSettings, ServerSettings, Webmail
from mxm.features.dns.api import Status
from support.api import error_of
from support.manager import Manager

E = "/api/domains/example.com/mail-client-settings"
SERVER = "sandbox.mxrouting.net"
HOSTILE = ['a"b', "a<b>", "a&b", "a/../b", "a\r\nX-Evil: 1", "a;b", "a\x00b", "ä", "a@other.org", "a b", "-a", "a..b"]


def parsed(content: bytes) -> ElementTree.Element:
    """XML of our own making."""
    return ElementTree.fromstring(content)  # noqa: S314


def settings(domain: str = "example.com", webmail: str | None = None) -> ClientSettings:
    """Settings with a name of the domain's own."""
    host = f"mail.{domain}"
    return ClientSettings(
        domain=domain,
        username=None,
        username_note="",
        mail_host=host,
        imap=ServerSettings(host=host, port=993, encryption="ssl"),
        smtp_ssl=ServerSettings(host=host, port=465, encryption="ssl"),
        smtp_starttls=ServerSettings(host=host, port=587, encryption="starttls"),
        webmail=Webmail(url=webmail, status=Status.PASS if webmail else Status.SKIPPED),
    )


async def test_an_apple_profile(manager: Manager) -> None:
    client = await manager.bearer({"example.com": ["dashboard"]})
    seen = len(manager.sandbox.log)
    answer = await client.get(f"{E}/apple.mobileconfig?username=Alex")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/x-apple-aspen-config"
    assert answer.headers["content-disposition"] == 'attachment; filename="alex@example.com.mobileconfig"'
    assert answer.headers["cache-control"] == "no-store"
    assert len(manager.sandbox.log) == seen
    profile = plistlib.loads(answer.content)
    assert profile["PayloadType"] == "Configuration"
    [account] = profile["PayloadContent"]
    assert account["PayloadType"] == "com.apple.mail.managed"
    assert account["EmailAccountType"] == "EmailTypeIMAP"
    assert account["EmailAddress"] == "alex@example.com"
    for way, port in (("Incoming", 993), ("Outgoing", 465)):
        assert account[f"{way}MailServerHostName"] == SERVER
        assert account[f"{way}MailServerPortNumber"] == port
        assert account[f"{way}MailServerUseSSL"] is True
        assert account[f"{way}MailServerUsername"] == "alex@example.com"
    assert not {"IncomingPassword", "OutgoingPassword"} & set(account)


async def test_an_autoconfig_file(manager: Manager) -> None:
    client = await manager.bearer({"example.com": ["emails"]})
    answer = await client.get(f"{E}/autoconfig.xml")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/xml"
    assert answer.headers["content-disposition"] == 'attachment; filename="example.com.xml"'
    root = parsed(answer.content)
    assert (root.tag, root.get("version")) == ("clientConfig", "1.1")
    assert root.findtext("emailProvider/domain") == "example.com"
    assert [
        (server.tag, server.get("type"), *(part.text for part in server))
        for server in root.iterfind("emailProvider/*[@type]")
    ] == [
        ("incomingServer", "imap", SERVER, "993", "SSL", "password-cleartext", "%EMAILADDRESS%"),
        ("outgoingServer", "smtp", SERVER, "465", "SSL", "password-cleartext", "%EMAILADDRESS%"),
        ("outgoingServer", "smtp", SERVER, "587", "STARTTLS", "password-cleartext", "%EMAILADDRESS%"),
    ]
    assert root.find("webMail") is None


async def test_the_hosts_are_those_of_the_settings(manager: Manager) -> None:
    client = await manager.bearer()
    told = (await client.get(E)).json()["data"]["imap"]["host"]
    profile = plistlib.loads((await client.get(f"{E}/apple.mobileconfig?username=a")).content)
    assert profile["PayloadContent"][0]["IncomingMailServerHostName"] == told
    root = parsed((await client.get(f"{E}/autoconfig.xml")).content)
    assert {host.text for host in root.iter("hostname")} == {told}


async def test_a_mailbox_must_be_named(manager: Manager) -> None:
    client = await manager.bearer()
    for query in ({}, {"username": ""}, *({"username": name} for name in HOSTILE)):
        error = error_of(await client.get(f"{E}/apple.mobileconfig", params=query), 400, "validation_error")
        assert [each["field"] for each in error["details"]] == ["username"], query


@pytest.mark.parametrize("file", ["apple.mobileconfig", "autoconfig.xml"])
async def test_the_right_comes_before_the_name(manager: Manager, file: str) -> None:
    client = await manager.bearer({"example.com": ["forwarders", "spam", "dns"]})
    error_of(await client.get(f"{E}/{file}"), 403, "forbidden")


def test_a_new_profile_replaces_the_old_one_and_no_other() -> None:
    def identity(domain: str, user: str) -> Any:
        profile = plistlib.loads(apple_profile(settings(domain), f"{user}@{domain}"))
        [account] = profile["PayloadContent"]
        return [payload[key] for payload in (profile, account) for key in ("PayloadIdentifier", "PayloadUUID")]

    assert identity("example.com", "alex") == identity("example.com", "alex")
    assert apple_profile(settings(), "alex@example.com") == apple_profile(settings(), "alex@example.com")
    others = [("example.com", "alex"), ("b.example.com", "a"), ("example.com", "a.b"), ("example.com", "a-b")]
    every = [each for domain, user in others for each in identity(domain, user)]
    assert len(set(every)) == len(every)


def test_any_text_stays_text() -> None:
    """No such name gets this far; if one did, it could not become markup."""
    address = "\"<evil a='&'>]]>@example.com"
    [account] = plistlib.loads(apple_profile(settings(), address))["PayloadContent"]
    assert account["EmailAddress"] == account["IncomingMailServerUsername"] == address
    root = parsed(autoconfig(settings(webmail='https://x.example/?a="&<b')))
    assert root.find("webMail/loginPage").get("url") == 'https://x.example/?a="&<b'  # type: ignore[union-attr]
