"""ADDRESS:PORT, as a listener and the command line write it."""

import ipaddress
import re
from dataclasses import dataclass, field
from urllib.parse import urlsplit

SHAPE = re.compile(r"(?:\[(?P<six>[0-9A-Fa-f:.]+)\]|(?P<host>[^\s:\[\]]+)):(?P<port>[0-9]{1,5})")
OWN = re.compile(r"https?://(?:[A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\])(?::[0-9]{1,5})?")
LAST_PORT = 65535
MLLP_SCHEMES = ("mllp", "mllps")
DMP_SCHEMES = ("dmp+http", "dmp+https")
Place = ipaddress.IPv4Address | ipaddress.IPv6Address | str
LOOPBACKS = (ipaddress.IPv4Address("127.0.0.1"), ipaddress.IPv6Address("::1"))


@dataclass(frozen=True, slots=True)
class Address:
    """Where to listen or connect. Port 0 asks the system for a free one.

    With `gives_way` a taken port is replaced by a free one (the demo's defaults only).
    """

    host: str
    port: int
    gives_way: bool = field(default=False, compare=False)

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{host}:{self.port}"

    @property
    def is_loopback(self) -> bool:
        """Whether only this machine can reach it."""
        try:
            return ipaddress.ip_address(self.host).is_loopback
        except ValueError:
            return self.host == "localhost"

    def meets(self, other: "Address") -> bool:
        """Whether one caller may reach both: at one port, one address or every one of its kind.

        A name other than localhost is known by its letters alone.
        """
        if self.port != other.port or not self.port:
            return False
        mine, theirs = _places(self.host), _places(other.host)
        return any(_overlap(one, each) for one in mine for each in theirs)


def _places(host: str) -> tuple[Place, ...]:
    try:
        return (ipaddress.ip_address(host),)
    except ValueError:
        return LOOPBACKS if host.lower() == "localhost" else (host.lower(),)


def _overlap(one: Place, other: Place) -> bool:
    if isinstance(one, str) or isinstance(other, str):
        return one == other
    every = one.is_unspecified or other.is_unspecified
    return one == other or (every and one.version == other.version)


def parse_address(text: str) -> Address:
    """Reads "127.0.0.1:2575", "localhost:0" or "[::1]:2575"; ValueError says what to write."""
    found = SHAPE.fullmatch(text.strip())
    if found is None or int(found["port"]) > LAST_PORT:
        raise ValueError(f"write ADDRESS:PORT with a port of 0 to {LAST_PORT}, as 127.0.0.1:2575")
    six = found["six"]
    if six is not None:
        _check_ipv6(six)
    return Address(six or found["host"], int(found["port"]))


def _check_ipv6(text: str) -> None:
    try:
        ipaddress.IPv6Address(text)
    except ValueError:
        raise ValueError("between brackets stands an IPv6 address, as [::1]:2575") from None


@dataclass(frozen=True, slots=True)
class ReceiverAddress:
    """Somebody's MLLP listener; `tls` says that it is spoken to inside TLS."""

    address: Address
    tls: bool = False


def parse_receiver(text: str) -> ReceiverAddress:
    """Reads "mllp://127.0.0.1:2575" or "mllps://lis.exemple:2575"; ValueError says what to
    write."""
    scheme, _, rest = text.strip().partition("://")
    if scheme not in MLLP_SCHEMES:
        raise ValueError("write mllp://HOST:PORT, or mllps://HOST:PORT for TLS")
    address = parse_address(rest.rstrip("/"))
    if address.port == 0:
        raise ValueError("a receiver has a port of 1 to 65535")
    return ReceiverAddress(address, tls=scheme == "mllps")


@dataclass(frozen=True, slots=True)
class DmpAddress:
    """A DMP's host; `services` is the address before the name of a service, "" of its own path
    where it stands at the DMP's usual one."""

    services: str
    path: str
    tls: bool
    is_loopback: bool


def parse_dmp(text: str) -> DmpAddress:
    """Reads "dmp+https://dmp.exemple" or "dmp+http://127.0.0.1:8080/path"; ValueError says what to
    write."""
    where = urlsplit(text.strip())
    if where.scheme not in DMP_SCHEMES or not where.hostname:
        raise ValueError("write dmp+https://HOST, with the path of its services if it has one")
    if where.query or where.fragment or where.username is not None or where.port == 0:
        raise ValueError("an address of a DMP is a host, a port and a path, nothing more")
    services = text.strip().removeprefix("dmp+").rstrip("/")
    place = Address(where.hostname, where.port or 443)
    return DmpAddress(
        services, where.path.rstrip("/"), where.scheme == "dmp+https", place.is_loopback
    )


def read_own(value: object) -> str:
    """The address of our own pages, as "https://coffre.exemple" or "http://localhost:8080", without
    a slash at its end; "" for none. ValueError says what to write."""
    said = value.strip().rstrip("/") if isinstance(value, str) else "?"
    where = urlsplit(said)
    place = Address(where.hostname or "", where.port or 443)
    is_safe = where.scheme == "https" or (where.scheme == "http" and place.is_loopback)
    if said and (not is_safe or not OWN.fullmatch(said)):
        raise ValueError("write https://HOST alone (http on this machine only), or nothing")
    return said


def read_dmp(value: object) -> str:
    """The address as written, once it can be read."""
    if not isinstance(value, str):
        raise ValueError("write dmp+https://HOST between quotes")  # noqa: TRY004 - pydantic reports ValueError only
    parse_dmp(value)
    return value.strip()


def read_receiver(value: object) -> str:
    """The address as written, once it can be read."""
    if not isinstance(value, str):
        raise ValueError("write mllp://HOST:PORT between quotes")  # noqa: TRY004 - pydantic reports ValueError only
    parse_receiver(value)
    return value.strip()
