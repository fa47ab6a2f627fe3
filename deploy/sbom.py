"""Write `deploy/sbom.json`, what the image is made of (CycloneDX), from its lock, or check it.

`python -m deploy.sbom` writes, `--check` only compares. Each package has its version and the hashes
that the installation checks. It names no registry: a package comes from whichever the machine is
configured to use.
"""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

from deploy.kept import keep
from deploy.lock import IMAGE_LOCK, ROOT

SBOM = Path(__file__).parent / "sbom.json"
VERSION = SchemaVersion.V1_6


class SbomError(Exception):
    """The list of what the image is made of cannot be made; the text says why."""


def render(lock: Path = IMAGE_LOCK) -> str:
    """Return the list of what *lock* installs.

    Raises:
        SbomError: the lock cannot be read, or what came out is no CycloneDX.
    """
    options = ("--pyproject", str(ROOT / "pyproject.toml"), "--short-PURLs", "--validate")
    command = (sys.executable, "-W", "ignore", "-m", "cyclonedx_py", "requirements", *options)
    made = subprocess.run(
        (*command, "--sv", VERSION.to_version(), "--output-reproducible", str(lock)),
        capture_output=True,
        text=True,
        check=False,
    )
    if made.returncode:
        raise SbomError(f"{lock.name} cannot be read: {made.stderr.strip()}")
    found: dict[str, Any] = json.loads(made.stdout)
    found.pop("dependencies", None)  # a lock knows of none
    for component in found["components"]:
        _tidy(component)
    for tool in found["metadata"]["tools"]["components"]:
        tool.pop("externalReferences", None)
    text = json.dumps(found, indent=1, sort_keys=True) + "\n"
    if wrong := JsonStrictValidator(VERSION).validate_str(text):
        raise SbomError(f"what came out is no CycloneDX: {wrong}")
    return text


def _tidy(component: dict[str, Any]) -> None:
    """Keep what is so wherever it is installed from: no line of the lock, no registry."""
    component.pop("description", None)
    component["bom-ref"] = component["purl"]
    for reference in component.get("externalReferences", ()):
        reference["url"] = component["purl"]
        reference.pop("comment", None)


def main() -> int:
    return keep(SBOM, render(), by="deploy.sbom")


if __name__ == "__main__":
    sys.exit(main())
