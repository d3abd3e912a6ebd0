"""Tables as Chromium lays them out: a word or a number is cut on no screen that has room for it."""

from pathlib import Path
from typing import Any

import pytest
from chromium import IN_CHROMIUM, OVERFLOW

import gateway.vault

pytestmark = IN_CHROMIUM
STYLE = Path(gateway.vault.__file__).parent / "static" / "app.css"
ACT = "Vous avez donné votre accord et sa profession a accès à ce type de document. " * 3
CELLS = ["22 novembre 2026 à 18 h 04", "messagerie sécurisée", "Ordonnance", "33", ACT]
TABLE = (
    '<main class="column"><div class="scroll"><table class="rows"><tbody><tr>'
    + "".join(f'<td data-label="C">{cell}</td>' for cell in CELLS)
    + "</tr></tbody></table></div></main>"
)
CUT = """() => {
  const cut = [];
  for (const cell of document.querySelectorAll("td")) {
    const text = cell.firstChild;
    for (const word of text.data.matchAll(/\\S+/g)) {
      const range = document.createRange();
      range.setStart(text, word.index);
      range.setEnd(text, word.index + word[0].length);
      if (range.getClientRects().length > 1) cut.push(word[0]);
    }
  }
  return cut;
}"""
"""The words that stand on two lines."""


@pytest.mark.parametrize("width", [320, 768, 1280])
def test_no_word_of_a_table_is_cut(browser: Any, width: int) -> None:
    page = browser.new_page(viewport={"width": width, "height": 900})
    page.set_content(TABLE)
    page.add_style_tag(path=str(STYLE))
    assert page.evaluate(CUT) == []
    page.close()


def test_a_word_that_no_phone_has_room_for_is_cut_and_the_page_stays_as_wide(browser: Any) -> None:
    page = browser.new_page(viewport={"width": 320, "height": 900})
    page.set_content(TABLE.replace("Ordonnance", "x" * 200))
    page.add_style_tag(path=str(STYLE))
    assert page.evaluate(OVERFLOW) <= 0
    page.close()
