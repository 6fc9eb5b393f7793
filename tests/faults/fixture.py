# SPDX-License-Identifier: Apache-2.0
"""A broker, a recorder's store and its words, for one fault at a time."""
import json
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "support"))

from casatest.mqtt import Publisher  # noqa: E402
from casatest.servers import Broker, Influx, Program, Recorders, stats_of, wait_for  # noqa: E402,F401
from casatest.tap import Tap  # noqa: E402

CONFIG = os.path.abspath(os.environ.get("CASA_TEST_CONFIG", os.path.join(HERE, "..", "..", "config")))
CASA = os.environ.get("CASA_PROGRAM", "casa")


class Skip(Exception):
    """This machine cannot make the fault; says why."""


class Fixture:
    """A temporary folder with a broker of its own; everything in it ends with `close`."""

    def __init__(self, with_influx=False):
        self.folder = tempfile.mkdtemp(prefix="casa-fault-")
        self.config = CONFIG
        self.broker = Broker(self.folder)
        self.influx = Influx(self.folder) if with_influx else None
        self.recorders = Recorders(CASA, self.folder, self.broker, self.influx, self.config)
        self.publisher = Publisher(self.broker.port)
        self.first_ms = int(time.time() * 1000) - 3600 * 1000
        self.n = 0
        self.closing = []

    @property
    def store(self):
        return self.recorders.store

    def settings(self, text):
        """A configuration folder of its own, with this pulse.conf."""
        self.config = os.path.join(self.folder, "config")
        shutil.copytree(CONFIG, self.config)
        with open(os.path.join(self.config, "pulse.conf"), "w", encoding="utf-8") as file:
            file.write(text)
        self.recorders.config = self.config

    def record(self, *more, **how):
        """A recorder that is connected; its session is with the broker."""
        run = self.recorders.start(*more, **how)
        run.wait_err("connected to")
        return run

    def publish(self, count, topic="casa/v1/city/energy/sub-1"):
        """So many messages, a millisecond of their own each and value 0, 1, 2…; acknowledged when this returns."""
        for _ in range(count):
            self.publisher.publish(topic, json.dumps({"t": self.first_ms + self.n, "load_mw": self.n}))
            self.n += 1
        self.flush()

    def send(self, topic, payload):
        self.publisher.publish(topic, payload)
        self.flush()

    def flush(self):
        assert self.publisher.flush(120), f"the broker does not acknowledge: {self.publisher.failure}"

    def ask(self, sql):
        """The first row's first value; None while there is no store, or while it cannot be read."""
        if not os.path.exists(self.store):
            return None
        store = sqlite3.connect(f"file:{self.store}?mode=ro", uri=True, timeout=10)
        try:
            row = store.execute(sql).fetchone()
            return row[0] if row else None
        except sqlite3.OperationalError:
            return None
        finally:
            store.close()

    def wait_stored(self, count=None, station="sub-1", seconds=120):
        """Waits until all that was published is stored, and holds that each is stored once and exactly."""
        count = self.n if count is None else count
        wait_for(lambda: (self.ask(f"SELECT count(*) FROM reading WHERE station = '{station}'") or 0) >= count, seconds,
                 f"{count} samples of {station} in the store", every=0.1)
        self.exact(count, station)

    def exact(self, count, station="sub-1"):
        rows = self.ask(f"SELECT count(*) FROM reading WHERE station = '{station}'")
        good = self.ask(f"SELECT count(DISTINCT t_ms) FROM reading WHERE station = '{station}' AND t_ms = {self.first_ms} + value")
        assert (rows, good) == (count, count), f"{rows} rows, {good} of them right, wanted {count}"

    def wait_stats(self, run, fits, what, seconds=60):
        """The first printed statistics from now on that fit."""
        seen = len(stats_of(run))

        def found():
            assert run.running(), f"{run.name} ended:\n{run.err()}"
            return next((s for s in stats_of(run)[seen:] if fits(s)), None)
        return wait_for(found, seconds, what)

    def stop(self, run):
        """Ends it in good order; its last statistics add up."""
        status = run.stop()
        assert status == 0, f"{run.name} ended with {status}:\n{run.err()}"
        last = stats_of(run)[-1]
        assert last["received"] == last["stored"] + last["duplicates"] + last["rejected"] + last["ignored"], last
        return last

    def listen(self, topic):
        """mosquitto_sub, listening already; its output is the payloads, a line each."""
        ears = Program(self.folder, "ears", ["stdbuf", "-oL", "mosquitto_sub", "-h", "127.0.0.1", "-p", str(self.broker.port), "-q",
                                             "1", "-t", topic, "-d"])
        self.closing.append(ears.kill)
        wait_for(lambda: "SUBACK" in ears.out(), 30, "mosquitto_sub to listen")
        return ears

    def close(self):
        for end in reversed(self.closing):
            end()
        self.publisher.close()
        for program in [*self.recorders.runs, self.broker.program, *([self.influx.program] if self.influx else [])]:
            program.kill()
        shutil.rmtree(self.folder, ignore_errors=True)


def said(run, text, times=1):
    heard = run.err().count(text)
    assert heard >= times, f"{run.name} did not say \"{text}\" {times} times; it said:\n{run.err()}"


def not_said(run, text):
    assert text not in run.err(), f"{run.name} should not have said \"{text}\":\n{run.err()}"


def run_all(prefix, faults, arguments):
    """Runs functions as TAP cases called /@prefix/<name>. --list prints the names; others choose among them."""
    names = {f"/{prefix}/{f.__name__.replace('_', '-')}": f for f in faults}
    if arguments == ["--list"]:
        print("\n".join(names))
        return 0
    tap = Tap()
    for name, fault in names.items():
        if not arguments or any(chosen in name for chosen in arguments):
            run_one(tap, name, fault)
    return tap.finish()


def run_one(tap, name, fault):
    fixture = Fixture(with_influx=getattr(fault, "with_influx", False))
    try:
        fault(fixture)
        tap.case(True, name)
    except Skip as why:
        tap.skip(name, why)
    except (AssertionError, TimeoutError, OSError, subprocess.SubprocessError) as error:
        tap.case(False, name, f"{type(error).__name__}: {error}")
        for run in fixture.recorders.runs:
            tap.note(f"{run.name} said:\n{run.err()}{run.out()[-1500:]}")
    finally:
        fixture.close()
