"""What documents show to have been done (AGE-08): a proposal, which people accept or not."""

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from gateway.mapping.prevention.examinations.calendar import RULES, SINCE_LAST
from gateway.mapping.prevention.examinations.lines import Line, State
from gateway.mapping.prevention.vaccines.calendar import day_at
from gateway.mapping.prevention.vaccines.valences import PREVENTION
from gateway.mapping.tables import rows
from gateway.records.days import iso_day_of
from gateway.records.documents.shelved import Card, Shelved
from gateway.records.entries.content import days_of
from gateway.records.prevention import Said, Topic
from gateway.records.words import fold


class Shows(NamedTuple):
    """A line of the table."""

    rule: str
    type_codes: frozenset[str]
    format_code: str
    acts: frozenset[str]
    words: frozenset[str]


class Learnt(NamedTuple):
    """By which document, that an examination was done, and on which day."""

    rule: str
    document: str
    day: date


TABLE = tuple(
    Shows(
        rule=row["rule"],
        type_codes=frozenset(row["type_codes"].split()),
        format_code=row["format_code"],
        acts=frozenset(row["acts"].split()),
        words=frozenset(row["words"].split()),
    )
    for row in rows("examinations_learnt", room=PREVENTION)
)
"""All that documents may show."""
SHOWN_RULES = frozenset(one.rule for one in TABLE)
CERTIFICATES = frozenset({"CERT_DECL", "59283-2"})
"""Under which types the certificates of children are filed, whose format says which one it is."""


def may_show(card: Card, wanted: Iterable[str]) -> bool:
    """Whether it is worth to look at all of a document's metadata, for these rules."""
    asked = frozenset(wanted)
    return any(
        card.type_code in (one.type_codes or CERTIFICATES) for one in TABLE if one.rule in asked
    )


def shown_by(shelved: Shelved) -> list[Learnt]:
    """None where the day of the act is not known."""
    days = days_of(iso_day_of(shelved.card.act_date or ""))
    if days is None:
        return []
    fitting = (one.rule for one in TABLE if _fits(one, shelved))
    return [Learnt(rule, shelved.card.id, days[0]) for rule in fitting]


def _fits(one: Shows, shelved: Shelved) -> bool:
    document = shelved.document
    if one.format_code:
        return document.format_code == one.format_code
    if shelved.card.type_code not in one.type_codes:
        return False
    named = one.words & set(fold(document.title or "").split())
    return bool(named or one.acts & set(document.event_codes))


def proposals_for(
    lines: Iterable[Line], learnt: Iterable[Learnt], said: Iterable[Said], today: date
) -> dict[str, Learnt]:
    """By the id of the line: the latest document that shows it done, unless somebody said that it
    does not. Of what comes again only what would close the period under way."""
    refused = {
        (one.rule, one.document) for one in said if one.topic is Topic.NOT_THIS and one.holds
    }
    offered = sorted(learnt, key=lambda one: one.day)
    return {
        line.id: found
        for line in lines
        if line.state is not State.DONE
        for found in offered
        if found.rule == line.rule
        and (found.rule, found.document) not in refused
        and _closes(found, today)
    }


def _closes(found: Learnt, today: date) -> bool:
    rule = RULES[found.rule]
    if found.day > today:
        return False
    if rule.after != SINCE_LAST or rule.every is None:
        return True
    return day_at(found.day, rule.every.months) > today
