"""`conformance gateway`: tries the doors of a gateway, requirement by requirement."""

import argparse
import socket
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from conformance.bench import Bench
from conformance.catalogue import checks
from conformance.check import Check, run
from conformance.clock import fresh_seed, now
from conformance.known import BadListError, read_known
from conformance.made.serial import Serial
from conformance.report.options import add_report_options, write_reports
from conformance.report.run import Run
from conformance.requirement import Outcome, Status
from conformance.target import (
    DOMAIN,
    TIMEOUT_SECONDS,
    BadTargetError,
    Target,
    from_patient_file,
    from_ready_file,
)
from conformance.unchecked import unchecked
from conformance.wire.address import (
    Address,
    BadAddressError,
    Tls,
    read_address,
    read_base,
)
from conformance.wire.patience import Patience

USAGE, COULD_NOT_RUN, MAX_TIMEOUT_SECONDS = 2, 3, 3600.0
EPILOG = """examples:
  python -m conformance --ready-file ready.json
  python -m conformance --target mllp://127.0.0.1:2575 --http http://127.0.0.1:8080 \\
      --token TOKEN --patient-file patient.json --html report.html
"""


def main(words: Sequence[str]) -> int:
    options = parser().parse_args(words)
    try:
        target = usable(target_of(options))
        known = read_known(options.known) if options.known else {}
    except (BadAddressError, BadTargetError, BadListError) as error:
        print(f"conformance: {error}", file=sys.stderr)
        return USAGE
    chosen = [one for one in checks() if wanted(one.requirement.id, options.only)]
    if not chosen:
        print(f"conformance: no check is called {', '.join(options.only)}", file=sys.stderr)
        return USAGE
    if silent := unreachable(target):
        print(f"conformance: nobody listens at {', '.join(silent)}", file=sys.stderr)
        return COULD_NOT_RUN
    outcome = tried(target, chosen, options.seed, known, whole=not options.only)
    if all(one.status in (Status.SKIPPED, Status.UNCHECKED) for one in outcome.outcomes):
        print("conformance: nothing could be tried; name a door and a patient", file=sys.stderr)
        return COULD_NOT_RUN
    return write_reports(outcome, options)


def tried(
    target: Target, chosen: Iterable[Check], seed: int, known: dict[str, str], *, whole: bool
) -> Run:
    """`whole`: what has no check is listed too."""
    began = now()
    patience = Patience()
    outcomes = [
        run(one, Bench(target, Serial(seed, one.requirement.id), patience)) for one in chosen
    ]
    rest: list[Outcome] = unchecked() if whole else []
    doors = {"mllp": target.mllp, "http": target.http, "smtp": target.smtp}
    told = [f"{name} {where}" for name, where in doors.items() if where]
    return Run(
        title="Conformance of a gateway",
        subject=", ".join([*told, f"seed {seed}"]),
        began=began,
        outcomes=(*outcomes, *rest),
        known=known,
    )


def unreachable(target: Target) -> list[str]:
    """Doors where no connection can be made: then no check would say anything."""
    there = read_base(target.http) if target.http else None
    doors = [target.mllp, target.smtp, there]
    return [str(one) for one in doors if one is not None and not listens(one, target.timeout)]


def listens(where: Address, timeout: float) -> bool:
    try:
        with socket.create_connection((where.host, where.port), timeout):
            return True
    except OSError:
        return False


def wanted(name: str, only: Sequence[str]) -> bool:
    return not only or any(name.startswith(one) for one in only)


