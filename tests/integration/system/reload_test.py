"""SIGHUP: what is taken up while the programs run, what waits for the next start, and what a wrong file does."""
import json
import signal
import ssl
import unittest

from world import Agent, Hub, World, main, until

TOKEN = 'secret-of-siem-0123456789'


class Reload(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.world = World()
        cls.addClassCleanup(cls.world.close)
        cls.server = cls.world.host('server')
        cls.hub = Hub(cls.server, ['server'], 'log:\n  level: info\n')
        cls.log = cls.server.directory / 'access.log'
        cls.log.touch()
        cls.agent = Agent(cls.server, cls.hub, cls.detectors(50))

    @classmethod
    def detectors(cls, critical, repeat='1s'):
        return ('detectors:\n  cpu_load: {enabled: no}\n  ssh_sessions: {enabled: no}\n'
                f'  http_errors: {{files: [{cls.log}], warning: {critical - 1}, critical: {critical}, repeat_after: {repeat}}}\n')

    def said(self, text):
        return self.world.tail(100_000).count(text)

    def reload(self, program, answer='the configuration was read again'):
        before = self.said(answer)
        program.process.send_signal(signal.SIGHUP)
        until(lambda: self.said(answer) > before, answer)

    def errors_from(self, address, count):
        with open(self.log, 'a') as log:
            stamp = self.server.run('date', '+%d/%b/%Y:%H:%M:%S %z').stdout.strip()
            for _ in range(count):
                log.write(f'{address} - - [{stamp}] "GET /x HTTP/1.1" 404 5 "-" "-"\n')

    def test_policies_and_protected_networks_of_the_hub(self):
        case = self.hub.alert('192.0.2.1')
        self.assertEqual(case['state'], 'open')
        self.hub.configure('policies:\n  - {kind: test_scan, mode: auto, response: block}\nprotected: [192.0.2.9]\n')
        self.reload(self.hub)
        self.hub.alert('192.0.2.2')
        until(lambda: self.hub.cases('closed', address='192.0.2.2'), 'a new policy decides')
        self.assertIn('192.0.2.2', until(self.server.blocked, 'the block is in the kernel'))
        self.hub.alert('192.0.2.9')
        until(lambda: self.hub.cases('open', address='192.0.2.9'), 'what is protected now is not blocked')
        self.assertEqual(self.hub.api(f'/cases/{case["id"]}')['state'], 'open', 'what was open stays so')
        status, told = self.hub.request(f'/cases/{case["id"]}/decision', {'response': 'nothing'})
        self.assertEqual((status, told['case']['state']), (200, 'closed'))

    def test_a_wrong_file_changes_nothing(self):
        self.hub.configure('policies:\n  - {kind: other_scan, mode: observe}\n')
        self.reload(self.hub)
        self.hub.config.write_text(self.hub.config.read_text() + 'polices: []\n')
        refused = 'the settings before it stay in force'
        self.reload(self.hub, refused)
        self.assertIn("did you mean 'policies'", self.world.tail(100_000))
        self.hub.alert('192.0.2.3', kind='other_scan')
        until(lambda: self.hub.cases('observed', address='192.0.2.3'), 'the policy of the last good file')
        self.agent.config.write_text(self.agent.config.read_text() + 'detectrs: {}\n')
        self.reload(self.agent, refused)
        self.assertIsNone(self.agent.process.poll())
        self.agent.config.write_text(self.agent.config.read_text().replace('detectrs: {}\n', ''))

    def test_what_needs_a_start_is_named(self):
        self.hub.configure('limits: {connections: 2000}\n')
        waiting = 'wait for the next start'
        self.reload(self.hub, waiting)
        self.assertIn('limits.connections', self.world.tail(100_000).split(waiting)[-1].splitlines()[0])
        self.reload(self.hub, waiting)  # still
        self.hub.configure('')
        before = self.said(waiting)
        self.reload(self.hub)
        self.assertEqual(self.said(waiting), before)

    def test_people_and_tokens(self):
        def post(token):
            body = json.dumps({'kind': 'token_scan', 'address': '192.0.2.4'})
            done = self.server.run('curl', '-sk', '-o', '/dev/null', '-w', '%{http_code}', f'{self.hub.url}/api/v1/alerts',
                                   '-H', f'Authorization: Bearer {token}', '-d', body)
            return done.stdout
        self.assertEqual(post(TOKEN), '401')
        self.hub.configure(f'tokens:\n  siem: {{secret: {TOKEN}, scopes: ["alerts:write"]}}\nlimits: {{alerts_per_second: 1}}\n')
        self.reload(self.hub)
        self.assertEqual(post(TOKEN), '202')
        self.assertIn('429', [post(TOKEN) for _ in range(5)], 'the limit is in force too')
        self.hub.configure('')
        self.reload(self.hub)
        self.assertEqual(post(TOKEN), '401')

    def test_a_new_certificate(self):
        def shown():
            pem = ssl.get_server_certificate
            return self.server.inside(pem, (self.server.address, 8443))
        before = shown()
        folder = self.server.directory / 'own'
        folder.mkdir()
        self.server.run('openssl', 'req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-subj', '/CN=own',
                        '-keyout', folder / 'key.pem', '-out', folder / 'crt.pem')
        text = self.hub.config.read_text()
        self.hub.config.write_text(text.replace('hub:\n', f'hub:\n  certificate: {folder}/crt.pem\n  key: {folder}/key.pem\n', 1))
        self.reload(self.hub)
        self.assertEqual(shown().strip(), (folder / 'crt.pem').read_text().strip())
        self.assertNotEqual(shown(), before)
        (folder / 'key.pem').write_text('rubbish')
        self.reload(self.hub, 'the settings before it stay in force')
        self.assertEqual(shown().strip(), (folder / 'crt.pem').read_text().strip())
        self.hub.config.write_text(text)
        self.reload(self.hub)
        self.assertEqual(shown(), before)

    def test_thresholds_of_detectors(self):
        until(lambda: self.agent.known(0), 'the agent is there')
        self.errors_from('198.51.100.1', 10)
        self.agent.config.write_text(self.agent.config.read_text().replace(self.detectors(50), self.detectors(5)))
        self.reload(self.agent)
        self.errors_from('198.51.100.2', 10)
        until(lambda: self.hub.cases('all', address='198.51.100.2'), 'the new threshold')
        self.assertFalse(self.hub.cases('all', address='198.51.100.1'), 'lines before the reload were read, and not again')
        self.agent.config.write_text(self.agent.config.read_text().replace(self.detectors(5), self.detectors(50)))
        self.reload(self.agent)
        self.assertIsNone(self.agent.process.poll())

    def test_requests_go_on_while_it_reloads_again_and_again(self):
        for round in range(30):
            self.hub.process.send_signal(signal.SIGHUP)
            for number in range(5):
                self.hub.api('/alerts', {'kind': 'storm', 'subject': f'{round} {number}'})
        until(lambda: len(self.hub.cases('all', kind='storm')) == 150, 'every alert has its case')
        self.assertIsNone(self.hub.process.poll())


if __name__ == '__main__':
    main()
