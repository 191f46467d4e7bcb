"""SSH: asyncssh's protocol with the manners of IOS."""
import asyncio
import logging
import warnings

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # of old ciphers that nobody asks for
    import asyncssh

from .commands import TREES
from .session import Session
from .shell import Shell

ATTEMPTS = 3
GRACE = 2.0  # seconds
# What a switch of today offers, and what one of fifteen years ago does.
MODERN = {"kex_algs": ["curve25519-sha256", "ecdh-sha2-nistp256", "diffie-hellman-group14-sha256"],
          "encryption_algs": ["aes128-gcm@openssh.com", "aes256-gcm@openssh.com", "aes128-ctr", "aes256-ctr"],
          "mac_algs": ["hmac-sha2-256", "hmac-sha2-512"]}
LEGACY = {"kex_algs": ["diffie-hellman-group1-sha1"], "encryption_algs": ["aes128-cbc", "3des-cbc"], "mac_algs": ["hmac-sha1"],
          "signature_algs": ["ssh-rsa"]}
ALGORITHMS = {"modern": MODERN, "legacy": LEGACY, "sha1": dict(LEGACY, kex_algs=["diffie-hellman-group14-sha1"])}

logging.getLogger("asyncssh").setLevel(logging.CRITICAL)


def new_key(kind):
    if kind == "rsa":
        return asyncssh.generate_private_key("ssh-rsa", key_size=2048)
    return asyncssh.generate_private_key("ssh-ed25519")


class Channel(asyncssh.SSHServerSession):
    """One shell: between asyncssh's channel and our session."""

    def __init__(self, server):
        self.server, self.session, self.channel, self.command = server, None, None, None

    def connection_made(self, chan):
        self.channel = chan

    def pty_requested(self, term_type, term_size, term_modes):
        return True

    def shell_requested(self):
        return True

    def exec_requested(self, command):
        self.command = command
        return True

    def session_started(self):
        server = self.server
        shell = Shell(server.switch, TREES, server.user, server.privilege)
        self.session = Session(server.switch, self, shell, server.loop)
        shell.origin = f"vty{shell.number} ({server.peer})"
        if self.command is None:
            self.session.start()
        else:
            self.session.run_once(self.command)

    def data_received(self, data, datatype):
        self.session.feed(data)

    def eof_received(self):
        return True

    def connection_lost(self, exc):
        if self.session:
            self.session.gone()
        self.server.connection.close()

    # what a session needs
    def write(self, data):
        self.channel.write(data)

    def close(self):
        self.channel.exit(0)
        self.server.see_off()

    def abort(self):
        self.server.cut()


class Server(asyncssh.SSHServer):
    def __init__(self, switch, loop, open_servers):
        self.switch, self.loop, self.open = switch, loop, open_servers
        self.user, self.privilege, self.attempts, self.peer = "", 1, 0, ""

    def connection_made(self, conn):
        self.connection = conn
        self.peer = conn.get_extra_info("peername")[0]
        switch = self.switch
        switch.counts["connections"] += 1
        if len(self.open) >= switch.modes["vty"]:
            switch.counts["refused_sessions"] += 1
            if switch.modes["refusal"] == "close":
                self.cut()
            elif switch.modes["refusal"] == "banner":
                self.loop.call_soon(conn._transport.close)  # once the version is out
        self.full = len(self.open) >= switch.modes["vty"]
        self.open.add(self)

    def cut(self):
        """The connection breaks, without SSH's own goodbye."""
        transport = self.connection._transport
        if transport:
            transport.abort()

    def see_off(self):
        """The client closes its side, or is closed on."""
        self.loop.call_later(GRACE, self.connection.close)

    def connection_lost(self, exc):
        self.open.discard(self)

    def begin_auth(self, username):
        self.user = username
        banner = self.switch.settings.banner_login
        if banner:
            self.connection.send_auth_banner(banner + "\r\n")
        return True

    def password_auth_supported(self):
        return "password" in self.switch.ssh_auth

    async def validate_password(self, username, password):
        return await self._check(username, password)

    def kbdint_auth_supported(self):
        return "keyboard-interactive" in self.switch.ssh_auth

    def get_kbdint_challenge(self, username, lang, submethods):
        return "", "", "", [("Password: ", False)]

    async def validate_kbdint_response(self, username, responses):
        return await self._check(username, responses[0] if len(responses) == 1 else "")

    async def _check(self, username, password):
        if self.switch.modes["login_delay"]:
            await asyncio.sleep(self.switch.modes["login_delay"])
        found = self.switch.settings.users.get(username)
        if found and found["password"] == password:
            self.switch.counts["logins"] += 1
            self.user, self.privilege = username, found.get("privilege", 1)
            return True
        self.attempts += 1
        self.switch.counts["refused_logins"] += 1
        if self.attempts >= ATTEMPTS:
            self.loop.call_soon(self.connection._transport.close)
        return False

    def session_requested(self):
        if self.full and self.switch.modes["refusal"] == "text":
            return Refusing(self)
        return Channel(self)


class Refusing(asyncssh.SSHServerSession):
    """A login that ends with the news that no line is free."""

    def __init__(self, server):
        self.server = server

    def connection_made(self, chan):
        self.channel = chan

    def pty_requested(self, term_type, term_size, term_modes):
        return True

    def shell_requested(self):
        return True

    def session_started(self):
        self.channel.write(self.server.switch.modes["refusal_text"].encode() + b"\r\n")
        self.channel.exit(1)
        self.server.see_off()

    def connection_lost(self, exc):
        self.server.connection.close()


async def listen(switch, loop, host, port, key, algorithms="modern"):
    """An acceptor whose host key can be changed by update(server_host_keys=[...])."""
    open_servers = set()
    chosen = ALGORITHMS[algorithms] if isinstance(algorithms, str) else algorithms
    return await asyncssh.listen(host, port, server_factory=lambda: Server(switch, loop, open_servers), server_host_keys=[key],
                                 encoding=None, line_editor=False, server_version="Cisco-1.25", compression_algs=["none"],
                                 gss_host=None, allow_scp=False, **chosen)
