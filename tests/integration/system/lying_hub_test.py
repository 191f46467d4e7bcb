"""Somebody in the hub's place, with the hub's own TLS key and an agent's stolen key, but not the key that signs orders: the
real agent follows nothing that the hub did not say to it, now."""
import base64
import http.server
import json
import os
import socket
import ssl
import threading
import time
import unittest

from thief_test import SYNC, Line, Loot
from world import QUIET, Agent, Hub, World, main, until


class Behind(Hub):
    """The real hub, on a port that agents do not know."""
    def configure(self, extra):
        super().configure(extra)
        self.config.write_text(self.config.read_text().replace(':8443', ':8444').replace('hub:\n', f'hub:\n  url: {self.url}\n', 1))


class Impostor(http.server.ThreadingHTTPServer):
    """Stands where agents call. Passes on with their own keys, once it has them, and lies as it is told."""
    daemon_threads = True
    path, victim = '/agent/v1/sync', 'web1'  # what it lies about, and to whom

    def __init__(self, test, cleanup):
        self.test, self.hub, self.loot, self.lie, self.asked = test, test.hub, {}, None, []
        super().__init__(('', 0), Passing, bind_and_activate=False)
        self.socket.close()
        self.socket = test.center.inside(lambda: socket.create_server((test.center.address, 8443)))
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.hub.certificate, self.hub.directory / 'state' / 'hub.key')
        self.socket = context.wrap_socket(self.socket, server_side=True, do_handshake_on_connect=False)
        self.server_address = self.socket.getsockname()
        threading.Thread(target=self.serve_forever, daemon=True).start()
        cleanup(self.shutdown)

    def upstream(self, name):
        loot = self.loot.get(name)
        context = loot.tls() if loot else Loot.tls(None, certificate=False)
        return Line(self.test.center, (self.test.center.address, 8444), context, 60)

    def upstream_ask(self, name, document):
        """What the hub itself answers whoever has this agent's keys, about what it lies of."""
        line = self.upstream(name)
        line.request('POST', self.path, json.dumps(document), {'Garita-Nonce': base64.urlsafe_b64encode(os.urandom(24)).decode()})
        try:
            return line.getresponse().read()
        finally:
            line.close()

    def handle_error(self, request, client_address):
        pass


class Passing(http.server.BaseHTTPRequestHandler):
    protocol_version = 'HTTP/1.1'

    def name(self):
        return next(s.name for s in self.server.test.servers if s.address == self.client_address[0])

    def do_POST(self):
        body = self.rfile.read(int(self.headers['Content-Length']))
        line = self.server.upstream(self.name())
        line.request('POST', self.path, body, {'Content-Type': 'application/json', 'Garita-Nonce': self.headers.get('Garita-Nonce', '')})
        reply = line.getresponse()
        answer = [reply.status, reply.read(), reply.headers.get('Garita-Signature')]
        line.close()
        if self.path == self.server.path and self.name() == self.server.victim and answer[0] == 200:
            self.server.asked.append((self.headers['Garita-Nonce'], answer))
            if self.server.lie:
                answer = self.server.lie(self.headers['Garita-Nonce'], body, *answer)
        status, text, signature = answer
        self.send_response(status)
        self.send_header('Content-Length', str(len(text)))
        if signature:
            self.send_header('Garita-Signature', signature)
        self.end_headers()
        self.wfile.write(text)

    def log_message(self, *_):
        pass


class LyingHub(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.world = World()
        cls.addClassCleanup(cls.world.close)
        cls.center = cls.world.host('center')
        cls.servers = [cls.world.host(name) for name in ('web1', 'web2')]
        cls.hub = Behind(cls.center, ['web1', 'web2'])
        cls.impostor = Impostor(cls, cls.addClassCleanup)
        cls.agents = [Agent(server, cls.hub, QUIET, wait=False) for server in cls.servers]
        for server, agent in zip(cls.servers, cls.agents):
            file = agent.directory / 'state' / 'identity.json'
            until(lambda: file.exists() and '"identity"' in file.read_text(), 'enrolled through the impostor, who cannot hinder it')
            cls.impostor.loot[server.name] = Loot(agent, cls.world)
        until(lambda: all(a.known(0) for a in cls.agents), 'both agents report through the impostor')

    def refuse(self, lie, reason, address):
        """The agent refuses, says why, and does not block what the lie is about; the hub itself is believed again."""
        mark = len(self.world.tail(10 ** 9))
        self.impostor.lie = lie
        self.hub.cli('rules', 'set', address, '--device', 'web1')
        until(lambda: reason in self.world.tail(10 ** 9)[mark:], f'the agent says: {reason}', 30)
        time.sleep(1)
        blocked = self.servers[0].blocked()
        self.assertFalse({a for a in blocked if a == address or a.startswith('198.51.100.')}, 'nothing of it was done')
        self.impostor.lie = None
        until(lambda: address in self.servers[0].blocked(), 'the hub itself is believed again', 30)

    def test_altered(self):
        self.refuse(lambda nonce, asked, status, body, signature: [status, body.replace(b'192.0.2.', b'198.51.100.') + b' ', signature],
                    'was altered', '192.0.2.11')

    def test_not_signed(self):
        self.refuse(lambda nonce, asked, status, body, signature: [status, body, None], 'it is not signed', '192.0.2.12')

    def test_signed_by_another(self):
        def forge(nonce, asked, status, body, signature):
            order = json.loads(body)
            order['rules'] = [{'name': 'block', 'params': '198.51.100.1', 'desired': 'drop', 'lasts': 3600, 'seq': 10 ** 6}]
            order['rules_seq'] = 10 ** 6
            parts = signature.split(' ')
            return [status, json.dumps(order).encode(), ' '.join([*parts[:4], base64.urlsafe_b64encode(os.urandom(64)).decode().rstrip('=')])]
        self.refuse(forge, 'not signed by the key of the hub', '192.0.2.13')

    def test_played_back(self):
        self.hub.cli('rules', 'set', '198.51.100.7', '--device', 'web1')
        until(lambda: '198.51.100.7' in self.servers[0].blocked(), 'in force once')
        recorded = next(answer for _, answer in reversed(self.impostor.asked) if b'198.51.100.7' in answer[1])
        self.hub.cli('rules', 'unset', '198.51.100.7')
        until(lambda: '198.51.100.7' not in self.servers[0].blocked(), 'and no more')
        self.refuse(lambda *_: recorded, 'is played back', '192.0.2.14')

    def test_of_another_agent(self):
        self.hub.cli('rules', 'set', '198.51.100.9', '--device', 'web2')

        def for_web2(nonce, asked, *_):
            line = self.impostor.upstream('web2')
            line.request('POST', '/agent/v1/sync', json.dumps(SYNC), {'Garita-Nonce': nonce})
            reply = line.getresponse()
            return [reply.status, reply.read(), reply.headers['Garita-Signature']]
        self.refuse(for_web2, 'made for another agent, web2', '192.0.2.15')
        self.assertIn('198.51.100.9', self.servers[1].blocked())

    def test_zz_people_are_told(self):
        """Runs last: the lies have been told, and the hub was heard again."""
        found = until(lambda: self.hub.cases('all', kind='orders_refused'), 'a case about it')
        self.assertEqual([c['device'] for c in found], ['web1'])
        self.assertIn('refused an answer of the hub', json.dumps(found))


if __name__ == '__main__':
    main()
