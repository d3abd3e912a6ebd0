"""`gateway person`: an operator invites people to spaces, or opens one, so that documents of a
person are taken, hands over the code by which it is activated, and erases it with another one.

No trait is printed. Activation, and the sign-in that follows it, are the person's own acts.
"""

import argparse
import sys
from typing import Any

from gateway.cli.identity.acts import OIDS
from gateway.cli.opening import FINE, Opened, add_place, with_store
from gateway.cli.person.deceased import add_deceased
from gateway.cli.person.erase import add_erase
from gateway.cli.person.invite import add_bounced, add_invite
from gateway.cli.person.parent import add_parent
from gateway.cli.person.receipt import add_receipt
from gateway.records.duration import PARIS
from gateway.records.patients.patient import PatientIdentity


def add_parser(subparsers: "argparse._SubParsersAction[Any]") -> None:
    parser = subparsers.add_parser(
        "person",
        help="invite people to spaces, open one, hand over its code, name a parent, record a death,"
        " erase it",
    )
    acts = parser.add_subparsers(
        required=True, metavar="invite|bounced|open|code|parent|deceased|erase|receipt"
    )
    add_invite(acts)
    add_bounced(acts)
    _add_code(acts)
    add_parent(acts)
    add_deceased(acts)
    add_erase(acts)
    add_receipt(acts)
    opened = acts.add_parser("open", help="documents of this person are taken from now on")
    for name, metavar, text in (
        ("--ins", "INS", "15 characters, key included"),
        ("--family", "NAME", "birth name"),
        ("--givens", "NAMES", "given names of birth, the first one first"),
        ("--birth-date", "DATE", "1984-03-12"),
        ("--place", "COG", "INSEE code of the birth place"),
        ("--by", "NAME", "who decides; traced"),
        ("--reason", "TEXT", "why; traced"),
    ):
        opened.add_argument(name, required=True, metavar=metavar, help=text)
    opened.add_argument("--sex", required=True, choices=("F", "M"))
    opened.add_argument("--oid", metavar="OID", help="of the INS; default: that of the NIR")
    add_place(opened)
    opened.set_defaults(run=lambda arguments: with_store(arguments, _open))


def _add_code(acts: "argparse._SubParsersAction[Any]") -> None:
    code = acts.add_parser("code", help="a code by which a person activates the own space")
    for name, metavar, text in (
        ("--ins", "INS", "15 characters, key included"),
        ("--serial", "NUMBER", "serial number of the carte Vitale, 8 to 13 digits"),
        ("--by", "NAME", "who decides; traced"),
        ("--reason", "TEXT", "why; traced"),
    ):
        code.add_argument(name, required=True, metavar=metavar, help=text)
    code.add_argument("--email", default="", metavar="ADDRESS", help="the person's own, if known")
    code.add_argument("--mobile", default="", metavar="NUMBER", help="the person's own, if known")
    code.add_argument("--oid", metavar="OID", help="of the INS; default: that of the NIR")
    add_place(code)
    code.set_defaults(run=lambda arguments: with_store(arguments, _code))


async def _code(opened: Opened, arguments: argparse.Namespace) -> int:
    from gateway.flows.entering.provisional import HandOver

    store = opened.store
    hand_over = HandOver(
        people=store.people,
        activations=store.activations,
        invited=store.invitations,
        clock=opened.clock,
        ids=opened.ids,
    )
    oid = arguments.oid or OIDS[opened.settings.profile]
    handed = await hand_over(
        store.keys.patient_key(oid, arguments.ins),
        serial=arguments.serial,
        email=arguments.email,
        mobile=arguments.mobile,
        by=arguments.by,
        reason=arguments.reason,
    )
    if handed.replaces:
        print("this person has a login: it ends when the code is used", file=sys.stderr)
    print(f"code (shown once): {handed.code[:4]} {handed.code[4:]}")
    print(f"valid until {handed.expires_at.astimezone(PARIS):%Y-%m-%d %H:%M} (Paris)")
    return FINE


async def _open(opened: Opened, arguments: argparse.Namespace) -> int:
    from gateway.flows.identity.spaces import OpenSpace

    store, profile = opened.store, opened.settings.profile
    flow = OpenSpace(people=store.people, names=store.keys, clock=opened.clock, profile=profile)
    identity = PatientIdentity(
        ins=arguments.ins,
        ins_oid=arguments.oid or OIDS[profile],
        birth_family=arguments.family,
        birth_given=arguments.givens.split()[0] if arguments.givens.split() else None,
        birth_givens=arguments.givens,
        birth_date=arguments.birth_date,
        sex=arguments.sex,
        birth_place=arguments.place,
        traits_complete=True,
    )
    key = await flow(identity, by=arguments.by, reason=arguments.reason)
    for warning in flow.warnings(identity):
        print(f"warning: {warning}", file=sys.stderr)
    print(f"opened {key.hex()}")
    return FINE
