"""Emulated Cisco switches on a host of a test, and how the hub is told of them."""
import json
import socket

from world import SOURCE, until

EMULATOR = SOURCE / 'tests' / 'emulators' / 'ios'
PORT = ' switchport mode access\n switchport port-security\n'
OLD = '0050.56aa.0102'
# a port that lets in one device, OLD, and tells of all others
WATCHED = (' switchport mode access\n switchport port-security violation restrict\n switchport port-security mac-address sticky\n'
           f' switchport port-security mac-address sticky {OLD}\n switchport port-security\n')
CONFIG = ''.join(f'interface GigabitEthernet1/0/{n}\n{PORT}' for n in range(1, 25))


def violation(mac, port):
    return (f'<186>41: *Mar  1 00:12:45.123: %PORT_SECURITY-2-PSECURE_VIOLATION: Security violation occurred, caused by MAC address {mac} '
            f'on port {port}.').encode()


class Switches:
    """sw1, sw2 … at 127.0.1.1, 127.0.1.2 … of the host."""

    def __init__(self, host, count=1, **more):
        self.host, self.control, self.line = host, host.directory / 'switches.sock', None
        description = {'control': str(self.control), 'switches': [
            {'name': f'sw{n}', 'address': f'127.0.1.{n}', 'ssh': 2222, 'config': CONFIG, 'saved': True, **more} for n in range(1, count + 1)]}
        file = host.directory / 'switches.json'
        file.write_text(json.dumps(description))
        self.process = host.start('/usr/bin/env', f'PYTHONPATH={EMULATOR}', '/usr/bin/python3', '-m', 'ios_switch', file)
        until(lambda: self.control.exists() or self.process.poll() is not None, 'the switches listen')
        self.known = until(self.addresses, 'the switches answer')

    def addresses(self):
        try:
            return self.ask('sw1', 'switches')
        except OSError:
            return None

    def ask(self, switch, do, **request):
        if self.line is None:
            line = socket.socket(socket.AF_UNIX)
            line.connect(str(self.control))
            self.line, self.answers = line, line.makefile()
        self.line.sendall(json.dumps(dict(request, switch=switch, do=do)).encode() + b'\n')
        answer = json.loads(self.answers.readline())
        if not answer['ok']:
            raise AssertionError(f'{switch} {do}: {answer["error"]}')
        return answer['result']

    def settings(self):
        """`access.switches` and the login."""
        return ('  login: {user: admin, password: admin, enable_secret: secret}\n  switches:\n'
                + ''.join(f'    {name}: {{address: {at["address"]}, port: {at["ssh"]}, host_keys: ["{at["fingerprint"]}"]}}\n'
                          for name, at in self.known.items()))
