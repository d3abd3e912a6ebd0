"""What a mail says to a patient: as text, whatever it was made to be (VAULT MSG-02, MSG-09)."""

from email.message import EmailMessage
from email.policy import SMTP

import pytest
from mailed import archive, mail, understood

from gateway.mapping.mail.html_text import text_of_html
from gateway.mapping.mail.letter import MAX_TEXT, attached_in, plain_subject
from gateway.records.correspondence.letter import Letter

PDF = b"%PDF-1.4\n1 0 obj\n<</Type/Catalog/OpenAction<</S/JavaScript/JS(app.alert(1))>>>>\nendobj\n"


def letter(raw: bytes) -> Letter:
    found = understood(raw).letter
    assert found is not None
    return found


def written(*headers: str, body: str = "Bonjour") -> bytes:
    head = ["From: Roux <roux@demo.mssante.fr>", *headers]
    return "\r\n".join([*head, "", body, ""]).encode()


def test_a_mail_says_who_wrote_what_and_to_whom_it_is_answered() -> None:
    found = letter(
        written(
            "Subject: =?utf-8?q?XDM/1=2E0/DDM+CR_d=27=C3=A9chographie?=",
            "Reply-To: secretariat@demo.mssante.fr",
            "Message-ID: <m3@demo.mssante.fr>",
            "In-Reply-To: <m2@demo.mssante.fr>",
            "References: <m1@demo.mssante.fr>",
            "\t<m2@demo.mssante.fr>",
            "Disposition-Notification-To: roux@demo.mssante.fr",
        )
    )
    assert (found.subject, found.text) == ("CR d'échographie", "Bonjour")
    assert (found.sender, found.display) == ("roux@demo.mssante.fr", "Roux")
    assert found.answer_to == "secretariat@demo.mssante.fr"
    assert (found.message_id, found.receipt_to) == ("m3@demo.mssante.fr", "roux@demo.mssante.fr")
    assert found.answers == ("m2@demo.mssante.fr", "m1@demo.mssante.fr")
    assert not found.is_last


@pytest.mark.parametrize("header", ["X-MSS-MES: FIN", "X-MSS-MES:  fin ", "Subject: [FIN] Suivi"])
def test_a_professional_ends_an_exchange_by_header_or_subject(header: str) -> None:
    assert letter(written(header)).is_last
    assert letter(written(header)).subject in ("", "Suivi")


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ('"Dr_Hélène_ROUX_Cabinet des Tilleuls"', "Dr Hélène ROUX Cabinet des Tilleuls"),
        ("=?utf-8?q?eve=40evil=2Efr=2C_Lou?=", "eve@evil.fr, Lou"),
        ('"a_b@evil.fr"', "a_b@evil.fr"),
    ],
)
def test_a_display_name_is_words_and_never_an_address(name: str, shown: str) -> None:
    raw = f"From: {name} <roux@demo.mssante.fr>\r\nSubject: a\r\n\r\nBonjour\r\n".encode()
    assert (letter(raw).display, letter(raw).sender) == (shown, "roux@demo.mssante.fr")


def test_a_line_break_in_an_encoded_subject_stays_in_one_line() -> None:
    found = letter(written("Subject: =?utf-8?b?QQ0KQmNjOiBldmVAZXZpbC5mcg0KDQpC?="))
    assert found.subject == "A Bcc: eve@evil.fr B"


def test_html_is_shown_as_text_with_its_links_in_full_and_nothing_that_runs() -> None:
    html = (
        "<html><head><title>x</title><style>p{}</style></head><body><p>Bonjour&nbsp;Claire</p>"
        '<script>alert("</p>")</script><img src="https://evil.fr/p.png" alt="logo">'
        '<a href="https://evil.fr/?a=1&amp;b=2">votre espace</a><br>Fin</body></html>'
    )
    made = EmailMessage(policy=SMTP)
    made["From"] = "roux@demo.mssante.fr"
    made.set_content(html, subtype="html")
    text = letter(made.as_bytes()).text
    assert text == "Bonjour\xa0Claire\nvotre espace <https://evil.fr/?a=1&b=2>\nFin"
    assert letter(made.as_bytes()).attached == ()


