"""Open ports that an agent watches: drift is told as from the hub itself, and an agent that is away is one case for all that it looks at."""
import json
import signal
import time
import unittest

from vantage_test import ALLOW, cellar_of, listen
from world import QUIET, Agent, Hub, World, main, until


class WatchedFromAnAgent(unittest.TestCase):
    PORTS = '''ports:
  interval: 10s
  confirm_after: 1s
  unknown_after: 2
  scanports: 1-100
  groups:
    inside: {from: inner}
  hosts:
    10.99.0.2: {must: "22,8080", groups: [inside], services: {22: {banner: "220 hello*"}}}
    "fd99::2": {must: "22,8080", groups: [inside]}
    10.99.0.1: {must: [], from: inner}
    127.0.0.1: {must: []}
'''

    def setUp(self):
        self.world = World.of(self)
        self.center, self.inner = self.world.host('center'), self.world.host('inner')
        self.cellar = cellar_of(self.world, self.inner)
        self.listener = listen(self.cellar, 22, 8080)
        self.hub = Hub(self.center, ['inner'], self.PORTS)
        self.agent = Agent(self.inner, self.hub, QUIET + ALLOW)

    def states(self):
        return {host['host']: host['state'] for host in self.hub.api('/ports')['hosts']}

    def fine(self):
        return set(self.states().values()) == {'fine'} and len(self.states()) == 4

    def test_drift_and_absence_are_one_case_each(self):
        until(self.fine, 'all is as specified', 60, 0.3)
        self.listener.kill()
        self.listener.wait()
        listener = listen(self.cellar, 22)
        for host in ('10.99.0.2', 'fd99::2'):
            self.hub.api('/ports/scan', {'host': host})
        drift = until(lambda: self.hub.cases(kind='ports_drift'), 'the drift', 60, 0.3)
        until(lambda: {case['subject'] for case in self.hub.cases(kind='ports_drift')} == {'10.99.0.2', 'fd99::2'}, 'both', 60, 0.3)
        self.assertEqual(drift[0]['facts']['missing'], '8080')
        listener.kill()
        listener.wait()
        listen(self.cellar, 22, 8080)
        until(lambda: self.fine() and not self.hub.cases(kind='ports_drift'), 'the end of it', 60, 0.3)
        self.agent.stop(signal.SIGKILL)
        until(lambda: self.hub.cases(kind='ports_unknown'), 'the agent is missed', 90, 0.3)
        until(lambda: list(self.states().values()).count('unknown') == 3, 'all that it looks at is unknown', 60, 0.3)
        time.sleep(3)
        self.assertEqual([case['subject'] for case in self.hub.cases(kind='ports_unknown')], ['AGENT inner'])
        self.assertEqual(self.hub.cases(kind='ports_drift'), [])
        self.assertEqual(self.states()['127.0.0.1'], 'fine')
        self.agent.start()
        until(lambda: self.fine() and not self.hub.cases(kind='ports_unknown'), 'all is known again', 90, 0.3)

    def test_another_service_than_the_agent_should_find(self):
        until(self.fine, 'all is as specified', 60, 0.3)
        self.listener.kill()
        self.listener.wait()
        listen(self.cellar, 22, 8080, greeting='SSH-2.0-dropbear')
        self.hub.api('/ports/scan', {'host': '10.99.0.2'})
        drift = until(lambda: self.hub.cases(kind='ports_drift'), 'the drift', 60, 0.3)
        self.assertEqual([case['subject'] for case in drift], ['10.99.0.2'])
        self.assertIn('SSH-2.0-dropbear', json.dumps(drift[0]['facts']))


if __name__ == '__main__':
    main()
