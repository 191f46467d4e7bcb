"""show port-security, show mac address-table, show errdisable recovery"""
from . import security
from .exec_commands import both, privileged
from .grammar import INVALID, Refused
from .state import CONFIGURED, STICKY
from .show_ports import listed

VIOLATION = {"shutdown": "Shutdown", "restrict": "Restrict", "protect": "Protect", "shutdown vlan": "Shutdown Vlan"}
RULE = "-" * 79
TOTALS = ["Total Addresses in System (excluding one mac per port)     : {}",
          "Max Addresses limit in System (excluding one mac per port) : 4096"]


def port_status(port):
    if port.error in ("psecure-violation",):
        return "Secure-shutdown"
    return "Secure-up" if port.up and port.security.enabled else "Secure-down"


def _count(port, kind):
    return sum(1 for address in port.security.addresses if address.kind == kind)


@both("show port-security interface INTERFACE")
def of_interface(shell, match):
    port = shell.switch.ports.get(match.values[0])
    if port is None or not port.switchport:
        return []
    security.age(shell.switch)
    kept = port.security
    rows = [("Port Security", "Enabled" if kept.enabled else "Disabled"), ("Port Status", port_status(port)),
            ("Violation Mode", VIOLATION[kept.violation]), ("Aging Time", f"{kept.aging_minutes} mins"),
            ("Aging Type", kept.aging_type.capitalize()),
            ("SecureStatic Address Aging", "Enabled" if kept.aging_static else "Disabled"),
            ("Maximum MAC Addresses", kept.maximum), ("Total MAC Addresses", len(kept.addresses)),
            ("Configured MAC Addresses", _count(port, CONFIGURED)), ("Sticky MAC Addresses", _count(port, STICKY)),
            ("Last Source Address:Vlan", f"{kept.last_mac}:{kept.last_vlan}"), ("Security Violation Count", kept.violations)]
    return [f"{name:<26} : {value}" for name, value in rows] + [""]


def _secure_ports(switch):
    return [port for port in listed(switch) if port.security.enabled]


def _totals(switch):
    over = sum(max(0, len(port.security.addresses) - 1) for port in _secure_ports(switch))
    return [TOTALS[0].format(over), TOTALS[1]]


@both("show port-security")
def summary(shell, match):
    security.age(shell.switch)
    lines = ["Secure Port  MaxSecureAddr  CurrentAddr  SecurityViolation  Security Action",
             "                (Count)       (Count)          (Count)", "-" * 75]
    for port in _secure_ports(shell.switch):
        kept = port.security
        lines.append(f"{port.short:>11} {kept.maximum:>14} {len(kept.addresses):>12} {kept.violations:>18} "
                     f"{VIOLATION[kept.violation]:>16}")
    return lines + ["-" * 75] + _totals(shell.switch)


def _address_rows(switch, ports):
    for port in ports:
        for address in port.security.addresses:
            ages = port.security.aging_minutes and (address.kind == "SecureDynamic" or port.security.aging_static)
            left = f"{security.remaining(switch, port, address):>5}" if ages and address.kind != STICKY else "    -"
            suffix = " (I)" if ages and port.security.aging_type == "inactivity" and left.strip() != "-" else ""
            yield f"{address.vlan:>4}    {address.mac:<16}  {address.kind:<28}  {port.short:<8}{left}{suffix}"


ADDRESS_HEAD = ["               Secure Mac Address Table", "-" * 77,
                "Vlan    Mac Address       Type                          Ports   Remaining Age",
                "                                                                   (mins)    ",
                "----    -----------       ----                          -----   -------------"]


@both("show port-security address")
def addresses(shell, match):
    security.age(shell.switch)
    return ADDRESS_HEAD + list(_address_rows(shell.switch, _secure_ports(shell.switch))) + ["-" * 77] + _totals(shell.switch)


@both("show port-security interface INTERFACE address")
def addresses_of_interface(shell, match):
    security.age(shell.switch)
    port = shell.switch.ports.get(match.values[0])
    rows = list(_address_rows(shell.switch, [port])) if port and port.security.enabled else []
    return ADDRESS_HEAD + rows + ["-" * 77, f"Total Addresses: {len(rows)}", ""]


# ---- the table of addresses: (vlan, MAC, is it static, is it secured, port) ----

