#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""What a screen reader is told, over the real accessibility bus, and where the Tab key goes.

Starts mosquitto, the simulator and the wall on a display and a bus of its own.
usage: test-atspi.py CASA_PULSE CASA_SIM CONFIG     (TAP on stdout)
"""
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time

try:
    import gi
    gi.require_version("Atspi", "2.0")
    from gi.repository import Atspi, GLib
except (ImportError, ValueError) as missing:
    print(f"1..0 # SKIP {missing}: install python3-gi, gir1.2-atspi-2.0 and at-spi2-core")
    sys.exit(0)

PATIENCE_S = 120
TAB, PAGE_DOWN, PAGE_UP = 0xFF09, 0xFF56, 0xFF55
RETURN, ESCAPE, F2, F3 = 0xFF0D, 0xFF1B, 0xFFBF, 0xFFC0
LETTER_L, LETTER_N = ord("l"), ord("n")
count = 0


def check(name, ok, *why):
    global count
    count += 1
    print(f"{'ok' if ok else 'not ok'} {count} {name}", flush=True)
    if not ok:
        for line in why:
            print(f"# {line}", flush=True)
    return ok


def wait_for(what, seconds=PATIENCE_S):
    until = time.monotonic() + seconds
    while True:
        found = what()
        if found or time.monotonic() > until:
            return found
        time.sleep(0.1)


# GTK 4.18 (Debian 13) calls by other names what 4.8 and its neighbours call so.
ROLES = {"grouping": "panel", "button": "push button"}


def everything(node, out):
    """The tree below node, as far as it still stands while it is read."""
    try:
        role = node.get_role_name()
        out.append((ROLES.get(role, role), node.get_name() or "", node.get_description() or "", node))
        for i in range(node.get_child_count()):
            child = node.get_child_at_index(i)
            if child:
                everything(child, out)
    except GLib.Error:
        pass
    return out


def wall():
    desktop = Atspi.get_desktop(0)
    for i in range(desktop.get_child_count()):
        app = desktop.get_child_at_index(i)
        if app and app.get_process_id() == pulse.pid:
            return everything(app, [])
    return []


def images():
    return {name: description for role, name, description, _ in wall() if role == "image"}


def focused():
    """Role and name without what is measured, which changes by the second."""
    for role, name, _, node in wall():
        try:
            if node.get_state_set().contains(Atspi.StateType.FOCUSED) and role != "frame":
                return role, name.split(" : ")[0]
        except GLib.Error:
            pass
    return None


def press(key):
    Atspi.generate_keyboard_event(key, None, Atspi.KeySynthType.SYM)


def tab_walk():
    """Where Tab goes, until it comes to the same place again."""
    places = []
    place = focused() or focused()
    for _ in range(30):
        press(TAB)
        # One look decides: the next may fall between two places, and find none.
        reached = wait_for(lambda: (now := focused()) != place and now)
        if not reached or reached in places:
            return places
        places.append(reached)
        place = reached
    return places


def measured(words):
    return "en 24 heures" in words and "en attente" not in words


def test_names():
    charts = [f"{domain}, dernières 24 heures" for domain in ("Mobilité", "Énergie", "Air")]
    told = wait_for(lambda: images() if all(measured(images().get(c, "")) for c in charts) else None) or images()
    for chart, unit in zip(charts, ("km/h", "MW", "µg/m³")):
        words = told.get(chart, "")
        check(f"{chart}: value, unit and range", re.match(r"[\d,\u202f]+ " + unit, words) and re.search(r"de \S+ à \S+ en 24 heures", words),
              words)
    spoken = told.get("Carte de Casablanca, PM10 par arrondissement", "")
    check("the map says vehicles and the worst air", re.search(r"\d véhicules? sur la carte", spoken) and "µg/m³" in spoken, spoken)
    for tile in ("Véhicules en ligne", "Retard médian", "Part solaire", "Éclairage", "Équipes"):  # some take turns
        value = wait_for(lambda: next((name for role, name, _, _ in wall() if role == "panel" and name.startswith(tile + " : ")), "")) or ""
        check(f"{tile} says its value", len(value) > len(tile) + 3, value)
    labels = [name for role, name, _, _ in wall() if role == "label"]
    check("where the data comes from is said", any("SIMULÉ" in n for n in labels), *labels)
    buttons = [name for role, name, _, _ in wall() if role == "push button"]
    check("the window's buttons are told in its language", "Fermer" in buttons and not {"Close", "Minimize", "Maximize"} & {*buttons}, *buttons)
    classes = [f"{role}: {name}" for role, name, _, _ in wall()
               if role in ("image", "label", "push button", "toggle button") and re.match(r"(Gtk|Adw|Casa)[A-Z]", name)]
    check("nothing is called by its class", not classes, *classes)


def test_keyboard():
    wanted = [("image", "Carte de Casablanca, PM10 par arrondissement"), ("image", "Mobilité, dernières 24 heures"),
              ("image", "Énergie, dernières 24 heures"), ("image", "Air, dernières 24 heures"), ("panel", "Véhicules en ligne"),
              ("panel", "Retard médian"), ("panel", "Part solaire"), ("panel", "Éclairage"), ("panel", "Équipes")]
    # The last figures take turns in one place, as many as the width of the others leaves no room for: more than one walk.
    walks = []
    wait_for(lambda: walks.append(tab_walk()) or {*wanted} <= {place for walk in walks for place in walk})
    seen = {place for walk in walks for place in walk}
    check("Tab reaches everything", {*wanted} <= seen, *map(str, walks))
    check("…the menu, too", any(name == "Menu" for _, name in seen), *map(str, walks))
    orders = [[wanted.index(place) for place in walk if place in wanted] for walk in walks]
    begins = [order.index(0) if 0 in order else 0 for order in orders]
    check("…in the order of reading", all(sorted(order) == order[at:] + order[:at] for order, at in zip(orders, begins)), *map(str, walks))


def test_notes():
    """A note is written, heard and taken back without a pointer."""
    chart = "Mobilité, dernières 24 heures"
    for _ in range(30):
        if focused() == ("image", chart):
            break
        before = focused()
        press(TAB)
        wait_for(lambda: (now := focused()) and now != before)
    check("Tab reaches a chart", focused() == ("image", chart), str(focused()))
    press(LETTER_N)
    check("N asks for a note", wait_for(lambda: focused() and "Note, puis Entrée" in focused()[1]), str(focused()))
    for letter in "orage":
        press(ord(letter))
    press(RETURN)
    check("…and the chart says it", wait_for(lambda: re.search(r"\d\d:\d\d : orage", images().get(chart, ""))), images().get(chart, ""))
    check("…every chart of time does", wait_for(lambda: "orage" in images().get("Air, dernières 24 heures", "")), *images().values())


def test_scenes():
    press(PAGE_DOWN)
    mobility, energy = "Mobilité, dernières 24 heures", "Énergie, dernières 24 heures"
    check("Page down shows the next scene", wait_for(lambda: mobility in (now := images()) and energy not in now), *images())
    check("…with its own map", any(name.startswith("Carte de Casablanca") for name in images()), *images())
    press(PAGE_UP)
    check("Page up leads back", wait_for(lambda: len(images()) == 4), *images())


def rows():
    """Of the scene of indicators: what each says, and, of the one that is chosen, its formula and source."""
    return {name: description for role, name, description, _ in wall() if role == "push button" and " : " in name}


def chosen():
    return [name for name, description in rows().items() if "Source : " in description]


def test_governance():
    """How the city stands, row by row; Enter opens a row's formula and source, Escape closes it."""
    press(PAGE_UP)  # to the last scene
    for name in ("PM2,5 : OMS, 24 h", "Habitants à 500 m d’un arrêt, ODD 11.2.1", "Débit minimal de nuit"):
        check(f"a row says {name}", wait_for(lambda: any(row.startswith(name + " : ") for row in rows())), *rows())
    first = chosen()
    check("one row is open", len(first) == 1, *rows().items())
    for _ in range(60):
        place = focused()
        if place and place[0] == "push button" and place[1].startswith("PM10"):
            break
        press(TAB)
        wait_for(lambda: (now := focused()) and now != place, 10)
    press(RETURN)
    opened = lambda: (now := chosen()) and now != first and now[0].startswith("PM10") and now
    check("Enter opens another row’s formula and source", wait_for(opened), *rows().items())
    press(ESCAPE)
    check("Escape closes it", wait_for(lambda: [name.split(" : ")[0] for name in chosen()] == [first[0].split(" : ")[0]]), *rows().items())
    press(PAGE_DOWN)
    check("after the last scene comes the first one", wait_for(lambda: len(images()) == 4), *images())


