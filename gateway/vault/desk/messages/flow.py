"""« Flux »: how many messages came in a while, by verdict and by sender (PAGES sketch O)."""

from collections.abc import Mapping

from aiohttp import web

from gateway.flows.desk.messages import SenderLine
from gateway.records.intake.finding import Verdict
from gateway.vault.desk.acting import agent_of
from gateway.vault.desk.frame import desk_html
from gateway.vault.desk.messages.said import (
    FLOW,
    MANY,
    MARKS,
    MESSAGES,
    PERIOD_SAID,
    PERIOD_WORDS,
    PERIODS,
    VERDICTS,
    address,
    message_desk,
    number,
)
from gateway.vault.desk.words import sender_words

FIRST = "1h"
NUMBERS = {"": "reçus", "accepte": "acceptés", "attente": "en attente", "refuse": "refusés"}


async def flow_page(request: web.Request) -> web.Response:
    period = request.query.get("periode", FIRST)
    period = period if period in PERIODS else FIRST
    flow = await message_desk(request).flow(agent_of(request), PERIODS[period])
    return desk_html(
        request,
        "messages/flow",
        title=f"Flux, {PERIOD_SAID[period]}",
        place=FLOW,
        said=PERIOD_SAID[period],
        periods=[
            (words, address(FLOW, {"periode": key}), key == period)
            for key, words in PERIOD_WORDS.items()
        ],
        received=flow.received,
        numbers=_cells(flow.counts, {"periode": period}),
        senders=[_row(one, period) for one in flow.senders],
        more=MANY if flow.more else "",
        again=address(FLOW, {"periode": period}),
    )


def _cells(counts: Mapping[Verdict, int], pairs: Mapping[str, str]) -> list[dict[str, object]]:
    """Received and each verdict: a count, and where its messages are listed."""
    cells = []
    for name, words in NUMBERS.items():
        shape, css = MARKS[VERDICTS[name]] if name else ("", "")
        count = counts[VERDICTS[name]] if name else sum(counts.values())
        cell = {"name": name or "recus", "words": words, "shape": shape, "css": css}
        link = address(MESSAGES, {**pairs, "verdict": name})
        cells.append({**cell, "count": count, "written": number(count), "address": link})
    return cells


def _row(one: SenderLine, period: str) -> dict[str, object]:
    pairs = {"periode": period, "emetteur": one.sender}
    return {
        "sender": one.sender,
        "said": sender_words(one.sender),
        "address": address(MESSAGES, pairs),
        "cells": _cells(one.counts, pairs),
        "last": one.last,
        "commonest": one.commonest,
        "times": number(one.times),
        "finding": address(MESSAGES, {**pairs, "constat": one.commonest}),
    }
