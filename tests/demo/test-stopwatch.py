#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""From a bare `./demo --listen --team` to what the hall sees, for each kind of kit as a team of its own, with what its join card says
and nothing else: stored, and after the organiser's G its name with "capteur réel", its curve with the value, and its line on the
board, each within a minute of machine time. No file is edited. The wall is asked over the accessibility bus; without that, and
for whom a program is missing, a case says that it was left out.
Usage: test-stopwatch.py SOURCE_DIR BUILD_DIR"""
import json
import os
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "support"))

from casatest import chromium  # noqa: E402
from casatest.servers import Program, die_with_parent, wait_for  # noqa: E402
from casatest.tap import Tap  # noqa: E402
from casatest.teams import find_plugin  # noqa: E402

TOP, BUILD, LIMIT_S = sys.argv[1], sys.argv[2], 60
NODE_PATH = os.pathsep.join(filter(None, [os.environ.get("NODE_PATH"), "/usr/share/nodejs", "/usr/lib/node_modules"]))
DEBIAN = dict(os.environ, PATH="/usr/bin:" + os.environ["PATH"], NODE_PATH=NODE_PATH)  # whose python3 has python3-paho-mqtt


class Wall:
    """What the hall's window says to a screen reader."""

    def __init__(self, pid_file):
        import gi
        gi.require_version("Atspi", "2.0")
        from gi.repository import Atspi, GLib
        Atspi.set_timeout(2000, 10000)
        self.atspi, self.lost, self.pid_file = Atspi, GLib.Error, pid_file

    def _below(self, node, out):
        try:
            out.append((node.get_role_name(), node.get_name() or "", node.get_description() or ""))
            for i in range(node.get_child_count()):
                child = node.get_child_at_index(i)
                if child:
                    self._below(child, out)
        except self.lost:
            pass  # it went while it was read
        return out

    def says(self):
        with open(self.pid_file, encoding="utf-8") as file:
            pid = int(file.read())
        desktop = self.atspi.get_desktop(0)
        for i in range(desktop.get_child_count()):
            app = desktop.get_child_at_index(i)
            if app and app.get_process_id() == pid:
                return self._below(app, [])
        return []

    def press(self, letter):
        self.atspi.generate_keyboard_event(ord(letter), None, self.atspi.KeySynthType.SYM)


class Demo:
    def __init__(self, folder, teams):
        self.folder = os.path.join(folder, "demo")
        self.large, self.pressed = None, 0  # what was large at the last press of G, and when that was
        # No xvfb-run: whoever ends that leaves what it started.
        receive, give = os.pipe()
        self.display = subprocess.Popen(["Xvfb", "-displayfd", str(give), "-screen", "0", "1280x1024x24", "-nolisten", "tcp"], pass_fds=[give],
                                        stderr=subprocess.DEVNULL)
        os.close(give)
        os.environ["DISPLAY"] = ":" + os.read(receive, 16).decode().strip()
        self.bus = subprocess.Popen(["dbus-daemon", "--session", "--nofork", "--nopidfile", "--print-address"], stdout=subprocess.PIPE,
                                    stderr=subprocess.DEVNULL, preexec_fn=die_with_parent, text=True)
        os.environ["DBUS_SESSION_BUS_ADDRESS"] = self.bus.stdout.readline().strip()
        plain = {"GSK_RENDERER": "cairo", "GDK_DEBUG": "gl-disable", "GDK_DISABLE": "gl", "WAYLAND_DISPLAY": "", "GDK_BACKEND": "x11"}
        named = [word for team in teams for word in ("--team", team)]
        self.program = Program(folder, "demo", [os.path.join(TOP, "demo"), "--build", BUILD, "--dir", self.folder, "--listen", "127.0.0.1",
                                               *named, "--backfill", "1h", "--seconds", "280"], env=plain)
        self.program.wait_err("The city is alive", 120)
        self.wall = Wall(os.path.join(self.folder, "pulse.pid"))

    def card(self, team):
        """Lines to paste by the kit's name, and facts by their names."""
        card = subprocess.run([os.path.join(BUILD, "cli", "casa"), "team", "card", team, "--lang", "en", "--config",
                               os.path.join(self.folder, "config")], capture_output=True, text=True, check=True).stdout.splitlines()
        lines = {name: card[i + 1] for i, name in enumerate(card[:-1]) if card[i + 1:i + 2] and card[i + 1] and not card[i - 1]}
        return lines, dict(line.split(": ", 1) for line in card if ": " in line and not line.startswith(("Backlog", "mqtt out")))

    def rows(self, team):
        """(station, metric) → value."""
        link = sqlite3.connect(f"file:{self.folder}/pulse.db?mode=ro", uri=True)
        try:
            return {(s, m): v for s, m, v in link.execute("select station, metric, value from reading where source = ? order by t_ms", (team,))}
        except sqlite3.OperationalError:
            return {}
        finally:
            link.close()

    def in_hall(self, team, value):
        """Presses G until the team is large; True when all of it is there. Not before the last press is seen to have done
        something, or is forgotten: a slow wall would go past the team again and again."""
        said = self.wall.says()
        names = [name for role, name, _ in said if role == "label"]
        large = next(((name, words) for role, name, words in said if role == "image" and ", derni" in name), ("", None))
        curve = large[1] if large[0].startswith(f"{team}, ") else None
        if curve is None and (large[0] != self.large or time.monotonic() > self.pressed + 5):
            self.large, self.pressed = large[0], time.monotonic()
            self.wall.press("g")
        number = f"{value:.1f}".replace(".", ",")
        return (curve is not None and number in curve and team in names and any("capteur réel" in name for name in names) and
                any(name.startswith(f"{team}  ") for name in names))

    def close(self):
        self.program.signal(signal.SIGTERM)
        self.program.wait(60)
        self.bus.terminate()
        self.bus.wait(20)
        self.display.terminate()
        self.display.wait(20)


