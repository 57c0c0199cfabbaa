"""Settings for mail programs; ports are MXroute's (facts.md)."""

from mxm.features.client_setup.schemas import ClientSettings, ServerSettings, Webmail
from mxm.platform.errors import NotConfigured

_NOTE = "The login is the full e-mail address, for receiving and for sending."


class ClientSetup:
    """`mail_host` is the account's server, which always presents a valid certificate."""

    def __init__(self, mail_host: str | None) -> None:
        self._mail_host = mail_host

    def settings(self, domain: str, username: str | None) -> ClientSettings:
        """The settings; whether the mailbox exists is not looked up. Raises `NotConfigured`."""
        host = self._mail_host
        if host is None:
            raise NotConfigured("MXroute is not configured: set MX_SERVER.")
        return ClientSettings(
            domain=domain,
            username=f"{username}@{domain}" if username else None,
            username_note=_NOTE,
            mail_host=host,
            imap=ServerSettings(host=host, port=993, encryption="ssl"),
            smtp_ssl=ServerSettings(host=host, port=465, encryption="ssl"),
            smtp_starttls=ServerSettings(host=host, port=587, encryption="starttls"),
            webmail=Webmail(url=None, status="skipped"),
        )
