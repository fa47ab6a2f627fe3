"""Settings of the referral service."""

from pydantic_settings import SettingsConfigDict

from shared.setting_kinds import KeyEncryptionKey, Port
from shared.settings import ServiceSettings


class Settings(ServiceSettings):
    """Referral calls no other service."""

    model_config = SettingsConfigDict(env_prefix="REFERRAL_")

    port: Port = 8101
    key_encryption_key: KeyEncryptionKey
