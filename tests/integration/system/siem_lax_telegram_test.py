"""An incident comes to a chat of npm's telegram-test-api, whose client is a person with a finger: a press there moves it in the SIEM.
Neither the server of Telegram nor the person who presses was written by us."""
import json
import os
import shutil
import subprocess
import unittest

from siem import Siem
from world import SOURCE, Hub, World, main, until

CHAT, ANA, VERA, TOKEN = 1001, 77, 78, '4242:not-a-real-token'
FOLDER = SOURCE / 'tests/fakes/telegram'
MODULES = SOURCE / 'build/test-node'


class LaxTelegram(unittest.TestCase):
    def setUp(self):
        subprocess.run([FOLDER / 'install.sh', MODULES], check=True, stdout=subprocess.DEVNULL)
        self.environment = {**os.environ, 'NODE_PATH': f'{MODULES}/node_modules'}
        self.node = shutil.which('node') or 'node'
        self.world = World.of(self)
        self.center = self.world.host('center')
        port_file = self.world.directory / 'telegram-port'
        self.center.start('env', f'NODE_PATH={MODULES}/node_modules', self.node, FOLDER / 'lax.js', port_file)
        self.telegram = f'http://127.0.0.1:{until(lambda: port_file.exists() and port_file.read_text(), "the server of Telegram listens")}'
        self.siem = Siem(self.center)
        self.hub = Hub(self.center, [], f'''
people:
  ana: {{role: operator, telegram: {ANA}, language: ru}}
  vera: {{role: viewer, telegram: {VERA}, language: ru}}
telegram:
  token: {TOKEN}
  api_base: {self.telegram}
  chats: [{{id: {CHAT}, language: ru}}]
''' + self.siem.settings())

    def user(self, *words, person=ANA):
        done = self.center.run(self.node, FOLDER / 'user.js', self.telegram, TOKEN, CHAT, person, *words, env=self.environment, check=False)
        self.assertEqual(done.returncode, 0, done.stderr)
        return json.loads(done.stdout)

    def message(self, *having):
        """Of the bot, as it is now: (its number, what it says)."""
        for one in self.user('history'):
            said = one.get('message', {})
            if 'chat_id' in said and all(words in said.get('text', '') for words in having):
                return one['messageId'], said
        return None

    def button(self, said, label):
        markup = said['reply_markup']
        rows = (json.loads(markup) if isinstance(markup, str) else markup)['inline_keyboard']
        buttons = {one['text']: one['callback_data'] for row in rows for one in row}
        self.assertIn(label, buttons)
        return buttons[label]

    def test_a_press_of_its_client_moves_the_incident(self):
        row = self.siem.add(events=7)[0]
        # the person's own way to read; the history is the server's
        said = self.user('updates')['result'][0]
        self.assertIn('INC-1', said['message']['text'])
        self.assertIn(f'/#/incident/incidents/view/{row["id"]}', said['message']['text'])
        self.assertIn('ещё событий: 2', said['message']['text'])
        confirm, close = (self.button(said['message'], label) for label in ('▶️ Подтвердить', '⏹ Закрыть'))

        # whoever may only look moves nothing, and neither does a button that nobody has made
        self.user('press', said['messageId'], confirm, person=VERA)
        self.user('press', said['messageId'], 'apprv-' + row['id'])
        refused = until(lambda: len(r := self.hub.audit(verb='decide_refused')) == 2 and r, 'both refusals are kept')
        self.assertEqual({entry['object'] for entry in refused}, {'case 1', 'unknown button'})
        self.assertEqual(self.siem.incident(row)['status'], 'New')

        self.user('press', said['messageId'], confirm)
        until(lambda: self.siem.incident(row)['status'] == 'Approved', 'the SIEM has it')
        self.assertIn('ana', self.siem.incident(row)['transitions'][-1]['comment'])
        until(lambda: self.message('INC-1', 'Утверждён', 'ana'), 'the message shows it')
        # this server keeps the first copy's buttons; what one of them asks for is still allowed
        self.user('press', said['messageId'], close)
        until(lambda: self.siem.incident(row)['status'] == 'Closed', 'the SIEM has that too')
        self.assertEqual([t['nextStatus'] for t in self.siem.incident(row)['transitions']], ['Approved', 'Closed'])
        until(lambda: self.message('INC-1', 'Закрыт', 'ana'), 'the message shows it')

    def test_a_typed_answer_of_its_client_closes_the_incident(self):
        row = self.siem.add()[0]
        until(lambda: self.message('INC-1'), 'it is told')
        case = self.hub.cases('open')[0]['id']
        self.user('say', f'/dismiss {case}')
        until(lambda: self.siem.incident(row)['status'] == 'Closed', 'the SIEM has it')
        until(lambda: self.message('INC-1', 'Закрыт', 'ana'), 'the message shows it')


if __name__ == '__main__':
    main()
