#!/usr/bin/env python3
"""Writes docs/findings.md or docs/codes.md to standard output: docs.py findings|codes WSUSCOPE.

All words come from the program (wsuscope explain -o json), all captures from the scenarios of the lab, and the
frames from what the program says of these captures.
"""
import collections
import concurrent.futures
import json
import os
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
SHOWN_BY = 3    # captures of a kind
FRAMES = 8      # of a finding

FAMILIES = {
    'name-not-resolved': 'Name and path', 'proxy-bad-gateway': 'Proxy', 'auth-failed': 'Answers of the server',
    'client-certificate-demanded': 'TLS', 'soap-fault': 'WSUS',
}
SOURCES = {'PA': 'captures and probes', 'P': 'captures', 'A': 'probes'}


def plain(text):
    """Markdown takes <, * and _ for its own."""
    return re.sub(r'([<*_\\`|])', r'\\\1', text)


def expected():
    """kind -> captures whose scenario says that they raise it, smallest first; with keys where none does without."""
    plain_ones, keyed_ones = collections.defaultdict(set), collections.defaultdict(set)
    for path in sorted((ROOT / 'tests/lab/scenarios').glob('*.sh')):
        text = path.read_text(encoding='ascii')
        if not (ROOT / 'pcaps' / f'{path.stem}.pcapng').exists():
            continue
        for keyed, kind in re.findall(r'^# expect(-keys)?: *([a-z0-9-]+)(?: |$)', text, re.M):
            (keyed_ones if keyed else plain_ones)[kind].add(path.stem)
    captures = {kind: [(name, True) for name in names] for kind, names in keyed_ones.items()}
    captures.update((kind, [(name, False) for name in names]) for kind, names in plain_ones.items())
    for names in captures.values():
        names.sort(key=lambda n: (os.path.getsize(ROOT / 'pcaps' / f'{n[0]}.pcapng'), n))
    captures.pop('none', None)
    return captures


def twins():
    """kind -> captures whose scenario says that they come near it and are quiet."""
    captures = collections.defaultdict(list)
    for path in sorted((ROOT / 'tests/lab/scenarios').glob('*.sh')):
        text = path.read_text(encoding='ascii')
        near = ' '.join(re.findall(r'^# twin: *(.*)$', text, re.M)).split()
        if near and re.search(r'^# expect: *(?!none)', text, re.M):
            sys.exit(f'{path.name}: a twin is quiet')
        for kind in near:
            captures[kind].append(path.stem)
    return captures


def findings_of(wsuscope, name, keyed):
    """kind -> frames, of a capture."""
    scenario = (ROOT / 'tests/lab/scenarios' / f'{name}.sh').read_text(encoding='ascii')
    options = ' '.join(re.findall(r'^# analyze: *(.*)$', scenario, re.M)).split()
    if keyed and (ROOT / 'pcaps' / f'{name}.keys').exists():
        options += ['--keys', f'pcaps/{name}.keys']
    done = subprocess.run([wsuscope, 'analyze', '-q', '--fail-on', 'never', '-o', 'json', *options,
                           f'pcaps/{name}.pcapng'], cwd=ROOT, capture_output=True, check=False)
    frames = {}
    for finding in json.loads(done.stdout)['findings']:
        frames.setdefault(finding['kind'], finding['frames'])
    return frames


def shown_by(wsuscope):
    """kind -> captures and their frames."""
    captures = {kind: names[:SHOWN_BY] for kind, names in expected().items()}
    wanted = sorted({name for names in captures.values() for name in names})
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        told = dict(zip(wanted, pool.map(lambda name: findings_of(wsuscope, *name), wanted)))
    return {kind: [(name[0] + (' with its keys' if name[1] else ''), told[name][kind])
                   for name in names if kind in told[name]] for kind, names in captures.items()}


def some(frames):
    return ', '.join(map(str, frames[:FRAMES])) + (', ...' if len(frames) > FRAMES else '')


def numbered(steps):
    return '\n'.join(f'{n}. {plain(step)}' for n, step in enumerate(steps, 1))


