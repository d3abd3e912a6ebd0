"""A configured gateway between two doors of a real Postfix: its relay, and what stands before
its inbox. The lines of main.cf are those that docs/operators/sending.md gives."""

import asyncio
import contextlib
import re
import smtplib
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path

import asking
from authority import Authority, fingerprint
from configured import Operator
from daemon_rig import Daemon, eventually
from ports import free_port
from postfix import BOX, Postfix, postfix
from real_store import opened

from gateway.records.task import TaskKind, TaskLine

US = "passerelle@etablissement.mssante.fr"
OPERATORS = Path(__file__).parents[3] / "docs" / "operators" / "sending.md"
OURS, CABINET = "etablissement.mssante.fr", "cabinet.mssante.fr"
ELSEWHERE = "ailleurs.mssante.fr"
"""Its mails are accepted, and come back: there is no such box."""
LABORATORIES, PATIENTS = "laboratoire.mssante.fr", "patient.mssante.fr"
LABORATORY = f"labo@{LABORATORIES}"
CONFIG = re.sub("lease_seconds = .*", "lease_seconds = 120", asking.CONFIG)
"""A try of a mail has the time that it needs, on however busy a machine."""
MSSANTE = """
[mssante]
enabled = true
listen = "127.0.0.1:{inbox}"
hostname = "passerelle.exemple.test"
sender_address = "{us}"
sender_domains = ["{laboratories}"]
[mssante.tls]
certificate = "{gateway}.pem"
key = "{gateway}.key"
client_ca = "{ca}"
[mssante.relay]
address = "{relay}"
ca = "{ca}"
certificate = "{gateway}.pem"
key = "{gateway}.key"
"""

POSTPONED_IS_DUE = """
UPDATE task SET due_at = created_at WHERE settled_at IS NULL AND reason IS NOT NULL
"""

LATEST_REPORT = "SELECT subject FROM task WHERE kind = 'mail-report' ORDER BY id DESC LIMIT 1"


@dataclass
class PostHouse:
    postfix: Postfix
    operator: Operator
    daemon: Daemon

    @property
    def inbox(self) -> int:
        """Its port."""
        return int(self.daemon.places["smtp"].rpartition(":")[2])

    def through(self, port: int) -> dict[str, str]:
        """Lines of main.cf that lead to the inbox by another port."""
        lines = self.postfix.settings
        names = ("transport_maps", "smtp_tls_policy_maps")
        return {name: lines[name].replace(f"]:{self.inbox}", f"]:{port}") for name in names}

    def followed(self, receipt: str, *kinds: TaskKind) -> list[TaskLine]:
        """What `gateway task list --receipt` shows, without the wait for a new process."""
        return asyncio.run(self._followed(receipt, kinds or (TaskKind.MAIL,)))

    def mail(self, receipt: str) -> TaskLine:
        """The one mail that followed from this receipt, once it was tried."""
        found: list[TaskLine] = eventually(
            lambda: [one for one in self.followed(receipt) if one.reason or one.settled_at]
        )
        return found[0]

    def ended(self, receipt: str) -> TaskLine:
        found: list[TaskLine] = eventually(
            lambda: [one for one in self.followed(receipt) if one.settled_at]
        )
        return found[0]

    def ended_in_the_end(self, receipts: list[str]) -> list[TaskLine]:
        """Their mails, tried again without the waits between."""

        def ended() -> bool:
            self.hour_comes()
            return all(one.settled_at for mail in receipts for one in self.followed(mail))

        eventually(ended)
        return [self.ended(one) for one in receipts]

    def hour_comes(self) -> None:
        """Of all that was put off: the clock of this machine is not a test's to move."""
        path = self.operator.folder / "gateway.db"
        with contextlib.closing(sqlite3.connect(path, timeout=60)) as database, database:
            database.execute(POSTPONED_IS_DUE)

    def filed(self, unique_id: str) -> list[bytes]:
        """The bodies of the current documents of this id in the operator's own record."""
        return asyncio.run(self._filed(unique_id))

    def box(self) -> str:
        """Of the person whose space is open."""
        return f"{self.operator.person.ins}@{PATIENTS}"

    def inject(
        self,
        mail: EmailMessage | bytes,
        to: str,
        *,
        sender: str = LABORATORY,
        body: str = "",
        notify: str = "",
    ) -> None:
        """A laboratory hands it to Postfix inside TLS; `body` is BODY of MAIL, `notify` NOTIFY of
        RCPT."""
        raw = mail if isinstance(mail, bytes) else mail.as_bytes(policy=SMTP)
        context = self.postfix.authority.client(None)
        asks = ([f"BODY={body}"] if body else [], [f"NOTIFY={notify}"] if notify else [])
        with smtplib.SMTP("127.0.0.1", self.postfix.port, "labo.exemple.test", 120) as client:
            client.starttls(context=context)
            client.sendmail(sender, [to], raw, *asks)

    def kept(self, receipt: str) -> bytes:
        """The bytes of this receipt, as they came in."""
        return asyncio.run(self._kept(receipt)) or b""

    def back(self) -> bytes:
        """The latest receipt that came to us, as it came in."""
        path = self.operator.folder / "gateway.db"
        with contextlib.closing(sqlite3.connect(path, timeout=60)) as database:
            return self.kept(database.execute(LATEST_REPORT).fetchone()[0])

    async def _kept(self, receipt: str) -> bytes | None:
        async with opened(self.operator.config) as store:
            return await store.journal.raw(receipt)

    async def _filed(self, unique_id: str) -> list[bytes]:
        who = self.operator.person
        async with opened(self.operator.config) as store:
            patient = store.keys.patient_key(who.oid, who.ins)
            cards = await store.shelf.cards(patient)
            found = [await store.shelf.find(card.id) for card in cards]
            ids = [one.card.id for one in found if one and one.document.unique_id == unique_id]
            return [await store.shelf.body(one) for one in ids]

    async def _followed(self, receipt: str, kinds: tuple[TaskKind, ...]) -> list[TaskLine]:
        async with opened(self.operator.config) as store:
            return await store.task_desk.lines(subject=receipt, kinds=kinds)


