"""Consent of the patient to one professional or to a care team (ACCESS section 1, RULES B)."""

from gateway.access.question import Question, same
from gateway.access.time import in_force
from gateway.records.readers.access import CareConsent


def is_spent(q: Question, consent: CareConsent) -> bool:
    """A block ended this consent: after unblocking he must ask again (RULES B9)."""
    for block in q.record.blocks:
        if not same(block.id, q.reader.id) or not (block.since is None or block.since <= q.now):
            continue
        if block.until is None or consent.since is None or consent.since < block.until:
            return True
    return False


def _holds(q: Question, consent: CareConsent) -> bool:
    return in_force(consent.since, consent.until, q.now) and not is_spent(q, consent)


def _reaches(q: Question, consent: CareConsent) -> bool:
    if consent.to == "professional":
        return same(consent.id, q.reader.id)
    return same(consent.id, q.reader.team) and consent.id not in q.record.teams_objected


def has_care_consent(q: Question) -> bool:
    for consent in q.record.consents:
        if consent.kind == "care" and _reaches(q, consent) and _holds(q, consent):
            return True
    return _team_is_deemed_authorised(q)


def _team_is_deemed_authorised(q: Question) -> bool:
    """The variant of the arrêté that the Conseil d'État annulled (RULES B5)."""
    team, record = q.reader.team, q.record
    if not team or team not in record.teams_informed or team in record.teams_objected:
        return False
    if q.switches.team_consent.at(q.now) != "arr":
        return False
    return not any(
        same(block.id, q.reader.id) and (block.since is None or block.since <= q.now)
        for block in record.blocks
    )


def has_occupational_consent(q: Question) -> bool:
    return any(
        consent.kind == "occupational"
        and consent.to == "professional"
        and same(consent.id, q.reader.id)
        and _holds(q, consent)
        for consent in q.record.consents
    )