def test_of_two_forms_the_plain_one_is_shown() -> None:
    made = EmailMessage(policy=SMTP)
    made["From"] = "roux@demo.mssante.fr"
    made.set_content("En clair")
    made.add_alternative("<p>En <b>HTML</b></p>", subtype="html")
    assert letter(made.as_bytes()).text == "En clair"


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("a<b", "a"),
        ("<!-- never ended", ""),
        ("<script>x", ""),
        ("<a href='x y'>z", "z <xy>"),
        ("1 < 2 && 3 &gt; 2", "1 < 2 && 3 > 2"),
        ("<div>" * 30_000 + "au fond", "au fond"),
        ("<a href=b " * 20_000, "<b>"),
        ("İİİİ<style>p{}</STYLE>Bonjour", "İİİİBonjour"),
    ],
)
def test_html_that_is_none_is_read_to_its_end(html: str, text: str) -> None:
    assert text_of_html(html)[:20] == text


def test_marks_that_turn_a_text_around_and_controls_are_left_out() -> None:
    body = "voici \u202egnp.exe\u202c\x07 fin"
    raw = written("Content-Type: text/plain; charset=utf-8", body=body)
    assert letter(raw).text == "voici gnp.exe fin"


@pytest.mark.parametrize("charset", ["iso-8859-1", "no-such-charset", '"'])
def test_a_text_is_read_in_its_charset_or_in_one_that_takes_all(charset: str) -> None:
    head = f"From: a@demo.mssante.fr\r\nContent-Type: text/plain; charset={charset}\r\n\r\n"
    assert letter(head.encode() + "été".encode("iso-8859-1")).text == "été"


@pytest.mark.parametrize("charset", ["punycode", "PUNYCODE", "idna"])
def test_a_charset_that_takes_the_square_of_a_text_is_none(charset: str) -> None:
    """2 MB of it took hours."""
    head = f"From: a@demo.mssante.fr\r\nContent-Type: text/plain; charset={charset}\r\n"
    body = "-" + "b" * 100
    found = letter(f"{head}Subject: =?{charset}?q?a-b?=\r\n\r\n{body}".encode())
    assert (found.subject, found.text) == (f"=?{charset}?q?a-b?=", body)


def test_a_text_beyond_all_measure_is_cut_and_says_so() -> None:
    text = letter(written(body="a" * 70 + "\r\n" + ("b" * 70 + "\r\n") * 1_000)).text
    assert (len(text), text[-3:]) == (MAX_TEXT + 4, "[…]")


def test_an_active_pdf_is_named_with_its_reason_and_the_rest_stays() -> None:
    raw = mail(("application/pdf", "piege.pdf", PDF), ("image/png", "a.png", b"\x89PNG\r\n\x1a\n0"))
    active, picture = letter(raw).attached
    assert (active.name, active.refused) == ("piege.pdf", "active-content")
    assert (picture.name, picture.refused, picture.size) == ("a.png", None, 9)
    assert letter(raw).text == "Bonjour"
    part = attached_in(raw, picture.place)
    assert part is not None
    assert part.body == b"\x89PNG\r\n\x1a\n0"
    assert attached_in(raw, 99) is None


@pytest.mark.parametrize(
    ("kind", "name"),
    [("text/html", "a.html"), ("image/svg+xml", "a.svg"), ("image/png", "a.png")],
)
def test_a_file_that_a_browser_could_run_is_kept_back(kind: str, name: str) -> None:
    raw = mail((kind, name, b"<html><script>1</script>"))
    assert [(one.name, bool(one.refused)) for one in letter(raw).attached] == [(name, True)]


def test_what_files_itself_is_no_attachment() -> None:
    raw = mail(("application/zip", "IHE_XDM.ZIP", archive()), ("text/plain", "b.txt", b"plus"))
    assert [one.name for one in letter(raw).attached] == ["b.txt"]


@pytest.mark.parametrize(
    ("subject", "plain"),
    [("Re: RE : Tr: Suivi", "Suivi"), ("Suivi re: genou", "Suivi re: genou"), ("re:", "")],
)
def test_marks_of_an_answer_are_no_part_of_a_subject(subject: str, plain: str) -> None:
    assert plain_subject(subject) == plain


def test_a_mail_of_nobody_says_nothing() -> None:
    assert understood(b"Subject: a\r\n\r\nBonjour\r\n").letter is None


@pytest.mark.parametrize("charset", ["unicode_escape", "utf-7", "utf-16"])
def test_what_cannot_be_written_is_no_part_of_a_text(charset: str) -> None:
    head = f"From: a@demo.mssante.fr\r\nContent-Type: text/plain; charset={charset}\r\n\r\n"
    letter(head.encode() + b"a\\ud800b +2AA-").text.encode()
