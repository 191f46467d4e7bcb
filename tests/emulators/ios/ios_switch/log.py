"""Log messages: to terminals that watch, to the buffer, and as datagrams, with every header that real switches send."""
import socket
import time

LOCAL7 = 23


def _stamp(now, year=False, msec=True):
    at = time.gmtime(now)
    text = time.strftime("%b ", at) + f"{at.tm_mday:2d} " + (time.strftime("%Y ", at) if year else "")
    return text + time.strftime("%H:%M:%S", at) + (f".{int(now * 1000) % 1000:03d}" if msec else "")


def _uptime(seconds):
    seconds = int(seconds)
    return f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"


# name -> what stands between <priority> and %FACILITY
HEADERS = {
    "plain": lambda m: f"{m.number}: *{_stamp(m.now)}: ",
    "uptime": lambda m: f"{m.number}: {_uptime(m.up)}: ",
    "year": lambda m: f"{m.number}: {_stamp(m.now, year=True)}: ",
    "no_number": lambda m: f": {_stamp(m.now, year=True)}: ",
    "origin": lambda m: f": {m.host}: {_stamp(m.now, year=True)}: ",
    "zone": lambda m: f"{m.number}: {m.host}: {_stamp(m.now)} UTC+07:30: ",
    "two_numbers": lambda m: f"{m.number}: {m.number - 4:06d}: {_stamp(m.now, year=True)} UTC: ",
    "two_numbers_origin": lambda m: f"{m.number}: {m.host}: {m.number - 4}: {_stamp(m.now, year=True)} UTC: ",
    "weeks": lambda m: f"{m.number}: {m.host}: {m.number - 4}: 2y10w: ",
    "clock_not_set": lambda m: f"*{_stamp(m.now, year=True)}: ",
    "clock_lost": lambda m: f"{m.number}: .{_stamp(m.now, msec=False)}: ",
    "address": lambda m: f"{m.number}: {m.address} {m.number - 4}: {_stamp(m.now, year=True)}: ",
    "address6": lambda m: f"{m.number}: 2001:db8::: {m.number - 4}: {_stamp(m.now, year=True)}: ",
    "bare": lambda m: "",
    "relayed": lambda m: f"{_stamp(m.now, msec=False)} {m.address} ",
    "relayed_iso": lambda m: time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(m.now)) + f".208321+00:00 {m.host} ",
}


class Message:
    def __init__(self, log, severity):
        self.number, self.severity, self.now = log.number, severity, log.switch.now()
        self.up = self.now - log.switch.started
        self.host, self.address = log.switch.hostname, log.source or "127.0.0.1"


class Log:
    """source: the address from which messages go; also: more targets of datagrams; port_names: "long" or "short", in messages of port
    security"""

    def __init__(self, switch, target=None, header="plain", source=None, port_names="long", transport="udp", also=()):
        self.switch, self.target, self.source, self.also = switch, target, source, also
        self.header, self.port_names, self.transport = header, port_names, transport
        self.number = 40
        self.socket = None
        switch.log = self

    def port_name(self, port):
        return port.short if self.port_names == "short" else port.name

    def say(self, severity, facility, mnemonic, text):
        self.number += 1
        message = Message(self, severity)
        body = f"%{facility}-{severity}-{mnemonic}: {text}"
        self.switch.logged.append(body)
        if self.target:
            line = f"<{LOCAL7 * 8 + severity}>" + HEADERS[self.header](message) + body
            self._send(line.encode())
        shown = f"*{_stamp(message.now)}: {body}"
        for session in list(self.switch.sessions):
            session.log_line(shown)

    def _send(self, message):
        """By UDP, or by TCP with an end of line behind each; whoever cannot be reached gets nothing, as with real ones."""
        try:
            if self.socket is None:
                self._open()
            if self.transport == "tcp":
                self.socket.sendall(message + b"\n")
            else:
                for target in (self.target, *self.also):
                    self.socket.sendto(message, tuple(target))
        except OSError:
            self.close()

    def _open(self):
        kind = socket.SOCK_STREAM if self.transport == "tcp" else socket.SOCK_DGRAM
        self.socket = socket.socket(socket.AF_INET, kind)
        if self.source:
            self.socket.bind((self.source, 0))
        if kind == socket.SOCK_STREAM:
            self.socket.settimeout(2)
            self.socket.connect(tuple(self.target))

    def close(self):
        if self.socket:
            self.socket.close()
        self.socket = None
