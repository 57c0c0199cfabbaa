"""Settings for mail programs; ports are MXroute's (facts.md)."""

from mxm.features.client_setup.schemas import ClientSettings, ServerSettings, Webmail
from mxm.features.dns.api import Check, DnsHealth, Status
from mxm.platform.errors import NotConfigured

_NOTE = "The login is the full e-mail address, for receiving and for sending."
_PATIENCE_SECONDS = 3.0
"""For public DNS and the certificate together: people wait for the answer, and the account's server always works."""


class ClientSetup:
    """Names of the domain's own where they are known to work, else the account's server."""

    def __init__(self, health: DnsHealth, mail_host: str | None, url_scheme: str) -> None:
        """`mail_host` is the account's server, which always presents a valid certificate (MX_SERVER); `url_scheme` is
        PUBLIC_URL_SCHEME."""
        self._health, self._mail_host, self._scheme = health, mail_host, url_scheme

    async def settings(self, domain: str, username: str | None) -> ClientSettings:
        """The settings; whether domain and mailbox exist is not looked up. Raises `NotConfigured`."""
        if self._mail_host is None:
            raise NotConfigured("MXroute is not configured: set MX_SERVER.")
        mail, webmail = await self._health.names(domain, seconds=_PATIENCE_SECONDS)
        host = f"mail.{domain}" if _works(mail) else self._mail_host
        url = f"{self._scheme}://webmail.{domain}" if webmail.status is Status.PASS else None
        return ClientSettings(
            domain=domain,
            username=f"{username}@{domain}" if username else None,
            username_note=_NOTE,
            mail_host=host,
            imap=ServerSettings(host=host, port=993, encryption="ssl"),
            smtp_ssl=ServerSettings(host=host, port=465, encryption="ssl"),
            smtp_starttls=ServerSettings(host=host, port=587, encryption="starttls"),
            webmail=Webmail(url=url, status=webmail.status),
        )


def _works(mail: Check) -> bool:
    """Mail programs show an error at a name that the certificate does not cover (facts.md)."""
    return mail.status is Status.PASS and mail.certificate == "covers"
