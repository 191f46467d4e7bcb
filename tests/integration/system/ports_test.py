"""Open ports as specified: a hub that watches real listeners on another host. A listener starts: one case; it stops: the case
closes by itself. Accepting writes the file; kill -9 in the middle loses and doubles nothing."""
import json
import signal
import time
import unittest

from world import Hub, World, main, until

LISTEN = '''import socket, sys, time
held = [socket.create_server(('', int(port))) for port in sys.argv[1:]]
time.sleep(1000)
'''
PORTS = '''ports:
  specification: {specification}
  interval: 10s
  confirm_after: 1s
  scanports: 1-200
'''
SPECIFICATION = '''# what stands in the cellar
hosts:
  {address}:        # the shop
    must: "22,80"   # ssh and http
'''


class OpenPorts(unittest.TestCase):
    def setUp(self):
        self.world = World.of(self)
        self.watcher, self.target = self.world.host('watcher'), self.world.host('target')
        self.file = self.watcher.directory / 'ports.yml'
        self.file.write_text(SPECIFICATION.format(address=self.target.address))
        self.listen('22', '80')
        self.hub = Hub(self.watcher, [], PORTS.format(specification=self.file))

    def listen(self, *ports):
        process = self.target.start('/usr/bin/python3', '-c', LISTEN, *ports)
        until(lambda: all(self.answers(int(port)) for port in ports), f'listeners at {ports}')
        return process

    def answers(self, port):
        try:
            self.target.connect(self.target.address, port).close()
        except OSError:
            return False
        return True

    def look(self):
        self.hub.cli('ports', 'scan')

    def host(self):
        return json.loads(self.hub.cli('ports', 'status', '--json', check=False).stdout)['hosts'][0]

    def drifts(self, state='all'):
        return [case for case in self.hub.cases(state) if case['kind'] == 'ports_drift']

    def fine(self):
        return until(lambda: self.host()['state'] == 'fine' and self.host(), 'the host as specified')

    def drift(self):
        return until(lambda: self.drifts('open') and self.drifts('open')[0], 'a case')

    def test_a_listener_that_comes_is_one_case_and_closes_it_when_it_goes(self):
        self.assertEqual(self.fine()['open'], '22,80')
        self.assertEqual(self.drifts(), [])
        intruder = self.listen('131')
        self.look()
        case = self.drift()
        self.assertEqual(case['facts']['unexpected'], '131')
        self.assertNotIn('missing', case['facts'])
        self.assertEqual(self.hub.cli('ports', 'status', check=False).returncode, 1)
        time.sleep(12)  # an interval
        self.assertEqual(len(self.drifts()), 1)
        intruder.kill()
        intruder.wait()
        self.look()
        until(lambda: self.drifts()[0]['state'] == 'closed', 'the end')
        self.assertIn('over', self.drifts()[0]['facts'])
        self.fine()
        history = self.hub.cli('ports', 'history', self.target.address).stdout
        self.assertIn('drift began: +131', history)
        self.assertIn('as specified again', history)
        self.assertEqual(len(self.drifts()), 1)
        suggested = self.hub.cli('ports', 'suggest').stdout
        self.assertIn(f'  "{self.target.address}":\n    must: "22,80"\n', suggested)
        self.assertEqual(self.hub.cli('ports', 'scan', '192.0.2.77', check=False).returncode, 1)

    def test_what_is_not_known_is_not_suggested(self):
        self.file.write_text(self.file.read_text() + '  shop.invalid: {must: "22"}\n')
        self.hub.process.send_signal(signal.SIGHUP)
        hosts = lambda: json.loads(self.hub.cli('ports', 'status', '--json', check=False).stdout)['hosts']
        until(lambda: [h['state'] for h in hosts()] == ['fine', 'unknown'], 'a name without address', seconds=40)
        suggested = self.hub.cli('ports', 'suggest').stdout
        self.assertIn('  # shop.invalid is left out: ', suggested)
        self.assertNotIn('"shop.invalid":', suggested)

    def test_accepted_is_written_into_the_file_with_its_comments(self):
        self.fine()
        self.listen('131')
        self.look()
        self.hub.cli('ports', 'accept', str(self.drift()['id']))
        until(lambda: '22,80,131' in self.file.read_text(), 'the new line')
        self.assertEqual(self.file.read_text(),
                         SPECIFICATION.format(address=self.target.address).replace('22,80', '22,80,131'))
        self.fine()
        self.assertIn(f'{self.file}:3', self.drifts()[0]['facts']['accepted_into'])
        self.hub.stop()
        self.hub.start()
        self.look()
        self.assertEqual(self.fine()['must'], '22,80,131')
        self.assertEqual(len(self.drifts()), 1)

    def test_a_changed_file_is_left_alone_and_the_store_remembers(self):
        self.fine()
        self.listen('131')
        self.look()
        case = self.drift()
        text = self.file.read_text() + '# somebody was here\n'
        self.file.write_text(text)
        self.hub.cli('ports', 'accept', str(case['id']))
        until(lambda: 'accepted_into' in self.drifts()[0]['facts'], 'what has come of it')
        self.assertIn("the hub's store", self.drifts()[0]['facts']['accepted_into'])
        self.assertEqual(self.file.read_text(), text)
        self.look()
        self.assertEqual(self.fine()['must'], '22,80,131')

    def test_a_reload_reads_the_files_again_and_ends_what_is_specified_now(self):
        self.fine()
        self.listen('131')
        self.look()
        self.drift()
        self.file.write_text(self.file.read_text().replace('22,80', '22,80,131'))
        self.hub.process.send_signal(signal.SIGHUP)
        until(lambda: self.host()['must'] == '22,80,131', 'the new specification')
        self.look()
        until(lambda: self.drifts()[0]['state'] == 'closed', 'the end')
        self.assertEqual(len(self.drifts()), 1)
        self.file.write_text('hosts:\n  nowhere: {msut: 80}\n')
        self.hub.process.send_signal(signal.SIGHUP)
        time.sleep(1)
        self.assertEqual(self.host()['must'], '22,80,131')  # a wrong file changes nothing

    def test_kills_neither_lose_nor_double_a_case(self):
        self.fine()
        self.listen('131')
        self.look()
        for n in range(6):
            time.sleep(0.3 * n)
            self.hub.stop(signal.SIGKILL)
            self.hub.start()
        case = self.drift()
        time.sleep(12)
        self.assertEqual([one['id'] for one in self.drifts()], [case['id']])
        self.assertEqual(case['alerts'] if 'alerts' in case else case['alert_count'], 1)

    def test_muted_is_silent_until_the_end_of_it(self):
        self.fine()
        self.listen('131')
        self.look()
        self.hub.cli('ports', 'mute', str(self.drift()['id']), '6s')
        until(lambda: self.host()['state'] == 'muted', 'silence')
        until(lambda: len(self.drifts()) == 2, 'the question again', seconds=30)
        self.assertEqual(self.drifts('open')[0]['facts']['unexpected'], '131')


if __name__ == '__main__':
    main()
