#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Every query of the dashboards for Grafana, asked of the real server that the recorder has filled, brings lines with values."""
import json
import os
import subprocess
import sys
import tempfile
import urllib.parse
import urllib.request

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "support"))

from casatest.servers import Broker, Influx, Program, free_port, wait_for  # noqa: E402
from casatest.tap import Tap  # noqa: E402

CASA, SIM, CONFIG = (os.environ[name] for name in ("CASA_PROGRAM", "CASA_SIM_PROGRAM", "CASA_TEST_CONFIG"))
DASHBOARDS = os.path.join(HERE, "..", "..", "dashboards")
# What Grafana would put in for "last 24 hours" on a panel of usual width.
MACROS = {"$timeFilter": "time > now() - 24h", "$interval": "5m", "$__interval": "5m", "/^$source$/": "/^city$/", "$source": "city"}


class Victoria:
    def __init__(self, folder):
        address = f"127.0.0.1:{free_port()}"
        self.url = f"http://{address}/?db=casa"
        self.program = Program(folder, "victoria", ["victoria-metrics", "-httpListenAddr=" + address, f"-storageDataPath={folder}/data",
                                                    "-retentionPeriod=1y", "-dedup.minScrapeInterval=1ms"])
        wait_for(self._answers, 60, "victoria-metrics to answer")

    def get(self, path):
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with opener.open(self.url.split("/?")[0] + path, timeout=10) as answer:
            return answer.read().decode()

    def _answers(self):
        try:
            return self.get("/health")
        except OSError:
            return ""

    def stop(self):
        self.program.stop()


def queries(name):
    """(title of the panel, what it asks) of a dashboard, as Grafana would send it."""
    with open(os.path.join(DASHBOARDS, name), encoding="utf-8") as file:
        board = json.load(file)
    for panel in board["panels"]:
        for target in panel["targets"]:
            text = target.get("query") or target["expr"]
            for macro, value in MACROS.items():
                text = text.replace(macro, value)
            yield panel["title"], text


def ask_influx(server, text):
    """Lines with a value in them."""
    return sum(any(row[1] is not None for row in rows) for _, _, _, rows in server.series(text))


def ask_victoria(server, text):
    answer = json.loads(server.get("/api/v1/query_range?" + urllib.parse.urlencode({"query": text, "start": "-24h", "step": "5m"})))
    return len(answer["data"]["result"])


def fill(folder, name, broker, url):
    recorder = Program(folder, name, [CASA, "record", "--config", CONFIG, "--broker", broker.url, "--influx", url,
                                      "--store", os.path.join(folder, name + ".db"), "--stats", "1"])
    recorder.wait_err("connected to")
    return recorder


def is_copied(recorder):
    lines = [json.loads(line) for line in recorder.out().splitlines() if line.endswith("}")]
    return lines and lines[-1]["samples"] > 10000 and lines[-1]["pending"] == 0


def main():
    tap = Tap()
    with tempfile.TemporaryDirectory(prefix="casa-dashboards-") as folder:
        broker = Broker(folder, "allow_zero_length_clientid true")
        for server, name, ask in [(Influx(folder), "casa-pulse-influxdb.json", ask_influx),
                                  (Victoria(folder), "casa-pulse-victoriametrics.json", ask_victoria)]:
            recorder = fill(folder, name, broker, server.url)
            # Nine hours reach back to trams and buses that run, at any hour of the night.
            subprocess.run([SIM, "--config", CONFIG, "--broker", broker.url, "--backfill", "9h", "--duration", "2s"], check=True,
                           stderr=subprocess.DEVNULL)
            wait_for(lambda: is_copied(recorder), 120, f"all of it in {server.url}", every=0.2)
            for title, text in queries(name):
                try:  # VictoriaMetrics shows what is new after a moment
                    lines = wait_for(lambda: ask(server, text), 40, f"lines of {text}", every=0.5)
                except TimeoutError as error:
                    lines, text = 0, error
                tap.case(lines > (1 if " by " in title else 0), f"{name}: {title}", f"{lines} lines: {text}")
            recorder.stop()
            server.stop()
        broker.stop()
    return tap.finish()


sys.exit(main())
