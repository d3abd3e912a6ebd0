"""A discrete result with the document that says it (VAULT section 10)."""

from typing import NamedTuple

from gateway.records.documents.observation import Observation
from gateway.records.documents.shelved import Card


class Result(NamedTuple):
    """`before` is what it replaced, newest first: a laboratory corrected it, or made it final."""

    row: Observation
    card: Card
    before: tuple["Result", ...] = ()
