"""Compile `requirements.lock` from `pyproject.toml`, or check that it is current.

The lock is a hashed requirements file without index or file addresses, so that it installs from
whatever registry a machine is configured to use. Run by `make lock` and, with `--check`, by
`make check`. Uses only the standard library: it runs before anything is installed.
"""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LOCK = ROOT / "requirements.lock"


def uv() -> Path:
    """Return the project's own uv, whichever environment holds it."""
    for candidate in (ROOT / ".uv/bin/uv", Path(sys.executable).parent / "uv"):
        if candidate.exists():
            return candidate
    raise SystemExit("uv is missing; run `make setup` first.")


def main() -> int:
    """Compile with the present lock as preference: only what pyproject changed moves."""
    before = LOCK.read_text() if LOCK.exists() else ""
    command = [str(uv()), "pip", "compile", "--quiet", "--universal", "--python-version", "3.11"]
    command += ["--generate-hashes", "--no-emit-index-url", "--no-emit-find-links"]
    command += ["--no-annotate", "--no-header", "--group", "dev", "pyproject.toml"]
    command += ["--output-file", str(LOCK)]
    result = subprocess.run(command, cwd=ROOT, check=False)
    if result.returncode:
        return result.returncode
    if "--check" in sys.argv[1:] and LOCK.read_text() != before:
        LOCK.write_text(before)
        sys.stderr.write(
            "requirements.lock is not what pyproject.toml asks for: run `make lock`.\n"
        )
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
