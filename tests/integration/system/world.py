"""The programs as they are, on the hosts of a test: the real hub, agents, and a logind that only writes down what it is asked."""
import base64
import hashlib
import hmac
import http.client
import json
import os
import signal
import socket
import struct
import subprocess
import time
from pathlib import Path

from hosts import World, main, until  # for the tests, which have both from here

SOURCE = Path(__file__).resolve().parents[3]
BIN = Path(os.environ.get('GARITA_BIN', SOURCE / 'build' / 'bin'))

# An agent that only enforces; `log_patterns` may be added below it.
QUIET = 'detectors:\n  cpu_load: {enabled: no}\n  ssh_sessions: {enabled: no}\n  http_errors: {enabled: no}\n'


class AppLog:
    """The log of some program, in which an agent sees failed logins: three of one address are an alert."""

    def __init__(self, file):
        self.file = file
        file.write_text('started\n')
        self.detectors = f'''
detectors:
  cpu_load: {{enabled: no}}
  ssh_sessions: {{enabled: no}}
  http_errors: {{enabled: no}}
  log_patterns:
    app: {{files: [{file}], patterns: ['login failed .* from (?P<address>\\S+)$'], threshold: 3}}
'''

    def failed_logins(self, address, count=3):
        with open(self.file, 'a') as log:
            log.write(''.join(f'login failed for user{n} from {address}\n' for n in range(count)))


class UnixConnection(http.client.HTTPConnection):
    def __init__(self, path, timeout=20):
        super().__init__('localhost', timeout=timeout)
        self.path = str(path)

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(self.timeout)
        self.sock.connect(self.path)


class Hub:
    """The real hub on a host, with what the configuration says beyond the bare need."""

    def __init__(self, host, agents, extra='', options=()):
        self.host, self.directory, self.options = host, host.directory / 'hub', options
        self.directory.mkdir(exist_ok=True)
        self.socket, self.url = self.directory / 'hub.sock', f'https://{host.address}:8443'
        self.certificate = self.directory / 'state' / 'hub.crt'
        self.config = self.directory / 'hub.yml'
        self.codes = {name: f'code-of-{name}' for name in agents}
        self.configure(extra)
        self.process = None
        self.start()

    def configure(self, extra):
        codes = ''.join(f'  {name}: {{code: {code}}}\n' for name, code in self.codes.items())
        self.config.write_text(f'hub:\n  listen: 0.0.0.0:8443\n  socket: {self.socket}\n  state: {self.directory}/state\n'
                               + (f'agents:\n{codes}' if codes else '') + extra)
        self.config.chmod(0o600)

    def start(self):
        self.process = self.host.start(BIN / 'garita', 'hub', '--config', self.config, *self.options)
        status = until(lambda: self.ended() or self.answering(), 'the hub answers')
        if self.process.poll() is not None:
            raise AssertionError('the hub ended:\n' + self.host.world.tail())
        self.pin = status['hub']['pin']

    def ended(self):
        return self.process.poll() is not None

    def answering(self):
        try:
            return self.api('/status')
        except (OSError, http.client.HTTPException):
            return None

    def stop(self, how=signal.SIGTERM):
        self.process.send_signal(how)
        return self.process.wait(20)

    def request(self, path, body=None, method=None):
        """(status, parsed body) over the local socket."""
        connection = UnixConnection(self.socket)
        try:
            text = None if body is None else json.dumps(body)
            connection.request(method or ('GET' if body is None else 'POST'), '/api/v1' + path, text,
                               {'Content-Type': 'application/json'})
            reply = connection.getresponse()
            return reply.status, json.loads(reply.read() or b'null')
        finally:
            connection.close()

    def api(self, path, body=None):
        status, document = self.request(path, body)
        if status >= 300:
            raise AssertionError(f'{path}: {status} {document}')
        return document

    def cli(self, *words, check=True, **options):
        done = self.host.run(BIN / 'garita', *words, check=False,
                             env={**os.environ, 'GARITA_SOCKET': str(self.socket), 'LC_ALL': 'C.UTF-8'}, **options)
        if check and done.returncode != 0:
            raise AssertionError(f'garita {" ".join(map(str, words))}: {done.returncode}\n{done.stdout}{done.stderr}')
        return done

    def cases(self, state='open', **wanted):
        """Cases with these values, facts included, the oldest first."""
        found = self.api(f'/cases?state={state}&limit=1000')['cases'][::-1]
        return [c for c in found if all(c.get(k, c['facts'].get(k)) == v for k, v in wanted.items())]

    def audit(self, **wanted):
        return [e for e in self.api('/audit?limit=1000')['entries'] if all(e.get(k) == v for k, v in wanted.items())]

    def alert(self, address, **members):
        """An alert by REST, and the open case that comes of it."""
        body = {'kind': 'test_scan', 'address': address, 'subject': address, **members}
        self.api('/alerts', body)
        return until(lambda: self.cases('all', subject=body['subject']), f'a case about {address}')[-1]


