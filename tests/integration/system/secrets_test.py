"""No secret is in any log, error, URL, answer or database; and what dies leaves no core that could hold one."""
import base64
import os
import resource
import signal
import shutil
import subprocess
import time
import unittest
import urllib.parse

from world import BIN, SOURCE, Agent, Hub, World, main, until

TOKEN = '4242:AAF-telegram-secret-0123456789abc'
SCANNER, READER = 'scanner-secret-0123456789', 'reader-secret/with+odd=signs-0123'
CODE = 'the-code-of-web1-0123456789'


def forms(secret):
    """As it is, and as it would look in a URL, a header, a dump."""
    raw = secret.encode()
    return {raw, base64.b64encode(raw).rstrip(b'=')[:-1], base64.urlsafe_b64encode(raw).rstrip(b'=')[:-1], raw.hex().encode(),
            urllib.parse.quote(secret, safe='').encode()}


class Secrets(unittest.TestCase):
    def setUp(self):
        self.world = World.of(self)
        self.center, self.server = self.world.host('center'), self.world.host('web1')
        self.said = []

    def run_all(self):
        port_file = self.world.directory / 'port'
        self.center.start(shutil.which('node') or 'node', SOURCE / 'tests/fakes/telegram/strict/server.js', port_file)
        port = int(until(lambda: port_file.exists() and port_file.read_text(), 'the server of Telegram listens'))
        hub_settings = f'''
log: {{level: debug}}
people:
  ana: {{role: operator, telegram: 77}}
tokens:
  scanner: {{secret: {SCANNER}, scopes: ["alerts:write"]}}
  reader: {{secret: "{READER}", scopes: ["cases:read", "status:read", "audit:read"]}}
telegram:
  token: "{TOKEN}"
  api_base: http://127.0.0.1:{port}
  chats: [{{id: 77}}]
'''
        class HubWithOurCode(Hub):
            def configure(hub, extra):
                hub.codes = {'web1': CODE}
                super().configure(extra)
        self.hub = HubWithOurCode(self.center, ['web1'], hub_settings)
        self.agent = Agent(self.server, self.hub, 'log: {level: debug}\n')

    def remember(self, done):
        self.said.append(done.stdout + done.stderr)
        return done

    def curl(self, path, *options):
        return self.remember(self.center.run('curl', '-sk', '-v', f'https://127.0.0.1:8443{path}', *options, check=False)).stdout

    def test_nothing_says_a_secret(self):
        self.run_all()
        case = self.hub.alert('192.0.2.1')
        self.remember(self.hub.cli('decide', case['id'], 'block'))
        # doors that are tried with secrets in all the wrong places
        self.curl(f'/api/v1/cases?token={urllib.parse.quote(READER)}')
        self.curl(f'/api/v1/{SCANNER}')
        wrong = subprocess.run(self.center.enter(['curl', '-sk', 'https://127.0.0.1:8443/api/v1/cases', '-H',
                                                  f'Authorization: Bearer {SCANNER}']), capture_output=True, text=True)
        self.assertIn('403', wrong.stdout)
        self.said.append(wrong.stdout)
        for path in ('/status', '/cases?state=all', '/audit?limit=1000', '/rules', f'/cases/{case["id"]}'):
            self.said.append(str(self.hub.request(path)))
        for words in (['status'], ['status', '--json'], ['audit'], ['cases', '--all', '--json']):
            self.remember(self.hub.cli(*words, check=False))
        # configurations with mistakes beside their secrets
        for config, program in ((self.hub.config, 'hub'), (self.agent.config, 'agent')):
            text = config.read_text()
            for broken in (text + 'nonsense: 1\n', text.replace('tokens:', 'tokens: {'), text.replace('hub:', 'hub: [', 1),
                           text.replace(TOKEN, TOKEN + ' ' + TOKEN), text.replace('log: {level: debug}', 'log: {level: loud}')):
                file = self.world.directory / f'broken-{program}.yml'
                file.write_text(broken)
                file.chmod(0o600)
                self.remember(self.center.run(BIN / 'garita', 'check', file, check=False))
                self.remember(self.center.run(BIN / 'garita', 'check', '--json', file, check=False))
        # everybody loses everybody
        self.hub.stop(signal.SIGKILL)
        until(lambda: 'Connection refused' in self.world.tail() or 'connect' in self.world.tail(), 'the agent complains')
        for process in self.world.processes:
            if 'server.js' in ' '.join(map(str, process.args)):
                process.kill()
        self.hub.start()
        self.hub.alert('192.0.2.2')
        time.sleep(2)
        self.agent.stop()
        self.hub.stop()
        self.look_everywhere()

    def look_everywhere(self):
        secrets = {form: secret for secret in (TOKEN, TOKEN.split(':')[1], SCANNER, READER, CODE) for form in forms(secret)}
        places = {'what programs and doors said': '\n'.join(self.said).encode(),
                  'the logs': (self.world.directory / 'log').read_bytes()}
        self.assertGreater(len(places['the logs']), 1000)
        for folder in (self.hub.directory / 'state', self.agent.directory / 'state'):
            files = [f for f in folder.rglob('*') if f.is_file()]
            self.assertTrue(files)
            places.update({str(f.relative_to(self.world.directory)): f.read_bytes() for f in files})
        # the one who asks with a secret in a URL has written it down himself: curl's own words are not ours
        places['what programs and doors said'] = b'\n'.join(
            line for line in places['what programs and doors said'].splitlines() if not line.startswith((b'> ', b'* ')))
        for place, content in places.items():
            for form, secret in secrets.items():
                self.assertNotIn(form, content, f'{secret} is in {place}')
        print(f'{len(secrets)} forms of secrets looked for in {len(places)} places, {sum(map(len, places.values()))} bytes')

    def abort(self, process):
        """Whether it leaves a core when it dies of a fault."""
        resource.prlimit(process.pid, resource.RLIMIT_CORE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
        os.kill(process.pid, signal.SIGABRT)
        _, status = os.waitpid(process.pid, 0)
        process.returncode = -signal.SIGABRT
        self.assertEqual(os.WTERMSIG(status), signal.SIGABRT)
        return os.WCOREDUMP(status)

    def test_no_core_is_left(self):
        self.run_all()
        other = self.world.spawn(['sleep', '1000'], cwd=self.world.directory)
        time.sleep(0.2)
        print('another program leaves a core here' if self.abort(other) else 'no program leaves a core on this machine')
        for program in (self.agent, self.hub):
            self.assertFalse(self.abort(program.process), 'a core was written')


if __name__ == '__main__':
    main()
