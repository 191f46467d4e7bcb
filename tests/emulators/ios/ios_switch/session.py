"""One session on a line: what is typed, echoed, paged and asked; and how a bad day looks.

The transport has write(bytes), close() and abort(). `loop` has call_soon and call_later.
"""
import re

from .shell import CONFIGURING, Ask, Leave, Raw, Wait
from .editor import Typing

MORE = " --More-- "
ERASE = "\b" * 9 + " " * 8 + "\b" * 9
NEVER = 1e9  # seconds
COMMAND, ANSWER, SECRET, KEY, PAGED, BUSY, GONE = "command", "answer", "secret", "key", "paged", "busy", "gone"


class Command(Ask):
    """The prompt: what is typed is a command."""


class Session(Typing):
    def __init__(self, switch, transport, shell, loop, on_gone=None):
        super().__init__()
        self.switch, self.transport, self.shell, self.loop = switch, transport, shell, loop
        self.modes, self.on_gone = switch.modes, on_gone
        self.state, self.steps = BUSY, None
        self.pending, self.page, self.stopped = [], 0, False
        self.lines_typed, self.out, self.allowance, self.mute = 0, [], None, False
        self.last_input, self.timer = loop.time(), None
        self.shell.number = self._free_line()
        switch.sessions.append(self)

    def _free_line(self):
        taken = {session.shell.number for session in self.switch.sessions}
        return next(number for number in range(len(taken) + 1) if number not in taken)

    # ---- life ----

    def start(self, login=None):
        """login: a conversation that comes before the commands"""
        self.steps = self._dialogue(login)
        self._watch_idle()
        self._advance(None)
        self.flush()

    def _dialogue(self, login):
        if login:
            yield from login
        for banner in (self.switch.settings.banner_motd, self.switch.settings.banner_exec):
            if banner:
                yield Raw("\r\n" + banner.replace("\n", "\r\n") + "\r\n")
        yield Raw("\r\n")
        while True:
            line = yield Command(self.shell.prompt())
            self.page, self.stopped = 0, False
            yield from self._run(line)

    def _run(self, line):
        switch = self.switch
        if line.strip():
            switch.counts["lines"] += 1
            switch.counts["config_lines"] += self.shell.mode in CONFIGURING
            switch.transcript.append((self.shell.number, line))
            self.lines_typed += 1
        if self._is_last():
            yield from self._die(line)
        if self.modes["delay"]:
            yield Wait(self.modes["delay"])
        hang = self.modes["hang"]
        if hang and re.search(hang["command"], line):
            self.flush()
            self.allowance = hang["bytes"]
        yield from self.shell.execute(line)
        if self.allowance is not None:
            self.allowance, self.mute = 0, True
        if self.modes["chatter"] and self.switch.chatter:
            self.loop.call_soon(self.switch.chatter)

    def run_once(self, line):
        """`ssh switch COMMAND`"""
        self.shell.length = 0
        self.steps = self._only(line)
        self._advance(None)
        self.flush()

    def _only(self, line):
        yield Raw("\r\n")
        yield from self._run(line)
        yield Leave()

    def _is_last(self):
        limit = self.modes["die_after"]
        return limit is not None and self.lines_typed >= limit

    def _die(self, line):
        self.mute = True
        if not self.modes["die_again"]:
            self.modes["die_after"] = None
        if self.modes["die_executes"]:
            yield from (step for step in self.shell.execute(line) if isinstance(step, Ask))
        if self.modes["die_silent"]:
            yield Wait(NEVER)
        self.kill()
        yield Leave()

    def kill(self):
        """The connection breaks."""
        self.gone()
        self.transport.abort()

    def gone(self):
        """The line is free again; may be told twice."""
        if self.state == GONE:
            return
        self.state = GONE
        if self.timer:
            self.timer.cancel()
        if self in self.switch.sessions:
            self.switch.sessions.remove(self)
        if self.on_gone:
            self.on_gone()

    def _watch_idle(self):
        left = self.last_input + self.switch.settings.exec_timeout - self.loop.time()
        if self.switch.settings.exec_timeout <= 0 or self.state == GONE:
            return
        if left <= 0:
            self.leave()
        else:
            self.timer = self.loop.call_later(left, self._watch_idle)

    def leave(self):
        self.flush()
        self.gone()
        self.transport.close()

    # ---- the conversation ----

    def _advance(self, answer):
        """Goes on until something has to be waited for."""
        self.state = BUSY
        while self.state == BUSY:
            try:
                step = self.steps.send(answer)
            except StopIteration:
                return
            answer = None
            if self.state == GONE:
                return
            if isinstance(step, list):
                self.pending = list(step)
                self._print()
            elif isinstance(step, Raw):
                self.write(step.text)
            elif isinstance(step, Wait):
                self.flush()
                self.loop.call_later(step.seconds, self._resume)
                return
            elif isinstance(step, Leave):
                self.leave()
            else:
                self._ask(step)

    def _resume(self):
        if self.state == BUSY:
            self._advance(None)
            self.consume()
            self.flush()

    def _ask(self, step):
        self.begin_line(step.prompt)
        self.write(step.prompt)
        if isinstance(step, Command):
            self.state = COMMAND
            text = self._splice("prompt")
            if text:
                self.loop.call_soon(self.interrupt, text)
        else:
            self.state = KEY if step.key else ANSWER if step.echo else SECRET

    def _print(self):
        """Prints what is pending, a page at a time."""
        while self.pending and not self.stopped:
            if self.shell.length and self.page >= self.shell.length - 1:
                self.write(MORE)
                self.state = PAGED
                return
            self.write(self.pending.pop(0) + "\r\n")
            self.page += 1
            text = self._splice("output")
            if text:
                self.write(text + "\r\n")
        self.pending = []

    def turn_page(self, key):
        self.write(ERASE)
        if key == " ":
            self.page = 0
        elif key in "\r\n":
            self.page -= 1
        else:
            self.stopped = True
        self.state = BUSY
        self._print()
        if self.state == BUSY:
            self._advance(None)

    # ---- log lines ----

    def log_line(self, text):
        if self.shell.monitor and self.state != GONE:
            self.loop.call_soon(self.interrupt, text)

    def interrupt(self, text):
        """Something else is written into whatever is there."""
        if self.state == GONE:
            return
        again = self.switch.settings.synchronous and self.state == COMMAND
        self.write("\r\n" + text + "\r\n" + (self.prompt + self.line if again else ""))
        self.flush()

    def _splice(self, where):
        splice = self.modes["splice"]
        if not splice or splice["where"] != where:
            return ""
        splice["times"] = splice.get("times", 1) - 1
        if splice["times"] <= 0:
            self.modes["splice"] = None
        return splice.get("text", "*Mar  1 00:12:45.123: %SYS-5-CONFIG_I: Configured from console by console#")

    def splice_echo(self):
        return self._splice("echo")

    # ---- output ----

    def write(self, text):
        if self.state != GONE and not self.mute:
            self.out.append(text)

    def flush(self):
        if not self.out:
            return
        data, self.out = "".join(self.out).encode("utf-8", "surrogateescape"), []
        if self.allowance is not None:
            data = data[:self.allowance]
            self.allowance -= len(data)
        size = self.modes["chunk"] or len(data)
        for at in range(0, len(data), size or 1):
            self.transport.write(data[at:at + size])

    # ---- input ----

    def feed(self, data):
        self.last_input = self.loop.time()
        self.input += data.decode("utf-8", "surrogateescape")
        self.consume()
        self.flush()

    def consume(self):
        while self.input and self.state not in (BUSY, GONE):
            if self.state == PAGED:
                self.turn_page(self.take(1))
            elif self.state == KEY:
                self._key(self.take(1))
            else:
                self.type_on(self.state)

    def _key(self, key):
        yes = key in "\r\nyY"
        self.write("\r\n" if key in "\r\n" else key + "\r\n")
        self._advance(yes)

    def entered(self, line):
        self._advance(line)

    def interrupted(self, key):
        """^C or ^Z while a line is typed."""
        if self.state == COMMAND and self.shell.mode in CONFIGURING:
            self.write("^Z\r\n" if key == "\x1a" else "^C\r\n")
            self.begin_line("")
            self.shell.leave_configuration()
            self._again()
        else:
            self.write("\r\n")
            self._again() if self.state == COMMAND else self._advance("")

    def _again(self):
        self.begin_line(self.shell.prompt())
        self.write(self.prompt)
