"""Other systems as sources of alerts: a real Alertmanager and a real CrowdSec, and the logs of Suricata and Wazuh."""
import datetime
import json
import re
import signal
import unittest
import urllib.request

from world import QUIET, SOURCE, Agent, Hub, World, main, until

TOKEN = 'token-of-the-alertmanager-0123456789'
PASSWORD = 'password-of-the-machine'


def now(ahead=0):
    return (datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(seconds=ahead)).strftime('%Y-%m-%dT%H:%M:%SZ')


def rest(host, method, url, body=None, headers=()):
    """Parsed answer of what listens in the host's network."""
    def call():
        request = urllib.request.Request(url, None if body is None else json.dumps(body).encode(),
                                         {'Content-Type': 'application/json', **dict(headers)}, method=method)
        with urllib.request.urlopen(request, timeout=10) as reply:
            return json.loads(reply.read() or b'null')
    return host.inside(call)


class Alertmanager:
    """Debian's, on the loopback of the host, with a webhook to the hub."""
    url = 'http://127.0.0.1:19093'

    def __init__(self, host, hub):
        self.host, self.directory = host, host.directory / 'alertmanager'
        self.directory.mkdir()
        self.config = self.directory / 'am.yml'
        self.config.write_text(f'''
route: {{receiver: garita, group_by: [alertname], group_wait: 0s, group_interval: 1s, repeat_interval: 1h}}
receivers:
  - name: garita
    webhook_configs:
      - url: https://localhost:8443/api/v1/sources/alertmanager
        http_config:
          authorization: {{credentials: {TOKEN}}}
          tls_config: {{ca_file: {hub.certificate}}}
''')
        self.start()

    def start(self):
        self.process = self.host.start('prometheus-alertmanager', f'--config.file={self.config}', f'--storage.path={self.directory}/data',
                                       '--web.listen-address=127.0.0.1:19093', '--cluster.listen-address=')
        until(self.answers, 'Alertmanager answers', 20)

    def answers(self):
        try:
            return self.call('GET', '/api/v2/status')
        except OSError:
            return None

    def call(self, method, path, body=None):
        return rest(self.host, method, self.url + path, body)

    def fire(self, name, ends=3600, **labels):
        self.call('POST', '/api/v2/alerts', [{
            'labels': {'alertname': name, **labels}, 'annotations': {'summary': f'{name} is wrong', 'description': 'look at it'},
            'startsAt': now(-5), 'endsAt': now(ends), 'generatorURL': 'http://prometheus.example/graph'}])

    def silences(self):
        return self.call('GET', '/api/v2/silences')


