"""Write `docs/reference/settings.md` from the settings classes, or check that it is current.

`python -m deploy.settings_table` writes, `--check` only compares.
"""

import sys
from collections.abc import Iterable

from deploy.kept import REFERENCE, keep
from services.casework.settings import Settings as CaseworkSettings
from services.notify.settings import Settings as NotifySettings
from services.referral.settings import Settings as ReferralSettings
from shared.settings import SECRETS_DIR, Row, ServiceSettings, describe

TABLE = REFERENCE / "settings.md"

SERVICES: dict[str, type[ServiceSettings]] = {
    "referral": ReferralSettings,
    "casework": CaseworkSettings,
    "notify": NotifySettings,
}

TOP = f"""# Settings

Written by `python -m deploy.settings_table` from the settings classes; do not edit by hand.

A setting is an environment variable, or a file of the same name in lower case in the folder that
`{SECRETS_DIR}` names: meant for what is marked *secret*; the environment wins. All are read
once, at start. A missing, unusable or unknown setting stops the start with a sentence naming it.
"""

HEAD = "| setting | what it is | set it to | default |\n|---|---|---|---|"


def render() -> str:
    """Return the whole page."""
    parts = [TOP]
    for service, settings in SERVICES.items():
        parts.append(f"## {service}\n\n{HEAD}\n{_lines(describe(settings))}\n")
    return "\n".join(parts)


def _lines(rows: Iterable[Row]) -> str:
    return "\n".join(
        f"| `{row.name}` | {row.what}{' *Secret.*' if row.secret else ''} | {row.set_to}"
        f" | {_default(row)} |"
        for row in rows
    )


def _default(row: Row) -> str:
    if row.default is None:
        return "must be set"
    return f"`{row.default}`" if row.default else "empty"


def main() -> int:
    return keep(TABLE, render(), by="deploy.settings_table")


if __name__ == "__main__":
    sys.exit(main())
