"""For tests of speeds: a router with a subscriber and a server, and what packets of the one to the other make in a second."""
import socket
import threading
import time

from router import SUBSCRIBERS, border_of  # for the tests, which have both from here

PAYLOAD = 1200


def kernel_files(host):
    """A file system of the kernel's maps and programs of this host's own, as systemd mounts it."""
    host.run('mount', '-t', 'bpf', '-o', 'mode=0700', 'bpf', '/sys/fs/bpf')


def measured(sender, receiver, source, target, offered=40e6, port=9300, warm_up=0.8, seconds=1.5):
    """Bits a second of UDP payload, with IP and UDP heads, that arrive of `offered`."""
    listening = receiver.inside(lambda: socket.socket(socket.AF_INET, socket.SOCK_DGRAM))
    sending = sender.inside(lambda: socket.socket(socket.AF_INET, socket.SOCK_DGRAM))
    listening.bind((target, port))
    listening.settimeout(0.1)
    sending.bind((source, 0))
    over = threading.Event()

    def send():
        begun, sent = time.monotonic(), 0
        while not over.is_set():
            due = int((time.monotonic() - begun) * offered / 8 / (PAYLOAD + 28))
            for _ in range(min(due - sent, 64)):
                try:
                    sending.sendto(bytes(PAYLOAD), (target, port))
                except OSError:
                    pass
            sent = due
            time.sleep(0.001)

    thread = threading.Thread(target=send)
    thread.start()
    try:
        count, begun = 0, time.monotonic()
        while time.monotonic() < begun + warm_up + seconds:
            try:
                listening.recv(2048)
            except TimeoutError:
                continue
            if time.monotonic() > begun + warm_up:
                count += 1
        return count * (PAYLOAD + 28) * 8 / seconds
    finally:
        over.set()
        thread.join()
        listening.close()
        sending.close()


class Subscriber:
    """Of a test with `subscriber`, `server`."""

    def receives(self, address=SUBSCRIBERS[0]):
        return measured(self.server, self.subscriber, self.server.address, address)

    def sends(self, address=SUBSCRIBERS[0]):
        return measured(self.subscriber, self.server, address, self.server.address, port=9301)

    def assertRate(self, measured_bits, wanted, tolerance=0.12):
        self.assertLess(abs(measured_bits / wanted - 1), tolerance, f'{measured_bits / 1e6:.2f} Mbit/s of {wanted / 1e6}')
