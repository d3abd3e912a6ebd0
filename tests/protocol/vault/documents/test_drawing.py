"""Pages drawn apart: what would take the machine costs a file its preview, and nothing else."""

import os
import signal
import threading
import zlib
from collections.abc import Iterator

import pytest
from cda_sample import pdf
from structlog.testing import capture_logs

from gateway.errors import RefusedError
from gateway.vault.document.drawing import Drawer

PAGE = "<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 100]{0}>>"
DEEP, WIDE = 9, 12


@pytest.fixture
def drawer() -> Iterator[Drawer]:
    made = Drawer(limit_seconds=30.0)
    yield made
    made.close()


def with_page(page: str, *streams: tuple[str, bytes]) -> bytes:
    """A PDF whose page is `page` and whose objects from number 4 on are streams."""
    made = pdf()
    head, _, _ = made.partition(b"3 0 obj")
    parts = [head, f"3 0 obj\n{page}\nendobj\n".encode()]
    for number, (dictionary, content) in enumerate(streams, 4):
        about = f"{number} 0 obj\n<<{dictionary}/Length {len(content)}>>\nstream\n".encode()
        parts.append(about + content + b"\nendstream\nendobj\n")
    return b"".join(parts) + b"trailer\n<</Root 1 0 R/Size 99>>\nstartxref\n0\n%%EOF\n"


LAST_BLOCK = b"\x03\x00"
"""Empty (RFC 1951, 3.2.6)."""


def bomb() -> bytes:
    """Some kilobytes that unpack, twice, to 900 megabytes of blanks: one block that stands for
    itself, again and again."""
    times, blanks = 900, b" " * 1_000_000
    once = zlib.compressobj(9)
    first = once.compress(blanks) + once.flush(zlib.Z_FULL_FLUSH)
    block = once.compress(blanks) + once.flush(zlib.Z_FULL_FLUSH)
    total = 1
    for _ in range(times):
        total = zlib.adler32(blanks, total)
    packed = first + block * (times - 1) + LAST_BLOCK + total.to_bytes(4)
    content = zlib.compress(packed, 9)
    filters = "/Filter[/FlateDecode/FlateDecode]"
    return with_page(PAGE.format("/Contents 4 0 R"), (filters, content))


def forms_in_forms() -> bytes:
    """Each form draws the next one a dozen times."""
    page = PAGE.format("/Contents 4 0 R/Resources<</XObject<</F 5 0 R>>>>")
    draw = b"/F Do " * WIDE
    forms = [
        (
            f"/Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</F {n} 0 R>>>>",
            draw if n < 6 + DEEP else b"0 0 9 9 re f " * 200,
        )
        for n in range(6, 7 + DEEP)
    ]
    return with_page(page, ("", draw), *forms)


def test_an_honest_page_is_counted_and_drawn(drawer: Drawer) -> None:
    assert drawer.page_count(pdf()) == 1
    assert drawer.render_pages(pdf(), page=0, width=60).startswith(b"\x89PNG")


def test_a_page_that_is_not_there_is_refused_and_the_worker_stays(drawer: Drawer) -> None:
    with pytest.raises(RefusedError, match="cannot be shown"):
        drawer.render_pages(pdf(), page=7, width=60)
    with pytest.raises(RefusedError, match="cannot be opened"):
        drawer.page_count(b"%PDF-1.4 no")
    assert drawer.page_count(pdf()) == 1


@pytest.mark.parametrize("hostile", [bomb, forms_in_forms])
def test_what_breaks_the_limits_costs_only_its_own_preview(drawer: Drawer, hostile: object) -> None:
    assert callable(hostile)
    data = hostile()
    assert len(data) < 10_000
    drawer.page_count(pdf())
    drawer._limit_seconds = 1.0
    with pytest.raises(RefusedError, match="within its limits"):
        drawer.render_pages(data, page=0, width=60)
    drawer._limit_seconds = 30.0
    assert drawer.page_count(pdf()) == 1
    with capture_logs() as logs, pytest.raises(RefusedError, match="within its limits"):
        drawer.render_pages(data, page=0, width=60)
    assert logs == [], "it is known, and not tried again"


def test_a_worker_that_gets_no_processor_convicts_no_file(drawer: Drawer) -> None:
    assert drawer.page_count(pdf()) == 1
    drawer._limit_seconds = 1.0
    assert drawer._pool
    (worker,) = drawer._pool._processes
    os.kill(worker, signal.SIGSTOP)
    late = threading.Timer(1.5, os.kill, (worker, signal.SIGCONT))
    late.start()
    try:
        assert drawer.render_pages(pdf(), page=0, width=60).startswith(b"\x89PNG")
    finally:
        late.join()


def test_a_worker_that_was_killed_while_it_had_nothing_to_do_convicts_no_file(
    drawer: Drawer,
) -> None:
    """As where memory is short: the kernel takes it, and no file was the reason."""
    assert drawer.page_count(pdf()) == 1
    assert drawer._pool
    (worker,) = drawer._pool._processes.values()
    worker.kill()
    worker.join()
    assert drawer.render_pages(pdf(), page=0, width=60).startswith(b"\x89PNG")


def test_a_drawer_that_was_closed_opens_again(drawer: Drawer) -> None:
    drawer.page_count(pdf())
    drawer.close()
    assert drawer.page_count(pdf()) == 1
