"""What bash offers for `garita` when somebody presses Tab, and that the manual page knows every option."""
import os
import re
import subprocess
import unittest

from world import BIN, SOURCE, main

GARITA = BIN / 'garita'


class Completion(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.script = subprocess.run([GARITA, 'completion', 'bash'], capture_output=True, text=True, check=True).stdout

    def offered(self, line):
        """`line` ends where the cursor is."""
        words = ' '.join(f"'{word}'" for word in line.split(' '))
        shell = f'{self.script}\nCOMP_WORDS=({words}); COMP_CWORD=$((${{#COMP_WORDS[@]}} - 1)); _garita; printf "%s\\n" "${{COMPREPLY[@]}}"'
        done = subprocess.run(['bash', '-uc', shell], capture_output=True, text=True, cwd=SOURCE, timeout=20)
        self.assertEqual((done.returncode, done.stderr), (0, ''), line)
        return sorted(filter(None, done.stdout.split('\n')))

    def test_commands_options_and_their_values(self):
        self.assertEqual(self.offered('garita sc'), ['scan'])
        self.assertEqual(self.offered('garita ports acc'), ['accept'])
        self.assertEqual(self.offered('garita scan --eng'), ['--engine'])
        self.assertEqual(self.offered('garita scan --engine '), ['auto', 'connect', 'syn'])
        self.assertEqual(self.offered('garita scan --engine syn --js'), ['--json'])
        self.assertEqual(self.offered('garita scan --max-rate '), [])
        self.assertEqual(self.offered('garita check --schema h'), ['hub'])
        self.assertEqual(self.offered('garita check CHANGE'), ['CHANGELOG.md'])
        self.assertEqual(self.offered('garita scan --input CHANGE'), ['CHANGELOG.md'])
        self.assertEqual(self.offered('garita completion '), ['--help', '-h', 'bash'])

    def test_every_command_of_the_help_is_offered(self):
        listed = re.findall(r'^  ([a-z_]+) ', subprocess.run([GARITA, '--help'], capture_output=True, text=True).stdout.split('ubcommands:')[1], re.M)
        self.assertGreater(len(listed), 10)
        self.assertLessEqual(set(listed), set(self.offered('garita ')))

    def test_the_manual_page_of_scan_knows_its_options(self):
        page = (SOURCE / 'packaging/man/garita-scan.1').read_text().replace('\\-', '-')
        told = subprocess.run([GARITA, 'scan', '--help'], capture_output=True, text=True, env={**os.environ, 'LC_ALL': 'C'}).stdout
        for option in set(re.findall(r'(?<![\w-])--[a-z-]+', told.split('Examples:')[0])):
            self.assertIn(option, page)


if __name__ == '__main__':
    main()
