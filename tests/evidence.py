#!/usr/bin/env python3
"""Evidence and annotated captures of all captures, against the report, against themselves, and as Wireshark's
own reader sees them: tests/evidence.py WSUSCOPE FOLDER CAPTURE...

Each slice must give by itself the findings of the whole; comments must stand at the frames that the report
names, and a slice's frames must be those of the capture that its comments say, byte for byte.
"""

import collections
import json
import os
import re
import shutil
import subprocess
import sys

wsuscope, folder, captures = sys.argv[1], sys.argv[2], sys.argv[3:]
passed = failed = 0


def judge(name, good, *why):
    global passed, failed
    passed += bool(good)
    failed += not good
    if not good:
        print("FAILED", name, *why)


def keys_of(capture):
    keys = re.sub(r"\.pcap(ng)?$", ".keys", capture)
    return ["--keys", keys] if os.path.exists(keys) else []


def analyze(capture, *options):
    done = subprocess.run([wsuscope, "analyze", "-q", "--fail-on", "never", "-o", "json", *options, capture],
                          capture_output=True, timeout=120, check=False)
    return json.loads(done.stdout or "{}"), done.stderr.decode(errors="replace")


def findings(report):
    return collections.Counter((f["kind"], f["severity"], f["client"]) for f in report.get("findings", []))


def named(report):
    """Which findings name a frame."""
    of = collections.defaultdict(set)
    for f in report["findings"]:
        for frame in f["frames"] + [e["frame"] for e in f["evidence"] if e["frame"]]:
            of[frame].add(f"finding {f['id']} {f['kind']}:")
    return of


def slice_of(capture, evidence, annotated):
    """Secrets that came with a capture are in its evidence with --reveal alone, and it says so."""
    name, keys = os.path.basename(capture), keys_of(capture)
    whole, err = analyze(capture, *keys, "-o", "evidence=" + evidence, "-o", "annotated=" + annotated)
    again, err_again = analyze(evidence, *keys)
    if findings(whole) != findings(again):
        with open(evidence, "rb") as file:
            judge(name + " lacks secrets", b"TLS secrets" in file.read(), findings(whole), findings(again))
        analyze(capture, "--reveal", "-o", "evidence=" + evidence)
        again, err_again = analyze(evidence)
    judge(name, findings(whole) == findings(again), err, err_again)
    return whole


FIELDS = ["frame.comment", "frame.time_epoch", "frame.len", "frame.cap_len", "frame.md5_hash"]


def packets(files, merged):
    """Of all of them one after the other, as tshark reads them: a row of FIELDS a packet."""
    subprocess.run(["mergecap", "-a", "-F", "pcapng", "-w", merged, *files], check=True, capture_output=True)
    command = ["tshark", "-r", merged, "-o", "frame.generate_md5_hash:TRUE", "-T", "fields", "-E", "separator=/t",
               "-E", "aggregator=|"]
    for field in FIELDS:
        command += ["-e", field]
    told = subprocess.run(command, capture_output=True, check=True, text=True).stdout
    return [line.split("\t") for line in told.splitlines()]


def check_annotated(reports, original, annotated):
    """All packets are there as they were; comments at those that findings name, and only there."""
    judge("packets of annotated captures", [row[1:] for row in original] == [row[1:] for row in annotated])
    at = 0
    for capture, report in reports:
        of = named(report)
        wrong = 0
        for frame in range(1, report["summary"]["frames"] + 1):
            comment = annotated[at][0]
            at += 1
            wrong += set(re.findall(r"finding \d+ [a-z0-9-]+:", comment)) != of.get(frame, set())
        judge("comments of " + os.path.basename(capture), not wrong, wrong)


def check_evidence(reports, original, evidence):
    """Each packet is the one that its comment says."""
    first, at, rows = 0, {}, 0
    for capture, report in reports:
        at[os.path.basename(capture)] = first
        first += report["summary"]["frames"]
    for row in evidence:
        said = re.search(r"frame (\d+) of (\S+\.pcap(?:ng)?)$", row[0])
        rows += bool(said and original[at[said[2]] + int(said[1]) - 1][1:] == row[1:] and "finding" in row[0])
    judge("packets of evidence", rows == len(evidence) > 0, rows, len(evidence))


def main():
    slices, wholes, reports = [], [], []
    for capture in captures:
        name = os.path.basename(capture)
        evidence, annotated = os.path.join(folder, name), os.path.join(folder, "whole-" + name)
        reports.append((capture, slice_of(capture, evidence, annotated)))
        slices.append(evidence)
        wholes.append(annotated)
    if shutil.which("tshark") and shutil.which("mergecap"):
        original = packets(captures, os.path.join(folder, "original"))
        check_annotated(reports, original, packets(wholes, os.path.join(folder, "annotated")))
        check_evidence(reports, original, packets(slices, os.path.join(folder, "evidence")))
    else:
        print("skipped: tshark and mergecap are not installed")
    print(f"{passed} passed, {failed} failed")
    return failed != 0


sys.exit(main())
