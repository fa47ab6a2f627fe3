"""AES-256-GCM with everything bound that must not be swapped: pure, no database.

A sealed blob is, in this order:

    1 byte    layout, now 1
    4 bytes   version of the key that sealed it, big-endian
    12 bytes  random nonce
    rest      ciphertext and its 16-byte tag

The associated data is the purpose and each name that the blob belongs to, each with its length in
front, so that no two lists of names look alike. A blob copied to another field, subject, schema
or key version does not open.
"""

import os
import struct
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

LAYOUT = 1
HEAD = struct.Struct(">BI")
NONCE_BYTES = 12
TAG_BYTES = 16
KEY_BYTES = 32


class VaultError(Exception):
    """Something cannot be read; the text never says what it was."""


class UnreadableError(VaultError):
    """The blob was changed or moved, or the key is another one."""


class KeyGone(VaultError):  # noqa: N818 - the state of a key, and an answer, not a fault
    """The key was destroyed, and with it everything under it."""


class Plaintext(bytes):
    """What was decrypted: bytes like any others, except that printing them shows nothing."""

    __slots__ = ()

    def __repr__(self) -> str:
        return f"Plaintext(<{len(self)} bytes>)"

    __str__ = __repr__

    def __format__(self, spec: str) -> str:
        return format(repr(self), spec)


@dataclass(frozen=True, slots=True)
class Binding:
    """What a blob belongs to, and nothing else may open."""

    purpose: str
    names: tuple[bytes, ...]

    def associated_data(self, version: int) -> bytes:
        parts = (self.purpose.encode(), version.to_bytes(4, "big"), *self.names)
        return b"".join(len(part).to_bytes(4, "big") + part for part in parts)


def new_key() -> bytes:
    return AESGCM.generate_key(bit_length=KEY_BYTES * 8)


def seal(key: bytes, plaintext: bytes, *, binding: Binding, version: int) -> bytes:
    nonce = os.urandom(NONCE_BYTES)
    sealed = AESGCM(key).encrypt(nonce, plaintext, binding.associated_data(version))
    return HEAD.pack(LAYOUT, version) + nonce + sealed


def key_version(blob: bytes) -> int:
    """Return the version of the key that opens *blob*.

    Raises:
        UnreadableError: it has no layout of ours.
    """
    if len(blob) < HEAD.size + NONCE_BYTES + TAG_BYTES or blob[0] != LAYOUT:
        raise UnreadableError("this has no layout of the vault")
    version: int = HEAD.unpack_from(blob)[1]
    return version


def unseal(key: bytes, blob: bytes, *, binding: Binding) -> Plaintext:
    """Return what `seal` put into *blob*.

    Raises:
        UnreadableError: anything about it, its binding or the key is not as it was then.
    """
    data = binding.associated_data(key_version(blob))
    nonce, sealed = blob[HEAD.size : HEAD.size + NONCE_BYTES], blob[HEAD.size + NONCE_BYTES :]
    try:
        return Plaintext(AESGCM(key).decrypt(nonce, sealed, data))
    except InvalidTag:
        raise UnreadableError("this was changed or moved, or the key is another one") from None
