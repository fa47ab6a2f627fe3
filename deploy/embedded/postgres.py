"""A real PostgreSQL on loopback from the wheel's programs, with its data in one folder.

Root may not run PostgreSQL, so root runs it as the unprivileged user who owns the cluster. That
user need not be able to walk to the folder: it inherits an open descriptor of it and uses
`/proc/self/fd/N`, which needs no permission on the parents, so that private homes stay private.
The log and the password are outside of what that user owns.
"""

import os
import pwd
import secrets
import shutil
import signal
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryFile
from types import MappingProxyType
from urllib.parse import quote

from deploy.embedded import postgres_programs, process
from deploy.embedded.errors import EmbeddedError
from deploy.embedded.ports import LOOPBACK, Port, check_free
from deploy.identity.files import write_secret

ADMINISTRATOR = "postgres"
DATABASE = "handoff"
UNPRIVILEGED = "nobody"
READY_SECONDS = 60.0  # crash recovery after a long run takes a while
PREDECESSOR_SECONDS = 15.0
STOP_SECONDS = 3.0

OPTIONS: Mapping[str, str] = MappingProxyType(
    {
        "shared_buffers": "64MB",
        "max_wal_size": "256MB",
        "max_connections": "100",
        "timezone": "UTC",
        "log_timezone": "UTC",
        "log_checkpoints": "off",
        # Values that people typed do not belong into a log.
        "log_parameter_max_length": "0",
        "log_parameter_max_length_on_error": "0",
        "log_error_verbosity": "terse",
    }
)
INITDB = (
    "--auth=scram-sha-256",
    "--encoding=UTF8",
    "--locale-provider=builtin",
    "--locale=C.UTF-8",
    "--no-instructions",
    f"--username={ADMINISTRATOR}",
)


class Postgres:
    """One server; `folder` is its own. Start it from a thread that lasts (see `process`)."""

    stop_signal = signal.SIGINT  # "fast": disconnect the clients, write everything, end
    last_resort = signal.SIGQUIT  # "immediate": end now, recover at the next start

    def __init__(
        self,
        folder: Path,
        *,
        port: int,
        options: Mapping[str, str] = MappingProxyType({}),
        log: Path | None = None,
        password_file: Path | None = None,
    ) -> None:
        self.folder = folder.absolute()
        self.port = port
        self.process: subprocess.Popen[bytes] | None = None
        self._log_begins = 0
        self._options = {**OPTIONS, **options}
        self._cluster = self.folder / "cluster"
        self.log = log or self.folder / "server.log"
        self._password_file = password_file or self.folder / "admin_password"

    @property
    def admin_password(self) -> str:
        """The superuser's password, made at the first start."""
        try:
            return self._password_file.read_text("utf-8").strip()
        except OSError as error:
            raise EmbeddedError(
                f"{self._password_file}, the database superuser's password, cannot be read:"
                f" {error.strerror}."
            ) from error

    @property
    def admin_url(self) -> str:
        return self.url(ADMINISTRATOR, self.admin_password)

    def url(
        self,
        user: str,
        password: str,
        database: str = DATABASE,
        driver: str = "postgresql+asyncpg",
    ) -> str:
        """Return how *user* reaches *database* on this server."""
        who = f"{quote(user, safe='')}:{quote(password, safe='')}"
        return f"{driver}://{who}@{LOOPBACK}:{self.port}/{quote(database, safe='')}"

    def start(self) -> None:
        """Return when the server takes connections; the first time makes cluster and database."""
        self.launch()
        process.wait_until(lambda: self.is_ready() or self._ended(), within=READY_SECONDS)
        if not self.is_ready():
            self.stop()
            raise EmbeddedError(f"PostgreSQL did not start: {self.why_it_ended()}.")

    def launch(self) -> None:
        """Start the server without waiting until it is ready."""
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        account = self._account()
        programs = postgres_programs.bin_folder(account)
        if not self._cluster.exists():
            self._make_cluster(programs, account)
        self._outwait_predecessor()
        check_free([Port(self.port, "PostgreSQL")])
        settings = [f"-c{name}={value}" for name, value in self._options.items()]
        with _as_seen_by_child(self._cluster, account) as (cluster, keep_open):
            self._log_begins = process.log_end(self.log)
            self.process = process.spawn(
                process.Program(
                    arguments=[
                        *(programs / "postgres", "-D", cluster),
                        *("-h", LOOPBACK, "-p", str(self.port), "-k", ""),
                        *settings,
                    ],
                    log=self.log,
                    on_parent_death=self.stop_signal,
                    account=account,
                    keep_open=keep_open,
                )
            )

    def is_ready(self) -> bool:
        """Return whether the server says, in its own status file, that it takes connections."""
        lines = self._status_lines()
        running = self.process is not None and self.process.poll() is None
        return running and lines[:1] == [str(self.pid)] and lines[-1].strip() == "ready"

    @property
    def pid(self) -> int | None:
        return self.process.pid if self.process else None

    def stop(self, within: float = STOP_SECONDS) -> None:
        """Shut down at once but in order: clients are disconnected, everything is on disk."""
        process.ask(self.process, self.stop_signal)
        process.await_end(self.process, within=within, last_resort=self.last_resort)

    def why_it_ended(self) -> str:
        return process.last_line(
            self.log, since=self._log_begins, containing=("FATAL", "PANIC", "ERROR")
        )

    def _ended(self) -> bool:
        return self.process is None or self.process.poll() is not None

    def _status_lines(self) -> list[str]:
        with suppress(OSError):
            return (self._cluster / "postmaster.pid").read_text("utf-8").splitlines()
        return []

    def _account(self) -> pwd.struct_passwd | None:
        """Return as whom root runs the server; everybody else runs it as themselves."""
        owner = self._cluster.stat().st_uid if self._cluster.exists() else None
        me = os.geteuid()
        if me != 0:
            if owner not in {None, me}:
                raise EmbeddedError(
                    f"{self._cluster} belongs to another user: start as that user,"
                    " or choose another data folder."
                )
            return None
        if owner is None:
            return pwd.getpwnam(UNPRIVILEGED)
        if owner == 0:
            raise EmbeddedError(
                f"{self._cluster} belongs to root, as whom PostgreSQL refuses to run:"
                f" give it to an unprivileged user with chown -R {UNPRIVILEGED}."
            )
        return pwd.getpwuid(owner)

    def _make_cluster(self, programs: Path, account: pwd.struct_passwd | None) -> None:
        """Make the cluster beside its place and move it there when it is complete."""
        draft = self.folder / "cluster.new"
        shutil.rmtree(draft, ignore_errors=True)
        draft.mkdir(mode=0o700)
        if account:
            os.chown(draft, account.pw_uid, account.pw_gid)
        with _as_seen_by_child(draft, account) as (cluster, keep_open):
            with _password(self._new_password(), account) as (password, descriptor):
                _run(
                    [programs / "initdb", *INITDB, "-D", cluster, f"--pwfile={password}"],
                    account=account,
                    keep_open=(*keep_open, descriptor),
                )
            _run(
                [programs / "postgres", "--single", "-D", cluster, "postgres"],
                account=account,
                keep_open=keep_open,
                typed=f"CREATE DATABASE {DATABASE}\n",
            )
        draft.rename(self._cluster)

    def _new_password(self) -> str:
        password = secrets.token_urlsafe(24)
        write_secret(self._password_file, password)
        return password

    def _outwait_predecessor(self) -> None:
        """Wait for a server that a crash left behind, and clear a status file that misleads.

        PostgreSQL takes a leftover file seriously when its number belongs to any process of the
        same user, which after a restart of the machine is easily a stranger.
        """
        if not process.wait_until(lambda: not self._servers(), within=PREDECESSOR_SECONDS):
            raise EmbeddedError(
                f"Another PostgreSQL (process {self._servers()[0]}) already uses {self._cluster}."
            )
        first = self._status_lines()[:1]
        if first and first[0].isdigit() and process.is_alive(int(first[0])):
            (self._cluster / "postmaster.pid").unlink(missing_ok=True)

    def _servers(self) -> list[int]:
        """Return the numbers of PostgreSQL's processes whose working folder is this cluster."""
        found = []
        for each in Path("/proc").glob("[0-9]*"):
            with suppress(OSError):
                if (each / "exe").readlink().name.startswith("postgres") and (
                    each / "cwd"
                ).samefile(self._cluster):
                    found.append(int(each.name))
        return found


