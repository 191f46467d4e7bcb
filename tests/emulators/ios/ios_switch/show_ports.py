"""show interfaces status, switchport, trunk; show etherchannel summary; show vlan brief"""
from . import names
from .exec_commands import both


def status_word(port):
    if port.shutdown:
        return "disabled"
    if port.error:
        return "err-disabled"
    if port.span_destination:
        return "monitoring"
    return "connected" if port.carrier else "notconnect"


def operational_trunk(port):
    return port.mode == "trunk" and port.up


def _vlan_word(port):
    if not port.switchport:
        return "routed"
    return "trunk" if operational_trunk(port) else str(port.access_vlan)


def media(port):
    kind = names.split(port.name)[0]
    return {"FastEthernet": "10/100BaseTX", "GigabitEthernet": "10/100/1000BaseTX", "TenGigabitEthernet": "SFP-10GBase-SR",
            "Ethernet": "unknown"}.get(kind, "")


def _status_row(port):
    up = status_word(port) == "connected"
    speed = "a-100" if port.name.startswith("Fast") else "a-1000"
    duplex = ("a-full", speed) if up else ("auto", "auto")
    row = f"{port.short:<9} {port.description[:18]:<18} {status_word(port):<12} {_vlan_word(port):<10} {duplex[0]:>6} {duplex[1]:>6} {media(port)}"
    return row if media(port) else row.rstrip()


def listed(switch):
    """Physical ports first, port-channels last."""
    ports = [port for port in switch.sorted_ports() if not port.name.startswith(("Vlan", "Loopback", "Tunnel"))]
    return [p for p in ports if not p.logical] + [p for p in ports if p.logical]


STATUS_HEAD = ["", "Port      Name               Status       Vlan       Duplex  Speed Type"]


@both("show interfaces status")
def status(shell, match):
    return STATUS_HEAD + [_status_row(port) for port in listed(shell.switch)]


@both("show interfaces INTERFACE status")
def status_of_one(shell, match):
    return STATUS_HEAD + [_status_row(port) for port in listed(shell.switch) if port.name == match.values[0]]


@both("show interfaces status err-disabled", "show interfaces INTERFACE status err-disabled")
def err_disabled(shell, match):
    wanted = [port for port in listed(shell.switch) if port.error and not port.shutdown and match.values in ([], [port.name])]
    return ["", "Port      Name               Status       Reason"] + \
        [f"{port.short:<9} {port.description[:18]:<18} err-disabled  {port.error}" for port in wanted]


def _operational(port):
    if not port.up:
        return "down"
    if port.channel and operational_trunk(port):
        return f"trunk (member of bundle Po{port.channel[0]})"
    return "trunk" if operational_trunk(port) else "static access"


def wrapped(text, width, indent):
    """A list of VLANs over several lines."""
    rows, row = [], ""
    for part in text.split(","):
        if row and len(row) + len(part) + 1 > width:
            rows.append(row + ",")
            row = part
        else:
            row = f"{row},{part}" if row else part
    return [rows[0] if rows else row] + [" " * indent + later for later in (rows[1:] + [row] if rows else [])]


PRIVATE = ["host-association: none", "mapping: none", "trunk native VLAN: none", "trunk Native VLAN tagging: enabled",
           "trunk encapsulation: dot1q", "trunk normal VLANs: none", "trunk associations: none", "trunk mappings: none"]


def _switchport(switch, port):
    if not port.switchport:
        return [f"Name: {port.short}", "Switchport: Disabled", ""]
    named = lambda number: f"{number} ({switch.vlans.get(number, 'Inactive')})"
    admin = "static access" if port.mode == "access" else port.mode
    allowed = wrapped(port.allowed_vlans, 54, 5)
    return [f"Name: {port.short}", "Switchport: Enabled", f"Administrative Mode: {admin}",
            f"Operational Mode: {_operational(port)}",
            "Administrative Trunking Encapsulation: dot1q"] + \
        ([f"Operational Trunking Encapsulation: {'dot1q' if operational_trunk(port) else 'native'}"] if port.up else []) + \
        [f"Negotiation of Trunking: {'On' if port.mode.startswith('dynamic') else 'Off'}",
         f"Access Mode VLAN: {named(port.access_vlan)}", f"Trunking Native Mode VLAN: {named(port.native_vlan)}",
         "Administrative Native VLAN tagging: enabled",
         f"Voice VLAN: {named(port.voice_vlan) if port.voice_vlan else 'none'}"] + \
        [f"Administrative private-vlan {line}" for line in PRIVATE] + \
        ["Operational private-vlan: none", f"Trunking VLANs Enabled: {allowed[0]}"] + allowed[1:] + \
        ["Pruning VLANs Enabled: 2-1001", "Capture Mode Disabled", "Capture VLANs Allowed: ALL", "", "Protected: false",
         "Unknown unicast blocked: disabled", "Unknown multicast blocked: disabled", "Appliance trust: none", ""]


