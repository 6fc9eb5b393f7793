#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A whole talk of twelve scenes on stage, driven by the keys of a clicker and by a companion, while what can break breaks: after each step
the hall's picture is judged by its pixels. It is the wall: never the presenter's window, never the desktop (white here), never black unless
asked; frozen, it is the same to the last pixel. Times from each fault to the hall's next right picture are printed, and not judged.
Usage: test-talk.py SOURCE_DIR BUILD_DIR"""
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
PATIENCE_S = 90
PARTS = """grid = 1920 1080
map = map 0 0 1920 1080 under=yes room=0,216,1344,756
header = header 0 0 1920 92
column = column 1377 104 510 898 domains=mobility,energy,air
status = status 0 1018 1920 62
"""
# What each scene asks for by itself.
CUES = {2: "event = power-cut place=maarif strength=0.9 minutes=45\nleave = calm\n", 4: "language = ar\n", 5: "language = fr\n",
        7: "event = rain place=maarif\n"}
TALK = "[parachute]\nafter = 8\nitself = yes\n" + "".join(
    f"[scene s{i}]\ntitle_fr = Scène {i}\nminutes = 1\nnotes_fr = Notes {i}\n{CUES.get(i, '')}{PARTS}" for i in range(1, 13))


class Show:
    def __init__(self, folder, screen):
        self.screen, self.folder, talk = screen, os.path.join(folder, "demo"), os.path.join(folder, "talk.conf")
        with open(talk, "w", encoding="utf-8") as file:
            file.write(TALK)
        self.env = {"GSK_RENDERER": "cairo", "GDK_DEBUG": "gl-disable", "GDK_DISABLE": "gl", "DISPLAY": screen.name, "WAYLAND_DISPLAY": ""}
        self.program = Program(folder, "show", [os.path.join(BUILD, "cli", "casa"), "stage", "--dir", self.folder, "--talk",
                                               talk, "--backfill", "1h", "--at", "18:30", "--seconds", "500"], env=self.env)
        self.program.wait_err("The city is alive", PATIENCE_S * 2)
        self.port = read(os.path.join(self.folder, "broker", "port")).strip()
        self.password = read(os.path.join(self.folder, "broker", "companion.password")).strip()

    def pid(self, name):
        return int(read(os.path.join(self.folder, name)).strip() or 0)

    def log(self, name):
        return read(os.path.join(self.folder, name))

    def ask(self, **command):
        """What the wall answers to a companion; {} nothing."""
        answer = subprocess.run(["mosquitto_rr", "-h", "127.0.0.1", "-p", self.port, "-u", "companion", "-P", self.password, "-W", "2", "-e",
                                 "casa/v1/$control/stage/reply", "-t", "casa/v1/$control/stage", "-m", json.dumps(command)],
                                capture_output=True, text=True, check=False)
        return json.loads(answer.stdout) if answer.stdout.startswith("{") else {}

    def until(self, key, value):
        wait_for(lambda: self.ask(do="state").get(key) == value, PATIENCE_S, f"{key} = {value}", every=0.1)

    def press(self, key):
        subprocess.run(["xdotool", "key", key], check=True, env=dict(os.environ, **self.env), capture_output=True)

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

    def dots(self):
        return self.screen.picture()[0]

    def moves(self, what):
        """Waits until the hall's picture has changed twice."""
        for _ in range(2):
            before = self.dots()
            wait_for(lambda: self.dots() != before, PATIENCE_S, what, every=0.05)

    def close(self):
        self.program.signal(signal.SIGTERM)
        self.program.wait(60)


def turn(tap, show, scene):
    """The clicker's key: the next scene stands, and between the two nothing else was seen."""
    show.press("Next")
    seen, _ = show.watch(lambda: show.ask(do="state").get("scene") == f"s{scene}", f"scene {scene}")
    tap.case(set(seen) == {"wall"}, f"scene {scene} by a key: the hall sees the wall", seen)


