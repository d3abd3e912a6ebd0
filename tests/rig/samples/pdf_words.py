"""What a reader of PDF finds on a page."""

import pypdfium2  # type: ignore[import-untyped]  # ships no types


def words_of_one_page(data: bytes) -> str:
    """All the words, in order; the file has no other page."""
    with pypdfium2.PdfDocument(data) as pdf:
        assert len(pdf) == 1
        return " ".join(pdf[0].get_textpage().get_text_bounded().split())
