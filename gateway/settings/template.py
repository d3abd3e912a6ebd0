"""The gateway.toml that `gateway init` writes: every key with its help, made from the settings."""

from textwrap import wrap

from gateway.settings.explain import Explanation, explanations

HEAD = """\
# Configuration of the gateway. Every key is here; those behind a # show their default, or an
# example where there is none (`--explain KEY` names the default).
# `gateway check-config gateway.toml` names what is wrong, `--explain KEY` says what a key means.

"""
SHOWN = {
    "profile": '"test"',
    "mllp.sender": '"laboratory"',
}
OPTIONAL_TABLES = (
    *(
        "tls",
        "relay",
        "switches",
        "folder",
        "forward",
        "local_type",
        "psc",
        "application",
        "software",
    ),
)
EXAMPLES = {
    "http.tls.certificate": '"tls/server.pem"',
    "http.tls.key": '"tls/server.key"',
    "http.tls.client_ca": '"tls/clients.pem"',
    "http.address": '"https://vault.example.fr"',
    "mssante.sender_address": '"etablissement@exemple.mssante.fr"',
    "mssante.sender_domains": '["exemple.mssante.fr"]',
    "mssante.relay.address": '"127.0.0.1:25"',
    "folder.path": '"inbox"',
    "folder.sender": '"practice"',
    "sending.answers": '"mllp://127.0.0.1:2576"',
    "sending.ca": '"tls/receivers.pem"',
    "sending.certificate": '"tls/server.pem"',
    "sending.key": '"tls/server.key"',
    "forward.name": '"laboratory-system"',
    "forward.to": '"mllp://127.0.0.1:2577"',
    "forward.receiving_application": '"LIS"',
    "forward.receiving_facility": '"HOSPITAL"',
    "psc.issuer": '"https://auth.example.fr/auth/realms/esante-wallet"',
    "psc.client_id": '"passerelle"',
    "psc.client_secret": '"keys/psc.secret"',
    "psc.redirect_uri": '"https://vault.example.fr/pro/psc/retour"',
    "local_type.code": '"LAB-CR"',
    "local_type.label": '"BIOLOGIE"',
    "application.id": '"carnet"',
    "application.name": '"Mon carnet de mesures"',
    "application.publisher": '"Éditeur du carnet"',
    "understanding.helpers": "1",
    "dmp.software.sender": '"hospital"',
    "dmp.forward.name": '"dmp"',
    "dmp.forward.to": '"dmp+https://dmp.example.fr"',
    "dmp.forward.card": '"tls/server.pem"',
    "dmp.forward.card_key": '"tls/server.key"',
    "dmp.forward.structure": '"10B0000000"',
    "policy.patient_may_write": '"known"',
    "policy.rubrique_wording": '"list"',
    "access.grid": '"grid.csv"',
    "cda.xsd": '"schemas/CDA_extended.xsd"',
    "access.switches": "{}",
    "access.centre15": '["1510000011"]',
}
WIDTH = 96


def template() -> str:
    """TOML text, UTF-8: the test profile, one MLLP sender, all the rest as comments."""
    known = explanations()
    parts = [HEAD]
    parts += [
        _key(one, name=key) for key, one in known.items() if "." not in key and not one.section
    ]
    for key, one in known.items():
        if one.section:
            parts.append(_section(key, one, known))
    return "".join(parts)


def _section(key: str, one: Explanation, known: dict[str, Explanation]) -> str:
    header = f"[[{key}]]" if one.repeated and _optional(key) else f"[{key}]"
    mark = "# " if _optional(key) else ""
    start = f"{key}."
    inner = {name.removeprefix(start): one for name, one in known.items() if name.startswith(start)}
    keys = [_key(one, name=name) for name, one in inner.items() if _plain(name, one)]
    return f"{_comment(one.text)}{mark}{header}\n\n{''.join(keys)}"


def _plain(name: str, one: Explanation) -> bool:
    return "." not in name and not one.section


def _optional(key: str) -> bool:
    return key.rpartition(".")[2] in OPTIONAL_TABLES


def _key(one: Explanation, *, name: str) -> str:
    choices = f" One of: {', '.join(one.choices)}." if one.choices else ""
    shown = SHOWN.get(one.key)
    value = shown or one.default or _example(one.key)
    mark = "" if shown else "# "
    return f"{_comment(one.text + choices)}{mark}{name} = {value}\n\n"


def _example(key: str) -> str:
    """A value where there is no default; files are named as in [http.tls]."""
    if key in EXAMPLES:
        return EXAMPLES[key]
    return EXAMPLES.get(f"http.tls.{key.rpartition('.')[2]}", '"tls/authorities.pem"')


def _comment(text: str) -> str:
    return "".join(f"# {line}\n" for line in wrap(text, WIDTH))
