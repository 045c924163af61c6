#!/usr/bin/env python3
"""live-faults.py WSUSCOPE [CASE...]: what may go wrong around a live run, and what is left of it then.

Each case has segments of its own.  JOBS (2) at a time.  Ends with "N passed, M failed".
"""
import concurrent.futures
import glob
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request

from livelab import (BENCH, PCAPS, WHO, Capture, Failed, Segment, analyze, findings, held_by, need, read_jsonl, rings_of,
                     same, sh, tshark_frames)

FAILING = os.path.join(PCAPS, "app-pool-stopped.pcapng")
FAILS = ("service-unavailable", "server-busy")          # the second where others were served
HEALTHY = os.path.join(PCAPS, "healthy-scan.pcapng")
CASES = []


def case(function):
    CASES.append(function)
    return function


def has_failure(report, words):
    need(any(f["kind"] in FAILS for f in report["findings"]),
         "%s: no %s among %s" % (words, FAILS[0], [f["kind"] for f in report["findings"]]))


def ends_well(capture, statuses=(0,)):
    status = capture.finish()
    need(status in statuses, "exit status %d: %s" % (status, capture.said()[-600:]))
    return capture.report()


def made(directory, *command):
    """A capture that a program of the bench writes."""
    path = os.path.join(directory, command[0] + "-" + command[1] + ".pcap")
    if command[0] == "gen":
        sh(os.path.join(BENCH, "gen"), command[1], path, *command[2:])
    else:
        with open(path, "wb") as file:
            subprocess.run([os.path.join(BENCH, "flood"), *command[1:]], check=True, stdout=file)
    return path


# ---- recording ----

@case
def killed_while_recording(wsuscope):
    """kill -9 in the middle, ten times: all but the last second can be read."""
    pps = 2000
    chance = random.Random(1)
    with Segment() as segment:
        for _ in range(10):
            capture = Capture(segment, wsuscope, "--only-filter", "", outputs=False)
            path = os.path.join(capture.where, "killed.pcapng")
            capture.command += ["-w", path]
            with capture:
                replay = segment.replay(HEALTHY, options=("--pps=%d" % pps, "--loop=1000"), wait=False)
                before = segment.seen()
                time.sleep(1.5 + chance.random())
                sent = segment.seen() - before
                capture.send(signal.SIGKILL)
                capture.process.wait()
                replay.kill()
                replay.wait()
                frames = tshark_frames(path)
                analyze(wsuscope, path)
                need(frames >= sent - 1.3 * pps, "%d frames sent, %d in the file" % (sent, frames))


@case
def disk_full(wsuscope):
    """Recording stops, loudly; the analysis does not."""
    small = tempfile.mkdtemp(prefix="wlive-small-")
    sh("mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", small)
    try:
        with Segment() as segment:
            path = os.path.join(small, "full.pcapng")
            with Capture(segment, wsuscope, "-w", path) as capture:
                segment.replay(HEALTHY, options=("--topspeed", "--loop=50"))
                segment.replay(FAILING)
                status = capture.finish()
                need(status in (0, 3, 4), "exit status %d" % status)
                has_failure(capture.report(), "after the disk was full")
                said = capture.said()
                need("full.pcapng" in said and "space" in said.lower(), "no word of the full disk: " + said)
                need(tshark_frames(path) > 0, "nothing is left of what was recorded")
                analyze(wsuscope, path)
    finally:
        subprocess.run(["umount", small], check=False)
        os.rmdir(small)


@case
def ring(wsuscope):
    """Of many files the last ones stay, whole and without a gap."""
    with Segment() as segment:
        capture = Capture(segment, wsuscope, "--only-filter", "", "-b", "packets:200", "-b", "files:3")
        capture.command += ["-w", os.path.join(capture.where, "ring.pcapng")]
        with capture:
            segment.replay(HEALTHY, options=("--pps=5000", "--loop=30"))
            ends_well(capture)
            files = sorted(glob.glob(os.path.join(capture.where, "ring_*.pcapng")))
            need(len(files) == 3, "%d files are left" % len(files))
            counts = [tshark_frames(path) for path in files]
            need(counts[:2] == [200, 200] and 0 < counts[2] <= 200, "frames in them: %s" % counts)


@case
def stops_by_itself(wsuscope):
    with Segment() as segment:
        capture = Capture(segment, wsuscope, "--only-filter", "", "-a", "packets:100")
        capture.command += ["-w", os.path.join(capture.where, "some.pcapng")]
        with capture:
            segment.replay(HEALTHY, options=("--pps=1000", "--loop=3"))
            need(capture.process.wait(20) == 0, "it does not end well: " + capture.said())
            need(tshark_frames(os.path.join(capture.where, "some.pcapng")) == 100, "not 100 frames")


