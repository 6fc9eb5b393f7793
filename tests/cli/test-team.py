#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""`casa team` on a real broker that is never restarted for it: who is let in, to where, and who is put off at once."""
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

DEBIAN = dict(os.environ, PATH="/usr/bin:" + os.environ["PATH"])  # whose python3 has python3-paho-mqtt
CASA, CONFIG = os.environ["CASA_PROGRAM"], os.environ["CASA_TEST_CONFIG"]


class Desk:
    """The organiser's: a broker with the plug-in, and the configuration that `casa team` reads."""

    def __init__(self, folder, plugin):
        self.folder = folder
        self.broker = Broker(folder, prepare(folder, CONFIG, plugin))
        with open(os.path.join(folder, "pulse.conf"), "w", encoding="utf-8") as file:
            file.write(f"[broker]\nurl = {self.broker.url}\nuser = pulse\n[teams]\nuser = teams\npassword_file = teams.password\n")

    def team(self, *words, config=None, locale=None):
        argv = [CASA, "team", "--config", config or self.folder, *words]
        env = {**os.environ, "LC_ALL": locale, "LANGUAGE": ""} if locale else None
        return subprocess.run(argv, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL, env=env)

    def client(self, program, user, password, *words):
        return [program, "-h", "127.0.0.1", "-p", str(self.broker.port), "-u", user, "-P", password, *words]

    def publishes(self, user, password, topic):
        argv = self.client("mosquitto_pub", user, password, "-V", "5", "-q", "1", "-t", topic, "-m", "1")
        run = subprocess.run(argv, capture_output=True, text=True, check=False)
        return run.returncode == 0 and "uthor" not in run.stderr

    def password(self, name):
        with open(os.path.join(self.folder, name + ".password"), encoding="utf-8") as file:
            return file.read().strip()

    def listener(self, name, user, topic):
        """A device that is connected, and ends when it is put off and not let in again."""
        argv = self.client("mosquitto_sub", user, self.password(user.split(".")[0]), "-d", "-t", topic)
        before = self.connections(user)
        device = Program(self.folder, name, argv)
        wait_for(lambda: self.connections(user) > before, 30, f"{user} to be connected")
        return device

    def connections(self, user):
        """How often the broker has let @user in."""
        return self.broker.program.err().count(f"u'{user}'")


def try_adding(tap, desk):
    run = desk.team("add", "equipe-7", "--title", "<b>Les Dunes</b>")
    secret = desk.password("equipe-7")
    tap.case(run.returncode == 0 and secret in run.stdout, "add makes a team and shows its password", run)
    tap.case(desk.publishes("equipe-7", secret, "casa/v1/equipe-7/air/a/temp_c"), "its first device publishes at once")
    tap.case(desk.publishes("equipe-7.8", secret, "casa/v1/equipe-7/kit/tele/a/SENSOR"), "and its eighth, below kit/")
    tap.case(not desk.publishes("equipe-7.9", secret, "casa/v1/equipe-7/air/a/temp_c"), "there is no ninth")
    for topic in ("casa/v1/equipe-8/air/a/temp_c", "casa/v1/$control/sim", "casa/v1/city/air/a", "$CONTROL/dynamic-security/v1"):
        tap.case(not desk.publishes("equipe-7", secret, topic), f"it does not publish to {topic}")
    run = desk.team("add", "equipe-7")
    tap.case(run.returncode == 2 and "already" in run.stderr, "added twice: said", run)
    run = desk.team("add", "--if-absent", "equipe-7", "equipe-8", "--devices", "2")
    tap.case(run.returncode == 0 and desk.publishes("equipe-8.2", desk.password("equipe-8"), "casa/v1/equipe-8/a/b/temp_c"),
             "several at once, of as many devices as wanted", run)
    rows = {row["team"]: row for row in map(json.loads, desk.team("list", "--json").stdout.splitlines())}
    tap.case(rows.get("equipe-7", {}).get("title") == "<b>Les Dunes</b>" and rows["equipe-8"]["devices"] == 2 and len(rows) == 2,
             "list --json tells title and devices", rows)
    tap.case("password" not in rows["equipe-7"], "list shows no password")


