"""Tables that are taken away as CSV: what every spreadsheet opens, and no cell that it reckons."""

import csv
import io
from collections.abc import Iterable, Sequence

from aiohttp import web

RISKY = ("=", "+", "-", "@", "\t", "\r")


def csv_file(name: str, columns: Sequence[str], rows: Iterable[Iterable[str]]) -> web.Response:
    """A download, in UTF-8 with its mark, lines ended by CR LF (RFC 4180)."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(columns)
    writer.writerows([_safe(cell) for cell in row] for row in rows)
    return web.Response(
        body=("\ufeff" + text.getvalue()).encode(),
        headers={
            "Content-Type": "text/csv; charset=utf-8",
            "Content-Disposition": f'attachment; filename="{name}"',
        },
    )


def _safe(cell: str) -> str:
    """A cell that a spreadsheet would reckon is quoted (VAULT EXP-02)."""
    return f"'{cell}" if cell.startswith(RISKY) else cell
