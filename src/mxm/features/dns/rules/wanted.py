"""What a domain's DNS should say: MXroute's expectations and our DMARC policy, with absolute names."""

from dataclasses import dataclass

from mxm.upstreams.cloudflare import txt
from mxm.upstreams.mxroute.models import DnsInfo, DnsRecord


@dataclass(frozen=True, slots=True)
class TextRecord:
    """A TXT record with its absolute name."""

    name: str
    value: str


@dataclass(frozen=True, slots=True)
class DmarcWish:
    """The policy that is wanted; `custom` when it was set for this very domain."""

    record: str
    custom: bool


@dataclass(frozen=True, slots=True)
class Wanted:
    """Everything that may be checked or published; None or empty where MXroute did not say."""

    domain: str
    dmarc: DmarcWish
    mx: tuple[tuple[int, str], ...] = ()
    spf: str | None = None
    dkim: TextRecord | None = None
    verification: TextRecord | None = None
    host: str | None = None
    """The server that `mail` and `webmail` lead to."""
    known: bool = True
    """False: MXroute could not be read, so that what it expects is not known."""

    @property
    def mx_hosts(self) -> frozenset[str]:
        """The expected mail exchangers."""
        return frozenset(host for _, host in self.mx)

    @property
    def mail_hosts(self) -> frozenset[str]:
        """Hosts that `mail` and `webmail` may lead to: the account's server, under whichever parent it is named."""
        first = min(self.mx, default=None)
        return frozenset(host for host in (self.host, first[1] if first else None) if host)

    @property
    def dmarc_name(self) -> str:
        """Where the policy lies."""
        return f"_dmarc.{self.domain}"


def wanted(domain: str, info: DnsInfo | None, dmarc: DmarcWish, host: str | None) -> Wanted:
    """From MXroute's answer (None: the domain is not there yet, or MXroute cannot be read)."""
    if info is None:
        return Wanted(domain, dmarc, host=host, known=False)
    return Wanted(
        domain,
        dmarc,
        mx=tuple(
            dict.fromkeys(
                (10 if record.priority is None else record.priority, host_name(record.hostname))
                for record in info.mx_records or []
                if record.hostname
            )
        ),
        spf=txt.decode(info.spf.value.strip()) if info.spf and info.spf.value else None,
        dkim=text_record(domain, info.dkim),
        verification=text_record(domain, info.verification),
        host=host,
    )


def text_record(domain: str, record: DnsRecord | None) -> TextRecord | None:
    """A record of MXroute's with its name made absolute; None when something is missing."""
    if record is None or not record.name or not record.value:
        return None
    return TextRecord(absolute(record.name, domain), txt.decode(record.value.strip()))


def absolute(name: str, domain: str) -> str:
    """`name` relative to `domain` (`@` is the domain itself), in lower case; one that is absolute already stays."""
    lower = host_name(name)
    if lower in {"@", ""}:
        return domain
    return lower if lower == domain or lower.endswith(f".{domain}") else f"{lower}.{domain}"


def host_name(text: str) -> str:
    """A host name in the form that is compared."""
    return text.strip().lower().rstrip(".")
