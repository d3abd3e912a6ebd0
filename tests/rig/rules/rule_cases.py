"""One case at least for every rule of the tables of ACCESS sections 3 and 4."""

from question_builder import DOCTOR, NURSE, Json, consent, document, professional, scenario

PATIENT: Json = {"kind": "patient", "id": "p"}
PARENT: Json = {"kind": "representative", "id": "r"}
CAREGIVER: Json = {"kind": "caregiver", "id": "c"}
APP: Json = {"kind": "application", "id": "a", "scopes": ["read", "write", "sync"]}
SYSTEM: Json = {"kind": "system", "id": "s"}
OPERATOR: Json = {"kind": "operator", "id": "o"}
AUDITOR: Json = {"kind": "auditor", "id": "u"}

CHILD: Json = {"birth_date": "2015-06-01"}
OF_PARENT: Json = {**CHILD, "representatives": [{"id": "r", "role": "parent"}]}
OF_CAREGIVER: Json = {"caregivers": [{"id": "c"}]}
OF_APP: Json = {"applications": [{"id": "a", "scopes": ["read", "write", "sync"]}]}
APPS_READ: Json = {"application_reading": True}
SECRET = ["INVISIBLE_REPRESENTANTS_LEGAUX"]
WAITING = ["INVISIBLE_PATIENT"]
MINE = document(author=DOCTOR)
OWN = document(type="DOCPAT01", by_patient=True)
SAMU: Json = {"mode": "samu"}
GLASS: Json = {"mode": "bris_de_glace", "reason": "coma"}
REGULATOR = professional(centre15=True)
BLOCKED: Json = {"blocks": [{"id": DOCTOR}], **consent()}
OCCUPATIONAL = professional(function="FON-29")


def mail(origin: str, **flags: bool) -> Json:
    return {"origin": origin, "flags": flags}


def manage(what: str, **more: object) -> Json:
    return {"manage": what, **more}


def notice(kind: str, **more: object) -> Json:
    return {"notice": kind, **more}


