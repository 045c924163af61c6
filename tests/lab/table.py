#!/usr/bin/env python3
"""Prints pcaps/README.md from the headers of the scenarios: table.py SCENARIO-DIRECTORY."""
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


def kinds(stated):
    return ', '.join('`' + e.split()[0].replace('|', '` or `') + '`' for e in stated if e != 'none') or '-'


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


main(sys.argv[1])
