"""A caller of the REST API on another host, over TLS with tokens, that holds each answer to the API's own document."""
import datetime
import http.client
import itertools
import json
import ssl
import time
import unittest

import jsonschema

from world import Agent, Hub, World, until

SCOPES = ['alerts:write', 'cases:read', 'decisions:write', 'rules:read', 'rules:write', 'status:read', 'audit:read', 'access:read', 'access:write']


def secret_of(name):
    return f'secret-of-{name}-0123456789'


def configuration():
    tokens = ''.join(f'  only-{s.replace(":", "-")}: {{secret: {secret_of(s.replace(":", "-"))}, scopes: ["{s}"]}}\n' for s in SCOPES)
    every = ', '.join(f'"{s}"' for s in SCOPES)
    return f'''
people:
  ana: {{role: approver}}
  ben: {{role: approver}}
  eve: {{role: viewer}}
tokens:
  all: {{secret: {secret_of("all")}, scopes: [{every}]}}
  other: {{secret: {secret_of("other")}, scopes: [{every}]}}
  ana-app: {{secret: {secret_of("ana")}, scopes: [{every}], person: ana}}
  ben-app: {{secret: {secret_of("ben")}, scopes: [{every}], person: ben}}
  eve-app: {{secret: {secret_of("eve")}, scopes: [{every}], person: eve}}
{tokens}devices:
  border1: {{connect: agent, rules: {{inet_access: {{backend: nftables}}, shaping_in: {{backend: nftables}}}}}}
  border2: {{connect: agent, rules: {{inet_access: {{backend: nftables}}}}}}
ports: {{hosts: {{127.0.0.1: {{must: [], scanports: 1}}}}}}
policies:
  - {{kind: deluge, mode: auto, response: block, at_most: 2, per: 10m}}
  - {{kind: two_keys, approvals: 2}}
'''


def ends_in(stamp):
    """Seconds from now."""
    return datetime.datetime.fromisoformat(stamp.replace('Z', '+00:00')).timestamp() - time.time()


def with_null(schema):
    """OpenAPI's `nullable` in JSON Schema's words."""
    if isinstance(schema, list):
        return [with_null(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    schema = {key: with_null(value) for key, value in schema.items()}
    if schema.pop('nullable', False) is True:
        schema['type'] = [schema['type'], 'null']
    return schema


class ApiCaller(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.world = World()
        cls.addClassCleanup(cls.world.close)
        cls.client, cls.server = cls.world.host('client'), cls.world.host('server')
        cls.hub = Hub(cls.server, ['server'], configuration())
        cls.agent = Agent(cls.server, cls.hub, 'detectors:\n  cpu_load: {enabled: no}\n  ssh_sessions: {enabled: no}\n')
        cls.document = json.loads(cls.call('GET', '/openapi.json', token=None)[1])
        cls.addresses = (f'192.0.2.{n}' for n in itertools.count(1))

    @classmethod
    def tls(cls):
        context = ssl.create_default_context(cafile=cls.hub.certificate)
        context.check_hostname = False  # the name is for the hub's own machine; here it has an address
        return context

    @classmethod
    def call(cls, method, path, body=None, token='all', headers=None, context=None):
        """(status, body, headers) over TLS from another host."""
        connection = http.client.HTTPSConnection(cls.server.address, 8443, timeout=15, context=context or cls.tls())
        raw = cls.client.connect(cls.server.address, 8443, 10)
        connection.sock = connection._context.wrap_socket(raw, server_hostname=cls.server.address)
        fields = {'Content-Type': 'application/json', **({} if token is None else {'Authorization': f'Bearer {secret_of(token)}'}),
                  **(headers or {})}
        if body is not None and not isinstance(body, (bytes, str)):
            body = json.dumps(body)
        try:
            connection.request(method, path[1:] if path.startswith('//') else '/api/v1' + path, body, fields)
            reply = connection.getresponse()
            return reply.status, reply.read(), reply.headers
        finally:
            connection.close()

    def checked(self, method, template, status=None, body=None, path=None, **options):
        """The call; its answer is one that the document knows, and looks as it says there."""
        code, text, headers = self.call(method, path or template, body, **options)
        if status:
            self.assertEqual(code, status, text[:500])
        told = self.document['paths']['/api/v1' + template][method.lower()]['responses']
        self.assertIn(str(code), told, f'{method} {template}: {text[:300]}')
        kinds = told[str(code)].get('content', {})
        kind = headers['Content-Type'].split(';')[0]
        self.assertIn(kind, kinds, f'{method} {template} {code}')
        value = json.loads(text)
        schema = with_null({**kinds[kind].get('schema', {}), 'components': self.document['components']})
        jsonschema.validate(value, schema, format_checker=jsonschema.FormatChecker())
        return value

    def new_case(self, **members):
        address = next(self.addresses)
        self.checked('POST', '/alerts', 202, {'kind': 'scan', 'address': address, **members})
        return until(lambda: [c for c in self.hub.cases('all') if c.get('address') == address], 'a case')[0]['id']