class FromAlertmanager(unittest.TestCase):
    def setUp(self):
        self.world = World.of(self)
        self.server = self.world.host('server')
        self.hub = Hub(self.server, [], f'''
tokens:
  am: {{secret: {TOKEN}, scopes: ["alerts:write"]}}
sources:
  alertmanager:
    main: {{url: "{Alertmanager.url}", timeout: 2s}}
''')
        self.alertmanager = Alertmanager(self.server, self.hub)

    def case_about(self, name, state='open'):
        return until(lambda: self.hub.cases(state, alertname=name), f'a case about {name} is {state}', 20)[-1]

    def test_an_alert_is_muted_by_a_silence_and_only_once(self):
        self.alertmanager.fire('DiskFull', instance='web1:9100', severity='page', job='a "quoted" \\ ñ')
        case = self.case_about('DiskFull')
        self.assertEqual((case['kind'], case['device'], case['severity']), ('alertmanager', 'web1', 'critical'))
        self.assertEqual((case['facts']['summary'], case['facts']['source']), ('DiskFull is wrong', 'main'))
        self.assertEqual(case['responses'], ['mute', 'nothing', 'allow'])

        # while Alertmanager is away the answer waits, and says why
        self.alertmanager.process.kill()
        self.alertmanager.process.wait(10)
        self.hub.cli('decide', case['id'], 'mute', '--for', '2h', '--comment', 'known')
        until(lambda: 'decision_failed' in self.hub.api(f'/cases/{case["id"]}')['facts'], 'the case says that it could not be reached')
        self.hub.stop(signal.SIGKILL)
        self.alertmanager.start()
        self.hub.start()
        done = self.case_about('DiskFull', 'closed')
        silences = self.alertmanager.silences()
        self.assertEqual([s['id'] for s in silences], [done['facts']['silence']])
        self.assertNotIn('decision_failed', done['facts'])
        self.assertEqual({m['name']: m['value'] for m in silences[0]['matchers']},
                         {'alertname': 'DiskFull', 'instance': 'web1:9100', 'severity': 'page', 'job': 'a "quoted" \\ ñ'})
        self.assertTrue(all(m['isEqual'] and not m['isRegex'] for m in silences[0]['matchers']))
        self.assertRegex(silences[0]['comment'], rf'^garita case {case["id"]} of .*, muted by .*: known$')
        self.assertEqual(silences[0]['status']['state'], 'active')
        self.alertmanager.fire('DiskFull', instance='web1:9100', severity='page', job='a "quoted" \\ ñ')  # it has forgotten it
        until(lambda: [a for a in self.alertmanager.call('GET', '/api/v2/alerts') if a['status']['silencedBy']], 'it silences the alert')

    def test_a_hub_that_dies_at_any_moment_makes_one_silence_a_case(self):
        for number in range(6):
            self.alertmanager.fire(f'Alert{number}', host='db1')
        cases = [self.case_about(f'Alert{number}') for number in range(6)]
        for round_number, case in enumerate(cases):
            self.hub.cli('decide', case['id'], 'mute', '--for', '1h')
            if round_number % 2:
                self.hub.stop(signal.SIGKILL)
                self.hub.start()
        for number in range(6):
            self.case_about(f'Alert{number}', 'closed')
        comments = sorted(s['comment'].split(' of ')[0] for s in self.alertmanager.silences())
        self.assertEqual(comments, sorted(f'garita case {case["id"]}' for case in cases))

    def test_what_is_resolved_closes_its_case(self):
        self.alertmanager.fire('Flap', host='db1')
        first = self.case_about('Flap')
        self.assertEqual(first['device'], 'db1')
        self.alertmanager.fire('Flap', ends=0, host='db1')
        closed = self.case_about('Flap', 'closed')
        self.assertIn('over', closed['facts'])
        self.assertEqual((closed['decision']['response'], closed['decision']['by']['name']), ('nothing', 'alertmanager'))
        # at once, so that Alertmanager keeps the first start
        self.alertmanager.fire('Flap', host='db1')
        again = self.case_about('Flap')
        self.assertNotEqual(again['id'], closed['id'])
        self.assertEqual(len(self.hub.cases('all', alertname='Flap')), 2)

    def test_what_an_alertmanager_refuses_or_that_is_gone_is_told_on_the_case(self):
        for name in ('Refused', 'Stray'):
            self.alertmanager.fire(name, host='db1')
        cases = [self.case_about(name) for name in ('Refused', 'Stray')]
        self.alertmanager.process.kill()
        self.alertmanager.process.wait(10)
        self.hub.cli('decide', cases[0]['id'], 'mute', '--for', '1s')
        late = self.case_about('Refused', 'closed')
        self.assertIn('over before', late['facts']['decision_failed'])
        self.hub.cli('decide', cases[1]['id'], 'mute')
        self.hub.config.write_text(self.hub.config.read_text().split('sources:')[0])
        self.hub.process.send_signal(signal.SIGHUP)
        self.assertIn("no 'main' any more", self.case_about('Stray', 'closed')['facts']['decision_failed'])

    def test_notifications_that_are_wrong_are_refused_and_a_repeated_one_brings_nothing(self):
        headers = {'Authorization': f'Bearer {TOKEN}'}
        alert = {'status': 'firing', 'labels': {'alertname': 'X'}, 'startsAt': '2026-11-22T06:08:10.123456789Z', 'fingerprint': 'f00'}
        good = {'version': '4', 'status': 'firing', 'alerts': [alert, 'rubbish', {}]}

        def post(body, query=''):
            text = body if isinstance(body, str) else json.dumps(body)
            done = self.server.run('curl', '-s', '--cacert', self.hub.certificate, f'https://localhost:8443/api/v1/sources/alertmanager{query}',
                                   '-H', f'Authorization: {headers["Authorization"]}', '-d', text, '-w', '\n%{http_code}')
            body, _, status = done.stdout.rpartition('\n')
            return int(status), json.loads(body)
        self.assertEqual(post(good), (202, {'accepted': 1, 'duplicates': 0, 'ended': 0, 'unreadable': 2}))
        self.assertEqual(post(good), (202, {'accepted': 0, 'duplicates': 1, 'ended': 0, 'unreadable': 2}))
        for wrong in ('', '[]', '{"version": "4"}', '{"version": "3", "alerts": []}', '{"version": "4", "alerts": [{}]}'):
            self.assertEqual(post(wrong)[0], 422, wrong)
        self.assertEqual(post(good, '?source=other')[0], 422)
        headers['Authorization'] = 'Bearer wrong'
        self.assertEqual(post(good)[0], 401)


