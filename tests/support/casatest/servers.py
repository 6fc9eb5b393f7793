# SPDX-License-Identifier: Apache-2.0
"""Real programs on free ports and in folders of their own: mosquitto, influxd, `casa record`. All end with the test."""
import ctypes
import http.client
import json
import os
import signal
import socket
import subprocess
import time
import urllib.parse

PR_SET_PDEATHSIG = 1
LIBC = ctypes.CDLL(None)


def die_with_parent():
    LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


RESERVED = []


def free_port():
    """Stays bound without listening until this process ends: nobody else is given it, a server with SO_REUSEADDR may have it."""
    probe = socket.socket()
    probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    probe.bind(("127.0.0.1", 0))
    RESERVED.append(probe)
    return probe.getsockname()[1]


def wait_for(condition, seconds, what, every=0.005):
    """Returns what @condition returns as soon as that is true; asks @every so many seconds."""
    deadline = time.monotonic() + seconds
    while True:
        got = condition()
        if got:
            return got
        if time.monotonic() > deadline:
            raise TimeoutError(f"waited {seconds} s in vain for {what}")
        time.sleep(every)


ENGLISH = {"LC_ALL": "C.UTF-8", "LANGUAGE": ""}  # tests read what programs say, whatever the tester speaks


class Program:
    """A child whose output goes to files named after it; @name is the log's."""

    def __init__(self, folder, name, argv, env=None):
        self.name = name
        self.out_path, self.err_path = (os.path.join(folder, f"{name}.{kind}") for kind in ("out", "err"))
        with open(self.out_path, "ab") as out, open(self.err_path, "ab") as err:
            self.child = subprocess.Popen(argv, stdin=subprocess.DEVNULL, stdout=out, stderr=err, preexec_fn=die_with_parent,
                                          env={**os.environ, **ENGLISH, **(env or {})})

    def running(self):
        return self.child.poll() is None

    def signal(self, number):
        if self.running():
            self.child.send_signal(number)

    def wait(self, seconds=60):
        return self.child.wait(seconds)

    def kill(self):
        """With -9; also when it is stopped."""
        self.signal(signal.SIGKILL)
        return self.wait()

    def stop(self, seconds=60):
        self.signal(signal.SIGTERM)
        return self.wait(seconds)

    def out(self):
        return read(self.out_path)

    def err(self):
        return read(self.err_path)

    def wait_err(self, text, seconds=60, after=0):
        """Waits until it has said @text on stderr, more than @after bytes into it; returns where that ended."""
        def said():
            ended = not self.running()  # before the look: its last words may be these
            at = self.err().find(text, after)
            return at + len(text) if at >= 0 else ended and -1
        at = wait_for(said, seconds, f"{self.name} to say \"{text}\"")
        if at < 0:
            raise AssertionError(f"{self.name} ended ({self.child.poll()}) without saying \"{text}\"; it said:\n{self.err()}")
        return at


def read(path):
    try:
        with open(path, encoding="utf-8", errors="replace") as file:
            return file.read()
    except FileNotFoundError:
        return ""


class Broker:
    """mosquitto with persistence, so that sessions survive its end."""

    def __init__(self, folder, extra=""):
        self.folder = os.path.join(folder, "broker")
        os.mkdir(self.folder)
        self.port = free_port()
        self.url = f"mqtt://127.0.0.1:{self.port}"
        self.config = os.path.join(self.folder, "mosquitto.conf")
        self.database = os.path.join(self.folder, "mosquitto.db")
        self.program = None
        with open(self.config, "w", encoding="utf-8") as file:
            file.write(f"listener {self.port} 127.0.0.1\nallow_anonymous true\npersistence true\n"
                       f"persistence_location {self.folder}/\nautosave_interval 1\nmax_queued_messages 0\n"
                       f"max_inflight_messages 200\nlog_dest stderr\n{'user root' if os.getuid() == 0 else ''}\n{extra}\n")
        self.start()

    def start(self):
        path = "/usr/sbin/mosquitto" if os.access("/usr/sbin/mosquitto", os.X_OK) else "mosquitto"
        self.program = Program(self.folder, "mosquitto", [path, "-c", self.config])
        wait_for(self._answers, 60, "mosquitto to listen")

    def _answers(self):
        if not self.program.running():
            raise AssertionError(f"mosquitto did not start: {self.program.err()}")
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0

    def save(self):
        """Has it write its database now (SIGUSR1) and waits until it has."""
        before = stamp(self.database)
        self.program.signal(signal.SIGUSR1)
        wait_for(lambda: stamp(self.database) not in (before, None), 30, "mosquitto to save its database")

    def stop(self):
        self.program.stop()

    def kill(self):
        self.program.kill()

    def forget(self):
        """What happens to sessions when nobody kept them."""
        if os.path.exists(self.database):
            os.unlink(self.database)


