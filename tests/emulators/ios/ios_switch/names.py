"""Names of interfaces and addresses, as IOS writes and reads them."""
import re

# full name, short name as in the tables of `show`
TYPES = [("Ethernet", "Et"), ("FastEthernet", "Fa"), ("GigabitEthernet", "Gi"), ("TenGigabitEthernet", "Te"),
         ("TwentyFiveGigE", "Twe"), ("Port-channel", "Po"), ("Vlan", "Vl"), ("Loopback", "Lo"), ("Tunnel", "Tu")]
SHORT = dict(TYPES)
LOGICAL = ("Port-channel", "Vlan", "Loopback", "Tunnel")
NAME = re.compile(r"([A-Za-z-]+)(\d[\d/]*)$")
GROUP = re.compile(r"[0-9a-fA-F]{1,4}$")


def split(name):
    """'GigabitEthernet1/0/1' -> ('GigabitEthernet', '1/0/1')"""
    found = NAME.match(name)
    if not found:
        raise ValueError(f"no name of an interface: {name!r}")
    return found.group(1), found.group(2)


def short(name):
    kind, number = split(name)
    return SHORT.get(kind, kind[:2]) + number


def order(name):
    """The key by which IOS lists interfaces: by kind, then by number."""
    kind, number = split(name)
    kinds = [k for k, _ in TYPES]
    last = {"Port-channel": 0, "Vlan": 99}.get(kind, 1 + kinds.index(kind) if kind in kinds else 98)
    return last, [int(part) for part in number.split("/")]


def kinds_of_prefix(text, kinds):
    """All kinds that `text` may mean; an exact name means itself only."""
    text = text.lower()
    exact = [kind for kind in kinds if kind.lower() == text]
    return exact or [kind for kind in kinds if kind.lower().startswith(text)]


def mac(text):
    """The only notation that IOS reads, H.H.H; None for anything else."""
    parts = text.split(".")
    if len(parts) != 3 or not all(GROUP.match(part) for part in parts):
        return None
    return ".".join(part.lower().zfill(4) for part in parts)


def any_mac(text):
    """Any usual notation, for the control socket."""
    digits = re.sub(r"[.:\-]", "", text).lower()
    if not re.fullmatch(r"[0-9a-f]{12}", digits):
        raise ValueError(f"no MAC address: {text!r}")
    return f"{digits[:4]}.{digits[4:8]}.{digits[8:]}"


def is_group(address):
    return int(address[:2], 16) & 1 == 1


def expand(text):
    """'GigabitEthernet1/0/1-24' -> the 24 names"""
    found = re.fullmatch(r"(.*\D)(\d+)-(\d+)", text)
    if not found:
        return [text]
    return [f"{found.group(1)}{n}" for n in range(int(found.group(2)), int(found.group(3)) + 1)]
