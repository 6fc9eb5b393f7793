#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The kiosk loop, driven by nobody: every scene in its order, round after round, the memory flat, nobody restarted, the counters add up.
Prints what it saw: scenes, memory and its slope, what was stored; of a long run a line every ten minutes.
Usage: test-kiosk.py SOURCE_DIR BUILD_DIR [SECONDS [STAY]]     (28800 25: eight hours of it; STAY: seconds a scene)"""
import os
import re
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "support"))

from casatest.servers import Program, read, wait_for  # noqa: E402
from casatest.tap import Tap  # noqa: E402

TOP, BUILD = sys.argv[1:3]
SECONDS = float(sys.argv[3]) if len(sys.argv) > 3 else 120
STAY = float(sys.argv[4]) if len(sys.argv) > 4 else 4
PATIENCE_S = 120
MEASURE_S, TELL_S = 10, 600  # between two looks at the memory, and two lines of a long run
GROWTH = 1.25  # of the memory after the first rounds, when every scene has been built and every font is there: at most so much


class Kiosk:
    def __init__(self, folder):
        self.folder, talk = os.path.join(folder, "demo"), os.path.join(folder, "kiosk.conf")
        shipped = read(os.path.join(TOP, "config", "talks", "kiosk.conf"))
        self.scenes = re.findall(r"^\[scene (\w+)\]", shipped, re.M)
        with open(talk, "w", encoding="utf-8") as file:
            file.write(re.sub(r"^stay = .*$", f"stay = {STAY:g}", shipped, flags=re.M))
        # No xvfb-run: whoever ends that leaves what it started.
        receive, give = os.pipe()
        self.display = subprocess.Popen(["Xvfb", "-displayfd", str(give), "-screen", "0", "1280x720x24", "-nolisten", "tcp"], pass_fds=[give],
                                        stderr=subprocess.DEVNULL)
        os.close(give)
        plain = {"GSK_RENDERER": "cairo", "GDK_DEBUG": "gl-disable", "GDK_DISABLE": "gl", "WAYLAND_DISPLAY": "",
                 "DISPLAY": ":" + os.read(receive, 16).decode().strip()}
        self.program = Program(folder, "kiosk", [os.path.join(TOP, "demo"), "--build", BUILD, "--dir", self.folder, "--stage", "--size",
                                                "1280x720", "--talk", talk, "--backfill", "1h"], env=plain)
        self.program.wait_err("The city is alive", PATIENCE_S)

    def log(self, name):
        return read(os.path.join(self.folder, name))

    def scene(self):
        """What the wall says itself that it shows, noted within half a second of each change."""
        found = re.search(r"^scene = (\w+)$", self.log("wall.state"), re.M)
        return found and found[1]

    def memory_mib(self):
        """Of the wall, without what it shares with others."""
        rollup = read(f"/proc/{self.log('pulse.pid').strip()}/smaps_rollup")
        found = re.search(r"^Pss_Anon:\s+(\d+) kB", rollup, re.M) or re.search(r"^Pss:\s+(\d+) kB", rollup, re.M)
        return int(found[1]) / 1024

    def close(self):
        self.program.signal(signal.SIGTERM)
        self.program.wait(60)
        self.display.terminate()
        self.display.wait(20)


class Watch:
    """What was seen of a loop: the scenes as they came, and the memory as (second, MiB), once every scene has been built twice."""

    def __init__(self):
        self.seen, self.memory = [], []

    def early(self):
        return self.memory[0][1] if self.memory else None

    def late(self):
        return self.memory[-1][1] if self.memory else None

    def slope(self):
        """MiB an hour: the straight line nearest to all (least squares)."""
        n = len(self.memory)
        mean_s, mean_mib = (sum(point[i] for point in self.memory) / max(n, 1) for i in (0, 1))
        spread = sum((s - mean_s) ** 2 for s, _ in self.memory)
        return 3600 * sum((s - mean_s) * (mib - mean_mib) for s, mib in self.memory) / spread if spread else 0.0


def follow(tap, kiosk, seconds):
    """Looks on for so long."""
    watch, begun, measured, told = Watch(), time.monotonic(), 0.0, 0.0
    while (at := time.monotonic() - begun) < seconds:
        scene = kiosk.scene()
        if scene and (not watch.seen or watch.seen[-1] != scene):
            watch.seen.append(scene)
        if len(watch.seen) > 2 * len(kiosk.scenes) and at - measured >= MEASURE_S:
            measured = at
            watch.memory.append((at, kiosk.memory_mib()))
        if at - told >= TELL_S:
            told = at
            tap.note(f"{at / 60:.0f} min: {len(watch.seen)} scenes, {watch.late() or 0:.1f} MiB")
        time.sleep(0.1)
    return watch


def minutes_stored(store):
    """How many readings each whole minute of the loop has, by when they came in; the first and the last are no whole ones."""
    last = store.execute("select max(received_ms) from reading").fetchone()[0]
    rows = store.execute("select received_ms / 60000 m, count(*) from reading where received_ms > ? group by m", (last - SECONDS * 1000,))
    return [n for _, n in rows][1:-1]


def missed(scenes, seen):
    """How many scenes of the loop lack between those that were seen, in whatever order they came."""
    return sum((scenes.index(after) - scenes.index(before) - 1) % len(scenes) for before, after in zip(seen, seen[1:]))


def main():
    tap = Tap()
    with tempfile.TemporaryDirectory() as folder:
        kiosk = Kiosk(folder)
        try:
            wait_for(kiosk.scene, PATIENCE_S, "the first scene", every=0.1)
            wall = kiosk.log("pulse.pid")
            watch = follow(tap, kiosk, SECONDS)
            seen, early, late = watch.seen, watch.early(), watch.late()
            slope = f", {watch.slope():+.1f} MiB an hour" if SECONDS >= TELL_S else ""
            tap.note(f"{len(seen)} scenes shown in {SECONDS:g} s, {missed(kiosk.scenes, seen)} missed; memory {early or 0:.1f} MiB after two rounds, "
                     f"{late or 0:.1f} MiB at the end{slope}")
            tap.case(missed(kiosk.scenes, seen) == 0, "no scene is missed", seen)
            tap.case(early is not None, "at least two rounds were gone", seen)
            tap.case(early is not None and late <= early * GROWTH, "the memory stays", f"{early} → {late}")
            tap.case(kiosk.log("pulse.pid") == wall and not kiosk.log("demo.log"), "nobody had to be started again", kiosk.log("demo.log"))
        finally:
            kiosk.close()
        store = sqlite3.connect(f"file:{kiosk.folder}/pulse.db?mode=ro", uri=True)
        refused, gaps = (store.execute(f"select count(*) from {view}").fetchone()[0] for view in ("rejection", "gap"))
        stored = minutes_stored(store)
        store.close()
        tap.note(f"stored: {sum(stored)} readings in {len(stored)} whole minutes, {min(stored, default=0)} in the poorest; {refused} refused, {gaps} gaps")
        tap.case(all(stored) and len(stored) >= SECONDS // 60 - 2, "every minute of the loop has been stored", stored)
        tap.case(refused == 0 and gaps == 0, "nothing was refused, and nothing lacks", f"{refused} refused, {gaps} gaps")
    return tap.finish()


if __name__ == "__main__":
    sys.exit(main())
