#!/usr/bin/env python3
"""live-soak.py WSUSCOPE SECONDS: everything at once, for long.

Healthy scans, downloads, TLS, floods, broken frames, an interface that goes down and up, SIGHUP, scrapes: in rounds.
Three failures are replayed in between.  Holds when, from the first sixth on (and one round at least), memory does not
grow by more than 5 % (of a run that is long enough to fill its tables), when the run, its children and the kernel's
rings never hold more than --memory, descriptors and threads are as many, no child is left behind, and when the end
tells the three failures, and nothing of those that are healthy but what the generator puts there.  V=1 prints each
sample.  Ends with "N passed, M failed".
"""
import os
import signal
import subprocess
import sys
import threading
import time

from livelab import BENCH, PCAPS, Capture, Failed, Segment, held_by, need, rings_of, sh

SEEDS = 12                                      # of each healthy kind: no connection comes twice in a while
HEALTHY = (("scan", 0.01), ("content", 0.1), ("tls", 0.02))
FLOODS = (("syn", 100000), ("synack", 30000), ("udp", 30000), ("dns", 30000), ("llmnr", 20000), ("icmp", 20000),
          ("endless", 20000), ("hello", 10000), ("fragment", 20000), ("fragment6", 20000), ("lease", 2000))
FAILURES = (("app-pool-stopped.pcapng", "service-unavailable"), ("squid-407.pcapng", "proxy-auth-required"),
            ("port-closed.pcapng", "connection-refused"))
HEALTHY_SERVERS = ["198.51.100.%d:" % i for i in range(1, 10)]
TRUE_OF_THEM = ("server-busy", "server-error", "proxy-in-path")         # the generator's answers, now and then
METRICS = "127.0.0.1:9530"
BUDGET = 384                                    # MiB: --memory; with less, this load drives out findings
GLANCE = 0.1                                    # seconds between looks at what is held: judges are quick
LONG = 300                                      # seconds in which tables of that memory fill


def generate(where):
    """Healthy captures by kind, floods, and one of broken frames."""
    healthy = {kind: [] for kind, _ in HEALTHY}
    for kind, scale in HEALTHY:
        for seed in range(1, SEEDS + 1):
            path = os.path.join(where, "%s-%d.pcap" % (kind, seed))
            sh(os.path.join(BENCH, "gen"), kind, path, str(seed), str(scale))
            healthy[kind].append(path)
    floods = []
    for kind, count in FLOODS + (("churn", 3000),):
        path = os.path.join(where, kind + ".pcap")
        with open(path, "wb") as file:
            subprocess.run([os.path.join(BENCH, "flood"), kind, str(count)], check=True, stdout=file)
        floods.append(path)
    path = os.path.join(where, "fuzz.pcap")
    with open(floods.pop(), "rb") as plain, open(path, "wb") as file:
        subprocess.run([os.path.join(BENCH, "flood"), "fuzz", "50000"], check=True, stdin=plain, stdout=file)
    return healthy, floods + [path]


class Watch(threading.Thread):
    """A sample each few seconds, until the end."""

    def __init__(self, capture, every):
        super().__init__(daemon=True)
        self.capture, self.every = capture, every
        self.samples, self.over, self.begun = [], threading.Event(), time.monotonic()
        self.rings = rings_of(capture.pid())
        self.peak, self.peak_at = 0, 0

    def run(self):
        due = self.begun + self.every
        while not self.over.wait(GLANCE):
            try:
                held, now = held_by(self.capture.pid()) + self.rings, time.monotonic()
                if held > self.peak:
                    self.peak, self.peak_at = held, now - self.begun
                if now >= due:
                    due = now + self.every
                    self.samples.append((now - self.begun, self.capture.status()))
            except (OSError, KeyError):
                return

    def most(self, what, since, until=1e9):
        return max((s[what] for at, s in self.samples if since <= at <= until), default=0)


