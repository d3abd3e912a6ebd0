"""A whole demo: an operator follows what came, from the counts to one message, without contents."""

import html
import io
import re
import zipfile
from urllib.parse import urlencode

import pytest
from daemon_rig import Daemon, Make, Visitor
from desk_rig import Agent
from papers import Person, Report, archive, mdm, number, report, results

SECRET = "Titre que personne au bureau ne lit"


@pytest.fixture
def demo(make_gateway: Make) -> Daemon:
    return make_gateway().start()


def page(agent: Agent, path: str) -> str:
    reply = agent.get(path)
    assert reply.status == 200, (path, reply.body[:2_000])
    return html.unescape(reply.body.decode())


def listed(text: str) -> list[str]:
    return re.findall(r'data-kind="message" data-id="([0-9a-f]{32})"', text)


def counts(text: str) -> dict[str, int]:
    found = re.findall(r'data-kind="compte" data-id="(\w+)" data-state="(\d+)"', text)
    return {name: int(count) for name, count in found}


def held(demo: Daemon, what: Report) -> str:
    """Under a local identifier that nobody knows."""
    ins = f'<id root="{what.who.oid}" extension="{what.who.ins}"/>'
    local = f'<id root="1.2.250.1.999.31" extension="IPP{number()}"/>'
    reply = demo.post(what.document().replace(ins.encode(), local.encode()))
    assert reply.json["verdict"] == "hold", reply.body
    return str(reply.json["receipt"])


def test_an_operator_walks_from_the_counts_to_the_messages_counted(demo: Daemon) -> None:
    who = Person.of(demo.lines(login=True)[0])
    agent = Agent(demo).sign_in()
    before = counts(page(agent, "/desk/flux?periode=24h"))
    sent = {
        "accepte": str(demo.post(report(who).document()).json["receipt"]),
        "attente": held(demo, report(who)),
        "refuse": str(demo.post(b"<ClinicalDocument/>").json["receipt"]),
    }
    text = page(agent, "/desk/flux?periode=24h")
    after = counts(text)
    grown = {name: count - before.get(name, 0) for name, count in after.items()}
    assert grown == {"recus": 3, "accepte": 1, "attente": 1, "refuse": 1}
    for verdict, receipt in sent.items():
        (link,) = re.findall(rf'data-id="{verdict}"[^>]*><a href="([^"]+)"', text)
        found = page(agent, link)
        assert receipt in listed(found)
        assert len(listed(found)) == after[verdict]
    one = page(agent, f"/desk/messages/{sent['refuse']}")
    assert "Refusé : rien n'a été rangé." in one
    assert 'data-kind="constat"' in one


def test_a_message_is_found_by_what_its_sender_calls_it(demo: Daemon) -> None:
    what = report(demo.person(), title=SECRET)
    filed = str(demo.post(what.document()).json["receipt"])
    control = f"CTRL{number()}"
    assert demo.mllp(mdm(report(demo.person()), control)).code == "AA"
    agent = Agent(demo).sign_in()
    (mine,) = listed(page(agent, f"/desk/messages?{urlencode({'controle': control})}"))
    by_document = page(agent, f"/desk/messages?{urlencode({'unique': what.id})}")
    assert listed(by_document) == [filed]
    shown = page(agent, f"/desk/messages/{filed}")
    assert "Accepté : 1 document rangé." in shown
    assert what.id in shown
    assert "Rangé et confirmé" in shown
    of_mllp = page(agent, f"/desk/messages/{mine}")
    assert "MSA-1 = AA" in of_mllp
    assert f"MSA-2 = {control}" in of_mllp


def test_no_page_of_messages_holds_content_title_label_or_trait(demo: Daemon) -> None:
    line = demo.lines(login=True)[0]
    who = Person.of(line)
    receipts = [
        str(demo.post(report(who, title=SECRET).document()).json["receipt"]),
        held(demo, report(who, title=SECRET)),
    ]
    assert demo.mllp(results(who, f"CTRL{number()}")).code in ("AA", "AE")
    agent = Agent(demo).sign_in()
    paths = ["/desk/flux", "/desk/messages", "/desk/messages?verdict=accepte"]
    every = listed(page(agent, "/desk/messages"))
    assert set(receipts) <= set(every)
    private = [SECRET, "Résultats de biologie", "BIOLOGIE", "CPT_REND", line["ins"]]
    private += [line["birth_family"], line["birth_date"], line["birth_date"].replace("-", "")]
    paths += [f"/desk/messages/{one}" for one in every]
    links = [
        re.findall(r'href="(/desk/messages/[0-9a-f]{32}/\w+)"', page(agent, one)) for one in paths
    ]
    paths += {link for found in links for link in found}
    assert {path.rpartition("/")[2] for path in paths} >= {"rejouer", "segments"}
    for path in paths:
        text = page(agent, path)
        assert [one for one in private if one.lower() in text.lower()] == [], path


def test_its_patient_reads_that_a_message_was_looked_at_and_by_whom(demo: Daemon) -> None:
    line = demo.lines(login=True)[0]
    receipt = demo.post(report(Person.of(line)).document()).json["receipt"]
    page(Agent(demo).sign_in(), f"/desk/messages/{receipt}")
    history = html.unescape(Visitor(demo).sign_in(line).get("/historique").body.decode())
    assert "a regardé ce qu'est devenu un message, sans son contenu" in history
    assert "Le support suit les messages sans voir leur contenu." in history
    assert "3422, agent 101" in history
    assert "Camille" not in history
    journal = Agent(demo).sign_in(demo.demo["auditors"][0]).get("/desk/journal?acte=messages")
    assert journal.status == 200


