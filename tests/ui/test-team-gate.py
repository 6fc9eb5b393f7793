#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""One key on the wall shuts the team out that floods: its devices lose their connections at once and are not let in, others go on; the
same key lets it in again. A real broker with the dynamic security plug-in.

usage: test-team-gate.py CASA CASA_PULSE CONFIG     (TAP on stdout)"""
import json
import os
import shutil
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "support"))

from casatest.servers import Broker, Program, wait_for  # noqa: E402
from casatest.tap import Tap  # noqa: E402
from casatest.teams import find_plugin, prepare  # noqa: E402

CASA, WALL, CONFIG = map(os.path.abspath, sys.argv[1:4])
PATIENCE_S = 60


class Hall:
    def __init__(self, folder, plugin):
        self.folder = folder
        self.broker = Broker(folder, prepare(folder, CONFIG, plugin))
        self.config = os.path.join(folder, "config")
        shutil.copytree(CONFIG, self.config)
        with open(os.path.join(self.config, "pulse.conf"), "w", encoding="utf-8") as file:
            file.write(f"[broker]\nurl = {self.broker.url}\nuser = pulse\npassword_file = ../pulse.password\n"
                       "[teams]\nuser = teams\npassword_file = ../teams.password\n[quota]\nmessages = 5\nburst = 10\n")
        self.team("add", "equipe-8", "equipe-9")
        self.wall = Program(folder, "wall", [WALL, "--config", self.config, "--store", os.path.join(folder, "pulse.db"), "--lang", "fr"])
        self.wall.wait_err("connected to", PATIENCE_S)

    def team(self, *words):
        run = subprocess.run([CASA, "team", "--config", self.config, *words], capture_output=True, text=True, check=False,
                             stdin=subprocess.DEVNULL)
        return run.stdout

    def client(self, program, user, *words):
        with open(os.path.join(self.folder, user.split(".")[0] + ".password"), encoding="utf-8") as file:
            password = file.read().strip()
        return [program, "-h", "127.0.0.1", "-p", str(self.broker.port), "-u", user, "-P", password, *words]

    def listener(self, user):
        """A device that is connected, and ends when it is put off and not let in again."""
        device = Program(self.folder, user, self.client("mosquitto_sub", user, "-d", "-t", f"casa/v1/{user.split('.')[0]}/#"))
        wait_for(lambda: f"u'{user}'" in self.broker.program.err(), PATIENCE_S, f"{user} to be connected")
        return device

    def send(self, user, messages):
        lines = "".join(f'{{"temp_c":{n % 30},"seq":{n}}}\n' for n in range(messages))
        run = subprocess.run(self.client("mosquitto_pub", user, "-q", "1", "-t", f"casa/v1/{user}/air/kit-1", "-l"), input=lines, text=True,
                             capture_output=True, check=False)
        return run.returncode == 0

    def is_enabled(self, team):
        return json.loads(self.team("show", team, "--json"))["enabled"]

    def press_until(self, said):
        """The wall knows of a flood within a second or two; a press before that does nothing."""
        begun = len(self.wall.err())

        def pressed():
            if said in self.wall.err()[begun:]:
                return True
            subprocess.run(["xdotool", "key", "k"], check=True, capture_output=True)
            return False
        wait_for(pressed, PATIENCE_S, f"the wall to say \"{said}\" after K", every=1)

    def close(self):
        for program in (self.wall, self.broker.program):
            program.kill()


def run(tap, hall):
    good, bad = hall.listener("equipe-8.2"), hall.listener("equipe-9.2")
    tap.case(hall.send("equipe-8", 3) and hall.send("equipe-9", 400), "two teams send, one of them too much")
    hall.press_until("team equipe-9 was shut out")
    tap.case(bad.wait(PATIENCE_S) != 0, "K: a device of the team that floods is put off", bad.out()[-500:])
    tap.case(not hall.is_enabled("equipe-9") and not hall.send("equipe-9", 1), "and it is not let in")
    tap.case(good.running() and hall.is_enabled("equipe-8") and hall.send("equipe-8", 1), "the other team goes on", good.out()[-500:])
    hall.press_until("team equipe-9 was let in again")
    tap.case(hall.is_enabled("equipe-9") and hall.send("equipe-9", 1), "K again: it may come back")
    tap.case(hall.wall.running() and "CRITICAL" not in hall.wall.err(), "the wall goes on without a complaint", hall.wall.err()[-1500:])
    good.stop()


def main():
    plugin, tap = find_plugin(), Tap()
    if not plugin or not shutil.which("xdotool"):
        print("1..0 # SKIP mosquitto's dynamic security plug-in or xdotool is missing")
        return 0
    folder = tempfile.mkdtemp(prefix="casa-gate-")
    hall = None
    try:
        hall = Hall(folder, plugin)
        run(tap, hall)
    except (AssertionError, TimeoutError) as error:
        tap.case(False, "the test goes to its end", error)
    finally:
        if hall:
            hall.close()
        shutil.rmtree(folder, ignore_errors=True)
    return tap.finish()


if __name__ == "__main__":
    sys.exit(main())
