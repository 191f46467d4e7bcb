"""From an approval to a secured, saved port: the real hub, real logs, and switches that are as strict as real ones."""
import time
import unittest

from logged import database
from switches import Switches, violation
from world import Hub, World, main, until

MAC = '0013.1a41.544e'
LONG = '00:13:1a:41:54:4e'


class Access(unittest.TestCase):
    def setUp(self):
        self.world = World.of(self)
        self.center = self.world.host('center')

    def hub_with(self, switches, extra=''):
        return Hub(self.center, [], 'people:\n  ana: {role: approver, system_user: root}\naccess:\n'
                   '  syslog: {listen: ["udp 127.0.0.1:5514"]}\n' + switches.settings() + extra)

    def send(self, line, source='127.0.1.1', to=5514):
        import socket

        def datagram():
            with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
                sender.bind((source, 0))
                sender.sendto(line, ('127.0.0.1', to))
        self.center.inside(datagram)

    def request(self, hub, number=1):
        return hub.api(f'/access/requests/{number}')

    def ended(self, hub, number=1, seconds=30):
        return until(lambda: (found := self.request(hub, number)) and found['state'] not in ('waiting', 'working', 'confirming') and found,
                     f'request {number} ends: {self.request(hub, number)}', seconds)

    def test_an_approved_device_is_secured_where_it_is_plugged_in(self):
        switches = Switches(self.center, 2)
        hub = self.hub_with(switches)
        hub.api('/access/requests', {'mac': MAC})
        self.assertEqual(self.request(hub)['state'], 'waiting')
        switches.ask('sw1', 'plug', port='Gi1/0/7', macs=[LONG])
        self.send(violation(MAC, 'Gi1/0/7'))
        done = self.ended(hub)
        self.assertEqual((done['state'], done['switch'], done['port']), ('done', 'sw1', 'GigabitEthernet1/0/7'), done)
        for text in (switches.ask('sw1', 'running'), switches.ask('sw1', 'startup')):
            self.assertIn(MAC, text)

    def test_a_hub_that_is_killed_goes_on_where_it_was(self):
        import signal
        switches = Switches(self.center, 1, modes={'save_delay': 3})
        hub = self.hub_with(switches)
        hub.api('/access/requests', {'mac': MAC})
        hub.stop(signal.SIGKILL)
        hub.start()
        self.assertEqual(self.request(hub)['state'], 'waiting')
        switches.ask('sw1', 'plug', port='Gi1/0/7', macs=[LONG])

        def working():
            self.send(violation(MAC, 'Gi1/0/7'))
            return self.request(hub)['state'] == 'working'
        until(working, 'the port is being changed')
        hub.stop(signal.SIGKILL)
        hub.start()
        done = self.ended(hub, seconds=60)
        self.assertEqual((done['state'], done['port']), ('done', 'GigabitEthernet1/0/7'), done)
        self.assertEqual(switches.ask('sw1', 'running').count(MAC), 1)
        self.assertIn(MAC, switches.ask('sw1', 'startup'))

    def test_who_is_not_listed_is_never_asked(self):
        switches = Switches(self.center, 1)
        hub = self.hub_with(switches)
        hub.api('/access/requests', {'mac': MAC})
        self.send(violation(MAC, 'Gi1/0/7'), source='127.0.1.99')
        until(lambda: 'none of the listed switches' in str(self.request(hub)), 'the log tells')
        self.assertEqual(self.request(hub)['state'], 'waiting')
        self.send(violation(MAC, 'Gi1/0/8'))  # in a listed one's name, and nobody is there
        until(lambda: 'Waiting on' in str(self.request(hub)), 'the check finds nobody')
        self.assertEqual(self.request(hub)['state'], 'waiting')
        self.assertNotIn(MAC, switches.ask('sw1', 'running'))

    def log_of_the_switch(self, where):
        relayed = violation(MAC, 'Gi1/0/7').replace(b'<186>41: *Mar  1 00:12:45.123:', b'<186>Nov 23 07:00:00 sw1 41: *Mar  1 00:12:45.123:')
        self.send(relayed, to=where['udp'])

    def last_look(self, hub, after=''):
        return until(lambda: (seen := hub.api('/access/status')['databases'][0].get('last_look')) and seen > after and seen,
                     'the database was read', 60)

    def secured(self, hub, told):
        done = self.ended(hub, seconds=60)
        self.assertEqual((done['state'], done['switch'], done['port']), ('done', 'sw1', 'GigabitEthernet1/0/7'), done)
        self.assertIn(told, str(done['log']))

    def told_after_the_approval(self, kind):
        where, settings = database(self.center, kind)
        switches = Switches(self.center, 1)
        hub = self.hub_with(switches, settings)
        hub.api('/access/requests', {'mac': MAC})
        switches.ask('sw1', 'plug', port='Gi1/0/7', macs=[LONG])
        self.last_look(hub)
        self.log_of_the_switch(where)
        self.secured(hub, 'database log1, from sw1')

    def test_what_rsyslogd_wrote_to_mariadb_is_found(self):
        self.told_after_the_approval('mariadb')

    def test_what_rsyslogd_wrote_to_postgresql_is_found(self):
        self.told_after_the_approval('postgresql')

    def test_what_mariadb_was_told_before_the_hub_started_counts(self):
        where, settings = database(self.center, 'mariadb')
        switches = Switches(self.center, 1)
        switches.ask('sw1', 'plug', port='Gi1/0/7', macs=[LONG])
        self.log_of_the_switch(where)
        time.sleep(2)
        hub = self.hub_with(switches, settings)
        self.last_look(hub)
        hub.api('/access/requests', {'mac': MAC})
        self.secured(hub, 'database log1, before the approval, from sw1')

    def test_what_postgresql_was_told_before_the_approval_counts(self):
        where, settings = database(self.center, 'postgresql')
        switches = Switches(self.center, 1)
        switches.ask('sw1', 'plug', port='Gi1/0/7', macs=[LONG])
        hub = self.hub_with(switches, settings)
        self.last_look(hub)
        self.log_of_the_switch(where)
        time.sleep(2)
        self.last_look(hub, self.last_look(hub))
        hub.api('/access/requests', {'mac': MAC})
        self.secured(hub, 'database log1, before the approval, from sw1')


if __name__ == '__main__':
    main()
