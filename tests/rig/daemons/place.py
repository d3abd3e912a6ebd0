"""A configured place: what an operator types there, and what is there to be found."""

import asyncio
import contextlib
import io
import json
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

import cda_sample
import real_store
from cda_sample import INS_OID, patient_id

from gateway.cli import main
from gateway.clock import SystemClock, SystemIds
from gateway.flows.receive import Delivery, Here, Receive
from gateway.records.intake.filing import Answer, Door
from gateway.records.intake.understanding import Understanding
from gateway.records.patients.patient import PatientIdentity, PatientKey
from gateway.store import Store

INS, OTHER_INS = "255089999999966", "199019999999937"
NOTHING = "0" * 32  # the name of no receipt and of no document
Found = TypeVar("Found")


class Said(NamedTuple):
    """How a command ended and what it printed."""

    status: int
    out: str
    err: str


def command(*words: str) -> Said:
    """One command in this process; a usage error ends it with its status."""
    out, err = io.BytesIO(), io.BytesIO()
    with (
        contextlib.redirect_stdout(io.TextIOWrapper(out, "utf-8", write_through=True)),
        contextlib.redirect_stderr(io.TextIOWrapper(err, "utf-8", write_through=True)),
    ):
        try:
            status = main(list(words))
        except SystemExit as stop:
            status = int(stop.code or 0)
        return Said(status, out.getvalue().decode(), err.getvalue().decode())


def nameless(printed: str) -> str:
    """`printed` without the names drawn at random and the fractions of the seconds at which it was
    printed: their digits may be those of a year of birth."""
    return re.sub(r"\b[0-9a-f]{32,}\b|(?<=:\d\d)\.\d+", "", printed)


@dataclass(frozen=True, slots=True)
class Place:
    """What `gateway init` made, its schema current; every command is given its file."""

    config: Path

    def command(self, *words: str) -> Said:
        end = words.index("--") if "--" in words else len(words)
        return command(*words[:end], "--config", str(self.config), *words[end:])

    def done(self, *words: str) -> str:
        """What a command that succeeded printed."""
        status, out, err = self.command(*words)
        assert status == 0, (words, out, err)
        return out

    def fails(self, *words: str, status: int = 1) -> str:
        """What a command that ended with this status printed as its error."""
        said = self.command(*words)
        assert said.status == status, (words, said)
        return said.err

    def lines(self, *words: str) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.done(*words, "--json").splitlines()]

    def inside(self, act: Callable[[Store], Awaitable[Found]]) -> Found:
        """What an act finds in the open store, as a daemon beside the command would."""

        async def work() -> Found:
            async with real_store.opened(self.config) as store:
                return await act(store)

        return asyncio.run(work())

    def deposit(
        self, raw: bytes, once: Callable[[Understanding], Understanding] | None = None
    ) -> Answer:
        """Hands bytes over as `labo` does through the HTTP door; `once` bends what is understood,
        as the code of an earlier day may have done."""

        async def act(store: Store) -> Answer:
            receive = receiving(store)
            delivery = Delivery(sender="labo", organization="1999999999", door=Door.HTTP, raw=raw)
            understood = receive.understand(delivery)
            bent = [once(one) if once else one for one in understood]
            return (await receive.file_all(delivery, bent))[0].answer

        return self.inside(act)

    def open_space(
        self, ins: str = INS, *, family: str = "ZEBULONIX", qualified: bool = True
    ) -> PatientKey:
        """An active space of the invented patient; `qualified` as the index holds it."""
        patient = PatientIdentity(
            ins=ins,
            ins_oid=INS_OID,
            birth_family=family,
            birth_given="Zoé",
            birth_date="1955-08-15",
            sex="F",
            birth_place="51215",
            traits_complete=True,
        )
        return self.inside(lambda store: real_store.open_space(store, patient, qualified=qualified))


def receiving(store: Store) -> Receive:
    return Receive(store.journal, SystemClock(), SystemIds(), Here())


def cda(
    number: int, *, ins: str | None = INS, local: str = "IPP7", family: str = "ZEBULONIX"
) -> bytes:
    """A CDA of the invented patient; `ins` None leaves the INS out, `local` is a local id."""
    own = patient_id(local, "1.2.250.1.999.3")
    return cda_sample.cda(
        id=f"1.2.250.1.999.7.{number}",
        set_id=f"1.2.250.1.999.8.{number}",
        title="Compte rendu inventé",
        patient_ids=patient_id(ins) + own if ins else own,
        family=family,
        given="Zoé",
        givens="Zoé Lou",
    ).encode()
