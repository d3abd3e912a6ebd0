"""A real Postfix of a test's own: configuration, queue, certificate and log in one folder.

Neither /etc/postfix nor the instance of the machine is read or touched. `master` starts as root
and drops to the user `postfix`, so the folder stands where that user may go.
"""

import contextlib
import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from authority import Authority
from daemon_rig import eventually
from ports import free_port

NAME = "relais.exemple.test"
MOST_SECONDS = 120.0
"""For one command, and for the end of all that a master started."""
SERVICES = """\
pickup    unix       n - n 60 1 pickup
cleanup   unix       n - n - 0 cleanup
qmgr      unix       n - n 1 1 qmgr
tlsmgr    unix       - - n 1000? 1 tlsmgr
rewrite   unix       - - n - - trivial-rewrite
bounce    unix       - - n - 0 bounce
defer     unix       - - n - 0 bounce
trace     unix       - - n - 0 bounce
flush     unix       n - n 1000? 0 flush
proxymap  unix       - - n - - proxymap
smtp      unix       - - n - - smtp
error     unix       - - n - - error
retry     unix       - - n - - error
showq     unix       n - n - - showq
virtual   unix       - n n - - virtual
anvil     unix       - - n - 1 anvil
scache    unix       - - n - 1 scache
postlog   unix-dgram n - n - 1 postlogd
"""
"""master.cf: nothing runs in a chroot, for a private queue has no copy of /etc."""
BOX = "recu"


@dataclass
class Postfix:
    """`settings` are the lines of main.cf that a test adds to `plain`."""

    folder: Path
    authority: Authority
    settings: dict[str, str] = field(default_factory=dict)
    port: int = field(default_factory=free_port)
    _master: int = 0

    @property
    def place(self) -> str:
        return f"127.0.0.1:{self.port}"

    @property
    def log(self) -> str:
        path = self.folder / "maillog"
        return path.read_text("utf-8", "replace") if path.exists() else ""

    @property
    def mails(self) -> list[bytes]:
        """What was delivered to the boxes of `virtual_mailbox_domains`, the oldest first."""
        found = (self.folder / "mail" / BOX / "new").glob("*")
        return [path.read_bytes() for path in sorted(found, key=lambda one: one.stat().st_mtime_ns)]

    def to(self, address: str) -> list[bytes]:
        """The same of one box."""
        return [one for one in self.mails if f"\nDelivered-To: {address}\n".encode() in one]

    def plain(self) -> dict[str, str]:
        """A relay for this machine that offers STARTTLS and tells a box's maildir what comes."""
        certificate = self.folder / "tls" / "relais.pem"
        return {
            "compatibility_level": "3.6",
            "queue_directory": f"{self.folder}/queue",
            "data_directory": f"{self.folder}/data",
            "maillog_file": f"{self.folder}/maillog",
            "maillog_file_prefixes": str(self.folder),
            "myhostname": NAME,
            "inet_interfaces": "127.0.0.1",
            "inet_protocols": "ipv4",
            "mynetworks": "",
            "mydestination": "",
            "alias_maps": "",
            "virtual_mailbox_base": f"{self.folder}/mail",
            "virtual_uid_maps": "static:65534",
            "virtual_gid_maps": "static:65534",
            "virtual_mailbox_limit": "0",
            "smtpd_tls_cert_file": str(certificate),
            "smtpd_tls_key_file": str(certificate.with_suffix(".key")),
            "smtpd_tls_security_level": "may",
            "smtpd_tls_received_header": "yes",
            "smtp_tls_loglevel": "1",
            "minimal_backoff_time": "1s",
            "maximal_backoff_time": "1s",
            "queue_run_delay": "1s",
        }

    def start(self) -> "Postfix":
        """Returns once it listens."""
        self._write()
        self._command("postfix", "start")
        self._master = int((self.folder / "queue" / "pid" / "master.pid").read_text())
        return self

    @contextmanager
    def having(self, **settings: str) -> Iterator[None]:
        """Started again with other lines of main.cf, and once more without them, also after a test
        that failed: no process is left that had read the former ones."""
        before = self.settings
        self._restart(before | settings)
        try:
            yield
        finally:
            self._restart(before)

    def flush(self) -> None:
        """What waits in its queue is tried at once."""
        self._command("postqueue", "-f")

    @property
    def queue(self) -> int:
        """How many mails wait."""
        done = self._command("postqueue", "-j")
        return len(done.stdout.splitlines())

    def stop(self) -> None:
        """Ends the master with all that it started; the queue stays, checked already."""
        if self._master:
            self._command("postfix", "stop")
            eventually(lambda: not _lives(self._master), seconds=MOST_SECONDS)
            self._master = 0
            (self.folder / "queue" / "quick-start").touch()

    def _restart(self, settings: dict[str, str]) -> None:
        self.stop()
        self.settings = settings
        self.start()

    def _write(self) -> None:
        lines = (self.plain() | self.settings).items()
        etc = self.folder / "etc"
        (etc / "main.cf").write_text("".join(f"{name} = {value}\n" for name, value in lines))
        (etc / "master.cf").write_text(f"{self.place} inet n - n - - smtpd\n{SERVICES}")

    def _command(self, program: str, word: str) -> subprocess.CompletedProcess[str]:
        command = [_program(program) or program, "-c", str(self.folder / "etc"), word]
        done = subprocess.run(
            command, capture_output=True, text=True, check=False, timeout=MOST_SECONDS
        )
        assert done.returncode == 0, done.stderr + self.log
        return done


def _lives(group: int) -> bool:
    """Whether a process of this group, which is that of a master, runs still."""
    for status in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            state, _parent, its_group = status.read_text().rpartition(")")[2].split()[:3]
            if int(its_group) == group and state != "Z":
                return True
    return False


def _program(name: str) -> str | None:
    """Also where the PATH is that of a user without administration."""
    return shutil.which(name, path=f"{os.environ.get('PATH', '')}:/usr/sbin")


def demand_postfix() -> None:
    """Skips where there is none, or where nobody may start it; fails in CI without the package."""
    if _program("postfix") is None:
        if os.environ.get("CI") == "true":
            pytest.fail("the Debian package postfix is missing")
        pytest.skip("needs the Debian package postfix")
    if os.geteuid() != 0:
        pytest.skip("needs root: the master of Postfix starts as root only")


Lines = Callable[[Authority], dict[str, str]]
"""Of main.cf, once the authority of this Postfix and its certificate `relais.pem` are there."""


@contextmanager
def postfix(lines: Lines) -> Iterator[Postfix]:
    """A started one, ended with the test, and its folder with it."""
    demand_postfix()
    folder = Path(tempfile.mkdtemp(prefix="postfix-"))
    folder.chmod(0o755)
    for name, owner in (
        ("etc", "root"),
        ("queue", "root"),
        ("data", "postfix"),
        ("mail", "nobody"),
    ):
        (folder / name).mkdir()
        shutil.chown(folder / name, owner)
    authority = Authority(folder / "tls")
    authority.issue("relais")
    one = Postfix(folder, authority, lines(authority))
    try:
        yield one.start()
    finally:
        one.stop()
        shutil.rmtree(folder, ignore_errors=True)