def freeze(tap, show):
    """Nothing moves while it is frozen, though the city goes on and the scene is turned behind it."""
    show.press("f")
    show.until("hall", "frozen")
    wait_for(lambda: settled(show), PATIENCE_S, "a still picture")
    still = show.dots()
    show.press("Next")
    show.until("scene", "s4")
    tap.case(show.dots() == still, "frozen: the same to the last pixel, while the scene and its language change behind it")
    show.press("f")
    show.until("hall", "live")
    show.moves("the picture to go on")
    tap.case(show.ask(do="state").get("language") == "ar", "the scene has switched the hall's language")


def settled(show):
    """Whether half a second changes nothing: the badge is painted."""
    before, end = show.dots(), time.monotonic() + 0.5
    while time.monotonic() < end:
        if show.dots() != before:
            return False
        time.sleep(0.05)
    return True


def black(tap, show):
    show.press("b")
    wait_for(lambda: kind_of(show.screen.colours()) == "black", PATIENCE_S, "black", every=0.05)
    show.press("Escape")
    seen, took = show.watch(lambda: True, "the wall after black")
    tap.case("desktop" not in seen, "black was asked for, and Escape brings the wall back", f"{seen} {took:.1f} s")


def killed(tap, show, name, file, scene):
    """Kills the program of @file; the hall's picture is right again with another one of it."""
    wait_for(lambda: f"scene = {scene}\n" in show.log("wall.state"), PATIENCE_S, "the wall to note its scene")
    old = show.pid(file)
    os.kill(old, signal.SIGKILL)
    seen, took = show.watch(lambda: show.pid(file) not in (0, old), f"{name} to come back")
    tap.note(f"{name} killed: {' → '.join(seen)}; right picture after {took:.1f} s")
    tap.case("desktop" not in seen, f"{name} killed: no desktop", seen)
    show.until("scene", scene)


def parachute(tap, show):
    """The city falls silent: the hall's picture goes on moving, and comes back to live with a scene."""
    sim = show.pid("sim.pid")
    os.kill(sim, signal.SIGSTOP)
    begun = time.monotonic()
    try:
        seen, _ = show.watch(lambda: show.ask(do="state").get("shows") == "replay", "the parachute")
        tap.note(f"city silent: {' → '.join(seen)}; the rehearsal moves after {time.monotonic() - begun:.1f} s (after = 8 s)")
        tap.case(set(seen) == {"wall"}, "the city falls silent: the hall sees a replay", seen)
        show.moves("the rehearsal to move")
        tap.case(True, "the hall's picture goes on moving")
        turn(tap, show, 10)
        tap.case(show.ask(do="state").get("shows") == "replay", "live is not back: neither is the hall")
    finally:
        os.kill(sim, signal.SIGCONT)

    def live():
        show.press("Next")
        return show.ask(do="state").get("shows") == "live"
    wait_for(live, PATIENCE_S, "the hall to be live again with a scene", every=0.5)
    tap.case(kind_of(show.screen.colours()) == "wall", "a scene brings the hall back to live")


