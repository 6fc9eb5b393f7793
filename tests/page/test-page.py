#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The page that the broker serves, in a real Chromium: joining, by a card or the hall's code, sending, seeing, reporting, in three languages, by keyboard.
Usage: test-page.py SOURCE_DIR [PICTURE_DIR]"""
import glob
import json
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "support"))

from casatest import chromium  # noqa: E402
from casatest.servers import Broker, Program, free_port, wait_for  # noqa: E402
from casatest.tap import Tap  # noqa: E402
from casatest.teams import find_plugin, prepare  # noqa: E402

CASA, CONFIG, TOP = os.environ["CASA_PROGRAM"], os.environ["CASA_TEST_CONFIG"], sys.argv[1]


class Hall:
    """Broker with the page, recorder, one team."""

    def __init__(self, folder, plugin):
        self.folder, self.store = folder, os.path.join(folder, "pulse.db")
        shutil.copytree(os.path.join(TOP, "page"), os.path.join(folder, "page"))
        shutil.copy(os.path.join(CONFIG, "casablanca", "districts.geojson"), os.path.join(folder, "page"))
        port = free_port()
        self.url = f"http://127.0.0.1:{port}/"
        guard = (f"plugin {os.environ['CASA_GUARD']}\nplugin_opt_trusted pulse record stage city teams usher\n"
                 f"plugin_opt_event_secret {folder}/event-secret\n")
        self.broker = Broker(folder, guard + prepare(folder, CONFIG, plugin) +
                             f"listener {port} 127.0.0.1\nprotocol websockets\nhttp_dir {folder}/page\nsocket_domain ipv4\n"
                             "use_username_as_clientid true\n")
        for name in glob.glob(os.path.join(CONFIG, "*.conf")) + [os.path.join(CONFIG, "casablanca")]:
            os.symlink(name, os.path.join(folder, os.path.basename(name))) if not name.endswith("pulse.conf") else None
        with open(os.path.join(folder, "pulse.conf"), "w", encoding="utf-8") as file:
            file.write(f"[broker]\nurl = {self.broker.url}\nuser = record\npassword_file = record.password\n[store]\npath = pulse.db\n"
                       "[teams]\nuser = teams\npassword_file = teams.password\nwelcome_user = usher\nwelcome_password_file = usher.password\n"
                       f"page = {self.url}\n")
        self.record = Program(folder, "record", [CASA, "record", "--config", folder, "--stats", "1"])
        self.record.wait_err("connected to")
        subprocess.run([CASA, "team", "--config", folder, "add", "les-dunes"], check=True, capture_output=True)
        with open(os.path.join(folder, "les-dunes.password"), encoding="utf-8") as file:
            self.password = file.read().strip()

    def opened(self):
        """The address of the hall's code; somebody answers."""
        text = subprocess.run([CASA, "team", "--config", self.folder, "event", "--lang", "fr"], check=True, capture_output=True, text=True).stdout
        self.welcome = Program(self.folder, "welcome", [CASA, "team", "--config", self.folder, "welcome"])
        self.welcome.wait_err("connected to")
        wait_for(lambda: "teams may join with the event's secret" in self.broker.program.err(), 20, "the guard to read it")
        return next(line for line in text.splitlines() if line.startswith(self.url))

    def stored(self):
        run = subprocess.run([CASA, "export", "--config", self.folder, "--format", "json"], capture_output=True, text=True, check=False)
        rows = [json.loads(line) for line in run.stdout.splitlines()] if run.returncode == 0 else []
        return {(row["source"], row["station"], row["metric"]): row["value"] for row in rows}

    def ask(self, sql):
        """Rows of the store, as any reader may ask for them."""
        link = sqlite3.connect(f"file:{self.store}?mode=ro", uri=True)
        try:
            return link.execute(sql).fetchall()
        finally:
            link.close()

    def waits_for(self, row, value):
        try:
            return wait_for(lambda: self.stored().get(row) == value, 30, f"{row} = {value}", every=0.2)
        except TimeoutError:
            return False


def connected(page):
    page.until("document.getElementById('state').className === 'good'", 30, "the page to be connected")


