#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What `casa export --format csv` writes is read with its types: by Python's csv and the rules that docs/STORE.md names, and by pandas and R
where they are installed. Under a locale with a decimal comma, where there is one."""
import csv
import datetime
import io
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))

from casatest.servers import Broker, Program, wait_for  # noqa: E402
from casatest.tap import Tap  # noqa: E402

CASA, SIM, CONFIG = (os.environ[name] for name in ("CASA_PROGRAM", "CASA_SIM_PROGRAM", "CASA_TEST_CONFIG"))
# The clock of an afternoon for all programs: by night hardly a vehicle says anything.
SHIFT = -int((time.time() - 15 * 3600) % 86400)
os.environ["CASA_CLOCK_SHIFT"] = str(SHIFT)
VALUES = {"tiny": 0.000000125, "huge": 123456789012.25, "below": -7.5, "third": 0.1 + 0.2, "whole": 1234567}
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")
PANDAS = """
import sys, pandas
frame = pandas.read_csv(sys.argv[1], parse_dates=["time", "received"] if "received" in open(sys.argv[1]).readline() else ["time"])
print(",".join(f"{name}:{kind}" for name, kind in frame.dtypes.items()), frame.isna().sum().sum(), len(frame), repr(float(frame.value.sum())))
"""
R = """
frame <- read.csv(commandArgs(TRUE)[1])
time <- as.POSIXct(frame$time, format = "%Y-%m-%dT%H:%M:%OSZ", tz = "UTC")
cat(sprintf("%s:%s", names(frame), sapply(frame, class)), sum(is.na(frame)) + sum(is.na(time)), nrow(frame), sprintf("%.17g", sum(frame$value)))
"""


def comma_locale(folder):
    """Variables of a locale whose numbers have a comma; none where it cannot be made."""
    made = os.path.join(folder, "locales", "fr_FR.UTF-8")
    os.mkdir(os.path.dirname(made))
    command = ["localedef", "--no-archive", "-i", "fr_FR", "-f", "UTF-8", made]
    if not shutil.which("localedef") or subprocess.run(command, capture_output=True, check=False).returncode:
        return {}
    return {"LOCPATH": os.path.dirname(made), "LC_ALL": "fr_FR.UTF-8"}


COMMA = {}


def export(store, *options, check=True):
    env = {**os.environ, **COMMA, "TZ": "Africa/Casablanca"}
    return subprocess.run([CASA, "export", "--config", CONFIG, "--store", store, "--format", "csv", *options], env=env, capture_output=True,
                          text=True, check=check).stdout


def fill(folder):
    """A store with the city, and a team's numbers that are awkward to write."""
    broker, store = Broker(folder), os.path.join(folder, "pulse.db")
    recorder = Program(folder, "record", [CASA, "record", "--config", CONFIG, "--broker", broker.url, "--store", store, "--stats", "1"])
    recorder.wait_err("connected to")
    subprocess.run([SIM, "--config", CONFIG, "--broker", broker.url, "--stations", "30", "--duration", "20s", "--speed", "10"], check=True,
                   stderr=subprocess.DEVNULL)
    text = "{" + ",".join(f'"{name}":{value!r}' for name, value in VALUES.items()) + "}"
    subprocess.run(["mosquitto_pub", "-h", "127.0.0.1", "-p", str(broker.port), "-q", "1", "-t", "casa/v1/t/air/esp32-1", "-m", text], check=True)
    # Until the first of them is stored, the team is unknown.
    wait_for(lambda: export(store, "--source", "t", check=False).count("\n") == len(VALUES) + 1, 60, "the team's values in the store", every=0.2)
    recorder.stop()
    broker.stop()
    return store


def row_faults(text, least):
    rows = list(csv.DictReader(io.StringIO(text)))
    if len(rows) < least:
        yield f"only {len(rows)} rows of {least}"
    for row in rows:
        if None in row or None in row.values():
            yield f"another number of columns: {row}"
            continue
        for name, cell in row.items():
            good = {"time": TIME.fullmatch, "received": TIME.fullmatch, "value": plain, "min": plain, "max": plain, "n": str.isdigit}.get(
                name, re.compile(r"[\w.-]+").fullmatch)(cell)
            if not good:
                yield f"{name}: {cell!r}"


def plain(cell):
    return re.fullmatch(r"-?\d+(\.\d+)?(e[+-]\d+)?", cell) and float(cell) == float(cell)


def first(found):
    return "\n".join(list(found)[:5])


def other_reader(tap, what, command, kinds, table):
    """@kinds: words that its answer begins with."""
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    rows = list(csv.DictReader(io.StringIO(table)))
    words = run.stdout.split()
    good = (run.returncode == 0 and words[:len(kinds)] == kinds and words[len(kinds):len(kinds) + 2] == ["0", str(len(rows))]
            and abs(float(words[-1]) / sum(float(row["value"]) for row in rows) - 1) < 1e-12)
    tap.case(good, f"{what} reads times, texts and numbers as such", run.stdout + run.stderr)


def main():
    tap = Tap()
    with tempfile.TemporaryDirectory(prefix="casa-csv-") as folder:
        COMMA.update(comma_locale(folder))
        store = fill(folder)
        table, means = export(store), export(store, "--every", "1min")
        series = len({tuple(line.split(",")[1:5]) for line in table.splitlines()[1:]})
        faults = first(row_faults(table, 100))
        tap.case(not faults, "samples: ISO 8601 times in UTC, plain numbers, no cell that needs quotes", faults)
        faults = first(row_faults(means, series))
        tap.case(not faults, "means, least, greatest and their number: the same", faults)
        own = {row["metric"]: float(row["value"]) for row in csv.DictReader(io.StringIO(export(store, "--source", "t")))}
        tap.case(own == VALUES, "every number comes back to the last bit", own)
        age = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(seconds=SHIFT) - datetime.datetime.fromisoformat(
            next(csv.DictReader(io.StringIO(export(store, "--source", "t"))))["received"].replace("Z", "+00:00"))
        tap.case(datetime.timedelta(0) <= age < datetime.timedelta(minutes=30), "times are in UTC, whatever the zone of the machine", age)
        path = os.path.join(folder, "day.csv")
        with open(path, "w", encoding="utf-8") as file:
            file.write(table)
        python = next((name for name in (sys.executable, "/usr/bin/python3")
                       if subprocess.run([name, "-c", "import pandas"], capture_output=True, check=False).returncode == 0), None)
        if python:
            kinds = "time:datetime64[ns, UTC],source:object,domain:object,station:object,metric:object,value:float64,received:datetime64[ns, UTC]"
            other_reader(tap, "pandas", [python, "-c", PANDAS, path], kinds.split(), table)
        else:
            tap.skip("pandas", "python3-pandas is not installed")
        if shutil.which("Rscript"):
            kinds = "time:character source:character domain:character station:character metric:character value:numeric received:character"
            other_reader(tap, "R", ["Rscript", "-e", R, path], kinds.split(), table)
        else:
            tap.skip("R", "r-base-core is not installed")
    return tap.finish()


if __name__ == "__main__":
    sys.exit(main())
