"""Cases by webhook and by program: signatures, retries, redirects, TLS, and a hub that is killed while it sends."""
import json
import signal
import time
import unittest

from mail_server import certificates
from webhook_receiver import Receiver, expected_signature
from world import BIN, Hub, World, main, until

SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'
OLD_SECRET = 'a plain text of twenty letters'
TOKEN = 'Bearer tk_never_to_be_shown'


class Webhook(unittest.TestCase):
    def setUp(self):
        self.world = World.of(self)
        self.center, self.desk = self.world.host('center'), self.world.host('desk')

    def receiver(self, **options):
        made = Receiver(self.desk, **options)
        self.addCleanup(made.stop)
        return made

    def hub_with(self, settings):
        return Hub(self.center, [], 'people:\n  ana: {role: operator}\n' + settings)

    def got(self, receiver, count, what, seconds=20):
        until(lambda: len(receiver.requests) >= count, what, seconds)
        return receiver.bodies()

    def troubles(self, hub):
        return hub.api('/status')['hub']['troubles']

    def settings(self, receiver, extra='', path='/hook/secret-path?sig=secret-query', name='desk'):
        return (f'webhooks:\n  {name}:\n    url: "{receiver.url}{path}"\n    insecure: yes\n    timeout: 3s\n    secret: {SECRET}\n'
                f'    old_secret: {OLD_SECRET}\n    headers: {{Authorization: {TOKEN}}}\n{extra}')

    def test_a_case_is_told_from_its_beginning_to_its_end_signed(self):
        receiver = self.receiver()
        hub = self.hub_with(self.settings(receiver))
        case = hub.alert('192.0.2.66', kind='http_errors', device='scanner', facts={'count': '50', 'path': '/"ñ'})
        opened = self.got(receiver, 1, 'the beginning')[0]
        self.assertEqual((opened['type'], opened['data']['id'], opened['data']['kind'], opened['data']['state']),
                         ('case.opened', case['id'], 'http_errors', 'open'))
        self.assertEqual(opened['data']['facts'], {'count': '50', 'path': '/"ñ'})
        self.assertIn('192.0.2.66', opened['data']['title'])
        hub.cli('decide', case['id'], 'allow')
        closed = self.got(receiver, 2, 'the end')[-1]
        self.assertEqual(closed['type'], 'case.closed')
        self.assertEqual(closed['data']['decision']['response'], 'allow')
        for one in receiver.requests:
            headers = one['headers']
            self.assertEqual((one['method'], one['path'], headers['Content-Type'], headers['Authorization']),
                             ('POST', '/hook/secret-path?sig=secret-query', 'application/json', TOKEN))
            self.assertEqual(headers['webhook-signature'].split(' '),
                             [expected_signature(secret, headers, one['body']) for secret in (SECRET, OLD_SECRET)])
            self.assertAlmostEqual(int(headers['webhook-timestamp']), time.time(), delta=30)
        self.assertNotEqual(*(one['headers']['webhook-id'] for one in receiver.requests))
        time.sleep(2)
        self.assertEqual(len(receiver.requests), 2, 'nothing comes twice')
        self.assertEqual(self.troubles(hub), [])
        self.assertEqual(hub.api('/status')['hub']['sinks']['webhook desk']['waiting'], 0)

    def test_what_fails_is_tried_again_under_the_same_id(self):
        receiver = self.receiver()
        receiver.answers += [500, (429, {'Retry-After': '7'}), 'hang']
        hub = self.hub_with(self.settings(receiver))
        hub.alert('192.0.2.67', device='scanner')
        trouble = until(lambda: self.troubles(hub), 'the status tells')
        self.assertIn('webhook desk: HTTP 500', trouble[0])
        self.assertIn('TROUBLE webhook desk', hub.cli('status').stdout)
        self.got(receiver, 4, 'the fourth try', 90)
        until(lambda: not self.troubles(hub), 'it is well again')
        times = [one['at'] for one in receiver.requests]
        self.assertGreaterEqual(times[1] - times[0], 3.9)
        self.assertGreaterEqual(times[2] - times[1], 7.0, 'as it asked for')
        self.assertEqual(len({one['headers']['webhook-id'] for one in receiver.requests}), 1)
        self.assertEqual(len({one['body'] for one in receiver.requests}), 1)

    def test_a_kill_between_sending_and_recording_repeats_the_id(self):
        receiver = self.receiver()
        receiver.answers += ['hang']
        hub = self.hub_with(self.settings(receiver, '    limit: 1\n'))
        first = hub.alert('192.0.2.68', device='scanner')
        self.got(receiver, 1, 'the first try')
        hub.stop(signal.SIGKILL)
        receiver.answers += [503]
        hub.start()
        self.got(receiver, 2, 'after the kill')
        time.sleep(1)
        hub.stop(signal.SIGKILL)
        hub.start()
        bodies = self.got(receiver, 3, 'after the second kill')
        self.assertEqual({one['data']['id'] for one in bodies}, {first['id']})
        self.assertEqual(len({one['headers']['webhook-id'] for one in receiver.requests}), 1)
        time.sleep(2)
        self.assertEqual(len(receiver.requests), 3)

    def test_a_crowd_comes_as_one_and_keeps_its_id_over_a_kill(self):
        receiver = self.receiver()
        receiver.answers += ['drop']
        hub = self.hub_with(self.settings(receiver, '    limit: 3\n'))
        hub.alert('192.0.2.1', device='scanner')
        self.got(receiver, 1, 'the first, which is lost')
        for number in range(2, 9):
            hub.alert(f'192.0.2.{number}', device='scanner')
        receiver.answers += ['hang']
        digest = self.got(receiver, 2, 'the digest')[1]
        self.assertEqual((digest['type'], digest['data']['count'], len(digest['data']['cases'])), ('cases.digest', 8, 8))
        hub.stop(signal.SIGKILL)
        hub.start()
        again = self.got(receiver, 3, 'the same digest')[2]
        self.assertEqual(receiver.requests[1]['headers']['webhook-id'], receiver.requests[2]['headers']['webhook-id'])
        self.assertEqual([one['id'] for one in again['data']['cases']], [one['id'] for one in digest['data']['cases']])

    def test_refusals_are_told_and_stop_nobody_else(self):
        bad, good = self.receiver(), self.receiver(port=9091)
        bad.answers += [410]
        other = self.settings(good, name='other').removeprefix('webhooks:\n')
        hub = self.hub_with('log: {level: debug}\n' + self.settings(bad) + other)
        case = hub.alert('192.0.2.69', device='scanner')
        self.got(good, 1, 'the good one')
        trouble, = until(lambda: self.troubles(hub), 'the status tells')
        self.assertEqual(trouble, 'webhook desk: HTTP 410 Gone: ok')
        until(lambda: [e['object'] for e in hub.audit(verb='message_given_up')] == [f'case {case["id"]}'], 'the audit trail tells')
        bad.answers += [(302, {'Location': f'{good.url}/elsewhere'})]
        hub.alert('192.0.2.70', device='scanner')
        until(lambda: 'redirects are not followed' in self.troubles(hub)[0], 'the redirect is told')
        self.got(good, 2, 'the second')
        time.sleep(1)
        self.assertEqual([one['path'] for one in good.requests if 'elsewhere' in one['path']], [])
        hub.stop()
        said = (self.world.directory / 'log').read_text(errors='replace')
        for secret in (SECRET, SECRET[6:], OLD_SECRET, TOKEN, 'secret-path', 'secret-query'):
            self.assertNotIn(secret, said)

    def test_what_an_answer_repeats_of_the_secrets_is_not_shown(self):
        receiver = self.receiver()
        receiver.answers += [(401, {}, b'no such token tk_never_to_be_shown for secret-of-the-hook, signed secret-of-the-query')]
        hub = self.hub_with(self.settings(receiver, path='/hook/secret-of-the-hook?sig=secret-of-the-query')
                            .replace(f'Authorization: {TOKEN}', f'Authorization: {TOKEN}, X-Priority: "4"'))
        hub.alert('192.0.2.75', device='scanner')
        trouble, = until(lambda: self.troubles(hub), 'the status tells')
        self.assertEqual(trouble, 'webhook desk: HTTP 401 Unauthorized: no such token *** for ***, signed ***')
        self.got(receiver, 2, 'the second try')
        hub.stop()
        said = (self.world.directory / 'log').read_text(errors='replace')
        for secret in ('tk_never', 'secret-of-the-hook', 'secret-of-the-query'):
            self.assertNotIn(secret, said)

    def test_what_the_other_side_stumbles_over_holds_up_no_other(self):
        receiver = self.receiver()
        receiver.stumbles = lambda body: b'192.0.2.76' in body
        hub = self.hub_with(self.settings(receiver))
        hub.alert('192.0.2.76', device='scanner', severity='critical')
        self.got(receiver, 1, 'the one that it stumbles over')
        hub.alert('192.0.2.77', device='scanner')

        def told(address):
            return [one for one in receiver.bodies() if address in one['data']['title']]
        until(lambda: told('192.0.2.77'), 'the other one', 60)
        hub.alert('192.0.2.78', device='scanner')
        until(lambda: told('192.0.2.78'), 'a new one at once', 40)
        receiver.stumbles = lambda body: False
        before = len(told('192.0.2.76'))
        until(lambda: len(told('192.0.2.76')) > before, 'it goes in the end', 90)
        until(lambda: not self.troubles(hub), 'it is well again')

    def test_link_local_targets_are_never_called(self):
        def check(url):
            file = self.center.directory / 'try.yml'
            file.write_text(f'hub: {{}}\nwebhooks:\n  x: {{url: "{url}", insecure: yes}}\n')
            file.chmod(0o600)
            return self.center.run(BIN / 'garita', 'check', file, check=False)
        for url in ('http://169.254.169.254/latest', 'http://[fe80::1]/', 'http://2852039166/', 'https://metadata.google.internal/x'):
            done = check(url)
            self.assertEqual((done.returncode, 'webhooks.x.url' in done.stdout + done.stderr), (2, True), url)
        self.assertEqual(check('http://10.88.0.9/garita').returncode, 0)
        # a name that leads there
        hosts = self.center.directory / 'hosts'
        hosts.write_text('127.0.0.1 localhost\n169.254.169.254 trap.example.org\n')
        self.center.run('ip', 'addr', 'add', '169.254.169.254/32', 'dev', 'lo')
        self.center.run('mount', '--bind', hosts, '/etc/hosts')
        receiver = Receiver(self.center, 9092)
        self.addCleanup(receiver.stop)
        hub = self.hub_with('webhooks:\n  trap: {url: "http://trap.example.org:9092/x", insecure: yes}\n')
        hub.alert('192.0.2.71', device='scanner')
        trouble, = until(lambda: self.troubles(hub), 'the status tells')
        self.assertIn('link-local', trouble)
        self.assertEqual(receiver.requests, [])

    def test_the_test_message_says_what_was_answered(self):
        receiver = self.receiver()
        file = self.center.directory / 'try.yml'
        file.write_text(f'hub: {{state: {self.center.directory}, language: es}}\n' + self.settings(receiver) + 'exec:\n  say: {command: [/usr/bin/false]}\n')
        file.chmod(0o600)

        def try_it(*name):
            done = self.center.run(BIN / 'garita', 'webhook', 'test', '-c', file, *name, check=False)
            return done.returncode, done.stdout + done.stderr
        self.assertEqual(try_it('desk'), (0, 'webhook desk: TAKEN\n'))
        one, = receiver.requests
        self.assertEqual((receiver.bodies()[0]['type'], receiver.bodies()[0]['data']['title']), ('test', 'Garita: prueba'))
        self.assertEqual(one['headers']['webhook-signature'].split(' ')[0], expected_signature(SECRET, one['headers'], one['body']))
        receiver.answers += [403]
        code, said = try_it()
        self.assertEqual(code, 1)
        self.assertIn('webhook desk: NOT NOW', said)
        self.assertIn('HTTP 403 Forbidden', said)
        self.assertIn('exec say: NOT NOW', said)
        self.assertEqual(try_it('other')[0], 1)

    def test_tls_by_an_authority_of_ones_own(self):
        folder = self.world.directory / 'certificates'
        certificates(folder, self.desk.address)
        receiver = self.receiver(certificate=folder)
        settings = self.settings(receiver).replace('    insecure: yes\n', '')
        hub = self.hub_with(settings)
        hub.alert('192.0.2.72', device='scanner')
        trouble, = until(lambda: self.troubles(hub), 'nobody vouches for it')
        self.assertIn('certificate', trouble)
        self.assertEqual(receiver.requests, [])
        hub.configure('people:\n  ana: {role: operator}\n' + settings + f'    ca: {folder}/ca.crt\n')
        hub.process.send_signal(signal.SIGHUP)
        self.got(receiver, 1, 'it comes now')

    def test_presets_and_templates(self):
        receiver = self.receiver()

        def sink(name, path, extra):
            return f'  {name}:\n    url: "{receiver.url}{path}"\n    insecure: yes\n{extra}'
        hub = self.hub_with('webhooks:\n' + sink('n', '/garita', '    preset: ntfy\n') + sink('g', '/message?token=x', '    preset: gotify\n')
                            + sink('m', '', '    preset: matrix\n    room: "!a/b:example.org"\n')
                            + sink('s', '/services/T/B/x', '    preset: slack\n') + sink('d', '/discord', '    preset: discord\n')
                            + sink('t', '/teams', '    preset: teams\n') + sink('mm', '/hooks/x', '    preset: mattermost\n')
                            + sink('own', '/own', '    method: PUT\n    body: \'{{"who": "{fact.user}", "n": {id}}}\'\n')
                            + sink('plain', '/plain', '    content_type: text/plain\n    body: \'{title} {fact.user|url}\'\n'))
        case = hub.alert('192.0.2.73', kind='ssh_login', device='scanner', severity='critical', facts={'user': 'a"<!channel> `@everyone'})
        until(lambda: len(receiver.requests) == 9, 'all nine')
        by_path = {one['path'].split('?')[0]: one for one in receiver.requests}
        body = {path: json.loads(one['body']) for path, one in by_path.items() if path != '/plain'}
        self.assertEqual((body['/']['topic'], body['/']['priority'], body['/']['tags']), ('garita', 5, ['rotating_light']))
        self.assertEqual(body['/message']['priority'], 9)
        matrix, = [one for path, one in by_path.items() if path.startswith('/_matrix/')]
        self.assertEqual((matrix['method'], matrix['path']), ('PUT', '/_matrix/client/v3/rooms/%21a%2Fb%3Aexample.org/send/m.room.message/'
                                                             + matrix['headers']['webhook-id']))
        self.assertEqual(json.loads(matrix['body'])['msgtype'], 'm.text')
        self.assertIn('&lt;!channel&gt;', body['/services/T/B/x']['text'])
        self.assertEqual(body['/discord']['allowed_mentions'], {'parse': []})
        self.assertEqual(body['/discord']['content'].count('`'), 6)
        self.assertIn('@everyone', body['/hooks/x']['text'])
        self.assertEqual(body['/teams']['attachments'][0]['content']['type'], 'AdaptiveCard')
        self.assertEqual((by_path['/own']['method'], body['/own']), ('PUT', {'who': 'a"<!channel> `@everyone', 'n': case['id']}))
        self.assertRegex(by_path['/plain']['body'].decode(), r'^#\d+ scanner: .* a%22%3C%21channel%3E%20%60%40everyone$')

    def test_a_program_gets_the_case_and_is_run_again_until_it_ends_well(self):
        program = self.center.directory / 'tell'
        seen = self.center.directory / 'seen'
        program.write_text(f'#!/bin/sh\n[ -z "$HOME$LANG" ] || exit 9\n/usr/bin/printf "%s\\n" "$@" >> {seen}.words\n/usr/bin/cat >> {seen}\n'
                           f'[ -e {seen}.ready ] || {{ echo "no such desk" >&2; exit 3; }}\n')
        program.chmod(0o755)
        hub = self.hub_with(f'exec:\n  tell:\n    command: [{program}, "--title={{title}}", "{{fact.user}}"]\n    timeout: 2s\n'
                            '  slow:\n    command: [/usr/bin/sleep, "60"]\n')
        case = hub.alert('192.0.2.74', kind='ssh_login', device='scanner', facts={'user': '$(id) ; "x'})
        until(lambda: any('exec tell' in one for one in self.troubles(hub)), 'the status tells')
        self.assertIn('no such desk', ' '.join(self.troubles(hub)))
        (self.center.directory / 'seen.ready').touch()
        until(lambda: not self.troubles(hub), 'it is well again')
        told = [json.loads(line) for line in seen.read_text().splitlines()]
        self.assertGreaterEqual(len(told), 2)
        self.assertEqual({(one['type'], one['data']['id']) for one in told}, {('case.opened', case['id'])})
        words = (self.center.directory / 'seen.words').read_text().splitlines()[-2:]
        self.assertTrue(words[0].startswith(f'--title=#{case["id"]} '), words)
        self.assertEqual(words[1], '$(id) ; "x')
        begun = time.time()
        hub.stop()
        self.assertLess(time.time() - begun, 5, 'the slow one is not waited for')


if __name__ == '__main__':
    main()
