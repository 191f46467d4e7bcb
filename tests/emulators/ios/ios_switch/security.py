"""Port security: which addresses a port accepts, and the refusals of its commands.

Every function that carries out a command returns the line that the switch says, or "" when it accepts.
"""
from . import names
from .state import CONFIGURED, DYNAMIC, STICKY, Secured

VALUES_OUT_OF_ACCESS = "Command rejected: vlan {vlan} is not an access or voice vlan of {name}."


def objection(port):
    """Why this port cannot be a secure one; "" if it can."""
    if not port.switchport:
        return f"Command rejected: {port.short} not a switching port."
    if port.mode.startswith("dynamic"):
        return f"Command rejected: {port.name} is a dynamic port."
    if port.channel:
        return f"Command rejected: {port.name} belongs to an EtherChannel port group."
    if port.span_destination:
        return f"Command rejected: {port.name} is a SPAN destination port."
    return ""


def find(port, mac, vlan=None):
    for address in port.security.addresses:
        if address.mac == mac and vlan in (None, address.vlan):
            return address
    return None


def limit_of(port, voice):
    """The VLAN's own maximum, if it has one."""
    return port.security.vlan_maximum.get("voice" if voice else "access")


def is_full(port, voice):
    security = port.security
    if len(security.addresses) >= security.maximum:
        return True
    limit = limit_of(port, voice)
    return limit is not None and sum(1 for a in security.addresses if a.voice == voice) >= limit


def set_maximum(port, number, vlan):
    security = port.security
    if vlan:
        security.vlan_maximum[vlan] = number
        return ""
    if number < len(security.addresses):
        return "Maximum is less than number of currently secured mac-addresses."
    security.maximum = number
    return ""


def _vlan(port, which):
    """(VLAN, voice?) of `vlan access`, `vlan voice`, `vlan N` or nothing; None when the port has no such VLAN."""
    if which == "voice":
        return (port.voice_vlan, True) if port.voice_vlan else None
    if which in ("", "access"):
        return port.vlan_of(False), False
    number = int(which)
    if number == port.voice_vlan:
        return number, True
    return (number, False) if port.mode == "trunk" or number == port.access_vlan else None


def secure(switch, port, mac, which, kind):
    """`switchport port-security mac-address [sticky] MAC [vlan ...]`"""
    if kind == STICKY and not port.security.sticky:
        return f"Command rejected: sticky learning is not enabled on {port.name}."
    if names.is_group(mac):
        return f"Command rejected: {mac} is not a unicast address."
    found = _vlan(port, which)
    if found is None:
        return VALUES_OUT_OF_ACCESS.format(vlan=which, name=port.name)
    vlan, voice = found
    if find(port, mac, vlan) or switch.owner_of(mac, vlan, but=port):
        return f"Found duplicate mac-address {mac}."
    if is_full(port, voice):
        return f"Total secure mac-addresses on interface {port.name} has reached maximum limit."
    port.security.addresses.append(Secured(mac, vlan, kind, voice, switch.now(), switch.now()))
    switch.learned.pop((vlan, mac), None)
    return ""


def release(port, mac, which, kind):
    """`no switchport port-security mac-address [sticky] MAC [vlan ...]`: removes that kind only."""
    found = _vlan(port, which)
    for address in port.security.addresses:
        right_vlan = not which or (found and (address.vlan, address.voice) == found)
        if address.mac == mac and address.kind == kind and right_vlan:
            port.security.addresses.remove(address)
            return ""
    return f"Command rejected: {mac} is not secured so on {port.name}."


def set_sticky(port, wanted):
    """What was learned becomes sticky, or the other way round."""
    port.security.sticky = wanted
    for address in port.security.addresses:
        if address.kind == (DYNAMIC if wanted else STICKY):
            address.kind = STICKY if wanted else DYNAMIC


def disable(port):
    port.security.enabled = False
    drop(port, DYNAMIC)


def drop(port, kind, mac=None):
    """Forgets addresses of a kind ("" for all kinds); True if there were any."""
    kept = [a for a in port.security.addresses if (kind and a.kind != kind) or (mac and a.mac != mac)]
    changed = len(kept) != len(port.security.addresses)
    port.security.addresses = kept
    return changed


def age(switch):
    """Lets go of what is too old."""
    for port in switch.ports.values():
        security = port.security
        if not security.aging_minutes:
            continue
        aged = {DYNAMIC, CONFIGURED} if security.aging_static else {DYNAMIC}
        security.addresses = [a for a in security.addresses if a.kind not in aged or remaining(switch, port, a) > 0]


def remaining(switch, port, address):
    """Minutes until this address goes."""
    start = address.seen if port.security.aging_type == "inactivity" else address.since
    return port.security.aging_minutes - int((switch.now() - start) // 60)


ACCEPTED, LEARNED, VIOLATED = "accepted", "learned", "violation"


def admit(switch, port, mac, voice):
    """A frame has come to a secure port: may it pass?"""
    security, vlan = port.security, port.vlan_of(voice)
    age(switch)
    security.last_mac, security.last_vlan = mac, vlan
    known = find(port, mac, vlan)
    if known:
        known.seen = switch.now()
        return ACCEPTED
    if switch.owner_of(mac, vlan, but=port) or is_full(port, voice):
        return VIOLATED
    kind = STICKY if security.sticky else DYNAMIC
    security.addresses.append(Secured(mac, vlan, kind, voice and bool(port.voice_vlan), switch.now(), switch.now()))
    return LEARNED
