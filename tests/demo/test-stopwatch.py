#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""From a bare `./demo --listen --team` to a stored row, for each kind of kit, with what the join card says and nothing else: each
within a minute of machine time, and no file is edited.
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
from casatest.servers import Program, wait_for  # noqa: E402
from casatest.tap import Tap  # noqa: E402
from casatest.teams import find_plugin  # noqa: E402

TOP, BUILD, LIMIT_S = sys.argv[1], sys.argv[2], 60
TEAM = "les-dunes"
DEBIAN = dict(os.environ, PATH="/usr/bin:" + os.environ["PATH"])  # whose python3 has python3-paho-mqtt


class Demo:
    def __init__(self, folder):
        self.folder = os.path.join(folder, "demo")
        # No xvfb-run: whoever ends that leaves what it started.
        receive, give = os.pipe()
        self.display = subprocess.Popen(["Xvfb", "-displayfd", str(give), "-screen", "0", "1280x1024x24", "-nolisten", "tcp"], pass_fds=[give],
                                        stderr=subprocess.DEVNULL)
        os.close(give)
        plain = {"GSK_RENDERER": "cairo", "GDK_DEBUG": "gl-disable", "GDK_DISABLE": "gl", "WAYLAND_DISPLAY": "",
                 "DISPLAY": ":" + os.read(receive, 16).decode().strip()}
        self.program = Program(folder, "demo", [os.path.join(TOP, "demo"), "--build", BUILD, "--dir", self.folder, "--listen", "127.0.0.1",
                                               "--team", TEAM, "--backfill", "1h", "--seconds", "280"], env=plain)
        self.program.wait_err("The city is alive", 120)
        card = subprocess.run([os.path.join(BUILD, "cli", "casa"), "team", "card", TEAM, "--lang", "en", "--config",
                               os.path.join(self.folder, "config")], capture_output=True, text=True, check=True).stdout.splitlines()
        self.lines = {name: card[i + 1] for i, name in enumerate(card[:-1]) if card[i + 1:i + 2] and card[i + 1] and not card[i - 1]}
        self.facts = dict(line.split(": ", 1) for line in card if ": " in line and not line.startswith(("Backlog", "mqtt out")))

    def login(self, device):
        host, port = self.facts["Address"].rsplit(":", 1)
        return ["-h", host, "-p", port, "-u", f"{TEAM}.{device}", "-P", self.facts["Password"]]

    def rows(self):
        """(station, metric) → value of the team."""
        link = sqlite3.connect(f"file:{self.folder}/pulse.db?mode=ro", uri=True)
        try:
            return {(s, m): v for s, m, v in link.execute("select station, metric, value from reading where source = ? order by t_ms", (TEAM,))}
        except sqlite3.OperationalError:
            return {}
        finally:
            link.close()

    def close(self):
        self.program.signal(signal.SIGTERM)
        self.program.wait(60)
        self.display.terminate()
        self.display.wait(20)


def paste(demo, name):
    subprocess.run(["bash", "-c", demo.lines[name]], check=True, capture_output=True, timeout=LIMIT_S, env=DEBIAN)


def tasmota(demo):
    """What the device publishes once its console was given the card's line."""
    words = dict(part.strip().split(" ", 1) for part in demo.lines["Tasmota"].replace("Backlog ", "").split(";"))
    topic = words["FullTopic"].replace("%prefix%", "tele").replace("%topic%", "serre") + "SENSOR"
    payload = json.dumps({"Time": time.strftime("%Y-%m-%dT%H:%M:%S"), "AM2301": {"Temperature": 23.5, "Humidity": 51.5}, "TempUnit": "C"})
    subprocess.run(["mosquitto_pub", "-h", words["MqttHost"], "-p", words["MqttPort"], "-u", words["MqttUser"], "-P", words["MqttPassword"],
                    "-q", "1", "-t", topic, "-m", payload], check=True)


def esphome(demo):
    base = f"casa/v1/{TEAM}/kit/"
    config = {"dev_cla": "temperature", "unit_of_meas": "°C", "name": "BME", "stat_t": base + "toit/sensor/bme/state", "uniq_id": "x",
              "dev": {"ids": "aabbcc", "name": "toit"}}
    for topic, payload in (("homeassistant/sensor/toit/bme/config", json.dumps(config)), ("toit/sensor/bme/state", "19.5")):
        subprocess.run(["mosquitto_pub", *demo.login(5), "-q", "1", "-r", "-t", base + topic, "-m", payload], check=True)


def browser(demo):
    page = chromium.Chromium(chromium.find())
    try:
        page.ask("Page.navigate", url=f"{demo.facts['Browser']}#team={TEAM}&password={demo.facts['Password']}&lang=en")
        page.until("document.getElementById('state') && document.getElementById('state').className === 'good'", 40, "the page to be connected")
        page.run("document.getElementById('value').value = '20.5'; document.getElementById('number').requestSubmit()")
        page.until("document.querySelector('#live canvas') !== null", 20, "its curve")
    finally:
        page.close()


KITS = [
    ("mosquitto_pub", lambda demo: paste(demo, "mosquitto_pub"), ("capteur-1", "temp_c"), 21.4),
    ("Python paho", lambda demo: paste(demo, "Python"), ("python", "temp_c"), 21.4),
    ("Tasmota", tasmota, ("serre", "temp_c"), 23.5),
    ("ESPHome", esphome, ("toit", "temp_c"), 19.5),
    ("browser", browser, ("page", "temp_c"), 20.5),
]


def main():
    tap = Tap()
    if not find_plugin():
        tap.skip("stopwatch", "no dynamic security plug-in")
        return tap.finish()
    with tempfile.TemporaryDirectory() as folder:
        demo = Demo(folder)
        try:
            for name, act, row, value in KITS:
                if name == "browser" and not chromium.find():
                    tap.skip(name, "no Chromium: apt-get install chromium-headless-shell")
                    continue
                begun = time.monotonic()
                act(demo)
                try:
                    wait_for(lambda: demo.rows().get(row) == value, LIMIT_S, f"{row} = {value}", every=0.1)
                except TimeoutError:
                    tap.note(demo.rows())
                took = time.monotonic() - begun
                tap.case(demo.rows().get(row) == value and took < LIMIT_S, f"{name}: in the store after {took:.1f} s")
        finally:
            demo.close()
    return tap.finish()


if __name__ == "__main__":
    sys.exit(main())