def try_faults(tap, desk):
    for name in ("pulse", "city", "record", "stage", "teams", "Équipe", "a/b", "a.2", "+", "x" * 65):
        run = desk.team("add", name)
        tap.case(run.returncode == 2 and f'"{name}"' in run.stderr, f"no team is called {name[:12]}", run)
    tap.case(desk.publishes("pulse", "pulse-secret", "casa/v1/equipe-7/$feedback"), "the dashboard's own user is as it was")
    for words in (("add",), ("list", "x"), ("grow", "x"), (), ("add", "a", "b", "--title", "t"), ("add", "e", "--devices", "65")):
        run = desk.team(*words)
        tap.case(run.returncode == 2 and run.stderr, f"casa team {' '.join(words)}: wrong usage", run)
    run = desk.team("show", "nobody")
    tap.case(run.returncode == 2 and "casa team list" in run.stderr, "an unknown team: said, with how to see them", run)
    for locale, words in (("fr_FR.UTF-8", ("ne prend pas de nom", "Essayez")), ("ar_MA.UTF-8", ("لا يأخذ list اسمًا", "جرّبوا"))):
        run = desk.team("list", "x", locale=locale)
        tap.case(run.returncode == 2 and all(word in run.stderr for word in words), f"wrong usage is told in {locale[:2]}", run)
        run = desk.team("list", "--json", locale=locale)
        tap.case(all(json.loads(line)["enabled"] in (True, False) for line in run.stdout.splitlines()), "and JSON stays as it is", run)
    run = desk.team("list", locale="fr_FR.UTF-8")
    tap.case("appareils" in run.stdout and "admise" in run.stdout, "a list is in French where the environment is", run)
    run = desk.team("list", config=CONFIG)
    tap.case(run.returncode == 2 and "[teams]" in run.stderr, "a configuration without [teams]: says what is missing", run)


def try_shutting_out(tap, desk):
    own, walls = desk.listener("wall", "pulse", "casa/v1/#"), desk.connections("pulse")
    device = desk.listener("device", "equipe-7.3", "casa/v1/equipe-7/#")
    run = desk.team("disable", "equipe-7")
    tap.case(run.returncode == 2 and device.running(), "disable asks, and without an answer does nothing", run)
    desk.team("disable", "equipe-7", "--yes")
    tap.case(device.wait(30) != 0 and "CONNACK (5)" in device.out(), "disable puts a connected device off", device.out())
    tap.case(not desk.publishes("equipe-7", desk.password("equipe-7"), "casa/v1/equipe-7/a/b/temp_c"), "and lets none in")
    tap.case('"enabled":false' in desk.team("show", "equipe-7", "--json").stdout, "show tells it")
    desk.team("enable", "equipe-7")
    device = desk.listener("again", "equipe-7.3", "casa/v1/equipe-7/#")
    tap.case(device.running(), "enable lets it in again, with its password")
    secret = desk.password("equipe-7")
    run = desk.team("remove", "equipe-7", "--yes")
    tap.case(device.wait(30) != 0 and run.returncode == 0, "remove puts a connected device off", run)
    tap.case("equipe-7" not in desk.team("list").stdout, "and the team is gone")
    desk.team("add", "equipe-7")
    tap.case(desk.password("equipe-7") == secret, "added again it has the same password")
    tap.case(own.running() and desk.connections("pulse") == walls, "the wall was connected all the while", desk.broker.program.err())
    own.stop()


def decoded(path):
    run = subprocess.run(["zbarimg", "-q", "--raw", path], capture_output=True, text=True, check=False)
    return run.stdout.strip()


def picture_of(text, path):
    """The half blocks of a terminal as a picture, eight pixels a module."""
    upper, lower = {" ": 0, "▄": 0, "▀": 1, "█": 1}, {" ": 0, "▄": 1, "▀": 0, "█": 1}
    rows = [half for line in text.splitlines() for half in ([upper[c] for c in line], [lower[c] for c in line])]
    pixels = [bytes(255 * module for module in row for _ in range(8)) for row in rows for _ in range(8)]
    with open(path, "wb") as file:
        file.write(b"P5 %d %d 255\n" % (len(rows[0]) * 8, len(rows) * 8) + b"".join(pixels))


