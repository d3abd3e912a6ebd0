"""Questions at the borders of the rules of ACCESS, with the rule that answers each."""

from question_builder import DOCTOR, NOW, OTHER, Json, consent, document, professional, scenario
from rule_cases import GLASS, OF_PARENT, PARENT, REGULATOR, SAMU, SYSTEM, mail, manage, notice

LATER = "2026-03-16T10:00:00Z"
IN_TEAM = professional(team="t1")
OF_TEAM: Json = {"consents": [{"to": "team", "id": "t1"}]}
INFORMED: Json = {"teams_informed": ["t1"]}
ARR: Json = {"team_consent": "arr"}
AT_WORK = professional(function="FON-29")


def blocks(whom: str = DOCTOR, **more: object) -> Json:
    return {"blocks": [{"id": whom, **more}]}


BORDERS: list[tuple[str, Json]] = [
    # A depositor is nobody's patient, and an empty name equals nothing.
    ("F58", scenario("replace", {**SYSTEM, "id": ""}, document=document(author=""))),
    ("F58", scenario("delete", SYSTEM, document=document(author="s", by_patient=True))),
    (
        "P26",
        scenario("delete", {**SYSTEM, "organisation": "1"}, document=document(organisation="1")),
    ),
    ("F50", scenario("open", professional(id=""), record=consent(""))),
    # An empty target is his own no more than another's name, and it is not null (P63).
    (
        "P63",
        scenario(
            "manage",
            professional(id="d"),
            record=consent("d"),
            circumstances=manage("consents", target=""),
        ),
    ),
    (
        "D00",
        scenario("manage", professional(), record=consent(), circumstances=manage("consents")),
    ),
    # After unblocking he must ask again; a consent given later counts (RULES B9).
    (
        "F50",
        scenario(
            "open",
            professional(),
            record={
                **consent(**{"from": "2026-01-01T00:00:00Z"}),
                "blocks": [{"id": DOCTOR, "until": "2026-02-01T00:00:00Z"}],
            },
        ),
    ),
    (
        "P11",
        scenario(
            "open",
            professional(),
            record={
                **consent(**{"from": "2026-02-01T00:00:00Z"}),
                "blocks": [{"id": DOCTOR, "until": "2026-02-01T00:00:00Z"}],
            },
        ),
    ),
    # A team consent reaches each member, unless the patient objected to the team.
    (
        "P11",
        scenario(
            "open",
            professional(team="t"),
            record={"consents": [{"to": "team", "id": "t"}]},
        ),
    ),
    (
        "F50",
        scenario(
            "open",
            professional(team="t"),
            record={"consents": [{"to": "team", "id": "t"}], "teams_objected": ["t"]},
        ),
    ),
    (
        "P11",
        scenario(
            "open",
            professional(team="t"),
            record={"teams_informed": ["t"]},
            settings={"team_consent": "arr"},
        ),
    ),
    # Every column of a reader must permit; a social activity alone is one column.
    ("P11", scenario("open", professional(activity="GENR08"), record=consent())),
    (
        "F56",
        scenario("open", professional(activity="GENR08", profession="G15_60"), record=consent()),
    ),
    (
        "P11",
        scenario("open", professional(activity="GENR08", profession="R94_41"), record=consent()),
    ),
    # Emergency widens neither the grid nor a mask that the patient kept closed.
    ("F55", scenario("open", professional(), document=document(type="x"), circumstances=GLASS)),
    (
        "F51",
        scenario(
            "open",
            professional(),
            document=document(codes=["MASQUE_PS"]),
            circumstances=GLASS,
        ),
    ),
    (
        "P06",
        scenario(
            "open",
            professional(),
            document=document(codes=["MASQUE_PS"]),
            record={"emergency": {"masked": True}},
            circumstances=GLASS,
        ),
    ),
    (
        "F51",
        scenario(
            "open",
            REGULATOR,
            document=document(codes=["MASQUE_PS"]),
            record={"emergency": {"masked": False, "professionals": False}},
            circumstances=SAMU,
        ),
    ),
    # Outside reading, a mode is not looked at.
    ("P21", scenario("deposit", professional(), circumstances=SAMU)),
    # A guardian stays after the majority, a parent does not.
    (
        "P02",
        scenario("open", PARENT, record={"representatives": [{"id": "r", "role": "guardian"}]}),
    ),
    # Nobody's own target is empty.
    (
        "D00",
        scenario("manage", professional(), record=consent(), circumstances=manage("consents")),
    ),
    ("P30", scenario("mail", SYSTEM, record={"account": "not_created"})),
    (
        "P42",
        scenario(
            "notify",
            professional(),
            document=None,
            record={"treating": {"id": DOCTOR}, "account": "closed"},
            circumstances=notice("emergency_access"),
        ),
    ),
    # A representative sends nothing in the patient's own name.
    ("D00", scenario("mail", PARENT, record=OF_PARENT, circumstances=mail("patient"))),
    # An agreement begins at its first second and is over at its last (ACCESS "Time").
    ("P11", scenario("open", professional(), record=consent(**{"from": NOW}))),
    ("F50", scenario("open", professional(), record=consent(until=NOW))),
    ("F50", scenario("open", professional(), record=consent(kind="occupational"))),
    ("F50", scenario("open", professional(), record={"consents": [{"to": "team", "id": DOCTOR}]})),
    ("F44", scenario("open", professional(), record={**consent(), **blocks(**{"from": NOW})})),
    ("P11", scenario("open", professional(), record={**consent(), **blocks(**{"from": LATER})})),
    ("P11", scenario("open", professional(), record={**consent(), **blocks(OTHER, until=NOW)})),
    ("F50", scenario("open", professional(), record={**consent(), **blocks(until=NOW)})),
    (
        "F50",
        scenario(
            "open",
            professional(),
            record={**consent(), **blocks(**{"from": NOW, "until": NOW})},
        ),
    ),
    # A care team by its own agreement, which an objection ends.
    ("P11", scenario("open", IN_TEAM, record=OF_TEAM)),
    ("F50", scenario("open", professional(team="t2"), record=OF_TEAM)),
    ("F50", scenario("open", IN_TEAM, record={**OF_TEAM, "teams_objected": ["t1"]})),
    ("P11", scenario("open", IN_TEAM, record={**OF_TEAM, "teams_objected": ["t2"]})),
    # The variant that deemed an informed team authorised (RULES B5).
    ("P11", scenario("open", IN_TEAM, record=INFORMED, settings=ARR)),
    ("F50", scenario("open", IN_TEAM, record=INFORMED)),
    ("F50", scenario("open", professional(), record=INFORMED, settings=ARR)),
    ("F50", scenario("open", professional(team=""), record={"teams_informed": [""]}, settings=ARR)),
    (
        "F50",
        scenario("open", IN_TEAM, record={**INFORMED, "teams_objected": ["t1"]}, settings=ARR),
    ),
    ("F50", scenario("open", IN_TEAM, record={**INFORMED, **blocks(until=NOW)}, settings=ARR)),
    (
        "F50",
        scenario(
            "open",
            IN_TEAM,
            record={**INFORMED, **blocks(**{"from": NOW, "until": NOW})},
            settings=ARR,
        ),
    ),
    (
        "P11",
        scenario("open", IN_TEAM, record={**INFORMED, **blocks(**{"from": LATER})}, settings=ARR),
    ),
    ("P11", scenario("open", IN_TEAM, record={**INFORMED, **blocks(OTHER)}, settings=ARR)),
    # The occupational physician, by an agreement of his own kind and to himself only (I1).
    ("F43", scenario("open", AT_WORK, record={"consents": [{"to": "team", "id": DOCTOR}]})),
    ("F43", scenario("open", AT_WORK, record=consent(OTHER, kind="occupational"))),
    ("F43", scenario("open", AT_WORK, record=consent(kind="occupational", until=NOW))),
    (
        "F43",
        scenario(
            "open",
            AT_WORK,
            record=consent(kind="occupational"),
            settings={"occupational": "closed"},
        ),
    ),
    ("F43", scenario("deposit", AT_WORK)),
    ("P21", scenario("deposit", AT_WORK, record=consent(kind="occupational"))),
]
