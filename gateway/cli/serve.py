"""`gateway serve`: the whole daemon, as a demo on loopback or configured."""

import argparse
import asyncio
import os
import sys
import tempfile
from pathlib import Path
from typing import Any

from gateway.settings import (
    Overrides,
    Settings,
    SettingsError,
    demo_settings,
    load_settings,
    parse_address,
)

Json = dict[str, Any]


def add_parser(subparsers: "argparse._SubParsersAction[Any]") -> None:
    parser = subparsers.add_parser("serve", help="run the daemon")
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("--demo", action="store_true", help="invented patients, loopback only")
    what.add_argument("--config", type=Path, metavar="FILE", help="gateway.toml")
    parser.add_argument("--data", type=Path, metavar="DIR", help="the demo's folder")
    parser.add_argument("--ready-file", type=Path, metavar="FILE")
    parser.add_argument("--patients", type=int, default=0, metavar="N", help="more demo patients")
    parser.add_argument("--workers", type=int, default=1, metavar="N", help="PostgreSQL only")
    parser.add_argument("--worker", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument(
        "--more-mllp", type=_address, action="append", default=[], help=argparse.SUPPRESS
    )
    for door in ("http", "mllp", "smtp", "metrics"):
        parser.add_argument(f"--{door}", type=_address, metavar="ADDRESS:PORT")
    parser.set_defaults(run=run)


def _address(text: str) -> object:
    try:
        return parse_address(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from error


def run(arguments: argparse.Namespace) -> int:
    """0 after SIGTERM, 2 wrong configuration, 3 when it could not run."""
    from gateway.cli.opening import in_words

    return in_words(lambda: _serve(arguments))


def _check_options(arguments: argparse.Namespace) -> None:
    """Raises UsageError for an option that would be passed over."""
    from gateway.cli.opening import UsageError

    ready: Path | None = arguments.ready_file
    if ready is not None and os.path.exists(ready) and not os.path.isfile(ready):
        raise UsageError(f"--ready-file {ready} is no plain file: it would be written over")
    if arguments.workers < 1:
        raise UsageError("--workers is 1 or more")
    if arguments.patients < 0:
        raise UsageError("--patients is 0 or more")
    if arguments.demo and arguments.workers > 1:
        raise UsageError("--workers goes with --config")
    if not arguments.demo and (arguments.data is not None or arguments.patients):
        raise UsageError("--data and --patients go with --demo")


def _serve(arguments: argparse.Namespace) -> int:
    from gateway.cli.opening import check_schema

    _check_options(arguments)
    overrides = Overrides(
        http=arguments.http,
        mllp=arguments.mllp,
        smtp=arguments.smtp,
        metrics=arguments.metrics,
        more_mllp=tuple(arguments.more_mllp),
    )
    if arguments.demo:
        return _run_demo(arguments, overrides)
    try:
        settings = load_settings(arguments.config, overrides)
    except SettingsError as error:
        print(error, file=sys.stderr)
        return 2
    check_schema(settings)
    if arguments.workers > 1 and not arguments.worker:
        return _run_workers(arguments, settings)
    return _run(arguments, settings)


def _run_workers(arguments: argparse.Namespace, settings: Settings) -> int:
    from gateway.cli.opening import cannot_run
    from gateway.daemon.workers import run_workers
    from gateway.settings.logging import configure_logging

    configure_logging(level=settings.logs.level, form=settings.logs.form)
    if settings.store.url.startswith("sqlite"):
        print("--workers needs PostgreSQL: two processes stall on one SQLite file", file=sys.stderr)
        return 2
    words = ["serve", "--config", str(arguments.config)]
    try:
        return run_workers(arguments.workers, words, arguments.ready_file, settings=settings)
    except OSError as error:
        print(cannot_run(error), file=sys.stderr)
        return 3


def _run_demo(arguments: argparse.Namespace, overrides: Overrides) -> int:
    if arguments.data is not None:
        return _demo_in(arguments.data, arguments, overrides)
    with tempfile.TemporaryDirectory(prefix="passerelle-demo-") as folder:
        return _demo_in(Path(folder), arguments, overrides)


def _demo_in(folder: Path, arguments: argparse.Namespace, overrides: Overrides) -> int:
    from gateway.cli.opening import check_restored
    from gateway.daemon.demo.furnish import prepare

    settings = demo_settings(folder, overrides)
    check_restored(settings)
    prepare(settings)
    return _run(arguments, settings)


def _run(arguments: argparse.Namespace, settings: Settings) -> int:
    from gateway.cli.opening import cannot_run, clock_of
    from gateway.clock import SystemIds
    from gateway.daemon.serve import Service, serve
    from gateway.settings.logging import configure_logging
    from gateway.store.keys.key_files import KeyFileError

    configure_logging(level=settings.logs.level, form=settings.logs.form)
    service = Service(
        settings=settings,
        clock=clock_of(settings),
        ids=SystemIds(),
        ready_file=arguments.ready_file,
        share=arguments.worker,
        furnish=_furnish(arguments, settings),
        announce=_announce if not arguments.worker else lambda _doors: None,
    )
    try:
        with asyncio.Runner(loop_factory=_loop_factory()) as runner:
            runner.run(serve(service))
    except KeyFileError as error:
        print(error, file=sys.stderr)
        return 2
    except OSError as error:
        print(cannot_run(error), file=sys.stderr)
        return 3
    return 0


def _loop_factory() -> Any:
    """uvloop where it is installed, else asyncio's own loop."""
    try:
        import uvloop
    except ImportError:
        return None
    return uvloop.new_event_loop


def _furnish(arguments: argparse.Namespace, settings: Settings) -> Any:
    if not settings.demo:
        return None
    from gateway.daemon.demo.furnish import furnish_with

    return furnish_with(arguments.patients)


def _announce(doors: Json) -> None:
    """Where to look, for the person at the terminal."""
    print(f"pages       {doors['http']}")
    for name in ("mllp", "smtp", "folder", "metrics"):
        if name == "mllp" and "listeners" in doors:
            for one in doors["listeners"]:
                print(f"{name:11} {one['mllp']} ({one['name']})")
        elif name in doors:
            print(f"{name:11} {doors[name]}")
    demo = doors.get("demo")
    if demo:
        first = next(one for one in demo["patients"] if one["login"])
        print(f"patient     {first['login']} / {first['password']}")
        print(f"outbox      {demo['outbox']} (codes by SMS and e-mail)")
        print(f"sender      {demo['sender_token']}")
        print(f"card        {next(iter(demo['dmp']['cards'].values()))}")
    sys.stdout.flush()
