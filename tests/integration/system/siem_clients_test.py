"""The emulated SIEM answers clients that others wrote, asked as public clients of MaxPatrol SIEM ask: what it teaches us would
be worth nothing otherwise."""
import datetime
import json
import os
import re
import subprocess
import time
import unittest
import unittest.mock

import oauthlib.oauth2
import requests
import requests_oauthlib

from siem import CLIENT_SECRET, PASSWORD, PERSONAL, USER, Siem
from world import World, main

SCOPE = ['authorization', 'offline_access', 'mpx.api', 'ptkb.api']
COLUMNS = ['key', 'name', 'category', 'type', 'status', 'created', 'assigned']


def listing(begin, **more):
    """As the bot that Garita replaces asks, and several others."""
    return {'offset': 0, 'limit': 50, 'groups': {'filterType': 'no_filter'}, 'timeFrom': begin, 'timeTo': None, 'filterTimeType': 'creation',
            'filter': {'select': COLUMNS, 'orderby': [{'field': 'created', 'sortOrder': 'descending'}, {'field': 'status', 'sortOrder': 'ascending'},
                                                      {'field': 'severity', 'sortOrder': 'descending'}], **more},
            'queryIds': ['all_incidents']}


def an_hour_ago(form='%Y-%m-%dT%H:%M:%S.000Z'):
    return (datetime.datetime.now(datetime.timezone.utc) - datetime.timedelta(hours=1)).strftime(form)


