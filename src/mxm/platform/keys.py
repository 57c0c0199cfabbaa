"""One secret, one derived key for each purpose, so that no key ever serves two ends.

Derivation is HKDF-Expand of RFC 5869 with SHA-256; a single block is enough for 32 bytes.
"""

import contextlib
import hashlib
import hmac
import os
from pathlib import Path

from mxm.platform.clock import Chance


class KeyRing:
    """Derives keys from the current secret and, while rotating, from the one before."""

    def __init__(self, secret: str, previous: str | None = None) -> None:
        self._roots = [_extract(secret)] + ([_extract(previous)] if previous else [])
        self._derived: dict[str, list[bytes]] = {}

    def digests(self, purpose: str, value: bytes) -> list[bytes]:
        """Keyed hashes of `value`: by the current key first, then by the previous one."""
        return [hmac.digest(key, value, hashlib.sha256) for key in self._keys(purpose)]

    def digest(self, purpose: str, value: bytes) -> bytes:
        """The keyed hash of `value` by the current key (32 bytes)."""
        return hmac.digest(self._keys(purpose)[0], value, hashlib.sha256)

    def derived(self, purpose: str) -> tuple[bytes, ...]:
        """The keys themselves (32 bytes) for a cipher: the current one first, then the previous one."""
        return tuple(self._keys(purpose))

    def _keys(self, purpose: str) -> list[bytes]:
        if purpose not in self._derived:
            self._derived[purpose] = [_expand(root, purpose) for root in self._roots]
        return self._derived[purpose]


def _extract(secret: str) -> bytes:
    return hmac.digest(b"mxroute-manager", secret.encode(), hashlib.sha256)


def _expand(root: bytes, purpose: str) -> bytes:
    return hmac.digest(root, purpose.encode() + b"\x01", hashlib.sha256)


def secret_from_file(path: Path, chance: Chance) -> str:
    """The secret in `path`, made with mode 0600 when it is not there. Safe when two processes start at once."""
    if not path.exists():
        draft = path.with_name(f"{path.name}.{chance.token(6).hex()}")
        handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w") as file:
            file.write(chance.token(32).hex())
            file.flush()
            os.fsync(file.fileno())
        with contextlib.suppress(FileExistsError):  # another process was quicker: its key counts
            os.link(draft, path)
        draft.unlink()
    secret = path.read_text().strip()
    if len(secret) < 64:
        raise ValueError(f"{path} does not hold a complete key; restore it from a backup")
    return secret
