"""livelab.py - a segment of its own for `wsuscope capture`: what is replayed into it, and what a run tells.

A Segment is a network namespace with pairs of veth, "in0" beside "out0" and so on: what is replayed on the one is
captured on the other.  Nobody has an address there, so nothing answers, and nothing leaves it.  Needs root.
"""
import itertools
import json
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
PCAPS = os.path.join(ROOT, "pcaps")
BENCH = os.environ.get("BENCH_TOOLS", os.path.join(ROOT, "build/cc/release/bench"))
READY_SECONDS = 20
END_SECONDS = 90
numbers = itertools.count()


class Failed(Exception):
    """Something is not as it should be; the words tell what."""


def need(condition, words):
    if not condition:
        raise Failed(words)


def sh(*command, **options):
    return subprocess.run(command, check=True, capture_output=True, **options)


class Segment:
    def __init__(self, pairs=1):
        self.name = "wlive-%d-%d" % (os.getpid(), next(numbers))
        self.pairs = pairs

    def __enter__(self):
        sh("ip", "netns", "add", self.name)
        self.inside("ip", "link", "set", "lo", "up")
        for i in range(self.pairs):
            self.plug(i)
        return self

    def __exit__(self, *_):
        subprocess.run(["ip", "netns", "delete", self.name], check=False)

    def plug(self, i=0):
        """A pair; frames of the lab are as long as an interface can make them."""
        self.inside("ip", "link", "add", "out%d" % i, "mtu", "65535", "type", "veth", "peer", "name",
                    "in%d" % i, "mtu", "65535")
        for device in ("out%d" % i, "in%d" % i):
            with open("/dev/null", "wb") as nowhere:
                subprocess.run(self.command("sysctl", "-qw", "net.ipv6.conf.%s.disable_ipv6=1" % device),
                               check=False, stdout=nowhere, stderr=nowhere)
                subprocess.run(self.command("ethtool", "-K", device, "tso", "off", "gso", "off", "gro", "off", "tx",
                                            "off", "rx", "off", "rxvlan", "off", "txvlan", "off"), check=False,
                               stdout=nowhere, stderr=nowhere)
            self.inside("ip", "link", "set", device, "arp", "off", "up")

    def command(self, *words):
        return ["ip", "netns", "exec", self.name, *words]

    def inside(self, *words):
        return sh(*self.command(*words))

    def replay(self, *files, device="out0", options=("--topspeed",), wait=True):
        command = self.command("tcpreplay", "-q", *options, "-i", device, *files)
        if not wait:
            return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        need(done.returncode == 0, "tcpreplay: " + done.stderr.strip()[-300:])
        return sent_of(done.stdout)

    def seen(self, device="in0"):
        """Frames that came, by the interface's own count."""
        with subprocess.Popen(self.command("cat", "/sys/class/net/%s/statistics/rx_packets" % device),
                              stdout=subprocess.PIPE) as told:
            return int(told.stdout.read())


def sent_of(words):
    """What tcpreplay says it has sent: frames, and how many of them a second."""
    frames, rate = 0, 0.0
    for line in words.splitlines():
        if line.startswith("Actual:"):
            frames = int(line.split()[1])
        elif line.startswith("Rated:"):
            rate = float(line.split(",")[-1].split()[0])
    return frames, rate


class Capture:
    """A run of `wsuscope capture` in a segment, from its readiness to its end."""

    def __init__(self, segment, wsuscope, *options, where=None, interfaces=("in0",), stdout=None, outputs=True):
        self.where = where or tempfile.mkdtemp(prefix="wlive-")
        self.made = where is None
        self.json = os.path.join(self.where, "live.json")
        self.events = os.path.join(self.where, "live.events")
        self.words = os.path.join(self.where, "words")
        self.notes = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.notes.bind(os.path.join(self.where, "notify"))
        command = [wsuscope, "capture", "--fail-on", "never"]
        for interface in interfaces:
            command += ["-i", interface]
        if outputs:
            command += ["-o", "json=" + self.json, "-o", "events=" + self.events]
        self.command = segment.command(*command, *options)
        self.stdout = stdout
        self.process = None

    def __enter__(self):
        environment = dict(os.environ, NOTIFY_SOCKET=os.path.join(self.where, "notify"))
        with open(self.words, "wb") as words:
            self.process = subprocess.Popen(self.command, stdout=self.stdout or words, stderr=words, env=environment)
        try:
            self.wait_ready()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        self.notes.close()
        if self.made and not os.environ.get("KEEP"):
            shutil.rmtree(self.where, ignore_errors=True)

    def wait_ready(self):
        until = time.monotonic() + READY_SECONDS
        self.notes.settimeout(0.2)
        while time.monotonic() < until:
            need(self.process.poll() is None, "it ends at once: " + self.said())
            try:
                if b"READY=1" in self.notes.recv(4096):
                    return
            except socket.timeout:
                pass
        raise Failed("it does not become ready: " + self.said())

    def said(self):
        with open(self.words, encoding="utf-8", errors="replace") as words:
            return words.read()

    def send(self, which):
        self.process.send_signal(which)

    def finish(self, which=signal.SIGTERM, settle=0.4):
        """Ends it once what was sent can have been read; its exit status."""
        time.sleep(settle)
        self.send(which)
        try:
            return self.process.wait(END_SECONDS)
        except subprocess.TimeoutExpired:
            raise Failed("it does not end %d s after SIGTERM: %s" % (END_SECONDS, self.said())) from None

    def report(self):
        with open(self.json, encoding="utf-8") as file:
            return json.load(file)

    def pid(self):
        return self.process.pid

    def status(self):
        """Of /proc: resident MiB, descriptors, threads, children that nobody has waited for."""
        pid = self.process.pid
        fields = {}
        with open("/proc/%d/status" % pid, encoding="utf-8") as file:
            for line in file:
                name, _, value = line.partition(":")
                fields[name] = value.split()
        family, zombies = family_of(pid)
        return {"rss": int(fields["VmRSS"][0]) / 1024, "fds": len(os.listdir("/proc/%d/fd" % pid)),
                "threads": int(fields["Threads"][0]), "children": family, "zombies": zombies}


