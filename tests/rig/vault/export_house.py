"""Copies of records as tests of their pages ask for them, make them and open them."""

import io
import json
import zipfile
from dataclasses import dataclass
from typing import Any

from vault_house import PASSWORD, Browser, House, post

from gateway.flows.exporting.make import MakeExport
from gateway.records.patients.export import Export
from gateway.vault.exporting.press import FrenchPress

PATH = "/parametres/telecharger"


async def nothing() -> None:
    """Nobody else wants the task."""


async def ask(client: Browser, **fields: str) -> tuple[int, str, str]:
    return await post(client, PATH, PATH, **({"mot_de_passe": PASSWORD} | fields))


def asked(house: House) -> Export:
    (one,) = house.exports.kept.values()
    return one


async def make(house: House) -> Export:
    """As the background does of what waits."""
    rooms = house.rooms()
    assert rooms.exporting is not None
    making = MakeExport(room=rooms.exporting, press=FrenchPress())
    assert await making(asked(house), nothing)
    return asked(house)


@dataclass
class Copy:
    """A zip that was downloaded and opened."""

    whole: bytes

    def __post_init__(self) -> None:
        self.zip = zipfile.ZipFile(io.BytesIO(self.whole))
        assert self.zip.testzip() is None
        self.names = self.zip.namelist()

    @property
    def documents(self) -> list[str]:
        return [name for name in self.names if name.startswith("documents/")]

    def text(self, name: str) -> str:
        return self.zip.read(name).decode("utf-8-sig")

    def resources(self, kind: str) -> list[dict[str, Any]]:
        entries = json.loads(self.zip.read("bundle.json"))["entry"]
        found = [one["resource"] for one in entries]
        return [one for one in found if one["resourceType"] == kind]


async def copy_of(client: Browser, house: House) -> Copy:
    assert (await ask(client))[:2] == (303, PATH)
    made = await make(house)
    answer = await client.get(f"{PATH}/{made.id}")
    assert (answer.status, answer.content_type) == (200, "application/zip")
    return Copy(await answer.read())
