#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Carries what other systems publish over to Casa Pulse: zigbee2mqtt, Tasmota, The Things Network, ChirpStack, Home
Assistant's statestream, Shelly, SenML, Node-RED, and nearly everything that publishes a number or an object.

It reads lines "topic payload" as mosquitto_sub -v prints them. To look first:
  mosquitto_sub -h THEIR-BROKER -v -t 'zigbee2mqtt/#' | ./translate.py --team equipe-7 | casa check
and then to publish (needs python3-paho-mqtt; the password is not an argument, everybody could read it):
  mosquitto_sub -h THEIR-BROKER -v -t 'zigbee2mqtt/#' | ./translate.py --team equipe-7 --to HOST:PORT --password-file FILE

It is meant to be changed: what your system does otherwise goes into readings().
"""
import argparse
import json
import math
import re
import sys
import time
import unicodedata

# Names (of theirs) that belong to another domain than --domain.
DOMAINS = {
    "energy": {"power", "power_w", "apower", "voltage", "current", "energy", "frequency", "frequency_hz", "voltage_v", "total", "today"},
    "mobility": {"lat", "lon", "latitude", "longitude", "speed", "speed_kmh", "passengers", "occupancy"},
}
# Of radios and programs, not of the city.
NOISE = {"rssi", "snr", "lqi", "linkquality", "uptime", "uptimesec", "heap", "sleepmode", "loadavg", "mqttcount", "f_port",
         "f_cnt", "last_seen", "ts", "id", "totalstarttime"}


def clean(text):
    """As a level of a topic: small letters without accents, digits, _ and -."""
    apart = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9_-]+", "-", apart).strip("-")[:64]


def number(value):
    """The value as a finite number; None when it is none. A text that is wholly a number is one, a switch is 1 or 0."""
    if isinstance(value, str):
        switch = {"on": 1, "true": 1, "open": 1, "off": 0, "false": 0, "closed": 0}.get(value.lower())
        if switch is not None:
            return switch
        try:
            value = float(value.replace(",", "."))
        except ValueError:
            return None
    if isinstance(value, bool):
        return int(value)
    return value if isinstance(value, (int, float)) and math.isfinite(value) else None


def flat(value, prefix=""):
    """The numbers of an object in objects, by their innermost names; by their whole names where two would be alike."""
    out = {}
    for name, inner in value.items():
        if isinstance(inner, dict):
            for key, n in flat(inner, f"{prefix}{name}_").items():
                out[key if key not in out else f"{name}_{key}"] = n
        elif name.lower() not in NOISE and number(inner) is not None:
            out[name if name not in out else f"{prefix}{name}"] = number(inner)
    return out


def senml(records, topic):
    """RFC 8428: base values hold for those that follow; times below 2**28 are relative to now."""
    base = {}
    for record in records:
        base.update({key: record[key] for key in ("bn", "bt") if key in record})
        name = str(base.get("bn", "")) + str(record.get("n", ""))
        value = number(record.get("v", record.get("vb")))
        parts = [part for part in re.split(r"[/:]", name) if part]
        if value is None or not parts:
            continue
        when = base.get("bt", 0) + record.get("t", 0)
        station = parts[-2] if len(parts) > 1 else topic.split("/")[-1]
        yield station, {parts[-1]: value}, when if when >= 2**28 else None


def tasmota(device, value):
    """One object for each chip; two chips on one device are two stations. Its clock has no zone and is left out."""
    chips = {name: chip for name, chip in value.items() if isinstance(chip, dict)}
    for name, chip in chips.items():
        fields = flat(chip)
        if value.get("TempUnit") == "F" and "Temperature" in fields:
            fields["Temperature"] = round((fields["Temperature"] - 32) / 1.8, 2)
        yield (device if len(chips) == 1 else f"{device}-{name}"), fields, None


def readings(topic, value):
    """Yields (station, fields, time or None) for what arrived."""
    levels = [level for level in topic.split("/") if level]
    if isinstance(value, list) and all(isinstance(record, dict) for record in value):
        yield from senml(value, topic)
    elif levels[0] == "homeassistant" and levels[-1] == "config":
        return  # discovery tells what there is, not what is measured
    elif levels[0] == "homeassistant" and levels[-1] == "state" and number(value) is not None:
        station, _, metric = levels[-2].rpartition("_")  # hall_temperature
        yield station or levels[-2], {metric: number(value)}, None
    elif number(value) is not None and len(levels) > 1:
        yield levels[-2], {levels[-1]: number(value)}, None
    elif isinstance(value, dict) and "uplink_message" in value:  # The Things Network
        uplink = value["uplink_message"]
        yield value["end_device_ids"]["device_id"], flat(uplink.get("decoded_payload", {})), value.get("received_at")
    elif isinstance(value, dict) and "deviceInfo" in value:  # ChirpStack 4
        yield value["deviceInfo"]["deviceName"], flat(value.get("object") or {}), value.get("time")
    elif isinstance(value, dict) and levels[-1] == "SENSOR":
        yield from tasmota(levels[-2], value)
    elif isinstance(value, dict) and isinstance(value.get("payload"), (dict, int, float, str)) and "_msgid" in value:
        yield from readings(value.get("topic") or topic, value["payload"])  # a whole msg of Node-RED
    elif isinstance(value, dict) and levels[0] == "zigbee2mqtt":
        fields = flat(value)
        if "battery" in fields and "voltage" in fields:
            fields["battery_mv"] = fields.pop("voltage")
        yield levels[1], fields, None
    elif isinstance(value, dict):
        fields = flat(value)
        said_twice = len(levels) > 1 and [levels[-1].lower()] == [name.lower() for name in fields]  # hall/temp {"temp":21}
        station = levels[-2] if said_twice else levels[0] if "status" in levels else levels[-1]  # Shelly: x/status/switch:0
        yield station, fields, next((value[key] for key in ("time", "timestamp") if key in value), None)


def domain_of(name, default):
    return next((domain for domain, names in DOMAINS.items() if name.lower() in names), default)


def split(line):
    """Topic and payload of a line; a topic may hold blanks."""
    line = line.rstrip("\r\n")
    json_begins = re.search(r"[\t ][\[{]", line)
    at = json_begins.start() if json_begins else line.rfind("\t" if "\t" in line else " ")
    return (line[:at], line[at + 1:]) if at > 0 else (line, "")


def translate(line, args):
    """Yields (topic, payload) of ours for a line "topic payload"."""
    topic, payload = split(line)
    try:
        value = json.loads(payload)
    except ValueError:
        value = payload
    for station, fields, when in readings(topic, value):
        parts = {}
        for name, n in fields.items():
            parts.setdefault(domain_of(name, args.domain), {})[name] = n
        for domain, part in parts.items():
            message = {**({"t": when} if when else {}), **part}
            yield f"{args.root}/{args.team}/{domain}/{clean(str(station)) or 'sensor'}", json.dumps(message)


def publisher(args):
    """A function that publishes one message and returns when the broker has it. What the wall objects to is printed."""
    import paho.mqtt.client as mqtt
    host, _, port = args.to.partition(":")
    client = mqtt.Client(*([mqtt.CallbackAPIVersion.VERSION2] if hasattr(mqtt, "CallbackAPIVersion") else []))
    with open(args.password_file, encoding="utf-8") as file:
        client.username_pw_set(args.team, file.read().strip())
    client.on_connect = lambda c, *_: c.subscribe(f"{args.root}/{args.team}/$feedback", 1)
    client.on_message = lambda c, _, m: print("the wall says:", m.payload.decode(), file=sys.stderr)
    client.connect(host, int(port or 1883))
    client.loop_start()

    def publish(topic, payload):
        info = client.publish(topic, payload, qos=1)
        while not info.is_published():
            time.sleep(0.005)
    return publish


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--team", required=True, help="your user name")
    parser.add_argument("--domain", default="air", help="of names that are not known to belong elsewhere (default air)")
    parser.add_argument("--root", default="casa/v1")
    parser.add_argument("--to", metavar="HOST:PORT", help="publish there instead of printing")
    parser.add_argument("--password-file")
    args = parser.parse_args()
    if args.to and not args.password_file:
        parser.error("--to needs --password-file")
    publish = publisher(args) if args.to else lambda topic, payload: print(topic, payload, sep="\t", flush=True)
    silent = set()
    for line in sys.stdin:
        topic = split(line)[0]
        if not topic:
            continue
        messages = []
        try:
            messages = list(translate(line, args))
        except (KeyError, TypeError, AttributeError, IndexError) as fault:
            print(f"translate: {topic}: not understood ({fault!r})", file=sys.stderr)
        if not messages and topic not in silent:
            silent.add(topic)
            print(f"translate: {topic}: no number in it, left out", file=sys.stderr)
        for message in messages:
            publish(*message)


if __name__ == "__main__":
    try:
        main()
    except (BrokenPipeError, KeyboardInterrupt):
        sys.exit(0)
    except OSError as fault:
        sys.exit(f"translate: {fault}")