def stamp(path):
    try:
        seen = os.stat(path)
        return seen.st_mtime_ns, seen.st_ino
    except FileNotFoundError:
        return None


class Influx:
    """Debian's InfluxDB 1.6."""

    def __init__(self, folder, database="casa"):
        self.folder = os.path.join(folder, "influx")
        os.mkdir(self.folder)
        self.port, self.database = free_port(), database
        self.url = f"http://127.0.0.1:{self.port}/?db={database}"
        self.config = os.path.join(self.folder, "influxdb.conf")
        self.program = None
        with open(self.config, "w", encoding="utf-8") as file:
            file.write(f"reporting-disabled = true\nbind-address = \"127.0.0.1:{free_port()}\"\n"
                       f"[meta]\n dir = \"{self.folder}/meta\"\n"
                       f"[data]\n dir = \"{self.folder}/data\"\n wal-dir = \"{self.folder}/wal\"\n query-log-enabled = false\n"
                       f"[http]\n bind-address = \"127.0.0.1:{self.port}\"\n log-enabled = false\n max-row-limit = 0\n"
                       f"[monitor]\n store-enabled = false\n")
        self.launch()
        self.ready()

    def launch(self):
        self.program = Program(self.folder, "influxd", ["influxd", "-config", self.config])

    def ready(self):
        wait_for(self._answers, 90, "influxd to answer")

    def _answers(self):
        if not self.program.running():
            raise AssertionError(f"influxd ended: {self.program.err()[-2000:]}")
        try:
            return self._get("/ping")[0] == 204
        except OSError:
            return False

    def _get(self, path, take=lambda answer: answer.read()):
        link = http.client.HTTPConnection("127.0.0.1", self.port, timeout=300)
        try:
            link.request("GET", path)
            answer = link.getresponse()
            return answer.status, take(answer)
        finally:
            link.close()

    def series(self, query):
        """Every series of @query's answer, in chunks: (name, tags, columns, rows)."""
        path = "/query?" + urllib.parse.urlencode({"db": self.database, "epoch": "ms", "chunked": "true", "q": query})
        status, chunks = self._get(path, lambda answer: [json.loads(line) for line in answer if line.strip()])
        if status != 200:
            raise AssertionError(f"influxd answered {status} to {query}: {chunks}")
        for chunk in chunks:
            for result in chunk["results"]:
                if "error" in result:
                    raise AssertionError(f"influxd: {result['error']}")
                for part in result.get("series", []):
                    yield part["name"], part.get("tags", {}), part["columns"], part["values"]

    def samples(self):
        """(domain, source, station, metric, t_ms, value) of everything in it, but what the writer wrote to try it out."""
        names = [row[0] for _, _, _, rows in self.series("SHOW MEASUREMENTS") for row in rows]
        for name in names:
            if name == "casa_pulse":
                continue
            for _, tags, columns, rows in self.series(f'SELECT * FROM "{name}" GROUP BY source,station'):
                for row in rows:
                    for column, value in zip(columns[1:], row[1:]):
                        if value is not None:
                            yield name, tags["source"], tags["station"], column, row[0], float(value)

    def stop(self):
        self.program.stop()

    def kill(self):
        self.program.kill()


class Recorders:
    """Starts `casa record` again and again on one store; each run has logs of its own."""

    def __init__(self, casa, folder, broker, influx=None, config=None, stats="0.2", env=None):
        self.casa, self.folder, self.broker, self.influx, self.stats, self.env = casa, folder, broker, influx, stats, env
        self.config, self.store = config, os.path.join(folder, "pulse.db")
        self.runs = []

    def start(self, *more, wrap=(), env=None):
        argv = [*wrap, self.casa, "record", "--broker", self.broker.url, "--store", self.store, "--stats", self.stats, *more]
        argv += ["--config", self.config] if self.config else []
        argv += ["--influx", self.influx.url] if self.influx else []
        clean = {name: "" for name in ("http_proxy", "https_proxy", "all_proxy")}
        run = Program(self.folder, f"record-{len(self.runs):03d}", argv, env={**clean, **(self.env or {}), **(env or {})})
        self.runs.append(run)
        return run


def stats_of(run):
    """The statistics that a run has printed, oldest first; the last line may have been cut by a kill."""
    lines = run.out().splitlines()
    found = []
    for line in lines:
        try:
            found.append(json.loads(line))
        except ValueError:
            if line is not lines[-1]:
                raise
    return found
