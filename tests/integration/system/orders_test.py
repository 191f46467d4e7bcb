"""Orders that reach a host after their time: what was to be done once is not begun then, and the case says so."""
import signal
import time
import unittest

from disturbances import hole, movable_clock, standing_still, with_children
from world import QUIET, Agent, Hub, Logind, World, main, until

WITHIN = 5  # seconds: the shortest that the hub takes


class LateOrders(unittest.TestCase):
    def setUp(self):
        self.world = World.of(self)
        self.logind = Logind(self, self.world)
        self.center, self.server = self.world.host('center'), self.world.host('web1')
        self.clocks = {name: self.world.directory / f'clock-of-{name}' for name in ('hub', 'agent')}
        with movable_clock(self.clocks['hub']):
            self.hub = Hub(self.center, ['web1'], f'limits: {{restart_within: {WITHIN}s}}\n')
        with movable_clock(self.clocks['agent']):
            self.agent = Agent(self.server, self.hub, QUIET, 'allow: {responses: [reboot]}\n')
        self.number = 0

    def order(self):
        """A decision to restart the host; its case."""
        self.number += 1
        load = f'load {self.number}'
        self.hub.api('/alerts', {'kind': 'cpu_load', 'device': 'web1', 'subject': load})
        case = until(lambda: self.hub.cases('open', subject=load), load)[0]['id']
        self.hub.api(f'/cases/{case}/decision', {'response': 'reboot'})
        return case

    def outcome(self, case, seconds=20):
        """What the case says when it is over."""
        until(lambda: self.hub.api(f'/cases/{case}')['state'] == 'closed', f'case {case} is over', seconds)
        return self.hub.cli('case', case).stdout

    def nothing_was_begun(self, case):
        said = self.outcome(case)
        self.assertRegex(said, 'not begun in time|too late to be begun')
        time.sleep(2)  # what lies on the host is looked at by now
        self.assertEqual(self.logind.restarts(), 0, said)
        self.assertIn('Done: 1 of 1', self.outcome(self.order(), 60))  # it is in order, and does what it is told in time
        self.assertEqual(self.logind.restarts(), 1)
        self.assertRegex(self.outcome(case), 'not begun in time|too late to be begun')
        verbs = [entry['verb'] for entry in self.hub.audit(object=f'case {case}')]
        self.assertNotIn('action_done', verbs)

    def wait_for_the_call(self):
        time.sleep(1)  # the agent's second call is the one that waits

    def test_a_host_that_stood_still(self):
        self.wait_for_the_call()
        with standing_still(*with_children(self.agent.process.pid)):
            case = self.order()  # answered at once: it lies in the host's own memory from now on
            time.sleep(WITHIN + 2)
        self.nothing_was_begun(case)

    def test_a_host_that_stood_still_and_woke_up_with_its_clock_set_back(self):
        self.wait_for_the_call()
        with standing_still(*with_children(self.agent.process.pid)):
            case = self.order()
            self.clocks['agent'].write_text('-1h\n')
            time.sleep(WITHIN + 2)
        self.nothing_was_begun(case)

    def test_a_network_that_gave_it_back_late(self):
        self.wait_for_the_call()
        with hole(self.center, self.server):
            case = self.order()
            time.sleep(WITHIN + 2)
        self.nothing_was_begun(case)  # TCP sends it again, and it arrives

    def test_a_hub_that_stood_still(self):
        self.wait_for_the_call()
        with hole(self.center, self.server):
            case = self.order()
            time.sleep(0.5)
            with standing_still(self.hub.process.pid):
                time.sleep(WITHIN + 2)
        self.nothing_was_begun(case)

    def test_the_clock_of_the_hub_is_set_back_before_the_host_is_there(self):
        self.agent.stop(signal.SIGKILL)
        case = self.order()
        self.clocks['hub'].write_text('-3h\n')
        time.sleep(WITHIN + 2)
        with movable_clock(self.clocks['agent']):
            self.agent.start(wait=False)
        self.nothing_was_begun(case)

    def test_in_time_though_every_clock_is_wrong(self):
        for hub, agent in (('+5h', '-2d'), ('-1d', '+1h')):
            self.clocks['hub'].write_text(hub + '\n')
            self.clocks['agent'].write_text(agent + '\n')
            before = self.logind.restarts()
            self.assertIn('Done: 1 of 1', self.outcome(self.order()))
            self.assertEqual(self.logind.restarts(), before + 1)


if __name__ == '__main__':
    main()
