"""A right PDF of one page and one line."""

OBJECTS = (
    b"<< /Type /Catalog /Pages 2 0 R >>",
    b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
    b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R"
    b" /Resources << /Font << /F1 5 0 R >> >> >>",
    b"",
    b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
)


def pdf(line: str, *, padding: int = 0) -> bytes:
    """`line` is ASCII without brackets; `padding` adds so many bytes of comment."""
    content = b"BT /F1 12 Tf 40 780 Td (" + line.encode("ascii") + b") Tj ET"
    stream = b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content)
    out, places = b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n", []
    if padding:
        out += b"%" + b"x" * padding + b"\n"
    for number, body in enumerate(OBJECTS, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body or stream)
    start = len(out)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    tail = b"trailer\n<< /Size 6 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % start
    return out + b"xref\n0 6\n0000000000 65535 f \n" + table + tail