class FromCrowdsec(unittest.TestCase):
    url = 'http://127.0.0.1:18080'

    def setUp(self):
        self.world = World.of(self)
        self.server = self.world.host('server')
        self.directory = self.server.directory / 'crowdsec'
        for part in ('', 'data', 'config', 'hub', 'log'):
            (self.directory / part).mkdir(exist_ok=True)
        self.config = self.directory / 'config.yaml'
        (self.directory / 'lapi.yaml').write_text(f'url: {self.url}\nlogin: local\npassword: {PASSWORD}\n')
        (self.directory / 'profiles.yaml').write_text('name: none\nfilters: ["false"]\ndecisions: []\non_success: break\n')
        (self.directory / 'config' / 'simulation.yaml').write_text('simulation: false\n')
        (self.directory / 'config' / 'acquis.yaml').write_text('')
        self.config.write_text(f'''
common: {{daemonize: false, log_media: stdout, log_level: info, working_dir: {self.directory}}}
config_paths: {{config_dir: {self.directory}/config, data_dir: {self.directory}/data, simulation_path: {self.directory}/config/simulation.yaml,
                hub_dir: {self.directory}/hub, index_path: {self.directory}/hub/.index.json}}
crowdsec_service: {{acquisition_path: {self.directory}/config/acquis.yaml}}
cscli: {{output: raw}}
db_config: {{type: sqlite, db_path: {self.directory}/data/crowdsec.db, use_wal: true}}
api:
  client: {{credentials_path: {self.directory}/lapi.yaml}}
  server: {{listen_uri: "127.0.0.1:18080", profiles_path: {self.directory}/profiles.yaml}}
''')
        for machine in ('seer', 'garita', 'local'):
            self.server.run('cscli', '-c', self.config, 'machines', 'add', machine, '--password', PASSWORD, '-f', self.directory / f'{machine}.yaml')
        self.start()
        self.hub = Hub(self.server, [], f'''
sources:
  crowdsec:
    main: {{url: "{self.url}", machine: garita, password: {PASSWORD}, interval: 1s, bans: yes}}
''')
        until(self.polled, 'the hub has asked')

    def start(self):
        self.process = self.server.start('crowdsec', '-c', self.config, '-no-cs', '-no-capi')
        until(self.answers, 'CrowdSec answers', 20)

    def answers(self):
        try:
            return self.log_in('seer')
        except OSError:
            return None

    def polled(self):
        workers = {w['name']: w for w in self.hub.api('/status')['hub']['workers']}
        return workers['crowdsec main'].get('last_success')

    def log_in(self, machine):
        return rest(self.server, 'POST', self.url + '/v1/watchers/login', {'machine_id': machine, 'password': PASSWORD, 'scenarios': []})['token']

    def tell(self, machine, address, scope='Ip'):
        alert = {'scenario': 'crowdsecurity/ssh-bf', 'scenario_hash': 'x', 'scenario_version': '0.1', 'message': f'{address} did it', 'events_count': 6,
                 'start_at': now(-3), 'stop_at': now(), 'capacity': 5, 'leakspeed': '10s', 'simulated': False, 'events': [],
                 'source': {'scope': scope, 'value': address, 'ip': address, 'cn': 'ES', 'as_name': 'Example'},
                 'decisions': [{'type': 'ban', 'value': address, 'scope': scope, 'duration': '4h', 'origin': 'crowdsec', 'scenario': 'crowdsecurity/ssh-bf'}]}
        return rest(self.server, 'POST', self.url + '/v1/alerts', [alert], {'Authorization': f'Bearer {self.log_in(machine)}'})

    def test_alerts_become_cases_each_once_over_kills_of_both(self):
        self.tell('seer', '203.0.113.7')
        case = until(lambda: self.hub.cases(kind='crowdsec_alert'), 'a case', 20)[0]
        self.assertEqual((case['device'], case['address'], case['facts']['events'], case['facts']['scenario']),
                         ('seer', '203.0.113.7', '6', 'crowdsecurity/ssh-bf'))
        self.assertIn('ban 203.0.113.7', case['facts']['decisions'])
        self.assertIn('block', case['responses'])

        self.hub.stop(signal.SIGKILL)
        self.tell('seer', '203.0.113.8')
        self.process.kill()
        self.process.wait(10)
        self.hub.start()
        until(lambda: any('crowdsec main' in t for t in self.hub.api('/status')['hub']['troubles']), 'it is a trouble that CrowdSec is away', 40)
        self.start()
        until(lambda: self.hub.cases(address='203.0.113.8'), 'what was told meanwhile is a case', 60)
        self.tell('garita', '203.0.113.9')
        self.tell('seer', '203.0.113.10')
        until(lambda: self.hub.cases(address='203.0.113.10'), 'the next one too', 20)
        self.assertEqual(sorted((c['address'], c['alert_count']) for c in self.hub.cases('all')),
                         [('203.0.113.10', 1), ('203.0.113.7', 1), ('203.0.113.8', 1)], 'our own is no news')


    def banned(self):
        """What a bouncer would enforce: {value: duration}."""
        found = rest(self.server, 'GET', self.url + '/v1/decisions', headers={'X-Api-Key': self.key, 'User-Agent': 'bouncer/1'})
        values = [(d['value'], d) for d in found or []]
        self.assertEqual(len(values), len(dict(values)), 'each once')
        return dict(values)

    def test_blocks_are_decisions_that_bouncers_enforce_and_are_taken_back(self):
        self.key = self.server.run('cscli', '-c', self.config, 'bouncers', 'add', 'wall', '-o', 'raw').stdout.strip()
        until(lambda: any(d['name'] == 'crowdsec-main' for d in self.hub.api('/status')['devices']), 'it is a device')
        case = self.hub.alert('203.0.113.7')
        self.hub.cli('decide', case['id'], 'block', '--for', '1h')
        until(lambda: self.hub.cases('closed', id=case['id']), 'the block is in force')
        found = self.banned()['203.0.113.7']
        self.assertEqual((found['type'], found['scope'], found['origin']), ('ban', 'Ip', 'garita'))
        self.assertRegex(found['duration'], r'^59m')
        for number in range(20):
            self.hub.api('/rules', {'networks': [f'192.0.2.{number}', f'2001:db8::{number + 1:x}'], 'for': 3600})
            if number in (5, 11):
                self.hub.stop(signal.SIGKILL)
                self.hub.start()
        self.hub.api('/rules', {'networks': ['198.51.100.0/24'], 'until_unset': True})
        wanted = {'203.0.113.7', '198.51.100.0/24'} | {f'192.0.2.{n}' for n in range(20)} | {f'2001:db8::{n + 1:x}' for n in range(20)}
        until(lambda: set(self.banned()) == wanted, 'all are decisions', 40)
        self.assertEqual(self.banned()['198.51.100.0/24']['scope'], 'Range')
        self.hub.api('/rules/unset', {'networks': ['192.0.2.3', '2001:db8::4', '198.51.100.0/24']})
        until(lambda: set(self.banned()) == wanted - {'192.0.2.3', '2001:db8::4', '198.51.100.0/24'}, 'they are taken back')
        self.assertEqual([c for c in self.hub.cases('all') if c['kind'] == 'crowdsec_alert'], [], 'our own are no news')

        # what somebody deletes there comes back
        self.server.run('cscli', '-c', self.config, 'decisions', 'delete', '--ip', '192.0.2.7')
        self.assertNotIn('192.0.2.7', self.banned())
        until(lambda: '192.0.2.7' in self.banned(), 'what was deleted by hand', 90)

        # while it is away a block waits; it is a device no more when the configuration says so
        self.process.kill()
        self.process.wait(10)
        self.hub.api('/rules', {'networks': ['192.0.2.99'], 'for': 3600})
        self.start()
        until(lambda: '192.0.2.99' in self.banned(), 'what was decided meanwhile', 60)
        self.hub.config.write_text(self.hub.config.read_text().replace(', bans: yes', ''))
        self.hub.process.send_signal(signal.SIGHUP)
        until(lambda: [d for d in self.hub.api('/status')['devices'] if d.get('revoked_at')], 'it gets nothing any more')


