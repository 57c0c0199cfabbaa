"""Seals secrets that must wait in the database: readable only with our key, and only in the place they were made for.

AES-256-GCM. A sealed value is one version byte, twelve bytes of nonce, then ciphertext and tag.
"""

import json
from typing import Any

from mxm.platform.clock import Chance
from mxm.platform.errors import AppError
from mxm.platform.keys import KeyRing

_VERSION = b"\x01"
_NONCE = 12


class CannotOpen(AppError):
    """A sealed value is not ours, was moved or changed, or was sealed with a key that is gone."""

    def __init__(self) -> None:
        super().__init__(
            "A stored secret cannot be opened: it was sealed with another SECRET_KEY, or changed in the database."
        )


class Sealer:
    """One derived key for each purpose; while keys are rotated the previous one opens, too."""

    def __init__(self, keys: KeyRing, chance: Chance) -> None:
        self._keys, self._chance = keys, chance

    def seal(self, purpose: str, value: Any, bound_to: str) -> bytes:
        """`value` (JSON), to be opened only under the same purpose and binding."""
        nonce = self._chance.token(_NONCE)
        plain = json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
        hidden: bytes = _cipher(self._keys.derived(purpose)[0]).encrypt(nonce, plain, bound_to.encode())
        return _VERSION + nonce + hidden

    def open(self, purpose: str, sealed: bytes, bound_to: str) -> Any:
        """The value. Raises `CannotOpen`."""
        from cryptography.exceptions import InvalidTag

        nonce, hidden = sealed[1 : 1 + _NONCE], sealed[1 + _NONCE :]
        if sealed[:1] != _VERSION or len(hidden) < 16:
            raise CannotOpen
        for key in self._keys.derived(purpose):
            try:
                return json.loads(_cipher(key).decrypt(nonce, hidden, bound_to.encode()))
            except InvalidTag:
                continue
        raise CannotOpen


def _cipher(key: bytes) -> Any:
    # Late: a server that never seals anything neither waits for this import nor holds it in memory.
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    return AESGCM(key)
