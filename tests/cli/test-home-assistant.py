#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""`casa figures` says of the newest values what the export's numbers say, and with --home-assistant tells it below homeassistant/, as its
discovery wants it, and nothing without it."""
import json
import os
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))

from casatest.servers import Broker, Program, wait_for  # noqa: E402
from casatest.tap import Tap  # noqa: E402

CASA, SIM, CONFIG = (os.environ[name] for name in ("CASA_PROGRAM", "CASA_SIM_PROGRAM", "CASA_TEST_CONFIG"))
# The clock of an afternoon for all programs: by night there are no vehicles, and no delay.
SHIFT = -int((time.time() - 15 * 3600) % 86400)
os.environ["CASA_CLOCK_SHIFT"] = str(SHIFT)
FRENCH = {"LC_ALL": "fr_FR.UTF-8", "LANGUAGE": ""}


def casa(*arguments, check=True, **env):
    return subprocess.run([CASA, *arguments], capture_output=True, text=True, check=check, env={**os.environ, **env})


def figures(store):
    run = casa("figures", "--config", CONFIG, "--store", store, "--format", "json")
    return {row["id"]: row for row in map(json.loads, run.stdout.splitlines())}


def newest(store, metric, prefix):
    """{station: its newest value} by the export."""
    rows = casa("export", "--config", CONFIG, "--store", store, "--source", "city", "--metric", metric, "--format", "csv").stdout.splitlines()[1:]
    parted = [row.split(",") for row in rows]
    return {row[3]: float(row[5]) for row in sorted(parted, key=lambda row: row[0]) if row[3].startswith(prefix)}


def heard(listener):
    """{topic: newest payload} of what mosquitto_sub -v has printed."""
    return dict(line.split(" ", 1) for line in listener.out().splitlines() if " " in line)


def listen(folder, broker, name, *filters):
    words = [word for one in filters for word in ("-t", one)]
    return Program(folder, name, ["mosquitto_sub", "-h", "127.0.0.1", "-p", str(broker.port), "-v", *words])


def tell(folder, name, broker, store, env=None, *options):
    return Program(folder, name, [CASA, "figures", "--config", CONFIG, "--broker", broker.url, "--store", store, "--home-assistant", "--every", "1s",
                                  *options], env=env)


def is_sensor(topic, text, said):
    """Whether a discovery names a topic that has a number in it."""
    about = json.loads(text)
    state = json.loads(said.get(about["state_topic"], "null"))
    return (about["unique_id"] == "casa_pulse_" + topic.split("/")[-2] and about["expire_after"] == 3 and about["device"]["identifiers"]
            and about["value_template"] == "{{ value_json.value }}" and isinstance(state and state["value"], (int, float)))


def main():
    tap = Tap()
    with tempfile.TemporaryDirectory(prefix="casa-figures-") as folder:
        broker, store = Broker(folder), os.path.join(folder, "pulse.db")
        watcher = listen(folder, broker, "watcher", "#")
        recorder = Program(folder, "record", [CASA, "record", "--config", CONFIG, "--broker", broker.url, "--store", store, "--stats", "1"])
        recorder.wait_err("connected to")
        subprocess.run([SIM, "--config", CONFIG, "--broker", broker.url, "--duration", "12s"], check=True, stderr=subprocess.DEVNULL)
        wait_for(lambda: "load" in figures(store) and "vehicles" in figures(store), 60, "the city's load", every=0.3)

        now = figures(store)
        loads = newest(store, "load_mw", "sub-")
        tap.case(len(loads) == 16 and abs(now["load"]["now"]["value"] - sum(loads.values())) <= 0.5, "the load is the sum of the substations", now["load"])
        pm10 = newest(store, "pm10", "air-")
        tap.case(abs(now["pm10"]["now"]["value"] - max(pm10.values())) <= 0.5, "PM10 is that of the worst station", now["pm10"])
        vehicles = len(newest(store, "speed_kmh", "veh-"))
        tap.case(now["vehicles"]["now"]["value"] == vehicles, "vehicles are counted", (now["vehicles"], vehicles))
        tap.case(all(row["now"]["simulated"] for row in now.values()) and len(now) > 15, "each is said to be simulated", now)
        tap.case("pm10-day" not in now and "teams" not in now, "a mean of a day and the teams are none of the figures of now", list(now))
        later = casa("figures", "--config", CONFIG, "--store", store, CASA_CLOCK_SHIFT=str(SHIFT + 240)).stdout
        tap.case(later == "", "four minutes later nothing of it is a figure of now", later)
        text = casa("figures", "--config", CONFIG, "--store", store, **FRENCH).stdout
        tap.case("Vitesse moyenne" in text and "[simulé]" in text, "for reading, in the language of the environment", text)
        tap.case(not any("homeassistant" in topic for topic in heard(watcher)), "Home Assistant is told nothing that nobody asked for")

        teller = tell(folder, "tell", broker, store, FRENCH)
        topics = [f"homeassistant/sensor/casa_pulse/{name}/{what}" for name in now for what in ("config", "state")]
        wait_for(lambda: all(topic in heard(watcher) for topic in topics), 60, "every sensor", every=0.2)
        said = heard(watcher)
        configs = {topic: text for topic, text in said.items() if topic.startswith("homeassistant/") and topic.endswith("/config")}
        wrong = [topic for topic, text in configs.items() if not is_sensor(topic, text, said)]
        tap.case(not wrong and len(configs) == len(now), "a sensor for each figure, whose topic has its number", (wrong, len(configs)))
        speed = json.loads(configs["homeassistant/sensor/casa_pulse/speed/config"])
        tap.case(speed["name"] == "Vitesse moyenne (simulé)" and speed["unit_of_measurement"] == "km/h", "with name, unit and provenance", speed)
        delay = json.loads(configs["homeassistant/sensor/casa_pulse/delay/config"])
        tap.case(delay["unit_of_measurement"] == "s", "what the wall writes as minutes and seconds is a number of seconds", delay)
        kept = subprocess.run(["mosquitto_sub", "-h", "127.0.0.1", "-p", str(broker.port), "-t", "homeassistant/#", "--retained-only", "-W", "2"],
                              capture_output=True, text=True, check=False).stdout
        tap.case(kept == "", "nothing of it stays in the broker", kept)
        late = listen(folder, broker, "late", "homeassistant/#")
        wait_for(lambda: len(heard(late)) == len(topics), 30, "everything again for who comes late", every=0.2)
        tap.case(True, "who comes late hears all of it")

        broker.stop()
        broker.start()
        back = listen(folder, broker, "back", "homeassistant/#")
        wait_for(lambda: len(heard(back)) == len(topics), 60, "everything after the broker was away", every=0.2)
        tap.case(teller.running(), "a broker that was away is told again")
        tap.case(teller.stop() == 0, "it ends when it is asked to", teller.err())

        other = tell(folder, "other", broker, store, None, "--prefix", "ha")
        elsewhere = listen(folder, broker, "elsewhere", "ha/#")
        wait_for(lambda: len(heard(elsewhere)) == len(topics), 60, "everything below another prefix", every=0.2)
        tap.case(other.stop() == 0, "below another prefix")
        wrong = [casa("figures", "--config", CONFIG, *words, check=False) for words in
                 (["--every", "1s"], ["--home-assistant", "--every", "0s"], ["--home-assistant", "--prefix", "a/#"], ["--format", "csv"], ["x"])]
        tap.case([run.returncode for run in wrong] == [2] * 5, "wrong words are refused", [run.stderr for run in wrong])
        for program in (recorder, watcher, late, back, elsewhere):
            program.stop()
        broker.stop()
    return tap.finish()


if __name__ == "__main__":
    sys.exit(main())
