"""The line editor of IOS: echo, corrections, the question mark, and long lines that scroll."""
import os

SECRET, COMMAND = "secret", "command"
LONGEST = 254
CONTROL = "\r\n\b\x7f\x15\x17\x18\x03\x1a\x12\x16\t?\x01\x05\x02\x06\x1b\x00"


class Typing:
    """Needs write, shell, entered, interrupted and splice_echo of the session."""

    def __init__(self):
        self.input = ""
        self.prompt, self.line, self.scrolled = "", "", 0

    def begin_line(self, prompt):
        self.prompt, self.line, self.scrolled = prompt, "", 0

    def take(self, count):
        taken, self.input = self.input[:count], self.input[count:]
        return taken

    def type_on(self, state):
        """Takes plain characters, or one control character."""
        end = 0
        while end < len(self.input) and self.input[end] not in CONTROL:
            end += 1
        if end:
            self._add(self.take(end), state)
        else:
            self._control(self.take(1), state)

    def _add(self, text, state):
        room = LONGEST - len(self.line)
        if len(text) > room:
            text = text[:room]
            self.write("\a")
        self.line += text
        if state == SECRET or not text:
            return
        spliced = self.splice_echo() if state == COMMAND else ""
        if spliced:
            half = len(text) // 2
            self.write(text[:half] + "\r\n" + spliced + "\r\n" + text[half:])
        else:
            self._echo(text)

    def _echo(self, text):
        """Plain, or scrolled by ten columns whenever the right margin is reached."""
        width = self.shell.width
        shown = len(self.prompt) + len(self.line) - self.scrolled
        if not width or shown < width:
            self.write(text)
            return
        done = len(self.line) - len(text)
        for at in range(done, len(self.line)):
            self.write(self.line[at])
            if len(self.prompt) + at + 1 - self.scrolled >= width - 1:
                visible = at + 1 - self.scrolled
                self.scrolled += 10
                rest = "$" + self.line[self.scrolled + 1:at + 1]
                self.write("\b" * visible + rest + " " * (visible - len(rest)) + "\b" * (visible - len(rest)))

    def _control(self, key, state):
        if key in "\r\n":
            self.write("\r\n")
            line, self.line = self.line, ""
            self.entered(line)
        elif key in "\b\x7f":
            self._rub_out(1, state)
        elif key in "\x15\x18":
            self._rub_out(len(self.line), state)
        elif key == "\x17":
            self._rub_out(len(self.line) - (self.line.rstrip().rfind(" ") + 1), state)
        elif key in "\x03\x1a":
            self.interrupted(key)
        elif key == "\x12":
            self.write("\r\n" + self.prompt + ("" if state == SECRET else self.line))
        elif key == "\x16":
            self._add(self.take(1), state)
        elif key == "?" and state == COMMAND:
            self._help()
        elif key == "?":
            self._add("?", state)
        elif key == "\t" and state == COMMAND:
            self._complete()

    def _rub_out(self, count, state):
        count = min(count, len(self.line))
        if count:
            self.line = self.line[:-count]
            if state != SECRET:
                self.write("\b \b" * count)

    def _help(self):
        found = self.shell.completions(self.line)
        if found is None:
            said = ["% Unrecognized command"]
        elif self.line and not self.line.endswith(" "):
            said = ["  ".join(found)] if found else ["% Unrecognized command"]
        else:
            said = ["  " + word for word in found]
        self.write("?\r\n" + "\r\n".join(said) + "\r\n\r\n" + self.prompt + self.line)

    def _complete(self):
        found = self.shell.completions(self.line) or []
        word = self.line.rpartition(" ")[2]
        if word and found:
            shared = os.path.commonprefix(found) if len(found) > 1 else found[0] + " "
            self.line = self.line[:len(self.line) - len(word)] + (shared if shared.startswith(word.lower()) else word)
        self.write("\r\n" + self.prompt + self.line)
