"""Many switches in one process: from their description to listening."""
import asyncio
import dataclasses
import gc
import json
import os

from . import link, loading, names, ssh
from .control import Control
from .log import HEADERS, Log
from .running_config import running_config
from .state import DEFAULT_MODES, Settings, Switch
from .telnet import TelnetLine

PORTS = ["GigabitEthernet1/0/1-24", "TenGigabitEthernet1/0/1-2"]
CONFIG = """
interface TenGigabitEthernet1/0/1
 switchport mode trunk
"""
KNOWN = {"name", "address", "ssh", "telnet", "ports", "config", "startup", "saved", "plugged", "modes", "syslog", "host_key",
         "algorithms", "ssh_auth"} | {field.name for field in dataclasses.fields(Settings)}


class Fleet:
    """description: {"control": port or path, "address": ..., "defaults": {...}, "switches": [{...}]}, see README.md"""

    def __init__(self, description, loop):
        self.description, self.loop = description, loop
        self.switches, self.acceptors, self.listening, self.keys = {}, {}, {}, {}
        self.ended = asyncio.Event()

    async def start(self):
        for one in self.description["switches"]:
            given = {**self.description.get("defaults", {}), **one}
            unknown = sorted(set(given) - KNOWN)
            if unknown:
                raise SystemExit(f"switch {given.get('name')}: nothing is known of {', '.join(unknown)}")
            await self._start_switch(given)
        gc.collect()
        gc.freeze()
        return await self._open_control()

    def _make(self, given):
        settings = Settings(**{f.name: given[f.name] for f in dataclasses.fields(Settings) if f.name in given})
        ports = [name for text in given.get("ports", PORTS) for name in names.expand(text)]
        switch = Switch(given["name"], ports, settings)
        switch.modes = {**DEFAULT_MODES, **given.get("modes", {})}
        switch.ssh_auth = given.get("ssh_auth", ["password", "keyboard-interactive"])
        switch.later = self.loop.call_later
        switch.chatter = lambda: [link.talk(switch, port) for port in switch.sorted_ports()]
        return switch

    async def _start_switch(self, given):
        switch = self._make(given)
        syslog = given.get("syslog", {})
        if syslog.get("header", "plain") not in HEADERS:
            raise SystemExit(f"no such header: {syslog['header']}; there are {', '.join(HEADERS)}")
        address = given.get("address", "127.0.0.1")
        Log(switch, **{"source": address, **syslog})
        loading.feed(switch, given.get("config", CONFIG))
        switch.startup = given.get("startup", "")
        if given.get("saved", True) and "startup" not in given:
            switch.startup = "\n".join(running_config(switch, banner=False))
        for name, macs in given.get("plugged", {}).items():
            link.plug(switch, switch.port(name), [(names.any_mac(mac), False) for mac in macs])
        self.switches[switch.name] = switch
        await self._listen(switch, given, address)

    async def _listen(self, switch, given, address):
        where = {"address": address}
        if given.get("ssh", 0) is not None:
            key = ssh.new_key(given.get("host_key", "rsa" if given.get("algorithms") in ("legacy", "sha1") else "ed25519"))
            acceptor = await ssh.listen(switch, self.loop, address, given.get("ssh", 0), key, given.get("algorithms", "modern"))
            self.acceptors[switch.name] = acceptor
            where["ssh"] = acceptor.sockets[0].getsockname()[1]
            where.update(self.describe_key(key))
        if given.get("telnet") is not None:
            server = await self.loop.create_server(lambda: TelnetLine(switch, self.loop), address, given["telnet"])
            where["telnet"] = server.sockets[0].getsockname()[1]
        self.listening[switch.name] = where

    @staticmethod
    def describe_key(key):
        return {"host_key": key.export_public_key().decode().strip(), "fingerprint": key.get_fingerprint("sha256")}

    def addresses(self):
        return self.listening

    async def _open_control(self):
        control = self.description.get("control", 0)
        if isinstance(control, str):
            await self.loop.create_unix_server(lambda: Control(self), control)
            return control
        server = await self.loop.create_server(lambda: Control(self), "127.0.0.1", control)
        return server.sockets[0].getsockname()[1]


async def end_with(parent, ended):
    """A test that was killed leaves no switches behind."""
    while os.getppid() == parent:
        await asyncio.sleep(1)
    ended.set()


async def serve(description):
    parent = os.getppid()
    fleet = Fleet(description, asyncio.get_running_loop())
    control = await fleet.start()
    print(json.dumps({"control": control, "switches": fleet.addresses()}), flush=True)
    watch = asyncio.create_task(end_with(parent, fleet.ended))
    await fleet.ended.wait()
    watch.cancel()
