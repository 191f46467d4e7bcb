"""The control socket: a JSON object a line in, a JSON object a line out. The operations are the functions named op_*."""
import asyncio
import json

from . import link, loading, names, running_config, security, ssh
from .state import DEFAULT_MODES


def port_state(switch, port):
    kept = port.security
    security.age(switch)
    return {"name": port.name, "short": port.short, "mode": port.mode, "switchport": port.switchport, "access_vlan": port.access_vlan,
            "voice_vlan": port.voice_vlan, "channel": port.channel, "shutdown": port.shutdown, "carrier": port.carrier,
            "error": port.error, "up": port.up, "description": port.description, "attached": [mac for mac, _ in port.attached],
            "lines": running_config.interface_lines(switch, port)[1:],
            "security": {"enabled": kept.enabled, "maximum": kept.maximum, "violation": kept.violation, "sticky": kept.sticky,
                         "violations": kept.violations, "last_mac": kept.last_mac, "last_vlan": kept.last_vlan,
                         "addresses": [{"mac": a.mac, "vlan": a.vlan, "kind": a.kind, "voice": a.voice} for a in kept.addresses]}}


def op_state(fleet, switch, request):
    return {"name": switch.name, "hostname": switch.hostname, "counts": switch.counts, "sessions": len(switch.sessions),
            "modes": switch.modes, "learned": [[vlan, mac, port] for (vlan, mac), port in switch.learned.items()],
            "ports": {port.name: port_state(switch, port) for port in switch.sorted_ports()}}


def op_port(fleet, switch, request):
    return port_state(switch, switch.port(request["port"]))


def op_counts(fleet, switch, request):
    return dict(switch.counts, sessions=len(switch.sessions))


def op_transcript(fleet, switch, request):
    return [{"session": number, "line": line} for number, line in switch.transcript]


def op_logged(fleet, switch, request):
    return switch.logged


def op_running(fleet, switch, request):
    return "\n".join(running_config.running_config(switch, banner=False))


def op_startup(fleet, switch, request):
    return switch.startup


def _device(request):
    return names.any_mac(request["mac"]), bool(request.get("voice", False))


def op_frame(fleet, switch, request):
    """A device is there (it is plugged in unless "once") and sends a frame."""
    port, device = switch.port(request["port"]), _device(request)
    if not request.get("once"):
        if device not in port.attached:
            port.attached.append(device)
        port.carrier = True
    return link.frame(switch, port, *device)


def op_plug(fleet, switch, request):
    """Plugs in a cable with the devices "macs" behind it; each talks."""
    link.plug(switch, switch.port(request["port"]), [(names.any_mac(mac), False) for mac in request.get("macs", [])])


def op_unplug(fleet, switch, request):
    link.unplug(switch, switch.port(request["port"]))


def op_talk(fleet, switch, request):
    """All devices behind a port, or behind all, send a frame."""
    ports = [switch.port(request["port"])] if "port" in request else switch.sorted_ports()
    return [verdict for port in ports for verdict in link.talk(switch, port)]


def op_disable(fleet, switch, request):
    link.disable(switch, switch.port(request["port"]), request.get("cause", "bpduguard"))


def op_recover(fleet, switch, request):
    """What errdisable recovery would do, now."""
    port = switch.port(request["port"])
    link.recover(switch, port, port.error)


def op_span(fleet, switch, request):
    switch.port(request["port"]).span_destination = request.get("on", True)


def op_modes(fleet, switch, request):
    """Sets modes: {"do": "modes", "set": {...}}; "reset": all others as at the start."""
    wanted = request.get("set", {})
    unknown = sorted(set(wanted) - set(DEFAULT_MODES))
    if unknown:
        raise ValueError(f"no such mode: {', '.join(unknown)}")
    if request.get("reset"):
        switch.modes.update(DEFAULT_MODES)
    switch.modes.update(wanted)
    return switch.modes


def op_settings(fleet, switch, request):
    for name, value in request["set"].items():
        if not hasattr(switch.settings, name):
            raise ValueError(f"no such setting: {name}")
        setattr(switch.settings, name, value)


def op_configure(fleet, switch, request):
    """Lines as in a configuration, without a session; "save": saved too."""
    loading.feed(switch, request["text"])
    if request.get("save"):
        switch.startup = op_running(fleet, switch, request)


def op_kill_sessions(fleet, switch, request):
    sessions = list(switch.sessions)
    for session in sessions:
        session.kill()
    return len(sessions)


def op_restart(fleet, switch, request):
    """Power off and on: whatever was not saved is gone."""
    loading.restart(switch)


def op_pass_time(fleet, switch, request):
    switch.skipped += request["seconds"]
    security.age(switch)


def op_log(fleet, switch, request):
    """Any log message, as if the switch had it: severity, facility, mnemonic, text"""
    switch.log.say(request["severity"], request["facility"], request["mnemonic"], request["text"])


def op_syslog(fleet, switch, request):
    """Where log messages go and how they look: target [host, port], transport, header, port_names"""
    switch.log.close()
    for name in ("target", "transport", "header", "port_names"):
        if name in request:
            setattr(switch.log, name, request[name])


def op_new_host_key(fleet, switch, request):
    """The next connection meets another switch."""
    key = ssh.new_key(request.get("kind", "ed25519"))
    fleet.acceptors[switch.name].update(server_host_keys=[key])
    return fleet.describe_key(key)


def op_switches(fleet, switch, request):
    return fleet.addresses()


def op_quit(fleet, switch, request):
    fleet.loop.call_soon(fleet.ended.set)


WITHOUT_SWITCH = ("switches", "quit")


def answer(fleet, line):
    try:
        request = json.loads(line)
        name = request["do"]
        operation = globals().get("op_" + name)
        if operation is None:
            raise ValueError(f"no such operation: {name}")
        if name in WITHOUT_SWITCH:
            switches = [None]
        elif request.get("switch") == "*":
            switches = list(fleet.switches.values())
        else:
            switches = [fleet.switches[request["switch"]]] if "switch" in request else list(fleet.switches.values())[:1]
        results = [operation(fleet, switch, request) for switch in switches]
        return {"ok": True, "result": results if request.get("switch") == "*" else results[0]}
    except Exception as error:  # whatever a test gets wrong is the test's to see
        return {"ok": False, "error": f"{type(error).__name__}: {error}"}


class Control(asyncio.Protocol):
    def __init__(self, fleet):
        self.fleet, self.rest = fleet, b""

    def connection_made(self, transport):
        self.transport = transport

    def data_received(self, data):
        lines = (self.rest + data).split(b"\n")
        self.rest = lines.pop()
        for line in lines:
            if line.strip():
                self.transport.write(json.dumps(answer(self.fleet, line)).encode() + b"\n")