def test_language():
    press(LETTER_L)
    check("the next language is spoken at once", wait_for(lambda: any("الدار البيضاء" in n for n in images())), *images())


def test_day():
    """A scene that is a day, before anything of it is stored."""
    told = lambda: [name for role, name, _, _ in wall() if role == "label"]
    if not check("the scene of a day comes with nothing stored", wait_for(lambda: "Casablanca en 60 secondes" in told()), *told()):
        return
    check("…and is of no past", not any("REJEU" in name for name in told()), *told())
    noon = (int(time.time()) // 86400 - 1) * 86400 + 43200
    subprocess.run(["mosquitto_pub", "-p", str(port), "-q", "1", "-t", "casa/v1/city/energy/sub-anfa",
                    "-m", f'{{"t":{noon * 1000},"load_mw":50}}'], check=True)
    check("…until something of it is stored", wait_for(lambda: any("REJEU" in name for name in told())), *told())


def test_diagnose():
    """Why a team is not on the wall, what a message would become, and a call for help: heard and done without a pointer."""
    told = lambda role: [name for r, name, _, _ in wall() if r == role]
    if not check("the diagnose page says the five steps", wait_for(lambda: all(any(name.startswith(f"{step} : ") for name in told("panel"))
                 for step in ("Connecté", "Autorisé", "Compris", "Stocké", "À l'écran"))), *told("panel")):
        return
    check("…and its title", any("J'attends votre premier message." in name for name in told("label")), *told("label"))
    press(F3)
    check("F3 asks for a message", wait_for(lambda: focused() == ("text", "Message")), str(focused()))
    for letter in "21":
        press(ord(letter))
    check("…and says what would become of it", wait_for(lambda: any(name.startswith("✕ Serait refusé") for name in told("label"))), *told("label"))
    press(F2)
    check("F2 calls the organiser", wait_for(lambda: any("est appelé" in name for name in told("push button"))), *told("push button"))


def end(*processes):
    for process in processes:
        process.terminate()
    for process in processes:
        try:
            process.wait(PATIENCE_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


program, simulator, config = sys.argv[1:4]
work = tempfile.mkdtemp()
reserved = socket.socket()  # stays bound without listening: nobody else is given its port, and mosquitto sets SO_REUSEADDR, too
reserved.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
reserved.bind(("127.0.0.1", 0))
broker_url = f"mqtt://127.0.0.1:{(port := reserved.getsockname()[1])}"
log = open(os.path.join(work, "log"), "w+")
environment = {k: v for k, v in os.environ.items() if k != "GTK_A11Y"}
broker = subprocess.Popen([shutil.which("mosquitto") or "/usr/sbin/mosquitto", "-p", str(port)], stdout=log, stderr=log)


def start_wall(store, *options):
    return subprocess.Popen([program, "--config", config, "--broker", broker_url, "--store", os.path.join(work, store), "--lang", "fr",
                             "--size", "1280x720", *options], env=environment, stdout=log, stderr=log)


pulse = start_wall("pulse.db")
# A day on which it does not rain: an event would have its panel zoomed.
sim = subprocess.Popen([simulator, "--config", config, "--broker", broker_url, "--backfill", "1h", "--scenario", "weekday"], stdout=log, stderr=log)
try:
    if check("the wall is on the accessibility bus", wait_for(lambda: wall() or pulse.poll() is not None) and pulse.poll() is None):
        test_names()
        test_keyboard()
        test_notes()
        test_scenes()
        test_governance()
        test_language()
    end(sim, pulse)
    status = pulse.returncode
    pulse = start_wall("other.db", "--talk", os.path.join(config, "talks", "sixty.conf"))
    test_day()
    end(pulse)
    status = status or pulse.returncode
    pulse = start_wall("third.db", "--diagnose", "equipe-4")
    test_diagnose()
finally:
    end(*(process for process in (sim, pulse, broker) if process.poll() is None))
log.seek(0)
lines = log.readlines()
check("the wall ends in peace", (status, pulse.returncode) == (0, 0), f"status {status}, {pulse.returncode}", *[line.rstrip() for line in lines[-12:]])
complaints = [line.strip() for line in lines if "CRITICAL" in line or "Gtk-WARNING" in line]
check("without a complaint", not complaints, *complaints)
print(f"1..{count}")
shutil.rmtree(work)
