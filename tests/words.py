#!/usr/bin/env python3
"""words.py outside FILE... | fits FILE...: what reports say beyond the catalogue, or beyond 80 columns.

outside: reports of a program in whose language each message stands in ⟦ ⟧ (tests/words.sh): English outside of
them was never marked; of JSON and CSV what is for people, of HTML what a reader sees or hears.  fits: text reports in any language, each line at most 80 columns in a terminal.
Prints what is wrong, then "N passed, M failed", counting files.
"""
import csv
import html.parser
import json
import re
import sys
import unicodedata

# Keys of JSON reports, and columns of CSV, whose values are words for people; the rest is for programs.
SPOKEN = {"title", "cause", "remedy", "would_change", "answered_by", "verdict", "detail", "text"}

# Attributes of HTML that are read out, or shown.
READ_OUT = {"title", "alt", "aria-label", "placeholder"}

# What stands outside and is no message, and why.
TERMS = re.compile("|".join([
    # The wire's own words: a title of a page, a reason of a server.
    r"\"[^\"]*\"",
    # Display filters of Wireshark.
    r"\b(tcp\.stream|frame\.number) eq",
    # Heads of the columns of rungs, which are as narrow as a cell.
    r"\b(name|conn|tls|self|conf|auth|cook|reg|sync|info|rep|file)\b",
    # Rungs by the names that JSON has, where a way is told.
    r"\b(connection|selfupdate|config|authorization|cookie|registration|details|report)\b",
    # Heads of the columns of checks.
    r"\b(port|path|mtu|proxy|http|soap|content|upstream)\b",
]))

PROSE = re.compile(r"\b[a-z]{2,},? [a-z]{2,}\b")


def outside(text):
    """Without what stands in brackets; of one that a ceiling cut, all to the end is inside."""
    depth, left = 0, []
    for letter in text:
        if letter == "⟦":
            depth += 1
        elif letter == "⟧":
            depth = max(depth - 1, 0)
        elif not depth:
            left.append(letter)
    return TERMS.sub("", " ".join("".join(left).split()))


def spoken(value, key=""):
    """Texts for people, the lines of one together."""
    if isinstance(value, dict):
        for name, inner in value.items():
            if name != "updates":           # titles of their own
                yield from spoken(inner, name)
    elif isinstance(value, list) and value and isinstance(value[0], str):
        if key in SPOKEN:
            yield "\n".join(value)
    elif isinstance(value, list):
        for inner in value:
            yield from spoken(inner, key)
    elif isinstance(value, str) and key in SPOKEN:
        yield value


class Page(html.parser.HTMLParser):
    """What a page shows, a text at a time, and what it says to a screen reader; a list is one message's lines."""

    def __init__(self, text):
        super().__init__()
        self.texts, self.hidden, self.lists = [], 0, 0
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.hidden += tag in ("script", "style")
        self.lists += tag == "ol"
        if tag == "ol" and self.lists == 1:
            self.texts.append("")
        self.texts += [value for name, value in attrs if name in READ_OUT and not self.lists]

    def handle_endtag(self, tag):
        self.hidden -= tag in ("script", "style")
        self.lists -= tag == "ol"

    def handle_data(self, data):
        if self.hidden:
            return
        if self.lists:
            self.texts[-1] += "\n" + data
        else:
            self.texts.append(data)


def cells(text):
    for row in csv.DictReader(text.lstrip("\ufeff").splitlines(keepends=True)):
        yield from (value for name, value in row.items() if name in SPOKEN)


def unmarked(name, text):
    kind = name.rsplit(".", 1)[-1]
    texts = list(spoken(json.loads(text))) if kind == "json" else \
        Page(text).texts if kind == "html" else \
        list(cells(text)) if kind.startswith("csv") else [text]
    return [f"{name}: not marked: {' '.join(left.split())[:160]}"
            for left in map(outside, texts) if PROSE.search(left)]


def columns(line):
    return sum(0 if unicodedata.combining(letter) else
               2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in line)


def too_wide(name, text):
    return [f"{name}:{number}: {columns(line)} columns: {line}"
            for number, line in enumerate(text.splitlines(), 1) if columns(line) > 80]


def main():
    judge = {"outside": unmarked, "fits": too_wide}[sys.argv[1]]
    passed = failed = 0
    for name in sys.argv[2:]:
        with open(name, encoding="utf-8") as file:
            try:
                wrong = judge(name.rsplit("/", 1)[-1], file.read())
            except UnicodeDecodeError as error:
                wrong = [f"{name}: {error}"]
        print("\n".join(wrong[:5]), end="\n" if wrong else "")
        passed += not wrong
        failed += bool(wrong)
    print(f"{passed} passed, {failed} failed")
    return failed > 0


sys.exit(main())
