#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What a hall sees of `./demo --stage` while its programs are killed, judged by the pixels of the display: never the desktop (which is
white here), black for a moment at most, then the wall in the scene that it had. The times are printed, and not judged.
Usage: test-curtain.py SOURCE_DIR BUILD_DIR [BACKFILL]"""
import json
import os
import signal
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "support"))

from casatest.screen import Screen, kind_of  # noqa: E402
from casatest.servers import Program, read, wait_for  # noqa: E402
from casatest.tap import Tap  # noqa: E402

TOP, BUILD = sys.argv[1:3]
BACKFILL = sys.argv[3] if len(sys.argv) > 3 else "2h"
PATIENCE_S = 90


class Show:
    def __init__(self, folder, screen):
        self.screen, self.folder = screen, os.path.join(folder, "demo")
        plain = {"GSK_RENDERER": "cairo", "GDK_DEBUG": "gl-disable", "GDK_DISABLE": "gl", "DISPLAY": screen.name, "WAYLAND_DISPLAY": ""}
        self.program = Program(folder, "show", [os.path.join(TOP, "demo"), "--build", BUILD, "--dir", self.folder, "--stage",
                                               "--backfill", BACKFILL, "--seconds", "400"], env=plain)
        self.program.wait_err("The city is alive", PATIENCE_S * 2)
        self.port = read(os.path.join(self.folder, "broker", "port")).strip()
        self.password = read(os.path.join(self.folder, "broker", "companion.password")).strip()

    def pid(self, name):
        return int(read(os.path.join(self.folder, name)).strip() or 0)

    def ask(self, command):
        """What the wall answers to a companion; {} nothing."""
        answer = subprocess.run(["mosquitto_rr", "-h", "127.0.0.1", "-p", self.port, "-u", "companion", "-P", self.password, "-W", "2", "-e",
                                 "casa/v1/$control/stage/reply", "-t", "casa/v1/$control/stage", "-m", json.dumps(command)],
                                capture_output=True, text=True, check=False)
        return json.loads(answer.stdout) if answer.stdout.startswith("{") else {}

    def watch(self, until, what):
        """Looks at the hall all the time until @until() with the wall in sight: what was seen, and how long it took."""
        begun, seen = time.monotonic(), []

        def done():
            kind = kind_of(self.screen.colours())
            if not seen or seen[-1] != kind:
                seen.append(kind)
            return kind == "wall" and until()
        wait_for(done, PATIENCE_S, what, every=0.02)
        return seen, time.monotonic() - begun

    def kill(self, name):
        pid = self.pid(name)
        os.kill(pid, signal.SIGKILL)
        return pid

    def close(self):
        self.program.signal(signal.SIGTERM)
        self.program.wait(60)


def is_gone(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    return False


def fault(tap, show, name, file, words):
    """Kills the program of @file and looks at the hall until there is another one."""
    old = show.kill(file)
    # The dead wall's last picture may stand for the blink before the display lets go of it.
    seen, took = show.watch(lambda: show.pid(file) not in (0, old) and is_gone(old), f"{name} to come back")
    tap.note(f"{name} killed: {' → '.join(seen)}; the wall stands with a new {name} after {took:.1f} s")
    tap.case("desktop" not in seen, f"{name} killed: the hall saw no desktop", seen)
    wait_for(lambda: show.ask({"do": "state"}).get("scene") == "energy", PATIENCE_S, "the scene before", every=0.1)
    tap.case(words in read(os.path.join(show.folder, "demo.log")), f"{name} killed: why is kept", read(os.path.join(show.folder, "demo.log")))


def acts(tap, show):
    wait_for(lambda: show.ask({"do": "scene", "scene": "energy"}).get("ok"), PATIENCE_S, "the wall to obey", every=0.1)
    state = os.path.join(show.folder, "wall.state")
    wait_for(lambda: "scene = energy" in read(state), PATIENCE_S, "the wall to note its scene")
    show.watch(lambda: True, "the wall")
    # No window manager is here that would grant full screen.
    wait_for(lambda: len(show.screen.colours(0.15)) > 5, PATIENCE_S, "the wall in the corner of the screen, too", every=0.1)
    tap.case(True, "the wall fills a screen on which nobody grants it")
    tap.case(max(show.screen.first_dot()) < 0x30, "without a frame", show.screen.first_dot())
    fault(tap, show, "wall", "pulse.pid", "the wall ended (killed by signal 9")
    fault(tap, show, "simulator", "sim.pid", "the simulator ended (killed by signal 9")
    fault(tap, show, "broker", os.path.join("broker", "pid"), "the broker is back")
    # Both at once: the curtain rises first, so that at worst it is the desktop of one moment, and then it is black.
    curtain = show.kill("curtain.pid")
    wait_for(lambda: is_gone(curtain), PATIENCE_S, "the curtain's end")
    tap.case(kind_of(show.screen.colours()) == "wall", "a curtain that is killed is not seen")
    wall = show.kill("pulse.pid")
    show.watch(lambda: show.pid("pulse.pid") != wall and show.pid("curtain.pid") != curtain, "both to come back")
    tap.case(True, "a curtain that was killed comes back with the next wall, behind it")
    return show.pid("curtain.pid")


def main():
    tap = Tap()
    with tempfile.TemporaryDirectory() as folder:
        screen = Screen(folder)
        try:
            show = Show(folder, screen)
            try:
                curtain = acts(tap, show)
            finally:
                show.close()
            tap.case(is_gone(curtain), "the curtain ends with the show")
        finally:
            screen.close()
    return tap.finish()


if __name__ == "__main__":
    sys.exit(main())
