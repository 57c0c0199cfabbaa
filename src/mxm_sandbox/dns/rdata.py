"""From written data to data on the wire, by dnspython."""

from functools import lru_cache

import dns.exception
import dns.name
import dns.rdata
import dns.rdataclass
import dns.rdatatype
from dns.rdata import Rdata

from mxm_sandbox.dns import strings
from mxm_sandbox.dns.loopback import loopback4, loopback6


class BadRecord(ValueError):
    """A record type that does not exist, or data that the type cannot hold."""


@lru_cache(maxsize=8192)
def parse(record_type: str, data: str) -> Rdata:
    """The data of a record; names in it are absolute with or without their root dot. Raises BadRecord."""
    try:
        kind = dns.rdatatype.from_text(record_type)
        return dns.rdata.from_text(dns.rdataclass.IN, kind, data, origin=dns.name.root, relativize=False)
    except (dns.exception.DNSException, ValueError) as error:
        raise BadRecord(f"{record_type} cannot be {data!r}: {error}") from error


def presentation(record_type: str, value: str) -> str:
    """A value given by hand as zone files write it: TXT need not be quoted, and addresses become loopback ones.

    Raises BadRecord.
    """
    kind = record_type.upper()
    if kind == "TXT":
        written = strings.strings_of(value)
        if written is None:
            raise BadRecord(f"TXT cannot be {value!r}: quotes do not match")
        return strings.quoted(written)
    parse(kind, value)
    if kind == "A":
        return loopback4(value)
    return loopback6(value) if kind == "AAAA" else value