def try_card(tap, desk):
    secret = desk.password("equipe-7")
    host = f"127.0.0.1:{desk.broker.port}"
    with open(os.path.join(desk.folder, "pulse.conf"), "a", encoding="utf-8") as file:
        file.write("page = http://192.0.2.7:9001/\n")
    text = desk.team("card", "equipe-7", "--lang", "ar").stdout
    tap.case(host in text and secret in text and "كلمة السر" in text, "a card tells address and password, in Arabic here", text)
    for lang in ("fr", "ar", "en"):
        path = os.path.join(desk.folder, f"card-{lang}.png")
        run = desk.team("card", "equipe-7", "--format", "png", "--lang", lang, "--output", path)
        if run.returncode == 2 and "built without" in run.stderr:
            tap.skip(f"card in {lang}", "built without the application")
            continue
        link = f"http://192.0.2.7:9001/#team=equipe-7&password={secret}&lang={lang}"
        tap.case(decoded(path) == link, f"{lang}: a reader of QR codes finds the page, logged in", decoded(path))
        tap.case(os.stat(path).st_mode & 0o077 == 0, "nobody else may read the file")
        pdf = path[:-3] + "pdf"
        run = desk.team("card", "equipe-7", "--format", "pdf", "--lang", lang, "--output", pdf)
        with open(pdf, "rb") as file:
            tap.case(file.read(5) == b"%PDF-", f"{lang}: as PDF", run)
    picture_of(text.split("\n\n")[0], os.path.join(desk.folder, "terminal.pgm"))
    tap.case(decoded(os.path.join(desk.folder, "terminal.pgm")).endswith("lang=ar"), "the terminal's code can be read too", text)
    lines = text.splitlines()
    for name in ("mosquitto_pub", "Python"):
        before = desk.connections("equipe-7") + desk.connections("equipe-7.2")
        run = subprocess.run(["bash", "-c", lines[lines.index(name) + 1]], capture_output=True, text=True, check=False, env=DEBIAN)
        if name == "Python" and "No module named" in run.stderr:
            tap.skip("the line for Python", "python3-paho-mqtt is not installed")
            continue
        tap.case(run.returncode == 0 and desk.connections("equipe-7") + desk.connections("equipe-7.2") > before, f"the line for {name} is let in", run)
    for words in (("--format", "doc"), ("--lang", "de")):
        run = desk.team("card", "equipe-7", *words)
        tap.case(run.returncode == 2 and words[1] in run.stderr, f"{' '.join(words)}: wrong usage", run)
    run = desk.team("card", "equipe-7", "--format", "png", "--output", "/nowhere/card.png")
    tap.case(run.returncode != 0 and run.stderr, "a file that cannot be written: said", run)


def try_broker(tap, desk):
    desk.broker.stop()
    run = desk.team("list")
    tap.case(run.returncode == 1 and "no broker answers" in run.stderr, "no broker: said", run)
    desk.broker.start()
    tap.case(desk.publishes("equipe-7", desk.password("equipe-7"), "casa/v1/equipe-7/a/b/temp_c"), "the broker keeps the teams")
    with open(os.path.join(desk.folder, "pulse.conf"), encoding="utf-8") as file:
        text = file.read()
    with open(os.path.join(desk.folder, "pulse.conf"), "w", encoding="utf-8") as file:
        file.write(text.replace("user = teams", "user = nobody"))
    run = desk.team("list")
    tap.case(run.returncode == 1 and run.stderr, "a user that the broker does not know: said", run)


def main():
    tap = Tap()
    plugin = find_plugin()
    if not plugin or not shutil.which("mosquitto_pub"):
        tap.skip("teams", "mosquitto's dynamic security plug-in or its clients are not installed")
        return tap.finish()
    with tempfile.TemporaryDirectory() as folder:
        desk = Desk(folder, plugin)
        for step in (try_adding, try_faults, try_shutting_out, try_card, try_broker):
            step(tap, desk)
        desk.broker.stop()
    return tap.finish()


if __name__ == "__main__":
    sys.exit(main())