CASES: list[tuple[str, Json]] = [
    ("F01", scenario("open", {**PATIENT, "authenticated": False})),
    ("F02", scenario("mail", {"kind": "third_party"})),
    ("F05", scenario("open", PATIENT, document=document(status="deleted"))),
    ("F06", scenario("open", PATIENT, document=document(status="held"))),
    ("F07", scenario("list", PATIENT, document=document(status="superseded"))),
    ("F08", scenario("open", professional(), document=document(status="superseded"))),
    ("F10", scenario("open", PATIENT, record={"account": "closed"})),
    ("F11", scenario("open", PATIENT, record={"account": "open"})),
    ("F12", scenario("open", PATIENT, record={"identity": "unqualified"})),
    ("F20", scenario("open", PATIENT, record=CHILD)),
    ("F21", scenario("open", PARENT, record=CHILD)),
    ("F22", scenario("open", PARENT, record={**OF_PARENT, "birth_date": "1980-01-01"})),
    ("F23", scenario("open", CAREGIVER)),
    ("F24", scenario("open", APP)),
    ("F25", scenario("open", {**APP, "scopes": ["write"]}, record=OF_APP)),
    ("F26", scenario("open", APP, record=OF_APP)),
    ("F27", scenario("open", PATIENT, document=document(codes=WAITING))),
    ("F28", scenario("open", PARENT, document=document(codes=SECRET), record=OF_PARENT)),
    (
        "F29",
        scenario(
            "open", CAREGIVER, document=document(codes=SECRET), record={**CHILD, **OF_CAREGIVER}
        ),
    ),
    (
        "F30",
        scenario(
            "mail", PATIENT, record=CHILD, circumstances=mail("sender", CONNEXION_SECRETE=True)
        ),
    ),
    ("F31", scenario("notify", PATIENT, circumstances=notice("waiting"))),
    (
        "F32",
        scenario(
            "notify",
            PATIENT,
            record={"known_readers": [DOCTOR]},
            circumstances=notice("access", actor=DOCTOR),
        ),
    ),
    ("F33", scenario("delete", PATIENT)),
    ("F34", scenario("delete", PATIENT, document=document(type="96874-3", by_patient=True))),
    ("F35", scenario("deposit", PATIENT, document=document(by_patient=True))),
    ("F36", scenario("deposit", PARENT, document=document(type="EXPPAT_3"), record=OF_PARENT)),
    ("F37", scenario("deposit", SYSTEM, document=document(type="DOCPAT01"))),
    ("F38", scenario("deposit", SYSTEM, document=document(type="REMB"))),
    ("F39", scenario("deposit", SYSTEM, record={"feeding_opposed": True})),
    ("F40", scenario("open", professional(function="FON-19"), record=consent())),
    ("F41", scenario("open", professional(activity="GENR13"), record=consent())),
    (
        "F42",
        scenario("open", professional(), record=consent(), circumstances={"in_charge": False}),
    ),
    ("F43", scenario("open", OCCUPATIONAL, record=consent())),
    ("F44", scenario("open", professional(), record=BLOCKED)),
    ("F45", scenario("open", professional(), circumstances=SAMU)),
    (
        "F46",
        scenario("open", REGULATOR, record={"emergency": {"samu": False}}, circumstances=SAMU),
    ),
    ("F47", scenario("open", professional(profession="R94_41"), circumstances=GLASS)),
    ("F48", scenario("open", professional(), circumstances={**GLASS, "reason": " \t"})),
    (
        "F49",
        scenario(
            "open",
            professional(),
            record={"emergency": {"professionals": False}},
            circumstances=GLASS,
        ),
    ),
    ("F50", scenario("open", professional())),
    (
        "F51",
        scenario("open", professional(), document=document(codes=["MASQUE_PS"]), record=consent()),
    ),
    ("F52", scenario("open", professional(), document=document(codes=["V"]), record=consent())),
    (
        "F53",
        scenario(
            "open",
            professional(activity="GENR08"),
            record=consent(),
            settings={"social_columns": "suspended"},
        ),
    ),
    ("F54", scenario("open", professional(profession="R291_99"), record=consent())),
    ("F55", scenario("open", professional(), document=document(type="new"), record=consent())),
    ("F56", scenario("open", professional(profession="G15_60"), record=consent())),
    ("F57", scenario("announce", SYSTEM)),
    ("F58", scenario("replace", SYSTEM)),
    ("F59", scenario("unmask", professional(), document=MINE)),
    ("F60", scenario("mail", SYSTEM, document=document(codes=["MASQUE_PS"]))),
    ("F61", scenario("mail", SYSTEM, document=document(codes=["R"]))),
    ("F62", scenario("mail", SYSTEM, settings={"strict_mail_matrix": True})),
    (
        "F63",
        scenario(
            "open",
            professional(),
            document=document(hides=[{"to": "profession", "id": "G15_10"}]),
            record=consent(),
        ),
    ),
    ("P01", scenario("search", PATIENT)),
    ("P02", scenario("open", PARENT, record=OF_PARENT)),
    ("P03", scenario("open", CAREGIVER, record=OF_CAREGIVER)),
    ("P04", scenario("open", APP, record=OF_APP, settings=APPS_READ)),
    ("P05", scenario("open", REGULATOR, record={"blocks": [{"id": DOCTOR}]}, circumstances=SAMU)),
    ("P06", scenario("open", professional(), circumstances=GLASS)),
    ("P07", scenario("open", OCCUPATIONAL, record=consent(kind="occupational"))),
    (
        "P08",
        scenario(
            "open",
            professional(),
            document=document(author=DOCTOR, codes=["MASQUE_PS"]),
            record=consent(),
        ),
    ),
    (
        "P09",
        scenario(
            "open",
            professional(),
            document=document(codes=["MASQUE_PS"]),
            record={**consent(), "treating": {"id": DOCTOR}},
        ),
    ),
    (
        "P10",
        scenario(
            "open",
            professional(),
            document=document(codes=["R"]),
            record={**consent(), "administrators": [{"id": DOCTOR}]},
        ),
    ),
    ("P11", scenario("open", professional(), record=consent())),
    ("P12", scenario("list", OPERATOR, document=document(status="held"))),
    (
        "P13",
        scenario("announce", professional(), document=document(codes=WAITING), record=consent()),
    ),
    ("P14", scenario("announce", SYSTEM, document=document(author="s", codes=WAITING))),
    ("P20", scenario("deposit", PATIENT, document=OWN)),
    ("P21", scenario("deposit", professional(), record=BLOCKED)),
    ("P22", scenario("deposit", SYSTEM)),
    ("P23", scenario("replace", PATIENT, document=OWN)),
    ("P24", scenario("replace", professional(), document=MINE)),
    ("P25", scenario("delete", CAREGIVER, document=OWN, record=OF_CAREGIVER)),
    ("P26", scenario("delete", professional(), document=MINE)),
    ("P27", scenario("unmask", PATIENT)),
    ("P28", scenario("mask", professional(), document=MINE)),
    ("P30", scenario("mail", SYSTEM, circumstances=mail("sender"))),
    ("P31", scenario("mail", PATIENT, circumstances=mail("gateway"))),
    ("P32", scenario("mail", PARENT, record=OF_PARENT, circumstances=mail("sender"))),
    ("P33", scenario("mail", professional(), circumstances=mail("patient"))),
    ("P34", scenario("mail", professional(), record=consent(), circumstances=mail("gateway"))),
    ("P40", scenario("notify", PATIENT, circumstances=notice("new_document"))),
    ("P41", scenario("notify", PARENT, record=OF_PARENT, circumstances=notice("opened"))),
    (
        "P42",
        scenario(
            "notify",
            professional(),
            document=None,
            record={"treating": {"id": DOCTOR}},
            circumstances=notice("emergency_access"),
        ),
    ),
    ("P50", scenario("export", PATIENT)),
    ("P51", scenario("sync", APP, document=None, record=OF_APP)),
    ("P52", scenario("trace", PATIENT, document=None)),
    ("P53", scenario("trace", AUDITOR, document=document(status="held"))),
    ("P60", scenario("manage", PATIENT, circumstances=manage("consents"))),
    (
        "P61",
        scenario(
            "manage",
            professional(),
            record={"administrators": [{"id": DOCTOR}]},
            circumstances=manage("blocks"),
        ),
    ),
    (
        "P62",
        scenario("manage", professional(), circumstances=manage("consents", target=DOCTOR)),
    ),
    (
        "P63",
        scenario(
            "manage",
            professional(),
            record=consent(),
            circumstances=manage("consents", target=NURSE),
        ),
    ),
    ("P64", scenario("manage", OPERATOR, circumstances=manage("closing"))),
    ("D00", scenario("open", SYSTEM)),
]
