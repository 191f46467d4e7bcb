"""A machine that systemd has booted: the real systemd as process 1 of namespaces of its own, over this machine's files, of which
nothing is changed. It knows no other units than the shipped ones and the few targets that they are ordered after."""
import os
import shutil
import subprocess
from pathlib import Path

from world import BIN, SOURCE, until

TARGETS = ('sysinit', 'basic', 'shutdown', 'network', 'network-online', 'multi-user', 'umount', 'final', 'system')

# $1: folder of the test. sysfs, where a stranger could reach the machine's own devices, is read-only.
BOOT = r'''
set -e
mount --make-rprivate /
mount -t tmpfs layers "$1/layers"
mkdir "$1/layers/upper" "$1/layers/work"
mount -t overlay overlay -o "lowerdir=/,upperdir=$1/layers/upper,workdir=$1/layers/work" "$1/root"
cp -a "$1/prefix/." "$1/root/usr/"
mount --bind "$1/units" "$1/root/mnt"
cd "$1/root"
mount -t proc proc proc
mount -o bind,ro proc/sys proc/sys
mount -t sysfs -o ro sysfs sys
mount -t cgroup2 cgroup2 sys/fs/cgroup
mount -t bpf bpf sys/fs/bpf
for folder in run tmp dev var/lib var/log var/tmp; do mount -t tmpfs tmpfs $folder; done
for node in null zero full random urandom tty; do touch dev/$node; mount --bind /dev/$node dev/$node; done
mkdir dev/pts dev/shm run/old
mount -t devpts -o newinstance,ptmxmode=0666 devpts dev/pts
ln -s pts/ptmx dev/ptmx
pivot_root . run/old
umount -l /run/old
: >/etc/fstab
ip link set lo up
rm -rf /etc/garita
systemd-sysusers garita.conf
systemd-tmpfiles --create garita.conf
export container=other SYSTEMD_UNIT_PATH=/mnt LANG=C.UTF-8 PATH=/usr/sbin:/usr/bin:/sbin:/bin
exec /lib/systemd/systemd --unit=multi-user.target
'''


class Booted:
    """run(), write() and systemctl() inside. Ends with the test."""

    def __init__(self, world):
        self.directory = world.directory / 'booted'
        self.units = self.directory / 'units'
        for folder in ('layers', 'root', 'units', 'prefix'):
            (self.directory / folder).mkdir(parents=True)
        subprocess.run([SOURCE / 'scripts' / 'install.sh'], check=True, stdout=subprocess.DEVNULL,
                       env={**os.environ, 'PREFIX': '/usr', 'GARITA_BIN': str(BIN), 'DESTDIR': str(self.directory / 'stage')})
        shutil.copytree(self.directory / 'stage' / 'usr', self.directory / 'prefix', dirs_exist_ok=True)
        for target in TARGETS:
            (self.units / f'{target}.target').write_text(f'[Unit]\nDescription={target}\nDefaultDependencies=no\n')
        for unit in ('garita-hub', 'garita-agent'):
            shutil.copy(self.directory / 'prefix' / 'lib' / 'systemd' / 'system' / f'{unit}.service', self.units)
            self.drop_in(unit, 'log', f'[Service]\nStandardError=append:/var/log/{unit}.log\n')
        self.group = self.own_group()
        apart = 'unshare --mount --pid --uts --ipc --net --cgroup --fork --kill-child'
        self.holder = world.spawn(['sh', '-c', f'echo $$ >"$1/cgroup.procs" && exec {apart} sh -c "$2" boot "$3"', 'enter',
                                   self.group, BOOT, self.directory])
        self.first = until(self.process_one, 'systemd is process 1', 30)
        until(lambda: self.run('systemctl', 'is-system-running', check=False).stdout.strip() in ('running', 'degraded'),
              'systemd is up', 60)

    @staticmethod
    def own_group():
        """A control group of its own: systemd makes groups for its services below it, and never touches another."""
        for row in Path('/proc/self/mountinfo').read_text().splitlines():
            where, _, kind = row.partition(' - ')
            if kind.startswith('cgroup2 '):
                group = Path(where.split()[4]) / f'garita-booted-{os.getpid()}'
                group.mkdir(exist_ok=True)
                return group
        raise AssertionError('there is no cgroup2 file system mounted here')

    def process_one(self):
        """The child of the holder that became systemd."""
        if self.holder.poll() is not None:
            raise AssertionError(f'the machine did not boot: {self.holder.returncode}')
        for child in Path(f'/proc/{self.holder.pid}/task/{self.holder.pid}/children').read_text().split():
            if os.path.basename(os.readlink(f'/proc/{child}/exe')) == 'systemd':
                return int(child)
        return None

    def run(self, *command, check=True):
        done = subprocess.run(['nsenter', '-t', str(self.first), '-a', *map(str, command)], capture_output=True, text=True, timeout=120)
        if check and done.returncode != 0:
            raise AssertionError(f'{command}: {done.returncode}\n{done.stdout}{done.stderr}\n{self.log()}')
        return done

    def systemctl(self, *words):
        return self.run('systemctl', '--no-pager', *words).stdout

    def log(self):
        return self.run('sh', '-c', 'tail -n 20 /var/log/garita-*.log 2>/dev/null; systemctl --no-pager status "garita-*"', check=False).stdout

    def write(self, path, text, owner):
        """A file as an administrator installs it: of root, readable to the group."""
        subprocess.run(['nsenter', '-t', str(self.first), '-a', 'sh', '-c', 'cat >"$1" && chgrp "$2" "$1" && chmod 640 "$1"', 'sh',
                        path, owner], input=text, text=True, check=True)

    def drop_in(self, unit, name, text):
        folder = self.units / f'{unit}.service.d'
        folder.mkdir(exist_ok=True)
        (folder / f'{name}.conf').write_text(text)

    def shipped_drop_in(self, unit):
        self.drop_in(unit, 'limiter', (self.directory / 'prefix' / 'share' / 'doc' / 'garita' / f'{unit}.service.d' / 'limiter.conf').read_text())

    def stop(self):
        self.holder.kill()
        self.holder.wait()
        until(self.no_group, 'its control groups are gone', 30)

    def no_group(self):
        for group in sorted(self.group.rglob('*'), reverse=True):
            if group.is_dir():
                try:
                    group.rmdir()
                except OSError:
                    return False
        try:
            self.group.rmdir()
        except OSError:
            return False
        return True
