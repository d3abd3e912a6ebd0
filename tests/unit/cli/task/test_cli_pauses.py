"""`gateway task pause`, `resume`, `paused`, on every engine."""

from place import Place

from gateway.records.patients.patient import DESK
from gateway.store import Store

FORWARD = """
[[forward]]
name = "lis"
to = "mllp://127.0.0.1:2"
"""
LANE = "forward:lis"
RELAY = """
[mssante.relay]
address = "127.0.0.1:2"
"""
SENDER = 'sender_address = "passerelle@etablissement.mssante.fr"'
MAIL = "mail:mssante"


def configured(place: Place) -> Place:
    place.config.write_text(place.config.read_text("utf-8") + FORWARD, "utf-8")
    return place


def test_a_destination_is_paused_and_resumed_with_who_and_why(place: Place) -> None:
    configured(place)
    words = ("task", "pause", LANE, "--reason", "maintenance", "--by", "anne")
    assert LANE in place.done(*words)
    (line,) = place.lines("task", "paused")
    assert (line["lane"], line["by"], line["reason"]) == (LANE, "anne", "maintenance")
    assert "is paused already" in place.fails(*words)
    assert f"{LANE}\t" in place.done("task", "paused")
    place.done("task", "resume", LANE, "--by", "marc")
    assert place.done("task", "paused") == ""
    assert "is not paused" in place.fails("task", "resume", LANE)

    async def log(store: Store) -> list[tuple[str, str, str]]:
        traces = await store.traces.of_patient(DESK, limit=2)
        return [(one.trace.action, one.trace.actor, one.trace.door) for one in traces]

    assert place.inside(log) == [
        ("lane-resumed", "marc", "command"),
        ("lane-paused", "anne", "command"),
    ]


def test_secure_mail_is_a_destination_where_there_is_a_relay(place: Place) -> None:
    words = ("task", "pause", MAIL, "--reason", "maintenance", "--by", "anne")
    assert "there are: none" in place.fails(*words)
    text = place.config.read_text("utf-8").replace("\n[mssante]\n", f"\n[mssante]\n{SENDER}\n")
    place.config.write_text(text + RELAY, "utf-8")
    assert MAIL in place.done(*words)
    assert [line["lane"] for line in place.lines("task", "paused")] == [MAIL]
    place.done("task", "resume", MAIL, "--by", "anne")
    assert place.done("task", "paused") == ""


def test_one_that_there_is_not_and_no_reason_are_said(place: Place) -> None:
    said = place.fails("task", "pause", LANE, "--reason", "x")
    assert "there is no destination forward:lis; there are: none" in said
    configured(place)
    said = place.fails("task", "pause", "lis", "--reason", "x")
    assert f"there are: {LANE}" in said
    assert "--reason cannot be empty" in place.fails(
        "task", "pause", LANE, "--reason", " ", status=2
    )
