"""The systemd units as they are shipped: accepted by systemd, as closed as the documents say, and the hub running under
restrictions like theirs."""
import os
import re
import subprocess
import unittest
from pathlib import Path

from world import BIN, SOURCE, Agent, Hub, World, main, until

USER = 64310
# as the unit: an account of its own, no capability, everything read-only but the hub's own folder
CONFINED = ('mount --bind "$1" "$1" && mount -o remount,bind,ro / && shift && exec setpriv --reuid={user} --regid={user} --clear-groups '
            '--bounding-set=-all --inh-caps=-all --ambient-caps=-all --no-new-privs "$@"').format(user=USER)


class Units(unittest.TestCase):
    def installed(self):
        """{name: unit file} as `make install` puts them below a prefix of this test's own."""
        prefix = World.folder(self) / 'prefix'
        subprocess.run([SOURCE / 'scripts' / 'install.sh'], check=True, stdout=subprocess.DEVNULL,
                       env={**os.environ, 'PREFIX': str(prefix), 'GARITA_BIN': str(BIN), 'DESTDIR': ''})
        for program in ('garita', 'garita-agent'):
            subprocess.run([prefix / 'bin' / program, '--version'], check=True, stdout=subprocess.DEVNULL)
        for file in ('lib/sysusers.d/garita.conf', 'lib/tmpfiles.d/garita.conf', 'share/doc/garita/hub.yml'):
            self.assertTrue((prefix / file).exists(), file)
        return {name: prefix / 'lib' / 'systemd' / 'system' / f'garita-{name}.service' for name in ('hub', 'agent')}

    def test_systemd_takes_them_without_a_word(self):
        for unit in self.installed().values():
            done = subprocess.run(['systemd-analyze', 'verify', unit], capture_output=True, text=True)
            about = [line for line in (done.stdout + done.stderr).splitlines() if 'garita' in line]
            self.assertEqual((done.returncode, about), (0, []), done.stderr)

    def with_drop_in(self, name):
        """The same, those that have it with this drop-in."""
        units = {}
        for kind, unit in self.installed().items():
            drop_in = unit.parents[3] / 'share' / 'doc' / 'garita' / f'{unit.name}.d'
            if not (drop_in / name).exists():
                continue
            (unit.parent / drop_in.name).mkdir()
            (drop_in / name).rename(unit.parent / drop_in.name / name)
            units[kind] = unit
        return units

    def test_the_drop_in_for_scans_opens_packet_sockets_only(self):
        units = self.with_drop_in('scan.conf')
        self.assertEqual(list(units), ['hub'])
        done = subprocess.run(['systemd-analyze', 'verify', units['hub']], capture_output=True, text=True)
        about = [line for line in (done.stdout + done.stderr).splitlines() if 'garita' in line or 'scan.conf' in line]
        self.assertEqual(about, [], done.stderr)
        done = subprocess.run(['systemd-analyze', 'security', '--offline=true', '--no-pager', units['hub']], capture_output=True, text=True)
        found = re.search(r'Overall exposure level for \S+: ([0-9.]+)', done.stdout)
        print(f'garita-hub.service with scan.conf: exposure {found[1]}')
        self.assertRegex(done.stdout, r'✗ \S*.*AF_PACKET', 'the drop-in is taken up')
        self.assertNotRegex(done.stdout, r'✗ \S*.*CAP_NET_ADMIN')
        self.assertLessEqual(float(found[1]), 2.0)

    def test_drop_ins_for_the_limiter_open_little(self):
        for name, unit in self.with_drop_in('limiter.conf').items():
            done = subprocess.run(['systemd-analyze', 'verify', unit], capture_output=True, text=True)
            about = [line for line in (done.stdout + done.stderr).splitlines() if 'garita' in line or 'limiter.conf' in line]
            self.assertEqual(about, [], done.stderr)
            done = subprocess.run(['systemd-analyze', 'security', '--offline=true', '--no-pager', unit], capture_output=True, text=True)
            found = re.search(r'Overall exposure level for \S+: ([0-9.]+)', done.stdout)
            print(f'{unit.name} with limiter.conf: exposure {found[1]}')
            self.assertRegex(done.stdout, r'✗ \S*.*CAP_NET_ADMIN', 'the drop-in is taken up' if name == 'hub' else '')
            self.assertLessEqual(float(found[1]), {'hub': 2.5, 'agent': 4.0}[name])

    def test_they_are_as_closed_as_the_documents_say(self):
        told = (SOURCE / 'docs' / 'security.md').read_text()
        for name, unit in self.installed().items():
            done = subprocess.run(['systemd-analyze', 'security', '--offline=true', '--no-pager', unit], capture_output=True, text=True)
            found = re.search(r'Overall exposure level for \S+: ([0-9.]+)', done.stdout)
            self.assertTrue(found, done.stdout + done.stderr)
            print(f'{unit.name}: exposure {found[1]}')
            self.assertLessEqual(float(found[1]), {'hub': 2.5, 'agent': 4.0}[name])
            self.assertTrue(f'`{unit.name}` | {found[1]} |' in told, f'docs/security.md has another figure than {found[1]}')

    def test_accounts_and_folders_are_made_as_written(self):
        self.installed()
        root = World.folder(self)
        (root / 'etc').mkdir()
        for tool, file in (('systemd-sysusers', 'sysusers'), ('systemd-tmpfiles', 'tmpfiles')):
            extra = ['--create'] if tool == 'systemd-tmpfiles' else []
            subprocess.run([tool, f'--root={root}', *extra, SOURCE / 'packaging' / 'systemd' / f'garita.{file}.conf'],
                           check=True, capture_output=True)
        users = {row.split(':')[0]: row.split(':') for row in (root / 'etc' / 'passwd').read_text().splitlines()}
        self.assertEqual(set(users), {'garita-hub', 'garita-agent'})
        self.assertIn('garita:', (root / 'etc' / 'group').read_text())
        state = (root / 'var' / 'lib' / 'garita-agent').stat()
        self.assertEqual((state.st_mode & 0o777, state.st_uid), (0o700, int(users['garita-agent'][2])))

    def test_the_hub_runs_without_privileges_on_a_read_only_system(self):
        world = World.of(self)
        host = world.host('host')

        class ConfinedHub(Hub):
            def configure(self, extra):
                super().configure(extra)
                for path in (self.directory, self.config):
                    os.chown(path, USER, USER)

            def start(self):
                self.process = host.start('unshare', '-m', 'sh', '-c', CONFINED, 'sh', self.directory, BIN / 'garita', 'hub',
                                          '--config', self.config)
                status = until(lambda: self.ended() or self.answering(), 'the hub answers')
                if self.process.poll() is not None:
                    raise AssertionError('the hub ended:\n' + world.tail())
                self.pin = status['hub']['pin']

        hub = ConfinedHub(host, ['host'])
        status = {k: v.strip() for k, _, v in (row.partition(':') for row in
                  Path(f'/proc/{hub.process.pid}/status').read_text().splitlines())}
        self.assertEqual(set(status['Uid'].split()), {str(USER)})
        for kind in ('CapEff', 'CapPrm', 'CapBnd', 'CapInh', 'CapAmb'):
            self.assertEqual(int(status[kind], 16), 0, kind)
        self.assertEqual(status['NoNewPrivs'], '1')
        written = subprocess.run(['nsenter', '-t', str(hub.process.pid), '-m', 'touch', str(host.directory / 'elsewhere')],
                                 capture_output=True, text=True)
        self.assertIn('Read-only file system', written.stderr)

        Agent(host, hub, 'detectors:\n  cpu_load: {enabled: no}\n')
        case = hub.alert('192.0.2.7')
        hub.api(f'/cases/{case["id"]}/decision', {'response': 'block'})
        until(lambda: '192.0.2.7' in host.blocked(), 'a decision of this hub is in force')
        self.assertEqual(hub.stop(), 0)
        hub.start()
        self.assertEqual([r['params'] for r in hub.api('/rules')['rules']], ['192.0.2.7'])


if __name__ == '__main__':
    main()
