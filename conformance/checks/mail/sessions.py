"""The SMTP session (RFC 5321) as a hostile or clumsy client has it."""

from conformance.bench import Bench
from conformance.check import Chapter
from conformance.made.cda import paper
from conformance.made.mail import mail, written
from conformance.requirement import Level, Volet
from conformance.verdict import NotMetError, SkippedError, expect
from conformance.wire.mllp import NoAnswerError, SilentError
from conformance.wire.smtp import Said, Session, session_with

SMTP = Chapter(Volet.MAIL, "RFC 5321")
LARGE_BYTES, MANY_RECIPIENTS, MANY_COMMANDS = 60_000_000, 150, 60


def begun(bench: Bench, session: Session) -> None:
    """MAIL and RCPT for the known patient."""
    for command in (f"MAIL FROM:<{bench.mail_from}>", f"RCPT TO:<{bench.mailbox(bench.who)}>"):
        said = session.ask(command)
        expect(said.code == 250, f"{command.split(':')[0]}: {said}")


def refused_recipient(bench: Bench, address: str) -> None:
    with bench.session() as session:
        session.ask(f"MAIL FROM:<{bench.mail_from}>")
        said = session.ask(f"RCPT TO:<{address}>")
    expect(500 <= said.code < 600, said)


def content(bench: Bench, data: bytes) -> Said:
    """The reply to DATA with these very bytes."""
    with bench.session() as session:
        begun(bench, session)
        said = session.ask("DATA")
        expect(said.code == 354, said)
        return session.raw_content(data)


def plain(bench: Bench) -> bytes:
    """A mail without an archive, whose end is missing."""
    made = paper(bench.who, bench.serial)
    return written(mail(made, b"", sender=bench.mail_from, mailbox=bench.mailbox(bench.who)))


@SMTP.asks(
    "SMTP-01",
    "EHLO offers SIZE, 8BITMIME, SMTPUTF8 and PIPELINING",
    fix="Offer them: peers depend on the list.",
    source="RFC 1870, 6152, 6531, 2920",
)
def extensions(bench: Bench) -> None:
    with bench.session() as session:
        missing = {"SIZE", "8BITMIME", "SMTPUTF8", "PIPELINING"} - session.extensions.keys()
    expect(not missing, f"not offered: {sorted(missing)}")


@SMTP.asks(
    "SMTP-02",
    "Delivery notices can be asked",
    fix="Offer DSN and take RET, ENVID, NOTIFY and ORCPT.",
    source="RFC 3461; MSSanté, preuve de dépôt",
)
def notices(bench: Bench) -> None:
    with bench.session() as session:
        expect("DSN" in session.extensions, f"offered: {sorted(session.extensions)}")
        first = session.ask(f"MAIL FROM:<{bench.mail_from}> RET=HDRS ENVID=KIT1")
        second = session.ask(f"RCPT TO:<{bench.mailbox(bench.who)}> NOTIFY=SUCCESS,FAILURE")
    expect((first.code, second.code) == (250, 250), f"{first}; {second}")


@SMTP.asks(
    "SMTP-03",
    "A recipient of another domain is refused",
    fix="Relay nothing: 550 or 554 at RCPT.",
    source="RFC 5321, 7.5; MSSanté, liste blanche",
)
def relay(bench: Bench) -> None:
    refused_recipient(bench, "quelquun@exemple.test")


@SMTP.asks(
    "SMTP-04",
    "A mailbox of nobody is refused at RCPT",
    fix="550 for a patient without an open mailbox.",
    source="RFC 5321, 3.6.2; CNAM, ENS Messagerie §6",
)
def nobody(bench: Bench) -> None:
    refused_recipient(bench, bench.mailbox(bench.nobody))


@SMTP.asks(
    "SMTP-05",
    "A mailbox that is no INS is refused",
    fix="The local part is 15 characters with the right key: 550 or 553.",
    source="Référentiel socle MSSanté #2, ECO.2.2.6",
)
def no_ins(bench: Bench) -> None:
    domain = bench.target.mail_domain
    refused_recipient(bench, f"claire.durand@{domain}")
    refused_recipient(bench, f"{bench.who.ins}12345@{domain}")


@SMTP.asks(
    "SMTP-06",
    "The size is refused beforehand",
    fix="552 to MAIL with a SIZE over the limit; the session goes on.",
    source="RFC 1870, 6.1",
)
def too_large(bench: Bench) -> None:
    with bench.session() as session:
        said = session.ask(f"MAIL FROM:<{bench.mail_from}> SIZE={LARGE_BYTES}")
        expect(said.code == 552, said)
        begun(bench, session)


@SMTP.asks(
    "SMTP-07",
    "A line feed alone in the content is refused",
    fix="550 for any bare LF: it smuggles a second mail past other servers.",
    source="RFC 5321, 2.3.8",
)
def bare_line_feed(bench: Bench) -> None:
    said = content(
        bench, plain(bench).replace(b"\r\n\r\n", b"\r\n\r\nligne\nseule\r\n", 1) + b".\r\n"
    )
    expect(500 <= said.code < 600, said)


@SMTP.asks(
    "SMTP-08",
    "A carriage return alone in the content is refused",
    fix="550 for any bare CR.",
    source="RFC 5321, 2.3.8",
)
def bare_return(bench: Bench) -> None:
    said = content(
        bench, plain(bench).replace(b"\r\n\r\n", b"\r\n\r\nligne\rseule\r\n", 1) + b".\r\n"
    )
    expect(500 <= said.code < 600, said)


