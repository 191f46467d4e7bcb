"""A router between a subscriber and a server, whose rules are kept: for the tests of rules on devices."""
import json
import socket

SUBSCRIBERS = [f'100.64.0.{n}' for n in range(2, 12)]


def border_of(world):
    """(router, server, subscriber); the subscriber is behind the router's interface sub0."""
    border, server, subscriber = (world.host(n) for n in ('border', 'server', 'subscriber'))
    border.run('sysctl', '-qw', 'net.ipv4.ip_forward=1')
    border.run('ip', 'link', 'add', 'sub0', 'type', 'veth', 'peer', 'name', 'wan0', 'netns', str(subscriber.holder.pid))
    border.run('ip', 'link', 'set', 'sub0', 'up')
    border.run('ip', 'addr', 'add', '100.64.0.1/24', 'dev', 'sub0')
    subscriber.run('ip', 'link', 'set', 'wan0', 'up')
    for address in SUBSCRIBERS:
        subscriber.run('ip', 'addr', 'add', address + '/24', 'dev', 'wan0')
    subscriber.run('ip', 'route', 'add', server.address, 'via', '100.64.0.1')
    server.run('ip', 'route', 'add', '100.64.0.0/24', 'via', border.address)
    return border, server, subscriber


class RulesOfBorder:
    """For a test with `hub` and, as border_of() makes them, `border`, `server`, `subscriber`."""
    device = 'border'

    def passes(self, address, seconds=0.4):
        """Whether a packet of the subscriber reaches the server and its answer comes back."""
        def knock():
            try:
                socket.create_connection((self.server.address, 9), seconds, (address, 0)).close()
            except ConnectionRefusedError:
                return True
            except OSError:
                return False
            return True
        return self.subscriber.inside(knock)

    def want(self, rows, rule='inet_access', device=None, **members):
        reply = self.hub.api('/devices/rules', {'rules': [
            {'device': device or self.device, 'rule': rule, 'params': params, 'value': value} for params, value in rows], **members})
        self.assertEqual(reply['refused'], [])

    def elements(self, rule='inet_access'):
        """Of the rules' sets and maps of IPv4 in the kernel."""
        found = set()
        listed = self.border.run('nft', '-j', 'list', 'table', 'inet', 'garita_rules', check=False, timeout=120).stdout
        for entry in json.loads(listed or '{"nftables": []}')['nftables']:
            for kind in ('set', 'map'):
                if entry.get(kind, {}).get('name', '').startswith(rule + '.4.'):
                    found.update(e[0] if isinstance(e, list) else e for e in entry[kind].get('elem', []))
        return found

    def settled(self):
        counts = self.hub.api('/devices/rules/counts')['counts']
        return counts and all(c['pending'] == 0 and c['refused'] == 0 for c in counts)

    def plan(self):
        return json.loads(self.hub.cli('rules', 'plan', self.device, '--json').stdout)
