"""`conformance sender`: listens, receives what a sender sends, and says what to fix."""

import argparse
import json
import re
import signal
import sys
from collections.abc import Sequence
from pathlib import Path

from conformance.clock import now
from conformance.known import BadListError, read_known
from conformance.report.options import add_report_options, write_reports
from conformance.report.run import Run
from conformance.sender.court import Court
from conformance.sender.doors.http import HttpHandler
from conformance.sender.doors.listening import Listener, served
from conformance.sender.doors.mllp import MllpHandler
from conformance.sender.doors.smtp import SmtpHandler
from conformance.wire.address import BadAddressError, Tls, read_address

USAGE, COULD_NOT_RUN = 2, 3
HANDLERS = {"mllp": MllpHandler, "http": HttpHandler, "smtp": SmtpHandler}
DURATION = re.compile(r"(\d+(?:\.\d+)?)(s|m|h|)")
UNITS = {"": 1, "s": 1, "m": 60, "h": 3600}
EPILOG = """examples:
  python -m conformance sender --mllp 127.0.0.1:2576 --count 20
  python -m conformance sender --mllp 127.0.0.1:2576 --smtp 127.0.0.1:2526 --for 10m \\
      --html scorecard.html --junit scorecard.xml
"""


def main(words: Sequence[str]) -> int:
    options = parser().parse_args(words)
    court, began = Court(options.count), now()
    try:
        known = read_known(options.known) if options.known else {}
        listeners = opened(options, court)
    except (BadAddressError, BadListError) as error:
        print(f"conformance sender: {error}", file=sys.stderr)
        return USAGE
    places = {name: one.place for name, one in listeners.items()}
    for stop in (signal.SIGINT, signal.SIGTERM):
        signal.signal(stop, lambda *_: court.enough.set())
    with served(*listeners.values()):
        told(places, options.ready_file)
        court.enough.wait(options.seconds)
    if not court.count:
        print("conformance sender: nothing came", file=sys.stderr)
        return COULD_NOT_RUN
    run = Run(
        title="Conformance of a sender",
        subject=f"{court.count} received at {', '.join(f'{n} {p}' for n, p in places.items())}",
        began=began,
        outcomes=tuple(court.outcomes()),
        known=known,
        note="Skipped: nothing came to which the requirement applies.",
    )
    return write_reports(run, options)


def opened(options: argparse.Namespace, court: Court) -> dict[str, Listener]:
    """The doors that were asked. Raises BadAddressError, and OSError for a port that is taken."""
    said = {name: getattr(options, name) for name in HANDLERS if getattr(options, name)}
    if not said:
        raise BadAddressError("name a door: --mllp, --http or --smtp")
    doors = {name: read_address(value, name, f"{name}s") for name, value in said.items()}
    files = Tls(authority=options.ca, certificate=options.cert, key=options.key)
    try:
        tls = files.listening() if any(one.tls for one in doors.values()) else None
    except OSError as error:  # ssl.SSLError is one
        raise BadAddressError(f"--cert, --key or --ca: {error}") from error
    return {
        name: Listener(
            where,
            HANDLERS[name],
            court,
            lenient=options.accept_all,
            tls=tls if where.tls else None,
        )
        for name, where in doors.items()
    }


def told(places: dict[str, str], ready: Path | None) -> None:
    """Where the kit listens: for a person, and for a program."""
    for name, place in places.items():
        print(f"listening: {name} {place}", file=sys.stderr, flush=True)
    if ready:
        part = ready.with_suffix(".part")
        part.write_text(json.dumps(places), "utf-8")
        part.rename(ready)


def duration(text: str) -> float:
    """`90`, `90s`, `10m`, `1h` in seconds."""
    found = DURATION.fullmatch(text)
    if not found:
        raise argparse.ArgumentTypeError("write 90s, 10m or 1h")
    return float(found[1]) * UNITS[found[2]]


def parser() -> argparse.ArgumentParser:
    made = argparse.ArgumentParser(
        prog="conformance sender",
        description="Listens, receives a sender's messages and returns a scorecard.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    for name in HANDLERS:
        made.add_argument(
            f"--{name}",
            metavar="HOST:PORT",
            help=f"listens for {name}; {name}://, {name}s:// (TLS)",
        )
    made.add_argument("--cert", type=Path, metavar="FILE", help="PEM of the listener, for TLS")
    made.add_argument("--key", type=Path, metavar="FILE", help="PEM of its key")
    made.add_argument(
        "--ca", type=Path, metavar="FILE", help="asks senders for a certificate of it"
    )
    ends = made.add_mutually_exclusive_group()
    ends.add_argument("--for", dest="seconds", type=duration, metavar="TIME", help="90s, 10m, 1h")
    ends.add_argument("--count", type=int, default=0, metavar="N", help="ends after N of them")
    made.add_argument(
        "--accept-all", action="store_true", help="answers positively whatever was found"
    )
    made.add_argument("--ready-file", type=Path, metavar="FILE", help="JSON of the addresses")
    add_report_options(made)
    return made
