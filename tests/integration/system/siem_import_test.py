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
        # in the form in which the bot's file comes
        self.settings.write_text(f'''from datetime import timedelta
import urllib.parse  # нужно для паролей со спецсимволами

# Файл с БД бота
dbFileName = r"C:\\bot\\bot.db"
pause_time = 1
time_zone = timedelta(hours=3)
username = "{USER}"
password = urllib.parse.quote("{PASSWORD}")
client_id = "mpx"
client_secret = "{CLIENT_SECRET}"
base_url = "http://127.0.0.1:{self.siem.port}"
tg_bot_token = "{TOKEN}"
tg_updates_timeout = 10
admin_chat_id = {ADMIN}
max_events_count = 2
default_header = {{
    "User-Agent": "python-tg-bot",
    "Accept": "*/*"
}}
ping_sticker = 'https://example.org/' \\
               'pong.gif'
''', encoding='utf-8')

    def remember(self, cursor, allowed=(GROUP,), denied=(OUTSIDER,)):
        """As the bot keeps it."""
        self.database.unlink(missing_ok=True)
        db = sqlite3.connect(self.database)
        ids = '("id" INTEGER NOT NULL UNIQUE, "tg_id" INTEGER NOT NULL UNIQUE, PRIMARY KEY("id" AUTOINCREMENT))'
        db.executescript(f'CREATE TABLE "tg_users_allowed" {ids}; CREATE TABLE "tg_users_denied" {ids};'
                         'CREATE TABLE "variables" ("id" INTEGER NOT NULL UNIQUE, "name" TEXT NOT NULL UNIQUE, "value" TEXT, PRIMARY KEY("id" AUTOINCREMENT));'
                         "INSERT INTO variables (name) VALUES ('last_incident_time'), ('last_update');")
        db.executemany('INSERT INTO tg_users_allowed (tg_id) VALUES (?)', [(str(one),) for one in allowed])
        db.executemany('INSERT INTO tg_users_denied (tg_id) VALUES (?)', [(str(one),) for one in denied])
        if cursor:
            db.execute("UPDATE variables SET value = ? WHERE name = 'last_incident_time'", (cursor,))
        db.execute("UPDATE variables SET value = 17 WHERE name = 'last_update'")
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
        second = int(ago(3600))
        told = self.siem.add(1, key='INC-TOLD', created=second + 0.1239999)[0]
        self.siem.add(1, key='INC-SAME-SECOND', created=second + 0.125)
        self.siem.add(1, key='INC-NEW', created=ago(600))
        # as the bot reckons: milliseconds, and one more
        cursor = datetime.datetime.fromisoformat(told['created'][:23]) + datetime.timedelta(milliseconds=1)
        self.remember(cursor.isoformat() + 'Z')
        before = self.database.read_bytes()
        hub = self.hub()
        for chat in (GROUP, ADMIN):
            until(lambda chat=chat: any('INC-NEW' in text for text in self.texts(chat)), f'what came after the bot, in {chat}')
        self.control('message', {'chat': OUTSIDER, 'from': {'id': OUTSIDER}, 'text': '/start'})
        self.siem.add(1, key='INC-NEXT')
        until(lambda: any('INC-NEXT' in text for text in self.texts(GROUP)), 'what comes next')
        told = ' '.join(self.texts(GROUP) + self.texts(ADMIN))
        self.assertIn('INC-SAME-SECOND', told)
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

    def test_a_dry_run_writes_nothing_and_a_second_run_changes_nothing(self):
        self.remember(stamp(60))
        output = self.folder / 'incidents.yml'
        words = ('--database', self.database, '--secrets', self.folder, '--output', output)
        before = sorted(self.folder.iterdir())
        tried = self.run_import(*words, '--dry-run')
        self.assertEqual(tried.returncode, 0, tried.stderr)
        self.assertIn('siem.password is to be written', tried.stderr)
        self.assertEqual(sorted(self.folder.iterdir()), before)
        for _ in range(2):
            done = self.run_import(*words)
            self.assertEqual((done.returncode, done.stdout), (0, ''), done.stderr)
            self.assertEqual(output.read_text(), tried.stdout)
        for note in ('tg_updates_timeout', 'default_header', 'dbFileName', 'certificate'):
            self.assertIn(note, done.stderr)
        self.assertIn('ping: "https://example.org/pong.gif"', tried.stdout)
        told = json.loads(self.run_import(*words, '--json').stdout)
        self.assertEqual(told['configuration'], tried.stdout)
        self.assertEqual([one['state'] for one in told['secrets']], ['there already'] * 3)
        output.write_text('other: words\n')
        self.assertEqual(self.run_import(*words).returncode, 1)
        self.assertEqual(output.read_text(), 'other: words\n')

    def test_a_bot_that_has_told_nothing_yet(self):
        self.remember(None, allowed=())
        done = self.run_import('--database', self.database)
        self.assertNotIn('begin:', done.stdout)
        self.assertIn('no last_incident_time', done.stderr)

    def test_a_damaged_or_hostile_database_is_refused(self):
        for change, why in (("DROP TABLE tg_users_denied", 'no such table'),
                            ("DROP TABLE tg_users_denied; CREATE TABLE tg_users_denied (tg_id); INSERT INTO tg_users_denied VALUES ('5; --')",
                             'tg_users_denied has an id that is no number'),
                            ("DROP TABLE tg_users_denied; CREATE VIEW tg_users_denied AS WITH RECURSIVE n(tg_id) AS (SELECT 1 UNION ALL SELECT tg_id + 1 FROM n)"
                             " SELECT tg_id FROM n WHERE tg_id < 0", 'no database of the bot')):
            self.remember(stamp(60))
            db = sqlite3.connect(self.database)
            db.executescript(change)
            db.close()
            before = self.database.read_bytes()
            done = self.run_import('--database', self.database)
            self.assertEqual((done.returncode, done.stdout), (1, ''), change)
            self.assertIn(why, done.stderr)
            self.assertEqual(self.database.read_bytes(), before)

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