@contextmanager
def _as_seen_by_child(
    folder: Path, account: pwd.struct_passwd | None
) -> Iterator[tuple[str, tuple[int, ...]]]:
    """Yield *folder* as a child can name it, and the descriptors it must inherit for that."""
    if account is None:
        yield str(folder), ()
        return
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    try:
        yield f"/proc/self/fd/{descriptor}", (descriptor,)
    finally:
        os.close(descriptor)


@contextmanager
def _password(password: str, account: pwd.struct_passwd | None) -> Iterator[tuple[str, int]]:
    """Yield a nameless file that holds *password* and that *account* may open."""
    with TemporaryFile() as file:
        file.write(password.encode())
        file.flush()
        if account:
            os.fchown(file.fileno(), account.pw_uid, account.pw_gid)
        file.seek(0)
        yield f"/dev/fd/{file.fileno()}", file.fileno()


def _run(
    arguments: Sequence[str | Path],
    *,
    account: pwd.struct_passwd | None,
    keep_open: Sequence[int],
    typed: str = "",
) -> None:
    done = subprocess.run(
        [str(each) for each in arguments],
        input=typed,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        user=account.pw_uid if account else None,
        group=account.pw_gid if account else None,
        extra_groups=[] if account else None,
        pass_fds=keep_open,
        start_new_session=True,  # a terminal's Ctrl-C is the supervisor's to handle
        cwd="/",
        env={},
        check=False,
    )
    if done.returncode or "ERROR:" in done.stdout:
        lines = [each.strip().rstrip(".") for each in done.stdout.splitlines() if each.strip()]
        telling = (
            [each for each in lines if "error" in each.lower()] or lines or ["no reason given"]
        )
        raise EmbeddedError(f"PostgreSQL's data folder could not be made: {telling[-1]}.")
