#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""docs/examples/translate.py: what other systems publish becomes what `casa check` takes, and a real broker gets it."""
import json
import os
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
TOP = os.path.join(HERE, "..", "..")
sys.path.insert(0, os.path.join(HERE, "..", "support"))

from casatest.servers import Broker, Program, wait_for  # noqa: E402
from casatest.tap import Tap  # noqa: E402

CASA, CONFIG = os.environ["CASA_PROGRAM"], os.environ["CASA_TEST_CONFIG"]
TRANSLATE = [sys.executable, os.path.join(TOP, "docs", "examples", "translate.py"), "--team", "equipe-7"]
NOW = "2026-11-22T06:30:00.000Z"
SENT = "2026-11-22T06:20:00.000Z"

# What a system publishes, and what of it is stored: station, time, metrics.
SYSTEMS = [
    ("zigbee2mqtt", 'zigbee2mqtt/Salon Nord {"battery":97,"humidity":55,"linkquality":120,"temperature":21.4,"voltage":3005}',
     [("air/salon-nord", NOW, {"battery": 97, "rh_pct": 55, "temp_c": 21.4, "battery_mv": 3005})]),
    ("zigbee2mqtt's own state", "zigbee2mqtt/bridge/state online", []),
    ("Tasmota", 'tele/toit/SENSOR {"Time":"2026-11-22T06:20:00","AM2301":{"Temperature":21.4,"Humidity":55.1},"TempUnit":"C"}',
     [("air/toit", NOW, {"temp_c": 21.4, "rh_pct": 55.1})]),
    ("Tasmota with two chips, in Fahrenheit",
     'tele/toit/SENSOR {"DS18B20":{"Id":"0115","Temperature":71.6},"BMP280":{"Temperature":32,"Pressure":1012},"TempUnit":"F"}',
     [("air/toit-ds18b20", NOW, {"temp_c": 22}), ("air/toit-bmp280", NOW, {"temp_c": 0, "pressure_hpa": 1012})]),
    ("Tasmota's plug", 'tele/prise/SENSOR {"ENERGY":{"TotalStartTime":"2026","Power":12,"Voltage":229}}',
     [("energy/prise", NOW, {"power": 12, "voltage_v": 229})]),
    ("The Things Network",
     'v3/app@ttn/devices/dev1/up {"end_device_ids":{"device_id":"dev1"},"received_at":"2026-11-22T06:20:00.000000Z",'
     '"uplink_message":{"f_port":1,"decoded_payload":{"temperature":21.4},"rx_metadata":[{"rssi":-40}]}}',
     [("air/dev1", SENT, {"temp_c": 21.4})]),
    ("ChirpStack", 'application/1/device/ab/event/up {"deviceInfo":{"deviceName":"Toit 1"},"time":"2026-11-22T07:20:00+01:00",'
     '"object":{"pm10":30}}', [("air/toit-1", SENT, {"pm10": 30})]),
    ("Home Assistant's statestream", "homeassistant/sensor/hall_temperature/state 21.5", [("air/hall", NOW, {"temp_c": 21.5})]),
    ("Home Assistant's discovery", 'homeassistant/sensor/x/config {"name":"T","state_topic":"a/b"}', []),
    ("SenML", 's [{"bn":"urn:dev:mac:a1:","bt":1795328400,"n":"temperature","u":"Cel","v":23.1},{"n":"humidity","v":50}]',
     [("air/a1", SENT, {"temp_c": 23.1}), ("air/a1", SENT, {"rh_pct": 50})]),
    ("Shelly", 'shelly-1/status/switch:0 {"id":0,"apower":23.1,"voltage":230.1,"output":true}',
     [("energy/shelly-1", NOW, {"apower": 23.1, "voltage_v": 230.1}), ("air/shelly-1", NOW, {"output": 1})]),
    ("a whole msg of Node-RED", 'nodered {"payload":{"temperature":23.1},"_msgid":"a.b","topic":"bureau/dht"}',
     [("air/dht", NOW, {"temp_c": 23.1})]),
    ("a number", "equipe7/temp 23.1", [("air/equipe7", NOW, {"temp_c": 23.1})]),
    ("a number with a comma", "Équipe 7/temp\t23,1", [("air/equipe-7", NOW, {"temp_c": 23.1})]),
    ("a switch", "salon/ventilation ON", [("air/salon", NOW, {"ventilation": 1})]),
    ("a name said twice", 'sensors/dht22/temperature {"temperature": 23.1}', [("air/dht22", NOW, {"temp_c": 23.1})]),
    ("a bus", 'bus/12 {"lat":33.58,"lon":-7.61,"speed":18}', [("mobility/12", NOW, {"lat": 33.58, "lon": -7.61, "speed_kmh": 18})]),
    ("no number at all", 'a/b {"name":"x","list":[1,2]}', []),
    ("no topic's worth", "word", []),
    ("not what it seems", 'v3/x/up {"uplink_message":"?"}', []),
    ("numbers that are none", 'a/b {"temp":NaN,"hum":1e999}', []),
]


