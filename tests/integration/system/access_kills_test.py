"""The hub is killed (SIGKILL) at each line of a session that lets a device in, before and after the switch has carried that line out. Afterwards the port is
finished and saved, once, and looks like one where nobody was killed; and where the device was let in before, it is not any more. Under sanitizers at
some of the lines."""
import os
import signal
import unittest

from switches import Switches
from world import Hub, World, main, until

PORTS, SWITCHES = 24, 4
STEP = 1 if os.environ.get('GARITA_SANITIZE', 'none') == 'none' else 6  # a hub with a sanitizer takes long to start
HOME = 'TenGigabitEthernet1/0/1'  # where some of the devices come from


def config(violation):
    ports = ''.join(f'interface GigabitEthernet1/0/{n}\n switchport mode access\n switchport port-security violation {violation}\n'
                    f' switchport port-security mac-address sticky\n switchport port-security mac-address sticky 0050.56aa.{n:04x}\n'
                    ' switchport port-security\n' for n in range(1, PORTS + 1))
    return ports + f'interface {HOME}\n switchport mode access\n switchport port-security maximum 200\n switchport port-security mac-address sticky\n switchport port-security\n'


class KilledBetweenLines(unittest.TestCase):
    def start(self, violation='restrict'):
        self.world = World.of(self)
        center = self.world.host('center')
        self.switches = Switches(center, SWITCHES, config=config(violation), syslog={'target': ['127.0.0.1', 5514], 'header': 'plain'})
        self.hub = Hub(center, [], 'people:\n  ana: {role: administrator, system_user: root}\naccess:\n'
                       '  syslog: {listen: ["udp 127.0.0.1:5514"]}\n' + self.switches.settings())
        self.rounds = 0

    def section(self, switch, port, mac, text):
        """What stands about a port in a configuration, with the addresses by what they are."""
        lines = self.switches.ask(switch, text).split(f'interface GigabitEthernet{port[2:]}\n')[1].split('\n')
        return [line.replace(mac, 'DEVICE') for line in lines[:next(i for i, line in enumerate(lines) if not line.startswith(' '))]]

    def surveyed(self):
        """Every switch was asked where the device is let in, and nobody is logged in any more."""
        surveys = self.request().get('surveys', [])
        return (len(surveys) == SWITCHES and all('asked_at' in one for one in surveys)
                and all(self.switches.ask(f'sw{n}', 'counts')['sessions'] == 0 for n in range(1, SWITCHES + 1)))

    def request(self):
        return self.hub.api(f'/access/requests/{self.rounds}')

    def let_in(self, home, dying, kill_at, executes):
        """`home`, `dying`: how far the switch where the device was, and the one whose session is cut, are from the one where it is now.
        What stands at the port in the end, and whether the hub was killed."""
        self.rounds += 1
        number, port = divmod(self.rounds - 1, PORTS)
        names = [f'sw{(number + away) % SWITCHES + 1}' for away in range(SWITCHES)]
        switch, port, mac = names[0], f'Gi1/0/{port + 1}', f'0013.1a41.{self.rounds:04x}'
        if home is not None:
            self.switches.ask(names[home], 'configure', text=f'interface {HOME}\n switchport port-security mac-address sticky {mac}\n', save=True)
        self.hub.api('/access/requests', {'mac': mac})
        until(self.surveyed, f'every switch is asked for {mac}: {self.request()}')
        self.switches.ask(names[dying], 'modes', set={'die_after': kill_at, 'die_executes': executes, 'die_silent': True})
        self.switches.ask(switch, 'plug', port=port, macs=[':'.join(mac.replace('.', '')[i:i + 2] for i in range(0, 12, 2))])

        def silent():
            return kill_at and self.switches.ask(names[dying], 'modes', set={})['die_after'] is None

        def finished():
            if self.request()['state'] in ('waiting', 'working'):
                return False
            return home is None or all(mac not in self.switches.ask(names[home], text).split(f'interface {HOME}')[1] for text in ('running', 'startup'))
        until(lambda: silent() or finished(), f'line {kill_at} comes or the port is done: {self.request()}')
        killed = bool(silent())
        if killed:
            self.hub.stop(signal.SIGKILL)
            self.hub.start()
        self.switches.ask(names[dying], 'modes', reset=True)
        until(finished, f'request {self.rounds} ends after line {kill_at}: {self.request()}', 60)
        done = self.request()
        self.assertEqual(done['state'], 'done', (kill_at, executes, done))
        running, startup = (self.section(switch, port, mac, text) for text in ('running', 'startup'))
        self.assertEqual(running, startup, (kill_at, executes, done))
        self.assertEqual(self.switches.ask(switch, 'running').count(mac), 1, (kill_at, executes, done))
        return running, killed

    def at_every_line(self, least, home=None, dying=0):
        untouched, _ = self.let_in(home, dying, None, True)
        self.assertTrue(any('DEVICE' in line for line in untouched), untouched)
        kills, line, killed = 0, 1, True
        while killed:
            for executes in (True, False):
                section, killed = self.let_in(home, dying, line, executes)
                self.assertEqual(section, untouched, f'line {line}, {"carried out" if executes else "lost"}')
                kills += killed
            line += STEP
        print(f'{kills} kills at {kills // 2} lines')
        self.assertGreaterEqual(kills, least // STEP)

    def test_where_it_takes_the_place_of_another(self):
        self.start()
        self.at_every_line(40)

    def test_where_the_port_was_disabled(self):
        self.start('shutdown')
        self.at_every_line(40)

    def test_where_it_was_at_another_port(self):
        self.start()
        self.at_every_line(40, home=0)

    def test_where_it_was_at_another_switch(self):
        self.start()
        self.at_every_line(20, home=1, dying=1)


if __name__ == '__main__':
    main()
