#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""`casa team show` says why a team's numbers are not on the wall: on a real broker with casa-guard, by what a team does wrong."""
import os
import shutil
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "support"))

from casatest.servers import Broker, Program, wait_for  # noqa: E402
from casatest.tap import Tap  # noqa: E402
from casatest.teams import find_plugin, prepare  # noqa: E402

CASA, CONFIG = os.environ["CASA_PROGRAM"], os.environ["CASA_TEST_CONFIG"]


class Desk:
    """A broker as config/mosquitto.conf has it, a recorder, and the organiser's `casa team`."""

    def __init__(self, folder, plugin):
        self.folder = folder
        guard = (f"plugin {os.environ['CASA_GUARD']}\nplugin_opt_trusted pulse record stage city teams\n"
                 f"plugin_opt_account {folder}/teams-seen\n")
        self.broker = Broker(folder, guard + prepare(folder, CONFIG, plugin))
        for name in os.listdir(CONFIG):
            path = os.path.join(CONFIG, name)
            if name != "pulse.conf" and os.path.isfile(path):
                shutil.copy(path, folder)
        with open(os.path.join(folder, "pulse.conf"), "w", encoding="utf-8") as file:
            file.write(f"[broker]\nurl = {self.broker.url}\nuser = pulse\npassword_file = pulse.password\n[store]\npath = test.db\n"
                       "[teams]\nuser = teams\npassword_file = teams.password\n")

    def team(self, *words):
        argv = [CASA, "team", "--config", self.folder, *words]
        return subprocess.run(argv, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL)

    def why(self, name):
        return self.team("show", name).stdout

    def shows(self, name, *words):
        """Waits until `show` says all of @words; what it said last otherwise."""
        said = [""]

        def there():
            said[0] = self.why(name)
            return all(word in said[0] for word in words)
        try:
            wait_for(there, 60, "the diagnosis", every=0.2)
        except TimeoutError:
            pass  # the case says what is missing
        return said[0]

    def publish(self, user, topic, payload, password=None, qos="1"):
        with open(os.path.join(self.folder, user.split(".")[0] + ".password"), encoding="utf-8") as file:
            password = password or file.read().strip()
        argv = ["mosquitto_pub", "-h", "127.0.0.1", "-p", str(self.broker.port), "-u", user, "-P", password, "-q", qos, "-t", topic,
                "-m", payload]
        return subprocess.run(argv, capture_output=True, text=True, check=False)


def says(tap, desk, name, title, *words):
    said = desk.shows(name, f"{name}: {title}", *words)
    missing = [word for word in (f"{name}: {title}", *words) if word not in said]
    tap.case(not missing, f"{name}: {title}", f"{missing} not in:\n{said}")
    return said


def try_way(tap, desk):
    says(tap, desk, "equipe-7", "nothing has arrived yet", "?       connected", "-       stored")
    desk.publish("equipe-7", "casa/v1/equipe-8/air/roof/temp_c", "21")
    says(tap, desk, "equipe-7", "it publishes where it may not", "ok      connected", 'FAIL    allowed', '"casa/v1/equipe-8/air/roof/temp_c"',
         "its topics begin with casa/v1/equipe-7/", "-       understood")
    desk.publish("equipe-7", "casa/v1/equipe-7/air/roof/pressure_hpa", "1,013.25")
    said = says(tap, desk, "equipe-7", "its messages arrive, but are not understood", "ok      allowed", "FAIL    understood",
                "write   1,013.25  ->  1013.25:  casa/v1/equipe-7/air/roof/pressure_hpa  1013.25")
    tap.case("-       stored" in said, "what comes after is not blamed", said)
    desk.publish("equipe-7", "casa/v1/equipe-7/Air/roof/pressure_hpa", "1013")
    says(tap, desk, "equipe-7", "its messages arrive, but are not understood",
         "write   Air  ->  air:  casa/v1/equipe-7/air/roof/pressure_hpa  1013")
    desk.publish("equipe-7", "casa/v1/equipe-7/air/roof", '\x1b[31m{"temp_c"')
    said = says(tap, desk, "equipe-7", "its messages arrive", "\\x1b[31m")
    tap.case("\x1b" not in said, "a stranger's bytes stay text on the terminal", said)
    desk.publish("equipe-7", "casa/v1/equipe-7/air/roof/pressure_hpa", "1013.25")
    says(tap, desk, "equipe-7", "all is stored; hidden from the hall", "ok      stored", "hidden  on screen",
         "roof/pressure_hpa 1013.25; show it: G on the wall, or Shift+D and Return")
    with open(os.path.join(desk.folder, "test.db.choices"), "w", encoding="utf-8") as file:
        file.write("[teams]\nshown=equipe-7;\n")
    said = says(tap, desk, "equipe-7", "everything arrives", "ok      on screen")
    tap.case("FAIL" not in said, "and nothing fails", said)
    said = subprocess.run([CASA, "team", "--config", desk.folder, "show", "equipe-7"], capture_output=True, text=True, check=False,
                          env=dict(os.environ, LC_ALL="fr_MA.UTF-8")).stdout
    tap.case("equipe-7: tout arrive" in said and "bien    à l'écran" in said and "écrire   1,013.25  ->  1013.25" in said and
             "pas de séparateur de milliers : 1013.25" in said, "in the language of the environment, the refusals too", said)


