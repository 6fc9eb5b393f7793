#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A case of each kind of payload that people's kits and hands really send, with the right answer of `casa check --json`: which
numbers are read, under which names, in which unit, of which moment, and what is refused with which cure. The numbers are made up."""
import json
import os
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "support"))

from casatest.tap import Tap  # noqa: E402

CASA, CONFIG = os.environ["CASA_PROGRAM"], os.environ["CASA_TEST_CONFIG"]
NOW, NOW_MS = "2026-05-21T17:42:07.500Z", 1779385327500
AIR, ENERGY, MOVES, ONE = "casa/v1/equipe-7/air/s", "casa/v1/equipe-7/energy/s", "casa/v1/equipe-7/mobility/s", "casa/v1/equipe-7/air/s/temp_c"

# Kind, topic (a kit's own: as below …/kit/), payload, {name: value, or (value, moment in ms)}, [(code, words of reason and cure)].
# A name is METRIC, or STATION/METRIC where the payload names the station.
CASES = [
    ("zigbee climate", AIR, '{"battery":64,"humidity":47.5,"linkquality":120,"pressure":1011.2,"temperature":19.75,"voltage":2905}',
     {"temp_c": 19.75, "rh_pct": 47.5, "pressure_hpa": 1011.2, "voltage_v": 2.905, "battery": 64}, []),
    ("millivolts of nobody knows what", AIR, '{"battery":64,"temperature":19.75,"voltage":2905}', {"temp_c": 19.75}, [("unit", "likely mV")]),
    ("nulls beside numbers", AIR, '{"temperature":null,"humidity":52,"linkquality":90,"last_seen":"2026-05-21T18:41:00+01:00"}',
     {"rh_pct": (52, NOW_MS - 67500)}, [("type", 'field "temperature": null')]),
    ("plug with states", ENERGY, '{"child_lock":"UNLOCK","power":245,"state":"ON","voltage":229,"linkquality":80}', {"power_w": 245, "voltage_v": 229}, []),
    ("presence is no share", MOVES, '{"occupancy":true,"linkquality":60,"last_seen":1779385300000}', {"presence": (1, 1779385300000)}, []),
    ("boolean for a share", MOVES, '{"occupancy":true}', {}, [("type", "a state is no quantity")]),
    ("chips of one device", AIR, '{"Time":"2026-05-21T18:41:00","DS18B20":{"Id":"0A","Temperature":22.5},"BME280":{"Temperature":21.5,"Humidity":50.5},"TempUnit":"C"}',
     {"s-ds18b20/temp_c": 22.5, "s-bme280/temp_c": 21.5, "s-bme280/rh_pct": 50.5}, []),
    ("degrees Fahrenheit for all", AIR, '{"Time":"2026-05-21T18:41:00","AM2301":{"Temperature":75.2,"Humidity":44.0},"TempUnit":"F"}', {"temp_c": 24.0, "rh_pct": 44}, []),
    ("two pins", AIR, '{"Time":"2026-05-21T18:41:00","DS18B20-1":{"Temperature":20.5},"DS18B20-2":{"Temperature":25.5},"TempUnit":"C"}',
     {"s-ds18b20-1/temp_c": 20.5, "s-ds18b20-2/temp_c": 25.5}, []),
    ("meter", ENERGY, '{"Time":"2026-05-21T18:41:00","ENERGY":{"Total":72.125,"Power":388,"Voltage":230,"Current":1.75}}',
     {"energy_kwh": 72.125, "power_w": 388, "voltage_v": 230, "current_a": 1.75}, []),
    ("sensor without a reading", AIR, '{"Time":"2026-05-21T18:41:00","AM2301":{"Temperature":null},"TempUnit":"C"}', {}, [("type", "null")]),
    ("plain number", ONE, "18.25", {"temp_c": 18.25}, []),
    ("plain exponent", ONE, "1.825e1", {"temp_c": 18.25}, []),
    ("minus nought", ONE, "-0.0", {"temp_c": 0}, []),
    ("nan", ONE, "nan", {}, [("non-finite", "leave the field out")]),
    ("unavailable", ONE, "unavailable", {}, [("type", "send nothing")]),
    ("unknown", ONE, "unknown", {}, [("type", "send nothing")]),
    ("objects behind one another", AIR, '{"temperature":18.5}{"humidity":58}', {"temp_c": 18.5, "rh_pct": 58}, []),
    ("JSON in quotes", AIR, '"{\\"temperature\\":18.5}"', {"temp_c": 18.5}, []),
    ("nan within", AIR, '{"temperature":nan,"humidity":58}', {"rh_pct": 58}, [("non-finite", "temperature")]),
    ("relay of the second generation", ENERGY, '{"src":"shellyplug-bb","method":"NotifyStatus","params":{"ts":1779385320.25,"switch:0":{"apower":21.5,"current":0.25}}}',
     {"power_w": (21.5, 1779385320250), "current_a": 0.25}, []),
    ("relay's status", ENERGY, '{"id":0,"source":"MQTT","output":true,"apower":17.5,"voltage":228.5,"freq":50.0,"aenergy":{"total":2500.0},"temperature":{"tC":41.0,"tF":105.8}}',
     {"power_w": 17.5, "voltage_v": 228.5, "energy_kwh": 2.5, "relay": 1}, []),
    ("light of the first generation", ENERGY, '{"ison":true,"source":"input","has_timer":false,"brightness":55,"mode":"white"}', {"relay": 1, "brightness": 55}, []),
    ("LoRaWAN, The Things Stack", AIR, '{"end_device_ids":{"device_id":"puits-2"},"received_at":"2026-05-21T17:42:00.5Z","uplink_message":{"f_port":2,"decoded_payload":{"temperature":23.5,"humidity":49}}}',
     {"temp_c": (23.5, 1779385320500), "rh_pct": 49}, []),
    ("LoRaWAN, ChirpStack", AIR, '{"deduplicationId":"d","time":"2026-05-21T17:42:00.250+00:00","deviceInfo":{"deviceName":"Puits 2","devEui":"01"},"fPort":2,"object":{"temperature":20.25}}',
     {"temp_c": (20.25, 1779385320250)}, []),
    ("fine dust kit", AIR, '{"esp8266id":"777","sensordatavalues":[{"value_type":"SDS_P1","value":"12.40"},{"value_type":"SDS_P2","value":"6.10"},{"value_type":"BME280_pressure","value":"100812.5"}]}',
     {"pm10": 12.4, "pm2_5": 6.1, "pressure_hpa": 1008.125}, []),
    ("discovery", AIR, '{"stat_t":"home/y/state","name":"Cour","uniq_id":"cour1","unit_of_meas":"°C","dev_cla":"temperature"}', {}, []),
    ("convention of Homie", "homie/cour-1/dht/temperature", "20.75", {"cour-1-dht/temp_c": 20.75}, []),
    ("SenML", AIR, '[{"bn":"urn:dev:cour-1:","bt":1779385300,"bu":"Cel","n":"temp","v":21.25},{"n":"hum","u":"%RH","v":54.5,"t":-10}]',
     {"temp_c": (21.25, 1779385300000), "rh_pct": (54.5, 1779385290000)}, []),
    ("line protocol", AIR, "air,site=cour temp_c=20.5,pm10=28i 1779385320000000000", {"temp_c": (20.5, 1779385320000), "pm10": 28}, []),
    ("where a phone is", MOVES, '{"_type":"location","acc":9,"batt":66,"lat":33.5755,"lon":-7.6125,"t":"u","tid":"k2","tst":1779385310,"vel":18}',
     {"lat": (33.5755, 1779385310000), "lon": -7.6125, "speed_kmh": 18}, []),
    ("Ultralight", AIR, "t|21.75|h|53", {"temp_c": 21.75, "rh_pct": 53}, []),
    ("NGSI-LD", AIR, '{"id":"urn:ngsi-ld:AirQualityObserved:cour-1","type":"AirQualityObserved","dateObserved":{"type":"Property","value":{"@type":"DateTime","@value":"2026-05-21T17:41:00Z"}},"temperature":{"type":"Property","value":20.25,"unitCode":"CEL"}}',
     {"temp_c": (20.25, NOW_MS - 67500)}, []),
    ("bus", MOVES, '{"VP":{"desi":"7","veh":402,"tst":"2026-05-21T17:42:00.500Z","spd":5.0,"hdg":90,"lat":33.5701,"long":-7.6002,"dl":-25}}',
     {"lat": (33.5701, 1779385320500), "lon": -7.6002, "speed_kmh": 18, "delay_s": 25}, []),
    ("raw advertisement", AIR, '{"gw_mac":"AA:BB:CC:00:11:33","rssi":-70,"aoa":[],"gwts":1779385322,"ts":1779385321,"data":"0201061BFF99040511111111C30000040000040CAC364200CDAABBCC001133","coords":""}',
     {"temp_c": (21.845, 1779385321000), "rh_pct": 10.9225, "pressure_hpa": 999.2}, []),
    ("time without a zone", AIR, '{"time":"2026-05-21 18:41:00","temp":20.5}', {}, [("time", "leave the time out")]),
    ("values with units, time an uptime", AIR, '{"device":"AA_CC","mac":"AA:BB:CC:DD:EE:01","rssi":-66,"timestamp":30100,"battery":{"value":88,"unit":"%"},"temperature":{"value":68.0,"unit":"°F"}}', {"battery": 88, "temp_c": 20}, []),
    ("a value alone", ENERGY + "/voltage_v", '{"value":228.75}', {"voltage_v": 228.75}, []),
    ("a value that is null", ENERGY + "/voltage_v", '{"value":null}', {}, [("type", "leave the field out")]),
    ("offset without a colon", AIR, '{"timestamp":"2026-05-21T18:41:00+0100","temperature":19}', {"temp_c": (19, NOW_MS - 67500)}, []),
    ("telemetry", AIR, '{"ts":1779385310250,"values":{"temperature":20.75,"humidity":63}}', {"temp_c": (20.75, 1779385310250), "rh_pct": 63}, []),
    ("position under other names", MOVES, '{"location":{"timestamp":"2026-05-21T17:41:00.000Z","coords":{"latitude":33.565,"longitude":-7.62,"speed":5.0},"battery":{"level":0.75}},"device_id":"7"}',
     {"lat": (33.565, NOW_MS - 67500), "lon": -7.62, "speed_kmh": 18, "battery": 75}, []),
    ("a value of which metric", AIR, '{"value":19.5,"coordinates":{"latitude":33.57,"longitude":-7.59}}', {}, [("no-metric", "name the field after it")]),
    ("meter of a house", "dsmr/reading/electricity_currently_delivered", "0.275", {"power_w": 275}, []),
    ("Sentilo without a name", AIR, '{"observations":[{"value":"19.5","timestamp":"21/05/2026T17:41:00"}]}', {}, [("no-metric", "")]),
    ("Sparkplug B cut off", AIR, bytes.fromhex("0890d1b5c8e333121a0a0374656d7008"), {}, [("utf8", "Sparkplug B")]),
    ("CBOR cut off", AIR, bytes.fromhex("81a36174"), {}, [("utf8", "CBOR")]),
    ("timetables of GTFS", MOVES, bytes.fromhex("0a0f0a03322e3010001890d1b5d006"), {}, [("utf8", "GTFS-realtime")]),
    ("a unit behind the number", ONE, "18.5 °C", {}, [("number", "send 18.5 alone")]),
    ("unit by another name", ONE, '{"value":68.0,"unit_of_measurement":"°F"}', {"temp_c": 20}, []),
    ("unit in capitals", ONE, '{"value":68.0,"Unit":"°F"}', {"temp_c": 20}, []),
    ("time in capitals", AIR, '{"TS":1779385260,"Temperature":18.5}', {"temp_c": (18.5, 1779385260000)}, []),
    ("fault and hint of one field", AIR, '{"a":"x","devEui":"99abcdefabcdef01","temp":19.5}', {"temp_c": 19.5}, [("type", 'field "a"'), ("type", 'field "devEui"')]),
    ("thousands", AIR + "/pressure_hpa", "1,009.75", {}, [("number", "1009.75")]),
    ("thousands in a text", "meteo/cour", '{"pressure":"1,009"}', {}, [("number", "1009")]),
    ("decimal comma", ONE, "18,25", {}, [("number", "18.25")]),
    ("point without digits", ONE, "7.", {}, [("number", "write 7")]),
    ("byte order mark", AIR, b'\xef\xbb\xbf{"temp":18.5}', {"temp_c": 18.5}, []),
    ("names without quotes", AIR, "{temp: 18.5}", {}, [("json", "double quotes")]),
    ("comma at the end", AIR, '{"temp": 18.5,}', {}, [("json", "no comma behind the last member")]),
    ("an id", AIR, '{"id":2882429800000000321,"temp":18.5}', {"temp_c": 18.5}, [("not-exact", "leave it out")]),
    ("no fix", MOVES, '{"lat":0,"lon":0,"speed":14}', {"speed_kmh": 14}, [("no-fix", "leave them out")]),
    ("cleared", ONE, b"\n", {}, []),
    ("packed", AIR, bytes.fromhex("1f8b0800000000000203ab562a49cd2d50b232"), {}, [("utf8", "uncompressed")]),
    ("UTF-16", AIR, '\ufeff{"temp":18}'.encode("utf-16-le"), {}, [("utf8", "send UTF-8")]),
    ("leap second", AIR, '{"time":"2026-05-21T17:41:60Z","temp":18.5}', {"temp_c": (18.5, 1779385319999)}, []),
    ("clock never set", AIR, '{"t":"1970-01-01T00:00:30Z","temp":18.5}', {}, [("time-past", "clock")]),
    ("terminator", AIR, b'{"temp":18.5}\0', {}, [("utf8", "strlen")]),
    ("the same twice", AIR, '{"temp":18.5,"temperature":19.5}', {"temp_c": 18.5}, [("duplicate-key", "temp_c is already")]),
    ("a line of a log", "esp/log", "boot in 10250", {}, [("json", "boot")]),
    ("state topic", "cour/sensor/temperature/state", "19.25", {"cour/temp_c": 19.25}, []),
    ("old relay's topic", "shellies/shellyplug-s-BB22/relay/0/power", "38.5", {"shellyplug-s-bb22/power_w": 38.5}, []),
    ("radio sensor", "rtl_433/pi/events", '{"time":"2026-05-21 18:41:00","model":"Nexus-TH","id":52,"temperature_C":16.5}', {"nexus-th-52/temp_c": 16.5}, []),
    ("time beside", "hall/json", '{"ts":1779385000,"temperature":18.5}', {"hall-json/temp_c": (18.5, 1779385000000)}, []),
    ("Domoticz", "domoticz/out", '{"idx":4,"name":"Cour","nvalue":0,"svalue1":"18.5","svalue2":"58","svalue3":"1","dtype":"Temp + Humidity"}', {"cour/temp_c": 18.5, "cour/rh_pct": 58}, []),
    ("Cayenne's channels", "v1/u/things/cour/data/3", "temp,c=18.5", {"cour-3/temp_c": 18.5}, []),
    ("Smart Citizen's numbers", AIR, '{"data":[{"recorded_at":"2026-05-21T17:41:00Z","sensors":[{"id":55,"value":18.5},{"id":58,"value":100.9}]}]}',
     {"temp_c": (18.5, NOW_MS - 67500), "pressure_hpa": 1009}, []),
    ("LoRaWAN, LORIOT", "l/x", '{"cmd":"gw","EUI":"AA01","ts":1779385260000,"data":"01","decoded":{"temperature":18.5}}', {"aa01/temp_c": (18.5, NOW_MS - 67500)}, []),
    ("LoRaWAN, ThingPark", "l/x", '{"DevEUI_uplink":{"Time":"2026-05-21T18:41:00+01:00","DevEUI":"AA01","payload_hex":"01"}}', {}, [("undecoded", "payload formatter")]),
    ("weather station's module", AIR, '{"module_name":"Cour","dashboard_data":{"time_utc":1779385260,"Temperature":18.5,"min_temp":10}}', {"temp_c": (18.5, NOW_MS - 67500)}, []),
    ("a phone's app", "tel", '{"sessionId":"s","payload":[{"name":"barometer","time":1779385260000000000,"values":{"pressure":1009.5}}]}', {"tel/pressure_hpa": (1009.5, NOW_MS - 67500)}, []),
    ("indices of air quality", AIR, '{"status":"ok","data":{"aqi":50,"iaqi":{"pm10":{"v":50},"t":{"v":18.5}}}}', {"temp_c": 18.5, "aqi": 50}, [("unit", "an index of air quality, not µg/m³")]),
    ("fields by number", "channels/9/publish", "field1=18.5&field2=58", {}, [("no-metric", "config/feeds.conf (value.METRIC = field1)")]),
    ("an event of a device", AIR, '{"event":"r","data":"{\\"temp\\":18.5}","coreid":"c","published_at":"2026-05-21T17:41:00Z"}', {"temp_c": (18.5, NOW_MS - 67500)}, []),
    ("a zone beside", AIR, '{"time":"2026-05-21 18:41:00","tz":"Africa/Casablanca","temp":20.5}', {"temp_c": (20.5, NOW_MS - 67500)}, []),
    ("minutes beside", AIR, '{"temp":20.5,"datetime":"2026-05-21 18:41:00","utc_offset":60}', {"temp_c": (20.5, NOW_MS - 67500)}, []),
    ("no zone at all", AIR, '{"time":"2026-05-21 18:41:00","tz":"CASA","temp":20.5}', {}, [("time", "write Africa/Casablanca")]),
    (".NET's time", AIR, '{"time":"/Date(1779385260000+0100)/","temp":20.5}', {"temp_c": (20.5, NOW_MS - 67500)}, []),
    ("names with accents", AIR, '{"température":18.5,"Humidité (%)":58,"qualité":2}', {"temp_c": 18.5, "rh_pct": 58, "qualite": 2}, []),
    ("its unit in French", AIR, '{"vitesse_vent":36,"unité":"km/h"}', {"wind_ms": 10}, []),
    ("water by its unit", "casa/v1/equipe-7/water/s", '{"débit":30,"unit":"L/min"}', {"flow_m3h": 1.8}, []),
    ("units for names within", ENERGY, '{"pzem":{"V":229.5,"A":1.5,"W":340}}', {"voltage_v": 229.5, "current_a": 1.5, "power_w": 340}, []),
    ("wind in French", AIR, '{"vitesse_vent":3.25,"direction_vent":200}', {"wind_ms": 3.25, "wind_dir": 200}, []),
    ("units for names", ENERGY, '{"V":229.5,"A":1.5,"W":340,"kWh":7.25}', {"voltage_v": 229.5, "current_a": 1.5, "power_w": 340, "energy_kwh": 7.25}, []),
    ("a letter alone", ENERGY, '{"V":3}', {"v": 3}, []),
    ("dust sensor's library", AIR, '{"pm10_standard":5,"pm25_standard":11,"pm100_standard":24,"pm10_env":4,"pm25_env":10,"pm100_env":22}', {"pm1": 4, "pm2_5": 10, "pm10": 22}, []),
    ("dust sensor's other library", AIR, '{"PM_AE_UG_1_0":4,"PM_AE_UG_2_5":10,"PM_AE_UG_10_0":22}', {"pm1": 4, "pm2_5": 10, "pm10": 22}, []),
    ("pascals", AIR, '{"pressure":100925}', {"pressure_hpa": 1009.25}, []),
    ("inches of mercury", AIR, '{"pressure":29.85}', {"pressure_hpa": 1010.83700904}, []),
    ("pascals called hectopascals", AIR, '{"pressure_hpa":100925}', {}, [("unit", "likely Pa")]),
    ("a unit in a kit's text", "cour/temperature", "18.5 °C", {"cour/temp_c": 18.5}, []),
    ("units in a kit's texts", "cour", '{"temperature":"18.5 °C","humidity":"58%"}', {"cour/temp_c": 18.5, "cour/rh_pct": 58}, []),
    ("a record of SenML alone", AIR, '{"n":"urn:dev:mac:0024befffe804ff1/temp","u":"Cel","v":18.5,"t":1779385320}', {"temp_c": (18.5, 1779385320000)}, []),
    ("XML", AIR, "<r><temperature>18.5</temperature></r>", {}, [("json", 'as JSON: {"temperature":18.5}')]),
    ("MessagePack", AIR, bytes.fromhex("81a474656d7015"), {}, [("utf8", "MessagePack")]),
    ("its own state", "tele/cour/STATE", '{"Time":"2026-05-21T18:41:00","Vcc":3.25,"POWER":"ON","Wifi":{"Signal":-80}}', {"cour/relay": 1, "cour/vcc_v": 3.25}, []),
]


def ask(topic, payload):
    data = payload if isinstance(payload, bytes) else payload.encode() + b"\n"
    run = subprocess.run([CASA, "check", "--json", "--config", CONFIG, "--now", NOW, "--source", "equipe-7", "--topic", topic], input=data,
                         capture_output=True, check=False)
    return [json.loads(line) for line in run.stdout.splitlines()]


def fault_of(answer, wanted, refusals):
    """None: as it should be."""
    read = {}
    for reading in answer["readings"]:
        read[reading["metric"]] = read[f"{reading['station']}/{reading['metric']}"] = reading
    for name, value in wanted.items():
        number, moment = value if isinstance(value, tuple) else (value, None)
        reading = read.get(name)
        if not reading or abs(reading["value"] - number) > 1e-6 or (moment and (reading["t_ms"], reading["time"]) != (moment, "payload")):
            return f"{name}: wanted {value}"
    if not wanted and any(reading["metric"] in ("temp_c", "value") for reading in answer["readings"]):
        return "nothing should be read"
    for code, words in refusals:
        if not any(r["code"] == code and words in f"{r['reason']}; {r['cure']}" for r in answer["refused"]):
            return f"wanted the refusal {code}: {words}"
    if not refusals and answer["refused"]:
        return "nothing should be refused"
    return None


def main():
    tap = Tap()
    for kind, topic, payload, wanted, refusals in CASES:
        answers = ask(topic, payload)
        fault = fault_of(answers[0], wanted, refusals) if len(answers) == 1 else f"{len(answers)} answers"
        tap.case(fault is None, kind, f"{fault}\n{answers}")
    place = ask("casa/v1/equipe-7/$station/s", '{"name":"S","domain":"air","latitude":33.52,"longitude":-7.61}')
    tap.case(place and [(s["lat"], s["lon"]) for s in place[0]["stations"]] == [(33.52, -7.61)], "where a station is, under other names", place)
    return tap.finish()


if __name__ == "__main__":
    sys.exit(main())