def try_joining(tap, hall, page, pictures):
    page.ask("Page.navigate", url=hall.url + "#lang=fr")
    page.until("typeof WORDS === 'object' && document.getElementById('join') !== null && document.readyState === 'complete'", 30, "the page")
    tap.case(page.run("document.documentElement.scrollWidth <= innerWidth"), "it is no wider than a phone")
    page.run("document.getElementById('team').focus()")
    page.keys("les-dunes")
    page.press("Tab", 9)
    page.keys("wrong")
    page.run("document.getElementById('join').requestSubmit()")
    page.until("document.getElementById('state').className === 'bad'", 30, "the refusal")
    tap.case("Refusé" in page.run("document.getElementById('state').textContent"), "a wrong password is told in words")
    page.run("document.getElementById('password').value = ''; document.getElementById('password').focus()")
    page.keys(hall.password)
    page.ask("Input.dispatchKeyEvent", type="keyDown", key="Enter", windowsVirtualKeyCode=13, text="\r")
    connected(page)
    tap.case(page.run("getComputedStyle(document.getElementById('join')).display") == "none", "by keyboard alone the team is in")
    if pictures:
        page.picture(os.path.join(pictures, "page-fr.png"))


def try_sending(tap, hall, page):
    page.run("document.getElementById('value').focus()")
    page.keys("21,5")
    page.run("document.getElementById('number').requestSubmit()")
    tap.case(hall.waits_for(("les-dunes", "page", "temp_c"), 21.5), "a number sent by hand, with a decimal comma, is stored", hall.stored())
    page.until("document.querySelector('#live b') !== null", 30, "the number to come back")
    tap.case(page.run("document.querySelector('#live b').textContent") == "21,5", "and is seen live, written as the language does")
    page.run("document.getElementById('value').value = 'beaucoup'; document.getElementById('number').requestSubmit()")
    tap.case("beaucoup" in page.run("document.getElementById('number_said').textContent"), "what is no number is not sent, and said")
    page.run("for (let i = 0; i < 3; i++) document.getElementById('tap').click()")
    tap.case(hall.waits_for(("les-dunes", "telephone", "passages"), 3), "the phone counts by finger", hall.stored())
    argv = ["mosquitto_pub", "-h", "127.0.0.1", "-p", str(hall.broker.port), "-u", "les-dunes", "-P", hall.password, "-q", "1",
            "-t", "casa/v1/les-dunes/air/<b>x", "-m", '{"pm10":"<img src=x onerror=alert(1)>"}']
    subprocess.run(argv, check=True)
    page.until("document.querySelector('#verdicts li') !== null", 30, "the objection")
    tap.case(page.run("document.querySelectorAll('#verdicts img, #live img, #live li b b').length") == 0, "objections are seen, as text and never as markup")


def try_reporting(tap, hall, page):
    listener = Program(hall.folder, "reports", ["mosquitto_sub", "-h", "127.0.0.1", "-p", str(hall.broker.port), "-u", "pulse", "-P",
                                               "pulse-secret", "-t", "casa/v1/+/$report/+", "-C", "1", "-F", "%t %p"])
    wait_for(lambda: "u'pulse'" in hall.broker.program.err(), 30, "a listener for reports")
    page.run("document.getElementById('report').requestSubmit()")
    tap.case(page.run("document.getElementById('report_said').textContent") != "", "without a place no report goes out, and that is said")
    page.until("map.scale > 0", 30, "the map")
    page.run("document.getElementById('map').focus()")
    for key, code in (("ArrowLeft", 37), ("ArrowUp", 38)):
        page.press(key, code)
    page.run("document.getElementById('text').value = 'Lampe éteinte'; document.getElementById('service').value = 'eclairage';"
             "document.getElementById('report').requestSubmit()")
    listener.wait(30)
    topic, _, payload = listener.out().strip().partition(" ")
    report = json.loads(payload)
    tap.case(topic.startswith("casa/v1/les-dunes/$report/r") and report["service"] == "eclairage" and report["text"] == "Lampe éteinte" and
             report["status"] == "open" and 33 < report["lat"] < 34 and -8 < report["lon"] < -7, "a report carries subject, place and words", report)


    row = ("les-dunes", "eclairage", "Lampe éteinte", "open", 0)
    asked = "select source, service, text, status, shown from report"
    tap.case(wait_for(lambda: hall.ask(asked) == [row], 30, "the report in the store"), "it is stored, and hidden until the organiser shows it")
    refused = [line for line in page.run("[...document.querySelectorAll('#verdicts li')].map((n) => n.textContent)") if "$report" in line]
    tap.case(refused == [], "nobody objects to it", refused)


