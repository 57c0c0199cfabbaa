"""Mozilla's autoconfig format (`clientConfig` 1.1), read by Thunderbird and many other mail programs."""

from xml.etree.ElementTree import Element, SubElement, indent, tostring

from mxm.features.client_setup.schemas import ClientSettings, ServerSettings

_ADDRESS = "%EMAILADDRESS%"
"""The mail program puts in the address that the person typed."""
_SOCKETS = {"ssl": "SSL", "starttls": "STARTTLS"}


def autoconfig(settings: ClientSettings) -> bytes:
    """For every mailbox of the domain; of the two ways to send, the one that programs shall prefer comes first."""
    root = Element("clientConfig", version="1.1")
    provider = SubElement(root, "emailProvider", id=settings.domain)
    SubElement(provider, "domain").text = settings.domain
    SubElement(provider, "displayName").text = settings.domain
    SubElement(provider, "displayShortName").text = settings.domain
    _server(provider, "incomingServer", "imap", settings.imap)
    _server(provider, "outgoingServer", "smtp", settings.smtp_ssl)
    _server(provider, "outgoingServer", "smtp", settings.smtp_starttls)
    if settings.webmail.url is not None:
        SubElement(SubElement(root, "webMail"), "loginPage", url=settings.webmail.url)
    indent(root)
    written: bytes = tostring(root, encoding="utf-8", xml_declaration=True)
    return written + b"\n"


def _server(provider: Element, tag: str, kind: str, server: ServerSettings) -> None:
    """`password-cleartext` is the format's word for a plain password inside an encrypted connection."""
    element = SubElement(provider, tag, type=kind)
    SubElement(element, "hostname").text = server.host
    SubElement(element, "port").text = str(server.port)
    SubElement(element, "socketType").text = _SOCKETS[server.encryption]
    SubElement(element, "authentication").text = "password-cleartext"
    SubElement(element, "username").text = _ADDRESS
