"""Switches that are away, refuse the login, or know the device elsewhere; and requests that are killed in the middle. The switches tell of strangers themselves."""
import unittest

from switches import OLD, WATCHED, Switches
from world import Hub, World, main, until

MAC, LONG = '0013.1a41.544e', '00:13:1a:41:54:4e'
CONFIG = 'interface GigabitEthernet1/0/7\n' + WATCHED
ELSEWHERE = CONFIG.replace('1/0/7', '1/0/3').replace(OLD, MAC)


class AccessInTrouble(unittest.TestCase):
    def setUp(self):
        self.world = World.of(self)
        self.center = self.world.host('center')

    def switches_with(self, count=1, **more):
        return Switches(self.center, count, **{'config': CONFIG, 'syslog': {'target': ['127.0.0.1', 5514], 'header': 'plain'}, **more})

    def hub_with(self, settings):
        return Hub(self.center, [], 'people:\n  ana: {role: administrator, system_user: root}\naccess:\n'
                   '  syslog: {listen: ["udp 127.0.0.1:5514"]}\n' + settings)

    def state(self, hub):
        return hub.api('/access/requests/1')

    def ended(self, hub, seconds=60):
        return until(lambda: (found := self.state(hub))['state'] not in ('waiting', 'working') and found, f'the request ends: {self.state(hub)}', seconds)

    def standing(self, hub):
        return hub.api('/access/status')['switches'][0]

    def approve(self, hub, surveyed=()):
        hub.api('/access/requests', {'mac': MAC})
        for switch, switches in surveyed:
            until(lambda: switches.ask(switch, 'counts')['logins'] > 0, f'{switch} is asked where the device is let in')

    def plug_in(self, switches):
        switches.ask('sw1', 'plug', port='Gi1/0/7', macs=[LONG])

    def test_the_switchs_own_word_is_enough(self):
        switches = self.switches_with()
        hub = self.hub_with(switches.settings())
        self.approve(hub)
        self.plug_in(switches)
        done = self.ended(hub)
        self.assertEqual((done['state'], done['port']), ('done', 'GigabitEthernet1/0/7'), done)
        self.assertIn(OLD, str(done['facts'] if 'facts' in done else done).replace('00:50:56:aa:01:02', OLD), 'whose place it took')
        self.assertNotIn(OLD, switches.ask('sw1', 'startup'))

    def test_a_switch_without_a_free_line_is_tried_again(self):
        switches = self.switches_with(modes={'vty': 0})
        hub = self.hub_with(switches.settings())
        self.approve(hub)
        self.plug_in(switches)
        until(lambda: self.standing(hub)['state'] == 'away', f'the status tells: {self.standing(hub)}')
        self.assertEqual(self.state(hub)['state'], 'waiting')
        switches.ask('sw1', 'modes', reset=True)
        self.assertEqual(self.ended(hub)['state'], 'done')
        until(lambda: self.standing(hub)['state'] == 'fine', 'it is well again')

    def test_a_refused_secret_is_tried_once(self):
        switches = self.switches_with()
        hub = self.hub_with(switches.settings().replace('enable_secret: secret', 'enable_secret: wrong'))
        self.approve(hub)
        until(lambda: self.standing(hub)['state'] == 'forbidden', f'the status tells: {self.standing(hub)}')
        before = switches.ask('sw1', 'counts')
        self.plug_in(switches)
        until(lambda: self.state(hub).get('port'), 'the event is heard')
        hub.api('/access/requests', {'mac': '0013.1a41.5555'})  # one more reason to log in
        self.assertEqual(switches.ask('sw1', 'counts')['connections'], before['connections'], 'an account is not to be locked')
        self.assertEqual(self.state(hub)['state'], 'waiting')
        hub.config.write_text(hub.config.read_text().replace('enable_secret: wrong', 'enable_secret: secret'))
        hub.process.send_signal(1)  # a reload
        self.assertEqual(self.ended(hub)['state'], 'done')

    def test_a_device_that_comes_from_another_switch_is_taken_out_there(self):
        switches = self.switches_with(2, config=CONFIG + ELSEWHERE)
        switches.ask('sw1', 'configure', text=f'interface GigabitEthernet1/0/3\n no switchport port-security mac-address sticky {MAC}\n', save=True)
        hub = self.hub_with(switches.settings())
        self.approve(hub, [('sw1', switches), ('sw2', switches)])
        self.plug_in(switches)
        self.assertEqual(self.ended(hub)['state'], 'done')
        until(lambda: MAC not in switches.ask('sw2', 'startup'), 'it is taken out of the other switch')
        self.assertNotIn(MAC, switches.ask('sw2', 'running'))
        self.assertIn(MAC, switches.ask('sw1', 'startup'))

    def test_a_device_that_cannot_be_taken_out_elsewhere_is_refused_here(self):
        switches = self.switches_with(2, config=CONFIG + ELSEWHERE)
        switches.ask('sw1', 'configure', text=f'interface GigabitEthernet1/0/3\n no switchport port-security mac-address sticky {MAC}\n', save=True)
        before = [switches.ask(one, 'running') for one in ('sw1', 'sw2')]
        at = switches.settings().rstrip()
        hub = self.hub_with(at[:-1] + ', never: [Gi1/0/3]}\n')
        self.approve(hub, [('sw1', switches), ('sw2', switches)])
        until(lambda: any(one['switch'] == 'sw2' and one.get('error') for one in self.state(hub)['surveys']), 'sw2 has answered')
        self.plug_in(switches)
        done = self.ended(hub)
        self.assertEqual(done['state'], 'failed', done)
        self.assertIn('sw2 GigabitEthernet1/0/3', str(done))
        self.assertEqual([switches.ask(one, 'running') for one in ('sw1', 'sw2')], before)

    def begun(self, modes):
        """The port is being changed on a switch that takes its time: what it was before, the switches and the hub."""
        switches = self.switches_with(modes=modes)
        before = switches.ask('sw1', 'running')
        hub = self.hub_with(switches.settings())
        self.approve(hub, [('sw1', switches)])
        self.plug_in(switches)
        return before, switches, hub

    def typed(self, switches, line):
        return any(line in str(one['line']) for one in switches.ask('sw1', 'transcript'))

    def test_what_is_killed_in_the_middle_is_taken_back(self):
        before, switches, hub = self.begun({'delay': 0.2})
        until(lambda: self.typed(switches, f'mac-address sticky {MAC}'), 'the device is being let in')
        self.assertEqual(self.state(hub)['state'], 'working')
        hub.api('/access/requests/1/kill', {})
        done = self.ended(hub)
        self.assertEqual(done['state'], 'killed', done)
        self.assertEqual(switches.ask('sw1', 'running'), before)
        self.assertNotIn(MAC, switches.ask('sw1', 'startup'))
        self.assertFalse(self.typed(switches, 'write memory'))

    def test_what_is_killed_while_it_is_saved_is_done_and_says_so(self):
        _, switches, hub = self.begun({'save_delay': 3})
        until(lambda: self.typed(switches, 'write memory'), 'the port is being saved')
        hub.api('/access/requests/1/kill', {})
        done = self.ended(hub)
        self.assertEqual(done['state'], 'done', done)
        self.assertIn('kill_too_late', str(done['log']))
        self.assertIn(MAC, switches.ask('sw1', 'startup'))

    def test_a_switch_that_always_breaks_off_is_told_of_and_never_given_up(self):
        switches = self.switches_with()
        hub = self.hub_with(switches.settings())
        self.approve(hub, [('sw1', switches)])
        switches.ask('sw1', 'modes', set={'die_after': 10, 'die_again': True})
        self.plug_in(switches)
        until(lambda: self.state(hub)['tries'] >= 2, f'it is tried again: {self.state(hub)}', 60)
        self.assertIn(self.state(hub)['state'], ('waiting', 'working'))
        switches.ask('sw1', 'modes', reset=True)
        self.assertEqual(self.ended(hub)['state'], 'done')
        self.assertEqual(switches.ask('sw1', 'running').count(MAC), 1)


if __name__ == '__main__':
    main()
