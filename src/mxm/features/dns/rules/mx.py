"""Mail exchangers: which are expected, which are somebody else's, and whose."""

from collections.abc import Iterable

from mxm.features.dns.rules.wanted import host_name

_PROVIDERS = {
    "google.com": "Google Workspace",
    "googlemail.com": "Google Workspace",
    "outlook.com": "Microsoft 365",
    "mx.microsoft": "Microsoft 365",
    "protonmail.ch": "Proton Mail",
    "messagingengine.com": "Fastmail",
    "icloud.com": "iCloud",
    "zoho.com": "Zoho Mail",
    "zoho.eu": "Zoho Mail",
    "yandex.net": "Yandex",
    "yandex.ru": "Yandex",
    "mx.cloudflare.net": "Cloudflare Email Routing",
    "improvmx.com": "ImprovMX",
    "forwardemail.net": "Forward Email",
    "secureserver.net": "GoDaddy",
    "registrar-servers.com": "Namecheap",
    "privateemail.com": "Namecheap Private Email",
    "mailgun.org": "Mailgun",
    "amazonaws.com": "Amazon SES",
    "pphosted.com": "Proofpoint",
    "mimecast.com": "Mimecast",
    "ovh.net": "OVH",
    "migadu.com": "Migadu",
    "mailbox.org": "mailbox.org",
    "kundenserver.de": "IONOS",
    "ionos.com": "IONOS",
    "titan.email": "Titan",
    "hostinger.com": "Hostinger",
    "emailsrvr.com": "Rackspace",
}


def provider_of(host: str) -> str | None:
    """Who runs a mail exchanger, where its name tells."""
    labels = host_name(host).split(".")
    return next((_PROVIDERS[name] for n in range(len(labels)) if (name := ".".join(labels[n:])) in _PROVIDERS), None)


def named(hosts: Iterable[str]) -> str:
    """Hosts for a sentence, with their providers: `Google Workspace (aspmx.l.google.com)`."""
    by_provider: dict[str | None, list[str]] = {}
    for host in sorted(set(hosts)):
        by_provider.setdefault(provider_of(host), []).append(
            "the null MX (no mail is accepted)" if host in {"", "."} else host
        )
    return ", ".join(
        ", ".join(found) if provider is None else f"{provider} ({', '.join(found)})"
        for provider, found in sorted(by_provider.items(), key=lambda item: item[0] or "")
    )


def parsed(value: str) -> tuple[int, str]:
    """`10 host` as a pair; a null MX has the host "" (RFC 7505)."""
    priority, _, host = value.strip().partition(" ")
    return (int(priority) if priority.isdigit() else 0), host_name(host)
