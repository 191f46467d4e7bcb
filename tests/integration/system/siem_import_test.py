"""From the bot that tells of incidents to Garita: its settings and its database give a configuration that begins where the bot stopped."""
import datetime
import http.client
import json
import shutil
import signal
import sqlite3
import time
import unittest

from siem import CLIENT_SECRET, PASSWORD, USER, Siem
from world import BIN, SOURCE, Hub, World, main, until

GROUP, ADMIN, OUTSIDER = -5001, 77, 666
TOKEN = '4242:not-a-real-token'


def stamp(ago, form='%Y-%m-%dT%H:%M:%S.000Z'):
    return (datetime.datetime.now(datetime.timezone.utc) - datetime.timedelta(seconds=ago)).strftime(form)


def ago(seconds):
    """As the emulator counts."""
    return time.time() - seconds


class FromTheBot(unittest.TestCase):
    def setUp(self):
        self.world = World.of(self)
        self.center = self.world.host('center')
        port_file = self.world.directory / 'telegram-port'
        self.center.start(shutil.which('node') or 'node', SOURCE / 'tests/fakes/telegram/strict/server.js', port_file)
        self.telegram = int(until(lambda: port_file.exists() and port_file.read_text(), 'the server of Telegram listens'))
        for chat in (GROUP, ADMIN, OUTSIDER):
            self.control('chat', {'id': chat})
        self.siem = Siem(self.center)
        self.folder = self.center.directory / 'bot'
        self.folder.mkdir()
        self.database = self.folder / 'db.sqlite'
        self.settings = self.folder / 'settings.py'
        self.settings.write_text(f'''dbFileName = r'C:\\bot\\db.sqlite'
pause_time = 1
time_zone = 3
username = '{USER}'
password = '{PASSWORD.replace(" ", "%20")}'
client_id = 'mpx'
client_secret = "{CLIENT_SECRET}"
base_url = 'http://127.0.0.1:{self.siem.port}'
tg_bot_token = '{TOKEN}'
tg_updates_timeout = 10
admin_chat_id = {ADMIN}
max_events_count = 2
default_header = {{'User-Agent': 'python-tg-bot'}}
''', encoding='utf-8')

    def remember(self, cursor, allowed=(GROUP,), denied=(OUTSIDER,)):
        """As the bot keeps it."""
        self.database.unlink(missing_ok=True)
        db = sqlite3.connect(self.database)
        db.executescript('CREATE TABLE tg_users_allowed (tg_id UNIQUE); CREATE TABLE tg_users_denied (tg_id UNIQUE);'
                         'CREATE TABLE variables (name UNIQUE, value);')
        db.executemany('INSERT INTO tg_users_allowed VALUES (?)', [(one,) for one in allowed])
        db.executemany('INSERT INTO tg_users_denied VALUES (?)', [(one,) for one in denied])
        db.executemany('INSERT INTO variables VALUES (?, ?)', [('last_incident_time', cursor), ('last_update', 17)])
        db.commit()
        db.close()

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

    def texts(self, chat):
        """What the bot has said there."""
        said = [m.get('text', '') for m in self.control(f'messages?chat={chat}')['messages']]
        return [text for text in said if not text.startswith('/')]

    def run_import(self, *more):
        return self.center.run(BIN / 'garita', 'siem', 'import', self.settings, *more, check=False)

    def hub(self):
        done = self.run_import('--database', self.database, '--secrets', self.folder)
        self.assertEqual(done.returncode, 0, done.stderr)
        url = f'http://127.0.0.1:{self.siem.port}'
        text = done.stdout.replace('telegram:\n', f'telegram:\n  api_base: http://127.0.0.1:{self.telegram}\n', 1)
        text = text.replace('      user:', f'      login_url: "{url}"\n      user:', 1)
        zone, rest = text.split('people:\n', 1)
        self.assertEqual(zone, 'hub:\n  time_zone: Etc/GMT-3\n')
        return Hub(self.center, [], zone.replace('hub:\n', '') + 'people:\n' + rest)

    def test_garita_begins_where_the_bot_stopped(self):
        self.siem.add(1, key='INC-OLD', created=ago(7200))
        self.siem.add(1, key='INC-TOLD', created=ago(3600))
        self.siem.add(1, key='INC-NEW', created=ago(600))
        self.remember(stamp(3599))
        before = self.database.read_bytes()
        hub = self.hub()
        for chat in (GROUP, ADMIN):
            until(lambda chat=chat: any('INC-NEW' in text for text in self.texts(chat)), f'what came after the bot, in {chat}')
        self.control('message', {'chat': OUTSIDER, 'from': {'id': OUTSIDER}, 'text': '/start'})
        self.siem.add(1, key='INC-NEXT')
        until(lambda: any('INC-NEXT' in text for text in self.texts(GROUP)), 'what comes next')
        told = ' '.join(self.texts(GROUP) + self.texts(ADMIN))
        self.assertNotIn('INC-OLD', told)
        self.assertNotIn('INC-TOLD', told)
        self.assertEqual(self.texts(OUTSIDER), [], 'banned there, silent here')
        self.assertEqual([one for one in self.texts(ADMIN) if '666' in one], [], 'nobody is asked about it')
        self.assertEqual(self.database.read_bytes(), before)

        # what administrators say later counts, also over a restart with the same configuration
        self.control('message', {'chat': ADMIN, 'from': {'id': ADMIN}, 'text': f'/unban{OUTSIDER}'})
        until(lambda: any('666' in one for one in self.texts(ADMIN)), 'the ban is lifted')
        hub.stop(signal.SIGKILL)
        hub.start()
        self.control('message', {'chat': ADMIN, 'from': {'id': ADMIN}, 'text': '/banned'})
        until(lambda: self.texts(ADMIN)[-1] and '666' not in self.texts(ADMIN)[-1], 'it stays lifted')

    def test_a_clock_without_a_zone_is_the_bots_own(self):
        self.remember('2024-03-12 11:12:00.500000')
        self.assertIn('begin: 2024-03-12T08:12:00.500000Z', self.run_import('--database', self.database).stdout)
        self.remember('2024-03-12T11:12:00.500Z')
        self.assertIn('begin: 2024-03-12T11:12:00.500000Z', self.run_import('--database', self.database).stdout)
        self.remember('yesterday')
        done = self.run_import('--database', self.database)
        self.assertEqual((done.returncode, done.stdout), (1, ''))
        self.assertIn('last_incident_time "yesterday"', done.stderr)

    def test_secrets_go_into_files_and_nowhere_else(self):
        self.remember(stamp(60))
        secrets = {'telegram.token': TOKEN, 'siem.password': PASSWORD, 'siem.client': CLIENT_SECRET}
        done = self.run_import('--database', self.database)
        for secret in (TOKEN, PASSWORD, PASSWORD.replace(' ', '%20')):
            self.assertNotIn(secret, done.stdout + done.stderr)
        for _ in range(2):
            done = self.run_import('--database', self.database, '--secrets', self.folder)
            self.assertEqual(done.returncode, 0)
            for name, secret in secrets.items():
                self.assertEqual((self.folder / name).read_text(), secret)
                self.assertEqual((self.folder / name).stat().st_mode & 0o777, 0o600)
        (self.folder / 'siem.password').write_text('newer')
        self.assertIn('stays as it is', self.run_import('--secrets', self.folder).stderr)
        self.assertEqual((self.folder / 'siem.password').read_text(), 'newer')

    def test_what_is_no_file_of_the_bot_is_told(self):
        self.database.write_bytes(b'SQLite format 3\0' + bytes(range(256)) * 20)
        for database, why in ((self.database, 'no database of the bot'), (self.settings, 'no database of the bot'), (self.folder, 'is not there, or no file'),
                              (self.folder / 'none', 'is not there')):
            done = self.run_import('--database', database)
            self.assertEqual((done.returncode, done.stdout), (1, ''), database)
            self.assertIn(why, done.stderr)
        self.settings.write_text('username = "x"\nimport os\nos.system("touch /tmp/never")\n')
        done = self.run_import()
        self.assertEqual((done.returncode, done.stdout), (1, ''))
        for name in ('admin_chat_id', 'tg_bot_token', 'base_url', 'client_secret'):
            self.assertIn(f'{name} is missing', done.stderr)


if __name__ == '__main__':
    main()
