"""The signed log from outside: proved offline, and a database put back shows."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import configured
from daemon_rig import Make, Visitor, eventually
from papers import number, results

ROOT = Path(__file__).resolve().parents[3]


def kit(*words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "conformance", "verify", *words]
    return subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=False)


def test_a_patient_proves_the_journal_without_the_gateway(
    make_gateway: Make, tmp_path: Path
) -> None:
    gateway = make_gateway().start()
    patient = Visitor(gateway).sign_in(gateway.lines(login=True)[0])
    assert gateway.mllp(results(gateway.person(), f"E2E{number()}")).code == "AA"
    key = patient.get("/journal/cle").body.decode().strip()
    first, second = tmp_path / "first.json", tmp_path / "second.json"
    first.write_bytes(patient.get("/historique/preuve").body)
    assert gateway.mllp(results(gateway.person(), f"E2E{number()}")).code == "AA"
    second.write_bytes(patient.get("/historique/preuve").body)
    said = kit(str(second), "--key", key, "--previous", str(first))
    assert (said.returncode, "Ce journal est valable." in said.stdout) == (0, True), said
    entries = json.loads(second.read_bytes())["entries"]
    acts = {json.loads(one["shown"])["action"] for one in entries}
    assert {"choose", "login", "deposit", "journal"} <= acts
    forged = json.loads(second.read_bytes())
    forged["entries"][0]["shown"] = forged["entries"][0]["shown"].replace("true", "false", 1)
    (tmp_path / "forged.json").write_text(json.dumps(forged), encoding="utf-8")
    assert kit(str(tmp_path / "forged.json"), "--key", key).returncode == 1
    head = eventually(lambda: patient.get("/journal/checkpoint").body.decode() or None)
    assert head.startswith(key.split("+", maxsplit=1)[0] + "\n")
    page = patient.get("/verifier").body.decode()
    assert key in page
    history = patient.get("/historique").body.decode()
    assert "Envoi automatique" in history
    assert patient.get("/historique/csv").body.startswith(b"\xef\xbb\xbfnumero,date,qui")


def test_a_database_put_back_is_named_by_verify_and_not_signed(
    make_gateway: Make, tmp_path: Path
) -> None:
    gateway = make_gateway().start()
    data = gateway.folder / "data" if (gateway.folder / "data").exists() else gateway.folder
    place = next(data.rglob("gateway.db")).parent
    assert gateway.mllp(results(gateway.person(), f"E2E{number()}")).code == "AA"
    assert gateway.stop() == 0
    assert configured.gateway("audit", "verify", "--data", str(place)).returncode == 0
    shutil.copy(place / "gateway.db", tmp_path / "yesterday.db")
    again = make_gateway(folder=gateway.folder).start()
    assert again.mllp(results(again.person(), f"E2E{number()}")).code == "AA"
    assert again.stop() == 0
    shutil.copy(tmp_path / "yesterday.db", place / "gateway.db")
    said = configured.gateway("audit", "verify", "--data", str(place))
    assert (said.returncode, "were signed, the log holds" in said.stdout) == (1, True), said
    refused = configured.gateway("audit", "checkpoint", "--data", str(place))
    assert (refused.returncode, "rolled back" in refused.stderr) == (1, True), refused
