"""Settings of the notify service."""

from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, StringConstraints
from pydantic_settings import SettingsConfigDict

from shared.setting_kinds import CaseworkUrl, Port, ReferralUrl, Says
from shared.settings import ServiceSettings


def _smtp_url(value: str) -> str:
    parts = urlsplit(value)
    # Encryption and a login come with a scheme of their own; until then, say so at the start.
    if parts.scheme != "smtp" or not parts.hostname or not parts.port or parts.username:
        raise ValueError("not the URL of a mail server")
    return value


SmtpUrl = Annotated[
    str,
    AfterValidator(_smtp_url),
    Says(
        "The mail server that takes the notices' mail.",
        "a URL with host and port, such as smtp://127.0.0.1:8106",
    ),
]
MailFrom = Annotated[
    str,
    StringConstraints(pattern=r"^[A-Za-z0-9._+-]+@[A-Za-z0-9.-]+$"),
    Says("In whose name mail is sent.", "an address such as handoff@example.org"),
]


class Settings(ServiceSettings):
    """Notify reads two journals; it encrypts nothing, so it has no key-encryption key."""

    model_config = SettingsConfigDict(env_prefix="NOTIFY_")

    port: Port = 8103
    referral_url: ReferralUrl = "http://127.0.0.1:8101"
    casework_url: CaseworkUrl = "http://127.0.0.1:8102"
    smtp_url: SmtpUrl = "smtp://127.0.0.1:8106"
    mail_from: MailFrom = "handoff@example.org"
