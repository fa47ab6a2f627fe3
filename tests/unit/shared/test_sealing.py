import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.vault.sealing import (
    HEAD,
    NONCE_BYTES,
    Binding,
    Plaintext,
    UnreadableError,
    key_version,
    new_key,
    seal,
    unseal,
)

KEY = new_key()
SUBJECT = b"s" * 16
FIELD = Binding("field", (b"referral_vault", b"identity_packet", SUBJECT))
TEXT = b"Test Participant Birch, 555-0142"


def a_blob() -> bytes:
    return seal(KEY, TEXT, binding=FIELD, version=3)


@given(st.binary(max_size=300), st.integers(1, 2**32 - 1))
def test_what_is_sealed_opens_again(text: bytes, version: int) -> None:
    blob = seal(KEY, text, binding=FIELD, version=version)

    assert unseal(KEY, blob, binding=FIELD) == text
    assert key_version(blob) == version


def test_the_same_text_never_gives_the_same_blob() -> None:
    assert a_blob() != a_blob()


@pytest.mark.parametrize(
    "other",
    [
        Binding("key", FIELD.names),
        Binding("field", (b"casework_vault", b"identity_packet", SUBJECT)),
        Binding("field", (b"referral_vault", b"note", SUBJECT)),
        Binding("field", (b"referral_vault", b"identity_packet", b"t" * 16)),
        Binding("field", (b"referral_vaulti", b"dentity_packet", SUBJECT)),
    ],
)
def test_a_blob_moved_elsewhere_does_not_open(other: Binding) -> None:
    with pytest.raises(UnreadableError):
        unseal(KEY, a_blob(), binding=other)


@given(st.data())
def test_a_blob_with_any_bit_changed_does_not_open(data: st.DataObject) -> None:
    blob = bytearray(a_blob())
    bit = data.draw(st.integers(0, len(blob) * 8 - 1))
    blob[bit // 8] ^= 1 << bit % 8

    with pytest.raises(UnreadableError):
        unseal(KEY, bytes(blob), binding=FIELD)


@given(st.binary(max_size=80))
def test_garbage_does_not_open(garbage: bytes) -> None:
    with pytest.raises(UnreadableError):
        unseal(KEY, garbage, binding=FIELD)


def test_another_key_does_not_open_it() -> None:
    with pytest.raises(UnreadableError):
        unseal(new_key(), a_blob(), binding=FIELD)


def test_the_layout_is_as_documented() -> None:
    blob = a_blob()

    assert blob[:5] == b"\x01\x00\x00\x00\x03"
    assert len(blob) == HEAD.size + NONCE_BYTES + len(TEXT) + 16


def test_printing_a_plaintext_shows_nothing() -> None:
    found = unseal(KEY, a_blob(), binding=FIELD)

    for shown in (repr(found), str(found), f"{found}", f"{found!r:>40}", repr([found])):
        assert "Birch" not in shown
        assert "Plaintext(<32 bytes>)" in shown
    assert found == TEXT
    assert isinstance(found, Plaintext)
