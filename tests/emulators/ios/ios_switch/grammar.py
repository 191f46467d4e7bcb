"""The command parser: a tree of words with abbreviations, ambiguity, and the column of what is wrong.

A specification is a line such as "switchport port-security maximum <1-8192>". Words are keywords; these stand for values:
<a-b> a number, MAC, INTERFACE (one or two words), VLANS, ADDRESS, WORD, LINE (the rest).
"""
import re
from dataclasses import dataclass, field

from . import names

INCOMPLETE, AMBIGUOUS, INVALID = "incomplete", "ambiguous", "invalid"


class Refused(Exception):
    """What was typed cannot be understood. column: of the offending character, counted from the line's first."""

    def __init__(self, kind, column=0, depth=0):
        super().__init__(kind)
        self.kind, self.column, self.depth = kind, column, depth


@dataclass
class Match:
    handler: object
    words: list = field(default_factory=list)   # keywords in full, values as text
    values: list = field(default_factory=list)  # values only
    end: int = 0

    def has(self, word):
        return word in self.words


@dataclass
class Node:
    keywords: dict = field(default_factory=dict)
    values: list = field(default_factory=list)  # (kind, Node)
    handler: object = None

    def add(self, spec, handler):
        node = self
        for word in spec.split():
            node = node._child(word)
        node.handler = handler

    def _child(self, word):
        if not (word.isupper() or word.startswith("<")):
            return self.keywords.setdefault(word, Node())
        for kind, node in self.values:
            if kind == word:
                return node
        self.values.append((word, Node()))
        return self.values[-1][1]


def tokens(line):
    """[(column, word)]"""
    return [(found.start(), found.group()) for found in re.finditer(r"\S+", line)]


def common(left, right):
    """How many leading letters are the same, whatever their case."""
    same = 0
    for a, b in zip(left.lower(), right.lower()):
        if a != b:
            break
        same += 1
    return same


def _number(kind, word):
    low, high = kind[1:-1].split("-")
    return int(word) if word.isdigit() and int(low) <= int(word) <= int(high) else None


def _vlans(word):
    if re.fullmatch(r"\d+(-\d+)?(,\d+(-\d+)?)*", word):
        if all(1 <= int(part) <= 4094 for part in re.findall(r"\d+", word)):
            return word
    return None


def _address(word):
    parts = word.split(".")
    return word if len(parts) == 4 and all(p.isdigit() and int(p) < 256 for p in parts) else None


def _interface(context, rest, depth):
    """One or two words; logical interfaces need not exist. Returns (name, words taken) or refuses."""
    column, word = rest[0]
    letters = re.match(r"[A-Za-z-]*", word).group()
    if not letters:
        return None
    found = names.kinds_of_prefix(letters, context.interface_kinds())
    if not found:
        deepest = max((common(letters, kind) for kind in context.interface_kinds()), default=0)
        raise Refused(INVALID, column + deepest, depth)
    if len(found) > 1:
        raise Refused(AMBIGUOUS, column, depth)
    number, taken, at = word[len(letters):], 1, column + len(letters)
    if not number:
        if len(rest) < 2:
            raise Refused(INCOMPLETE, column, depth)
        (at, number), taken = rest[1], 2
    if not re.fullmatch(r"\d+(/\d+)*", number) or not context.interface_exists(found[0] + number):
        raise Refused(INVALID, at, depth)
    return found[0] + number, taken


def _value(kind, context, line, rest, depth):
    """(value, words taken), or None when it is no such value."""
    column, word = rest[0]
    if kind.startswith("<"):
        value = _number(kind, word)
    elif kind == "LINE":
        return line[column:].rstrip(), len(rest)
    elif kind == "INTERFACE":
        return _interface(context, rest, depth)
    else:
        value = {"MAC": names.mac, "VLANS": _vlans, "ADDRESS": _address, "WORD": str}[kind](word)
    return None if value is None else (value, 1)


def _step(node, context, line, rest, depth, match):
    """Takes one element; returns (the next node, words taken)."""
    column, word = rest[0]
    lower = word.lower()
    hits = [lower] if lower in node.keywords else sorted(k for k in node.keywords if k.startswith(lower))
    if len(hits) == 1:
        match.words.append(hits[0])
        return node.keywords[hits[0]], 1
    if len(hits) > 1:
        raise Refused(AMBIGUOUS, column, depth)
    refusal = None
    for kind, child in node.values:
        try:
            found = _value(kind, context, line, rest, depth)
        except Refused as refused:
            refusal = refused
            continue
        if found is not None:
            match.words.append(str(found[0]))
            match.values.append(found[0])
            return child, found[1]
    if refusal:
        raise refusal
    deepest = max((common(word, keyword) for keyword in node.keywords), default=0)
    raise Refused(INVALID, column + deepest, depth)


def parse(tree, line, context):
    """The Match of the whole line, or Refused."""
    words, node, match, at = tokens(line), tree, Match(None), 0
    while at < len(words):
        if not node.keywords and not node.values:
            raise Refused(INVALID, words[at][0], at)
        node, taken = _step(node, context, line, words[at:], at, match)
        at += taken
    if node.handler is None:
        raise Refused(INCOMPLETE, len(line), at)
    match.handler = node.handler
    return match


def completions(tree, line, context):
    """What may stand at the end of `line`: for the question mark and the tabulator."""
    words = tokens(line)
    partial = words[-1][1].lower() if words and not line.endswith(" ") else ""
    node, at, match = tree, 0, Match(None)
    done = words[:-1] if partial else words
    while at < len(done):
        node, taken = _step(node, context, line, done[at:], at, match)
        at += taken
    found = sorted(keyword for keyword in node.keywords if keyword.startswith(partial))
    if not partial:
        found += [kind for kind, _ in node.values] + (["<cr>"] if node.handler else [])
    return found


class Commands:
    """A tree that functions join by a decorator: @commands("show clock", "show clock detail")"""

    def __init__(self):
        self.tree = Node()

    def __call__(self, *specs):
        def register(function):
            for spec in specs:
                self.tree.add(spec, function)
            return function
        return register

    def outline(self, words, handler):
        """Words of real switches that are not emulated: they count when an abbreviation is ambiguous."""
        for word in words.split():
            if word not in self.tree.keywords:
                self.tree.add(word, handler)
                self.tree.add(word + " LINE", handler)