class Clients(unittest.TestCase):
    def setUp(self):
        self.world = World.of(self)
        self.center = self.world.host('center')

    def secured(self, **options):
        certificate, key = self.world.directory / 'siem.crt', self.world.directory / 'siem.key'
        subprocess.run(['openssl', 'req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-subj', '/CN=siem', '-addext',
                        'subjectAltName=IP:127.0.0.1', '-keyout', key, '-out', certificate], check=True, capture_output=True)
        siem = Siem(self.center, options=('--certificate', certificate, '--key', key), **options)
        siem.scheme, self.certificate = 'https', str(certificate)
        self.url = f'https://127.0.0.1:{siem.port}'
        return siem

    def test_a_library_logs_in_and_renews_by_itself(self):
        siem = self.secured(lifetime=2)
        siem.add()

        def talk():
            renewed = []
            session = requests_oauthlib.OAuth2Session(
                client=oauthlib.oauth2.LegacyApplicationClient(client_id='mpx', scope=SCOPE), scope=SCOPE, auto_refresh_url=f'{self.url}/connect/token',
                auto_refresh_kwargs={'client_id': 'mpx', 'client_secret': CLIENT_SECRET}, token_updater=renewed.append)
            first = session.fetch_token(f'{self.url}/connect/token', username=USER, password=PASSWORD, include_client_id=True,
                                        client_secret=CLIENT_SECRET, response_type='code id_token')
            rows = []
            for _ in range(3):
                rows.append(session.post(f'{self.url}/api/v2/incidents/', json=listing(an_hour_ago())).json())
                time.sleep(1.2)
            with self.assertRaises(oauthlib.oauth2.rfc6749.errors.InvalidGrantError):
                session.fetch_token(f'{self.url}/connect/token', username=USER, password='wrong', include_client_id=True, client_secret=CLIENT_SECRET,
                                    response_type='code id_token')
            with self.assertRaises(oauthlib.oauth2.rfc6749.errors.InvalidGrantError):  # each refresh token serves once
                session.refresh_token(f'{self.url}/connect/token', refresh_token=first['refresh_token'], client_id='mpx', client_secret=CLIENT_SECRET)
            return first, renewed, rows
        with unittest.mock.patch.dict(os.environ, {'REQUESTS_CA_BUNDLE': self.certificate}):
            first, renewed, rows = self.center.inside(talk)
        self.assertEqual((first['token_type'], first['expires_in']), ('Bearer', 2))
        self.assertGreaterEqual(len(renewed), 1)
        self.assertNotEqual(renewed[0]['access_token'], first['access_token'])
        self.assertEqual([len(row['incidents']) for row in rows], [1, 1, 1])

    def curl(self, *words):
        """(status, body)"""
        done = self.center.run('curl', '-sS', '--cacert', self.certificate, '-w', '\n%{http_code}', *words)
        body, _, status = done.stdout.rpartition('\n')
        return int(status), json.loads(body) if body else None

    def log_in(self, password=PASSWORD):
        # put together by hand, with a blank at the end, as the bot does it
        form = (f'username={USER}&password={password.replace(" ", "%20")}&client_id=mpx&client_secret={CLIENT_SECRET}&grant_type=password'
                '&response_type=code%20id_token&scope=authorization%20offline_access%20mpx.api%20ptkb.api ')
        return self.curl('-H', 'Authorization: Bearer undefined', '-H', 'Content-Type: application/x-www-form-urlencoded', '-d', form,
                         f'{self.url}/connect/token')

    def test_the_requests_of_the_bot_one_by_one(self):
        siem = self.secured()
        siem.add(2, events=3)
        status, body = self.log_in('wrong')
        self.assertEqual(status, 400)
        self.assertIn('invalid_username_or_password', json.dumps(body))
        status, token = self.log_in()
        self.assertEqual(status, 200)
        self.assertLessEqual({'access_token', 'expires_in', 'token_type', 'refresh_token'}, set(token))
        bearer = ('-H', f'Authorization: Bearer {token["access_token"]}', '-H', 'Content-Type: application/json')
        self.assertEqual(self.curl('-H', 'Authorization: Bearer stale', '-d', '{}', f'{self.url}/api/v2/incidents/')[0], 401)

        # the time of a first start, which has no zone, and that of a later one
        for begin in (an_hour_ago('%Y-%m-%dT%H:%M:%S.%f'), an_hour_ago('%Y-%m-%dT%H:%M:%S.%f') + 'Z', an_hour_ago()):
            status, page = self.curl(*bearer, '-d', json.dumps(listing(begin)), f'{self.url}/api/v2/incidents/')
            self.assertEqual((status, page['totalItems']), (200, 2))
        row = page['incidents'][0]
        self.assertEqual(row['key'], 'INC-2', 'the newest first')
        self.assertRegex(row['created'], r'^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{7}Z$')
        datetime.datetime.fromisoformat(row['created'][:23])
        self.assertRegex(row['id'], r'^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$')
        for where, keys in (('key="INC-1"', ['INC-1']), ('status = new', ['INC-2', 'INC-1']), ('status != "Closed"', ['INC-2', 'INC-1']),
                            ("status NOT IN ('New','Closed')", [])):
            page = self.curl(*bearer, '-d', json.dumps(listing(an_hour_ago(), where=where)), f'{self.url}/api/v2/incidents/')[1]
            self.assertEqual([one['key'] for one in page['incidents']], keys, where)

        status, whole = self.curl(*bearer, f'{self.url}/api/incidentsReadModel/incidents/{row["id"]}')
        self.assertEqual(status, 200)
        for name in ('id', 'key', 'severity', 'type', 'name', 'status', 'created'):
            self.assertIn(name, whole)
        events = self.curl(*bearer, f'{self.url}/api/incidents/{row["id"]}/events')[1]
        self.assertEqual([sorted(one) for one in events], [['date', 'description', 'id']] * 3)
        self.assertEqual(self.curl(*bearer, f'{self.url}/api/incidents/{row["id"]}/events/count')[1], {'count': 3})

        approve = json.dumps({'id': 'Approved', 'measures': 'Инцидент подтвержден через Telegram-бот.', 'message': 'Инцидент подтвержден пользователем @user (1).'})
        transitions = f'{self.url}/api/incidents/{row["id"]}/transitions'
        self.assertEqual(self.curl(*bearer, '-X', 'PUT', '-d', approve, transitions), (204, None))
        self.assertEqual(self.curl(*bearer, '-X', 'PUT', '-d', approve, transitions)[0], 400, 'it is in that state already')
        history = self.curl(*bearer, f'{self.url}/api/incidentsReadModel/incidents/{row["id"]}/transitions')[1]
        self.assertEqual([(one['prevStatus'], one['nextStatus']) for one in history], [('New', 'Approved')])
        self.assertEqual(self.curl(*bearer, f'{self.url}/api/incidentsReadModel/incidents/{"0" * 8}-0000-0000-0000-{"0" * 12}')[0], 404)
        self.assertTrue(re.match(r'26\.', self.curl(*bearer, f'{self.url}/api/deployment_configuration/v1/system_info')[1]['productVersion']))
        self.assertIn('InProgress', self.curl(*bearer, f'{self.url}/api/statuses')[1])

    def test_versions_differ_as_their_clients_know(self):
        def ask(siem, path, body, token):
            return requests.post(f'http://127.0.0.1:{siem.port}{path}', json=body, headers={'Authorization': f'Bearer {token}'}, timeout=20)

        def log_in(siem):
            form = {'username': USER, 'password': PASSWORD, 'client_id': 'mpx', 'client_secret': CLIENT_SECRET, 'grant_type': 'password',
                    'response_type': 'code id_token token', 'scope': 'authorization offline_access mpx.api ptkb.api idmgr.api'}
            return requests.post(f'http://127.0.0.1:{siem.port}/connect/token', data=form, timeout=20).json()['access_token']
        # seconds as numbers, the path without a slash
        old = Siem(self.center, '24')
        old.add()
        page = self.center.inside(lambda: ask(old, '/api/v2/incidents', listing(int(time.time()) - 3600), log_in(old)))
        self.assertIsInstance(page.json()['incidents'][0]['created'], int)
        # a personal token, the least of a body, and nothing but the form of time that is known
        new = Siem(self.center, '27.6')
        new.add()
        least = {'offset': 0, 'limit': 50, 'timeFrom': an_hour_ago(), 'filterTimeType': 'creation', 'filter': {'select': COLUMNS, 'where': ''}}
        page = self.center.inside(lambda: ask(new, '/api/v2/incidents/', least, PERSONAL))
        self.assertEqual(page.json()['totalItems'], 1)
        for refused in ({**least, 'timeFrom': an_hour_ago('%Y-%m-%dT%H:%M:%S')}, {**least, 'limit': 1001}, {**least, 'filterTimeType': 'birth'}):
            self.assertEqual(self.center.inside(lambda refused=refused: ask(new, '/api/v2/incidents/', refused, PERSONAL)).status_code, 400)


if __name__ == '__main__':
    main()
