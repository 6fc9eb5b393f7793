#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The kiosk loop, driven by nobody: every scene in its order, round after round, the memory flat, nobody restarted, the counters add up.
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


def follow(kiosk, until):
    """The scenes as they came until time @until; (memory after the second round, at the end)."""
    seen, early, rounds = [], None, 2 * len(kiosk.scenes)
    while time.monotonic() < until:
        scene = kiosk.scene()
        if scene and (not seen or seen[-1] != scene):
            seen.append(scene)
        if early is None and len(seen) > rounds:
            early = kiosk.memory_mib()
        time.sleep(0.1)
    return seen, early, kiosk.memory_mib()


def is_in_order(scenes, seen):
    first = scenes.index(seen[0])
    return all(scene == scenes[(first + i) % len(scenes)] for i, scene in enumerate(seen))


def main():
    tap = Tap()
    with tempfile.TemporaryDirectory() as folder:
        kiosk = Kiosk(folder)
        try:
            wait_for(kiosk.scene, PATIENCE_S, "the first scene", every=0.1)
            wall = kiosk.log("pulse.pid")
            seen, early, late = follow(kiosk, time.monotonic() + SECONDS)
            tap.note(f"{len(seen)} scenes in {SECONDS:g} s; memory {early or 0:.0f} MiB after two rounds, {late:.0f} MiB at the end")
            tap.case(is_in_order(kiosk.scenes, seen), "no scene is missed", seen)
            tap.case(early is not None, "at least two rounds were gone", seen)
            tap.case(early is not None and late <= early * GROWTH, "the memory stays", f"{early} → {late}")
            tap.case(kiosk.log("pulse.pid") == wall and not kiosk.log("demo.log"), "nobody had to be started again", kiosk.log("demo.log"))
        finally:
            kiosk.close()
        store = sqlite3.connect(f"file:{kiosk.folder}/pulse.db?mode=ro", uri=True)
        refused, gaps = (store.execute(f"select count(*) from {view}").fetchone()[0] for view in ("rejection", "gap"))
        store.close()
        tap.case(refused == 0 and gaps == 0, "nothing was refused, and nothing lacks", f"{refused} refused, {gaps} gaps")
    return tap.finish()


if __name__ == "__main__":
    sys.exit(main())
