"""Settings of the referral service."""

from pydantic_settings import SettingsConfigDict

from shared.settings import KeyEncryptionKey, Port, ServiceSettings


class Settings(ServiceSettings):
    """Referral calls no other service."""

    model_config = SettingsConfigDict(env_prefix="REFERRAL_")

    port: Port = 8101
    key_encryption_key: KeyEncryptionKey
