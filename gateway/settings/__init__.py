"""gateway.toml becomes frozen settings: every key known, checked, and explained.

Nothing here opens a socket or a database; files are only looked at, to name a missing secret.
"""

from gateway.settings.addresses import Address, parse_address, parse_dmp, parse_receiver
from gateway.settings.checking.problems import Problem, SettingsError
from gateway.settings.checking.validity import out_of_date
from gateway.settings.demo import Overrides, demo_settings, override
from gateway.settings.load import load_settings, read_settings
from gateway.settings.shape import Settings

__all__ = [
    "Address",
    "Overrides",
    "Problem",
    "Settings",
    "SettingsError",
    "demo_settings",
    "load_settings",
    "out_of_date",
    "override",
    "parse_address",
    "parse_dmp",
    "parse_receiver",
    "read_settings",
]