@case
def only_findings(wsuscope):
    """A failure hidden in healthy traffic: its packets alone tell it again, in a hundredth of the bytes."""
    with Segment() as segment:
        capture = Capture(segment, wsuscope, "--only-findings", "--every", "1")
        healthy = made(capture.where, "gen", "content", "1", "0.1")
        path = os.path.join(capture.where, "evidence.pcapng")
        capture.command += ["-w", path]
        with capture:
            segment.replay(healthy, options=("--mbps=100",))
            segment.replay(FAILING)
            segment.replay(healthy, options=("--mbps=100",))
            time.sleep(6)
            live = ends_well(capture)
            has_failure(live, "live")
            same(live, analyze(wsuscope, path), "the evidence tells another story", WHO, "error")
            size, all_bytes = os.path.getsize(path), 2 * os.path.getsize(healthy)
            need(size < all_bytes / 100, "%d of %d bytes were recorded" % (size, all_bytes))


# ---- interfaces ----

@case
def down_and_up(wsuscope):
    with Segment() as segment, Capture(segment, wsuscope) as capture:
        segment.replay(HEALTHY)
        segment.inside("ip", "link", "set", "in0", "down")
        time.sleep(2)
        segment.inside("ip", "link", "set", "in0", "up")
        time.sleep(2.5)
        segment.replay(FAILING)
        has_failure(ends_well(capture, (0, 4)), "after the interface was down")


@case
def gone_and_back(wsuscope):
    with Segment() as segment, Capture(segment, wsuscope) as capture:
        segment.replay(HEALTHY)
        for _ in range(2):
            segment.inside("ip", "link", "delete", "in0")
            time.sleep(2)
            segment.plug(0)
            time.sleep(2.5)
        segment.replay(FAILING)
        has_failure(ends_well(capture, (0, 4)), "after the interface was gone")
        need("in0" in capture.said(), "no word of the interface: " + capture.said())


@case
def one_of_two_gone(wsuscope):
    with Segment(2) as segment, Capture(segment, wsuscope, interfaces=("in0", "in1")) as capture:
        segment.inside("ip", "link", "delete", "in0")
        time.sleep(1)
        segment.replay(FAILING, device="out1")
        time.sleep(1)
        has_failure(ends_well(capture, (0, 4)), "on the other interface")


@case
def two_interfaces(wsuscope):
    """A tap gives each direction on an interface of its own."""
    with Segment(2) as segment, Capture(segment, wsuscope, interfaces=("in0", "in1")) as capture:
        plain = os.path.join(capture.where, "failing.pcap")
        sh("editcap", "-F", "pcap", FAILING, plain)
        sender = os.path.join(os.path.dirname(os.path.abspath(__file__)), "live-send.py")
        segment.inside("python3", sender, plain, "out0", "out1")
        live = ends_well(capture)
        has_failure(live, "of two directions")
        same(live, analyze(wsuscope, FAILING), "as if there were one", WHO, "warning")


@case
def any_interface(wsuscope):
    """Frames are seen where they leave and where they come: as copies of one."""
    with Segment() as segment, Capture(segment, wsuscope, interfaces=("any",)) as capture:
        segment.replay(FAILING)
        live = ends_well(capture)
        kinds = sorted({f["kind"] for f in live["findings"] if f["severity"] != "info"})
        need(kinds == [FAILS[0]], "on any: %s" % kinds)


@case
def threads(wsuscope):
    with Segment() as segment:
        capture = Capture(segment, wsuscope, "-j", "2", "--only-filter", "")
        capture.command += ["-w", os.path.join(capture.where, "threads.pcapng")]
        with capture:
            sent, _ = segment.replay(FAILING, HEALTHY, options=("--pps=2000",))
            live = ends_well(capture)
            need(live["summary"]["frames"] == sent, "%d of %d frames" % (live["summary"]["frames"], sent))
            has_failure(live, "with two threads")
            same(live, analyze(wsuscope, os.path.join(capture.where, "threads.pcapng")), "live and saved differ")


# ---- readers and signals ----

@case
def stuck_reader(wsuscope):
    """Who reads standard output stops; the run does not, and tells what was lost."""
    reader, writer = os.pipe()
    with Segment() as segment:
        capture = Capture(segment, wsuscope, "-o", "events", stdout=writer)
        crowd = made(capture.where, "gen", "scan", "1", "0.02")
        with capture:
            os.close(writer)
            segment.replay(crowd, options=("--mbps=200", "--loop=8"))
            segment.replay(FAILING)
            need(capture.process.poll() is None, "it has ended: " + capture.said())
            status = capture.finish()
            has_failure(capture.report(), "while nobody read")
            need(status in (0, 3, 4), "exit status %d" % status)
            need("lost" in capture.said() or "lines" in capture.said(), "no word of lines lost: " + capture.said())
    os.close(reader)


