"""What a switch knows: ports, secured addresses, VLANs, what is configured and what is saved."""
import time
from dataclasses import dataclass, field
from typing import Optional

from . import names

CONFIGURED, STICKY, DYNAMIC = "SecureConfigured", "SecureSticky", "SecureDynamic"


@dataclass
class Secured:
    """One secured address. since, seen: seconds of the switch's clock."""
    mac: str
    vlan: int
    kind: str
    voice: bool = False
    since: float = 0.0
    seen: float = 0.0


@dataclass
class Security:
    enabled: bool = False
    maximum: int = 1
    vlan_maximum: dict = field(default_factory=dict)  # "access", "voice" or a list of VLANs -> number
    violation: str = "shutdown"                       # protect, restrict, shutdown, shutdown vlan
    sticky: bool = False
    addresses: list = field(default_factory=list)
    aging_minutes: int = 0
    aging_type: str = "absolute"
    aging_static: bool = False
    violations: int = 0
    last_mac: str = "0000.0000.0000"
    last_vlan: int = 0


@dataclass
class Port:
    name: str
    description: str = ""
    switchport: bool = True
    mode: str = "dynamic auto"        # access, trunk, dynamic auto, dynamic desirable
    access_vlan: int = 1
    voice_vlan: Optional[int] = None
    native_vlan: int = 1
    allowed_vlans: str = "ALL"
    nonegotiate: bool = False
    channel: Optional[tuple] = None   # (group, mode)
    shutdown: bool = False
    carrier: bool = False             # something is plugged in
    error: Optional[str] = None       # why it is err-disabled
    span_destination: bool = False
    plain_lines: list = field(default_factory=list)  # configured lines without an effect here
    attached: list = field(default_factory=list)     # (MAC, voice?) of whatever is behind the port and talks
    security: Security = field(default_factory=Security)

    @property
    def short(self):
        return names.short(self.name)

    @property
    def logical(self):
        return self.name.startswith(names.LOGICAL)

    @property
    def up(self):
        return self.carrier and not self.shutdown and self.error is None

    def vlan_of(self, voice):
        if voice and self.voice_vlan:
            return self.voice_vlan
        return self.native_vlan if self.mode == "trunk" else self.access_vlan


DEFAULT_MODES = {
    "deny": [],              # regular expressions of commands that AAA refuses
    "lying": False,          # configuration lines are accepted and forgotten
    "lying_save": False,     # the save says [OK] and writes nothing
    "save_error": "",        # what the save says in place of [OK]
    "save_delay": 0.0,       # seconds
    "save_question": False,  # the question about another version's NVRAM
    "delay": 0.0,            # seconds before each answer
    "login_delay": 0.0,      # seconds before a password is answered
    "die_after": None,       # lines after which the connection breaks; die_executes: the last is carried out, unanswered
    "die_executes": True,
    "die_again": False,      # the next session dies too
    "die_silent": False,     # the connection stays, and nothing comes over it any more
    "hang": None,            # {"command": regular expression, "bytes": of output that still come}
    "splice": None,          # {"where": echo|output|prompt, "text": a log line, "times": 1}
    "chunk": 0,              # bytes a packet of output; 0: as they come
    "chatter": False,        # attached devices talk after every line
    "config_locked": "",     # the user who holds the configuration
    "vty": 16,               # lines; refusal: close, banner (after SSH's version), text
    "refusal": "banner",
    "refusal_text": "CLI session limit reached.",
    "refuse_commands": {},   # regular expression -> text said in place of carrying it out
}


@dataclass
class Settings:
    """How this switch was set up; everything that no command changes."""
    users: dict = field(default_factory=lambda: {"admin": {"password": "admin", "privilege": 1}})
    enable_secret: str = "secret"
    enable_kind: str = "secret"       # secret, password, aaa, none
    banner_motd: str = ""
    banner_login: str = ""
    banner_exec: str = ""
    exec_timeout: float = 600.0
    mac_layout: str = "catalyst"      # xl, cat4500, cat6500
    security_line: str = "last"       # where `switchport port-security` stands in the configuration: first, last
    version: str = "ios"              # ios, ios-xe
    synchronous: bool = False         # logging synchronous
    neighbors: list = field(default_factory=list)  # CDP: {"device", "address", "platform", "capabilities", "port", "remote"}


class Switch:
    """The state; what happens in it is in link.py, security.py and the commands."""

    def __init__(self, name, ports, settings=None):
        self.name = name
        self.hostname = name
        self.settings = settings or Settings()
        self.ports = {n: Port(n) for n in ports}
        self.vlans = {1: "default"}
        self.recovery_causes = set()
        self.recovery_interval = 300
        self.plain_lines = []          # global lines without an effect here
        self.learned = {}              # (vlan, MAC) -> port name
        self.startup = ""
        self.changed_by = ""
        self.modes = dict(DEFAULT_MODES)
        self.sessions = []
        self.logged = []               # all log messages, without headers
        self.counts = {"connections": 0, "logins": 0, "refused_logins": 0, "refused_enables": 0, "refused_sessions": 0,
                       "lines": 0, "config_lines": 0, "saves": 0}
        self.transcript = []           # (session number, line), passwords left out
        self.skipped = 0.0             # seconds that the control socket has let pass
        self.started = time.time()
        self.log = None                # log.Log
        self.chatter = None            # lets all attached devices talk
        self.later = None              # (seconds, callable): set by whoever runs the loop

    def now(self):
        return time.time() + self.skipped

    def interface_kinds(self):
        present = {names.split(n)[0] for n in self.ports}
        return [kind for kind, _ in names.TYPES if kind in present or kind in names.LOGICAL]

    def interface_exists(self, name):
        return name in self.ports or name.startswith(names.LOGICAL)

    def sorted_ports(self):
        return sorted(self.ports.values(), key=lambda port: names.order(port.name))

    def port(self, text):
        """A port by any of its names; for the control socket."""
        for port in self.ports.values():
            if text.lower() in (port.name.lower(), port.short.lower()):
                return port
        raise ValueError(f"{self.name} has no port {text!r}")

    def owner_of(self, mac, vlan, but=None):
        """The other port on which this address is secured in this VLAN."""
        for port in self.ports.values():
            if port is not but:
                for address in port.security.addresses:
                    if address.mac == mac and address.vlan == vlan:
                        return port
        return None

    def members(self, group):
        return [port for port in self.sorted_ports() if port.channel and port.channel[0] == group]
