"""Commands of an interface, except those of port security."""
from . import link
from .config_commands import interface, store


def each(function):
    """For every port of the mode; what they say is put together."""
    def over_all(shell, match):
        said = []
        for port in shell.ports:
            text = function(shell, port, match)
            if text:
                said.append(text)
        return said or None
    return over_all


@interface("description LINE")
@each
def description(shell, port, match):
    port.description = match.values[0]


@interface("no description", "no description LINE")
@each
def no_description(shell, port, match):
    port.description = ""


@interface("shutdown")
@each
def shutdown(shell, port, match):
    link.shut(shell.switch, port)


@interface("no shutdown")
@each
def no_shutdown(shell, port, match):
    link.open_up(shell.switch, port)


@interface("switchport")
@each
def switchport(shell, port, match):
    port.switchport = True


@interface("no switchport")
@each
def no_switchport(shell, port, match):
    if port.security.enabled:
        return f"Command rejected: {port.name} is a secure port."
    port.switchport = False


def _objection(port):
    return "" if port.switchport else f"Command rejected: {port.short} not a switching port."


@interface("switchport mode access", "switchport mode trunk", "switchport mode dynamic auto", "switchport mode dynamic desirable")
@each
def mode(shell, port, match):
    wanted = " ".join(match.words[2:])
    if wanted.startswith("dynamic") and port.security.enabled:
        return f"Command rejected: {port.name} is a secure port."
    if wanted.startswith("dynamic") and port.nonegotiate:
        return 'Command rejected: Conflict between "nonegotiate" and "dynamic" status.'
    if not _objection(port):
        port.mode = wanted
    return _objection(port)


@interface("no switchport mode")
@each
def no_mode(shell, port, match):
    if port.security.enabled:
        return f"Command rejected: {port.name} is a secure port."
    port.mode = "dynamic auto"


@interface("switchport nonegotiate")
@each
def nonegotiate(shell, port, match):
    if port.mode.startswith("dynamic"):
        return ('Command rejected: An interface must be configured to the "Access" or "Trunk" modes to be configured to'
                ' "NoNegotiate."')
    port.nonegotiate = True


@interface("no switchport nonegotiate")
@each
def no_nonegotiate(shell, port, match):
    port.nonegotiate = False


@interface("switchport access vlan <1-4094>")
def access_vlan(shell, match):
    said, number = [], match.values[0]
    if number not in shell.switch.vlans:
        said.append(f"% Access VLAN does not exist. Creating vlan {number}")
        shell.switch.vlans[number] = f"VLAN{number:04d}"
    for port in shell.ports:
        _move(port, number)
    return said


@interface("no switchport access vlan", "no switchport access vlan <1-4094>")
def no_access_vlan(shell, match):
    for port in shell.ports:
        _move(port, 1)


def _move(port, number):
    for address in port.security.addresses:
        if not address.voice:
            address.vlan = number
    port.access_vlan = number


@interface("switchport voice vlan <1-4094>")
@each
def voice_vlan(shell, port, match):
    shell.switch.vlans.setdefault(match.values[0], f"VLAN{match.values[0]:04d}")
    port.voice_vlan = match.values[0]


@interface("no switchport voice vlan", "no switchport voice vlan <1-4094>")
@each
def no_voice_vlan(shell, port, match):
    port.voice_vlan = None
    port.security.addresses = [address for address in port.security.addresses if not address.voice]


@interface("switchport trunk native vlan <1-4094>")
@each
def native_vlan(shell, port, match):
    port.native_vlan = match.values[0]


@interface("switchport trunk allowed vlan VLANS", "switchport trunk allowed vlan all")
@each
def allowed_vlans(shell, port, match):
    port.allowed_vlans = match.values[0] if match.values else "ALL"


@interface("switchport trunk encapsulation dot1q", "switchport trunk encapsulation negotiate")
@each
def encapsulation(shell, port, match):
    store(port.plain_lines, "switchport trunk encapsulation " + match.words[3], False)


@interface(*[f"channel-group <1-255> mode {mode}" for mode in ("on", "active", "passive", "auto", "desirable")])
@each
def channel(shell, port, match):
    if port.security.enabled:
        return f"Command rejected: {port.name} is a secure port."
    port.channel = (match.values[0], match.words[3])
    name = f"Port-channel{match.values[0]}"
    if name not in shell.switch.ports:
        shell.switch.ports[name] = type(port)(name, mode=port.mode, carrier=True)
        return f"Creating a port-channel interface Port-channel {match.values[0]}"


@interface("no channel-group", "no channel-group <1-255>")
@each
def no_channel(shell, port, match):
    port.channel = None


PLAIN = ["access-session", "authentication", "cdp", "device-tracking", "dot1x", "duplex", "ip", "ipv6", "lldp", "load-interval",
         "logging", "mab", "media-type", "mls", "no ip", "power", "priority-queue", "queue-set", "service-policy", "snmp",
         "spanning-tree", "speed", "srr-queue", "storm-control", "switchport block", "switchport host", "switchport protected",
         "trust", "udld"]


def _plain_specs():
    for word in PLAIN:
        yield f"{word} LINE"
        if not word.startswith("no "):
            yield f"no {word} LINE"
    for word in ("mab", "switchport protected", "dot1x"):
        yield word
        yield f"no {word}"


@interface(*_plain_specs())
@each
def plain(shell, port, match):
    if match.words[:2] == ["no", "ip"]:
        store(port.plain_lines, " ".join(match.words), False)
        return
    no = match.words[0] == "no"
    store(port.plain_lines, " ".join(match.words[no:]), no)
