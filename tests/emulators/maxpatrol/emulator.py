#!/usr/bin/env python3
"""MaxPatrol SIEM 10 as its known clients see it: strict about what it is asked, and able to misbehave on demand.

emulator.py PORT_FILE [--version 24|26|27.6] [--lifetime SECONDS] [--certificate FILE --key FILE]

One port serves the interface and the tokens (/connect/token); it is written to PORT_FILE. What the world does to it comes over
/_control/…: incidents appear, analysts move them, tokens end, answers go wrong.
"""
import argparse
import calendar
import http.server
import json
import os
import random
import re
import ssl
import threading
import time
import uuid
from urllib.parse import parse_qs, urlsplit

USER, PASSWORD, CLIENT, CLIENT_SECRET, PERSONAL = 'garita', 'correct horse', 'mpx', '8f1c', 'pat_0123456789'
NEXT = {'New': {'Approved', 'InProgress', 'Resolved', 'Closed'}, 'Approved': {'InProgress', 'Resolved', 'Closed'},
        'InProgress': {'Resolved', 'Closed'}, 'Resolved': {'InProgress', 'Closed'}, 'Closed': set()}
COMMON = {'key', 'name', 'category', 'type', 'status', 'created', 'assigned'}
TIMES = {'creation', 'detection', 'lastModification', 'approval', 'inProgress', 'resolving', 'closing'}
STAMP = re.compile(r'\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.000Z')
ANY_STAMP = re.compile(r'\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?Z?')
# what clients are known to filter by, and what of a row it asks for
FILTERS = (
    (re.compile(r'\s*'), lambda row, _: True),
    (re.compile(r'\s*key\s*=\s*"([^"]+)"\s*'), lambda row, said: row['key'] == said[1]),
    (re.compile(r'\s*status\s*=\s*"?(\w+)"?\s*'), lambda row, said: row['status'].lower() == said[1].lower()),
    (re.compile(r'\s*status\s*!=\s*"(\w+)"\s*'), lambda row, said: row['status'].lower() != said[1].lower()),
    (re.compile(r"\s*status\s+NOT\s+IN\s*\(([\w', ]+)\)\s*"), lambda row, said: f"'{row['status']}'" not in said[1]),
)
DICTIONARIES = {
    '/api/statuses': ['New', 'Approved', 'InProgress', 'Resolved', 'Closed'],
    '/api/severities': ['High', 'Medium', 'Low'],
}


def stamp(at):
    """Seven decimals, as the SIEM has them."""
    return time.strftime('%Y-%m-%dT%H:%M:%S', time.gmtime(at)) + f'.{int(at % 1 * 10**7):07d}Z'


class Siem:
    def __init__(self, options):
        self.lock = threading.RLock()
        self.version, self.lifetime = options.version, options.lifetime
        self.incidents, self.order, self.tokens, self.refresh, self.faults, self.calls = {}, [], {}, set(), [], {}
        self.logins = 0

    def add(self, wish):
        with self.lock:
            number = len(self.order) + 1
            now = time.time()
            one = {'id': str(uuid.uuid4()), 'key': f'INC-{number}', 'name': f'Web_Bulk_Failed_URL_Access_{number}', 'category': 'Undefined',
                   'type': 'Undefined', 'status': 'New', 'severity': 'High', 'created': now, 'modified': now, 'isConfirmed': False,
                   'assigned': None, 'events': 2, 'transitions': [], **wish}
            self.incidents[one['id']] = one
            self.order.append(one['id'])
            return one

    def move(self, one, to, by, comment):
        one['transitions'].append({'prevStatus': one['status'], 'nextStatus': to, 'comment': comment, 'timestamp': stamp(time.time()),
                                   'changedBy': by})
        one['status'], one['modified'] = to, time.time()

    def row(self, one):
        created = one['created']
        shown = {k: one[k] for k in ('id', 'key', 'name', 'category', 'type', 'status', 'severity', 'isConfirmed', 'assigned')}
        shown['created'] = int(created) if self.version == '24' else stamp(created)
        return shown

    def whole(self, one):
        rules = {'correlationRuleNames': [one['name']]} if self.version == '24' else {'correlationRules': [{'correlationName': one['name']}]}
        return {**self.row(one), 'description': '', 'detected': stamp(one['created']), 'modified': stamp(one['modified']), 'source': 'netFor', **rules}

    def events(self, one):
        return [{'id': f'{one["id"]}-{n}', 'date': stamp(one['created'] + n), 'description': f'event {n + 1} of {one["key"]}'}
                for n in range(one['events'])]


