"""Questions at the borders of the rules of ACCESS, with the rule that answers each."""

from question_builder import DOCTOR, Json, consent, document, professional, scenario
from rule_cases import GLASS, OF_PARENT, PARENT, REGULATOR, SAMU, SYSTEM, mail, manage, notice

BORDERS: list[tuple[str, Json]] = [
    # A depositor is nobody's patient, and an empty name equals nothing.
    ("F58", scenario("replace", {**SYSTEM, "id": ""}, document=document(author=""))),
    ("F58", scenario("delete", SYSTEM, document=document(author="s", by_patient=True))),
    (
        "P26",
        scenario("delete", {**SYSTEM, "organisation": "1"}, document=document(organisation="1")),
    ),
    ("F50", scenario("open", professional(id=""), record=consent(""))),
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
]
