#!/usr/bin/env python3
"""Prints pcaps/README.md, or pcaps/pairs/README.md, from the headers of the scenarios: table.py SCENARIO-DIRECTORY."""
import pathlib
import re
import sys

HEAD = '''# Captures from the lab

Each file is named after what is wrong in it and was recorded with `make lab` (see `tests/lab/README.md`):
real servers and curl in network namespaces, so every address is from a documentation range.
`make check` holds every file to the findings stated here; the healthy ones give none above info.
NAME.keys is the key log of a capture's TLS sessions (`--keys`), NAME.server-key.pem the private key of its
server (`--server-key`), made for one run of the lab.
This table is written by `tests/lab/table.py` from the scenarios.

| capture | what is wrong | how it was made | findings |
|---|---|---|---|'''


PAIRS_HEAD = '''# Pairs of captures from the lab

The same traffic recorded at two places with `tests/lab/run-pairs.sh`: NAME-client.pcapng on the clients' side of a
router, NAME-server.pcapng on the servers'. `make check` holds `wsuscope compare --same-time` to the findings stated
here; the healthy ones give none above info. This table is written by `tests/lab/table.py` from tests/lab/pairs.

| pair | what is wrong | how it was made | findings | and, of level info |
|---|---|---|---|---|'''


def kinds(stated):
    return ', '.join('`' + e.split()[0].replace('|', '` or `') + '`' for e in stated if e != 'none') or '-'


def pairs(where):
    print(PAIRS_HEAD)
    for path in sorted(pathlib.Path(where).glob('*.sh')):
        text = path.read_text(encoding='ascii')
        field = {key: re.findall(rf'^# {key}: *(.*)$', text, re.M) for key in ('story', 'how', 'expect', 'also')}
        print(f"| {path.stem} | {' '.join(field['story'])} | {' '.join(field['how'])} | {kinds(field['expect'])} "
              f"| {kinds(field['also'])} |")


def main(where):
    print(HEAD)
    for path in sorted(pathlib.Path(where).glob('*.sh')):
        text = path.read_text(encoding='ascii')
        field = {key: re.findall(rf'^# {key}: *(.*)$', text, re.M)
                 for key in ('story', 'how', 'tap', 'expect', 'expect-keys')}
        tap = ''.join(f' Recorded at: {t}.' for t in field['tap'])
        findings = kinds(field['expect'])
        if field['expect-keys'] and kinds(field['expect-keys']) != findings:
            findings += '; with keys ' + kinds(field['expect-keys'])
        print(f"| {path.stem} | {' '.join(field['story'])} | {' '.join(field['how'])}{tap} | {findings} |")


(pairs if sys.argv[1].rstrip('/').endswith('pairs') else main)(sys.argv[1])
