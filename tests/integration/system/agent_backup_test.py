"""A hub that goes back to a backup: its agents have more than it knows, and get from it what it has now."""
import shutil
import signal
import unittest

from router import SUBSCRIBERS, RulesOfBorder, border_of
from world import QUIET, Agent, Hub, World, main, until

DEVICES = 'devices: {border: {connect: agent, rules: {inet_access: {}}}}\n'
OWN = QUIET + 'rules:\n  inet_access: {backend: nftables, options: {interface: sub0}}\n'


class Backup(RulesOfBorder, unittest.TestCase):
    def setUp(self):
        self.world = World.of(self)
        self.center = self.world.host('center')
        self.border, self.server, self.subscriber = border_of(self.world)
        self.hub = Hub(self.center, ['border'], DEVICES)
        self.agent = Agent(self.border, self.hub, OWN)

    def in_force(self, addresses):
        until(lambda: self.elements() == set(addresses) and self.settled(), f'in force: {addresses}', 30)

    def back_up(self):
        self.hub.stop()
        shutil.copytree(self.hub.directory / 'state', self.hub.directory / 'backup')
        self.hub.start()

    def restore(self):
        self.hub.stop(signal.SIGKILL)
        shutil.rmtree(self.hub.directory / 'state')
        (self.hub.directory / 'backup').rename(self.hub.directory / 'state')

    def make_a_backup_and_go_on(self):
        self.want([(address, 'open') for address in SUBSCRIBERS[:4]])
        self.in_force(SUBSCRIBERS[:4])
        self.back_up()
        self.want([(SUBSCRIBERS[0], 'closed'), (SUBSCRIBERS[6], 'open'), (SUBSCRIBERS[7], 'open')])
        self.in_force([*SUBSCRIBERS[1:4], *SUBSCRIBERS[6:8]])

    def test_what_came_after_it_is_taken_back(self):
        self.make_a_backup_and_go_on()
        self.restore()
        self.hub.start()
        self.in_force(SUBSCRIBERS[:4])

    def test_also_where_the_hub_is_further_by_then(self):
        self.make_a_backup_and_go_on()
        self.agent.stop(signal.SIGKILL)
        self.restore()
        self.hub.start()
        for _ in range(4):  # its numbers grow beyond those of the agent
            self.want([(SUBSCRIBERS[9], 'closed')])
            self.want([(SUBSCRIBERS[9], 'open')])
        self.agent.start(wait=False)
        self.in_force([*SUBSCRIBERS[:4], SUBSCRIBERS[9]])
        self.hub.process.send_signal(signal.SIGHUP)
        self.want([(SUBSCRIBERS[8], 'open')])
        self.in_force([*SUBSCRIBERS[:4], *SUBSCRIBERS[8:]])


if __name__ == '__main__':
    main()
