"""Bursts of incidents while the SIEM and Telegram fail a fifth of the time and the hub is killed: each chat has each incident once, or once more and
marked so. Small by default; more by the environment:
  GARITA_SOAK_INCIDENTS, GARITA_SOAK_CHATS, GARITA_SOAK_KILLS, GARITA_SOAK_SEED"""
import collections
import http.client
import json
import os
import random
import re
import shutil
import signal
import time
import unittest

from siem import Siem
from world import SOURCE, Hub, World, main, until

INCIDENTS = int(os.environ.get('GARITA_SOAK_INCIDENTS', 300))
CHATS = [1001 + n for n in range(int(os.environ.get('GARITA_SOAK_CHATS', 3)))]
KILLS = int(os.environ.get('GARITA_SOAK_KILLS', 3))
SEED = int(os.environ.get('GARITA_SOAK_SEED', random.randrange(10 ** 6)))
MARK = 'may appear twice'


class Soak(unittest.TestCase):
    def setUp(self):
        self.world = World.of(self)
        self.center = self.world.host('center')
        port_file = self.world.directory / 'telegram-port'
        self.center.start(shutil.which('node') or 'node', SOURCE / 'tests/fakes/telegram/strict/server.js', port_file)
        self.telegram = int(until(lambda: port_file.exists() and port_file.read_text(), 'the server of Telegram listens'))
        for chat in CHATS:
            self.control('chat', {'id': chat})
        self.siem = Siem(self.center, lifetime=20)
        chats = ''.join(f'    - {{id: {chat}}}\n' for chat in CHATS)
        self.hub = Hub(self.center, [], f'''
people:
  ana: {{role: operator, telegram: {CHATS[0]}}}
telegram:
  token: 4242:not-a-real-token
  api_base: http://127.0.0.1:{self.telegram}
  poll_timeout: 20s
  chats:
{chats}''' + self.siem.settings(more='interval: 1s, timeout: 3s, max_events: 2'))

    def control(self, action, body=None):
        def talk():
            connection = http.client.HTTPConnection('127.0.0.1', self.telegram, timeout=60)
            connection.request('GET' if body is None else 'POST', '/_control/' + action, None if body is None else json.dumps(body))
            reply = connection.getresponse()
            value = json.loads(reply.read())
            connection.close()
            self.assertEqual(reply.status, 200, value)
            return value
        return self.center.inside(talk)

    def told(self):
        """By chat and incident: how many messages have it, and how many of them are marked."""
        count, marked = collections.Counter(), collections.Counter()
        for chat in CHATS:
            for message in self.control(f'messages?chat={chat}')['messages']:
                text = message.get('text', '')
                for key in set(re.findall(r'INC-\d+', text)):
                    count[chat, key] += 1
                    marked[chat, key] += MARK in text
        return count, marked

    def trouble(self, dice):
        self.siem.misbehave({'match': 'api|token', 'kinds': ['401', '500', 'html', 'truncated', 'drop', '502'], 'share': 0.2},
                            {'match': 'api', 'kinds': ['hang'], 'seconds': 10, 'share': 0.02})
        for fault in ({'error_code': 429, 'description': 'Too Many Requests: retry after 1', 'parameters': {'retry_after': 1}}, {'drop': 'before'},
                      {'drop': 'after'}):
            self.control('fault', {'method': 'sendMessage', 'times': 1, 'skip': dice.randrange(6), **fault})

    def test_each_chat_has_each_incident(self):
        dice = random.Random(SEED)
        print(f'seed {SEED}: {INCIDENTS} incidents, {len(CHATS)} chats, {KILLS} kills')
        left, kills = INCIDENTS, KILLS
        while left or kills:
            self.trouble(dice)
            burst = min(left, dice.randrange(1, max(2, INCIDENTS // 3)))
            if burst:
                self.siem.add(burst, events=1)
                left -= burst
            time.sleep(dice.uniform(0.2, 2))
            if kills:
                self.hub.stop(signal.SIGKILL)
                self.hub.start()
                kills -= 1
        self.siem.misbehave()
        self.control('no_faults', {})
        wanted = {(chat, f'INC-{n + 1}') for chat in CHATS for n in range(INCIDENTS)}
        until(lambda: wanted <= set(self.told()[0]), 'each chat has each incident', 240 + INCIDENTS / 10, 1)
        time.sleep(3)
        count, marked = self.told()
        more = [key for key in wanted if count[key] > 1]
        print(f'told {sum(count[k] for k in wanted)} times: {len(wanted) - len(more)} once, {len(more)} more often and marked')
        unmarked = [key for key in more if count[key] - marked[key] > 1 or not marked[key]]
        if unmarked:
            chat, key = unmarked[0]
            for message in self.control(f'messages?chat={chat}')['messages']:
                if key in message.get('text', ''):
                    print('---', message['message_id'], message['date'], message['text'][:60], '...', message['text'][-100:])
        self.assertEqual(len(unmarked), 0)
        self.press_one()

    def press_one(self):
        """A line of a list, or a question, still leads to the SIEM."""
        chat, ana = CHATS[0], CHATS[0]
        case = self.hub.cases('open')[-1]
        self.control('message', {'chat': chat, 'from': {'id': ana}, 'text': f'/case_{case["id"]}'})
        with_buttons = until(lambda: [m for m in self.control(f'messages?chat={chat}')['messages']
                                      if case['facts']['key'] + ' ' in m.get('text', '') and m.get('reply_markup', {}).get('inline_keyboard')], 'the question')
        label = with_buttons[-1]['reply_markup']['inline_keyboard'][0][1]['text']
        self.control('press', {'chat': chat, 'message_id': with_buttons[-1]['message_id'], 'from': {'id': ana}, 'label': label})
        until(lambda: self.siem.incident({'id': case['subject']})['status'] == 'Approved', 'the SIEM has it', 30)


if __name__ == '__main__':
    main()
