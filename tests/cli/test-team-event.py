#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The event's secret: whoever has it gets a team of its own, and nothing else; on a real broker with casa-guard and the dynamic
security plug-in, asked byte by byte and by the line that `casa team event` prints."""
import json
import os
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "support"))

from casatest.mqtt import connect_packet, packet, publish_packet, split, text  # noqa: E402
from casatest.servers import Broker, Program, wait_for  # noqa: E402
from casatest.tap import Tap  # noqa: E402
from casatest.teams import find_plugin, prepare  # noqa: E402

CASA, CONFIG = os.environ["CASA_PROGRAM"], os.environ["CASA_TEST_CONFIG"]
DISCONNECTED = "disconnected"


class Guest:
    """A device that logs in as join.NONCE, from an address of its own (all of 127.0.0.0/8 is this machine)."""

    def __init__(self, port, secret, address="127.0.0.1", nonce=None):
        self.nonce = secrets.token_hex(16) if nonce is None else nonce
        self.socket = socket.create_connection(("127.0.0.1", port), 20, (address, 0))
        self.socket.settimeout(20)
        self.buffer = bytearray()
        self.send(connect_packet("x", user="join." + self.nonce, password=secret))
        answer = self.next()
        self.let_in = answer != DISCONNECTED and answer[0] == 0x20 and answer[1][1] == 0

    def send(self, data):
        try:
            self.socket.sendall(data)
        except OSError:
            pass  # next() tells

    def next(self):
        """The next packet, or DISCONNECTED."""
        while True:
            found = split(self.buffer) if len(self.buffer) >= 2 else []
            if found:
                self.rest = found[1:]
                return found[0]
            try:
                data = self.socket.recv(4096)
            except ConnectionError:
                data = b""
            if not data:
                return DISCONNECTED
            self.buffer += data

    def subscribe(self, topic):
        """The granted QoS; 128: refused."""
        self.send(packet(0x82, b"\0\1" + text(topic) + b"\0"))
        answer = self.next()
        return answer if answer == DISCONNECTED else answer[1][2]

    def ask(self, payload, topic=None):
        """What comes back, as an object; None: nothing did within a moment of the acknowledgement."""
        if self.subscribe(f"$casa-join/{self.nonce}/reply") != 0:
            return None
        self.send(publish_packet(topic or f"$casa-join/{self.nonce}", payload.encode(), 7))
        while True:
            answer = self.next()
            if answer == DISCONNECTED:
                return None
            if answer[0] & 0xF0 == 0x30:
                return json.loads(answer[1][2 + int.from_bytes(answer[1][:2], "big"):])

    def close(self):
        self.socket.close()


class Hall:
    def __init__(self, folder, plugin):
        self.folder = folder
        guard = (f"plugin {os.environ['CASA_GUARD']}\nplugin_opt_trusted pulse record stage city teams usher\n"
                 f"plugin_opt_event_secret {folder}/event-secret\n")
        self.broker = Broker(folder, guard + prepare(folder, CONFIG, plugin))
        for name in os.listdir(CONFIG):
            path = os.path.join(CONFIG, name)
            if name != "pulse.conf" and os.path.isfile(path):
                shutil.copy(path, folder)
        with open(os.path.join(folder, "pulse.conf"), "w", encoding="utf-8") as file:
            file.write(f"[broker]\nurl = {self.broker.url}\nuser = pulse\npassword_file = pulse.password\n[store]\npath = test.db\n"
                       "[teams]\nuser = teams\npassword_file = teams.password\nwelcome_user = usher\n"
                       f"welcome_password_file = usher.password\naddress = 127.0.0.1:{self.broker.port}\npage = http://192.0.2.7:9001/\n")

    def team(self, *words):
        argv = [CASA, "team", "--config", self.folder, *words]
        return subprocess.run(argv, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL)

    def secret(self):
        with open(os.path.join(self.folder, "event-secret"), encoding="utf-8") as file:
            return file.read().strip()

    def welcome(self, name, *words):
        program = Program(self.folder, name, [CASA, "team", "--config", self.folder, "welcome", *words])
        program.wait_err("connected to")
        return program

    def password(self, name):
        with open(os.path.join(self.folder, name + ".password"), encoding="utf-8") as file:
            return file.read().strip()

    def publishes(self, user, password, topic):
        run = subprocess.run(["mosquitto_pub", "-V", "5", "-h", "127.0.0.1", "-p", str(self.broker.port), "-u", user, "-P", password,
                              "-q", "1", "-t", topic, "-m", "21"], capture_output=True, text=True, check=False)
        return run.returncode == 0

    def guest(self, address="127.0.0.1", secret=None, nonce=None):
        return Guest(self.broker.port, self.secret() if secret is None else secret, address, nonce)

    def comes_in(self, **how):
        one = self.guest(**how)
        one.close()
        return one.let_in


def try_joining(tap, hall):
    run = hall.team("event", "--lang", "en")
    secret = hall.secret()
    tap.case(run.returncode == 0 and f"http://192.0.2.7:9001/#event={secret}&lang=en" in run.stdout, "event makes a secret and shows its page", run)
    tap.case(os.stat(os.path.join(hall.folder, "event-secret")).st_mode & 0o077 == 0, "nobody else may read the file")
    tap.case(hall.team("event").stdout and hall.secret() == secret, "asked again it is the same")
    wait_for(lambda: hall.comes_in(address="127.0.1.1"), 20, "the guard to read it", every=0.3)
    dunes = hall.guest().ask('{"team": "les-dunes", "title": "Les Dunes"}')
    tap.case(dunes and dunes["ok"] and dunes["user"] == "les-dunes" and dunes["devices"] == 8 and dunes["topic"] == "casa/v1/les-dunes/" and
             dunes["address"] == f"127.0.0.1:{hall.broker.port}", "who has it gets a team of its own", dunes)
    tap.case(hall.publishes("les-dunes", dunes["password"], "casa/v1/les-dunes/air/a/temp_c") and
             hall.publishes("les-dunes.8", dunes["password"], "casa/v1/les-dunes/air/b/temp_c"), "with its password it publishes at once")
    tap.case("Les Dunes" in hall.team("show", "les-dunes").stdout, "casa team knows it as its own")
    argv = next(line for line in hall.team("event").stdout.splitlines() if "mosquitto_rr" in line).replace("NAME", "fil-d-eau")
    run = subprocess.run(["bash", "-c", argv], capture_output=True, text=True, check=False, timeout=60)
    tap.case(run.returncode == 0 and json.loads(run.stdout)["user"] == "fil-d-eau", "the line for a terminal does the same", run)


def try_names(tap, hall):
    for payload, error in (('{"team": "les-dunes"}', "taken"), ('{"team": "pulse"}', "name"), ('{"team": "join"}', "name"), ('{"team": "Équipe"}', "name"),
                           ('{"team": "a.2"}', "name"), ("[]", "name"), ("\x01", "name"), ('{"team": "usher"}', "name")):
        said = hall.guest(address="127.0.2.1").ask(payload)
        tap.case(said and not said["ok"] and said["error"] == error and "password" not in said, f"{payload[:24]!r}: {error}", said)
    hall.team("remove", "les-dunes", "--yes")
    said = hall.guest(address="127.0.2.2").ask('{"team": "les-dunes"}')
    tap.case(said and said["error"] == "taken", "a team that was removed is nobody else's: its old password would come back", said)
    with open(os.path.join(hall.folder, "notary.password"), "w", encoding="utf-8") as file:
        file.write("own")
    said = hall.guest(address="127.0.2.2").ask('{"team": "notary"}')
    tap.case(said and said["error"] == "taken", "nor is a user of the organiser's own", said)


def try_limits(tap, hall):
    """What a guest may do: one question, its own answer."""
    one, other = hall.guest(address="127.0.3.1"), hall.guest(address="127.0.3.1")
    for topic in ("#", "$casa-join/#", "$casa-join/+/reply", f"$casa-join/{other.nonce}/reply", f"$casa-join/{one.nonce}", "casa/v1/#",
                  "$CONTROL/dynamic-security/v1/response", f"$share/x/$casa-join/{one.nonce}/reply"):
        tap.case(one.subscribe(topic) in (128, DISCONNECTED), f"a guest does not hear {topic[:24]}")
    one.close()
    heard = Program(hall.folder, "heard", ["mosquitto_sub", "-h", "127.0.0.1", "-p", str(hall.broker.port), "-u", "pulse", "-P", "pulse-secret",
                                           "-t", "casa/v1/#", "-v"])
    def says(station):
        return hall.publishes("fil-d-eau", hall.password("fil-d-eau"), f"casa/v1/fil-d-eau/air/{station}/temp_c")
    wait_for(lambda: says("first") and "first/temp_c" in heard.out(), 20, "a listener", every=0.1)
    for i, topic in enumerate(("casa/v1/fil-d-eau/air/a/temp_c", "casa/v1/$control/sim", "$CONTROL/dynamic-security/v1",
                               f"$casa-join/{other.nonce}", f"$casa-join/{other.nonce}/reply")):
        guest = hall.guest(address=f"127.0.3.{2 + i}")
        guest.send(publish_packet(topic, b'{"commands":[{"command":"deleteRole","rolename":"fil-d-eau"}]}', 9))
        guest.next()
        guest.close()
    says("last")
    wait_for(lambda: "last/temp_c" in heard.out(), 20, "what came after")
    topics = {line.split()[0] for line in heard.out().splitlines()}
    tap.case(topics == {f"casa/v1/fil-d-eau/air/{station}/temp_c" for station in ("first", "last")} and "fil-d-eau" in hall.team("list").stdout,
             "what it says elsewhere is thrown away", heard.out())
    heard.stop()
    said = other.ask('{"team": "zellige"}')
    tap.case(said and said["ok"], "what others do does not reach it", said)
    other.send(publish_packet(f"$casa-join/{other.nonce}", b'{"team": "zellige-2"}', 10))
    ends = [other.next() for _ in range(2)]
    tap.case(DISCONNECTED in ends and "zellige-2" not in hall.team("list").stdout, "it asks once: the second question ends the connection", ends)
    for nonce in ("", "abc", "G" * 32, "f" * 65, "../../etc", "a" * 31 + "."):
        tap.case(not hall.comes_in(address="127.0.4.1", nonce=nonce), f"{nonce[:12]!r} is no nonce")
    first = hall.guest(address="127.0.4.2")
    tap.case(first.let_in and not hall.comes_in(address="127.0.4.2", nonce=first.nonce), "nobody takes another's place")
    tap.case(first.ask('{"team": "atlas"}')["ok"], "who was first goes on")


def try_rates(tap, hall):
    let_in = [hall.comes_in(address="127.0.5.1") for _ in range(14)]
    tap.case(sum(let_in) in (10, 11) and all(let_in[:10]), "one machine comes ten times at once, and then waits", let_in)
    wrong = [hall.comes_in(address="127.0.5.2", secret="wrong") for _ in range(11)]
    tap.case(not any(wrong) and not hall.comes_in(address="127.0.5.2"), "whoever tries secrets waits, too, even with the right one", wrong)
    tap.case("more logins with the event's secret than may come, last from 127.0.5." in hall.broker.program.err(), "the broker's log says so")
    crowd = [hall.comes_in(address=f"127.0.{6 + i // 8}.{1 + i % 8}") for i in range(80)]
    tap.case(crowd[0] and not all(crowd) and sum(crowd) <= 60, "all together are bounded", sum(crowd))
    tap.case(hall.publishes("fil-d-eau", hall.password("fil-d-eau"), "casa/v1/fil-d-eau/air/a/temp_c"), "who has joined does not notice")


def try_ending(tap, hall):
    old = hall.secret()
    hall.team("event", "--new")
    tap.case(hall.secret() != old, "--new makes another secret")
    wait_for(lambda: hall.comes_in(address="127.1.0.1"), 30, "the new one to hold", every=1.1)
    tap.case(not hall.comes_in(address="127.1.0.2", secret=old), "the old one holds no more")
    run = hall.team("event", "--close")
    tap.case(run.returncode == 0 and not os.path.exists(os.path.join(hall.folder, "event-secret")), "--close takes it away", run)
    wait_for(lambda: "nobody joins with an event's secret any more" in hall.broker.program.err(), 20, "the guard to see it")
    tap.case(not hall.comes_in(address="127.1.0.3", secret=old) and not hall.comes_in(address="127.1.0.4", secret=""), "nobody joins any more")
    tap.case(hall.publishes("fil-d-eau", hall.password("fil-d-eau"), "casa/v1/fil-d-eau/air/a/temp_c"), "who has joined stays")


def try_full(tap, hall):
    said = hall.guest(address="127.2.0.1").ask('{"team": "one-more"}')
    tap.case(said and said["error"] == "full", "there are never more teams than --most", said)
    hall.team("add", "by-hand")
    tap.case("by-hand" in hall.team("list").stdout, "the organiser makes more by hand")


def main():
    tap = Tap()
    plugin = find_plugin()
    if not plugin or not shutil.which("mosquitto_rr"):
        tap.skip("event", "mosquitto's dynamic security plug-in or its clients are not installed")
        return tap.finish()
    with tempfile.TemporaryDirectory() as folder:
        hall = Hall(folder, plugin)
        run = hall.team("welcome", "x")
        tap.case(run.returncode == 2, "welcome takes no name", run)
        welcome = hall.welcome("welcome")
        for step in (try_joining, try_names, try_limits):
            step(tap, hall)
        tap.case(welcome.stop() == 0 and "joined les-dunes" in welcome.out() and "refused taken" in welcome.out(), "welcome says who came", welcome.out())
        tap.case(not any(hall.password(name) in welcome.out() + welcome.err() for name in ("fil-d-eau", "zellige")), "and no password")
        welcome = hall.welcome("welcome-3", "--most", "3")
        try_full(tap, hall)
        for step in (try_rates, try_ending):
            step(tap, hall)
        welcome.stop()
        hall.broker.stop()
    return tap.finish()


if __name__ == "__main__":
    sys.exit(main())
