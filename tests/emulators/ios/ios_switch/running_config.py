"""The configuration as text: what `show running-config` prints and what a start reads."""
import time

from .state import CONFIGURED, STICKY


def _security(port, first):
    security, start = port.security, " switchport port-security"
    lines = [f"{start} maximum {security.maximum}"] if security.maximum != 1 else []
    for which, number in security.vlan_maximum.items():
        lines.append(f"{start} maximum {number} vlan {which}")
    if security.violation != "shutdown":
        lines.append(f"{start} violation {security.violation}")
    if security.sticky:
        lines.append(f"{start} mac-address sticky")
    for address in security.addresses:
        kind = {STICKY: "sticky ", CONFIGURED: ""}.get(address.kind)
        if kind is not None:
            vlan = " vlan voice" if address.voice else " vlan access" if port.voice_vlan else ""
            lines.append(f"{start} mac-address {kind}{address.mac}{vlan}")
    if security.aging_minutes:
        lines.append(f"{start} aging time {security.aging_minutes}")
    if security.aging_type != "absolute":
        lines.append(f"{start} aging type {security.aging_type}")
    if security.aging_static:
        lines.append(f"{start} aging static")
    enabled = [start] if security.enabled else []
    return enabled + lines if first else lines + enabled


def _switching(port):
    if not port.switchport:
        return [" no switchport"]
    lines = [f" switchport access vlan {port.access_vlan}"] if port.access_vlan != 1 else []
    if port.native_vlan != 1:
        lines.append(f" switchport trunk native vlan {port.native_vlan}")
    if port.allowed_vlans != "ALL":
        lines.append(f" switchport trunk allowed vlan {port.allowed_vlans}")
    if port.mode != "dynamic auto":
        lines.append(f" switchport mode {port.mode}")
    if port.nonegotiate:
        lines.append(" switchport nonegotiate")
    if port.voice_vlan:
        lines.append(f" switchport voice vlan {port.voice_vlan}")
    return lines


def interface_lines(switch, port):
    lines = [f"interface {port.name}"]
    if port.description:
        lines.append(f" description {port.description}")
    lines += _switching(port) if not port.name.startswith(("Vlan", "Loopback", "Tunnel")) else []
    lines += _security(port, switch.settings.security_line == "first")
    lines += [" " + line for line in port.plain_lines]
    if port.channel:
        lines.append(f" channel-group {port.channel[0]} mode {port.channel[1]}")
    if port.shutdown:
        lines.append(" shutdown")
    return lines


def _globals(switch):
    lines = ["!", f"hostname {switch.hostname}", "!", "boot-start-marker", "boot-end-marker", "!"]
    for cause in sorted(switch.recovery_causes):
        lines.append(f"errdisable recovery cause {cause}")
    if switch.recovery_interval != 300:
        lines.append(f"errdisable recovery interval {switch.recovery_interval}")
    lines += ["!"] + list(switch.plain_lines)
    for number, name in sorted(switch.vlans.items()):
        if number != 1:
            lines += ["!", f"vlan {number}"] + ([f" name {name}"] if name != f"VLAN{number:04d}" else [])
    return lines


def body(switch):
    lines = _globals(switch)
    for port in switch.sorted_ports():
        lines += ["!"] + interface_lines(switch, port)
    return lines + ["!", "line con 0", "line vty 0 4", " login local", "line vty 5 15", " login local", "!", "end", ""]


HEAD = ["no service pad", "service timestamps debug datetime msec", "service timestamps log datetime msec"]


def running_config(switch, banner=True):
    version = ["version 16.12"] if switch.settings.version == "ios-xe" else ["version 15.2"]
    text = version + HEAD + body(switch)
    if not banner:
        return text
    stamp = time.strftime("%H:%M:%S UTC %a %b ", time.gmtime(switch.now())) + time.strftime("%-d %Y", time.gmtime(switch.now()))
    return ["Building configuration...", "", f"Current configuration : {_size(text)} bytes", "!",
            f"! Last configuration change at {stamp} by {switch.changed_by or 'console'}", "!"] + text


def of_interface(switch, port):
    text = ["!"] + interface_lines(switch, port) + ["end", ""]
    return ["Building configuration...", "", f"Current configuration : {_size(text)} bytes"] + text


def _size(lines):
    return sum(len(line) + 1 for line in lines)
