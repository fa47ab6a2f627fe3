"""Settings of the referral service."""

from pydantic import SecretStr
from pydantic_settings import SettingsConfigDict

from shared.setting_kinds import FormerKeys, KeyEncryptionKey, Port, keys_of
from shared.settings import ServiceSettings


class Settings(ServiceSettings):
    """Referral calls no other service."""

    model_config = SettingsConfigDict(env_prefix="REFERRAL_")

    port: Port = 8101
    key_encryption_key: KeyEncryptionKey
    former_key_encryption_keys: FormerKeys = SecretStr("")

    def vault_keys(self) -> tuple[bytes, ...]:
        """Return the key-encryption keys, the present one first."""
        former = keys_of(self.former_key_encryption_keys)
        return (self.key_encryption_key.get_secret_value(), *former)