class FromScripts(unittest.TestCase):
    def test_the_example_of_the_manual_works_by_copy_and_paste(self):
        world = World.of(self)
        server = world.host('server')
        text = (SOURCE / 'docs' / 'api.md').read_text()
        section = text.split('## Send an alert from anything')[1]
        config, command = re.search(r'```yaml\n(.*?)```', section, re.S).group(1), re.search(r'```sh\n(.*?)```', section, re.S).group(1)
        token = server.directory / 'scanner.token'
        token.write_text(f'{TOKEN}\n')
        token.chmod(0o600)
        hub = Hub(server, [], config.replace('/etc/garita/scanner.token', str(token)))
        command = command.replace('/etc/garita/scanner.token', str(token)).replace('/var/lib/garita/hub.crt', str(hub.certificate))
        done = server.run('bash', '-c', command)
        self.assertEqual(json.loads(done.stdout)['accepted'], 1, done)
        again = server.run('bash', '-c', command)
        self.assertEqual(again.stdout, done.stdout, 'the same key gets the first answer')
        case = until(lambda: hub.cases(kind='port_scan'), 'a case')[0]
        self.assertEqual((case['address'], case['facts']['ports']), ('192.0.2.7', '22, 23, 80'))


class FromLogs(unittest.TestCase):
    def test_suricata_and_wazuh_become_cases_that_can_be_blocked(self):
        world = World.of(self)
        server = world.host('server')
        eve, wazuh = world.directory / 'eve.json', world.directory / 'alerts.json'
        for file in (eve, wazuh):
            file.write_text('')
        hub = Hub(server, ['server'])
        Agent(server, hub, QUIET + f'''
  json_alerts:
    ids: {{files: [{eve}], format: suricata, window: 2s}}
    siem: {{files: [{wazuh}], format: wazuh}}
''')
        line = json.dumps({'timestamp': '2026-11-22T06:08:10.123456+0000', 'event_type': 'alert', 'src_ip': '203.0.113.7', 'src_port': 4, 'dest_ip': '192.0.2.1',
                           'alert': {'signature_id': 2001219, 'signature': 'ET SCAN', 'category': 'Recon', 'severity': 1}, 'payload': 'A' * 200000})
        with open(eve, 'a') as log:
            log.write('rubbish\n' + (line + '\n') * 50 + line[:1000] + '\n')
        with open(wazuh, 'a') as log:
            log.write(json.dumps({'timestamp': '2026-11-22T06:08:10.500+0000', 'rule': {'level': 12, 'description': 'brute force', 'id': '5712'},
                                  'agent': {'id': '003', 'name': 'db1'}, 'data': {'srcip': '203.0.113.8'}}) + '\n')
        case = until(lambda: hub.cases(kind='suricata_alert', count='50'), 'one case of Suricata', 20)[0]
        self.assertEqual((case['subject'], case['severity'], case['address']), ('2001219 203.0.113.7', 'critical', '203.0.113.7'))
        other = until(lambda: hub.cases(kind='wazuh_alert'), 'one case of Wazuh')[0]
        self.assertEqual((other['subject'], other['severity']), ('5712 db1 203.0.113.8', 'critical'))
        self.assertEqual(len(hub.cases('all')), 2)
        hub.cli('decide', case['id'], 'block', '--for', '1h')
        until(lambda: '203.0.113.7' in server.blocked(), 'the address is blocked', 15)
        self.assertIn('Suricata: ET SCAN, 50 from 203.0.113.7', hub.cli('cases', '--all').stdout)


if __name__ == '__main__':
    main()
