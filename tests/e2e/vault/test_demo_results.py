"""The demo has a patient with results over time (VAULT section 10, happy path)."""

import re
from html import unescape

from daemon_rig import Daemon, Visitor


def test_rose_of_the_demo_has_one_curve_of_three_tsh(gateway: Daemon) -> None:
    rose = next(one for one in gateway.lines(login=True) if one["birth_given"] == "Rose")
    visitor = Visitor(gateway).sign_in(rose)
    listed = visitor.get("/resultats").body.decode()
    assert re.findall(r'data-id="([^"]*)" data-kind="resultat"', listed) == ["3016-3"]
    text = unescape(visitor.get("/resultats/3016-3").body.decode())
    assert (text.count("<figure"), text.count('class="at"')) == (1, 3)
    assert "Les valeurs données en mUI/L sont converties en mIU/L." in text