def descendants(pid):
    """Of that process, itself within."""
    parents = {}
    for entry in os.listdir("/proc"):
        if entry.isdigit():
            try:
                with open("/proc/%s/stat" % entry, encoding="utf-8", errors="replace") as file:
                    parents.setdefault(int(file.read().rpartition(")")[2].split()[1]), []).append(int(entry))
            except OSError:
                continue
    family = [pid]
    for one in family:
        family += parents.get(one, [])
    return family


def kib(path, names):
    """Sum of the lines of those names in a file of /proc."""
    with open(path, encoding="utf-8", errors="replace") as file:
        return sum(int(line.split()[1]) for line in file if line.split(":")[0] in names)


def rings_of(pid):
    """MiB of packet sockets' rings that a process maps."""
    size, ring = 0, False
    with open("/proc/%d/smaps" % pid, encoding="utf-8", errors="replace") as file:
        for line in file:
            if "-" in line.split(" ")[0]:
                ring = "socket:" in line
            elif ring and line.startswith("Rss:"):
                size += int(line.split()[1])
    return size / 1024


def held_by(pid):
    """MiB that the run and its children hold, a page that several map once, without files and rings."""
    size = 0
    for one in descendants(pid):
        try:
            size += kib("/proc/%d/smaps_rollup" % one, ("Pss_Anon", "Pss_Shmem"))
        except OSError:                         # a judge that is done
            continue
    return size / 1024


def family_of(pid):
    children = zombies = 0
    for entry in os.listdir("/proc"):
        if not entry.isdigit():
            continue
        try:
            with open("/proc/%s/stat" % entry, encoding="utf-8", errors="replace") as file:
                rest = file.read().rpartition(")")[2].split()
        except OSError:
            continue
        if int(rest[1]) == pid:
            children += 1
            zombies += rest[0] == "Z"
    return children, zombies


def analyze(wsuscope, *arguments):
    done = subprocess.run([wsuscope, "analyze", "-q", "--fail-on", "never", "-o", "json", *arguments],
                          capture_output=True, check=False)
    need(done.returncode == 0, "analyze ends with %d: %s" % (done.returncode, done.stderr.decode()[-300:]))
    return json.loads(done.stdout)


# What a finding is, wherever it was seen.
TELLING = ("kind", "severity", "confidence", "client", "server", "via", "answered_by", "count", "cause")
WHO = ("kind", "client", "server", "via", "cause")


def findings(report, fields=TELLING, least="info"):
    levels = ("info", "warning", "error", "critical")
    return sorted(json.dumps([f.get(name) for name in fields]) for f in report["findings"]
                  if levels.index(f["severity"]) >= levels.index(least))


def same(one, other, words, fields=TELLING, least="info"):
    """Both reports tell the same findings."""
    a, b = findings(one, fields, least), findings(other, fields, least)
    if a != b:
        lines = ["  only live:  " + x for x in a if x not in b] + ["  only saved: " + x for x in b if x not in a]
        raise Failed("\n".join([words, *lines[:8]]))


def keys_of(pcap):
    log = os.path.splitext(pcap)[0] + ".keys"
    return ("--keys", log) if os.path.exists(log) else ()


def tshark_frames(path):
    done = subprocess.run(["tshark", "-n", "-r", path, "-T", "fields", "-e", "frame.number"], capture_output=True,
                          text=True, check=False)
    need(done.returncode == 0, "tshark does not read %s: %s" % (os.path.basename(path), done.stderr.strip()[-200:]))
    return len(done.stdout.split())


def read_jsonl(path):
    with open(path, encoding="utf-8") as file:
        return [json.loads(line) for line in file if line.strip()]