def one_round(segment, capture, healthy, floods, number):
    """About a quarter of a minute."""
    seed = number % SEEDS
    segment.replay(healthy["scan"][seed], options=("--mbps=100",))
    segment.replay(healthy["content"][seed], options=("--mbps=300",))
    segment.replay(healthy["tls"][seed], device="out1", options=("--mbps=100",))
    for flood in floods:
        segment.replay(flood, options=("--pps=40000",))
    capture.send(signal.SIGHUP)
    segment.inside("ip", "link", "set", "in1", "down")
    time.sleep(1)
    segment.inside("ip", "link", "set", "in1", "up")
    scrape = segment.inside("python3", "-c", "import urllib.request as u; print(u.urlopen('http://%s/metrics', "
                            "timeout=10).read().decode())" % METRICS).stdout
    need(b"wsuscope_" in scrape, "no metrics")
    need(capture.process.poll() is None, "it has ended: " + capture.said()[-600:])


def load(segment, capture, seconds):
    """Rounds until the time is over; when the first was, and how many there were."""
    healthy, floods = generate(capture.where)
    begun, number, warm = time.monotonic(), 0, 0.0
    due = [seconds * share for share in (0.1, 0.4, 0.7)]
    while time.monotonic() - begun < seconds or number < 2:
        one_round(segment, capture, healthy, floods, number)
        number += 1
        warm = warm or time.monotonic() - begun
        while due and (time.monotonic() - begun >= due[0] or number == 2):
            segment.replay(os.path.join(PCAPS, FAILURES[len(due) - 1][0]))
            due.pop(0)
    return max(warm, seconds / 6), number


def judge(capture, watch, warm, checks):
    end = watch.samples[-1][0]
    before, after = watch.most("rss", 0, warm), watch.most("rss", warm)
    if end >= LONG:
        checks["memory is flat: %.1f MiB at first, %.1f MiB later" % (before, after)] = after <= 1.05 * before
    checks["memory is bounded: %.1f MiB at most, after %.0f s" % (watch.peak, watch.peak_at)] = watch.peak <= BUDGET
    for what in ("fds", "threads"):
        first, last = watch.most(what, 0, warm), watch.most(what, end - (end - warm) / 3)
        checks["%s: %d at first, %d at last" % (what, first, last)] = last <= first
    checks["no child is left behind"] = watch.samples[-1][1]["zombies"] <= 1
    status = capture.finish()
    checks["ends well: %d" % status] = status in (0, 4)
    found = capture.report()["findings"]
    for _, kind in FAILURES:
        checks["%s is told" % kind] = any(f["kind"] == kind for f in found)
    wrong = [f for f in found if f["severity"] != "info" and f["kind"] not in TRUE_OF_THEM and
             any((f["server"] or "").startswith(s) for s in HEALTHY_SERVERS)]
    checks["nothing else of what is healthy: %s" % sorted({f["kind"] for f in wrong})] = not wrong


def main():
    wsuscope, seconds = sys.argv[1], float(sys.argv[2])
    checks = {}
    with Segment(2) as segment:
        capture = Capture(segment, wsuscope, "--memory", "%dM" % BUDGET, "--metrics", METRICS, "--only-filter", "",
                          "-b", "filesize:20000", "-b", "files:3", interfaces=("in0", "in1"))
        capture.command += ["-w", os.path.join(capture.where, "ring.pcapng")]
        with capture:
            watch = Watch(capture, min(10, seconds / 30))
            watch.start()
            try:
                warm, rounds = load(segment, capture, seconds)
                time.sleep(3)
                watch.over.set()
                watch.join()
                judge(capture, watch, warm, checks)
                print("%d rounds, %d samples" % (rounds, len(watch.samples)))
                for at, sample in watch.samples if os.environ.get("V") else ():
                    print("%6.0f s  %s" % (at, sample))
            except Failed as fault:
                checks[str(fault)] = False
    for words, holds in checks.items():
        print("%s  %s" % ("pass" if holds else "FAIL", words))
    failed = sum(not holds for holds in checks.values())
    print("%d passed, %d failed" % (len(checks) - failed, failed))
    return failed > 0


if __name__ == "__main__":
    sys.exit(main())
