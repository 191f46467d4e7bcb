"""A MaxPatrol SIEM on a host of a test: the emulator, and what happens to it."""
import http.client
import json
import ssl

from world import SOURCE, until

USER, PASSWORD, CLIENT_SECRET, PERSONAL = 'garita', 'correct horse', '8f1c', 'pat_0123456789'


class Siem:
    def __init__(self, host, version='26', lifetime=86400, options=()):
        self.host, self.scheme = host, 'http'
        port_file = host.world.directory / f'siem-{version}-port'
        port_file.unlink(missing_ok=True)
        self.process = host.start('/usr/bin/python3', SOURCE / 'tests/emulators/maxpatrol/emulator.py', port_file, '--version', version,
                                  '--lifetime', str(lifetime), *options)
        self.port = int(until(lambda: port_file.exists() and port_file.read_text(), 'the SIEM listens'))

    def settings(self, name='soc', login=f'user: {USER}, password: {PASSWORD}, client_secret: {CLIENT_SECRET}', more='interval: 1s'):
        url = f'{self.scheme}://127.0.0.1:{self.port}'
        return f'sources:\n  maxpatrol:\n    {name}: {{url: "{url}", login_url: "{url}", {login}, {more}}}\n'

    def control(self, action, wish=None):
        def talk():
            connection = (http.client.HTTPSConnection('127.0.0.1', self.port, timeout=20, context=ssl._create_unverified_context())
                          if self.scheme == 'https' else http.client.HTTPConnection('127.0.0.1', self.port, timeout=20))
            connection.request('POST', '/_control/' + action, json.dumps(wish or {}))
            reply = connection.getresponse()
            value = json.loads(reply.read())
            connection.close()
            assert reply.status == 200, value
            return value
        return self.host.inside(talk)

    def add(self, count=1, **values):
        return self.control('add', {'count': count, 'with': values})

    def misbehave(self, *faults):
        self.control('faults', {'faults': list(faults)})

    def incident(self, row):
        return next(i for i in self.control('state')['incidents'] if i['id'] == row['id'])
