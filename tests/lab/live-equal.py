#!/usr/bin/env python3
"""live-equal.py WSUSCOPE [PCAP...]: live equals saved, for each capture of the lab.

Each is replayed as fast as it goes into a segment of its own while wsuscope captures and records there.  What the run
tells at its end has to be what `wsuscope analyze` tells of the file that it recorded: findings, clients and
servers; and every frame is in that file.  JOBS (4) at a time.  Ends with "N passed, M failed".
"""
import concurrent.futures
import glob
import os
import sys

from livelab import PCAPS, Capture, Failed, Segment, analyze, keys_of, need, same, tshark_frames

def is_ethernet(pcap):
    """By the first interface block of a pcapng; frames of other link types cannot be sent on a veth."""
    with open(pcap, "rb") as file:
        head = file.read(4096)
    at = int.from_bytes(head[4:8], "little")
    while at + 10 <= len(head) and int.from_bytes(head[at:at + 4], "little") != 1:
        length = int.from_bytes(head[at + 4:at + 8], "little")
        if length < 12:
            return False
        at += length
    return head[at + 8:at + 10] == b"\x01\x00"


def play(wsuscope, pcap):
    with Segment() as segment:
        capture = Capture(segment, wsuscope, "--only-filter", "", *keys_of(pcap))
        recorded = os.path.join(capture.where, "recorded.pcapng")
        capture.command += ["-w", recorded]
        with capture:
            sent, _ = segment.replay(pcap)
            status = capture.finish()
            need(status == 0, "exit status %d: %s" % (status, capture.said()))
            live = capture.report()
            saved = analyze(wsuscope, *keys_of(pcap), recorded)
            need(live["summary"]["frames"] == sent,
                 "%d frames were sent, %d captured" % (sent, live["summary"]["frames"]))
            need(tshark_frames(recorded) == sent, "not every frame was recorded")
            same(live, saved, "live and saved differ")
            for part in ("clients", "servers", "summary"):
                need(live.get(part) == saved.get(part), "%s differ:\n  %s\n  %s" % (
                    part, str(live.get(part))[:600], str(saved.get(part))[:600]))
            need(live["quality"]["verdict"] == saved["quality"]["verdict"], "quality differs")


def main():
    wsuscope, pcaps = sys.argv[1], sys.argv[2:] or sorted(glob.glob(os.path.join(PCAPS, "*.pcapng")))
    pcaps = [p for p in pcaps if is_ethernet(p)]
    passed = failed = 0
    with concurrent.futures.ThreadPoolExecutor(int(os.environ.get("JOBS", "4"))) as pool:
        plays = {pool.submit(play, wsuscope, pcap): pcap for pcap in pcaps}
        for done in concurrent.futures.as_completed(plays):
            try:
                done.result()
                passed += 1
            except (Failed, OSError, ValueError, KeyError) as fault:
                failed += 1
                print("FAIL %s: %s" % (os.path.basename(plays[done]), fault), flush=True)
    print("%d passed, %d failed" % (passed, failed))
    return failed > 0


if __name__ == "__main__":
    sys.exit(main())
