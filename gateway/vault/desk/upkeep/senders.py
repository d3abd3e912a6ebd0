"""« Émetteurs » : a card for each sender over seven or thirty days, to be printed."""

from datetime import datetime, timedelta

from aiohttp import web

from gateway.errors import RefusedError
from gateway.flows.desk.senders import Card
from gateway.records.intake.finding import Verdict
from gateway.records.intake.scorecard import UNKNOWN
from gateway.records.patients.account import SenderAccount
from gateway.vault.desk.frame import desk_html
from gateway.vault.desk.paging import paged
from gateway.vault.desk.signin import desk_of
from gateway.vault.desk.words import DOOR_WORDS, HOW_WORDS, sender_words

PLACE = "/desk/emetteurs"
SOON = timedelta(days=30)
"""Before its end a certificate is asked for anew."""
VERSION_WORDS = {UNKNOWN: "MSH-12 illisible"}
PERIODS = {"7": "7 jours", "30": "30 jours"}


async def senders_page(request: web.Request) -> web.Response:
    senders = desk_of(request).senders
    if senders is None:
        raise RefusedError("this house shows its senders to nobody")
    asked = request.query.get("jours", "")
    days = asked if asked in PERIODS else next(iter(PERIODS))
    found = await senders(timedelta(days=int(days)))
    return desk_html(
        request,
        "upkeep/senders",
        title="Émetteurs",
        place=PLACE,
        days=days,
        periods=PERIODS,
        since=found.since,
        until=found.until,
        cut=found.more,
        **paged(
            request, PLACE, [_card(one, found.until) for one in found.cards], more=False, jours=days
        ),
    )


def _card(card: Card, now: datetime) -> dict[str, object]:
    accepted, volume = card.verdicts[Verdict.ACCEPT], card.volume
    return {
        "id": card.name,
        "name": sender_words(card.name),
        "credentials": _credentials(card.account),
        "ends": card.ends,
        "ends_soon": card.ends is not None and card.ends - now < SOON,
        "by_certificate": card.account is not None and bool(card.account.certificate),
        "disabled": card.account is not None and card.account.disabled,
        "volume": volume,
        "accepted": accepted,
        "held": card.verdicts[Verdict.HOLD],
        "refused": card.verdicts[Verdict.REFUSE],
        "rate": f"{100 * accepted / volume:.1f}".replace(".", ",") if volume else "",
        "formats": card.formats.most_common(),
        "versions": [
            (VERSION_WORDS.get(name, name), count) for name, count in card.versions.most_common()
        ],
        "charsets": [
            (charset + HOW_WORDS.get(how, ""), count)
            for (charset, how), count in card.charsets.most_common()
        ],
        "doors": [(DOOR_WORDS[door], count) for door, count in card.doors.most_common()],
        "last": card.last,
        "codes": card.codes,
    }


def _credentials(account: SenderAccount | None) -> str:
    """Of a certificate its fingerprint is all that is kept: its end is known once it was seen."""
    if account is None:
        return ""
    if account.certificate:
        return "par certificat"
    return "par jeton" if account.token_hash else "aucun"
