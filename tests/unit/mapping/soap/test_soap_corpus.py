"""corpus/xds: every message that is one is read as the independent extractor read it."""

import csv
from pathlib import Path

import pytest

from gateway.mapping.soap.envelope import read_message
from gateway.mapping.soap.message import SOAP_11, SOAP_12, FaultError
from gateway.mapping.soap.mtom import content_of

FOLDER = Path(__file__).resolve().parents[5] / "shared" / "corpus" / "xds"
PLAIN = "application/soap+xml"
VERSIONS = {SOAP_12: "1.2", SOAP_11: "1.1"}
Row = dict[str, str]


def rows() -> list[Row]:
    """Of those files that are packed as SOAP at all."""
    table = FOLDER / "expected.csv"
    if not table.is_file():
        return []
    with table.open(newline="", encoding="utf-8") as lines:
        found = list(csv.DictReader(lines))
    return [one for one in found if one["packaging"] in ("mtom", "soap", "not multipart")]


ROWS = rows()


def entity(row: Row) -> tuple[str, bytes]:
    """Content-Type and body; of a kept `.mime` the first line is its first delimiter."""
    raw = (FOLDER / row["file"]).read_bytes()
    if row["kind"] == "xml":
        return PLAIN, raw
    if row["kind"] == "mime":
        boundary = raw.split(b"\n", 1)[0].strip().removeprefix(b"--").decode()
        return f'multipart/related; boundary="{boundary}"', raw
    head, _, body = raw.partition(b"\r\n\r\n")
    lines = [line.partition(":") for line in head.decode().splitlines()]
    return next(value for name, _, value in lines if name.lower() == "content-type"), body


@pytest.mark.skipif(not ROWS, reason="the shared corpus is not here")
@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["file"])
def test_a_message_of_the_corpus_is_read(row: Row) -> None:
    content_type, body = entity(row)
    if not row["root"]:
        with pytest.raises(FaultError):
            read_message(content_type, body)
        return
    if row["wellformed"] == "DOCTYPE" or "duplicate-content-id" in row["file"]:
        assert row["expected_outcome"] == "fault"
        with pytest.raises(FaultError) as refused:
            read_message(content_type, body)
        assert refused.value.status == 400
        return
    message = read_message(content_type, body)
    documents = [content_of(one, message.parts) for one in message.body.iter("{*}Document")]
    assert str(message.body.tag).rpartition("}")[2] == row["root"]
    assert VERSIONS[message.soap] == row["soap"]
    assert (message.action or "", message.message_id or "") == (row["action"], row["message_id"])
    assert message.packed == (row["packaging"] == "mtom")
    assert len(documents) == int(row["n_document_parts"] or 0)
    assert documents.count(None) == int(row["dangling_cids"] or 0)
