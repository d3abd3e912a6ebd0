"""Versions of one document: what replaced it, and what it replaced.

Each version names the one that replaced it, so a chain has one newest version. A chain may be long:
a laboratory may complete one order every hour.
"""

from collections.abc import Iterable, Mapping

from sqlalchemy import Connection, bindparam, select

from gateway.store import schema

D = schema.document
MAX_SHOWN = 100
"""Older versions that are told of one document, the newest of them."""

_first = select(D.c.id, D.c.superseded_by).where(D.c.id == bindparam("document"))
_chain = _first.cte("chain", recursive=True)
CHAIN = _chain.union(select(D.c.id, D.c.superseded_by).where(D.c.id == _chain.c.superseded_by))
HEAD = select(CHAIN.c.id).where(CHAIN.c.superseded_by.is_(None))


def newest_of(connection: Connection, document: str) -> str:
    """What replaced `document` in the end; itself where nothing did."""
    return connection.scalar(HEAD, {"document": document}) or document


def replaced_by(connection: Connection, documents: Iterable[str]) -> dict[str, str]:
    """Which of these were replaced, by what."""
    query = select(D.c.id, D.c.superseded_by)
    query = query.where(D.c.id.in_(list(documents)), D.c.superseded_by.is_not(None))
    return {row.id: row.superseded_by for row in connection.execute(query)}


def ends_of(after: Mapping[str, str]) -> dict[str, str]:
    """`newest_of` each of many, from what replaced each of them: every step is taken once."""
    ends: dict[str, str] = {}
    for one in after:
        met: dict[str, None] = {}
        while one in after and one not in ends and one not in met:
            met[one] = None
            one = after[one]
        ends.update(dict.fromkeys(met, ends.get(one, one)))
    return ends


def older_than(connection: Connection, document: str, *, most: int = MAX_SHOWN) -> list[str]:
    """What `document` replaced, what that replaced, and so on, the newest first. It stops behind
    `most`; where several documents were replaced by one it may give a few more."""
    query = select(D.c.id)
    found: list[str] = []
    newer = {document}
    while newer and len(found) < most:
        older = connection.scalars(query.where(D.c.superseded_by.in_(newer))).all()
        newer = set(older) - set(found) - {document}
        found += sorted(newer)
    return found
