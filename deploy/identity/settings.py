"""What the local provider is told: `IDENTITY_*`."""

from pathlib import Path
from typing import Self

from pydantic_settings import BaseSettings, SettingsConfigDict


class IdentitySettings(BaseSettings):
    """Read once at start; tests pass values instead."""

    model_config = SettingsConfigDict(env_prefix="IDENTITY_", frozen=True, extra="ignore")

    host: str = "127.0.0.1"
    port: int = 8104
    issuer: str = "http://127.0.0.1:8104"
    signing_key_file: Path
    clients_file: Path

    @classmethod
    def read(cls) -> Self:
        """Read them from the environment alone."""
        return cls.model_validate({})
