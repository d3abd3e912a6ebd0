"""What a configuration is refused for: the keys at fault and what is said of each."""

from pathlib import Path

from gateway.settings import SettingsError, load_settings


def keys_at_fault(folder: Path, text: str) -> dict[str, str]:
    (folder / "keys").mkdir(exist_ok=True)
    file = folder / "gateway.toml"
    file.write_text(text, encoding="utf-8")
    try:
        load_settings(file)
    except SettingsError as error:
        return {problem.key: problem.message for problem in error.problems}
    return {}