def table(switch):
    security.age(switch)
    rows = [(vlan, mac, False, False, switch.ports[name]) for (vlan, mac), name in switch.learned.items()]
    for port in switch.ports.values():
        if port.security.enabled and port.up:
            rows += [(a.vlan, a.mac, True, True, port) for a in port.security.addresses]
    return sorted(rows, key=lambda row: (row[0], row[1]))


def _catalyst(rows):
    lines = ["          Mac Address Table", "-" * 43, "", "Vlan    Mac Address       Type        Ports",
             "----    -----------       --------    -----"]
    lines += [f"{vlan:>4}    {mac}    {'STATIC' if static else 'DYNAMIC':<8}    {port.short}"
              for vlan, mac, static, _, port in rows]
    return lines + [f"Total Mac Addresses for this criterion: {len(rows)}"]


def _xl(rows):
    dynamic = sum(not row[2] for row in rows)
    secure = sum(row[3] for row in rows)
    lines = [f"Dynamic Addresses Count:               {dynamic}", f"Secure Addresses (User-defined) Count: {secure}",
             "Static Addresses (User-defined) Count: 0", "System Self Addresses Count:           41",
             f"Total MAC addresses:                   {len(rows) + 41}", "Non-static Address Table:",
             "Destination Address  Address Type  VLAN  Destination Port",
             "-------------------  ------------  ----  --------------------"]
    return lines + [f"{mac:<20} {'Secure' if static else 'Dynamic':<13} {vlan:>4}  {port.name}"
                    for vlan, mac, static, _, port in rows]


def _cat4500(rows):
    lines = ["Unicast Entries", " vlan     mac address     type        protocols               port",
             "---------+---------------+--------+---------------------+-------------------------"]
    lines += [f"{vlan:>4}      {mac}   {'static' if static else 'dynamic':>7} ip,ipx,assigned,other {port.name}"
              for vlan, mac, static, _, port in rows]
    return lines + [""]


def _cat6500(rows):
    lines = ["Legend: * - primary entry", "        age - seconds since last seen", "        n/a - not available",
             "        S - secure entry", "        R - router's gateway mac address entry",
             "        D - Duplicate mac address entry", "", "Displaying entries from active supervisor:", "",
             "     vlan   mac address    type   learn    age                 ports",
             "----+----+---------------+-------+-----+----------+-----------------------------"]
    lines += [f"{'S' if secure else '*'}    {vlan:>4} {mac}  {'static' if static else 'dynamic':>7}  {'No ' if static else 'Yes'} "
              f"{'-' if static else 5:>8}     {port.short}" for vlan, mac, static, secure, port in rows]
    return lines + [""]


LAYOUTS = {"catalyst": _catalyst, "xl": _xl, "cat4500": _cat4500, "cat6500": _cat6500}


def _table_specs():
    for word in ("mac address-table", "mac-address-table"):
        for kind in ("", " dynamic", " static", " secure"):
            for narrowed in ("", " address MAC", " interface INTERFACE", " vlan <1-4094>"):
                yield f"show {word}{kind}{narrowed}"


@both(*_table_specs())
def mac_table(shell, match):
    if shell.switch.settings.mac_layout == "xl" and match.words[1] == "mac":
        return shell.explain(Refused(INVALID, len("show mac ")), "")  # so old an IOS has the one word only
    rows = table(shell.switch)
    if match.has("dynamic"):
        rows = [row for row in rows if not row[2]]
    if match.has("static"):
        rows = [row for row in rows if row[2]]
    if match.has("secure"):
        rows = [row for row in rows if row[3]]
    for value in match.values:
        rows = [row for row in rows if value in (row[0], row[1], row[4].name)]
    return LAYOUTS[shell.switch.settings.mac_layout](rows)


@privileged("show errdisable recovery")
def errdisable_recovery(shell, match):
    from .config_commands import CAUSES
    switch = shell.switch
    lines = ["ErrDisable Reason            Timer Status", "-----------------            --------------"]
    lines += [f"{cause:<28} {'Enabled' if cause in switch.recovery_causes else 'Disabled'}" for cause in CAUSES[1:]]
    return lines + ["", f"Timer interval: {switch.recovery_interval} seconds", "",
                    "Interfaces that will be enabled at the next timeout:", ""]