def try_users(tap, desk):
    desk.publish("equipe-8", "casa/v1/equipe-8/air/a/temp_c", "20", password="wrong")
    says(tap, desk, "equipe-8", "it asks to be let in, and is not", "FAIL    connected")
    desk.publish("equipe-8", "casa/v1/equipe-8/air/a/temp_c", "20", qos="2")
    said = desk.shows("equipe-8", "QoS 2: take 0 or 1")
    tap.case("QoS 2: take 0 or 1" in said, "who sends with QoS 2 is hung up on, and the organiser told why", said)
    secret = open(os.path.join(desk.folder, "equipe-9.password"), encoding="utf-8").read().strip()
    argv = ["mosquitto_sub", "-h", "127.0.0.1", "-p", str(desk.broker.port), "-u", "equipe-9", "-P", secret, "-t", "casa/v1/equipe-9/#"]
    first, second = Program(desk.folder, "first", argv), Program(desk.folder, "second", argv)
    says(tap, desk, "equipe-9", "another device uses its user", "equipe-9 ×", "equipe-9.2")
    first.stop()
    second.stop()
    desk.team("disable", "equipe-9", "--yes")
    says(tap, desk, "equipe-9", "the team is shut out", "casa team enable equipe-9")


def guard_says(desk, team, **values):
    """As if the broker's guard had last written this; it writes anew only when a team does something."""
    with open(os.path.join(desk.folder, "teams-seen"), "w", encoding="utf-8") as file:
        file.write(f"[{team}]\n" + "".join(f"{key}={value}\n" for key, value in values.items()))


def why_when_guard_says(desk, team, words, **values):
    """What is said of @team then, as soon as @words are in it: the guard itself may write once more of what was done just before."""
    deadline = time.monotonic() + 60
    while True:
        guard_says(desk, team, **values)
        said = desk.why(team)
        if words in said or time.monotonic() > deadline:
            return said


def try_first_moments(tap, desk, shift_s):
    """What the guard wrote is up to two seconds old, and the clock of a rehearsal is another one: no step fails that a later one proves."""
    now_ms = int((time.time() + shift_s) * 1000)
    said = why_when_guard_says(desk, "equipe-10", "?       connected", active=0, tried_ms=now_ms, tries=1)
    tap.case("asks to be let in" not in said and "?       connected" in said, "a login of just now is not yet one that failed", said)
    said = why_when_guard_says(desk, "equipe-10", "asks to be let in", active=0, tried_ms=now_ms, tries=9)
    tap.case("asks to be let in" in said, "one that is tried again and again is", said)
    desk.publish("equipe-10", "casa/v1/equipe-10/air/roof/temp_c", "21")
    said = says(tap, desk, "equipe-10", "all is stored; hidden from the hall", "1 values stored in ten minutes", "ok      connected",
                "roof/temp_c 21")
    tap.case("hidden  on screen" in said and "FAIL" not in said, "being hidden is no fault", said)
    said = why_when_guard_says(desk, "equipe-10", "another device uses its user", active=0, tried_ms=now_ms, tries=9, taken=5,
                               taken_user="equipe-10", taken_ms=now_ms)
    tap.case("another device uses its user" in said and "ok      stored" in said and "FAIL    connected" not in said,
             "two devices that put each other off, and get through", said)


def main():
    tap = Tap()
    plugin = find_plugin()
    if not plugin or not shutil.which("mosquitto"):
        tap.skip("teams", "mosquitto or its dynamic security plug-in is not installed")
        return tap.finish()
    folder = tempfile.mkdtemp(prefix="casa-why-")
    desk = Desk(folder, plugin)
    for name in ("equipe-7", "equipe-8", "equipe-9", "equipe-10"):
        desk.team("add", name)
    recorder = Program(folder, "record", [CASA, "record", "--config", folder])
    wait_for(lambda: os.path.exists(os.path.join(folder, "test.db")) and desk.broker.program.err().count("u'pulse'") > 0, 60, "the recorder")
    try_way(tap, desk)
    try_users(tap, desk)
    recorder.stop()
    shift_s = -13 * 3600  # of the recorder alone: `casa team` is given in another terminal
    recorder = Program(folder, "record-rehearsal", [CASA, "record", "--config", folder], env={"CASA_CLOCK_SHIFT": str(shift_s)})
    recorder.wait_err("connected to")
    try_first_moments(tap, desk, shift_s)
    recorder.stop()
    desk.broker.stop()
    shutil.rmtree(folder)
    return tap.finish()


sys.exit(main())
