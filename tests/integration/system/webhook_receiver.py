"""A receiver of webhooks on a host of the test's own, which checks what it gets as Standard Webhooks says and answers as the test wants."""
import base64
import hashlib
import hmac
import http.server
import json
import ssl
import threading
import time


def expected_signature(secret, headers, body):
    """By the book, with Python's own means."""
    key = base64.b64decode(secret.removeprefix('whsec_')) if secret.startswith('whsec_') else secret.encode()
    signed = f'{headers["webhook-id"]}.{headers["webhook-timestamp"]}.'.encode() + body
    return 'v1,' + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()


class Receiver:
    """`answers` are taken one by one, then it is 200: a status, (status, headers, body), the last ones at will, or 'hang', 'drop'.
    What `stumbles` says yes to gets 500 each time."""

    def __init__(self, host, port=9090, certificate=None):
        self.requests, self.answers, self.lock = [], [], threading.Lock()
        self.released = threading.Event()
        self.stumbles = lambda body: False
        receiver = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = 'HTTP/1.1'

            def take(self):
                receiver.take(self, self.rfile.read(int(self.headers.get('Content-Length', 0))))
            do_POST = do_PUT = do_GET = take

            def log_message(self, *words):
                pass

        class Server(http.server.ThreadingHTTPServer):
            allow_reuse_address, daemon_threads = True, True

            def handle_error(self, *words):
                pass
        self.server = host.inside(Server, ('', port), Handler)
        scheme = 'http'
        if certificate:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(certificate / 'server.crt', certificate / 'server.key')
            self.server.socket = context.wrap_socket(self.server.socket, server_side=True)
            scheme = 'https'
        self.url = f'{scheme}://{host.address}:{port}'
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def take(self, handler, body):
        with self.lock:
            self.requests.append({'method': handler.command, 'path': handler.path, 'headers': handler.headers, 'body': body, 'at': time.time()})
            answer = 500 if self.stumbles(body) else self.answers.pop(0) if self.answers else 200
        if answer == 'hang':
            self.released.wait(60)
        if answer in ('hang', 'drop'):
            handler.close_connection = True
            return
        given = answer if isinstance(answer, tuple) else (answer,)
        status, headers, said = given + (None, {}, b'ok')[len(given):]
        handler.send_response(status)
        for name, value in headers.items():
            handler.send_header(name, value)
        handler.send_header('Content-Length', str(len(said)))
        handler.end_headers()
        handler.wfile.write(said)

    def bodies(self):
        with self.lock:
            return [json.loads(one['body']) for one in self.requests]

    def stop(self):
        self.released.set()
        self.server.shutdown()
        self.server.server_close()