def test_a_message_that_waited_for_its_identity_tells_both_hours(demo: Daemon) -> None:
    what = report(demo.person())
    receipt = held(demo, what)
    agent = Agent(demo).sign_in()
    assert "Voir ce qui le retient" in page(agent, f"/desk/messages/{receipt}")
    assert agent.wind("PT3H").status == 303
    first, second = (Agent(demo).sign_in(one) for one in demo.demo["operators"])
    place = f"/desk/identites/{receipt}"
    form = page(first, place)
    (key,) = re.findall(r'data-kind="candidat" data-id="([0-9a-f]+)"', form)[:1]
    codes = [("constat", one) for one in re.findall(r'name="constat" value="([^"]+)"', form)]
    fields = [("acte", "qualify"), ("candidat", key), ("motif", "carte vue"), *codes]
    assert first.fill_all(place, f"{place}/rattacher", fields).status == 303
    waiting = page(second, "/desk/a-valider")
    (proposal,) = re.findall(r'data-kind="proposition" data-id="([0-9a-f]+)"', waiting)
    there = f"/desk/a-valider/{proposal}"
    assert second.fill(there, f"{there}/valider").status == 303
    shown = page(second, f"/desk/messages/{receipt}")
    assert re.search(r"Rangé, 3\s+h\s+\d\d plus tard\.", shown), shown
    assert re.search(r'data-label="Délai">3\s+h', page(second, f"/desk/messages?recu={receipt}"))


def renamed(what: Report, name: str) -> bytes:
    """Its archive, where the file is called so and METADATA tells another unique id."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(archive(what))) as old, zipfile.ZipFile(made, "w") as new:
        for one in old.infolist():
            body = old.read(one)
            if one.filename.endswith("METADATA.XML"):
                body = body.replace(b"DOC0001.XML", name.encode())
                body = body.replace(f'value="{what.id}"'.encode(), f'value="{what.id}.5"'.encode())
            new.writestr(one.filename.replace("DOC0001.XML", name), body)
    return made.getvalue()


def test_a_file_that_its_sender_named_after_a_patient_names_nobody_here(demo: Daemon) -> None:
    who = demo.person()
    name = f"{who.family} {who.given}.XML"
    reply = demo.post(renamed(report(who), name), "application/zip")
    assert reply.json["verdict"] == "hold", reply.body
    assert name in reply.body.decode()
    agent = Agent(demo).sign_in()
    for place in ("/desk/messages", "/desk/identites"):
        text = page(agent, f"{place}/{reply.json['receipt']}")
        assert "●●●.XML: uniqueId" in text
        assert who.family not in text


def test_nobody_but_the_technical_role_follows_messages(demo: Daemon) -> None:
    receipt = demo.post(report(demo.person()).document()).json["receipt"]
    auditor = Agent(demo).sign_in(demo.demo["auditors"][0])
    for path in ("/desk/flux", "/desk/messages", f"/desk/messages/{receipt}"):
        reply = auditor.get(path)
        assert (reply.status, 'data-refusal="role"' in reply.body.decode()) == (403, True)
        patient = Visitor(demo).sign_in(demo.lines(login=True)[0])
        assert patient.get(path).headers["location"] == "/desk"
    agent = Agent(demo).sign_in()
    assert agent.get(f"/desk/messages/{'0' * 32}").status == 404
    assert agent.get("/desk/messages?du=31%2F02%2F2026").status == 422


def test_a_message_read_again_by_the_same_version_has_nothing_to_apply(demo: Daemon) -> None:
    agent, who = Agent(demo).sign_in(), Person.of(demo.lines(login=True)[0])
    filed = str(demo.post(report(who).document()).json["receipt"])
    place = f"/desk/messages/{filed}"
    assert f'href="{place}/rejouer"' in page(agent, place)
    assert "Compris aujourd'hui comme alors" in page(agent, f"{place}/rejouer")
    waiting = held(demo, report(who))
    assert agent.get(f"/desk/messages/{waiting}/rejouer").status == 409
    assert "/rejouer" not in page(agent, f"/desk/messages/{waiting}")


def test_the_segments_of_a_message_are_named_and_masked_and_go_on_page_by_page(
    demo: Daemon,
) -> None:
    agent, line = Agent(demo).sign_in(), demo.lines(login=True)[0]
    who, control = Person.of(line), f"CTRL{number()}"
    assert demo.mllp(results(who, control)).code == "AA"
    (receipt,) = listed(page(agent, f"/desk/messages?{urlencode({'controle': control})}"))
    text = page(agent, f"/desk/messages/{receipt}/segments")
    assert re.findall(r'data-kind="segment" data-id="1" data-state="(\w+)"', text) == ["MSH"]
    assert "Patient identifier list" in text
    assert control in text
    assert "<code>●●●^^^" in text
    assert agent.get(f"/desk/messages/{receipt}/segments?page=99").status == 200
    cda = str(demo.post(report(who).document()).json["receipt"])
    assert agent.get(f"/desk/messages/{cda}/segments").status == 404
    assert "/segments" not in page(agent, f"/desk/messages/{cda}")
