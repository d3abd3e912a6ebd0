"""A configured gateway signs a professional in by a certified OpenID provider."""

import asyncio
from pathlib import Path

from aiohttp import ClientSession, CookieJar
from certified_provider import BACK, SECRET, certified, through
from configured import Operator
from daemon_rig import Make

CONFIG = """
[http]
listen = "127.0.0.1:0"
[metrics]
listen = "127.0.0.1:0"
[mllp]
listen = "127.0.0.1:0"
sender = "laboratory"
[psc]
issuer = "{issuer}"
client_id = "gateway"
client_secret = "psc.secret"
redirect_uri = "{back}"
"""


async def test_a_professional_comes_in_by_the_configured_provider_only(
    tmp_path: Path, make_gateway: Make
) -> None:
    secret = tmp_path / "psc.secret"
    secret.write_text(SECRET + "\n", "utf-8")
    secret.chmod(0o600)
    async with certified() as client:
        toml = CONFIG.format(issuer=client.issuer, back=BACK)
        operator = await asyncio.to_thread(Operator(tmp_path).prepare, toml)
        await asyncio.to_thread(operator.sender, "laboratory")
        daemon = make_gateway()
        daemon.words = ["--config", str(operator.config)]
        await asyncio.to_thread(daemon.start)
        place = daemon.places["http"]
        async with ClientSession(cookie_jar=CookieJar(unsafe=True)) as browser:
            page = await (await browser.get(f"{place}/pro")).text()
            assert "Se connecter avec Pro Santé Connect" in page
            assert "jeton_demonstration" not in page
            asked = await browser.get(f"{place}/pro/psc", allow_redirects=False)
            answer = await through(asked.headers["Location"])
            page = await (await browser.get(f"{place}/pro/psc/retour", params=answer)).text()
            assert "Trouver un patient" in page
            again = await browser.get(f"{place}/pro/psc/retour", params=answer)
            assert "Trouver un patient" in await again.text()
        async with ClientSession(cookie_jar=CookieJar(unsafe=True)) as another:
            stolen = await another.get(f"{place}/pro/psc/retour", params=answer)
            assert stolen.status == 400
        log = daemon.log.read_text("utf-8")
        assert "psc.refused" in log
        assert answer["code"] not in log
        assert "899700000000" not in log
