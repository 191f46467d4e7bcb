"""Commands of global configuration, lines and VLANs, except what belongs to an interface."""
import re

from . import names
from .grammar import INVALID, Commands, Refused
from .shell import CONFIG, EXEC, INTERFACE, LINE as LINE_MODE, VLAN as VLAN_MODE
from .state import Port

config, line_mode, vlan_mode, interface = Commands(), Commands(), Commands(), Commands()


@config("exit")
def leave(shell, match):
    shell.leave_configuration()


@line_mode("exit")
@vlan_mode("exit")
@interface("exit")
def leave_below(shell, match):
    shell.mode = CONFIG


@config("end")
@interface("end")
def end(shell, match):
    shell.leave_configuration()


@config("do LINE")
@interface("do LINE")
def do(shell, match):
    before, kept, shell.mode = shell.prompt(), shell.mode, EXEC
    shell.shift = len(before) + len("do ") - len(shell.prompt())
    try:
        yield from shell.execute(match.values[0])
    finally:
        shell.mode, shell.shift = kept, 0


@config("hostname WORD")
def hostname(shell, match):
    if not re.fullmatch(r"[A-Za-z]([A-Za-z0-9._-]*[A-Za-z0-9])?", match.values[0]):
        return ["% Hostname contains one or more illegal characters.", ""]
    if len(match.values[0]) > 63:
        return ["% Hostname must be at most 63 characters.", ""]
    shell.switch.hostname = match.values[0]


@config("no hostname")
def no_hostname(shell, match):
    shell.switch.hostname = "Switch"


@config("interface INTERFACE")
@interface("interface INTERFACE")
def enter_interface(shell, match):
    name, switch = match.values[0], shell.switch
    if name not in switch.ports:
        switch.ports[name] = Port(name, carrier=not name.startswith("Port-channel"))
    shell.mode, shell.ports, shell.range = INTERFACE, [switch.ports[name]], False


@config("interface range LINE")
@interface("interface range LINE")
def enter_range(shell, match):
    """"Gi1/0/1 - 4, Gi1/0/9" """
    ports = []
    for part in match.values[0].split(","):
        found = re.fullmatch(r"\s*([A-Za-z-]+)\s*((?:\d+/)*)(\d+)(?:\s*-\s*(\d+))?\s*", part)
        kinds = names.kinds_of_prefix(found.group(1), shell.interface_kinds()) if found else []
        if len(kinds) != 1:
            return shell.explain(Refused(INVALID, len("interface range ")), "")
        for number in range(int(found.group(3)), int(found.group(4) or found.group(3)) + 1):
            name = f"{kinds[0]}{found.group(2)}{number}"
            if name not in shell.switch.ports:
                return ["% Command rejected: interface range has an interface that does not exist.", ""]
            ports.append(shell.switch.ports[name])
    shell.mode, shell.ports, shell.range = INTERFACE, ports, True


@config("vlan <1-4094>")
def vlan(shell, match):
    shell.switch.vlans.setdefault(match.values[0], f"VLAN{match.values[0]:04d}")
    shell.mode, shell.vlan = VLAN_MODE, match.values[0]


@config("no vlan <2-1001>")
def no_vlan(shell, match):
    shell.switch.vlans.pop(match.values[0], None)


@vlan_mode("name WORD")
def vlan_name(shell, match):
    shell.switch.vlans[shell.vlan] = match.values[0]


CAUSES = ("all bpduguard channel-misconfig dhcp-rate-limit link-flap loopback psecure-violation security-violation "
          "storm-control udld").split()


@config(*[f"errdisable recovery cause {cause}" for cause in CAUSES])
def recovery(shell, match):
    shell.switch.recovery_causes |= set(CAUSES[1:] if match.words[3] == "all" else [match.words[3]])


@config(*[f"no errdisable recovery cause {cause}" for cause in CAUSES])
def no_recovery(shell, match):
    shell.switch.recovery_causes -= set(CAUSES if match.words[4] == "all" else [match.words[4]])


@config("errdisable recovery interval <30-86400>")
def recovery_interval(shell, match):
    shell.switch.recovery_interval = match.values[0]


@config("no errdisable recovery interval")
def no_recovery_interval(shell, match):
    shell.switch.recovery_interval = 300


@config("line vty <0-15>", "line vty <0-15> <1-15>", "line console <0-0>")
def line(shell, match):
    shell.mode = LINE_MODE


# These are kept and shown in their order, and change nothing in the emulator.
PLAIN = ["aaa", "access-list", "archive", "cdp", "clock", "crypto", "dot1x", "enable", "ip", "ipv6", "key", "lldp", "logging",
         "mac", "monitor", "ntp", "radius", "radius-server", "service", "snmp-server", "spanning-tree", "tacacs",
         "tacacs-server", "username", "vtp"]


def store(lines, text, no):
    if no:
        kept = [line for line in lines if line != text and not line.startswith(text + " ")]
        lines[:] = kept
    elif text not in lines:
        lines.append(text)


@config(*[f"{word} LINE" for word in PLAIN], *[f"no {word} LINE" for word in PLAIN])
def plain(shell, match):
    no = match.words[0] == "no"
    store(shell.switch.plain_lines, " ".join(match.words[no:]), no)


@line_mode("login LINE", "login", "transport LINE", "exec-timeout <0-35791>", "exec-timeout <0-35791> <0-2147483>", "length LINE",
           "password LINE", "logging synchronous", "privilege level <0-15>", "access-class LINE")
def line_setting(shell, match):
    return []
