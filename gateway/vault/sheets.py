"""Tables that are taken away as CSV: what every spreadsheet opens, and no cell that it reckons."""

import csv
import io
from collections.abc import Iterable, Sequence

from aiohttp import web

RISKY = ("=", "+", "-", "@", "\t", "\r")


def csv_file(name: str, columns: Sequence[str], rows: Iterable[Iterable[str]]) -> web.Response:
    """A download, in UTF-8 with its mark, lines ended by CR LF (RFC 4180)."""
    return web.Response(
        body=head_of(columns) + lines_of(rows),
        headers={
            "Content-Type": "text/csv; charset=utf-8",
            "Content-Disposition": f'attachment; filename="{name}"',
        },
    )


def head_of(columns: Sequence[str]) -> bytes:
    """The mark of UTF-8, and the first line."""
    return b"\xef\xbb\xbf" + lines_of([columns])


def lines_of(rows: Iterable[Iterable[str]]) -> bytes:
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n").writerows([_safe(cell) for cell in row] for row in rows)
    return text.getvalue().encode("utf-8", "replace")


def _safe(cell: str) -> str:
    """A cell that a spreadsheet would reckon is quoted (VAULT EXP-02)."""
    return f"'{cell}" if cell.startswith(RISKY) else cell
