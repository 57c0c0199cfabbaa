"""An authority for tests, certificates that it signs, and a server on loopback that presents one."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

_DAY = timedelta(days=1)


class Authority:
    """Signs certificates for names; `trusted()` believes it and nobody else."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Authority of the tests")])
        usage = x509.KeyUsage(
            digital_signature=True,
            key_cert_sign=True,
            crl_sign=True,
            content_commitment=False,
            key_encipherment=False,
            data_encipherment=False,
            key_agreement=False,
            encipher_only=False,
            decipher_only=False,
        )
        key_id = x509.SubjectKeyIdentifier.from_public_key(self._key.public_key())
        self._certificate = (
            self._begin(self._name, self._key)
            .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
            .add_extension(usage, critical=True)
            .add_extension(key_id, critical=False)
            .sign(self._key, hashes.SHA256())
        )

    def trusted(self) -> ssl.SSLContext:
        """Verification by this authority alone."""
        return ssl.create_default_context(cadata=_pem(self._certificate).decode())

    def serving(self, *names: str, expired: bool = False) -> ssl.SSLContext:
        """A server's side for `names`."""
        key = ec.generate_private_key(ec.SECP256R1())
        ends = datetime.now(UTC) - _DAY if expired else None
        authority = x509.AuthorityKeyIdentifier.from_issuer_public_key(self._key.public_key())
        certificate = (
            self._begin(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, names[0])]), key, ends=ends)
            .add_extension(x509.SubjectAlternativeName([x509.DNSName(name) for name in names]), critical=False)
            .add_extension(authority, critical=False)
            .sign(self._key, hashes.SHA256())
        )
        file = self._folder / f"{names[0]}-{certificate.serial_number}.pem"
        file.write_bytes(_key_pem(key) + _pem(certificate))
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(file)
        return context

    def _begin(
        self, subject: x509.Name, key: ec.EllipticCurvePrivateKey, *, ends: datetime | None = None
    ) -> x509.CertificateBuilder:
        ends = ends or datetime.now(UTC) + _DAY
        return (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(self._name)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(ends - 3 * _DAY)
            .not_valid_after(ends)
        )


def _pem(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(serialization.Encoding.PEM)


def _key_pem(key: ec.EllipticCurvePrivateKey) -> bytes:
    encoding, shape = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8
    return key.private_bytes(encoding, shape, serialization.NoEncryption())


@dataclass
class Listening:
    """A listening socket: its port, who came, and what they sent."""

    port: int = 0
    visits: int = 0
    data: bytearray = field(default_factory=bytearray)
    visited: asyncio.Event = field(default_factory=asyncio.Event)


@asynccontextmanager
async def listening(context: ssl.SSLContext | None = None, *, host: str = "127.0.0.1") -> AsyncIterator[Listening]:
    """Listen on a free port, with TLS when a `context` is given. Connections count before any handshake."""
    found = Listening()

    class Visit(asyncio.Protocol):
        def data_received(self, data: bytes) -> None:
            found.data += data

    loop = asyncio.get_running_loop()
    tls: list[asyncio.Task[None]] = []

    class Front(asyncio.Protocol):
        """Counts, and then begins TLS."""

        def connection_made(self, transport: asyncio.BaseTransport) -> None:
            found.visits += 1
            found.visited.set()
            if context is not None:
                tls.append(asyncio.ensure_future(self._encrypt(transport)))

        async def _encrypt(self, transport: asyncio.BaseTransport) -> None:
            try:
                await loop.start_tls(transport, Visit(), context, server_side=True)  # type: ignore[arg-type]
            except OSError:
                transport.close()

    server = await loop.create_server(Front, host, 0)
    found.port = server.sockets[0].getsockname()[1]
    try:
        yield found
    finally:
        server.close()
        for task in tls:
            task.cancel()
        await asyncio.gather(*tls, return_exceptions=True)