class Refused(Exception):
    def __init__(self, status, body=None):
        self.status, self.body = status, body


def want(condition, words):
    if not condition:
        raise Refused(400, {'message': words})


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = 'HTTP/1.1'
    siem = None
    timeout = 120
    disable_nagle_algorithm = True  # head and body are two writes: the second would wait for an acknowledgement

    def log_message(self, *_):
        pass

    def do_GET(self):
        self.serve('GET')

    def do_POST(self):
        self.serve('POST')

    def do_PUT(self):
        self.serve('PUT')

    def serve(self, method):
        body = self.rfile.read(int(self.headers.get('Content-Length') or 0))
        path = urlsplit(self.path).path
        try:
            if path.startswith('/_control/'):
                return self.reply(200, self.control(path[len('/_control/'):], json.loads(body or b'{}')))
            if self.misbehave(method, path, body):
                return None
            with self.siem.lock:
                call = f'{method} {re.sub("[0-9a-f-]{36}", "ID", path)}'
                self.siem.calls[call] = self.siem.calls.get(call, 0) + 1
                status, document = self.answer(method, path, body)
            self.reply(status, document)
        except Refused as no:
            self.reply(no.status, no.body)
        except (ValueError, KeyError, TypeError) as error:
            self.reply(400, {'message': f'{type(error).__name__}: {error}'})

    def reply(self, status, document):
        data = b'' if document is None else json.dumps(document).encode()
        self.send_bytes(status, data)

    def send_bytes(self, status, data, kind='application/json; charset=utf-8', length=None):
        self.send_response(status)
        self.send_header('Content-Type', kind)
        self.send_header('Content-Length', str(len(data) if length is None else length))
        self.end_headers()
        self.wfile.write(data)

    # what goes wrong

    def misbehave(self, method, path, body):
        with self.siem.lock:
            for fault in self.siem.faults:
                if not re.search(fault.get('match', ''), f'{method} {path}'):
                    continue
                if 'share' in fault and random.random() >= fault['share']:
                    continue
                if 'times' in fault:
                    if fault['times'] <= 0:
                        continue
                    fault['times'] -= 1
                break
            else:
                return False
        kind = random.choice(fault['kinds'])
        if kind == 'html':
            self.send_bytes(200, b'<html><body>Bad gateway</body></html>', 'text/html')
        elif kind == 'truncated':
            self.send_bytes(200, b'{"incidents":[{"id":"cc51', length=26 - 1)
        elif kind == 'drop':
            self.close_connection = True
            self.connection.close()
        elif kind == 'hang':
            time.sleep(fault.get('seconds', 60))
            self.close_connection = True
        elif kind == 'slow':
            time.sleep(fault.get('seconds', 2))
            return False
        elif kind == 'done-but-500' and method == 'PUT':  # it happened, and the answer is lost
            return self.done_but_lost(path, body)
        else:
            self.send_bytes(int(kind), b'{"message":"Authorization has been denied for this request."}' if kind == '401' else b'oops')
        return True

    def done_but_lost(self, path, body):
        with self.siem.lock:
            wish = json.loads(body)
            self.siem.move(self.one(path.split('/')[3]), wish['id'], {'login': USER}, wish['message'])
        self.send_bytes(500, b'oops')
        return True

    def control(self, action, wish):
        siem = self.siem
        with siem.lock:
            if action == 'add':
                return [siem.row(siem.add(wish.get('with', {}))) for _ in range(wish.get('count', 1))]
            if action == 'move':
                siem.move(siem.incidents[wish['id']], wish['to'], wish.get('by', {'firstName': 'Ivan', 'lastName': 'Petrov'}), '')
                return {}
            if action == 'expire':
                siem.tokens.clear()
                return {}
            if action == 'faults':
                siem.faults = wish.get('faults', [])
                return {}
            if action == 'state':
                return {'incidents': [{**siem.whole(siem.incidents[i]), 'transitions': siem.incidents[i]['transitions']} for i in siem.order],
                        'calls': siem.calls, 'logins': siem.logins}
        raise Refused(404)

    # what a SIEM does

    def answer(self, method, path, body):
        if path == '/connect/token':
            want(method == 'POST', 'POST')
            return self.token(parse_qs(body.decode(), strict_parsing=True))
        self.authorise()
        if path in ('/api/v2/incidents', '/api/v2/incidents/') and method == 'POST':
            if path.endswith('/') == (self.siem.version == '24'):
                raise Refused(404)
            return self.page(json.loads(body))
        if path in DICTIONARIES and method == 'GET':
            return 200, DICTIONARIES[path]
        if path == '/api/deployment_configuration/v1/system_info' and method == 'GET':
            return 200, {'productVersion': {'24': '24.1.5000', '26': '26.1.7351', '27.6': '27.6.1000'}[self.siem.version]}
        if (found := re.fullmatch(r'/api/(?:incidentsReadModel/)?incidents/([0-9a-f-]{36})', path)) and method == 'GET':
            if ('ReadModel' in path) == (self.siem.version == '24'):
                raise Refused(404)
            return 200, self.siem.whole(self.one(found[1]))
        if (found := re.fullmatch(r'/api/(?:incidentsReadModel/)?incidents/([0-9a-f-]{36})/transitions', path)) and method == 'GET':
            if ('ReadModel' in path) == (self.siem.version == '24'):
                raise Refused(404)
            return 200, self.one(found[1])['transitions']
        if (found := re.fullmatch(r'/api/incidents/([0-9a-f-]{36})/events', path)) and method == 'GET':
            query = {k: int(v[0]) for k, v in parse_qs(urlsplit(self.path).query).items()}
            return 200, self.siem.events(self.one(found[1]))[query.get('offset', 0):][:query.get('limit', 10**6)]
        if (found := re.fullmatch(r'/api/incidents/([0-9a-f-]{36})/events/count', path)) and method == 'GET':
            return 200, {'count': self.one(found[1])['events']}
        if (found := re.fullmatch(r'/api/incidents/([0-9a-f-]{36})/transitions', path)) and method == 'PUT':
            return self.transition(self.one(found[1]), json.loads(body))
        raise Refused(404)

    def one(self, incident):
        if incident not in self.siem.incidents:
            raise Refused(404, {'message': 'not found'})
        return self.siem.incidents[incident]

    def authorise(self):
        said = self.headers.get('Authorization', '')
        token = said[7:] if said.startswith('Bearer ') else ''
        if token == PERSONAL and self.siem.version not in ('24', '26'):
            return
        if self.siem.tokens.get(token, 0) < time.time():
            raise Refused(401, {'message': 'Authorization has been denied for this request.'})

    def token(self, form):
        values = {k: v[0] for k, v in form.items()}
        wrong = Refused(400, {'error': 'invalid_grant', 'error_description': 'invalid_username_or_password'})
        self.siem.logins += 1
        if values.get('client_id') != CLIENT or values.get('client_secret') != CLIENT_SECRET:
            raise Refused(400, {'error': 'invalid_client'})
        want('scope' in values and 'mpx.api' in values['scope'].split(), 'scope')
        if values.get('grant_type') == 'password':
            want('response_type' in values, 'response_type')
            if (values.get('username'), values.get('password')) != (USER, PASSWORD):
                raise wrong
        elif values.get('grant_type') == 'refresh_token':
            if values.get('refresh_token') not in self.siem.refresh:
                raise wrong
            self.siem.refresh.discard(values['refresh_token'])  # each serves once
        else:
            raise Refused(400, {'error': 'unsupported_grant_type'})
        access, refresh = 'ey.' + uuid.uuid4().hex, uuid.uuid4().hex
        self.siem.tokens[access] = time.time() + self.siem.lifetime
        self.siem.refresh.add(refresh)
        return 200, {'access_token': access, 'expires_in': self.siem.lifetime, 'token_type': 'Bearer', 'refresh_token': refresh}

    def page(self, wish):
        want(set(wish) <= {'offset', 'limit', 'groups', 'timeFrom', 'timeTo', 'filterTimeType', 'filter', 'queryIds'}, f'unknown members in {sorted(wish)}')
        offset, limit, chosen = wish['offset'], wish['limit'], wish['filter']
        want(isinstance(offset, int) and offset >= 0 and isinstance(limit, int) and 1 <= limit <= 1000, 'offset, limit')
        want(wish['filterTimeType'] in TIMES, 'filterTimeType')
        begin = self.begin(wish['timeFrom'])
        want(wish.get('timeTo') is None, 'timeTo')
        select = set(chosen['select'])
        want(select >= COMMON and select <= COMMON | {'severity'}, 'select')
        if self.siem.version == '27.6' and select != COMMON:
            raise Refused(500)
        field = {'creation': 'created', 'lastModification': 'modified'}[wish['filterTimeType']]
        asked = chosen.get('where') or ''
        said, fits = next(((said, fits) for form, fits in FILTERS if (said := form.fullmatch(asked))), (None, None))
        want(fits, 'where')
        found = [i for i in (self.siem.incidents[n] for n in self.siem.order) if i[field] >= begin and fits(i, said)]
        order = chosen.get('orderby', [{'field': 'created', 'sortOrder': 'descending'}])[0]
        want(order['field'] == 'created' and order['sortOrder'] in ('ascending', 'descending'), 'orderby')
        found.sort(key=lambda i: i['created'], reverse=order['sortOrder'] == 'descending')
        rows = [self.siem.row(i) for i in found[offset:offset + limit]]
        if self.siem.version == '27.6':
            rows = [{k: v for k, v in row.items() if k != 'severity'} for row in rows]
        return 200, {'incidents': rows, 'totalItems': len(found)}

    def begin(self, said):
        """Older versions take more forms; a time without a zone is UTC."""
        if self.siem.version == '24' and isinstance(said, int):
            return said
        form = STAMP if self.siem.version == '27.6' else ANY_STAMP
        want(isinstance(said, str) and form.fullmatch(said), 'timeFrom')
        whole, _, part = said.rstrip('Z').partition('.')
        return calendar.timegm(time.strptime(whole, '%Y-%m-%dT%H:%M:%S')) + float(f'0.{part or 0}')

    def transition(self, one, wish):
        want(set(wish) == {'id', 'measures', 'message'} and all(isinstance(v, str) for v in wish.values()), 'id, measures, message')
        if wish['id'] not in NEXT[one['status']]:
            raise Refused(400, {'message': f'Transition from {one["status"]} to {wish["id"]} is not allowed'})
        self.siem.move(one, wish['id'], {'id': str(uuid.UUID(int=7)), 'login': USER}, wish['message'])
        return 204, None


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('port_file')
    parser.add_argument('--version', default='26', choices=['24', '26', '27.6'])
    parser.add_argument('--lifetime', type=int, default=86400)
    parser.add_argument('--certificate')
    parser.add_argument('--key')
    parser.add_argument('--port', type=int, default=0)
    options = parser.parse_args()
    Handler.siem = Siem(options)
    server = http.server.ThreadingHTTPServer(('127.0.0.1', options.port), Handler)
    server.daemon_threads = True
    if options.certificate:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(options.certificate, options.key)
        server.socket = context.wrap_socket(server.socket, server_side=True)
    with open(options.port_file + '.new', 'w') as file:
        file.write(str(server.server_port))
    os.rename(options.port_file + '.new', options.port_file)
    server.serve_forever()


if __name__ == '__main__':
    main()
