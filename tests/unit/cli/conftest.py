"""A configured place on each engine."""

from pathlib import Path

import pytest
from laid import init, lay
from place import Place

ENGINES = ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)]


@pytest.fixture
def sqlite_place(tmp_path: Path) -> Place:
    """A place as `gateway init` makes it where nothing is said."""
    return Place(init(tmp_path / "place"))


@pytest.fixture(params=ENGINES)
def place(request: pytest.FixtureRequest, sqlite_place: Place) -> Place:
    if request.param == "postgresql":
        url = request.getfixturevalue("postgresql_address")
        file = sqlite_place.config
        text = file.read_text().replace('# url = "sqlite:///gateway.db"', f'url = "{url}"')
        assert url in text
        file.write_text(text)
        lay(url)
    return sqlite_place
