import base64
from pathlib import Path

import pytest
from pydantic import ValidationError

from deploy import settings_table
from services.casework.settings import Settings as CaseworkSettings
from services.referral.settings import Settings
from shared.settings import SettingsError, describe, load

KEY = base64.b64encode(b"k" * 32).decode()
NEEDED = {
    "REFERRAL_DATABASE_URL": "postgresql+asyncpg://referral_app:made-up@127.0.0.1:8132/handoff",
    "REFERRAL_NATS_URL": "nats://referral:made-up@127.0.0.1:8122",
    "REFERRAL_OIDC_ISSUER": "http://127.0.0.1:8104/",
    "REFERRAL_CLIENT_SECRET": "made-up",
    "REFERRAL_KEY_ENCRYPTION_KEY": KEY,
    "REFERRAL_HASH_KEY": KEY,
}


@pytest.fixture(autouse=True)
def _environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("HANDOFF_SECRETS_DIR", raising=False)
    for name, value in NEEDED.items():
        monkeypatch.setenv(name, value)


def refusal() -> str:
    with pytest.raises(SettingsError) as caught:
        load(Settings)
    return str(caught.value)


def test_a_complete_environment_is_read() -> None:
    settings = load(Settings)

    assert settings.port == 8101
    assert settings.oidc_issuer == "http://127.0.0.1:8104"
    assert settings.key_encryption_key.get_secret_value() == b"k" * 32


def test_settings_cannot_be_changed() -> None:
    settings = load(Settings)

    with pytest.raises(ValidationError, match="frozen"):
        settings.port = 1  # type: ignore[misc]  # that it cannot be set is the point


def test_secrets_do_not_show() -> None:
    shown = repr(load(Settings))

    assert "made-up" not in shown
    assert "kkk" not in shown


def test_a_missing_setting_is_one_sentence_that_names_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("REFERRAL_DATABASE_URL")

    assert refusal() == (
        "REFERRAL_DATABASE_URL is missing: set it to a URL such as"
        " postgresql+asyncpg://user:password@host/handoff."
    )


def test_several_missing_settings_are_still_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("REFERRAL_CLIENT_SECRET")
    monkeypatch.delenv("REFERRAL_HASH_KEY")

    assert refusal() == (
        "REFERRAL_CLIENT_SECRET is missing: set it to the secret that the provider gave for this"
        " service; REFERRAL_HASH_KEY is missing: set it to base64 of 32 random bytes, as"
        " `openssl rand -base64 32` prints them."
    )


def test_an_empty_setting_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REFERRAL_NATS_URL", "")

    assert refusal().startswith("REFERRAL_NATS_URL is missing: set it to")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("REFERRAL_DATABASE_URL", "mysql://made-up-secret@127.0.0.1/handoff"),
        ("REFERRAL_PORT", "made-up-secret"),
        ("REFERRAL_PORT", "0"),
        ("REFERRAL_HASH_KEY", "made-up-secret"),
        ("REFERRAL_KEY_ENCRYPTION_KEY", base64.b64encode(b"short").decode()),
        ("REFERRAL_OIDC_ISSUER", "made-up-secret"),
        ("REFERRAL_LOG_LEVEL", "made-up-secret"),
    ],
)
def test_an_unusable_setting_is_named_and_its_value_is_not_shown(
    name: str, value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, value)

    told = refusal()

    assert told.startswith(f"{name} cannot be used: set it to ")
    assert "made-up-secret" not in told


def test_a_mistyped_name_is_told_once_with_what_was_meant(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("REFERRAL_DATABASE_URL")
    monkeypatch.setenv("REFERRAL_DATBASE_URL", NEEDED["REFERRAL_DATABASE_URL"])

    assert refusal() == (
        "REFERRAL_DATBASE_URL is not a setting; did you mean REFERRAL_DATABASE_URL?"
    )


def test_a_name_that_resembles_nothing_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REFERRAL_ZQX", "1")

    assert refusal() == "REFERRAL_ZQX is not a setting; unset it."


def test_another_services_settings_do_not_disturb(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CASEWORK_ZQX", "1")

    assert load(Settings).port == 8101


def test_a_secret_may_come_from_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "referral_client_secret").write_text("from a file\n")
    monkeypatch.delenv("REFERRAL_CLIENT_SECRET")
    monkeypatch.setenv("HANDOFF_SECRETS_DIR", str(tmp_path))

    assert load(Settings).client_secret.get_secret_value() == "from a file"


def test_a_mistyped_file_is_refused_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "referral_client_secert").write_text("from a file\n")
    monkeypatch.setenv("HANDOFF_SECRETS_DIR", str(tmp_path))

    assert refusal() == (
        "REFERRAL_CLIENT_SECERT is not a setting; did you mean REFERRAL_CLIENT_SECRET?"
    )


def test_a_secrets_folder_that_is_not_there_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HANDOFF_SECRETS_DIR", "/nowhere/at/all")

    assert refusal() == "HANDOFF_SECRETS_DIR is not a folder: set it to one, or unset it."


def test_every_setting_is_described() -> None:
    rows = {row.name: row for row in describe(CaseworkSettings)}

    assert rows["CASEWORK_DATABASE_URL"].default is None
    assert rows["CASEWORK_DATABASE_URL"].secret
    assert rows["CASEWORK_REFERRAL_URL"].default == "http://127.0.0.1:8101"
    assert all(row.what and row.set_to for row in rows.values())


def test_the_page_of_settings_is_current() -> None:
    assert settings_table.TABLE.read_text("utf-8") == settings_table.render()


@pytest.mark.parametrize("wrong", ["roles", '{"role": "r"}', '{"role_names": {"a": "pear"}}'])
def test_claims_that_cannot_be_used_stop_the_start(
    monkeypatch: pytest.MonkeyPatch, wrong: str
) -> None:
    monkeypatch.setenv("REFERRAL_OIDC_CLAIMS", wrong)

    assert refusal().startswith("REFERRAL_OIDC_CLAIMS cannot be used: set it to JSON such as")


def test_former_keys_are_a_list_and_the_present_one_comes_first(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert load(Settings).vault_keys() == (b"k" * 32,)

    other = base64.b64encode(b"l" * 32).decode()
    monkeypatch.setenv("REFERRAL_FORMER_KEY_ENCRYPTION_KEYS", f"{other}\n{KEY}")
    assert load(Settings).vault_keys() == (b"k" * 32, b"l" * 32, b"k" * 32)


@pytest.mark.parametrize("wrong", ["made-up", f"{KEY} c2hvcnQ="])
def test_a_former_key_that_is_none_is_named_and_not_shown(
    monkeypatch: pytest.MonkeyPatch, wrong: str
) -> None:
    monkeypatch.setenv("REFERRAL_FORMER_KEY_ENCRYPTION_KEYS", wrong)

    assert refusal().startswith("REFERRAL_FORMER_KEY_ENCRYPTION_KEYS cannot be used")
    assert wrong not in refusal()