@both("show interfaces switchport", "show interfaces INTERFACE switchport")
def switchport(shell, match):
    wanted = [port for port in listed(shell.switch) if match.values in ([], [port.name])]
    return [line for port in wanted for line in _switchport(shell.switch, port)]


@both("show interfaces trunk")
def trunk(shell, match):
    trunks = [port for port in listed(shell.switch) if operational_trunk(port) and not port.channel]
    if not trunks:
        return []
    allowed = lambda port: "1-4094" if port.allowed_vlans == "ALL" else port.allowed_vlans
    lines = ["", "Port        Mode             Encapsulation  Status        Native vlan"]
    lines += [f"{port.short:<11} {'on':<16} {'802.1q':<14} {'trunking':<13} {port.native_vlan}" for port in trunks]
    for title in ("Vlans allowed on trunk", "Vlans allowed and active in management domain",
                  "Vlans in spanning tree forwarding state and not pruned"):
        lines += ["", f"Port        {title}"] + [f"{port.short:<11} {allowed(port)}" for port in trunks]
    return lines


ETHERCHANNEL_FLAGS = """Flags:  D - down        P - bundled in port-channel
        I - stand-alone s - suspended
        H - Hot-standby (LACP only)
        R - Layer3      S - Layer2
        U - in use      N - not in use, no aggregation
        f - failed to allocate aggregator

        M - not in use, no aggregation due to minimum links not met
        m - not in use, port not aggregated due to minimum links not met
        u - unsuitable for bundling
        d - default port

        w - waiting to be aggregated""".split("\n")


@both("show etherchannel summary", "show etherchannel <1-255> summary")
def etherchannel(shell, match):
    switch = shell.switch
    groups = sorted({port.channel[0] for port in switch.ports.values() if port.channel and match.values in ([], [port.channel[0]])})
    lines = list(ETHERCHANNEL_FLAGS) + [f"Number of channel-groups in use: {len(groups)}",
                                        f"Number of aggregators:           {len(groups)}", "",
                                        "Group  Port-channel  Protocol    Ports",
                                        "------+-------------+-----------+-----------------------------------------------"]
    for group in groups:
        members = switch.members(group)
        protocol = {"active": "LACP", "passive": "LACP", "on": " -"}.get(members[0].channel[1], "PAgP")
        state = "SU" if any(port.up for port in members) else "SD"
        cells = [f"{port.short + ('(P)' if port.up else '(D)'):<15}" for port in members]
        rows = ["".join(cells[at:at + 3]) for at in range(0, len(cells), 3)]
        lines.append(f"{group:<7}{f'Po{group}({state})':<16}{protocol:<10}{rows[0]}")
        lines += [" " * 33 + row for row in rows[1:]]
    return lines


@both("show vlan brief", "show vlan")
def vlans(shell, match):
    lines = ["", "VLAN Name                             Status    Ports",
             "---- -------------------------------- --------- -------------------------------"]
    for number, name in sorted(shell.switch.vlans.items()):
        ports = [port.short for port in listed(shell.switch) if port.switchport and not port.logical
                 and not operational_trunk(port) and number in (port.access_vlan, port.voice_vlan)]
        rows = [", ".join(ports[at:at + 4]) for at in range(0, len(ports), 4)] or [""]
        lines.append(f"{number:<4} {name:<32} {'active':<9} {rows[0]}".rstrip())
        lines += [" " * 48 + row for row in rows[1:]]
    return lines
