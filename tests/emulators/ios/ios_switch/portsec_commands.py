"""switchport port-security ..., with the refusals that have no percent sign."""
from . import security
from .config_commands import interface
from .interface_commands import each
from .state import CONFIGURED, STICKY

WHICH = ("access", "voice", "<1-4094>")


def guarded(function):
    """Refuses where no secure port can be."""
    @each
    def checked(shell, port, match):
        return security.objection(port) or function(shell, port, match)
    return checked


@interface("switchport port-security")
@guarded
def enable(shell, port, match):
    port.security.enabled = True


@interface("no switchport port-security")
@each
def disable(shell, port, match):
    security.disable(port)


@interface("switchport port-security maximum <1-8192>", "switchport port-security maximum <1-8192> vlan",
           "switchport port-security maximum <1-8192> vlan access", "switchport port-security maximum <1-8192> vlan voice",
           "switchport port-security maximum <1-8192> vlan VLANS")
@guarded
def maximum(shell, port, match):
    which = match.words[5] if len(match.words) > 5 else ""
    return security.set_maximum(port, match.values[0], which)


@interface("no switchport port-security maximum", "no switchport port-security maximum <1-8192>")
@each
def no_maximum(shell, port, match):
    port.security.vlan_maximum.clear()
    return security.set_maximum(port, 1, "")


@interface("no switchport port-security maximum <1-8192> vlan access", "no switchport port-security maximum <1-8192> vlan voice",
           "no switchport port-security maximum <1-8192> vlan VLANS")
@each
def no_vlan_maximum(shell, port, match):
    port.security.vlan_maximum.pop(match.words[-1], None)


@interface("switchport port-security violation protect", "switchport port-security violation restrict",
           "switchport port-security violation shutdown", "switchport port-security violation shutdown vlan")
@guarded
def violation(shell, port, match):
    port.security.violation = " ".join(match.words[3:])


@interface("no switchport port-security violation", "no switchport port-security violation protect",
           "no switchport port-security violation restrict", "no switchport port-security violation shutdown")
@each
def no_violation(shell, port, match):
    port.security.violation = "shutdown"


@interface("switchport port-security mac-address sticky")
@guarded
def sticky(shell, port, match):
    security.set_sticky(port, True)


@interface("no switchport port-security mac-address sticky")
@each
def no_sticky(shell, port, match):
    security.set_sticky(port, False)


def _specs(start):
    for kind in ("", "sticky "):
        yield f"{start} {kind}MAC"
        for which in WHICH:
            yield f"{start} {kind}MAC vlan {which}"


def _arguments(match):
    which = match.words[-1] if match.has("vlan") else ""
    return match.values[0], which, STICKY if match.has("sticky") else CONFIGURED


@interface(*_specs("switchport port-security mac-address"))
@guarded
def secure(shell, port, match):
    return security.secure(shell.switch, port, *_arguments(match))


@interface(*_specs("no switchport port-security mac-address"))
@each
def release(shell, port, match):
    return security.release(port, *_arguments(match))


@interface("switchport port-security aging time <1-1440>", "switchport port-security aging type absolute",
           "switchport port-security aging type inactivity", "switchport port-security aging static")
@guarded
def aging(shell, port, match):
    _age(port.security, match.words[3], match.words[-1])


def _age(settings, what, value):
    if what == "time":
        settings.aging_minutes = int(value)
    elif what == "type":
        settings.aging_type = value
    else:
        settings.aging_static = True


@interface("no switchport port-security aging time", "no switchport port-security aging type",
           "no switchport port-security aging static")
@each
def no_aging(shell, port, match):
    settings = port.security
    if match.has("time"):
        settings.aging_minutes = 0
    elif match.has("type"):
        settings.aging_type = "absolute"
    else:
        settings.aging_static = False
