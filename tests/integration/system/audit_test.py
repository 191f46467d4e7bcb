"""Somebody edits the hub's file behind its back. The trail is proven, or the first broken row is named; what only the
agents can know, they tell, also by a case of their own."""
import hashlib
import json
import shutil
import sqlite3
import struct
import subprocess
import time
import unittest

from world import BIN, QUIET, Agent, Hub, World, main, parse_time, until

FIELDS = 'id, at, by_kind, by_name, by_channel, by_role, verb, object, detail, prev, hash'


def row_hash(prev, seq, at, *texts):
    """As docs/security.md tells it, in another language and another library."""
    form = b'garita audit 1\0' + prev + struct.pack('>qq', seq, at)
    for text in texts:
        form += struct.pack('>Q', len(text.encode())) + text.encode()
    return hashlib.blake2b(form, digest_size=32).digest()


class Audit(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.world = World()
        cls.addClassCleanup(cls.world.close)
        cls.center, cls.server = cls.world.host('center'), cls.world.host('web1')
        cls.hub = Hub(cls.center, ['web1'])
        cls.agent = Agent(cls.server, cls.hub, QUIET)
        cls.file = cls.hub.directory / 'state' / 'garita.db'
        for n in range(1, 13):
            cls.hub.cli('rules', 'set', f'192.0.2.{n}', '--for', '1h', '--comment', f'number {n}')
        last = cls.hub.api('/audit/head')['seq']
        until(lambda: cls.kept() and cls.kept()[0]['head']['seq'] == last, 'the agent keeps the head')
        cls.hub.stop()
        cls.saved = cls.hub.directory / 'saved.db'
        shutil.copy(cls.file, cls.saved)
        cls.head = cls.kept()[0]['head']
        database = sqlite3.connect(f'file:{cls.agent.directory}/state/agent.db?mode=ro', uri=True)
        cls.saved_heads = database.execute('SELECT * FROM audit_heads').fetchall()
        database.close()

    @classmethod
    def kept(cls):
        done = cls.server.run(BIN / 'garita-agent', '-c', cls.agent.config, 'audit-heads', '--json', check=False)
        return [json.loads(line) for line in done.stdout.splitlines()]

    def tearDown(self):
        if self.hub.process.poll() is None:
            self.hub.stop()
        # everybody begins anew from the same point, the agent with what it had kept
        self.agent.stop()
        for name in ('', '-wal', '-shm'):
            (self.file.parent / (self.file.name + name)).unlink(missing_ok=True)
        shutil.copy(self.saved, self.file)
        database = sqlite3.connect(self.agent.directory / 'state' / 'agent.db')
        with database:
            database.execute('DELETE FROM audit_heads')
            database.executemany('INSERT INTO audit_heads VALUES (?, ?, ?, ?, ?, ?, ?)', self.saved_heads)
            database.execute('DELETE FROM spool')
        database.close()
        self.agent.start(wait=False)

    def edit(self, *statements, change=None):
        """Edits the stopped hub's file, and starts it."""
        database = sqlite3.connect(self.file)
        with database:
            for statement in statements:
                database.execute(statement)
            if change:
                change(database)
        database.close()
        self.started = time.time()
        self.hub.start()

    def verify(self, *words):
        return self.hub.cli('audit', 'verify', *words, check=False)

    def broken(self, seq, what):
        done = self.verify()
        self.assertEqual(done.returncode, 1, done)
        self.assertIn(f'BROKEN at row {seq},', done.stdout)
        self.assertIn(f', {what}\n', done.stdout)
        verdict = json.loads(self.verify('--json').stdout)
        self.assertEqual((verdict['proven'], verdict['broken']['seq'], verdict['broken']['what']), (False, seq, what))
        return done.stdout

    def agent_speaks(self):
        """The agent has told this hub what it keeps, since the hub's start."""
        until(lambda: [a for a in self.hub.api('/audit/proof')['agents'] if parse_time(a['told_at']) >= self.started - 0.01],
              'the agent tells what it keeps')

    def test_untouched_it_is_proven(self):
        self.edit()
        self.agent_speaks()
        done = self.verify()
        self.assertEqual(done.returncode, 0, done)
        head = self.hub.api('/audit/head')
        self.assertIn(f'{head["seq"]} rows, head {head["hash"]}, proven', done.stdout)
        self.assertIn('agent web1 has kept row', done.stdout)
        verdict = json.loads(self.verify('--json').stdout)
        self.assertGreaterEqual(verdict['heads_equal'], 1)
        self.assertEqual(self.kept()[0]['head']['seq'], head['seq'])
        text = self.server.run(BIN / 'garita-agent', '--config', self.agent.config, 'audit-heads').stdout
        self.assertIn(f'{head["seq"]}:{head["hash"]}', text)
        self.assertEqual(self.hub.cases('all', kind='audit_broken'), [])

    def test_every_hash_by_other_means(self):
        self.edit()
        database = sqlite3.connect(f'file:{self.file}?mode=ro', uri=True)
        prev = bytes(32)
        rows = database.execute(f'SELECT {FIELDS} FROM audit ORDER BY id').fetchall()
        self.assertGreaterEqual(len(rows), 12)
        for number, row in enumerate(rows, 1):
            self.assertEqual((row[0], row[9]), (number, prev))
            prev = row_hash(prev, *row[:9])
            self.assertEqual(row[10], prev, row)
        database.close()

    def test_an_export_is_proven_without_a_hub(self):
        self.edit()
        file = self.hub.directory / 'trail.jsonl'
        self.assertIn('rows written to', self.hub.cli('audit', '--export', file).stdout)
        self.assertEqual(file.stat().st_mode & 0o777, 0o600)
        self.hub.stop()
        lines = file.read_text().splitlines()
        rows = [json.loads(line) for line in lines]
        self.assertEqual([r['seq'] for r in rows], list(range(1, len(rows) + 1)))
        head = f'{rows[-1]["seq"]}:{rows[-1]["hash"]}'

        def offline(text, *words):
            file.write_text(''.join(line + '\n' for line in text))
            return subprocess.run([BIN / 'garita', 'audit', 'verify', '--file', file, *words], capture_output=True, text=True)
        good = offline(lines, '--head', head)
        self.assertEqual((good.returncode, good.stderr), (0, ''))
        self.assertIn(f'{len(rows)} rows, head {rows[-1]["hash"]}, proven', good.stdout)
        for text, what in ((lines[:4] + [lines[4].replace('number', 'nummer')] + lines[5:], 'BROKEN at row 5'),
                           (lines[:4] + lines[5:], 'BROKEN at row 5'), (lines[:4] + ['{"seq":5'] + lines[5:], 'trail.jsonl:5:'),
                           (lines[:4] + ['x' * 100000] + lines[5:], 'the line is too long'),
                           (lines[:-1], f'BROKEN at row {len(rows)}'), (lines[3:], 'BROKEN at row 1')):
            done = offline(text, '--head', head)
            self.assertEqual(done.returncode, 1, done)
            self.assertIn(what, done.stdout)
        self.assertEqual(offline(lines[3:7], '--excerpt').returncode, 0)
        self.assertEqual(offline([], ).returncode, 0)
        self.assertEqual(offline(lines, '--head', '5:xyz').returncode, 2)
        self.assertEqual(subprocess.run([BIN / 'garita', 'audit', 'verify', '--file', '/nowhere'], capture_output=True).returncode, 1)

    def test_exports_with_filters(self):
        self.edit()
        case = self.hub.alert('192.0.2.200')
        self.hub.cli('decide', case['id'], 'nothing')
        def rows(*words):
            return [json.loads(line) for line in self.hub.cli('audit', '--export', '-', *words).stdout.splitlines()]
        self.assertEqual([r['object'] for r in rows('--case', case['id'])][0], f'case {case["id"]}')
        self.assertEqual([r['seq'] for r in rows('--limit', 3)], [1, 2, 3])
        self.assertEqual(len(rows('--since', '1h')), len(rows()))
        recent = rows('--since', '1s')  # on a slow machine nothing is as young as that
        self.assertEqual(recent, rows()[len(rows()) - len(recent):])
        self.assertIn('decide', self.hub.cli('audit', '--case', case['id'], '--since', '1h').stdout)

    def test_an_edited_row(self):
        self.edit("UPDATE audit SET detail = replace(detail, '192.0.2.5', '192.0.2.6'), by_name = 'nobody' WHERE id = 5")
        self.assertIn('row 5 was changed', self.broken(5, 'changed'))

    def test_a_row_edited_with_its_hash(self):
        def change(database):
            row = list(database.execute(f'SELECT {FIELDS} FROM audit WHERE id = 5').fetchone())
            row[3] = 'nobody'
            database.execute('UPDATE audit SET by_name = ?, hash = ? WHERE id = 5', (row[3], row_hash(row[9], *row[:9])))
        self.edit(change=change)
        self.assertIn('row 5 was replaced', self.broken(5, 'replaced'))

    def test_a_row_taken_out(self):
        self.edit('DELETE FROM audit WHERE id = 7')
        self.assertIn('row 7 is missing', self.broken(7, 'missing'))

    def test_two_rows_in_each_other_s_place(self):
        self.edit('UPDATE audit SET id = -1 WHERE id = 4', 'UPDATE audit SET id = 4 WHERE id = 9', 'UPDATE audit SET id = 9 WHERE id = -1')
        self.broken(4, 'changed')

    def test_the_start_cut_off(self):
        self.edit('DELETE FROM audit WHERE id <= 3')
        self.assertIn('rows 1 to 3 are missing', self.broken(1, 'missing'))

    def test_the_end_cut_off(self):
        last = self.head['seq']
        self.edit(f'DELETE FROM audit WHERE id > {last - 3}', "DELETE FROM kept_values WHERE name LIKE 'audit_head%'")
        found = until(lambda: self.hub.cases('all', kind='audit_broken'), 'the agent raises an alert')[0]
        self.assertEqual((found['device'], found['facts']['problem'], found['severity']), ('web1', 'rows are gone', 'critical'))
        self.assertIn(self.head['hash'], found['facts']['kept'])
        text = self.broken(last - 2, 'cut_off') if self.hub.api('/audit/head')['seq'] < last else self.verify().stdout
        self.assertIn('agent web1 has kept row', text)

    def test_computed_anew_from_the_middle(self):
        def change(database):
            rows = [list(r) for r in database.execute(f'SELECT {FIELDS} FROM audit WHERE id >= 6 ORDER BY id')]
            rows[0][8] = 'as if nothing had been'
            prev = rows[0][9]
            for row in rows:
                hashed = row_hash(prev, *row[:9])
                database.execute('UPDATE audit SET detail = ?, prev = ?, hash = ? WHERE id = ?', (row[8], prev, hashed, row[0]))
                prev = hashed
            database.execute("DELETE FROM kept_values WHERE name LIKE 'audit_head%'")
        self.edit(change=change)
        found = until(lambda: self.hub.cases('all', kind='audit_broken'), 'the agent raises an alert')[0]
        self.assertEqual(found['facts']['problem'], 'a row was changed')
        text = self.verify().stdout
        self.assertRegex(text, r'BROKEN at row \d+, time .*, other_history')
        self.assertIn('agent web1 has kept row', text)


if __name__ == '__main__':
    main()
