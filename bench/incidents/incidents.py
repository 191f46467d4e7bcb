"""See run.sh. Ends with 1 where a bar is missed at full scale, or an incident does not come to a chat once at any."""
import collections
import http.client
import json
import os
import pathlib
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time

BUILD, FULL = sys.argv[1], sys.argv[2] == 'full'
SOURCE = pathlib.Path(__file__).resolve().parents[2]
CHATS = [1001 + n for n in range(10 if FULL else 3)]
missed = []


def until(condition, what, seconds):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if value := condition():
            return value
        time.sleep(0.05)
    raise SystemExit(f'not within {seconds} s: {what}')


def tell(what, value, most, unit):
    kept = value <= most
    print(f'  {what}: {value:.3g} {unit}   bar {most} {unit}   {"kept" if kept else "NOT kept"}', flush=True)
    if FULL and not kept:
        missed.append(what)


def free_port():
    with socket.socket() as one:
        one.bind(('127.0.0.1', 0))
        return one.getsockname()[1]


class UnixConnection(http.client.HTTPConnection):
    def __init__(self, path):
        super().__init__('localhost', timeout=60)
        self.path = str(path)

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(self.timeout)
        self.sock.connect(self.path)


def ask(connection, method, path, body=None):
    connection.request(method, path, None if body is None else json.dumps(body))
    reply = connection.getresponse()
    value = json.loads(reply.read())
    connection.close()
    if reply.status != 200:
        raise SystemExit(f'{path}: {reply.status} {value}')
    return value


class House:
    """A SIEM, Telegram, and a hub between them."""

    def __init__(self, folder, chats):
        self.folder, self.children = folder, []
        self.siem = self.listen('/usr/bin/python3', SOURCE / 'tests/emulators/maxpatrol/emulator.py')
        self.telegram = self.listen(shutil.which('node'), SOURCE / 'tests/fakes/telegram/strict/server.js')
        for chat in chats:
            self.world('chat', {'id': chat})
        config = folder / 'hub.yml'
        url = f'http://127.0.0.1:{self.siem}'
        config.write_text(f'hub: {{listen: "127.0.0.1:{free_port()}", socket: {folder}/hub.sock, state: {folder}/state}}\n'
                          f'people: {{ana: {{role: operator, telegram: {chats[0]}}}}}\n'
                          f'telegram:\n  token: 4242:not-a-real-token\n  api_base: http://127.0.0.1:{self.telegram}\n'
                          f'  chats: [{", ".join(f"{{id: {chat}}}" for chat in chats)}]\n'
                          f'sources: {{maxpatrol: {{soc: {{url: "{url}", login_url: "{url}", user: garita, password: correct horse, '
                          f'client_secret: 8f1c, interval: 1s, timeout: 5s}}}}}}\n')
        config.chmod(0o600)
        self.log = open(folder / 'log', 'w')
        self.hub = subprocess.Popen([f'{BUILD}/bin/garita', 'hub', '--config', config], stdout=self.log, stderr=self.log)
        self.children.append(self.hub)
        until(self.is_up, 'the hub answers', 30)

    def listen(self, program, script):
        port_file = self.folder / f'port-{len(self.children)}'
        self.children.append(subprocess.Popen([program, str(script), str(port_file)], stdout=subprocess.DEVNULL))
        return int(until(lambda: port_file.exists() and port_file.read_text(), script, 30))

    def is_up(self):
        try:
            return self.open_cases() is not None
        except OSError:
            return None

    def open_cases(self):
        return ask(UnixConnection(self.folder / 'hub.sock'), 'GET', '/api/v1/status')['counts']['open_cases']

    def world(self, action, body=None):
        return ask(http.client.HTTPConnection('127.0.0.1', self.telegram, timeout=60), 'GET' if body is None else 'POST', f'/_control/{action}', body)

    def bring(self, count, **values):
        return ask(http.client.HTTPConnection('127.0.0.1', self.siem, timeout=300), 'POST', '/_control/add', {'count': count, 'with': values})

    def misbehave(self, *faults):
        ask(http.client.HTTPConnection('127.0.0.1', self.siem, timeout=60), 'POST', '/_control/faults', {'faults': faults})

    def close(self):
        for child in self.children[::-1]:
            child.send_signal(signal.SIGKILL)
            child.wait()


def latency(house):
    """A thousand incidents a minute; each chat's first message with each of them."""
    seconds = 60 if FULL else 5
    made, pace = {}, 60 / 1000
    begun = time.time()
    while time.time() - begun < seconds:
        row = house.bring(1, events=1)[0]
        made[row['key']] = time.time()
        time.sleep(max(0, begun + len(made) * pace - time.time()))
    wanted = len(made) * len(CHATS)

    def told():
        first, count = {}, collections.Counter()
        for call in house.world('calls?method=sendMessage')['calls']:
            if call['outcome'] != 'ok':
                continue
            for key in set(re.findall(r'INC-\d+', call['parameters']['text'])):
                place = (call['parameters']['chat_id'], key)
                count[place] += 1
                first.setdefault(place, call['at'] / 1000)  # the fake's clock counts milliseconds
        return (first, count) if len(first) >= wanted else None
    first, count = until(told, 'each chat has each incident', 120)
    if max(count.values()) > 1:
        missed.append('each once')
    late = sorted(at - made[key] for (chat, key), at in first.items())
    print(f'  {len(made)} incidents in {seconds} s to {len(CHATS)} chats: {len(first)} told, {sum(n > 1 for n in count.values())} more than once; '
          f'p50 {late[len(late) // 2]:.2f} s, worst {late[-1]:.2f} s')
    tell('from appearance to message, p99', late[int(len(late) * 0.99)], 1.2, 's')


def press(house):
    house.bring(1, events=1)
    message = until(lambda: [m for m in house.world(f'messages?chat={CHATS[0]}')['messages'] if m.get('reply_markup', {}).get('inline_keyboard')],
                    'a question', 120)[-1]
    house.misbehave({'match': 'api', 'kinds': ['hang'], 'seconds': 30})
    time.sleep(1.5)
    took = []
    for _ in range(20):
        begun = time.monotonic()
        query = house.world('press', {'chat': CHATS[0], 'message_id': message['message_id'], 'from': {'id': CHATS[0]},
                                      'label': message['reply_markup']['inline_keyboard'][0][0]['text']})['query']
        until(lambda: any(t['query'] == query for t in house.world('toasts?last=5')['toasts']), 'a toast', 10)
        took.append((time.monotonic() - begun) * 1000)
    tell('a press while the SIEM hangs, worst of 20', max(took), 300, 'ms')


def memory(house):
    count = 100_000 if FULL else 2_000
    house.misbehave()
    for _ in range(count // 1000):
        house.bring(1000, events=1)
    until(lambda: house.open_cases() >= count, 'all are cases', 1200)
    status = pathlib.Path(f'/proc/{house.hub.pid}/status').read_text()
    tell(f'memory of the hub with {count} open incidents, at most so far', int(re.search(r'VmHWM:\s+(\d+)', status)[1]) / 1024, 150, 'MB')


def main():
    with tempfile.TemporaryDirectory() as folder:
        house = House(pathlib.Path(folder), CHATS)
        try:
            for job in (latency, press, memory):
                job(house)
        finally:
            house.close()
    if missed:
        raise SystemExit('not kept: ' + ', '.join(missed))


main()
