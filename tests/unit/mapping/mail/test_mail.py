"""Which documents a mail carries, and what its own headers say of them."""

from dataclasses import replace
from email.message import EmailMessage
from email.policy import SMTP

import pytest
from mailed import CDA, NOTE, PATIENT, SUBMISSION, archive, codes, mail, understood

from gateway.mapping.mail import for_recipients
from gateway.mapping.mail.bounds import MAX_MAIL_BYTES
from gateway.records.intake.finding import Verdict
from gateway.records.intake.understanding import Format

ZIP = ("application/zip", "IHE_XDM.ZIP", archive())
PDF = ("application/pdf", "copie.pdf", b"%PDF-1.4 copy")


def test_the_archive_speaks_and_its_pdf_copy_does_not() -> None:
    answer = understood(mail(ZIP, PDF, X_MSS_CODECDA="11488-4", X_MSS_INS="O"))
    assert (answer.format, answer.verdict) == (Format.MAIL, Verdict.ACCEPT)
    assert [document.unique_id for document in answer.documents] == ["1.2.250.1.999.1.1"]
    assert answer.contents[0].body == NOTE
    assert answer.submission == SUBMISSION


@pytest.mark.parametrize("name", ["ihe_xdm.zip", "../../IHE_XDM.ZIP", "autre.zip"])
def test_the_archive_is_found_by_name_without_case_or_by_type(name: str) -> None:
    assert len(understood(mail(("application/zip", name, archive()))).documents) == 1
    octets = ("application/octet-stream", "IHE_XDM.zip", archive())
    assert len(understood(mail(octets)).documents) == 1


@pytest.mark.parametrize(
    "filename",
    [
        "=?utf-8?Q?IHE=5FXDM.ZIP?=",
        "=?UTF-8?B?SUhFX1hETS5aSVA=?=",
        "=?iso-8859-1?Q?IHE=5F?= =?iso-8859-1?Q?XDM.ZIP?=",
        "compte rendu.zip",
        "Compte-rendu né.ZIP",
    ],
)
def test_an_archive_of_no_type_is_found_however_its_name_is_written(filename: str) -> None:
    octets = mail(("application/octet-stream", "NAME", archive()))
    written = octets.replace(b'"NAME"', f'"{filename}"'.encode())
    assert f'filename="{filename}"'.encode() in written
    assert len(understood(written).documents) == 1


def test_a_name_in_encoded_words_that_cannot_be_read_is_a_name() -> None:
    octets = mail(("application/octet-stream", "NAME", archive()))
    other = mail(("application/octet-stream", "NAME", b"PK"))
    for wrong in (b"=?utf-8?B?S?=", b"=?x-none?Q?IHE=5FXDM.ZIP?=", b"=?utf-8?B?\xe9?="):
        assert understood(other.replace(b"NAME", wrong)).verdict is Verdict.HOLD
        assert len(understood(octets.replace(b"NAME", wrong)).documents) == 1


def test_a_cda_of_no_type_is_found_by_a_name_in_encoded_words() -> None:
    octets = mail(("application/octet-stream", "NAME", CDA))
    assert len(understood(octets.replace(b"NAME", b"=?utf-8?Q?CR=2Exml?=")).documents) == 1


def test_an_archive_is_taken_before_a_file_that_is_only_called_a_zip() -> None:
    images = ("application/octet-stream", "images.zip", b"PK")
    assert len(understood(mail(images, ZIP)).documents) == 1
    named = ("application/octet-stream", "autre.zip", archive())
    assert len(understood(mail(images, named)).documents) == 1
    assert codes(mail(named, named)) == {"mail-archives"}


def test_a_zip_without_metadata_hides_no_cda_and_waits_for_a_person() -> None:
    pictures = ("application/octet-stream", "photos.zip", b"PK\x03\x04photo.png")
    beside = understood(mail(pictures, ("application/xml", "cr.xml", CDA)))
    assert beside.documents == understood(mail(("application/xml", "cr.xml", CDA))).documents != ()
    alone = understood(mail(pictures))
    assert (alone.verdict, [one.code for one in alone.findings]) == (
        Verdict.HOLD,
        ["mail-no-document"],
    )


def test_an_encoding_is_known_with_blanks_around_its_name() -> None:
    raw = mail(ZIP).replace(b"Encoding: base64", b"Encoding: BASE64 ")
    assert len(understood(raw).documents) == 1


def test_one_header_that_calls_the_ins_unqualified_is_enough() -> None:
    contrary = mail(ZIP, X_MSS_INS="O").replace(b"X-MSS-INS: O", b"X-MSS-INS: O\r\nX-MSS-INS: N")
    assert understood(contrary).verdict is Verdict.HOLD


