"""Reading a configuration at a start: the same commands that people type, and no mercy with what they refuse."""
from . import link
from .commands import TREES
from .running_config import HEAD
from .shell import CONFIG, Shell
from .state import Port

SKIPPED = ("Building configuration", "Current configuration", "version ", "boot-start-marker", "boot-end-marker", "end")


class Refusal(Exception):
    pass


def feed(switch, text):
    """Carries out the lines of a configuration."""
    shell = Shell(switch, TREES, origin="start")
    shell.mode = CONFIG
    lying, switch.modes["lying"] = switch.modes["lying"], False
    try:
        for line in _lines(text):
            said = [part for step in shell.execute(line) if isinstance(step, list) for part in step]
            if any(part and not part.startswith(("% Access VLAN", "Creating")) for part in said):
                raise Refusal(f"{switch.name}: {line!r}: {' '.join(said)}")
    finally:
        switch.modes["lying"] = lying


def _lines(text):
    return [line for line in text.splitlines() if line.strip() and line not in HEAD and not line.startswith(SKIPPED)]


def restart(switch):
    """Power off and on: what was not saved is gone, cables stay where they are."""
    for session in list(switch.sessions):
        session.kill()
    cables = {port.name: (port.carrier, list(port.attached)) for port in switch.ports.values()}
    switch.ports = {name: Port(name) for name in switch.ports if not Port(name).logical}
    switch.vlans, switch.recovery_causes, switch.recovery_interval = {1: "default"}, set(), 300
    switch.plain_lines, switch.learned, switch.hostname = [], {}, "Switch"
    feed(switch, switch.startup)
    for name, (carrier, attached) in cables.items():
        if carrier and name in switch.ports:
            link.plug(switch, switch.ports[name], attached)