def write_kind(row, captures, quiet, titles):
    print(f"\n### {row['id']}\n")
    print(f"**{plain(row['title'])}** ({row['severity']}; from {SOURCES[row['from']]})\n")
    print(plain(row['meaning']))
    if row['codes']:
        print('\nThe client logs: ' + plain('; '.join(row['codes'])))
    print('\nDo next:\n\n' + numbered(row['remedy']))
    print('\nWould change the verdict: ' + plain(row['would_change']))
    if row['cases']:
        print('\nCases: ' + '; '.join(f'{case} ({plain(titles[case])})' for case in row['cases']))
    if captures:
        print('\nShown by: ' + '; '.join(f'{name}, frames {some(frames)}'
                                         for name, frames in captures))
    if quiet:
        print('\nNear it and quiet: ' + ', '.join(quiet))


def findings(rows, wsuscope):
    kinds = [row for row in rows if row['what'] == 'finding']
    titles = {row['id']: row['title'] for row in rows if row['what'] == 'case'}
    captures, quiet = shown_by(wsuscope), twins()
    if unknown := quiet.keys() - {row['id'] for row in kinds}:
        sys.exit(f'twins of no kind: {sorted(unknown)}')
    print('# Findings\n\nEverything that wsuscope can tell, by the name it has in every output. This page is written by\n'
          '`make docs` from the catalogue (analyzers/findings.def), the codes and cases (facts/codes.def,\n'
          'facts/cases.def; all of them: [codes.md](codes.md)) and the captures in pcaps/; change it there. A finding\n'
          'may give a cause and codes of its own for one case; what stands here is the general word.')
    for row in kinds:
        if row['id'] in FAMILIES:
            print(f"\n## {FAMILIES[row['id']]}")
        write_kind(row, captures.get(row['id'], []), quiet.get(row['id'], []), titles)
    print('\n## Captures that show them\n\nThe smallest ones, from the lab; pcaps/README.md tells how each was made. Behind them those\n'
          'that come near and raise no finding above info.\n\n| finding | capture | frames |\n|---|---|---|')
    for row in kinds:
        for name, frames in captures.get(row['id'], []):
            print(f"| {row['id']} | {name} | {some(frames)} |")
        for name in quiet.get(row['id'], []):
            print(f"| {row['id']} | {name} | quiet |")


def seen(row, captures):
    """What a capture shows of a case, and the smallest of ours that does."""
    ours = [f'{kind}: {captures[kind][0][0]}' for kind in row['kinds'] if captures.get(kind)]
    told = ours and not row['seen'].startswith('A capture does not')
    return row['seen'].rstrip('.') + (f" ({'; '.join(ours[:SHOWN_BY])})" if told else '')


def codes(rows, wsuscope):
    print('# Codes and cases\n\nWhat numbers and names in logs mean, and the troubles of the field with what mends them.\n'
          'This page is written by `make docs` from facts/codes.def and facts/cases.def; `wsuscope explain` says\n'
          'the same, in any spelling of a code. Where several lines stand under *on the wire*, one code has\n'
          'several causes; the likeliest is first.')
    family = None
    for row in rows:
        if row['what'] != 'code':
            continue
        if row['family'] != family:
            family = row['family']
            print(f'\n## By number or name: {family}\n\n| code | meaning | on the wire | findings |\n|---|---|---|---|')
        wire = '<br>'.join(map(plain, row['wire']))
        print(f"| {plain(row['id'])} | {plain(row['meaning'])} | {wire} | {', '.join(row['kinds'])} |")
    captures = shown_by(wsuscope)
    print('\n## Cases\n\n| case | what happens | seen (finding: a capture of pcaps/) | read | do |\n|---|---|---|---|---|')
    for row in rows:
        if row['what'] == 'case':
            print(f"| {row['id']} | **{plain(row['title'])}**<br>{plain(row['meaning'])} | {seen(row, captures)} | "
                  f"{plain(row['log'])} | {plain(' '.join(row['remedy']))} |")


def main(page, wsuscope):
    listed = subprocess.run([wsuscope, 'explain', '-o', 'json'], capture_output=True, check=True)
    rows = json.loads(listed.stdout)['found']
    if page == 'findings':
        findings(rows, wsuscope)
    else:
        codes(rows, wsuscope)


main(sys.argv[1], os.path.abspath(sys.argv[2]))
