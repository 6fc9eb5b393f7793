#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Kits' own traffic against a real broker and recorder: what they publish when they come up and while they measure, in their order,
retained where they retain; and what is then in the store."""
import json
import os
import struct
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "support"))

from casatest.servers import Broker, Program, wait_for  # noqa: E402
from casatest.tap import Tap  # noqa: E402

CASA, CONFIG = os.environ["CASA_PROGRAM"], os.environ["CASA_TEST_CONFIG"]
BASE = "casa/v1/equipe-7/kit/"


def varint(value):
    out = b""
    while value > 127:
        out += bytes([value & 127 | 128])
        value >>= 7
    return out + bytes([value])


def sparkplug(ms, metrics):
    """A payload with a time and (name or None, alias, double) metrics."""
    out = b"\x08" + varint(ms)
    for name, alias, value in metrics:
        metric = (b"\x0a" + varint(len(name)) + name.encode() if name else b"") + b"\x10" + varint(alias)
        metric += b"\x20\x0a" + b"\x69" + struct.pack("<d", value)
        out += b"\x12" + varint(len(metric)) + metric
    return out


def traffic(now):
    """(kit, [(topic, payload, retained)], {(station, metric): value})"""
    here = time.strftime("%Y-%m-%dT%H:%M:%S", time.localtime(now))
    utc = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(now))
    yield "Tasmota", [
        ("tele/serre/LWT", "Online", True),
        ("tele/serre/INFO1", {"Info1": {"Module": "Generic", "Version": "14.1.0(tasmota)"}}, False),
        ("tasmota/discovery/AABBCC001122/config", {"ip": "10.0.0.9", "dn": "Serre", "md": "Generic"}, True),
        ("tele/serre/STATE", {"Time": here, "Uptime": "0T00:00:10", "UptimeSec": 10, "POWER": "ON", "Wifi": {"Signal": -60}}, False),
        ("tele/serre/SENSOR", {"Time": here, "AM2301": {"Temperature": 68.0, "Humidity": 51.5, "DewPoint": 49.5}, "TempUnit": "F"}, False),
    ], {("serre", "temp_c"): 20, ("serre", "rh_pct"): 51.5, ("serre", "relay"): 1}
    yield "ESPHome", [
        ("toit/status", "online", True),
        ("homeassistant/sensor/toit/bme_temperature/config",
         {"dev_cla": "temperature", "unit_of_meas": "°F", "name": "BME temperature", "stat_t": "toit/sensor/bme_temperature/state",
          "uniq_id": "ESPsensorbme_temperature", "dev": {"ids": "aabb", "name": "toit"}}, True),
        ("toit/sensor/bme_temperature/state", "59", True),
        ("toit/sensor/humidity/state", "60.5", True),
    ], {("toit", "temp_c"): 15, ("toit", "rh_pct"): 60.5}
    yield "Zigbee2MQTT", [
        ("zigbee2mqtt/bridge/state", {"state": "online"}, True),
        ("zigbee2mqtt/bridge/devices", [{"ieee_address": "0x01", "friendly_name": "Salle 2"}], True),
        ("zigbee2mqtt/Salle 2/availability", {"state": "online"}, True),
        ("zigbee2mqtt/Salle 2", {"battery": 90, "humidity": 40.5, "temperature": 22.25, "linkquality": 99, "voltage": 2950}, False),
    ], {("salle-2", "temp_c"): 22.25, ("salle-2", "voltage_v"): 2.95}
    yield "Shelly", [
        ("shellyplug-aa/online", "true", True),
        ("shellyplug-aa/events/rpc", {"src": "shellyplug-aa", "dst": "shellyplug-aa/events", "method": "NotifyStatus",
                                      "params": {"ts": now, "switch:0": {"id": 0, "apower": 42.5}}}, False),
        ("shellies/shellyem-BB/emeter/1/power", "120.5", False),
    ], {("shellyplug-aa", "power_w"): 42.5, ("shellyem-bb-1", "power_w"): 120.5}
    yield "The Things Stack", [
        ("v3/ville@ttn/devices/puits/join", {"end_device_ids": {"device_id": "puits"}, "join_accept": {}}, False),
        ("v3/ville@ttn/devices/puits/up", {"end_device_ids": {"device_id": "puits"}, "received_at": utc,
                                           "uplink_message": {"decoded_payload": {"temperature": 17.5}}}, False),
    ], {("puits", "temp_c"): 17.5}
    yield "Sparkplug B", [
        ("spBv1.0/ville/NBIRTH/n1", sparkplug(int(now * 1000) - 2000, [("temperature", 1, 18.5)]), False),
        ("spBv1.0/ville/NDATA/n1", sparkplug(int(now * 1000) - 1000, [(None, 1, 18.75)]), False),
    ], {("n1", "temp_c"): 18.75}
    yield "Telegraf", [
        ("telegraf/h1/weather", f"weather,station=quai temperature=19.5,humidity=44i {int(now * 1e9)}", False),
    ], {("quai", "temp_c"): 19.5, ("quai", "rh_pct"): 44}


def publish(client, topic, payload, retained):
    body = json.dumps(payload, ensure_ascii=False) if isinstance(payload, (dict, list)) else payload
    client.publish(BASE + topic, body, qos=1, retain=retained).wait_for_publish()


def newest(store):
    run = subprocess.run([CASA, "export", "--config", CONFIG, "--store", store, "--format", "json"], capture_output=True, text=True,
                         check=False)
    rows = [json.loads(line) for line in run.stdout.splitlines()] if run.returncode == 0 else []
    return {(row["station"], row["metric"]): row["value"] for row in rows}


def main():
    tap = Tap()
    try:
        import paho.mqtt.client as mqtt
    except ImportError:
        tap.skip("kits", "python3-paho-mqtt is not installed")
        return tap.finish()
    with tempfile.TemporaryDirectory() as folder:
        broker = Broker(folder)
        store = os.path.join(folder, "pulse.db")
        record = Program(folder, "record", [CASA, "record", "--config", CONFIG, "--broker", broker.url, "--store", store, "--stats", "1"])
        record.wait_err("connected to")
        client = mqtt.Client(*([mqtt.CallbackAPIVersion.VERSION2] if hasattr(mqtt, "CallbackAPIVersion") else []))
        client.connect("127.0.0.1", broker.port)
        client.loop_start()
        for kit, messages, wanted in traffic(time.time()):
            for message in messages:
                publish(client, *message)
            try:
                wait_for(lambda: wanted.items() <= newest(store).items(), 60, kit, every=0.2)
                tap.case(True, kit)
            except TimeoutError as fault:
                tap.case(False, kit, f"{fault}\nwanted {wanted}\ngot {newest(store)}\n{record.err()}")
        wait_for(lambda: record.out().strip(), 60, "statistics")
        client.loop_stop()
        record.stop()
        last = json.loads(record.out().strip().splitlines()[-1])
        tap.case(last["rejected"] == 0, "discovery, births and presence are not refused", last)
        broker.stop()
    return tap.finish()


if __name__ == "__main__":
    sys.exit(main())
