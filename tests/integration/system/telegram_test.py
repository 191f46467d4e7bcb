"""Questions in Telegram, in each chat's language; a press blocks on another machine; a hundred presses have one effect."""
import http.client
import json
import shutil
import signal
import time
import unittest

from world import SOURCE, Agent, Hub, World, main, one_time_code, until

GROUP, PRIVATE, CROWD = -5001, 77, 100
CARLA, DORA, SECRET = 81, 82, 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ'


def labels(message):
    return [button['text'] for row in message.get('reply_markup', {}).get('inline_keyboard', []) for button in row]


class Telegram(unittest.TestCase):
    def setUp(self):
        self.world = World.of(self)
        self.center, self.server, self.attacker = (self.world.host(n) for n in ('center', 'web1', 'attacker'))
        port_file = self.world.directory / 'port'
        self.center.start(shutil.which('node') or 'node', SOURCE / 'tests/fakes/telegram/strict/server.js', port_file)
        self.port = int(until(lambda: port_file.exists() and port_file.read_text(), 'the server of Telegram listens'))
        for chat in (GROUP, PRIVATE, CARLA):
            self.control('chat', {'id': chat})
        crowd = ''.join(f'  p{n}: {{role: operator, telegram: {1000 + n}}}\n' for n in range(CROWD))
        self.hub = Hub(self.center, ['web1'], f'''
people:
  ana: {{role: operator, telegram: 77, language: ru}}
  vera: {{role: viewer, telegram: 78}}
  carla: {{role: approver, telegram: {CARLA}, language: en, totp: {SECRET}}}
  dora: {{role: approver, telegram: {DORA}}}
{crowd}policies:
  - {{kind: cpu_load, two_persons: [reboot]}}
telegram:
  token: 4242:not-a-real-token
  api_base: http://127.0.0.1:{self.port}
  poll_timeout: 20s
  chats:
    - {{id: {GROUP}, language: es}}
    - {{id: {PRIVATE}, language: ru}}
''')
        self.agent = Agent(self.server, self.hub, 'detectors:\n  cpu_load: {enabled: no}\n  ssh_sessions: {enabled: no}\n')

    def control(self, action, body=None):
        def talk():
            connection = http.client.HTTPConnection('127.0.0.1', self.port, timeout=20)
            connection.request('GET' if body is None else 'POST', '/_control/' + action, None if body is None else json.dumps(body))
            reply = connection.getresponse()
            value = json.loads(reply.read())
            connection.close()
            self.assertEqual(reply.status, 200, value)
            return value
        return self.center.inside(talk)

    def messages(self, chat, having=''):
        return [m for m in self.control(f'messages?chat={chat}')['messages'] if having in m.get('text', '')]

    def toasts(self):
        return {t['query']: t['text'] for t in self.control('toasts')['toasts']}

    def toast(self, query):
        return until(lambda: self.toasts().get(query), f'a toast for press {query}')

    def press(self, chat, message, person, label):
        return self.control('press', {'chat': chat, 'message_id': message['message_id'], 'from': {'id': person}, 'label': label})['query']

    def test_a_press_blocks_on_another_machine(self):
        self.hub.alert(self.attacker.address, kind='http_errors', device='scanner')
        spanish = until(lambda: self.messages(GROUP, self.attacker.address), 'the question in Spanish')[0]
        russian = until(lambda: self.messages(PRIVATE, self.attacker.address), 'the question in Russian')[0]
        self.assertEqual(labels(spanish), ['Permitir', 'Bloquear IP'])
        self.assertRegex(''.join(labels(russian)), '[а-я]')
        self.assertNotEqual(spanish['text'], russian['text'])

        for person, known in ((666, False), (78, True)):  # a stranger in the chat, and one who may only look
            told = self.toast(self.press(GROUP, spanish, person, 'Bloquear IP'))
            self.assertTrue(told)
            if not known:
                self.assertIn('666', told)
        self.assertEqual(self.server.blocked(), {})
        self.assertEqual(len(self.hub.cases('open')), 1)

        begun = time.monotonic()
        query = self.press(GROUP, spanish, 77, 'Bloquear IP')
        until(lambda: self.attacker.address in self.server.blocked(), 'the address is in the kernel', 15, 0.005)
        print(f'from press to kernel, looking included: {(time.monotonic() - begun) * 1000:.0f} ms')
        self.toast(query)
        self.assertEqual(self.attacker.knock(self.server.address, 22), 'silent')
        for chat, done in ((GROUP, '1 de 1'), (PRIVATE, '1')):
            after = until(lambda: [m for m in self.messages(chat, 'ana') if done in m['text'] and not labels(m)], 'every copy tells')[0]
            self.assertIn(self.attacker.address, after['text'])
        case = self.hub.cases('closed')[0]
        self.assertEqual((case['decision']['by']['name'], case['decision']['by']['channel']), ('ana', 'telegram'))

    def crowd_presses(self, message, yes, no):
        presses = [{'chat': GROUP, 'message_id': message['message_id'], 'from': {'id': 1000 + n}, 'label': yes if n % 2 else no}
                   for n in range(CROWD)]
        return self.control('presses', {'presses': presses})['queries']

    def test_a_hundred_presses_at_once_have_one_effect(self):
        case = self.hub.alert('192.0.2.66', kind='http_errors', device='scanner')
        message = until(lambda: self.messages(GROUP, '192.0.2.66'), 'the question')[0]
        queries = self.crowd_presses(message, 'Bloquear IP', 'Permitir')
        toasts = until(lambda: (t := self.toasts()) and set(queries) <= set(t) and t, 'everybody is told', 30, 0.1)
        self.assertEqual(len(toasts), CROWD)
        final = until(lambda: self.hub.cases('closed', id=case['id']), 'the case is over')[0]
        by, response = final['decision']['by']['name'], final['decision']['response']
        named = [query for query in queries if by in toasts[query].replace('.', ' ').replace(',', ' ').split()]
        print(f'{by} decided {response}; {len(named)} toasts name {by}; others: {set(toasts[q] for q in queries if q not in named)}')
        self.assertGreaterEqual(len(named), CROWD - 1, toasts)
        self.assertEqual(response, 'block' if int(by[1:]) % 2 else 'allow')
        self.assertEqual(set(self.server.blocked()), {'192.0.2.66'} if response == 'block' else set())
        entries = [e for e in self.hub.audit(object=f'case {case["id"]}') if e['verb'] == 'decide']
        self.assertEqual(len(entries), 1, entries)

    def test_two_persons_and_a_code_reboot_once(self):
        self.hub.api('/alerts', {'kind': 'cpu_load', 'device': 'web1', 'subject': 'load'})
        message = until(lambda: self.messages(GROUP, 'web1'), 'the question')[0]
        case = self.hub.cases('open', kind='cpu_load')[0]['id']
        reboot = 'Reiniciar'
        self.assertIn(reboot, labels(message))
        self.assertIn('утверждающий', self.toast(self.press(GROUP, message, 77, reboot)))  # an operator may not
        self.assertIn('/code', self.toast(self.press(GROUP, message, CARLA, reboot)))
        asked = until(lambda: self.messages(CARLA, '/code'), 'the code is asked for where nobody else reads')[0]
        self.assertIn(f'#{case}', asked['text'])
        code = one_time_code(SECRET)

        def write(chat, text):
            self.control('message', {'chat': chat, 'from': {'id': CARLA}, 'text': text})
        write(GROUP, f'/code {code}')  # among others it is not used
        until(lambda: self.messages(GROUP, 'private chat'), 'she is told')
        write(CARLA, f'/code {int(code) % 999999 + 1:06}')
        until(lambda: self.messages(CARLA, 'the code is wrong'), 'she is told')
        self.assertFalse(self.hub.api(f'/cases/{case}').get('proposal'))
        write(CARLA, f'/code {code}')
        until(lambda: self.hub.api(f'/cases/{case}').get('proposal'), 'it is a proposal')
        shown = until(lambda: self.messages(GROUP, 'carla (telegram) propone'), 'every copy tells')[0]
        self.assertIn(reboot, labels(shown))
        self.press(GROUP, shown, CARLA, reboot)  # the same person again, with the same code
        until(lambda: len(self.messages(CARLA, 'one-time code')) > 1, 'it takes another code')
        write(CARLA, f'/code {code}')
        until(lambda: self.messages(CARLA, 'used'), 'she is told')
        self.assertEqual(self.hub.api(f'/cases/{case}')['actions'], [])
        until(lambda: not [m for m in self.messages(CARLA) if m['text'].startswith('/code')], 'codes do not stay')
        self.toast(self.press(GROUP, shown, DORA, reboot))
        done = until(lambda: self.hub.api(f'/cases/{case}').get('decision'), 'it is decided')
        self.assertEqual(done['by']['name'], 'dora')
        self.assertEqual(len(self.hub.api(f'/cases/{case}')['actions']), 1)

    def test_a_press_survives_the_death_of_the_hub(self):
        case = self.hub.alert('192.0.2.67', kind='http_errors', device='scanner')
        message = until(lambda: self.messages(GROUP, '192.0.2.67'), 'the question')[0]
        self.hub.stop(signal.SIGKILL)
        query = self.press(GROUP, message, 77, 'Bloquear IP')
        self.hub.start()
        until(lambda: '192.0.2.67' in self.server.blocked(), 'the press of the time of death counts')
        self.toast(query)
        until(lambda: self.hub.cases('closed', id=case['id']), 'the case is over')


if __name__ == '__main__':
    main()
