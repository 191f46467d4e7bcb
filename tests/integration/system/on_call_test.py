"""On call: who is told when nobody answers, what "I take it" holds back, quiet hours, and a hub that is killed in between."""
import datetime
import http.client
import json
import shutil
import signal
import time
import unittest
import zoneinfo

from mail_server import RELAY, Postfix
from world import SOURCE, Hub, World, main, until

DAY, NIGHT, ANA, BORIS, VERA = -5001, -5002, 77, 78, 79
TAKE = 'I take it'


def labels(message):
    return [button['text'] for row in message.get('reply_markup', {}).get('inline_keyboard', []) for button in row]


class OnCall(unittest.TestCase):
    def setUp(self):
        self.world = World.of(self)
        self.center = self.world.host('center')
        port_file = self.center.directory / 'port'
        self.center.start(shutil.which('node') or 'node', SOURCE / 'tests/fakes/telegram/strict/server.js', port_file)
        self.port = int(until(lambda: port_file.exists() and port_file.read_text(), 'the server of Telegram listens'))
        for chat in (DAY, NIGHT):
            self.control('chat', {'id': chat})

    def hub_with(self, extra, day='', mail=''):
        return Hub(self.center, [], f'''
people:
  ana: {{role: operator, telegram: {ANA}}}
  boris: {{role: operator, telegram: {BORIS}}}
  vera: {{role: viewer, telegram: {VERA}}}
telegram:
  token: 4242:not-a-real-token
  api_base: http://127.0.0.1:{self.port}
  poll_timeout: 20s
  chats:
    - {{id: {DAY}{day}}}
    - {{id: {NIGHT}, name: night}}
{mail}on_call:
{extra}''')

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

    def press(self, chat, message, person, label):
        query = self.control('press', {'chat': chat, 'message_id': message['message_id'], 'from': {'id': person}, 'label': label})['query']
        return until(lambda: {t['query']: t['text'] for t in self.control('toasts')['toasts']}.get(query), f'a toast for press {query}')

    def ready(self):
        time.sleep(6)  # for so long a hub that starts hears answers before it wakes anybody

    def case(self, hub, address, **members):
        return hub.alert(address, kind='http_errors', device='scanner', **members)

    def verbs(self, hub, case):
        return [e['verb'] for e in hub.audit(object=f'case {case["id"]}')][::-1]

    def test_nobody_answers_then_the_next_chat_and_then_the_chief_are_told(self):
        post = self.world.host('post')
        postfix = Postfix(post, ['chief', 'all'], {})
        hub = self.hub_with('  steps:\n    - {after: 3s, chats: [night]}\n    - {after: 7s, mail: [chief@mail.test]}\n',
                            mail=f'mail:\n  server: {post.address}\n  port: {RELAY}\n  security: none\n  insecure: yes\n  from: garita@mail.test\n'
                                 '  to:\n    - {address: chief@mail.test}\n    - {address: all@mail.test}\n')
        self.ready()
        case = self.case(hub, '192.0.2.66')
        until(lambda: self.messages(DAY, '192.0.2.66'), 'the first chat is asked at once')
        until(lambda: postfix.letters('all'), 'who is in no step is told at once')
        self.assertEqual(self.messages(NIGHT), [])
        asked = until(lambda: self.messages(NIGHT, '192.0.2.66'), 'the next chat')[0]
        self.assertEqual(postfix.letters('chief'), [])
        self.assertIn('Nobody had answered for 3 s', asked['text'])
        letter = until(lambda: postfix.letters('chief'), 'the chief')[0]
        self.assertIn('Nobody has answered for 7 s', letter.get_content())
        time.sleep(3)
        self.assertEqual([len(self.messages(DAY)), len(self.messages(NIGHT)), len(postfix.letters('chief')), len(postfix.letters('all'))], [1, 1, 1, 1])
        self.assertEqual(self.verbs(hub, case).count('escalated'), 2)
        escalated = hub.audit(object=f'case {case["id"]}', verb='escalated')
        self.assertIn('step 2, mail chief@mail.test', escalated[0]['detail'])
        self.assertIn('telegram night', escalated[1]['detail'])
        hub.cli('decide', case['id'], 'allow')
        until(lambda: len(postfix.letters('chief')) == 2, 'the chief hears that it is over')
        until(lambda: not labels(self.messages(NIGHT)[0]), 'no copy asks any more')
        quick = self.case(hub, '192.0.2.67')
        hub.cli('decide', quick['id'], 'allow')
        time.sleep(5)
        self.assertEqual(self.messages(NIGHT, '192.0.2.67'), [])

    def test_who_takes_a_case_holds_it_back_until_the_time_is_over(self):
        hub = self.hub_with('  acknowledged_for: 5s\n  steps:\n    - {after: 3s, chats: [night]}\n')
        self.ready()
        case = self.case(hub, '192.0.2.66')
        question = until(lambda: self.messages(DAY, '192.0.2.66'), 'the question')[0]
        self.assertIn(TAKE, labels(question))
        self.assertNotIn('take care', self.press(DAY, question, VERA, TAKE))
        self.assertIn('You take care of it until', self.press(DAY, question, ANA, TAKE))
        self.press(DAY, question, ANA, TAKE)
        until(lambda: self.messages(DAY, 'ana takes care of it until'), 'the copy says who')
        self.assertEqual(hub.cases('open')[0]['on_call']['taken']['by']['name'], 'ana')
        time.sleep(3)
        self.assertEqual(self.messages(NIGHT), [])
        ended = until(lambda: self.messages(DAY, 'The time of ana is over'), 'the chat hears that nobody has it')[0]
        self.assertEqual(ended['reply_to_message']['message_id'] if 'reply_to_message' in ended else question['message_id'], question['message_id'])
        until(lambda: self.messages(NIGHT, '192.0.2.66'), 'it goes on where it stopped')
        self.assertEqual(self.verbs(hub, case).count('acknowledged'), 1, 'pressed twice is pressed once')
        told = json.loads(hub.cli('ack', case['id'], '--for', '1h', '--json').stdout)
        self.assertEqual(told['outcome'], 'accepted')
        self.assertEqual(hub.request(f'/cases/{case["id"]}/acknowledgement', {'for': '25h'})[0], 422)
        hub.cli('decide', case['id'], 'allow')
        late = hub.cli('ack', case['id'], check=False)
        self.assertEqual(late.returncode, 1)
        self.assertIn('already answered', late.stdout)
        status, document = hub.request(f'/cases/{case["id"]}/acknowledgement', {})
        self.assertEqual((status, document['outcome']), (409, 'already_decided'))
        self.assertEqual(len(self.messages(DAY, 'The time of')), 1)

    def test_killed_in_between_each_step_is_told_once(self):
        hub = self.hub_with('  acknowledged_for: 4s\n  steps:\n    - {after: 3s, chats: [night]}\n')
        self.ready()
        taken = self.case(hub, '192.0.2.99')
        hub.cli('ack', taken['id'], '--for', '1h')
        for n in range(3):
            self.case(hub, f'192.0.2.{n + 1}')
            until(lambda: self.messages(DAY, f'192.0.2.{n + 1}\n') or self.messages(DAY, f'192.0.2.{n + 1}'), 'the question')
            time.sleep(1 + n)
            hub.stop(signal.SIGKILL)
            hub.start()
            until(lambda: self.messages(NIGHT, f'192.0.2.{n + 1}'), 'the next chat', 20, 0.01)
            time.sleep(0.3)
            hub.stop(signal.SIGKILL)
            hub.start()
            time.sleep(7)
            for chat in (DAY, NIGHT):
                self.assertEqual(len(self.messages(chat, f'192.0.2.{n + 1}')), 1)
        self.assertEqual(self.messages(NIGHT, '192.0.2.99'), [], 'taken on before it was killed')
        for case in hub.cases('open'):
            self.assertEqual(self.verbs(hub, case).count('escalated'), 0 if case['id'] == taken['id'] else 1)

    def test_quiet_hours_hold_back_and_end_with_a_list(self):
        zone = zoneinfo.ZoneInfo('Asia/Tokyo')
        now = datetime.datetime.now(zone)
        end = now.replace(second=0, microsecond=0) + datetime.timedelta(minutes=2 if now.second > 30 else 1)
        hours = f'{now - datetime.timedelta(hours=3):%H:%M}-{end:%H:%M}'
        hub = self.hub_with('  steps:\n    - {after: 1d, chats: [night]}\n', day=f', time_zone: Asia/Tokyo, quiet: {{hours: "{hours}"}}')
        over = self.case(hub, '192.0.2.66')
        for n in range(5):
            self.case(hub, f'192.0.2.{n + 1}')
        self.case(hub, '192.0.2.77', severity='critical')
        until(lambda: self.messages(DAY, '192.0.2.77'), 'what is critical comes through')
        hub.cli('decide', over['id'], 'allow')
        hub.stop(signal.SIGKILL)
        hub.start()
        time.sleep(max(0, (end - datetime.datetime.now(zone)).total_seconds() - 3))
        self.assertEqual(len(self.messages(DAY)), 1)
        told = until(lambda: self.messages(DAY, '5 cases wait for an answer'), 'the list', 20)
        released = datetime.datetime.now(zone)
        self.assertGreaterEqual(released, end)
        self.assertEqual((len(told), len(self.messages(DAY))), (1, 2))
        self.assertNotIn('192.0.2.66', told[0]['text'])
        print(f'quiet hours {hours}: told {(released - end).total_seconds():.1f} s after their end')

    def test_what_the_configuration_says_wrongly_is_named(self):
        hub = self.hub_with('  steps:\n    - {after: 3s, chats: [night]}\n')
        text = hub.config.read_text()
        for steps, day, word in (('    - {after: 3s, chats: [nigth]}\n', '', 'night'),
                                 ('    - {after: 3s, chats: [night]}\n    - {after: 3s, mail: [x@y.org]}\n', '', 'later than the one before'),
                                 ('    - {after: 3s}\n', '', 'names nobody'),
                                 ('    - {after: 3s, chats: [night]}\n    - {after: 4s, chats: ["-5002"]}\n', '', 'already in steps[0]'),
                                 ('    - {after: 3s, chats: [night]}\n', ', quiet: {hours: "22:00-22:00"}', 'two different times')):
            wrong = text.replace(text[text.index('    - {after: 3s'):], steps).replace(f'{{id: {DAY}}}', f'{{id: {DAY}{day}}}')
            file = self.center.directory / 'wrong.yml'
            file.write_text(wrong)
            file.chmod(0o600)
            done = hub.cli('check', file, check=False)
            self.assertNotEqual(done.returncode, 0, steps)
            self.assertIn(word, done.stdout + done.stderr)


if __name__ == '__main__':
    main()