def told_to_operators() -> dict[str, str]:
    """The lines of main.cf in docs/operators/sending.md, as they stand there."""
    found = re.search(
        r"```ini\n(message_size_limit.*?)```", OPERATORS.read_text("utf-8"), re.DOTALL
    )
    assert found
    lines = [line.partition(" = ") for line in found[1].splitlines()]
    return {name: value for name, _, value in lines}


def lines_of(authority: Authority, inbox: int) -> dict[str, str]:
    """The same for this Postfix and this inbox, and the boxes that the tests look into."""
    ours = authority.issue("passerelle")
    print_ = ":".join(re.findall("..", fingerprint(ours).upper()))
    told = {
        name: value.replace("/etc/postfix/tls", str(ours.parent))
        .replace("]:2525", f"]:{inbox}")
        .replace("FINGERPRINT", print_)
        for name, value in told_to_operators().items()
    }
    return told | {
        "virtual_mailbox_domains": f"{CABINET}, {ELSEWHERE}, {LABORATORIES}",
        "virtual_mailbox_maps": f"inline:{{ @{CABINET}={BOX}/, @{LABORATORIES}={BOX}/ }}",
        "smtpd_reject_unlisted_recipient": "no",
    }


@contextmanager
def post_house(folder: Path) -> Iterator[PostHouse]:
    """Both started; ended with the tests."""
    inbox = free_port()
    with postfix(lambda authority: lines_of(authority, inbox)) as relay:
        authority = relay.authority
        lines = MSSANTE.format(
            inbox=inbox,
            us=US,
            laboratories=LABORATORIES,
            gateway=authority.path.with_name("passerelle"),
            ca=authority.path,
            relay=relay.place,
        )
        operator = Operator(folder / "house").prepare(CONFIG + lines)
        operator.sender("laboratory")
        operator.sender(
            "relais", "--fingerprint", fingerprint(authority.path.with_name("relais.pem"))
        )
        place = folder / "daemon"
        place.mkdir()
        daemon = Daemon(place, ["--config", str(operator.config)])
        try:
            yield PostHouse(relay, operator, daemon.start())
        finally:
            daemon.end()
