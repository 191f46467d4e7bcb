"""Chats that ask to be let in: administrators answer by buttons and commands, the hub starts anew in between, and a ban is silence."""
import http.client
import json
import shutil
import signal
import unittest

from world import SOURCE, Hub, World, main, until

BOSS, CHIEF, ANA, STRANGER, HOME, OPS = 90, 91, 77, 666, -5001, -100700
STICKER = 'CAACAgIAAxkBAAEBpong_pong_0123'


def labels(message):
    return [button['text'] for row in message.get('reply_markup', {}).get('inline_keyboard', []) for button in row]


class TelegramAdmin(unittest.TestCase):
    def setUp(self):
        self.world = World.of(self)
        self.center = self.world.host('center')
        port_file = self.world.directory / 'port'
        self.center.start(shutil.which('node') or 'node', SOURCE / 'tests/fakes/telegram/strict/server.js', port_file)
        self.port = int(until(lambda: port_file.exists() and port_file.read_text(), 'the server of Telegram listens'))
        for chat in (HOME, BOSS, CHIEF, STRANGER):
            self.control('chat', {'id': chat})
        self.control('chat', {'id': OPS, 'type': 'supergroup', 'title': 'ops_*team*'})
        self.hub = Hub(self.center, [], f'''
people:
  ana: {{role: operator, telegram: {ANA}}}
  boss: {{role: administrator, telegram: {BOSS}}}
  chief: {{role: administrator, telegram: {CHIEF}, language: es}}
telegram:
  token: 4242:not-a-real-token
  api_base: http://127.0.0.1:{self.port}
  poll_timeout: 20s
  ping: {STICKER}
  chats:
    - {{id: {HOME}}}
''')

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
        return [m for m in self.control(f'messages?chat={chat}')['messages']
                if having in m.get('text', '') and m['from']['id'] == 4242]

    def wait_for(self, chat, having):
        return until(lambda: self.messages(chat, having), f'"{having}" in {chat}')[-1]

    def press(self, chat, message, person, label):
        query = self.control('press', {'chat': chat, 'message_id': message['message_id'], 'from': {'id': person}, 'label': label})['query']
        return self.toast(query)

    def toast(self, query):
        return until(lambda: [t for t in self.control('toasts')['toasts'] if t['query'] == query], f'press {query} is answered')[0]['text']

    def say(self, chat, person, text, **more):
        self.control('message', {'chat': chat, 'from': {'id': person, **more}, 'text': text})

    def heard_all(self):
        """The hub has taken all that was said so far: an answer to what came last."""
        before = len(self.messages(CHIEF, 'id'))
        self.say(CHIEF, CHIEF, '/start')
        until(lambda: len(self.messages(CHIEF, 'id')) > before, 'the hub has read on')

    def restart(self):
        self.hub.stop(signal.SIGKILL)
        self.hub.start()

    def test_a_stranger_is_let_in_and_banned(self):
        self.say(STRANGER, STRANGER, '/start', first_name='Zoë_[x](y)', username='zoe_x')
        self.wait_for(STRANGER, 'administrator has been asked')
        asked = self.wait_for(BOSS, 'New private chat: Zoë_[x](y) @zoe_x (id 666)')
        spanish = self.wait_for(CHIEF, 'Chat privado nuevo')
        self.assertEqual(labels(asked), ['✅ Allow', '⏹ Ignore', '⛔ Block'])
        self.restart()
        self.say(STRANGER, STRANGER, '/start')
        self.assertIn('Only an administrator', self.press(BOSS, asked, ANA, '✅ Allow'))
        self.assertIn('Accepted', self.press(BOSS, asked, BOSS, '✅ Allow'))
        self.wait_for(STRANGER, 'has opened access')
        self.wait_for(BOSS, 'Allowed by boss (telegram)')
        over = self.wait_for(CHIEF, 'Permitido por boss (telegram)')
        self.assertEqual((over['message_id'], labels(over)), (spanish['message_id'], []))
        tickets = [b['callback_data'] for b in spanish['reply_markup']['inline_keyboard'][0]]
        late = self.control('press', {'chat': CHIEF, 'message_id': over['message_id'], 'from': {'id': CHIEF}, 'data': tickets[2]})['query']
        self.assertIn('Ya está decidido', self.toast(late))
        self.assertEqual(len(self.messages(BOSS, 'New private chat')), 1, 'asked once, whatever was started anew')

        self.restart()
        self.hub.alert('192.0.2.7')
        question = self.wait_for(STRANGER, '192.0.2.7')
        self.wait_for(HOME, '192.0.2.7')
        self.say(BOSS, BOSS, '/accepted')
        listed = self.wait_for(BOSS, f'{STRANGER}) /deny{STRANGER} /ban{STRANGER}')
        self.assertIn(str(HOME), listed['text'])

        self.say(BOSS, BOSS, f'/ban {STRANGER}')
        self.wait_for(BOSS, 'is banned: nothing goes there')
        before = self.messages(STRANGER)
        self.assertEqual(self.press(STRANGER, question, STRANGER, labels(question)[0]), '')
        self.restart()
        self.hub.alert('192.0.2.8')
        self.wait_for(HOME, '192.0.2.8')
        for text in ('/start', '/ping', '/help'):
            self.say(STRANGER, STRANGER, text)
        self.say(HOME, STRANGER, '/cases')
        self.heard_all()
        self.assertEqual(self.messages(STRANGER), before)
        self.assertEqual(self.messages(HOME, 'does not know you'), [])
        verbs = [e['verb'] for e in self.hub.audit(object=f'chat {STRANGER}')]
        self.assertEqual(verbs, ['chat_banned', 'chat_allowed', 'decide_refused'])
        self.assertEqual(self.hub.audit(verb='chat_allowed')[0]['actor']['name'], 'boss')

    def test_a_group_is_let_in_moves_and_is_banned(self):
        self.control('membership', {'chat': OPS, 'status': 'restricted', 'is_member': True})
        asked = self.wait_for(BOSS, f'New group: ops_*team* (id {OPS})')
        self.press(BOSS, asked, BOSS, '✅ Allow')
        self.wait_for(OPS, 'has opened access')
        self.say(OPS, STRANGER, '/ping')
        until(lambda: [m for m in self.messages(OPS) if m.get('sticker', {}).get('file_id') == STICKER], 'the sticker of a ping')
        self.control('migrate', {'chat': OPS, 'to': -100800})
        self.restart()
        self.hub.alert('192.0.2.9')
        question = self.wait_for(-100800, '192.0.2.9')
        self.say(-100800, BOSS, '/ban_m100800@garita_bot')
        self.wait_for(BOSS, 'is banned')
        before = self.messages(-100800)
        self.assertEqual(self.press(-100800, question, ANA, labels(question)[0]), '')
        self.hub.api(f'/cases/{self.hub.cases("open")[0]["id"]}/decision', {'response': 'allow'})
        self.hub.alert('192.0.2.10')
        self.wait_for(HOME, '192.0.2.10')
        self.control('membership', {'chat': -100800, 'status': 'kicked'})
        self.control('membership', {'chat': -100800, 'status': 'member'})
        self.heard_all()
        self.assertEqual(self.messages(-100800), before)
        self.assertEqual(len(self.messages(BOSS, 'New group')), 1)
        self.say(BOSS, BOSS, '/debug')
        shown = self.wait_for(BOSS, 'Last lines of the log')['text']
        self.assertIn('banned: 1', shown)
        self.assertNotIn('not-a-real-token', shown)


if __name__ == '__main__':
    main()
