# SPDX-License-Identifier: Apache-2.0
"""The city, its wall on a screen of its own, and a presenter with keys, a mouse and the ears of a screen reader."""
import os
import re
import shutil
import subprocess
import time

from casatest.screen import Screen
from casatest.servers import Broker, Program
from casatest.spoken import Spoken
from casatest.words import Words

PATIENCE_S = 90
EVENING = 18.5  # of the city's clock: trams run, and it is dark


class Stage:
    def __init__(self, tap, folder, top, build, language):
        self.tap, self.folder, self.language, self.parts = tap, folder, language, []
        self.config = os.path.join(folder, "config")
        shutil.copytree(os.path.join(top, "config"), self.config)
        os.mkdir(os.path.join(self.config, "pulse.conf.d"))
        with open(os.path.join(self.config, "pulse.conf.d", "stage.conf"), "w", encoding="utf-8") as file:
            file.write("[stage]\nuser = stage\n")
        self.pictures = os.path.join(build, "artifacts", "act", language)
        os.makedirs(self.pictures, exist_ok=True)
        self.words = Words(build, self.config, language)
        self.screen = self.keep(Screen(folder), Screen.close)
        now = time.time()
        self.env = {"DISPLAY": self.screen.name, "WAYLAND_DISPLAY": "", "CASA_CLOCK_SHIFT": str(-(int(now - EVENING * 3600) % 86400)),
                    "HOME": folder, "XDG_PICTURES_DIR": folder}
        broker = self.keep(Broker(folder), Broker.stop)
        here = ["--config", self.config, "--broker", broker.url]
        self.wall = self.keep(Program(folder, "pulse", [os.path.join(build, "ui", "casa-pulse"), *here, "--store", os.path.join(folder, "pulse.db"),
                                                        "--lang", language, "--size", "1600x900"], env=self.env), Program.stop)
        self.wall.wait_err("connected to", PATIENCE_S)
        self.city = self.keep(Program(folder, "city", [os.path.join(build, "sensors-sim", "casa-sim"), *here, "--scenario", "weekday",
                                                       "--backfill", "26h", "--backfill-step", "15min"], env=self.env), Program.stop)
        self.spoken = Spoken(self.wall.child.pid)
        self.nodes = []

    def keep(self, part, end):
        self.parts.append((part, end))
        return part

    def close(self):
        for part, end in reversed(self.parts):
            end(part)

    # --- what is heard and seen ---

    def until(self, what, seconds=PATIENCE_S):
        """What @what gives of the nodes that are told, as soon as it is something."""
        end = time.monotonic() + seconds
        while True:
            late = time.monotonic() > end
            self.nodes = self.spoken.read()
            found = what(self.nodes)
            if found or late:
                return found
            time.sleep(0.05)

    def case(self, name, good, why=""):
        self.tap.case(bool(good), name, why)
        if not good:
            self.picture("failed " + name)
            for node in self.nodes:
                if node.name or node.description:
                    self.tap.note(node)
        return good

    def hears(self, name, pattern, role=None, seconds=PATIENCE_S):
        """A case: something is told, in name or description, that @pattern (a text, or a regular expression) is found in."""
        return self.case(name, self.until(lambda nodes: find(nodes, pattern, role), seconds), f"not told: {getattr(pattern, 'pattern', pattern)}")

    def hears_no_more(self, name, pattern, role=None, seconds=PATIENCE_S):
        return self.case(name, self.until(lambda nodes: nodes and not find(nodes, pattern, role), seconds),
                         f"still told: {getattr(pattern, 'pattern', pattern)}")

    def dots(self, box):
        """The picture of that part of the screen: its bytes."""
        data, begin, width, _, line = self.screen.picture()
        x, y, w, h = (max(0, int(value)) for value in box)
        w = min(w, width - x)
        return b"".join(data[begin + row * line + 4 * x:begin + row * line + 4 * (x + w)] for row in range(y, y + h))

    def differs(self, before, box, seconds=PATIENCE_S):
        """How much of the part is another than @before: waits until that is more than a hundredth."""
        return self.until(lambda nodes: changed(before, self.dots(box)) > 0.01, seconds)

    def settled(self, box):
        """The picture of that part once it stands: vehicles alone move on."""
        before = None

        def stands(nodes):
            nonlocal before
            was, before = before, self.dots(box)
            return was and changed(was, before) < 0.02
        self.until(stands, 10)
        return before

    def picture(self, name):
        path = os.path.join(self.pictures, re.sub(r"[^\w-]+", "-", name.lower())[:60] + ".png")
        subprocess.run(["import", "-window", "root", path], env={**os.environ, **self.env}, check=False, stderr=subprocess.DEVNULL)

    # --- what is done ---

    def do(self, *arguments):
        subprocess.run(["xdotool", *map(str, arguments)], check=True, env={**os.environ, **self.env}, capture_output=True)

    def press(self, *keys):
        self.do("key", "--delay", "20", *keys)

    def box(self, node):
        """Where a node is on the screen: windows without a manager have a rim."""
        x, y, w, h = node.box()
        frame = next(above for above in node.above if above.role == "frame").box()
        rim = (1600 - frame[2]) // 2 if frame[2] > 1500 else 0
        return x + rim, y + rim, w, h

    def point(self, node, across=0.5, down=0.5):
        x, y, w, h = self.box(node)
        place = int(x + across * w), int(y + down * h)
        self.do("mousemove", *place)
        return place

    def focused(self):
        return next((node for node in self.nodes if "FOCUSED" in node.states and node.role != "frame"), None)

    def walk_to(self, pattern, role=None, key="Tab", most=40):
        """Tab, until the focus is there."""
        for _ in range(most):
            here = self.until(lambda nodes: self.focused(), 10)
            if here and find([here], pattern, role):
                return here
            self.press(key)
            was = here and here.path
            self.until(lambda nodes: (now := self.focused()) and now.path != was, 2)
        return None


def find(nodes, pattern, role=None):
    """The first that says so."""
    fits = pattern.search if hasattr(pattern, "search") else lambda text: pattern in text
    return next((node for node in nodes if (not role or node.role == role) and (fits(node.name) or fits(node.description))), None)


def changed(one, other):
    """The share of bytes that are others."""
    if len(one) != len(other):
        return 1
    return sum(a != b for a, b in zip(one[::7], other[::7])) / max(1, len(one[::7]))
