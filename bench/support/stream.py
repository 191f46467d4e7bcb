"""A stream of numbered UDP packets from one namespace to another; tells when packets of a source stop arriving."""

import multiprocessing
import socket
import struct
import time

from pair import Within, now_ns

EVERY_NS = 200_000
GIVE_UP_NS = 5_000_000_000
QUIET_NS = 60_000_000  # so long without a packet, and it is not the scheduler
ORDER = struct.Struct("=QQ")


def _receive(namespace, port, pipe):
    with Within(namespace):
        sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4 << 20)
    sock.bind(("0.0.0.0", port))
    sock.settimeout(0.02)
    pipe.send("ready")
    while True:
        source = pipe.recv()
        if source is None:
            return
        last, arrived = -1, now_ns()
        pipe.send("listening")
        while now_ns() - arrived < GIVE_UP_NS and not pipe.poll():
            try:
                data, sender = sock.recvfrom(64)
            except TimeoutError:
                continue
            if sender[0] == source:
                number, _ = ORDER.unpack(data)
                last, arrived = number, now_ns()
        pipe.recv()
        pipe.send(last)


def _send(namespace, target, pipe):
    with Within(namespace):
        sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    sock.close()
    pipe.send("ready")
    while True:
        source = pipe.recv()
        if source is None:
            return
        with Within(namespace):
            sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
            sock.bind((source, 0))
            sock.connect(target)
        sent = []
        due = now_ns()
        pipe.send("sending")
        while not pipe.poll():
            at = now_ns()
            try:
                sock.send(ORDER.pack(len(sent), at))
            except OSError:  # a refused port tells through ICMP; the number counts as sent all the same
                pass
            sent.append(at)
            due = max(due + EVERY_NS, at)
            wait = due - now_ns()
            if wait > 50_000:
                time.sleep((wait - 50_000) / 1e9)
        pipe.recv()
        sock.close()
        pipe.send(sent)


class Stream:
    def __init__(self, sender_namespace, receiver_namespace, target, port=9999):
        context = multiprocessing.get_context("fork")
        self.ends = []
        self.processes = []
        for work, arguments in ((_receive, (receiver_namespace, port)), (_send, (sender_namespace, (target, port)))):
            mine, theirs = context.Pipe()
            process = context.Process(target=work, args=(*arguments, theirs), daemon=True)
            process.start()
            self.ends.append(mine)
            self.processes.append(process)
            mine.recv()
        self.receiver, self.sender = self.ends

    def close(self):
        for end in self.ends:
            end.send(None)
        for process in self.processes:
            process.join(5)

    def begin(self, source):
        self.receiver.send(source)
        self.receiver.recv()
        self.sender.send(source)
        self.sender.recv()

    def end(self):
        """Returns (moment of the first packet that was sent and never arrived, or None; packets sent)."""
        self.sender.send("stop")
        sent = self.sender.recv()
        time.sleep(0.02)
        self.receiver.send("stop")
        last = self.receiver.recv()
        return (sent[last + 1] if last + 1 < len(sent) else None), len(sent)

    def first_dropped(self, wait):
        """After the cause: waits `wait` seconds, then tells when the first packet was dropped."""
        time.sleep(wait)
        return self.end()