class Agent:
    """The real agent on a host."""

    def __init__(self, host, hub, extra='', head='', wait=True):
        self.host, self.hub = host, hub
        self.directory = host.directory / 'agent'
        self.directory.mkdir(exist_ok=True)
        self.config = self.directory / 'agent.yml'
        self.config.write_text(
            f'agent:\n  name: {host.name}\n  hub: {hub.url}\n  hub_pin: {hub.pin}\n  code: {hub.codes[host.name]}\n'
            f'  state: {self.directory}/state\n{head}{extra}')
        self.config.chmod(0o600)
        self.start(wait)

    def start(self, wait=True):
        begun = time.time()
        self.process = self.host.start(BIN / 'garita-agent', '--config', self.config)
        if wait:
            until(lambda: self.process.poll() is not None or self.known(begun), f'the agent of {self.host.name} reports')
            if self.process.poll() is not None:
                raise AssertionError('the agent ended:\n' + self.host.world.tail())

    def known(self, since):
        mine = [d for d in self.hub.api('/status')['devices'] if d['name'] == self.host.name]
        stamp = mine[0].get('last_seen') if mine else None
        return stamp and mine[0].get('watches') is not None and parse_time(stamp) >= since - 0.01

    def stop(self, how=signal.SIGTERM):
        self.process.send_signal(how)
        return self.process.wait(20)


class Logind:
    """A system bus of this test's own, with a logind on it that only writes down what it is asked. Every program started
    from then on finds it."""

    def __init__(self, test, world):
        bus, self.file = world.directory / 'bus', world.directory / 'logind-calls'
        os.environ['DBUS_SYSTEM_BUS_ADDRESS'] = f'unix:path={bus}'
        test.addCleanup(os.environ.pop, 'DBUS_SYSTEM_BUS_ADDRESS')
        world.spawn(['dbus-daemon', '--session', '--nofork', '--nopidfile', f'--address=unix:path={bus}'])
        until(bus.exists, 'a bus')
        world.spawn(['/usr/bin/python3', '-m', 'dbusmock', '--system', '--template', 'logind', '-l', self.file])
        until(lambda: subprocess.run(['busctl', '--system', 'status', 'org.freedesktop.login1'],
                                     capture_output=True).returncode == 0, 'a logind on the bus')

    def restarts(self):
        return self.file.read_text().count(' Reboot ') if self.file.exists() else 0


def revive(hub, agents):
    """Starts those that were killed."""
    if hub.ended():
        hub.start()
    for agent in agents:
        if agent.process.poll() is not None:
            agent.start(wait=False)


def insist(hub, agents, path, body=None, seconds=30):
    """(status, parsed body), as a program that insists: what has no answer is asked again, and who is dead is started."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        revive(hub, agents)
        try:
            status, reply = hub.request(path, body)
            if status < 500:
                return status, reply
        except (OSError, http.client.HTTPException, ValueError):
            time.sleep(0.02)
    raise AssertionError(f'no answer to {path}\n' + hub.host.world.tail())


def one_time_code(secret, ahead=0):
    """Of that many steps later, as RFC 6238 says: by other means than the program's."""
    digest = hmac.new(base64.b32decode(secret), struct.pack('>Q', int(time.time()) // 30 + ahead), hashlib.sha1).digest()
    at = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[at:at + 4])[0] & 0x7fffffff) % 1000000:06}"


def parse_time(text):
    from datetime import datetime
    return datetime.fromisoformat(text.replace('Z', '+00:00')).timestamp()
