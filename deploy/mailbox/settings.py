"""What the local mailbox is told: `MAILBOX_*`."""

from pathlib import Path
from typing import Self

from pydantic_settings import BaseSettings, SettingsConfigDict


class MailboxSettings(BaseSettings):
    """Read once at start; tests pass values instead."""

    model_config = SettingsConfigDict(env_prefix="MAILBOX_", frozen=True, extra="ignore")

    host: str = "127.0.0.1"
    port: int = 8105
    smtp_port: int = 8106
    folder: Path

    @classmethod
    def read(cls) -> Self:
        """Read them from the environment alone."""
        return cls.model_validate({})
