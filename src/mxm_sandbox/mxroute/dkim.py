"""DKIM keys that look real: a well-formed 2048-bit RSA public key per domain, the same one for the same seed.

Nobody holds the private half; a verifier can parse the key, which is all that DNS tools ask for.
"""

import base64

from mxm_sandbox.randomness import derive

SELECTOR = "x"
# DER of a SubjectPublicKeyInfo for rsaEncryption up to the modulus, and the public exponent 65537 (RFC 8017, A.1.1).
_BEFORE_MODULUS = bytes.fromhex("30820122300d06092a864886f70d01010105000382010f003082010a0282010100")
_EXPONENT = bytes.fromhex("0203010001")


def public_key(seed: int, domain: str) -> str:
    """The key as base64, as it stands behind `p=`."""
    modulus = bytearray(derive(seed, "dkim", domain).randbytes(256))
    modulus[0] |= 0x80  # exactly 2048 bits
    modulus[-1] |= 0x01  # a product of two odd primes is odd
    return base64.b64encode(_BEFORE_MODULUS + bytes(modulus) + _EXPONENT).decode("ascii")


def record(seed: int, domain: str) -> str:
    """The value of the TXT record."""
    return f"v=DKIM1; k=rsa; p={public_key(seed, domain)}"