@case
def signals(wsuscope):
    """SIGUSR1 prints a summary, SIGHUP goes on in new files, and neither loses a frame."""
    with Segment() as segment:
        capture = Capture(segment, wsuscope, "--only-filter", "", "--every", "1")
        path = os.path.join(capture.where, "log.pcapng")
        capture.command += ["-w", path]
        with capture:
            sent, _ = segment.replay(FAILING)
            time.sleep(3)
            capture.send(signal.SIGUSR1)
            time.sleep(4)
            need("503" in capture.said() or FAILS[0] in capture.said(),
                 "no summary: " + capture.said())
            os.rename(path, path + ".old")
            os.rename(capture.events, capture.events + ".old")
            capture.send(signal.SIGHUP)
            time.sleep(1.5)
            more, _ = segment.replay(HEALTHY)
            live = ends_well(capture)
            need(live["summary"]["frames"] == sent + more, "frames were lost")
            need(tshark_frames(path + ".old") == sent, "the old recording has other frames")
            need(tshark_frames(path) == more, "the new recording has other frames")
            need(read_jsonl(capture.events + ".old") and read_jsonl(capture.events), "an events file is empty")


@case
def interrupted_in_a_flood(wsuscope):
    """SIGTERM while frames come as fast as they can: the whole report, soon."""
    with Segment() as segment, Capture(segment, wsuscope) as capture:
        segment.replay(FAILING)
        flood = made(capture.where, "flood", "syn", "200000")
        replay = segment.replay(flood, options=("--topspeed", "--loop=20"), wait=False)
        time.sleep(1)
        since = time.monotonic()
        live = ends_well(capture, (0, 4))
        took = time.monotonic() - since
        replay.kill()
        replay.wait()
        need(took < 20, "it took %.0f s to end" % took)
        has_failure(live, "in a flood")


# ---- strangers ----

def survives(wsuscope, flood, options=("--topspeed",)):
    """The failure behind a flood is found, and memory stays within its bound."""
    budget = 64
    with Segment() as segment:
        capture = Capture(segment, wsuscope, "--memory", "%dM" % budget, "--metrics", "127.0.0.1:9530")
        file = flood(capture.where)
        with capture:
            segment.replay(file, options=options)
            scrape = segment.inside("python3", "-c", "import urllib.request as u; print(u.urlopen("
                                    "'http://127.0.0.1:9530/metrics', timeout=5).read().decode())").stdout
            need(b"wsuscope_" in scrape, "no metrics")
            held = held_by(capture.pid()) + rings_of(capture.pid())
            segment.replay(FAILING)
            has_failure(ends_well(capture, (0, 4)), "behind a flood")
            need(held <= budget, "%.0f MiB with --memory %dM" % (held, budget))


@case
def flood_of_syns(wsuscope):
    survives(wsuscope, lambda where: made(where, "flood", "syn", "500000"))


@case
def flood_of_endless(wsuscope):
    survives(wsuscope, lambda where: made(where, "flood", "endless", "100000"))


@case
def flood_of_fragments(wsuscope):
    survives(wsuscope, lambda where: made(where, "flood", "fragment", "100000"))


@case
def broken_frames(wsuscope):
    def fuzz(where):
        plain, path = os.path.join(where, "plain.pcap"), os.path.join(where, "broken.pcap")
        some = sorted(glob.glob(os.path.join(PCAPS, "*.pcapng")))[::9]
        sh("mergecap", "-F", "pcap", "-s", "60000", "-w", plain, *[p for p in some if "any" not in p])
        with open(plain, "rb") as source, open(path, "wb") as file:
            subprocess.run([os.path.join(BENCH, "flood"), "fuzz", "200000"], check=True, stdin=source, stdout=file)
        return path
    survives(wsuscope, fuzz)


def main():
    wsuscope, names = sys.argv[1], sys.argv[2:]
    chosen = [c for c in CASES if not names or c.__name__ in names]
    passed = failed = 0
    with concurrent.futures.ThreadPoolExecutor(int(os.environ.get("JOBS", "2"))) as pool:
        runs = {pool.submit(c, wsuscope): c for c in chosen}
        for done in concurrent.futures.as_completed(runs):
            try:
                done.result()
                passed += 1
                if os.environ.get("V"):
                    print("ok   " + runs[done].__name__, flush=True)
            except (Failed, OSError, ValueError, KeyError, subprocess.SubprocessError) as fault:
                failed += 1
                told = getattr(fault, "stderr", None)
                print("FAIL %s: %s %s" % (runs[done].__name__, fault, (told or b"").decode() if told else ""), flush=True)
    print("%d passed, %d failed" % (passed, failed))
    return failed > 0


if __name__ == "__main__":
    sys.exit(main())
