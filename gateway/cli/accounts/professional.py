"""`gateway professional`: who is known here, and where secure mail reaches them."""

import argparse
import re
from dataclasses import replace
from typing import Any

from gateway.cli.opening import FINE, Opened, UsageError, add_place, with_store
from gateway.cli.traced import act, add_by
from gateway.records.patients.account import Professional

RPPS = re.compile(r"8[0-9]{11}", re.ASCII)
ADDRESS = re.compile(r"[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+", re.ASCII)
MAX_ADDRESS = 254
NONE = "none"
LEFT, BACK = "left", "back"
PRACTICE = (LEFT, BACK)
NOBODY = "nobody is known by this number: add --name and --profession"


def add_parser(subparsers: "argparse._SubParsersAction[Any]") -> None:
    parser = subparsers.add_parser("professional", help="list professionals, set secure addresses")
    acts = parser.add_subparsers(required=True, metavar="list|address|practice")
    show = acts.add_parser("list", help="number, profession, structure and address, one a line")
    show.set_defaults(act=_list)
    address = acts.add_parser("address", help="where the notices for a professional go")
    address.add_argument("id", metavar="ID", help="8 and the RPPS")
    address.add_argument("address", metavar="ADDRESS", help="MSSanté address; none: no address")
    address.add_argument("--name", help="for somebody who never signed in")
    address.add_argument("--profession", metavar="G15_10", help="the same")
    address.set_defaults(act=_address)
    add_by(address)
    practice = acts.add_parser("practice", help="who left is not answered any more")
    practice.add_argument("id", metavar="ID", help="8 and the RPPS")
    practice.add_argument("said", choices=PRACTICE, metavar="|".join(PRACTICE))
    practice.set_defaults(act=_practice)
    add_by(practice)
    for one in (show, address, practice):
        add_place(one)
    parser.set_defaults(run=lambda arguments: with_store(arguments, arguments.act))


async def _list(opened: Opened, _arguments: argparse.Namespace) -> int:
    for one in await opened.store.people.professionals():
        told = (one.id, one.profession, one.organization or "-", one.mail or "-", one.name)
        print("\t".join((*told, LEFT) if one.left else told))
    return FINE


async def _address(opened: Opened, arguments: argparse.Namespace) -> int:
    """Raises UsageError: a number or an address of the wrong shape, nobody by this number."""
    mail = None if arguments.address == NONE else arguments.address.strip()
    if not RPPS.fullmatch(arguments.id):
        raise UsageError("ID is 8 and the RPPS: 12 digits")
    if mail is not None and (len(mail) > MAX_ADDRESS or not ADDRESS.fullmatch(mail)):
        raise UsageError("ADDRESS is one address as doctor@domain.mssante.fr, or none")
    people = opened.store.people
    known = await people.professional_by_id(arguments.id)
    if known is None:
        known = _new(arguments)
    elif arguments.name or arguments.profession:
        raise UsageError(f"{arguments.id} is known: leave --name and --profession out")
    told = act(arguments, "professional-address", professional=known.id, given=mail is not None)
    await people.add_professional(replace(known, mail=mail), act=told)
    return FINE


async def _practice(opened: Opened, arguments: argparse.Namespace) -> int:
    """Raises UsageError: nobody by this number."""
    people = opened.store.people
    known = await people.professional_by_id(arguments.id)
    if known is None:
        raise UsageError("nobody is known by this number")
    left = arguments.said == LEFT
    told = act(arguments, "professional-practice", professional=known.id, left=left)
    await people.add_professional(replace(known, left=left), act=told)
    return FINE


def _new(arguments: argparse.Namespace) -> Professional:
    from gateway.access.professions import professions

    name = (arguments.name or "").strip()
    if not (name and arguments.profession):
        raise UsageError(NOBODY)
    if arguments.profession not in professions():
        raise UsageError("--profession is a code of the grid, as G15_10")
    return Professional(id=arguments.id, name=name, profession=arguments.profession)
