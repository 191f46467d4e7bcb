"""Modes and commands of one session, without a terminal: a line goes in, a conversation comes out.

A conversation is a generator. It yields lists of lines to print, or one of the steps below, and gets an Ask's answer back.
"""
import re
from dataclasses import dataclass

from .grammar import AMBIGUOUS, INCOMPLETE, INVALID, Refused, completions, parse

USER, EXEC, CONFIG, INTERFACE, LINE, VLAN = "user", "exec", "config", "config-if", "config-line", "config-vlan"
CONFIGURING = (CONFIG, INTERFACE, LINE, VLAN)


@dataclass
class Ask:
    """A question: its answer ends with Enter; `key`: with any key, and a plain Enter means yes."""
    prompt: str
    echo: bool = True
    key: bool = False


@dataclass
class Wait:
    seconds: float


@dataclass
class Raw:
    """Text as it is, without an end of line."""
    text: str


@dataclass
class Leave:
    """The session ends."""


NOT_AUTHORIZED = ["Command authorization failed.", ""]


class Shell:
    """trees: {mode: grammar.Node}. user: for log messages; origin: "vty0 (10.1.1.1)"."""

    def __init__(self, switch, trees, user="", privilege=1, origin="console"):
        self.switch, self.trees, self.user, self.origin = switch, trees, user, origin
        self.mode = EXEC if privilege >= 15 else USER
        self.ports = []       # of `interface` and `interface range`
        self.range = False
        self.vlan = 1
        self.monitor = False
        self.length, self.width = 24, 80
        self.number = 0       # of the line
        self.shift = 0        # columns that `do` takes

    # what the grammar asks
    def interface_kinds(self):
        return self.switch.interface_kinds()

    def interface_exists(self, name):
        return self.switch.interface_exists(name)

    def prompt(self):
        host = self.switch.hostname
        if self.mode == USER:
            return host + ">"
        if self.mode == EXEC:
            return host + "#"
        mode = "config-if-range" if self.mode == INTERFACE and self.range else self.mode
        host = host[:20]
        return f"{host}({mode[:30 - len(host) - 3]})#"

    def completions(self, line):
        try:
            return completions(self.trees[self.mode], line, self)
        except Refused:
            return None

    def execute(self, line):
        """The conversation about one line."""
        text = line.strip()
        if not text or text.startswith("!"):
            return
        for pattern, answer in self.switch.modes["refuse_commands"].items():
            if re.search(pattern, text):
                yield answer.split("\n")
                return
        try:
            match, mode = self._understand(line)
        except Refused as refused:
            yield self.explain(refused, line)
            return
        if self._is_denied(" ".join(match.words)):
            yield NOT_AUTHORIZED
            return
        if mode in CONFIGURING and self.switch.modes["lying"] and match.words[0] not in ("exit", "end", "interface", "do"):
            return
        if mode == CONFIG:
            self.mode = CONFIG
        yield from self._carry_out(match, line)

    def _carry_out(self, match, line):
        said = match.handler(self, match)
        lines = filtered(said, line) if isinstance(said, list) and match.words[0] == "show" else said
        if isinstance(lines, list):
            yield lines
        elif lines is not None:
            yield from lines

    def _is_denied(self, command):
        if command in ("exit", "end", "logout", "quit"):
            return False
        return any(re.search(pattern, command) for pattern in self.switch.modes["deny"])

    def _understand(self, line):
        """(match, mode whose tree has understood it): a mode below `config` also takes the commands of `config`."""
        piped = self.mode not in CONFIGURING and re.match(r"\s*sho?w?\s", line)
        text = line.split("|", 1)[0].rstrip() if piped else line
        try:
            return parse(self.trees[self.mode], text, self), self.mode
        except Refused as first:
            if self.mode in (INTERFACE, LINE, VLAN):
                try:
                    return parse(self.trees[CONFIG], text, self), CONFIG
                except Refused as second:
                    raise max(first, second, key=lambda refused: refused.depth) from None
            raise

    def explain(self, refused, line):
        if refused.kind == INCOMPLETE and refused.depth == 1 and "show".startswith(line.strip()):
            return ['% Type "show ?" for a list of subcommands']
        if refused.kind == INCOMPLETE:
            return ["% Incomplete command.", ""]
        if refused.kind == AMBIGUOUS:
            return [f'% Ambiguous command:  "{line.strip()}"']
        assert refused.kind == INVALID
        words = line.split()
        if self.mode in (USER, EXEC) and refused.depth == 0 and len(words) == 1:
            return [f'Translating "{words[0]}"', "% Bad IP address or host name",
                    "% Unknown command or computer name, or unable to find computer address"]
        return [" " * (len(self.prompt()) + self.shift + refused.column) + "^", "% Invalid input detected at '^' marker.", ""]

    def leave_configuration(self):
        self.mode = EXEC
        self.ports = []
        self.switch.changed_by = self.user
        self.switch.log.say(5, "SYS", "CONFIG_I", f"Configured from console by {self.user or 'console'} on {self.origin}")


def filtered(lines, command):
    """`| include`, `exclude`, `begin`, `section`, `count`"""
    if "|" not in command:
        return lines
    words = command.split("|", 1)[1].strip().split(None, 1)
    kinds = ["begin", "count", "exclude", "include", "section"]
    found = [kind for kind in kinds if words and kind.startswith(words[0].lower())]
    if len(found) != 1 or len(words) < 2:
        return ["% Incomplete command.", ""] if not words or found else ["% Invalid input detected at '^' marker.", ""]
    try:
        pattern = re.compile(words[1].strip())
    except re.error:
        return ["% Failed to compile regular expression.", ""]
    return FILTERS[found[0]]([l for l in lines if l is not None], pattern)


def _begin(lines, pattern):
    for at, line in enumerate(lines):
        if pattern.search(line):
            return lines[at:]
    return []


def _section(lines, pattern):
    kept, inside = [], False
    for line in lines:
        if not line.startswith(" "):
            inside = bool(pattern.search(line))
        if inside:
            kept.append(line)
    return kept


FILTERS = {
    "begin": _begin,
    "count": lambda lines, pattern: [f"Number of lines which match regexp = {sum(bool(pattern.search(l)) for l in lines)}"],
    "exclude": lambda lines, pattern: [line for line in lines if not pattern.search(line)],
    "include": lambda lines, pattern: [line for line in lines if pattern.search(line)],
    "section": _section,
}
