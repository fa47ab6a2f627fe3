"""Compile both locks from `pyproject.toml`, or check that they are current.

`requirements.lock` is for working on Handoff, `deploy/requirements.lock` for the image. Each is a
hashed requirements file without index or file addresses, so that it installs from
whatever registry a machine is configured to use. Run by `make lock` and, with `--check`, by
`make check`. Uses only the standard library: it runs before anything is installed.
"""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LOCK = ROOT / "requirements.lock"
# The image needs neither tools nor embedded servers; the same versions as everybody, otherwise.
IMAGE_LOCK = ROOT / "deploy" / "requirements.lock"
LOCKS = {
    LOCK: ("--group", "dev", "--extra", "embedded"),
    IMAGE_LOCK: ("--constraint", "requirements.lock"),
}


def uv() -> Path:
    """Return the project's own uv, whichever environment holds it."""
    for candidate in (ROOT / ".uv/bin/uv", Path(sys.executable).parent / "uv"):
        if candidate.exists():
            return candidate
    raise SystemExit("uv is missing; run `make setup` first.")


def main() -> int:
    """Compile with the present locks as preference: only what pyproject changed moves."""
    before = {path: path.read_text() if path.exists() else "" for path in LOCKS}
    if "--check" not in sys.argv[1:]:
        return compiled()
    try:
        failed = compiled()
        stale = [path for path, text in before.items() if path.read_text() != text]
    finally:
        for path, text in before.items():
            path.write_text(text)
    if failed or not stale:
        return failed
    names = " and ".join(str(path.relative_to(ROOT)) for path in stale)
    sys.stderr.write(f"{names}: not what pyproject.toml asks for: run `make lock`.\n")
    return 1


def compiled() -> int:
    """Write both locks; return what uv ended with."""
    for path, what in LOCKS.items():
        command = [str(uv()), "pip", "compile", "--quiet", "--universal", "--python-version=3.11"]
        command += ["--generate-hashes", "--no-emit-index-url", "--no-emit-find-links"]
        command += ["--no-annotate", "--no-header", *what, "pyproject.toml"]
        command += ["--output-file", str(path)]
        result = subprocess.run(command, cwd=ROOT, check=False)
        if result.returncode:
            return result.returncode
    return 0


if __name__ == "__main__":
    sys.exit(main())
