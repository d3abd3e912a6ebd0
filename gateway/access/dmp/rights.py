"""Who may ask which transaction of the DMP, by the card and the mode (XDS.md section 10).

This table is asked before `access.decide`, and either refuses alone. An establishment's own
certificate feeds and deletes, and never reads: reading needs a card, or Pro Santé Connect.
"""

import csv
import re
from collections.abc import Mapping
from enum import StrEnum
from functools import cache
from importlib.resources import files
from types import MappingProxyType

from gateway.records.readers.access import Mode
from gateway.records.readers.vihf import Authentication, Vihf

RPPS = re.compile(r"8[0-9]{11}", re.ASCII)
PHYSICIAN = "G15_10"
OCCUPATIONAL = frozenset({"SM25", "C41", "CAPA11"})
"""Médecine du travail, as a specialty, a competence and a capacity (TRE_R01)."""
MODES = (Mode.NORMAL, Mode.SAMU, Mode.BRIS_DE_GLACE)


class Transaction(StrEnum):
    """The DMP's names; TD3.2 and TD3.3a are parted where the table is."""

    EXISTS = "TD0.2"
    AUTHORISE = "TD0.3"
    LIST_PATIENTS = "TD0.4"
    SEARCH_PATIENT = "TD0.5"
    ADMINISTRATIVE_DATA = "TD1.3a"
    LIST_AUTHORISATIONS = "TD1.6"
    FEED = "TD2.1"
    FIND = "TD3.1"
    FIND_IDS = "TD3.1b"
    RETRIEVE = "TD3.2"
    RETRIEVE_MASKED = "TD3.2-masked"
    HIDE = "TD3.3a-hide"
    UNHIDE = "TD3.3a-unhide"
    SHOW_TO_PATIENT = "TD3.3b"
    DELETE = "TD3.3c"
    ARCHIVE = "TD3.3d"


class Column(StrEnum):
    """By what one asks; `air` is a professional whom Pro Santé Connect proved."""

    CPS = "cps"
    DOCTOR = "doctor"
    OCCUPATIONAL = "occupational"
    TREATING = "treating"
    CPE = "cpe"
    INDIRECT = "indirect"
    AIR = "air"
    AIR_DOCTOR = "air_doctor"
    AIR_TREATING = "air_treating"


class Right(StrEnum):
    YES = "y"
    NO = "-"
    OWN = "own"
    STRUCTURE = "structure"
    ALLOWED = "allowed"


@cache
def rights() -> Mapping[tuple[Transaction, Column, Mode], Right]:
    """Every cell of the table; silence is refusal."""
    text = (files("gateway.access.dmp") / "rights.csv").read_text("utf-8")
    rows = csv.DictReader(line for line in text.splitlines() if not line.startswith("#"))
    return MappingProxyType(
        {
            (Transaction(row["transaction"]), column, mode): Right(cell)
            for row in rows
            for column in Column
            for mode, cell in zip(MODES, row[column.value].split(), strict=True)
        }
    )


def is_professional(vihf: Vihf) -> bool:
    """Whether a person is proved by a card or by Pro Santé Connect: an RPPS, and a profession.
    Everybody else is a structure, its agents (CPE) and its machines."""
    by_person = vihf.authentication is not Authentication.INDIRECT
    return by_person and bool(RPPS.fullmatch(vihf.subject)) and "_" in vihf.profession


def is_of_profession(vihf: Vihf, known: str) -> bool:
    """Whether it names the profession of the person as we know it, G15_10: a card says none."""
    return vihf.profession.partition("/")[0] == known


def is_occupational(vihf: Vihf) -> bool:
    """Whether a physician asks in occupational medicine: the know-how says so."""
    profession, _, know_how = vihf.profession.partition("/")
    return profession == PHYSICIAN and know_how in OCCUPATIONAL


def column_of(vihf: Vihf, *, is_treating: bool = False) -> Column:
    """`is_treating`: the reader is the treating doctor of this record."""
    if vihf.authentication is Authentication.INDIRECT:
        return Column.INDIRECT
    if not is_professional(vihf):
        return Column.CPE if vihf.authentication is Authentication.DIRECT else Column.INDIRECT
    if is_occupational(vihf):
        return Column.OCCUPATIONAL
    is_doctor = vihf.profession.partition("/")[0] == PHYSICIAN
    if vihf.authentication is Authentication.REINFORCED:
        if is_doctor:
            return Column.AIR_TREATING if is_treating else Column.AIR_DOCTOR
        return Column.AIR
    if is_doctor:
        return Column.TREATING if is_treating else Column.DOCTOR
    return Column.CPS


def permits(
    transaction: Transaction,
    vihf: Vihf,
    *,
    is_treating: bool = False,
    is_author: bool = False,
    is_structures: bool = False,
    is_allowed: bool = False,
) -> bool:
    """Whether the DMP knows this act of this reader.

    `is_author`: the reader wrote the document; `is_structures`: the reader's structure did;
    `is_allowed`: the patient allows masked documents in an emergency (ACCESS, `masked`).
    """
    column = column_of(vihf, is_treating=is_treating)
    match rights().get((transaction, column, vihf.mode), Right.NO):
        case Right.YES:
            return True
        case Right.OWN:
            return is_author
        case Right.STRUCTURE:
            return is_structures
        case Right.ALLOWED:
            return is_allowed
        case Right.NO:
            return False