def target_of(options: argparse.Namespace) -> Target:
    """Raises BadAddressError and BadTargetError."""
    values: dict[str, Any] = from_ready_file(options.ready_file) if options.ready_file else {}
    if options.patient_file:
        values |= from_patient_file(options.patient_file)
    if options.target:
        values["mllp"] = read_address(options.target, "mllp", "mllps")
    if options.smtp:
        values["smtp"] = read_address(options.smtp, "smtp", "smtps")
    said = {
        "http": (options.http or "").rstrip("/"),
        "token": options.token,
        "other_token": options.other_token,
        "reader": options.reader_token,
        "mail_from": options.mail_from,
    }
    values |= {name: value for name, value in said.items() if value}
    return Target(
        **values,
        mail_domain=options.mail_domain,
        documents=options.documents_path,
        fhir=options.fhir_path.rstrip("/"),
        timeout=options.timeout,
        tls=Tls(authority=options.ca, certificate=options.cert, key=options.key),
    )


def usable(target: Target) -> Target:
    """Once for all checks: none could say what is wrong here. Raises BadAddressError and others."""
    if target.http:
        read_base(target.http)
    for name in ("token", "other_token", "reader"):
        value = getattr(target, name)
        if not (value.isascii() and value.isprintable()):
            raise BadTargetError(f"the {name.replace('_', ' ')} is not of printable ASCII")
    try:
        target.tls.context()
    except (OSError, ValueError) as error:
        raise BadTargetError(f"--ca, --cert or --key: {error}") from error
    return target


def parser() -> argparse.ArgumentParser:
    made = argparse.ArgumentParser(
        prog="conformance",
        description="Tries a gateway by wire, one check for each published requirement.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add_door_options(made)
    add_knowledge_options(made)
    add_report_options(made)
    return made


def add_door_options(made: argparse.ArgumentParser) -> None:
    doors = made.add_argument_group("doors of the target")
    doors.add_argument("--target", metavar="ADDRESS", help="mllp://HOST:PORT, or mllps:// for TLS")
    doors.add_argument("--http", metavar="URL", help="http://HOST:PORT, or https://")
    doors.add_argument("--smtp", metavar="ADDRESS", help="smtp://HOST:PORT, or smtps:// (STARTTLS)")
    doors.add_argument("--documents-path", default="/documents", help="takes CDA and XDM")
    doors.add_argument("--fhir-path", default="/fhir", help="the FHIR base")
    doors.add_argument("--ca", type=Path, metavar="FILE", help="PEM of the authority to trust")
    doors.add_argument("--cert", type=Path, metavar="FILE", help="PEM of the kit's certificate")
    doors.add_argument("--key", type=Path, metavar="FILE", help="PEM of its key")
    doors.add_argument(
        "--timeout", type=timeout, default=TIMEOUT_SECONDS, metavar="SECONDS",
        help="for the whole of one answer; who stays silent is given up after some",
    )  # fmt: skip


def add_knowledge_options(made: argparse.ArgumentParser) -> None:
    known = made.add_argument_group("what the target knows")
    known.add_argument("--ready-file", type=Path, metavar="FILE", help="of `gateway serve --demo`")
    known.add_argument(
        "--patient-file", type=Path, metavar="FILE",
        help="JSON: ins, birth_family, birth_given, birth_date, sex, birth_place; or a list of two",
    )  # fmt: skip
    known.add_argument("--token", metavar="TOKEN", help="of a sender")
    known.add_argument("--other-token", metavar="TOKEN", help="of a sender elsewhere")
    known.add_argument("--reader-token", metavar="TOKEN", help="of a professional who may read")
    known.add_argument("--mail-from", metavar="ADDRESS", help="a sender that the mail door takes")
    known.add_argument("--mail-domain", default=DOMAIN, help="of the patients' mailboxes")
    known.add_argument(
        "--only", action="append", default=[], metavar="ID", help="and what begins so"
    )
    known.add_argument("--seed", type=seed, default=fresh_seed(), help="repeats the bytes of a run")


def timeout(text: str) -> float:
    """Raises ValueError, which argparse translates."""
    value = float(text)
    if not 0 < value <= MAX_TIMEOUT_SECONDS:
        raise ValueError
    return value


def seed(text: str) -> int:
    """As `fresh_seed` makes them: a greater one would not fit into MSH-10. Raises ValueError."""
    value = int(text)
    if not 0 <= value < 2**31:
        raise ValueError
    return value
