"""Settings of the casework service."""

from pydantic_settings import SettingsConfigDict

from shared.setting_kinds import KeyEncryptionKey, Port, ReferralUrl
from shared.settings import ServiceSettings


class Settings(ServiceSettings):
    """Casework reads referral's journal and asks it for identity packets."""

    model_config = SettingsConfigDict(env_prefix="CASEWORK_")

    port: Port = 8102
    key_encryption_key: KeyEncryptionKey
    referral_url: ReferralUrl = "http://127.0.0.1:8101"