def test_an_ins_that_the_sender_calls_unqualified_holds_the_document() -> None:
    answer = understood(mail(ZIP, X_MSS_INS="N"))
    assert answer.verdict is Verdict.HOLD
    assert [finding.code for finding in answer.findings if finding.holds] == ["ins-not-qualified"]


def test_codes_that_are_not_those_of_the_documents_are_said() -> None:
    said = codes(mail(ZIP, X_MSS_CODECDA="34112-3")) - codes(mail(ZIP))
    assert said == {"mail-codes-differ"}


def test_two_archives_are_one_too_many() -> None:
    assert codes(mail(ZIP, ZIP)) == {"mail-archives"}


def test_a_mail_without_a_document_waits_for_a_person() -> None:
    answer = understood(mail())
    assert answer.verdict is Verdict.HOLD
    assert [finding.code for finding in answer.findings] == ["mail-no-document"]


def test_a_cda_attached_without_an_archive_is_a_document() -> None:
    answer = understood(mail(("application/xml", "cr.xml", CDA)))
    assert [document.unique_id for document in answer.documents] == ["1.2.250.1.999.1.2"]
    assert answer.contents[0].body == CDA
    assert answer.contents[0].piece is None


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_a_cda_attached_in_another_unicode_is_a_document(encoding: str) -> None:
    mark = "\ufeff" if encoding.startswith("utf-16-") else ""
    body = (mark + CDA.decode()).encode(encoding)
    answer = understood(mail(("application/xml", "cr.xml", body), PDF))
    assert [document.unique_id for document in answer.documents] == ["1.2.250.1.999.1.2"]
    assert answer.contents[0].body == body


def test_a_letter_in_utf_16_that_names_no_cda_is_no_document() -> None:
    letter = "<a>Bonjour</a>".encode("utf-16")
    answer = understood(mail(("application/xml", "lettre.xml", letter)))
    assert [finding.code for finding in answer.findings] == ["mail-no-document"]


def test_cdas_of_two_patients_are_refused() -> None:
    other = CDA.replace(b"255089999999966", b"279035121518989")
    raw = mail(("text/xml", "a.xml", CDA), ("text/xml", "b.xml", other))
    assert "patient-mismatch" in codes(raw)


def test_what_stands_in_an_attached_mail_is_not_this_mails() -> None:
    inner = EmailMessage(policy=SMTP)
    inner.set_content("autre")
    inner.add_attachment(archive(), maintype="application", subtype="zip", filename="IHE_XDM.ZIP")
    outer = EmailMessage(policy=SMTP)
    outer.set_content("voir ci-joint")
    outer.add_attachment(inner)
    assert understood(outer.as_bytes()).documents == ()


def test_too_many_or_too_deep_parts_are_refused() -> None:
    assert codes(mail(*[PDF] * 60)) == {"mail-parts"}
    deep = b"".join(
        b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (n, n)
        for n in range(5_000)
    )
    assert codes(deep) == {"mail-parts"}


def test_parameters_that_the_parser_stumbles_over_are_refused() -> None:
    raw = b"From: a@b.fr\r\nContent-Type: application/zip; name*=idna''%80\r\n\r\nx"
    assert codes(raw) == {"mail-malformed"}


def test_size_and_headers_are_bounded() -> None:
    assert codes(b"From: a@b.fr\r\n\r\n" + bytes(MAX_MAIL_BYTES)) == {"mail-too-big"}
    assert codes(b"X-A: b\r\n" * 1_200 + b"\r\n") == {"mail-headers"}


def test_a_mailbox_of_another_patient_is_refused() -> None:
    answer = understood(mail(ZIP))
    own = f"{PATIENT.ins}@patient.mssante.fr"
    assert for_recipients(answer, [own, "dr@chu.mssante.fr"]) == answer
    other = for_recipients(answer, ["279035121518989@patient.mssante.fr"])
    assert other.verdict is Verdict.REFUSE
    assert other.findings[-1].code == "recipient-mismatch"
    nobody = replace(answer, documents=())
    assert for_recipients(nobody, ["279035121518989@patient.mssante.fr"]) == nobody


def test_a_mail_of_more_lines_than_its_size_explains_is_refused_unread() -> None:
    assert codes(mail(ZIP) + b"\r\n" * 600_001) == {"mail-lines"}


@pytest.mark.parametrize("end", [b"\r\n", b"\n"])
def test_a_status_of_endless_groups_is_refused_unread(end: bytes) -> None:
    head = b"From: a@b.fr" + end + b"Content-Type: message/delivery-status" + end * 2
    assert codes(head + (b"Action: failed" + end * 2) * 150_000) == {"mail-lines"}
    letter = b"From: a@b.fr" + end * 2 + (b"Bonjour" + end * 2) * 10_000
    assert codes(letter) == {"mail-no-document"}
