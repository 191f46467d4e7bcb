"""Telnet: the few options that a switch negotiates, and the login dialogue."""
import asyncio

from .commands import TREES
from .session import Session
from .shell import EXEC, Ask, Leave, Raw, Shell, Wait

IAC, DONT, DO, WONT, WILL, SB, SE = 255, 254, 253, 252, 251, 250, 240
GREETING = bytes([IAC, WILL, 1, IAC, WILL, 3, IAC, DO, 24, IAC, DO, 31])


class Wire:
    """Takes Telnet's commands out of what comes in."""

    def __init__(self):
        self.rest = b""
        self.after_return = False

    def text(self, data):
        data, out, at = self.rest + data, bytearray(), 0
        while at < len(data):
            if data[at] != IAC:
                self._byte(data[at], out)
                at += 1
                continue
            size = self._command_size(data, at)
            if size is None:
                break
            if data[at + 1] == IAC:
                out.append(IAC)
            at += size
        self.rest = data[at:]
        return bytes(out)

    def _byte(self, byte, out):
        """CR LF and CR NUL are one Enter."""
        if not (self.after_return and byte in (0, 10)):
            out.append(byte)
        self.after_return = byte == 13

    @staticmethod
    def _command_size(data, at):
        if at + 1 >= len(data):
            return None
        if data[at + 1] == SB:
            end = data.find(bytes([IAC, SE]), at)
            return None if end < 0 else end + 2 - at
        size = 3 if data[at + 1] in (DO, DONT, WILL, WONT) else 2
        return size if at + size <= len(data) else None


class TelnetLine(asyncio.Protocol):
    def __init__(self, switch, loop):
        self.switch, self.loop, self.wire, self.session = switch, loop, Wire(), None

    def connection_made(self, transport):
        self.switch.counts["connections"] += 1
        self.socket = transport
        modes = self.switch.modes
        if len(self.switch.sessions) >= modes["vty"]:
            self.switch.counts["refused_sessions"] += 1
            if modes["refusal"] == "text":
                transport.write(modes["refusal_text"].encode() + b"\r\n")
                transport.close()
            else:
                transport.abort()
            return
        transport.write(GREETING)
        host, port = transport.get_extra_info("peername")[:2]
        shell = Shell(self.switch, TREES)
        self.session = Session(self.switch, self, shell, self.loop)
        shell.origin = f"vty{shell.number} ({host})"
        self.session.start(self._login(shell))

    def _login(self, shell):
        switch = self.switch
        if switch.settings.banner_login:
            yield Raw("\r\n" + switch.settings.banner_login.replace("\n", "\r\n") + "\r\n")
        yield Raw("\r\n\r\nUser Access Verification\r\n\r\n")
        for _ in range(3):
            name = yield Ask("Username: ")
            password = yield Ask("Password: ", echo=False)
            if switch.modes["login_delay"]:
                yield Wait(switch.modes["login_delay"])
            found = switch.settings.users.get(name)
            if found and found["password"] == password:
                switch.counts["logins"] += 1
                shell.user = name
                shell.mode = EXEC if found.get("privilege", 1) >= 15 else shell.mode
                return
            switch.counts["refused_logins"] += 1
            yield ["% Login invalid", ""]
        yield Leave()

    def data_received(self, data):
        if self.session:
            self.session.feed(self.wire.text(data))

    def connection_lost(self, error):
        if self.session:
            self.session.gone()

    # what a session needs
    def write(self, data):
        self.socket.write(data.replace(b"\xff", b"\xff\xff"))

    def close(self):
        self.socket.close()

    def abort(self):
        self.socket.abort()
