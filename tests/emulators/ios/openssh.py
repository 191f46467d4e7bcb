"""For tests: Debian's own ssh in a terminal, typed at and read until something is seen."""
import os
import pty
import re
import select
import subprocess
import tempfile
import time

PATIENCE = 60.0


class OpenSsh:
    def __init__(self, address, port, *options, user="admin", known_hosts=None, command=None):
        self.folder = tempfile.TemporaryDirectory()
        known = known_hosts or os.path.join(self.folder.name, "known_hosts")
        strict = "yes" if known_hosts else "no"
        ours, theirs = pty.openpty()
        self.process = subprocess.Popen(
            ["ssh", "-F", "none", "-tt", "-o", f"UserKnownHostsFile={known}", "-o", "GlobalKnownHostsFile=/dev/null", "-o",
             f"StrictHostKeyChecking={strict}", "-o", "PubkeyAuthentication=no", "-o", "LogLevel=INFO", *options, "-p", str(port),
             f"{user}@{address}", *([command] if command else [])], stdin=theirs, stdout=theirs, stderr=theirs, start_new_session=True,
            env={"PATH": os.environ["PATH"], "TERM": "vt100"},
            preexec_fn=lambda: __import__("fcntl").ioctl(0, __import__("termios").TIOCSCTTY, 0))
        os.close(theirs)
        self.terminal, self.seen = ours, ""

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()
        os.close(self.terminal)
        self.folder.cleanup()

    def _read(self, deadline):
        if not select.select([self.terminal], [], [], max(0.0, deadline - time.monotonic()))[0]:
            raise TimeoutError(f"nothing more came after {self.seen!r}")
        try:
            data = os.read(self.terminal, 65536)
        except OSError:
            data = b""
        self.seen += data.decode("utf-8", "replace")
        return bool(data)

    def until(self, pattern):
        """All that came up to and with the pattern."""
        deadline = time.monotonic() + PATIENCE
        while True:
            found = re.search(pattern, self.seen)
            if found:
                came, self.seen = self.seen[:found.end()], self.seen[found.end():]
                return came
            if not self._read(deadline):
                raise EOFError(f"the session ended with {self.seen!r}")

    def to_the_end(self):
        deadline = time.monotonic() + PATIENCE
        while self._read(deadline):
            pass
        self.process.wait(PATIENCE)
        return self.seen

    def send(self, text):
        os.write(self.terminal, text.encode())

    def type(self, line, prompt=r"[>#]$"):
        """The answer to one line, its echo included."""
        self.send(line + "\r")
        return self.until(prompt)

    def log_in(self, password="admin"):
        self.until("assword: ")
        self.send(password + "\r")
        return self.until(r"[>#](?=\s|$)")
