"""Cables, frames and err-disabled ports: what happens to a switch without anybody typing."""
from . import security
from .state import DYNAMIC


def _forget(switch, port):
    switch.learned = {key: name for key, name in switch.learned.items() if name != port.name}
    security.drop(port, DYNAMIC)


def _say_down(switch, port, admin=False):
    if admin:
        switch.log.say(5, "LINK", "CHANGED", f"Interface {port.name}, changed state to administratively down")
    switch.log.say(5, "LINEPROTO", "UPDOWN", f"Line protocol on Interface {port.name}, changed state to down")
    if not admin:
        switch.log.say(3, "LINK", "UPDOWN", f"Interface {port.name}, changed state to down")


def _came_up(switch, port):
    switch.log.say(3, "LINK", "UPDOWN", f"Interface {port.name}, changed state to up")
    switch.log.say(5, "LINEPROTO", "UPDOWN", f"Line protocol on Interface {port.name}, changed state to up")
    talk(switch, port)


def talk(switch, port):
    """Whatever is behind the port sends a frame each, in its order."""
    return [frame(switch, port, mac, voice) for mac, voice in list(port.attached) if port.up]


def plug(switch, port, devices=()):
    for device in devices:
        if device not in port.attached:
            port.attached.append(device)
    was = port.up
    port.carrier = True
    if port.up and not was:
        _came_up(switch, port)
    elif port.up:
        talk(switch, port)


def unplug(switch, port):
    was = port.up
    port.carrier = False
    port.attached.clear()
    _forget(switch, port)
    if was:
        _say_down(switch, port)


def shut(switch, port):
    if port.shutdown:
        return
    was = port.up or port.error
    port.shutdown, port.error, port.security.violations = True, None, 0
    _forget(switch, port)
    if was:
        _say_down(switch, port, admin=True)


def open_up(switch, port):
    """`no shutdown`: does nothing for a port that is err-disabled and was not shut down."""
    if not port.shutdown:
        return
    port.shutdown = False
    if port.up:
        _came_up(switch, port)


def disable(switch, port, cause):
    """Puts the port in err-disable state."""
    switch.log.say(4, "PM", "ERR_DISABLE",
                   f"{cause} error detected on {port.short}, putting {port.short} in err-disable state")
    port.error = cause
    _forget(switch, port)
    if cause in switch.recovery_causes and switch.later:
        switch.later(switch.recovery_interval, lambda: recover(switch, port, cause))


def recover(switch, port, cause):
    """What `errdisable recovery` does when its time has come."""
    if port.error != cause:
        return
    switch.log.say(4, "PM", "ERR_RECOVER", f"Attempting to recover from {cause} err-disable state on {port.short}")
    port.error = None
    if port.up:
        _came_up(switch, port)


def _violate(switch, port, mac, vlan):
    mode = port.security.violation
    if mode == "protect":
        return
    port.security.violations += 1
    text = f"Security violation occurred, caused by MAC address {mac} on port {switch.log.port_name(port)}."
    if mode == "restrict":
        switch.log.say(2, "PORT_SECURITY", "PSECURE_VIOLATION", text)
        return
    if mode == "shutdown vlan":
        switch.log.say(2, "PORT_SECURITY", "PSECURE_VIOLATION_VLAN",
                       f"Security violation on port {port.name} due to MAC address {mac} on VLAN {vlan}")
        return
    disable(switch, port, "psecure-violation")
    switch.log.say(2, "PORT_SECURITY", "PSECURE_VIOLATION", text)
    _say_down(switch, port)


def frame(switch, port, mac, voice=False):
    """A frame of `mac` comes in; returns what became of it."""
    if not port.up:
        return "port is down"
    vlan = port.vlan_of(voice)
    if port.security.enabled and not security.objection(port):
        verdict = security.admit(switch, port, mac, voice)
        if verdict == security.VIOLATED:
            _violate(switch, port, mac, vlan)
        return verdict
    switch.learned[(vlan, mac)] = f"Port-channel{port.channel[0]}" if port.channel else port.name
    return "learned"
