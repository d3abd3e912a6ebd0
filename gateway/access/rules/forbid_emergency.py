"""Forbid rules about emergency readings: SAMU and bris de glace (ACCESS F45 to F49)."""

from gateway.access.question import READ, Question, regulates
from gateway.access.rules.rule import PRO, Rule
from gateway.records.readers.access import Mode

SAMU, BREAK_GLASS = Mode.SAMU, Mode.BRIS_DE_GLACE


def in_mode(q: Question, mode: Mode) -> bool:
    return q.circumstances.mode is mode


def is_health_professional(q: Question) -> bool:
    return (q.reader.profession or "").startswith(("G15_", "G16_"))


def has_reason(q: Question) -> bool:
    return bool((q.circumstances.reason or "").strip())


RULES = (
    Rule(
        "F45",
        PRO,
        READ,
        lambda q: in_mode(q, SAMU) and not regulates(q.reader),
        "Ce mode est réservé au médecin régulateur du SAMU.",
        "E2",
        of_plain=False,
    ),
    Rule(
        "F46",
        PRO,
        READ,
        lambda q: in_mode(q, SAMU) and not q.record.emergency.samu,
        "Vous avez refusé l'accès du SAMU.",
        "E2 E5",
        of_plain=False,
    ),
    Rule(
        "F47",
        PRO,
        READ,
        lambda q: in_mode(q, BREAK_GLASS) and not is_health_professional(q),
        "Ce mode est réservé aux professionnels de santé.",
        "E1",
        of_plain=False,
    ),
    Rule(
        "F48",
        PRO,
        READ,
        lambda q: in_mode(q, BREAK_GLASS) and not has_reason(q),
        "L'accès en urgence exige un motif.",
        "E1",
        of_plain=False,
    ),
    Rule(
        "F49",
        PRO,
        READ,
        lambda q: in_mode(q, BREAK_GLASS) and not q.record.emergency.professionals,
        "Vous avez refusé l'accès en urgence.",
        "E1 E5",
        of_plain=False,
    ),
)