def paste(name):
    def act(lines, facts, team):
        subprocess.run(["bash", "-c", lines[name]], check=True, capture_output=True, timeout=LIMIT_S, env=DEBIAN)
    return act


def tasmota(lines, facts, team):
    """What the device publishes once its console was given the card's line."""
    words = dict(part.strip().split(" ", 1) for part in lines["Tasmota"].replace("Backlog ", "").split(";"))
    topic = words["FullTopic"].replace("%prefix%", "tele").replace("%topic%", "serre") + "SENSOR"
    payload = json.dumps({"Time": time.strftime("%Y-%m-%dT%H:%M:%S"), "AM2301": {"Temperature": 23.5, "Humidity": 51.5}, "TempUnit": "C"})
    subprocess.run(["mosquitto_pub", "-h", words["MqttHost"], "-p", words["MqttPort"], "-u", words["MqttUser"], "-P", words["MqttPassword"],
                    "-q", "1", "-t", topic, "-m", payload], check=True)


def esphome(lines, facts, team):
    """Its discovery and its state, as with docs/HACKATHON.md's two prefixes and the card's login."""
    base = f"casa/v1/{team}/kit/"
    config = {"dev_cla": "temperature", "unit_of_meas": "°C", "name": "BME", "stat_t": base + "toit/sensor/bme/state", "uniq_id": "x",
              "dev": {"ids": "aabbcc", "name": "toit"}}
    host, port = facts["Address"].rsplit(":", 1)
    for topic, payload in (("homeassistant/sensor/toit/bme/config", json.dumps(config)), ("toit/sensor/bme/state", "19.5")):
        subprocess.run(["mosquitto_pub", "-h", host, "-p", port, "-u", facts["User"], "-P", facts["Password"], "-q", "1", "-r", "-t", base + topic,
                        "-m", payload], check=True)


def browser(lines, facts, team):
    bus = os.environ.pop("DBUS_SESSION_BUS_ADDRESS")  # the wall's own
    page = chromium.Chromium(chromium.find())
    os.environ["DBUS_SESSION_BUS_ADDRESS"] = bus
    try:
        page.ask("Page.navigate", url=f"{facts['Browser']}#team={team}&password={facts['Password']}&lang=en")
        page.until("document.getElementById('state') && document.getElementById('state').className === 'good'", 40, "the page to be connected")
        page.run("document.getElementById('value').value = '20.5'; document.getElementById('number').requestSubmit()")
        page.until("document.querySelector('#live canvas') !== null", 20, "its curve")
    finally:
        page.close()


def runs(*argv):
    try:
        return subprocess.run(argv, capture_output=True, check=False, env=DEBIAN).returncode == 0
    except FileNotFoundError:
        return False


# Name, team, what it does, its row, its value, and what it needs.
KITS = [
    ("mosquitto_pub", "kit-pub", paste("mosquitto_pub"), ("capteur-1", "temp_c"), 21.4, None),
    ("Python paho", "kit-python", paste("Python"), ("python", "temp_c"), 21.4, lambda: runs("python3", "-c", "import paho.mqtt") or "python3-paho-mqtt"),
    ("Node mqtt", "kit-node", paste("Node.js"), ("node", "temp_c"), 21.4, lambda: runs("node", "-e", "require('mqtt')") or "node-mqtt"),
    ("Tasmota", "kit-tasmota", tasmota, ("serre", "temp_c"), 23.5, None),
    ("ESPHome", "kit-esphome", esphome, ("toit", "temp_c"), 19.5, None),
    ("browser", "kit-browser", browser, ("page", "temp_c"), 20.5, lambda: bool(chromium.find()) or "chromium-headless-shell"),
]


def try_kit(tap, demo, name, team, act, row, value):
    lines, facts = demo.card(team)
    begun = time.monotonic()
    act(lines, facts, team)
    try:
        wait_for(lambda: demo.rows(team).get(row) == value, LIMIT_S, f"{row} = {value}", every=0.1)
        stored = time.monotonic() - begun
        wait_for(lambda: demo.in_hall(team, value), LIMIT_S - stored, f"{team} in the hall", every=0.5)
    except TimeoutError as fault:
        tap.case(False, name, f"{fault}\n{demo.rows(team)}\n" + "\n".join(str(words) for words in demo.wall.says() if words[1]))
        return
    took = time.monotonic() - begun
    tap.case(took < LIMIT_S, f"{name}: in the store after {stored:.1f} s, with name, curve and line in the hall after {took:.1f} s")


def main():
    tap = Tap()
    try:
        import gi
        gi.require_version("Atspi", "2.0")
    except (ImportError, ValueError):
        tap.skip("stopwatch", "nobody can ask the wall: apt-get install python3-gi gir1.2-atspi-2.0 at-spi2-core")
        return tap.finish()
    if not find_plugin():
        tap.skip("stopwatch", "no dynamic security plug-in")
        return tap.finish()
    with tempfile.TemporaryDirectory() as folder:
        demo = Demo(folder, [team for _, team, *_ in KITS])
        try:
            for name, team, act, row, value, needs in KITS:
                missing = needs() if needs else True
                if missing is not True:
                    tap.skip(name, f"apt-get install {missing}")
                    continue
                try_kit(tap, demo, name, team, act, row, value)
        finally:
            demo.close()
    return tap.finish()


if __name__ == "__main__":
    sys.exit(main())