def translated(line):
    return subprocess.run(TRANSLATE, input=line + "\n", capture_output=True, text=True, check=True)


def stored(lines):
    run = subprocess.run([CASA, "check", "--config", CONFIG, "--format", "json", "--now", NOW], input=lines, capture_output=True,
                         text=True, check=False)
    assert not run.stderr, run.stderr
    topics = [line.split("\t")[0] for line in lines.splitlines()]
    for topic, line in zip(topics, run.stdout.splitlines()):
        answer = json.loads(line)
        assert answer["verdict"] == "stored", line
        ms = answer["t"]
        seconds = ms // 1000 % 86400
        yield topic[len("casa/v1/equipe-7/"):], f"2026-11-22T{seconds // 3600:02}:{seconds // 60 % 60:02}:00.{ms % 1000:03}Z", answer["fields"]


def test_system(tap, name, line, wanted):
    try:
        run = translated(line)
        got = list(stored(run.stdout)) if run.stdout else []
        tap.case(got == wanted, name, f"wanted {wanted}\ngot {got}\n{run.stderr}")
        if not wanted:
            tap.case("left out" in run.stderr or "not understood" in run.stderr, f"{name}: said", run.stderr)
    except (AssertionError, subprocess.CalledProcessError) as fault:
        tap.case(False, name, f"{fault}\n{getattr(fault, 'stderr', '')}")


def test_publishing(tap):
    """From their topic to the store, with a word of the wall on the way back."""
    try:
        import paho.mqtt.client  # noqa: F401
    except ImportError:
        tap.skip("publishing", "python3-paho-mqtt is not installed")
        return
    with tempfile.TemporaryDirectory() as folder:
        broker = Broker(folder)
        store, secret = os.path.join(folder, "pulse.db"), os.path.join(folder, "secret")
        with open(secret, "w", encoding="utf-8") as file:
            file.write("any\n")
        record = Program(folder, "record", [CASA, "record", "--config", CONFIG, "--broker", broker.url, "--store", store])
        record.wait_err("connected to")
        child = subprocess.Popen(TRANSLATE + ["--to", f"127.0.0.1:{broker.port}", "--password-file", secret], stdin=subprocess.PIPE,
                                 stderr=open(os.path.join(folder, "words"), "w", encoding="utf-8"), text=True)
        try:
            child.stdin.write("salon/temp 21.5\nsalon/temp 900\n")
            child.stdin.flush()
            words = os.path.join(folder, "words")
            wait_for(lambda: "out-of-range" in open(words, encoding="utf-8").read(), 60, "the wall to object")
            tap.case(True, "what the wall objects to is printed")
        except TimeoutError as fault:
            tap.case(False, "what the wall objects to is printed", f"{fault}\n{open(words, encoding='utf-8').read()}\n{record.err()}")
        child.stdin.close()
        tap.case(child.wait(60) == 0, "it ends with its input")
        record.stop()
        rows = subprocess.run([CASA, "export", "--config", CONFIG, "--store", store, "--format", "json"], capture_output=True,
                              text=True, check=True).stdout.splitlines()
        values = [(row["source"], row["station"], row["metric"], row["value"]) for row in map(json.loads, rows)]
        tap.case(values == [("equipe-7", "salon", "temp_c", 21.5)], "what it published is stored", values)
        broker.stop()


def main():
    tap = Tap()
    for name, line, wanted in SYSTEMS:
        test_system(tap, name, line, wanted)
    test_publishing(tap)
    return tap.finish()


if __name__ == "__main__":
    sys.exit(main())
