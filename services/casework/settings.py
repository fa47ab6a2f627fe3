"""Settings of the casework service."""

from pydantic import SecretStr
from pydantic_settings import SettingsConfigDict

from shared.setting_kinds import FormerKeys, KeyEncryptionKey, Port, ReferralUrl, keys_of
from shared.settings import ServiceSettings


class Settings(ServiceSettings):
    """Casework reads referral's journal and asks it for identity packets."""

    model_config = SettingsConfigDict(env_prefix="CASEWORK_")

    port: Port = 8102
    key_encryption_key: KeyEncryptionKey
    former_key_encryption_keys: FormerKeys = SecretStr("")
    referral_url: ReferralUrl = "http://127.0.0.1:8101"

    def vault_keys(self) -> tuple[bytes, ...]:
        """Return the key-encryption keys, the present one first."""
        former = keys_of(self.former_key_encryption_keys)
        return (self.key_encryption_key.get_secret_value(), *former)