@SMTP.asks(
    "SMTP-09",
    "LF . LF does not end a mail",
    fix="Only CRLF . CRLF ends the content.",
    source="RFC 5321, 4.1.1.4",
)
def smuggled(bench: Bench) -> None:
    data = plain(bench) + b"\n.\nMAIL FROM:<a@exemple.test>\r\n.\r\n"
    with bench.session() as session:
        begun(bench, session)
        expect(session.ask("DATA").code == 354, "DATA is not answered 354")
        said = session.raw_content(data)
        expect(500 <= said.code < 600, said)
        try:
            after = session.ask("NOOP")
        except NoAnswerError:
            return
    expect(after.lines != said.lines and after.code in (250, 421), f"a second reply: {after}")


@SMTP.asks(
    "SMTP-10",
    "A NUL in the content is refused",
    fix="550: text has no NUL.",
    source="RFC 5321, 2.3.8 and 4.5.3.1",
)
def nul(bench: Bench) -> None:
    said = content(bench, plain(bench).replace(b"fictif", b"fic\0tif", 1) + b".\r\n")
    expect(500 <= said.code < 600, said)


@SMTP.asks(
    "SMTP-11",
    "Too many recipients get 452",
    fix="452 after 100 recipients: the client sends the others again.",
    source="RFC 5321, 4.5.3.1.8",
    level=Level.SHOULD,
)
def many_recipients(bench: Bench) -> None:
    with bench.session() as session:
        session.ask(f"MAIL FROM:<{bench.mail_from}>")
        mailbox = bench.mailbox(bench.who)
        codes = {session.ask(f"RCPT TO:<{mailbox}>").code for _ in range(MANY_RECIPIENTS)}
    expect(bool({452, 552} & codes), f"codes of {MANY_RECIPIENTS} RCPT: {sorted(codes)}")


@SMTP.asks(
    "SMTP-12",
    "VRFY and EXPN tell nobody's mailbox",
    fix="Answer 502 or 252, the same for all.",
    source="RFC 5321, 7.3",
)
def verify(bench: Bench) -> None:
    with bench.session() as session:
        known = session.ask(f"VRFY {bench.mailbox(bench.who)}")
        unknown = session.ask(f"VRFY {bench.mailbox(bench.nobody)}")
        expanded = session.ask("EXPN tous")
    expect(known.code == unknown.code and known.code in (252, 502), f"{known}; {unknown}")
    expect(expanded.code >= 250 and expanded.code != 250, expanded)


@SMTP.asks(
    "SMTP-13",
    "A client that talks nonsense is cut off",
    fix="Close after a few unknown commands.",
    level=Level.SHOULD,
    source="RFC 5321, 7.8",
)
def nonsense(bench: Bench) -> None:
    with bench.session() as session:
        try:
            for _ in range(MANY_COMMANDS):
                if session.ask("RIEN").code == 421:
                    return
        except SilentError:
            raise
        except NoAnswerError:
            return
    raise NotMetError(f"still there after {MANY_COMMANDS} unknown commands")


@SMTP.asks(
    "SMTP-14",
    "HTTP on the port is cut off",
    fix="Close on a command that begins a request of HTTP.",
    level=Level.SHOULD,
    source="RFC 5321, 7.8; OWASP, cross-protocol attacks",
)
def web(bench: Bench) -> None:
    with bench.session() as session:
        try:
            session.send(b"POST / HTTP/1.1\r\nHost: exemple.test\r\n\r\n")
            for _ in range(6):
                if session.reply().code in (221, 421):
                    return
        except SilentError:
            raise NotMetError("the session goes on") from None
        except NoAnswerError:
            return
    raise NotMetError("the session goes on")


@SMTP.asks(
    "SMTP-15",
    "Passwords are not taken without TLS",
    fix="Offer AUTH inside TLS only, and not between operators.",
    source="RFC 4954, 4; Référentiel socle MSSanté #2, CONF.05",
)
def no_password(bench: Bench) -> None:
    if bench.target.smtp and bench.target.smtp.tls:
        raise SkippedError("the session is inside TLS")
    with bench.session() as session:
        expect("AUTH" not in session.extensions, "AUTH is offered in clear text")


@SMTP.asks(
    "SMTP-16",
    "Commands in a wrong order are refused",
    fix="503 to RCPT before MAIL, and to DATA before RCPT.",
    source="RFC 5321, 4.1.4",
)
def wrong_order(bench: Bench) -> None:
    with bench.session() as session:
        first = session.ask(f"RCPT TO:<{bench.mailbox(bench.who)}>")
        second = session.ask("DATA")
    expect(first.code == 503 and second.code in (503, 554), f"{first}; {second}")


@SMTP.asks(
    "SMTP-17",
    "MAIL before STARTTLS is refused",
    fix="530 5.7.0: outside tests nothing travels in clear text.",
    source="Référentiel socle MSSanté #2, CONF.01; RFC 3207, 4",
)
def tls_first(bench: Bench) -> None:
    where = bench.target.smtp
    if where is None or not where.tls:
        raise SkippedError("no SMTP door with TLS was given (--smtp smtps://…)")
    with session_with(where, bench.target.timeout, None) as session:
        session.hello()
        said = session.ask(f"MAIL FROM:<{bench.mail_from}>")
    expect(said.code == 530, said)
