"""« Flux »: how many messages came in a while, by verdict and by sender (PAGES sketch O)."""

from collections.abc import Mapping

from aiohttp import web

from gateway.flows.desk.glance import Glance
from gateway.flows.desk.messages.listing import SenderLine
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
)
from gateway.vault.desk.signin import desk_of
from gateway.vault.desk.upkeep.said import CHECK_WORDS
from gateway.vault.desk.words import age, sender_words
from gateway.vault.words import number

FIRST = "1h"
BARS = "▁▂▃▄▅▆▇"
NONE = "·"
GOOD, NOT_ALL, BAD = ("●", "ok"), ("◐", "masked"), ("✕", "no")
"""Shape and class of a mark."""
NUMBERS = {"": "reçus", "accepte": "acceptés", "attente": "en attente", "refuse": "refusés"}


async def flow_page(request: web.Request) -> web.Response:
    period = request.query.get("periode", FIRST)
    period = period if period in PERIODS else FIRST
    flow = await message_desk(request).flow(agent_of(request), PERIODS[period])
    glance = desk_of(request).glance
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
        marks=_marks(await glance()) if glance else [],
        received=flow.received,
        numbers=_cells(flow.counts, {"periode": period}),
        senders=[_row(one, period) for one in flow.senders],
        more=MANY if flow.more else "",
        again=address(FLOW, {"periode": period}),
    )


def _marks(seen: Glance) -> list[dict[str, str]]:
    """The base, secure mail and what waits to leave: each a mark, words, and where more is said."""
    base = f"Base : {CHECK_WORDS[seen.unwell][1]}" if seen.unwell else "Base"
    return [
        _mark("base", BAD if seen.unwell else GOOD, base, "/desk/sante"),
        _mark("messagerie", *_mail(seen), "/desk/files"),
        _mark("file", *_leaving(seen), "/desk/files"),
    ]


def _mark(name: str, shape: tuple[str, str], words: str, place: str) -> dict[str, str]:
    return {"name": name, "shape": shape[0], "css": shape[1], "words": words, "address": place}


def _mail(seen: Glance) -> tuple[tuple[str, str], str]:
    if seen.mail_paused:
        return NOT_ALL, "Messagerie : en pause"
    return (NOT_ALL, "Messagerie : nouveaux essais") if seen.mail_tried else (GOOD, "Messagerie")


def _leaving(seen: Glance) -> tuple[tuple[str, str], str]:
    if seen.oldest is None:
        return GOOD, "File sortante : vide"
    count = f"plus de {number(seen.waiting)}" if seen.more else number(seen.waiting)
    return NOT_ALL, f"File sortante : {count}, la plus ancienne {age(seen.now - seen.oldest)}"


def _bars(day: tuple[int, ...]) -> str:
    """Each part of the day against its fullest one."""
    most = max(day, default=0)
    return "".join(BARS[count * (len(BARS) - 1) // most] if count else NONE for count in day)


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
        "bars": _bars(one.day),
        "day": ", ".join(map(number, one.day)),
        "commonest": one.commonest,
        "times": number(one.times),
        "finding": address(MESSAGES, {**pairs, "constat": one.commonest}),
    }
