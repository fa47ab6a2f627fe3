"""Settings of the notify service."""

from pydantic_settings import SettingsConfigDict

from shared.settings import Port, ReferralUrl, ServiceSettings


class Settings(ServiceSettings):
    """Notify reads referral's journal; it encrypts nothing, so it has no key-encryption key."""

    model_config = SettingsConfigDict(env_prefix="NOTIFY_")

    port: Port = 8103
    referral_url: ReferralUrl = "http://127.0.0.1:8101"
