"""What the form of « Messages » asks for, out of an address."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from multidict import MultiMapping

from gateway.flows.desk.named import shown_sender
from gateway.records.intake.filing import Door
from gateway.records.intake.messages import Place, Search
from gateway.records.intake.understanding import Format
from gateway.records.numbers import whole
from gateway.vault import words
from gateway.vault.days import SINCE, UNTIL, Period, period_of
from gateway.vault.desk.messages.said import (
    PERIOD_SAID,
    PERIODS,
    PLURAL_WORDS,
    VERDICTS,
)
from gateway.vault.desk.words import DOOR_WORDS
from gateway.vault.document.listing import MAX_SEARCH_CHARACTERS

TYPED = ("recu", "controle", "unique", "emetteur", "constat")
MAX_DIGITS = 18
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
ALL = {"": "Tous"}
VERDICT_OPTIONS = ALL | {"accepte": "Accepté", "attente": "En attente", "refuse": "Refusé"}
FORMAT_OPTIONS = ALL | {one.value: one.value for one in Format}
DOOR_OPTIONS = {"": "Toutes"} | {one.value: said for one, said in DOOR_WORDS.items()}
PERIOD_OPTIONS = {"": "Toute"} | {one: said.capitalize() for one, said in PERIOD_SAID.items()}
CHOICES = {
    "verdict": VERDICT_OPTIONS,
    "format": FORMAT_OPTIONS,
    "porte": DOOR_OPTIONS,
    "periode": PERIOD_OPTIONS,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """The filters as typed, `before` where the page goes on."""

    typed: Mapping[str, str]
    chosen: Mapping[str, str]
    period: Period
    before: Place | None

    def pairs(self) -> dict[str, str]:
        """What narrows the list, as an address and the log have it."""
        days = {SINCE: self.period.since, UNTIL: self.period.until}
        found = {**self.typed, **self.chosen, **days}
        return {name: value for name, value in found.items() if value}

    def search(self, now: datetime) -> Search:
        """A period that is chosen ends now."""
        one, chosen = self.typed, self.chosen
        begun = [now - PERIODS[chosen["periode"]]] if chosen["periode"] else []
        if self.period.begins:
            begun.append(self.period.begins)
        return Search(
            receipt=one["recu"].lower(),
            control_id=one["controle"],
            unique_id=one["unique"],
            sender=one["emetteur"],
            code=one["constat"],
            verdict=VERDICTS.get(chosen["verdict"]),
            format=chosen["format"],
            door=Door(chosen["porte"]) if chosen["porte"] else None,
            since=max(begun, default=None),
            until=self.period.ends,
        )

    def said(self) -> list[str]:
        """« refusés », « de labo », « depuis le 1 mars 2026 »."""
        one, chosen = self.pairs(), self.chosen
        parts = [PLURAL_WORDS[chosen["verdict"]]] if chosen["verdict"] else []
        phrases = {
            "recu": "reçu {}",
            "controle": "identifiant de contrôle {}",
            "unique": "document {}",
            "emetteur": "de {}",
            "constat": "avec le constat {}",
            "format": "au format {}",
        }
        parts += [said.format(one[name]) for name, said in phrases.items() if name in one]
        parts += [f"par la porte « {DOOR_OPTIONS[chosen['porte']]} »"] if chosen["porte"] else []
        parts += [PERIOD_SAID[chosen["periode"]]] if chosen["periode"] else []
        parts += [f"depuis le {words.day(one['du'])}"] if "du" in one else []
        return parts + ([f"jusqu'au {words.day(one['au'])}"] if "au" in one else [])


def wanted_of(query: MultiMapping[str]) -> Wanted:
    """A choice that there is not is no filter; a day that is none is an error. A sender is looked
    for as it is shown: nobody learns by asking that this patient, or this doctor, wrote."""
    typed = {name: _typed(query.get(name, "")) for name in TYPED}
    chosen = {name: query.get(name, "") for name in CHOICES}
    return Wanted(
        typed=typed | {"emetteur": shown_sender(typed["emetteur"])},
        chosen={name: one if one in CHOICES[name] else "" for name, one in chosen.items()},
        period=period_of(query),
        before=_place(query.get("avant", "")),
    )


def _typed(text: str) -> str:
    """Without what no database takes: NUL, halves of a character."""
    return "".join(filter(str.isprintable, text)).strip()[:MAX_SEARCH_CHARACTERS]


def written(place: Place) -> str:
    """A place in the list, for the address of the next page."""
    return f"{(place.at - EPOCH) // timedelta(microseconds=1)}-{place.number}"


def _place(text: str) -> Place | None:
    at, _, number = text.partition("-")
    micros, count = (whole(part, most_digits=MAX_DIGITS) for part in (at, number))
    if micros is None or count is None:
        return None
    try:
        return Place(at=EPOCH + timedelta(microseconds=micros), number=count)
    except OverflowError:
        return None