def acts(tap, show):
    show.until("scene", "s1")
    show.watch(lambda: True, "the wall")
    show.moves("the city to move")
    turn(tap, show, 2)
    wait_for(lambda: "power-cut" in events(show), PATIENCE_S, "the cut that scene 2 asks for", every=0.2)
    tap.case("power-cut" in events(show), "scene 2 cuts the power by itself")
    parted(tap, show)
    turn(tap, show, 3)
    freeze(tap, show)
    turn(tap, show, 5)
    tap.case(show.ask(do="state").get("language") == "fr", "the next scene speaks French again")
    black(tap, show)
    turn(tap, show, 6)
    killed(tap, show, "wall", "pulse.pid", "s6")
    turn(tap, show, 7)
    wait_for(lambda: "to the presenter: " in show.log("pulse.log"), PATIENCE_S, "the refusal of rain at a place", every=0.2)
    tap.case("rain" in show.log("pulse.log"), "what the simulator refuses is told to the presenter")
    tap.case(kind_of(show.screen.colours()) == "wall", "…and the hall sees nothing of it")
    killed(tap, show, "broker", os.path.join("broker", "pid"), "s7")
    killed(tap, show, "simulator", "sim.pid", "s7")
    wait_for(lambda: show.ask(do="state").get("shows") == "live", PATIENCE_S, "live data", every=0.2)
    beside = Program(show.folder, "beside", ["stdbuf", "-oL", "mosquitto_sub", "-d", "-h", "127.0.0.1", "-p", show.port, "-u", "companion.2",
                                             "-P", show.password, "-t", "casa/v1/$control/stage/reply"])
    wait_for(lambda: "Subscribed" in beside.out(), PATIENCE_S, "the second companion to listen", every=0.1)
    tap.case(show.ask(do="scene", scene="s9").get("ok") is True, "a companion goes to a scene")
    wait_for(lambda: '"scene":"s9"' in beside.out() or beside.out().count("CONNACK") > 1, PATIENCE_S, "what the second hears", every=0.1)
    tap.case('"scene":"s9"' in beside.out() and beside.out().count("received CONNACK") == 1, "…a second one beside it hears so, and is not thrown off")
    beside.stop()
    parachute(tap, show)
    tap.case(show.ask(do="scene", scene="s12").get("scene") == "s12", "the talk ends with its twelfth scene")
    tap.case(kind_of(show.screen.colours()) == "wall", "…and the hall sees it")


def line_stands(show):
    """A bright line across the room of the map, in its middle."""
    middle = 672 / 1920
    return max(show.screen.brightness(middle + dx / 1920, 0.35, 0.5 / 1920, 0.4) for dx in range(-4, 5)) > 150


def parted(tap, show):
    """The district that is dark here is lit beyond the line."""
    patience = 4

    def seen():
        nonlocal patience
        show.press("a")
        end = time.monotonic() + patience
        while time.monotonic() < end and not line_stands(show):
            time.sleep(0.1)
        patience *= 2  # the simulator may not have told of the other city yet, or the picture was late
        return line_stands(show)
    wait_for(seen, PATIENCE_S * 2, "the line between with and without", every=0.1)
    tap.case(line_stands(show), "during the cut a key parts the map")
    # In four places on either side, as a name or a vehicle may stand in some.
    dark, lit = (sorted(show.screen.brightness(x / 1920, y / 1080, 40 / 1920, 60 / 1080) for y in (440, 520, 640, 720))[1] for x in (615, 690))
    tap.case(lit > dark * 1.5, "…and the dark district is lit on the side without", f"{dark:.0f} {lit:.0f}")
    show.press("Right")
    wait_for(lambda: not line_stands(show), PATIENCE_S, "the line to move", every=0.1)
    tap.case(show.ask(do="state").get("scene") == "s2", "an arrow moves the line, and turns no scene")
    show.press("Escape")
    wait_for(lambda: show.screen.brightness(690 / 1920, 520 / 1080, 40 / 1920, 60 / 1080) < lit, PATIENCE_S, "the map to be whole", every=0.1)
    tap.case(kind_of(show.screen.colours()) == "wall", "Escape makes it whole again")


def events(show):
    """What the store was told."""
    out = subprocess.run(["sqlite3", "-readonly", os.path.join(show.folder, "pulse.db"), "select kind from event"], capture_output=True, text=True,
                         check=False)
    return out.stdout.split()


def main():
    tap = Tap()
    with tempfile.TemporaryDirectory() as folder:
        screen = Screen(folder)
        try:
            show = Show(folder, screen)
            try:
                acts(tap, show)
            finally:
                show.close()
        finally:
            screen.close()
    return tap.finish()


if __name__ == "__main__":
    sys.exit(main())
