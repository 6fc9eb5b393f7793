# SPDX-License-Identifier: Apache-2.0
"""A hall: the shipped broker configuration with its guard, a recorder, an honest team that sends twenty messages a second, and
teams that do not."""
import getpass
import json
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "support"))

from casatest.mqtt import Publisher  # noqa: E402
from casatest.servers import Program, Recorders, die_with_parent, free_port, wait_for  # noqa: E402

CONFIG = os.path.abspath(os.path.join(HERE, "..", "..", "config"))
DEVICES = (2, 3, 4)
HONEST = "honest"
RATE = 20


def yielding():
    """For a child: it gets what is left of the processors, as attackers in a hall have machines of their own."""
    die_with_parent()
    os.setpriority(os.PRIO_PROCESS, 0, 19)


def write(path, text):
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)
    os.chmod(path, 0o600)


class ShippedBroker:
    """mosquitto with config/mosquitto.conf and config/mosquitto.acl as they are shipped."""

    def __init__(self, folder, guard, teams, readers):
        self.folder = os.path.join(folder, "broker")
        os.mkdir(self.folder)
        self.port = free_port()
        self.page = free_port()
        self.url = f"mqtt://127.0.0.1:{self.port}"
        with open(os.path.join(CONFIG, "mosquitto.conf"), encoding="utf-8") as file:
            conf = "".join(line for line in file if "@PLUGIN@" not in line and "dynamic-security" not in line)
        for mark, value in {"@PORT@": self.port, "@DIR@": self.folder, "@USER@": getpass.getuser(), "@GUARD@": guard}.items():
            conf = conf.replace(mark, str(value))
        with open(os.path.join(CONFIG, "mosquitto.acl"), encoding="utf-8") as file:
            acl = file.read()
        users = ["pulse", "record", "city", "stage", HONEST, *teams]
        for team in teams:
            for n in DEVICES:
                users.append(f"{team}.{n}")
                acl += f"\nuser {team}.{n}\ntopic write casa/v1/{team}/#\ntopic read casa/v1/{team}/$feedback\n"
        for team in readers:  # as "casa team" makes them, by the dynamic security plugin
            acl += f"\nuser {team}\ntopic readwrite casa/v1/{team}/#\n"
        os.mkdir(self.path("page"))  # as ./demo --listen serves it
        write(self.path("page/index.html"), "<p>Casa Pulse</p>" * 1000)
        conf += f"\nlistener {self.page} 127.0.0.1\nprotocol websockets\nhttp_dir {self.path('page')}\nsocket_domain ipv4\nuse_username_as_clientid true\n"
        write(self.path("mosquitto.conf"), conf)
        write(self.path("acl"), acl)
        write(self.path("password"), "p")
        write(self.path("passwd"), "".join(f"{user}:p\n" for user in users))
        subprocess.run(["mosquitto_passwd", "-U", self.path("passwd")], check=True)
        mosquitto = "/usr/sbin/mosquitto" if os.access("/usr/sbin/mosquitto", os.X_OK) else "mosquitto"
        many = 'h=$(ulimit -Hn); [ "$h" != unlimited ] && [ "$h" -lt 65536 ] || h=65536; ulimit -Sn "$h"; exec "$@"'
        self.program = Program(self.folder, "mosquitto", ["bash", "-c", many, "broker", mosquitto, "-c", self.path("mosquitto.conf")])
        self.program.wait_err(" running")

    def path(self, name):
        return os.path.join(self.folder, name)

    def disk(self):
        return os.path.getsize(self.path("mosquitto.db")) if os.path.exists(self.path("mosquitto.db")) else 0


class Honest(threading.Thread):
    """Publishes, and keeps the books: when each message left, and whether the broker acknowledged it."""

    def __init__(self, port):
        super().__init__(daemon=True)
        self.publisher = Publisher(port, HONEST, self._acked, HONEST, "p")
        self.lock = threading.Lock()
        self.sent, self.acked, self.ending = [], set(), threading.Event()
        self.start()

    def _acked(self, t_ms):
        with self.lock:
            self.acked.add(t_ms)

    def run(self):
        due = time.monotonic()
        while not self.ending.wait(max(0, due - time.monotonic())):
            due += 1 / RATE
            t_ms = int(time.time() * 1000)
            self.publisher.publish(f"casa/v1/{HONEST}/air/roof", json.dumps({"t": t_ms, "temp_c": len(self.sent) % 40}), t_ms)
            self.sent.append(t_ms)

    def acknowledged(self):
        with self.lock:
            return set(self.acked)

    def close(self):
        self.ending.set()
        self.join()
        self.publisher.flush(30)
        self.publisher.close()


