#!/usr/bin/env python3
"""Runs one probe of a scenario, and compares what it tells with what the scenario states; see run-probes.sh.

  probe.py SCENARIO NUMBER WSUSCOPE ARG...   the probe of that number, from 1
  probe.py kinds LAB                         which kinds of findings that probes can raise no scenario has
"""
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import time

sys.dont_write_bytecode = True
import check

VALGRIND = {                    # what both look for; "none" is the faster one
    'none': ['valgrind', '--tool=none', '--track-fds=yes', '-q'],
    'memcheck': ['valgrind', '--track-fds=yes', '--leak-check=full', '--errors-for-leak-kinds=definite',
                 '--error-exitcode=99', '-q'],
}
STORED = 'LAST_SECONDS'         # in the scenario's directory: how long its probe before took
PATIENCE, LONG = 60, 300        # seconds for a probe; under valgrind
TRIES = 3                       # of what is measured: others may use the machine meanwhile


def section(text, number):
    """The comment lines below the probe of that number."""
    return re.split(r'^# probe:.*$', text, flags=re.M)[number]


def values(text, key):
    return re.findall(rf'^# {key}: *(.*)$', text, re.M)


def run(command, patience):
    """Exit status, output, words about the run, seconds, MiB."""
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        began = time.monotonic()
        process = subprocess.Popen(['timeout', '-k', '2', str(patience)] + command, stdout=out, stderr=err,
                                   stdin=subprocess.DEVNULL)
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.monotonic() - began
        process.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0)
        err.seek(0)
        return (process.returncode, out.read().decode(errors='replace'), err.read().decode(errors='replace'),
                seconds, usage.ru_maxrss / 1024)


def described(check_):
    return f"{check_['name']} {check_['state']}: {check_['detail']}"


def matches(check_, rung, name, state, words):
    via, rest = re.fullmatch(r'(?:via (\S+): ?)?(.*)', words).groups()
    if via and via not in str(check_['proxy']):
        return False
    return (check_['rung'] == rung and check_['state'] == state and rest in check_['detail']
            and (not name or check_['name'] == f"{rung} {name.replace('_', ' ')}"))


def judge_checks(text, checks):
    for line in values(text, 'check'):
        where, state, words = (line.split(None, 2) + [''])[:3]
        rung, _, name = where.partition('/')
        if not any(matches(c, rung, name, state, words) for c in checks):
            yield f'lacks the check {line}; has ' + '; '.join(
                described(c) for c in checks if c['rung'] == rung)
    for line in values(text, 'sound'):
        for c in checks:
            if c['state'] in ('failed', 'warning'):
                yield f"has the check {described(c)} ({c['target']}, {c['path']})"
        for rung in line.split():
            if not any(c['rung'] == rung and c['state'] == 'ok' for c in checks):
                yield f'has no sound check of the rung {rung}: ' + '; '.join(
                    described(c) for c in checks if c['rung'] == rung)


def judge_frames(findings, checks):
    """A finding names its frames, and each check that failed on the wire its own."""
    for f in findings:
        if f['severity'] != 'info' and not f['frames']:
            yield f"no frames: {f['kind']}"
    for c in checks:
        if c['state'] == 'failed' and not c['frames']:
            yield f'no frames: the check {described(c)}'


def judge_document(text, out, status):
    try:
        document = json.loads(out)
        findings, checks = document['findings'], document['checks']
    except (ValueError, KeyError) as error:
        yield f'no JSON document ({error!r}): {out[:300]}'
        return
    yield from check.judge(text, findings, False)
    yield from judge_checks(text, checks)
    if re.search(r'^# frames', text, re.M):
        yield from judge_frames(findings, checks)
    told = (any(f['severity'] in ('error', 'critical') for f in findings)
            or any(c['state'] == 'failed' for c in checks))
    due = int((values(text, 'exit') or [1 if told else 0])[0])
    if status != due:
        yield f'exit status {status}, not {due}'


def judge_costs(text, seconds, memory, where):
    before = pathlib.Path(where, STORED)
    for limit in values(text, 'within'):
        most = float(limit) + (float(before.read_text()) if limit.startswith('+') else 0)
        if seconds > most:
            yield f'{seconds:.2f} s, not within {most:.2f} s'
    for limit in values(text, 'memory'):
        if memory > float(limit):
            yield f'{memory:.1f} MiB, not {limit}'


def judge_valgrind(log):
    if re.search(r'Open (file descriptor|\w+ socket) .*\n(?!==\d+==\s+<inherited)', log):
        yield 'leaves descriptors open:\n' + log
    elif re.search(r'^==\d+== .*(Invalid|uninitialised|definitely lost)', log, re.M):
        yield 'valgrind says:\n' + log


def probe(path, number, command):
    name = pathlib.Path(path).stem
    text = section(pathlib.Path(path).read_text(encoding='ascii'), number)
    plain = values(text, 'says')
    where = os.environ['WORK']
    watched = values(text, 'valgrind')
    if watched:
        command = VALGRIND[watched[0]] + [f'--log-file={where}/valgrind.log'] + command
    if not plain:
        command = command + ['-q', '-o', 'json']
    for _ in range(TRIES):
        status, out, err, seconds, memory = run(command, LONG if watched else PATIENCE)
        late = list(judge_costs(text, seconds, memory, where))
        if not late:
            break
    pathlib.Path(where, f'probe.{number}').write_text(out + err)
    complaints = [] if plain else list(judge_document(text, out, status))
    complaints += [f'does not say {words!r}: {out[:300]}' for words in plain if words not in out]
    complaints += [f'shows {word}' for word in values(text, 'hides') if word in out + err]
    complaints += late
    pathlib.Path(where, STORED).write_text(str(seconds))
    if watched:
        complaints += judge_valgrind(pathlib.Path(where, 'valgrind.log').read_text(errors='replace'))
    if err and (status not in (0, 1) or 'Sanitizer' in err):
        complaints.append('words about the run: ' + err[-2000:])
    for complaint in complaints:
        print(f'{name}, probe {number}: {complaint}')
    if complaints or re.search(r'^# (within|memory):', text, re.M):
        print(f'{name}, probe {number}: {seconds:.2f} s, {memory:.1f} MiB')
    return 1 if complaints else 0


def kinds(lab):
    """Probes raise what the catalogue's column "from" marks with an A."""
    catalogue = ''.join(p.read_text() for p in sorted(pathlib.Path(lab, '../../analyzers').glob('findings_*.def')))
    raised = re.findall(r'FINDING\(\w+,\s*"([a-z0-9-]+)",\s*\w+,\s*"P?A"', catalogue)
    due = {kind for p in pathlib.Path(lab, 'probes').glob('*.sh')
           for line in values(p.read_text(encoding='ascii'), 'expect') for kind in line.split()[0].split('|')}
    for kind in raised:
        if kind not in due:
            print(f'{kind}: no scenario has it')
    return 1 if set(raised) - due else 0


if sys.argv[1] == 'kinds':
    sys.exit(kinds(sys.argv[2]))
sys.exit(probe(sys.argv[1], int(sys.argv[2]), sys.argv[3:]))
