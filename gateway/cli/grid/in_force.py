"""Which grid and which switches decide here: those of the settings, unless a file is named."""

import argparse
import sys
from dataclasses import dataclass
from pathlib import Path

from gateway.access.grid import Grid, GridError, read_grid, shipped_grid
from gateway.cli.opening import BAD_USAGE, CONFIG, UsageError, add_place, settings_of
from gateway.records.readers.switches import Switches
from gateway.settings import SettingsError
from gateway.settings.shape import Access

PRODUCT = "the one of the product"


@dataclass(frozen=True, slots=True, kw_only=True)
class InForce:
    """`said` names the grid in the first line of an answer."""

    grid: Grid
    switches: Switches
    said: str


def add_grid(parser: argparse.ArgumentParser) -> None:
    """--grid FILE, and where the settings stand that name one."""
    parser.add_argument("--grid", metavar="FILE", help="instead of the grid of the settings")
    add_place(parser)
    parser.set_defaults(config=None)


def in_force(arguments: argparse.Namespace) -> InForce | int:
    """The grid, or the exit status once standard error says why there is none.

    Without --config and --data the settings are those of gateway.toml here, if there is one.
    """
    try:
        access, where = _access(arguments)
    except (SettingsError, UsageError) as error:
        print(f"grid: {error}", file=sys.stderr)
        return BAD_USAGE
    file = access.grid if arguments.grid is None else Path(arguments.grid)
    grid = load_grid(file)
    if grid is None:
        return BAD_USAGE
    named = str(file) if file is not None else PRODUCT
    by_settings = f", [access] grid of {where}" if where and arguments.grid is None else ""
    return InForce(grid=grid, switches=access.switches, said=f"grid: {named}{by_settings}")


def _access(arguments: argparse.Namespace) -> tuple[Access, str]:
    """The section of the settings, and the name of their file; "" without one."""
    if arguments.data is None and arguments.config is None:
        if not CONFIG.is_file():
            return Access(), ""
        arguments.config = CONFIG
    return settings_of(arguments).access, "" if arguments.data else str(arguments.config)


def load_grid(file: Path | None) -> Grid | None:
    """The grid, or None once standard error says why it cannot be read."""
    try:
        return shipped_grid() if file is None else read_grid(file.read_bytes())
    except GridError as error:
        print(f"grid: {error}", file=sys.stderr)
    except OSError as error:
        print(f"grid: {file} cannot be read: {error.strerror}", file=sys.stderr)
    return None
