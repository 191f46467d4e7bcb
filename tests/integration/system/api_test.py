"""The REST API held to its own document, over TLS with tokens, by a caller that sends everything wrong."""
import copy
import hashlib
import json
import ssl
import subprocess

from api_caller import SCOPES, ApiCaller, ends_in, secret_of
from world import main, until


class Api(ApiCaller):
    def test_every_path_of_the_document_answers_as_it_says(self):
        number = self.new_case(facts={'a': 'b'}, severity='critical', at='2026-01-01T00:00:00Z')
        other = self.new_case()
        decision = '/cases/{id}/decision'
        self.checked('GET', '/openapi.json', 200)
        self.checked('GET', '/status', 200)
        self.checked('GET', '/cases', 200, path='/cases?state=open&limit=5&device=all&kind=scan')
        self.checked('GET', '/cases/{id}', 200, path=f'/cases/{number}')
        self.checked('GET', '/cases/{id}', 404, path='/cases/99999')
        self.checked('POST', decision, 200, {'response': 'block', 'for': 60.5, 'comment': 'ñ'}, f'/cases/{number}/decision')
        late = self.checked('POST', decision, 409, {'response': 'nothing'}, f'/cases/{number}/decision', token='other')
        self.assertEqual((late['outcome'], late['case']['decision']['by']['name']), ('already_decided', 'all'))
        self.checked('POST', decision, 422, {'response': 'reboot'}, f'/cases/{other}/decision')
        self.checked('POST', decision, 404, {'response': 'block'}, '/cases/99999/decision')
        until(lambda: self.hub.cases('closed', id=number), 'the block is in force')
        self.checked('GET', '/cases/{id}', 200, path=f'/cases/{number}')
        self.checked('GET', '/cases', 200, path='/cases?state=all')
        changed = self.checked('POST', '/rules', 200, {'networks': ['203.0.113.0/24', '2001:db8::1', 'rubbish', '127.0.0.1'], 'for': 90})
        self.assertEqual((changed['changed'], [r['row'] for r in changed['refused']]), (2, [2, 3]))
        self.checked('POST', '/rules', 200, {'networks': ['203.0.113.0/24'], 'until_unset': True, 'devices': ['server']})
        self.checked('POST', '/rules', 200, {'networks': ['203.0.113.77'], 'for': '1h30m'})
        rule = next(r for r in self.checked('GET', '/rules', 200, path='/rules?limit=1000')['rules'] if r['params'] == '203.0.113.77')
        self.assertAlmostEqual(ends_in(rule['expires_at']), 5400, delta=30)
        self.checked('POST', '/rules', 422, {'networks': ['203.0.113.77'], 'for': 'a while'})
        self.checked('POST', decision, 422, {'response': 'block', 'for': '1h 30m'}, f'/cases/{other}/decision')
        self.checked('POST', '/rules/unset', 200, {'networks': ['203.0.113.77']})
        self.checked('POST', '/rules', 403, {'networks': ['127.0.0.1']})
        self.checked('GET', '/rules', 200, path='/rules?limit=1')
        self.checked('GET', '/rules', 200, path='/rules?device=server&name=block')
        self.checked('POST', '/rules/unset', 200, {'networks': ['203.0.113.0/24', '2001:db8::1']})
        notification = {'version': '4', 'alerts': [{'labels': {'alertname': 'Down'}, 'startsAt': '2026-11-22T06:08:10Z', 'fingerprint': 'f00'}]}
        self.assertEqual(self.checked('POST', '/sources/alertmanager', 202, notification)['accepted'], 1)
        self.checked('POST', '/sources/alertmanager', 422, {'version': '3'})
        self.checked('GET', '/agents', 200)
        self.checked('POST', '/agents/codes', 403, {'name': 'web7'})
        self.checked('POST', '/agents/{name}/revoke', 403, {}, '/agents/server/revoke')
        self.checked('GET', '/audit', 200, path='/audit?limit=1000')
        self.checked('GET', '/audit', 200, path='/audit?since=2026-01-01T00:00:00Z')
        self.checked('GET', '/audit', 422, path='/audit?limit=many')
        self.checked('GET', '/audit', 422, path='/audit?since=yesterday')
        rows = self.checked('GET', '/audit/rows', 200, path='/audit/rows?limit=5000')['rows']
        self.checked('GET', '/audit/rows', 422, path='/audit/rows?after=x')
        self.assertEqual([r['seq'] for r in rows], list(range(1, len(rows) + 1)))
        self.assertEqual(self.checked('GET', '/audit/head', 200)['seq'], len(rows))
        self.assertTrue(self.checked('GET', '/audit/proof', 200)['proven'])
        self.checked('GET', '/cases', 422, path='/cases?state=sleepy')
        self.checked('GET', '/rules', 422, path='/rules?limit=-1')
        self.checked('POST', '/devices/rules/forget', 404, {'device': 'nowhere'}, token='ana')
        self.checked('POST', '/devices/rules/forget', 422, {'rule': 'inet_access'}, token='ana')
        self.checked('GET', '/policies', 200)
        self.checked('POST', '/policies/resume', 404, {'policy': 'nothing'}, token='ana')
        self.checked('POST', '/policies/resume', 409, {'policy': '2'}, token='ana')
        self.checked('POST', '/undo', 404, {'policy': 'nothing', 'last': 60}, token='ana')
        self.checked('POST', '/undo', 422, {'policy': '1'}, token='ana')
        self.checked('POST', '/cases/{id}/confirm', 422, {}, f'/cases/{number}/confirm', token='ana')
        self.assertIn('nobody is on call', self.checked('POST', '/cases/{id}/acknowledgement', 422, {}, f'/cases/{number}/acknowledgement', token='ana')['detail'])
        self.assertEqual(self.checked('GET', '/ports', 200)['hosts'][0]['host'], '127.0.0.1')
        self.checked('GET', '/ports/history', 200, path='/ports/history?host=127.0.0.1')
        self.checked('GET', '/ports/history', 422)
        self.checked('POST', '/ports/scan', 200, {'host': '127.0.0.1'}, token='ana')
        self.checked('POST', '/ports/scan', 404, {'host': 'nowhere.example.org'}, token='ana')
        task = {'ask': 'names', 'names': ['web.example.org']}
        self.checked('GET', '/agents/{name}/scans', 404, path='/agents/nowhere/scans')
        self.checked('POST', '/agents/{name}/scans', 404, task, '/agents/nowhere/scans')
        for wrong in ({}, {'ask': 'shell'}, {**task, 'more': 1}, {**task, 'names': ['x'] * 1025}):
            self.checked('POST', '/agents/{name}/scans', 422, wrong, '/agents/nowhere/scans')
        self.checked('GET', '/scans/{id}', 404, path='/scans/nothing')
        self.checked('POST', '/scans/{id}/stop', 404, {}, '/scans/nothing/stop')
        self.assertIn('docs/access.md', self.checked('GET', '/access/requests', 404)['detail'])  # not in this hub's file
        self.checked('POST', '/access/requests', 404, {'mac': '0011.2233.4455'})
        self.checked('GET', '/access/requests/{id}', 404, path='/access/requests/A1')
        self.checked('POST', '/access/requests/{id}/kill', 404, {}, '/access/requests/A1/kill')
        self.checked('GET', '/access/status', 404)
        self.checked('POST', '/access/switches/{name}/retry', 404, {}, '/access/switches/sw1/retry')
        seen = {'/access/requests', '/access/requests/{id}', '/access/requests/{id}/kill', '/access/status', '/access/switches/{name}/retry', '/policies', '/policies/resume', '/undo', '/cases/{id}/confirm', '/cases/{id}/acknowledgement', '/openapi.json', '/status', '/cases', '/cases/{id}', decision, '/rules', '/rules/unset', '/audit',
                '/audit/rows', '/audit/head', '/audit/proof', '/devices/rules', '/devices/rules/history', '/devices/rules/counts',
                '/devices/rules/plan', '/devices/rules/drift', '/devices/rules/rebuild', '/devices/rules/forget', '/ports', '/ports/history', '/ports/scan', '/agents/{name}/scans', '/scans/{id}', '/scans/{id}/stop', '/alerts', '/sources/alertmanager', '/agents', '/agents/codes', '/agents/{name}/revoke'}
        self.assertEqual(set(self.document['paths']), {'/api/v1' + path for path in seen})

    def test_what_is_not_documented_is_not_there(self):
        documented = {(m.upper(), p) for p, methods in self.document['paths'].items() for m in methods}
        paths = {p.replace('{id}', '1').replace('{name}', 'x') for _, p in documented}
        for path in paths | {p + '/' for p in paths} | {p + '/more' for p in paths} | {
                '/api', '/api/v1', '/api/v1/', '/api/v2/status', '/', '/api/v1/devices', '/api/v1/tokens', '/api/v1/cases/x',
                '/api/v1/cases/0', '/api/v1/cases/-1', '/api/v1/cases/9999999999999999999999', '/metrics', '/..%2fstatus', '/api/v1/cases/1%00'}:
            for method in ('GET', 'POST', 'PUT', 'DELETE', 'PATCH', 'HEAD'):
                if (method, path.replace('/cases/1', '/cases/{id}').replace('/scans/1', '/scans/{id}').replace('/agents/x', '/agents/{name}').replace('/requests/1', '/requests/{id}').replace('/switches/x', '/switches/{name}')) in documented or (method == 'HEAD' and path in paths):
                    continue
                with self.subTest(f'{method} {path}'):
                    code, text, headers = self.call(method, '/' + path, b'{}' if method == 'POST' else None)
                    self.assertIn(code, (404, 405, 501), text)
                    if path in paths:
                        self.assertIn(code, (405, 501))
        for path, methods in self.document['paths'].items():  # the router's own list
            code, _, headers = self.call('OPTIONS', '/' + path.replace('{id}', '1').replace('{name}', 'x'))
            allowed = set(headers['Allow'].split(', ')) - {'HEAD', 'OPTIONS'}
            self.assertEqual((code, allowed), (204, {m.upper() for m in methods}), path)

    def test_tokens_and_their_scopes(self):
        number = self.new_case()
        need = {('POST', '/alerts'): 'alerts:write', ('GET', '/cases'): 'cases:read', ('GET', '/cases/{id}'): 'cases:read',
                ('POST', '/cases/{id}/decision'): 'decisions:write', ('GET', '/rules'): 'rules:read', ('POST', '/rules'): 'rules:write',
                ('GET', '/policies'): 'status:read', ('POST', '/policies/resume'): 'decisions:write', ('POST', '/undo'): 'rules:write',
                ('POST', '/cases/{id}/confirm'): 'decisions:write', ('POST', '/cases/{id}/acknowledgement'): 'decisions:write', ('POST', '/rules/unset'): 'rules:write', ('GET', '/status'): 'status:read', ('GET', '/audit'): 'audit:read',
                ('GET', '/agents'): 'status:read', ('POST', '/devices/rules'): 'rules:write', ('GET', '/devices/rules'): 'rules:read',
                ('GET', '/devices/rules/history'): 'rules:read', ('GET', '/devices/rules/counts'): 'rules:read',
                ('GET', '/devices/rules/plan'): 'rules:read', ('POST', '/devices/rules/drift'): 'rules:read',
                ('POST', '/devices/rules/rebuild'): 'rules:write', ('POST', '/devices/rules/forget'): 'rules:write',
                ('GET', '/ports'): 'status:read', ('GET', '/ports/history'): 'status:read', ('POST', '/ports/scan'): 'decisions:write',
                ('GET', '/scans/{id}'): 'decisions:write', ('POST', '/scans/{id}/stop'): 'decisions:write',
                ('GET', '/access/requests'): 'access:read', ('POST', '/access/requests'): 'access:write', ('GET', '/access/requests/{id}'): 'access:read',
                ('POST', '/access/requests/{id}/kill'): 'access:write', ('GET', '/access/status'): 'access:read',
                ('GET', '/audit/rows'): 'audit:read', ('GET', '/audit/head'): 'audit:read', ('GET', '/audit/proof'): 'audit:read'}
        for (method, template), scope in need.items():
            path, body = template.replace('{id}', str(number)), {} if method == 'POST' else None
            self.assertIn(f'`{scope}`', self.document['paths']['/api/v1' + template][method.lower()]['description'])
            for mine in SCOPES:
                code, text, _ = self.call(method, path, body, token=mine.replace(':', '-'))
                with self.subTest(f'{mine} for {method} {template}'):
                    if mine == scope:
                        self.assertIn(code, (200, 404, 422), text)
                    else:
                        self.checked(method, template, 403, body, path, token=mine.replace(':', '-'))
            self.checked(method, template, 401, body, path, token=None)
            self.checked(method, template, 401, body, path, token='nobody')
        for wrong in ('Bearer', 'Bearer ', 'Basic YWxsOng=', f'bearer {secret_of("all")} ', secret_of('all'), f'Bearer {secret_of("all")}x',
                      f'Bearer {secret_of("all")[:-1]}', 'Bearer ' + 'x' * 5000):
            code, text, _ = self.call('GET', '/status', token=None, headers={'Authorization': wrong})
            self.assertIn(code, (401, 431), wrong)
            self.assertNotIn(secret_of('all').encode(), text)

    def test_a_token_decides_in_a_persons_name_with_the_persons_role(self):
        number = self.new_case()
        self.checked('POST', '/cases/{id}/decision', 403, {'response': 'block'}, f'/cases/{number}/decision', token='eve')
        done = self.checked('POST', '/cases/{id}/decision', 200, {'response': 'nothing'}, f'/cases/{number}/decision', token='ana')
        by = done['case']['decision']['by']
        self.assertEqual((by['kind'], by['name'], by['role']), ('person', 'ana', 'approver'))

    def test_two_persons_make_one_decision(self):
        number = self.new_case(kind='two_keys')
        decision, path = '/cases/{id}/decision', f'/cases/{number}/decision'
        first = self.checked('POST', decision, 202, {'response': 'block'}, path, token='ana')
        self.assertEqual((first['outcome'], first['case']['state']), ('proposed', 'open'))
        self.assertEqual([a['by']['name'] for a in first['case']['proposal']['by']], ['ana'])
        self.checked('POST', decision, 202, {'response': 'block'}, path, token='ana')
        self.checked('POST', decision, 403, {'response': 'block'}, path, token='all')  # a token is nobody
        self.assertFalse([r for r in self.hub.api('/rules?limit=10000')['rules'] if r.get('case_id') == number])
        done = self.checked('POST', decision, 200, {'response': 'block'}, path, token='ben')
        self.assertEqual(done['case']['decision']['by']['name'], 'ben')

    def test_a_wide_block_ends_unless_it_is_confirmed_from_a_new_connection(self):
        self.checked('POST', '/rules', 403, {'networks': ['198.18.0.0/16']})  # needs an approver
        done = self.checked('POST', '/rules', 200, {'networks': ['198.18.0.0/16', '203.0.113.77']}, token='ana')
        number = done['confirm_case']
        shown = self.checked('GET', '/cases/{id}', 200, path=f'/cases/{number}')
        self.assertEqual(shown['provisional']['state'], 'waiting')
        until(lambda: self.hub.api(f'/cases/{number}')['provisional'].get('in_force_since'), 'it is in force')
        ends = self.hub.api('/rules?params=198.18.0.0/16')['rules'][0]['expires_at']
        self.checked('POST', '/cases/{id}/confirm', 403, path=f'/cases/{number}/confirm')
        kept = self.checked('POST', '/cases/{id}/confirm', 200, path=f'/cases/{number}/confirm', token='ana')
        self.assertEqual(kept['case']['provisional']['state'], 'confirmed')
        self.assertGreater(self.hub.api('/rules?params=198.18.0.0/16')['rules'][0]['expires_at'], ends)
        self.checked('POST', '/cases/{id}/confirm', 409, path=f'/cases/{number}/confirm', token='ana')
        self.checked('POST', '/rules/unset', 200, {'networks': ['198.18.0.0/16', '203.0.113.77']})

    def test_a_policy_that_does_too_much_is_suspended_resumed_and_undone(self):
        name = 'deluge auto'
        def blocks():
            return {r['params'] for r in self.hub.api('/rules?limit=10000')['rules'] if r['author'].startswith(name) and r['desired']}
        for _ in range(4):
            self.checked('POST', '/alerts', 202, {'kind': 'deluge', 'address': next(self.addresses)})
        until(lambda: self.hub.api('/status')['suspended_policies'], 'it is suspended')
        self.assertEqual(len(blocks()), 2)
        shown = self.checked('GET', '/policies', 200)['policies'][0]
        self.assertEqual((shown['name'], shown['done_lately'], shown['at_most']), (name, 2, 2))
        self.checked('GET', '/status', 200)
        question = self.hub.api(f"/cases/{shown['case_id']}")
        self.assertEqual(question['responses'], ['keep_observing', 'resume', 'undo'])
        order = {'policy': name, 'last': 3600}
        self.assertEqual(self.checked('POST', '/undo', 200, {**order, 'dry_run': True})['unset'], 2)
        self.checked('POST', '/undo', 403, order)
        self.checked('POST', '/policies/resume', 403, {'policy': name})
        self.assertEqual(self.checked('POST', '/undo', 200, order, token='ana')['unset'], 2)
        self.assertEqual(self.checked('POST', '/undo', 200, order, token='ana')['unset'], 0)
        self.assertEqual(blocks(), set())
        self.assertEqual(self.checked('POST', '/policies/resume', 200, {'policy': '1'}, token='ana')['policy'], name)
        self.assertEqual(self.hub.api('/status')['suspended_policies'], [])
        self.assertEqual(self.hub.api(f"/cases/{shown['case_id']}")['decision']['response'], 'resume')

    def test_tls_is_what_is_pinned(self):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        with context.wrap_socket(self.client.connect(self.server.address, 8443)) as connection:
            certificate = ssl.DER_cert_to_PEM_cert(connection.getpeercert(binary_form=True))
            key = subprocess.run('openssl x509 -pubkey -noout | openssl pkey -pubin -outform DER', shell=True, check=True,
                                 input=certificate.encode(), capture_output=True).stdout
            digest = hashlib.sha256(key).hexdigest()
            self.assertIn(connection.version(), ('TLSv1.2', 'TLSv1.3'))
        self.assertEqual(self.hub.pin, 'sha256:' + digest)
        with self.assertRaises(ssl.SSLCertVerificationError):
            self.call('GET', '/status', context=ssl.create_default_context())
        done = self.server.run('curl', '-sS', '--cacert', self.hub.certificate, '-H', f'Authorization: Bearer {secret_of("all")}',
                               'https://localhost:8443/api/v1/status')
        self.assertIn('hub', json.loads(done.stdout))
        with self.client.connect(self.server.address, 8443) as plain:
            plain.sendall(b'GET /api/v1/status HTTP/1.1\r\nHost: x\r\n\r\n')
            try:
                self.assertNotIn(b'200', plain.recv(1000))
            except ConnectionError:
                pass

    def test_the_same_key_gets_the_first_answer(self):
        alert = {'kind': 'scan', 'address': next(self.addresses)}
        first, again = (self.checked('POST', '/alerts', 202, alert, headers={'Idempotency-Key': 'k1'}) for _ in range(2))
        self.assertEqual(first, again)
        mine = self.checked('POST', '/alerts', 202, alert, headers={'Idempotency-Key': 'k1'}, token='other')
        self.assertNotEqual(mine['ids'], first['ids'])  # keys are each caller's own
        until(lambda: len(self.hub.cases('all', address=alert['address'])) == 2, 'a case for each of both devices')
        self.assertEqual([c['alert_count'] for c in self.hub.cases('all', address=alert['address'])], [1, 1])
        self.checked('POST', '/alerts', 422, alert, headers={'Idempotency-Key': 'k' * 129})
        with_uid = {**alert, 'uid': 'mine', 'device': 'sensor'}
        self.assertEqual(self.checked('POST', '/alerts', 202, with_uid)['accepted'], 1)
        twice = self.checked('POST', '/alerts', 202, with_uid)
        self.assertEqual((twice['accepted'], twice['duplicates'], twice['ids']), (0, 1, []))

    def test_batches_are_all_or_nothing(self):
        batch = [{'kind': 'scan', 'address': next(self.addresses), 'uid': f'b{n}'} for n in range(100)]
        self.assertEqual(self.checked('POST', '/alerts', 202, {'alerts': batch})['accepted'], 100)
        self.assertEqual(self.checked('POST', '/alerts', 202, {'alerts': batch})['duplicates'], 100)
        before = self.hub.api('/status')['counts']['alerts']
        broken = copy.deepcopy(batch)
        for n, alert in enumerate(broken):
            alert['uid'] = f'c{n}'
        broken[70]['address'] = '192.0.2.999'
        told = self.checked('POST', '/alerts', 422, {'alerts': broken})
        self.assertIn('alerts[70].address', told['detail'])
        self.assertEqual(self.hub.api('/status')['counts']['alerts'], before)
        self.checked('POST', '/alerts', 422, {'alerts': [{'kind': 'scan'}] * 1001})
        self.checked('POST', '/alerts', 202, {'alerts': []})
        self.checked('POST', '/alerts', 403, {'kind': 'ssh_login', 'device': 'server', 'address': '192.0.2.200'})

    def test_wrong_types_are_422(self):
        alert = {'kind': 'scan', 'address': '192.0.2.250'}
        wrong = [{'kind': 1}, {'kind': ''}, {'kind': 'x' * 200}, {'address': 5}, {'address': 'nowhere'}, {'address': '192.0.2.1/24'},
                 {'severity': 'huge'}, {'severity': None}, {'at': 'yesterday'}, {'at': 12345}, {'facts': []}, {'facts': {'a': 1}},
                 {'facts': {'a': 'x' * 5000}}, {'facts': {str(n): '' for n in range(65)}}, {'unknown': 1}, {'uid': 'x' * 600},
                 {'subject': ['a']}, {'device': {}}]
        for member in wrong:
            with self.subTest(str(member)[:60]):
                told = self.checked('POST', '/alerts', 422, {**alert, **member})
                self.assertTrue(told['detail'])
        number = self.new_case()
        for body in ({}, {'response': 'explode'}, {'response': 7}, {'response': 'block', 'for': 'long'}, {'response': 'block', 'for': -1},
                     {'response': 'block', 'for': 1e300}, {'response': 'block', 'for': 0}, {'response': 'block', 'x': 1},
                     {'response': 'block', 'comment': 'x' * 5000}, [], None, 'block', 3):
            with self.subTest(str(body)[:60]):
                self.checked('POST', '/cases/{id}/decision', 422, json.dumps(body), f'/cases/{number}/decision')
        self.assertEqual(self.hub.api(f'/cases/{number}')['state'], 'open')
        for body in ({'networks': '192.0.2.1'}, {'networks': []}, {'networks': [1]}, {'networks': ['192.0.2.1'], 'for': -5},
                     {'networks': ['192.0.2.1'], 'name': 'reboot'}, {'networks': ['192.0.2.1'], 'devices': 'server'}, {}):
            with self.subTest(str(body)):
                self.checked('POST', '/rules', 422, body)

    def test_garbage_depth_and_size(self):
        for body in (b'', b'{', b'\xff\xfe\x00', b'null', b'[]', b'{"kind": "\xff"}', b'{"kind":"a"} x',
                     b'[' * 100000, b'{"kind":"scan","facts":' + b'{"a":' * 5000 + b'1' + b'}' * 5001,
                     b'{"kind":"\\ud800"}', b'1e999999', b'{"kind":NaN}'):
            with self.subTest(body[:30]):
                self.checked('POST', '/alerts', 422, body)
        for body in (b'x' * 1100000, b'{"kind":"' + b'a' * 2000000 + b'"}'):
            code, _, _ = self.call('POST', '/alerts', body)
            self.assertEqual(code, 413)
        for head in (b'\x00' * 100, b'GET\r\n\r\n', b'GET / HTTP/9.9\r\n\r\n', b'POST /api/v1/alerts HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n',
                     b'POST /api/v1/alerts HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
                     b'GET /' + b'a' * 100000 + b' HTTP/1.1\r\n\r\n', b'GET / HTTP/1.1\r\n' + b'X: y\r\n' * 10000 + b'\r\n'):
            with self.subTest(head[:40]):
                with self.tls().wrap_socket(self.client.connect(self.server.address, 8443), server_hostname=self.server.address) as sock:
                    try:
                        sock.sendall(head)
                        answer = sock.recv(1000)
                    except (ConnectionError, ssl.SSLError):
                        continue
                    self.assertRegex(answer, rb'^(HTTP/1.[01] (4\d\d|50[15]) |$)')
        self.assertEqual(self.call('GET', '/status')[0], 200)


if __name__ == '__main__':
    main()
