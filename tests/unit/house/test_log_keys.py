"""Every key that our code logs is one that the filter lets through."""

import ast
from collections.abc import Iterator
from pathlib import Path

from gateway.settings.logging import ALLOWED

ROOT = Path(__file__).resolve().parents[3]
LEVELS = {"debug", "info", "warning", "error", "exception", "critical"}


def logged_keys(source: str) -> Iterator[str]:
    """Keyword names of calls such as log.info(…) or structlog.get_logger().warning(…)."""
    if "structlog" not in source:
        return  # most files: they need not be parsed
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
            continue
        writer = ast.unparse(node.func.value)
        if node.func.attr in LEVELS and writer in ("log", "structlog.get_logger()"):
            names = [word.arg for word in node.keywords if word.arg]
            yield from (name for name in names if name != "exc_info")


def test_no_key_of_ours_is_dropped_by_the_filter() -> None:
    dropped = {
        f"{path.relative_to(ROOT)}: {key}"
        for path in (ROOT / "gateway").rglob("*.py")
        for key in logged_keys(path.read_text(encoding="utf-8"))
        if key not in ALLOWED
    }
    assert dropped == set()
