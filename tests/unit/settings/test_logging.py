"""Nothing of a patient reaches a log, whoever writes it and however."""

import io
import json
import logging
from collections.abc import Iterator

import pytest
import structlog

from gateway.settings.logging import configure_logging

TRAITS = ("TESTEUR", "MARIE-INVENTEE", "19840312", "284037505612345", "RUE DES ESSAIS")
ORU = (
    "MSH|^~\\&|LABO|CLINIQUE|VAULT|DMP|20260101120000||ORU^R01^ORU_R01|C1|P|2.5\r"
    "PID|1||284037505612345^^^ASIP-SANTE-INS-NIR&1.2.250.1.213.1.4.8&ISO^INS||"
    "TESTEUR^MARIE-INVENTEE^^^^^L||19840312|F|||1 RUE DES ESSAIS^^PARIS\r"
    "OBR|1||R1|11502-2^CR\rOBX|1|NM|2345-7^Glucose||1.2|g/l|||||F\r"
)


@pytest.fixture
def out() -> Iterator[io.StringIO]:
    stream = io.StringIO()
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    configure_logging(level="debug", form="json", stream=stream)
    yield stream
    root.handlers[:], root.level = handlers, level
    structlog.reset_defaults()


def trait_free(text: str) -> bool:
    return bool(text) and not any(trait in text for trait in TRAITS)


def test_a_line_has_our_ids_and_figures(out: io.StringIO) -> None:
    receipt = "0f" * 16
    structlog.get_logger().info("receipt.recorded", receipt=receipt, door="mllp", bytes=5400)
    line = json.loads(out.getvalue())
    assert (line["receipt"], line["door"], line["bytes"]) == (receipt, "mllp", 5400)
    assert line["level"] == "info"


def test_a_whole_oru_under_a_known_key_is_dropped(out: io.StringIO) -> None:
    structlog.get_logger().info("receipt.recorded", reason=ORU, code=ORU.splitlines())
    assert trait_free(out.getvalue())
    assert json.loads(out.getvalue())["dropped"] == 2


def test_a_whole_oru_as_the_event_is_withheld(out: io.StringIO) -> None:
    structlog.get_logger().info(ORU)
    assert trait_free(out.getvalue())
    assert json.loads(out.getvalue())["event"] == "log.withheld"


@pytest.mark.parametrize("segment", ORU.strip().split("\r")[1:2])
def test_each_field_of_pid_under_an_unknown_key_is_dropped(out: io.StringIO, segment: str) -> None:
    fields = {f"pid_{number}": field for number, field in enumerate(segment.split("|"))}
    structlog.get_logger().info("pid.read", **fields)
    assert trait_free(out.getvalue())


def test_an_ins_in_a_known_key_is_dropped(out: io.StringIO) -> None:
    structlog.get_logger().info("route.asked", route="/fhir/Patient/284037505612345")
    assert trait_free(out.getvalue())


def test_bytes_of_a_message_are_dropped(out: io.StringIO) -> None:
    structlog.get_logger().info("receipt.recorded", reason=ORU.encode(), name={"a": [ORU]})
    assert trait_free(out.getvalue())


def test_an_exception_keeps_its_type_and_place_and_loses_its_text(out: io.StringIO) -> None:
    try:
        int(ORU)
    except ValueError:
        structlog.get_logger().exception("receive.failed")
    line = json.loads(out.getvalue())
    assert trait_free(out.getvalue())
    assert line["error"] == "ValueError"
    assert ":" in line["where"]


def test_a_librarys_record_loses_its_text(out: io.StringIO) -> None:
    try:
        int(ORU)
    except ValueError:
        logging.getLogger("aiohttp.server").exception("cannot handle %s", ORU)
    line = json.loads(out.getvalue())
    assert trait_free(out.getvalue())
    assert (line["logger"], line["error"]) == ("aiohttp.server", "ValueError")


def test_a_line_break_in_a_value_cannot_forge_a_line(out: io.StringIO) -> None:
    structlog.get_logger().info("sender.known", sender='x\n{"event": "forged"}')
    assert len(out.getvalue().splitlines()) == 1
    assert "forged" not in out.getvalue()


def test_the_level_is_kept(out: io.StringIO) -> None:
    configure_logging(level="warning", form="console", stream=out)
    structlog.get_logger().info("quiet")
    structlog.get_logger().warning("loud", count=2)
    assert "quiet" not in out.getvalue()
    assert "count=2" in out.getvalue()
