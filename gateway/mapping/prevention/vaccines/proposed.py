"""Coded vaccinations of a document as entries of a record (VAULT VAC-02)."""

from collections.abc import Iterable, Iterator

from gateway.mapping.entries.faults import MAX_COMMENT_CHARACTERS, MAX_TEXT_CHARACTERS
from gateway.mapping.prevention.vaccines.valences import valences_of
from gateway.records.days import iso_day_of
from gateway.records.documents.fact import Coded, Fact, FactKind, FactStatus
from gateway.records.entries.content import days_of
from gateway.records.entries.immunization import Immunization

CIS = "1.2.250.1.213.2.3.1"
CIP = "1.2.250.1.213.2.3.2"
CIPS = frozenset({CIP, "1.2.250.1.215.200.1.1.1"})
"""As the agency of medicines and as the insurer write it."""
GIVEN = frozenset({FactStatus.COMPLETED, FactStatus.ACTIVE})


def immunizations_in(facts: Iterable[Fact]) -> Iterator[Immunization]:
    """What was given, on a day that is told. A plan, a refusal, and what has no date stay in their
    document."""
    for fact in facts:
        day = iso_day_of(fact.start or "")
        if _was_given(fact) and days_of(day) is not None:
            yield Immunization(
                date=day,
                vaccine=_cut(fact.what.text or fact.what.code),
                code=_code_of(fact),
                valences=valences_of(fact.what.text, [one.code for one in _codings(fact)]),
                dose=f"dose {fact.rank}" if fact.rank else "",
                lot=_cut(fact.lot),
                place=_cut(fact.place),
                vaccinator=_cut(fact.performer),
                comment=fact.comment[:MAX_COMMENT_CHARACTERS],
            )


def _was_given(fact: Fact) -> bool:
    given = fact.kind is FactKind.IMMUNIZATION and fact.status in GIVEN
    return given and not fact.negated and not fact.says_none


def _codings(fact: Fact) -> tuple[Coded, ...]:
    return (fact.what, *fact.also)


def _code_of(fact: Fact) -> str | None:
    """The CIS, else the CIP, that the document gives."""
    codes = _codings(fact)
    cis = (one.code for one in codes if one.system == CIS)
    cip = (one.code for one in codes if one.system in CIPS)
    return next(cis, None) or next(cip, None)


def _cut(text: str) -> str:
    return text[:MAX_TEXT_CHARACTERS]