class Probe(threading.Thread):
    """Looks into the journal of the store fifty times a second: when each honest sample is a row that everybody can read."""

    def __init__(self, store):
        super().__init__(daemon=True)
        self.store, self.ending = store, threading.Event()
        self.seen, self.lock = {}, threading.Lock()  # t_ms -> the clock when it was seen
        self.start()

    def run(self):
        db, last = None, 0
        while not self.ending.wait(0.02):
            try:
                db = db or sqlite3.connect(f"file:{self.store}?mode=ro", uri=True, timeout=5)
                rows = db.execute("SELECT sample.id, sample.t_ms FROM sample WHERE sample.id > ? AND sample.series IN (SELECT series.id"
                                  " FROM series JOIN station ON station.id = series.station WHERE station.source = ?)",
                                  (last, HONEST)).fetchall()
            except sqlite3.Error:
                db = None
                continue
            now = time.time() * 1000
            with self.lock:
                for key, t_ms in rows:
                    self.seen.setdefault(t_ms, now)
                    last = max(last, key)

    def has(self, times):
        with self.lock:
            return times <= self.seen.keys()

    def delays(self, first_ms, last_ms):
        with self.lock:
            return sorted(seen - t for t, seen in self.seen.items() if first_ms <= t <= last_ms)

    def close(self):
        self.ending.set()
        self.join()


def resident_mib(pid):
    with open(f"/proc/{pid}/status", encoding="ascii") as file:
        return next(int(line.split()[1]) for line in file if line.startswith("VmRSS")) / 1024


def processor_s(pid):
    with open(f"/proc/{pid}/stat", encoding="ascii") as file:
        fields = file.read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


class Hall:
    def __init__(self, casa, hostile, guard, teams, settings="", readers=()):
        self.hostile = hostile
        self.folder = tempfile.mkdtemp(prefix="casa-hostile-")
        self.broker = ShippedBroker(self.folder, guard, teams, readers)
        config = os.path.join(self.folder, "config")
        shutil.copytree(CONFIG, config)
        write(os.path.join(config, "pulse.conf"),
              f"[broker]\nuser = pulse\npassword_file = {self.broker.path('password')}\n{settings}")
        self.recorders = Recorders(casa, self.folder, self.broker, config=config, stats="1")
        self.recorder = self.recorders.start()
        self.recorder.wait_err("connected to")
        self.store = self.recorders.store
        self.honest = Honest(self.broker.port)
        self.probe = Probe(self.store)

    def attack(self, name, team, seconds, prepare=die_with_parent):
        """Starts it; it ends by itself."""
        argv = [self.hostile, "--run", name, "--url", self.broker.url, "--user", team, "--password-file", self.broker.path("password"),
                "--seconds", str(seconds), "--page", str(self.broker.page)]
        return subprocess.Popen(argv, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, preexec_fn=prepare)

    def gaps(self):
        with sqlite3.connect(f"file:{self.store}?mode=ro", uri=True, timeout=10) as db:
            return db.execute("SELECT start_ms, end_ms, cause FROM gap").fetchall()

    def ask(self, sql):
        with sqlite3.connect(f"file:{self.store}?mode=ro", uri=True, timeout=10) as db:
            return db.execute(sql).fetchone()[0]

    def lost(self, times):
        """Those of @times that are neither stored nor in a gap."""
        with sqlite3.connect(f"file:{self.store}?mode=ro", uri=True, timeout=10) as db:
            stored = {row[0] for row in db.execute("SELECT t_ms FROM reading WHERE source = ?", (HONEST,))}
        gaps = self.gaps()
        return sorted(t for t in times - stored if not any(start - 1000 <= t <= end + 1000 for start, end, _ in gaps))

    def wait_settled(self, times, seconds):
        """Until all of @times are rows, or gaps explain those that are not."""
        asked = [0.0]

        def settled():
            if self.probe.has(times):
                return True
            if time.monotonic() - asked[0] < 2:
                return False
            asked[0] = time.monotonic()
            return not self.lost(times)
        wait_for(settled, seconds, "every acknowledged message of the honest team to be stored, or in a gap", every=0.02)

    def resident(self):
        return resident_mib(self.recorder.child.pid), resident_mib(self.broker.program.child.pid)

    def store_bytes(self):
        return sum(os.path.getsize(self.store + end) for end in ("", "-wal") if os.path.exists(self.store + end))

    def close(self):
        self.honest.close()
        self.probe.close()
        for program in (self.recorder, self.broker.program):
            program.kill()
        shutil.rmtree(self.folder, ignore_errors=True)
