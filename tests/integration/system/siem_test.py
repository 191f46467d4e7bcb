"""Incidents of a SIEM come to people's chats with their events; a press moves them there, once, whatever the SIEM does."""
import http.client
import json
import shutil
import signal
import subprocess
import time
import unittest

from siem import PASSWORD, PERSONAL, Siem
from world import SOURCE, Hub, World, main, until

GROUP, ANA, VERA = -5001, 77, 78
REFRESH, CONFIRM, CLOSE = '🔄 Обновить', '▶️ Подтвердить', '⏹ Закрыть'


def labels(message):
    return [button['text'] for row in message.get('reply_markup', {}).get('inline_keyboard', []) for button in row]


class Incidents(unittest.TestCase):
    def setUp(self):
        self.world = World.of(self)
        self.center = self.world.host('center')
        port_file = self.world.directory / 'telegram-port'
        self.center.start(shutil.which('node') or 'node', SOURCE / 'tests/fakes/telegram/strict/server.js', port_file)
        self.telegram = int(until(lambda: port_file.exists() and port_file.read_text(), 'the server of Telegram listens'))
        for chat in (GROUP, ANA):
            self.control('chat', {'id': chat})

    def hub(self, siem, **settings):
        return Hub(self.center, [], f'''
people:
  ana: {{role: operator, telegram: {ANA}, language: ru}}
  vera: {{role: viewer, telegram: {VERA}, language: ru}}
telegram:
  token: 4242:not-a-real-token
  api_base: http://127.0.0.1:{self.telegram}
  poll_timeout: 20s
  chats:
    - {{id: {GROUP}, language: ru}}
    - {{id: {ANA}, language: ru}}
''' + siem.settings(**settings))

    def control(self, action, body=None):
        def talk():
            connection = http.client.HTTPConnection('127.0.0.1', self.telegram, timeout=20)
            connection.request('GET' if body is None else 'POST', '/_control/' + action, None if body is None else json.dumps(body))
            reply = connection.getresponse()
            value = json.loads(reply.read())
            connection.close()
            self.assertEqual(reply.status, 200, value)
            return value
        return self.center.inside(talk)

    def messages(self, chat, having=''):
        return [m for m in self.control(f'messages?chat={chat}')['messages'] if having in m.get('text', '')]

    def message(self, having, chat=GROUP):
        found = until(lambda: self.messages(chat, having), f'a message with {having}')
        self.assertEqual(len(found), 1, found)
        return found[0]

    def toasts(self):
        return {t['query']: t['text'] for t in self.control('toasts')['toasts']}

    def press(self, chat, message, person, label):
        begun = time.monotonic()
        query = self.control('press', {'chat': chat, 'message_id': message['message_id'], 'from': {'id': person}, 'label': label})['query']
        toast = until(lambda: self.toasts().get(query), 'a toast', pause=0.01)
        return toast, time.monotonic() - begun

    def test_an_incident_is_told_and_confirmed(self):
        siem = Siem(self.center)
        hub = self.hub(siem)
        row = siem.add(events=7, severity='High')[0]
        for chat in (GROUP, ANA):
            told = self.message('INC-1', chat)
            for words in ('Web_Bulk_Failed_URL_Access_1', 'Новый', f'/#/incident/incidents/view/{row["id"]}', 'event 1 of INC-1', 'event 5 of INC-1',
                          'ещё событий: 2'):
                self.assertIn(words, told['text'])
            self.assertNotIn('event 6', told['text'])
            self.assertEqual(labels(told), [REFRESH, CONFIRM, CLOSE])
        # who may only look may ask the SIEM again, and no more
        refused, _ = self.press(GROUP, told_in_group := self.message('INC-1'), VERA, CONFIRM)
        self.assertEqual(siem.incident(row)['status'], 'New', refused)
        self.press(GROUP, told_in_group, VERA, REFRESH)
        until(lambda: self.messages(GROUP, 'Информация обновлена'), 'the copy tells when it was looked at')
        self.assertEqual(len(hub.cases('open')), 1)
        self.press(GROUP, self.message('INC-1'), ANA, CONFIRM)
        until(lambda: siem.incident(row)['status'] == 'Approved', 'the SIEM has it')
        self.assertIn('ana', siem.incident(row)['transitions'][-1]['comment'])
        for chat in (GROUP, ANA):
            after = until(lambda c=chat: self.messages(c, 'Утверждён'), 'every copy tells')[0]
            self.assertIn('ana', after['text'])
            self.assertNotIn(CONFIRM, labels(after))
        # the next states are in the case's own menu
        self.assertEqual(set(labels(self.message('INC-1'))), {REFRESH, CLOSE, 'Взять в работу', 'Разрешён'})
        self.press(GROUP, self.message('INC-1'), ANA, 'Взять в работу')
        until(lambda: siem.incident(row)['status'] == 'InProgress', 'somebody works on it')
        self.press(GROUP, until(lambda: self.messages(GROUP, 'В работе'), 'the copy')[0], ANA, CLOSE)
        until(lambda: siem.incident(row)['status'] == 'Closed', 'it is closed')
        until(lambda: labels(self.message('INC-1')) == [REFRESH], 'nothing is left to be pressed')
        self.assertEqual([t['nextStatus'] for t in siem.incident(row)['transitions']], ['Approved', 'InProgress', 'Closed'])

    def test_a_second_presser_is_told_who_was_faster(self):
        siem = Siem(self.center)
        hub = self.hub(siem)
        row = siem.add()[0]
        copies = [self.message('INC-1', chat) for chat in (GROUP, ANA)]
        # in one moment: later the buttons of the second copy are others
        first, second = self.control('presses', {'presses': [
            {'chat': chat, 'message_id': copy['message_id'], 'from': {'id': ANA}, 'label': label}
            for chat, copy, label in ((GROUP, copies[0], CLOSE), (ANA, copies[1], CONFIRM))]})['queries']
        toasts = until(lambda: (t := self.toasts()) and {first, second} <= set(t) and t, 'both are told')
        self.assertIn('ana', toasts[second])
        self.assertNotEqual(toasts[first], toasts[second])
        until(lambda: siem.incident(row)['status'] == 'Closed', 'the SIEM has it')
        self.assertEqual(len(siem.incident(row)['transitions']), 1)
        # and somebody who works in the SIEM itself
        other = siem.add()[0]
        self.message('INC-2')
        siem.control('move', {'id': other['id'], 'to': 'Closed'})
        until(lambda: [m for m in self.messages(GROUP, 'INC-2') if 'Ivan Petrov' in m['text'] and labels(m) == [REFRESH]], 'the copy tells who')
        self.assertEqual(hub.cases('open'), [])

    def test_one_that_is_over_when_it_is_first_seen_is_told_and_asks_nobody(self):
        siem = Siem(self.center)
        hub = self.hub(siem)
        siem.add(status='Closed')
        told = self.message('INC-1')
        self.assertIn('Закрыт', told['text'])
        self.assertEqual(labels(told), [REFRESH])
        until(lambda: hub.cases('open') == [], 'nobody is asked any more', 40)
        self.assertEqual(self.message('INC-1')['message_id'], told['message_id'])

    def test_the_siem_refuses_what_somebody_else_did_before(self):
        siem = Siem(self.center)
        row = siem.add()[0]
        self.hub(siem, more='interval: 1h')  # so that the press comes before the next poll
        message = self.message('INC-1')
        siem.control('move', {'id': row['id'], 'to': 'Closed'})
        self.press(GROUP, message, ANA, CONFIRM)
        told = until(lambda: self.messages(GROUP, 'Ivan Petrov'), 'the copy tells who was faster')[0]
        self.assertIn('Закрыт', told['text'])
        self.assertEqual(labels(told), [REFRESH])
        self.assertEqual([t['nextStatus'] for t in siem.incident(row)['transitions']], ['Closed'])

    def test_an_answer_that_is_lost_is_not_given_twice(self):
        siem = Siem(self.center)
        self.hub(siem)
        row = siem.add()[0]
        message = self.message('INC-1')
        siem.misbehave({'match': 'PUT', 'kinds': ['done-but-500'], 'times': 1})
        self.press(GROUP, message, ANA, CONFIRM)
        until(lambda: self.messages(GROUP, 'Утверждён'), 'the copy tells', 40)
        time.sleep(1)
        self.assertEqual([t['nextStatus'] for t in siem.incident(row)['transitions']], ['Approved'])

    def test_a_press_is_answered_while_the_siem_hangs(self):
        siem = Siem(self.center)
        hub = self.hub(siem, more='interval: 1s, timeout: 5s')
        row = siem.add()[0]
        message = self.message('INC-1')
        siem.misbehave({'match': 'api', 'kinds': ['hang'], 'seconds': 60})
        _, took = self.press(GROUP, message, ANA, CONFIRM)
        print(f'a press while the SIEM hangs: {took * 1000:.0f} ms')
        self.assertLess(took, 0.3 + 0.2)  # with the tools of this test
        hub.stop(signal.SIGKILL)
        siem.misbehave()
        hub.start()
        until(lambda: siem.incident(row)['status'] == 'Approved', 'the SIEM is told when it is back', 60)
        self.assertEqual(len(siem.incident(row)['transitions']), 1)

    def test_none_is_lost_and_none_told_twice(self):
        siem = Siem(self.center)
        hub = self.hub(siem)
        same = time.time()
        siem.add(1200, created=same, severity='Low', events=0)
        siem.misbehave({'match': 'api', 'kinds': ['401', '500', 'html', 'truncated', 'drop', '502'], 'share': 0.3})
        late = siem.add(created=same - 1800)[0]  # the SIEM shows it half an hour late
        siem.control('expire')
        hub.stop(signal.SIGKILL)
        hub.start()
        siem.add(50)
        until(lambda: hub.api('/status')['counts']['open_cases'] == 1251, 'each is a case', 90, 0.5)
        siem.misbehave()
        newest = hub.api('/cases?state=open&limit=1000')['cases']
        subjects = [c['subject'] for c in newest + hub.api(f'/cases?state=open&limit=1000&before={newest[-1]["id"]}')['cases']]
        self.assertEqual(subjects.count(late['id']), 1)
        self.assertEqual(len(set(subjects)), 1251)
        time.sleep(3)
        self.assertEqual(hub.api('/status')['counts']['open_cases'], 1251)

    def test_other_versions(self):
        for version, login in (('24', None), ('27.6', f'access_token: {PERSONAL}')):
            with self.subTest(version=version):
                siem = Siem(self.center, version)
                hub = self.hub(siem, **({'login': login} if login else {}))
                row = siem.add(severity='Low', name=f'of version {version}')[0]
                case = until(lambda: hub.cases('open', subject=row['id']), 'a case')[0]
                self.assertEqual(case['severity'], 'info')
                until(lambda: hub.cases('open', subject=row['id'], events='2'), 'with its events')
                hub.cli('decide', str(case['id']), 'approve')
                until(lambda: siem.incident(row)['status'] == 'Approved', 'the SIEM has it')
                hub.stop()
                siem.process.terminate()

    def test_only_a_siem_that_proves_who_it_is_hears_the_password(self):
        certificate, key = self.world.directory / 'siem.crt', self.world.directory / 'siem.key'
        subprocess.run(['openssl', 'req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-subj', '/CN=127.0.0.1', '-addext',
                        'subjectAltName=IP:127.0.0.1', '-keyout', key, '-out', certificate], check=True, capture_output=True)
        siem = Siem(self.center, options=('--certificate', certificate, '--key', key))
        siem.scheme = 'https'
        row = siem.add()[0]
        hub = self.hub(siem)
        until(lambda: any('certificate' in t for t in hub.api('/status')['hub']['troubles']), 'the status tells', 60)
        self.assertEqual(siem.control('state')['logins'], 0)
        hub.stop()
        hub = self.hub(siem, more=f'interval: 1s, ca: {certificate}')
        until(lambda: hub.cases('open', subject=row['id']), 'with its authority it is trusted')

    def test_nothing_says_a_secret(self):
        siem = Siem(self.center, lifetime=3)
        hub = self.hub(siem)
        siem.misbehave({'match': 'api', 'kinds': ['401', '500', 'html'], 'share': 0.3})
        for _ in range(4):
            siem.add()
            time.sleep(1)
        siem.misbehave()
        until(lambda: len(hub.cases('open')) == 4, 'the cases')
        said = self.world.tail(10 ** 6) + json.dumps(hub.api('/status')) + json.dumps(hub.api('/audit?limit=1000'))
        for secret in (PASSWORD, 'ey.', 'Bearer', '8f1c'):
            self.assertNotIn(secret, said)
        self.assertGreater(siem.control('state')['logins'], 1)  # and the token was renewed meanwhile

    def test_a_wrong_password_locks_nobody_out(self):
        siem = Siem(self.center)
        hub = self.hub(siem, login='user: garita, password: wrong, client_secret: 8f1c')
        until(lambda: any('refuses the login' in t for t in hub.api('/status')['hub']['troubles']), 'the status tells', 60)
        for _ in range(3):
            hub.stop(signal.SIGKILL)
            hub.start()
            time.sleep(2)
        self.assertEqual(siem.control('state')['logins'], 1)


if __name__ == '__main__':
    main()
