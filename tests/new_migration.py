"""Write a service's next migration: `python -m tests.new_migration referral pre "what it does"`.

Compares the service's tables with its migrations on a throw-away server. The result is a draft:
read it, mend it, and only then commit it.
"""

import subprocess
import sys
from argparse import ArgumentParser

from shared.db import migrate, roles
from tests.servers import Background, Databases, running_postgres


def main() -> None:
    arguments = ArgumentParser(description=__doc__)
    arguments.add_argument("service", choices=[each.service for each in roles.SERVICES])
    arguments.add_argument("phase", choices=["pre", "post"])
    arguments.add_argument("what")
    given = arguments.parse_args()
    background = Background()
    try:
        with running_postgres() as server:
            owner = Databases(server, background).empty().url(given.service, "owner")
            migrate.upgrade(given.service, owner)
            step = migrate.revise(given.service, owner, phase=given.phase, what=given.what)
    finally:
        background.close()
    lines = step.read_text().splitlines(keepends=True)
    step.write_text("".join(line for line in lines if not line.startswith("    # ###")))
    for tidy in (["format", "--quiet"], ["check", "--quiet", "--fix"]):
        subprocess.run([sys.executable, "-m", "ruff", *tidy, step], check=True)
    sys.stdout.write(f"{step}\n")


if __name__ == "__main__":
    main()
