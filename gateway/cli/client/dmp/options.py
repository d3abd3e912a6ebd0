"""Options of a client of the DMP door: who signs, and with what."""

import argparse
from pathlib import Path

FAMILY_DOCTOR = "G15_10/SM26"
MODES = ("normal", "bris_de_glace", "centre_15")


def add_card(parser: "argparse._ActionsContainer") -> None:
    """Who signs a VIHF, and in which mode of access."""
    parser.add_argument(
        "--card", type=Path, metavar="FILE", help="to sign with, PEM; its key beside it as .key"
    )
    parser.add_argument(
        "--profession",
        default=FAMILY_DOCTOR,
        metavar="CODE",
        help=f"of who signs, {FAMILY_DOCTOR} without it",
    )
    parser.add_argument("--structure", metavar="ID", help="the OU of the certificate without it")
    parser.add_argument("--mode", choices=MODES, default="normal", help="of access")
    parser.add_argument("--reason", metavar="TEXT", help="of --mode bris_de_glace")


def add_reading(parser: argparse.ArgumentParser) -> None:
    """Where one asks, about whom, and over which connection."""
    parser.add_argument("--to", required=True, metavar="URL", help="dmp+https://… or dmp+http://…")
    parser.add_argument(
        "--patient", required=True, metavar="INS", help="a test INS, or INS^^^&OID&ISO^NH"
    )
    add_card(parser)
    parser.add_argument("--token", help="sender's token, where the door knows its software by it")
    parser.add_argument("--ca", type=Path, metavar="FILE", help="authorities of the door, PEM")
    parser.add_argument("--certificate", type=Path, metavar="FILE", help="to connect with")
    parser.add_argument("--key", type=Path, metavar="FILE", help="of --certificate")
    parser.add_argument("--timeout", type=float, default=30.0, metavar="SECONDS")