def try_new_team(tap, hall, page, pictures):
    code = hall.opened()
    page.run("document.getElementById('leave').click()")
    page.until("document.readyState === 'complete' && document.getElementById('inside').hidden", 30, "the page as at first")
    page.ask("Page.navigate", url="about:blank")
    page.ask("Page.navigate", url=code)
    page.until("typeof askForTeam === 'function' && document.getElementById('new') && !document.getElementById('new').hidden", 30, "the form for a new team")
    tap.case(page.run("location.hash") == "" and page.run("document.getElementById('join').hidden"), "the hall's code offers a new team, and leaves no secret in the address")
    page.run("document.getElementById('title').focus()")
    page.keys("Les Dunes")
    tap.case(page.run("document.getElementById('name_shown').textContent") == "les-dunes", "the name in the topics is shown")
    if pictures:
        page.picture(os.path.join(pictures, "page-new.png"))
    page.run("document.getElementById('new').requestSubmit()")
    page.until("document.getElementById('new_said').textContent.startsWith('Ce nom est pris')", 30, "the name to be refused")
    tap.case(page.run("document.getElementById('inside').hidden"), "a name that is taken is told, and nobody is let in by it")
    page.run("document.getElementById('title').value = ''")
    page.keys("Côté Mer !")
    page.run("document.getElementById('new').requestSubmit()")
    connected(page)
    card = page.run("document.getElementById('card').textContent")
    with open(os.path.join(hall.folder, "cote-mer.password"), encoding="utf-8") as file:
        password = file.read().strip()
    tap.case(password in card and "cote-mer" in card and not page.run("document.getElementById('card').hidden"), "it is in, and its card can be written down", card)
    page.run("document.getElementById('value').value = '19,5'; document.getElementById('number').requestSubmit()")
    tap.case(hall.waits_for(("cote-mer", "page", "temp_c"), 19.5), "what it sends is stored as its own", hall.stored())
    if pictures:
        page.picture(os.path.join(pictures, "page-card.png"))
    names = page.run("JSON.stringify(['Équipe 7', '--a--', 'الكثبان', '!', 'x'.repeat(60)].map((title) => teamName(title, 42)))")
    tap.case(json.loads(names) == ["equipe-7", "a", "equipe-42", "", "x" * 40], "names for topics are made of any title", names)
    hall.welcome.stop()


def try_languages(tap, page, pictures):
    for lang, direction in (("ar", "rtl"), ("en", "ltr"), ("fr", "ltr")):
        page.run(f"document.querySelector('[data-lang={lang}]').click()")
        empty = page.run("[...document.querySelectorAll('[data-word]')].filter((n) => !n.textContent).length")
        tap.case(page.run("document.documentElement.dir") == direction and empty == 0, f"{lang}: every word, {direction}")
        if pictures:
            page.picture(os.path.join(pictures, f"page-{lang}.png"))
    keys = page.run("JSON.stringify(Object.values(WORDS).map((w) => [Object.keys(w).sort().join(), Object.keys(w.join_errors).sort().join(), Object.keys(w.services).sort().join(), Object.keys(w.metrics).sort().join()].join()))")
    tap.case(len(set(json.loads(keys))) == 1, "all languages have the same words")


def main():
    tap = Tap()
    plugin, program = find_plugin(), chromium.find()
    if not plugin or not program:
        tap.skip("page", "no Chromium here: apt-get install chromium-headless-shell" if plugin else "no dynamic security plug-in")
        return tap.finish()
    pictures = sys.argv[2] if len(sys.argv) > 2 else None
    with tempfile.TemporaryDirectory() as folder:
        hall = Hall(folder, plugin)
        page = chromium.Chromium(program)
        try:
            try_joining(tap, hall, page, pictures)
            try_sending(tap, hall, page)
            try_reporting(tap, hall, page)
            try_languages(tap, page, pictures)
            try_new_team(tap, hall, page, pictures)
            foreign = [url for url in page.requests() if not url.startswith((hall.url, "data:", "about:"))]
            tap.case(foreign == [], "nothing is asked of anybody but the broker", foreign)
            tap.case(page.complaints() == [], "the console has no errors", page.complaints())
        finally:
            page.close()
        hall.record.stop()
        hall.broker.stop()
    return tap.finish()


if __name__ == "__main__":
    sys.exit(main())
