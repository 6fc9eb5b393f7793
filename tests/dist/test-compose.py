#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""dist/compose: all that its files name is there, nothing is open to others, and broker, InfluxDB, recorder and simulator, started by
casa-start as containers start it, bring values into the store and into InfluxDB."""
import json
import os
import re
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
TREE = os.path.normpath(os.path.join(HERE, "..", ".."))
COMPOSE = os.path.join(TREE, "dist", "compose")
sys.path.insert(0, os.path.join(HERE, "..", "support"))

from casatest.servers import Program, free_port, wait_for  # noqa: E402
from casatest.tap import Tap  # noqa: E402

PROGRAMS = {"casa": os.environ["CASA_PROGRAM"], "casa-sim": os.environ["CASA_SIM_PROGRAM"]}
STARTS = {"record": [PROGRAMS["casa"], "record"], "sim": [PROGRAMS["casa-sim"]], "broker": None, "influxdb": None}


def read(*path):
    with open(os.path.join(*path), encoding="utf-8") as file:
        return file.read()


def has(place):
    return os.path.exists(os.path.join(COMPOSE, place))


def image_faults(name, service):
    docker = read(COMPOSE, "Dockerfile")
    if "build" in service:
        build = service["build"]
        if os.path.normpath(os.path.join(COMPOSE, build["context"])) != TREE or not os.path.exists(os.path.join(TREE, build["dockerfile"])):
            yield f"{name}: is not built from this tree"
        if not re.search(rf"^FROM \S+ AS {build['target']}$", docker, re.M):
            yield f"{name}: the Dockerfile has no {build['target']}"
    else:
        first, *rest = service["image"].split("/")
        if rest and re.search(r"[.:]", first):
            yield f"{name}: {service['image']} names a registry"


def command_faults(name, service):
    words = service.get("command", [])
    if words and words[0] not in STARTS:
        yield f"{name}: casa-start knows no {words[0]}"
    elif words and STARTS[words[0]]:
        told = subprocess.run([*STARTS[words[0]], "--help"], capture_output=True, text=True, check=True).stdout
        yield from (f"{name}: {word} is no option" for word in words[1:] if word.startswith("--") and not re.search(rf"{word}\b", told))
    check = service.get("healthcheck", {}).get("test", [])
    if "casa-start" in check and check[-1] != words[0]:
        yield f"{name}: asks after the health of {check[-1]}"


def wiring_faults(name, service, compose):
    for volume in service.get("volumes", []):
        place = volume.split(":")[0]
        if not (has(place) if place.startswith(".") else place in compose["volumes"]):
            yield f"{name}: the volume {place} is nowhere"
    for kind in ("networks", "secrets"):
        yield from (f"{name}: {kind} has no {word}" for word in service.get(kind, []) if word not in compose[kind])
    for other in service.get("depends_on", {}):
        if "healthcheck" not in compose["services"].get(other, {}):
            yield f"{name}: waits for the health of {other}, which tells none"
    for port in service.get("ports", []):
        if not port.startswith("${CASA_ADDRESS:-127.0.0.1}:"):
            yield f"{name}: port {port} is open to the network"
    if "no-new-privileges:true" not in service["security_opt"] or service["cap_drop"] != ["ALL"]:
        yield f"{name}: may become more than it is"


def docker_faults():
    control = re.findall(r"^Package: (\S+)$", read(TREE, "debian", "control"), re.M)
    for options, places in re.findall(r"^COPY ((?:--\S+ )*)(.+) \S+$", read(COMPOSE, "Dockerfile"), re.M):
        for place in places.split():
            package = re.search(r"/([a-z-]+)_\*\.deb$", place)
            if package[1] not in control if package else options or not os.path.exists(os.path.join(TREE, place)):
                yield f"Dockerfile: {place} is not there"
    for line in re.findall(r"^FROM (\S+)", read(COMPOSE, "Dockerfile"), re.M):
        if "/" in line:
            yield f"Dockerfile: {line} is no plain name"


def grafana_faults(compose, sources):
    volumes = dict(volume.split(":")[:2] for volume in compose["services"]["grafana"]["volumes"])
    board = "../../dashboards/casa-pulse-influxdb.json"
    if f"path: {os.path.dirname(volumes[board])}\n" not in read(TREE, "dashboards", "provisioning.yaml"):
        yield "provisioning.yaml looks elsewhere for dashboards"
    known = [source["uid"] for source in sources["datasources"]]
    asked = {target["datasource"]["uid"] for panel in json.loads(read(COMPOSE, board))["panels"] for target in panel["targets"]}
    if not asked:
        yield "the dashboard asks nobody"
    yield from (f"the dashboard asks for {uid}, which datasources.yaml has not" for uid in sorted(asked - set(known)))


def secret_faults(compose, folder):
    subprocess.run([os.path.join(COMPOSE, "make-secrets"), folder], check=True, stderr=subprocess.DEVNULL)
    before = {name: read(folder, name) for name in os.listdir(folder)}
    if sorted(before) != sorted(os.path.basename(secret["file"]) for secret in compose["secrets"].values()):
        yield f"make-secrets makes {sorted(before)}"
    if min(len(text) for text in before.values()) < 30 or len(set(before.values())) != len(before):
        yield "passwords are short or the same"
    if os.stat(folder).st_mode & 0o077:
        yield "others may look into the folder of secrets"
    subprocess.run([os.path.join(COMPOSE, "make-secrets"), folder], check=True, stderr=subprocess.DEVNULL)
    if before != {name: read(folder, name) for name in os.listdir(folder)}:
        yield "a second run changes passwords"


class Containers:
    """What compose would start, each with a folder for its volume, one for its secrets and one for /run, on free ports of this machine."""

    def __init__(self, compose, folder, secrets):
        self.compose, self.folder, self.secrets = compose, folder, secrets
        self.ports = {name: str(free_port()) for name in ("broker", "influx", "metrics")}
        self.bin = os.path.join(folder, "bin")
        os.mkdir(self.bin)
        for name, program in PROGRAMS.items():
            os.symlink(program, os.path.join(self.bin, name))
        conf = read(COMPOSE, "record.conf").replace("broker:1883", "127.0.0.1:" + self.ports["broker"])
        with open(os.path.join(folder, "record.conf"), "w", encoding="utf-8") as file:
            file.write(conf.replace("influxdb:8086", "127.0.0.1:" + self.ports["influx"]))

    def env(self, name):
        place = os.path.join(self.folder, name)
        return {"PATH": self.bin + ":" + os.environ["PATH"] + ":/usr/sbin", "CASA_SHARE": TREE, "CASA_ETC": self.folder, "CASA_RUN": place + "-run",
                "CASA_STATE": place, "CASA_SECRETS": place + "-secrets", "CASA_LISTEN": "127.0.0.1", "CASA_BROKER_PORT": self.ports["broker"],
                "CASA_INFLUX_PORT": self.ports["influx"], "CASA_METRICS_PORT": self.ports["metrics"],
                "CASA_INFLUX_RPC": f"127.0.0.1:{free_port()}", "CASA_BROKER": f"mqtt://city@127.0.0.1:{self.ports['broker']}", "CASA_USER": "root"}

    def start(self, name, *options):
        service = self.compose["services"][name]
        env = self.env(name)
        os.mkdir(env["CASA_SECRETS"])
        for secret in service.get("secrets", []):
            os.symlink(os.path.join(self.secrets, secret), os.path.join(env["CASA_SECRETS"], secret))
        return Program(self.folder, name, [os.path.join(COMPOSE, "casa-start"), *service["command"], *options], env)

    def healthy(self, name):
        words = self.compose["services"][name]["healthcheck"]["test"]
        run = subprocess.run([os.path.join(COMPOSE, words[1]), *words[2:]], env={**os.environ, **self.env(name)}, capture_output=True, check=False)
        return run.returncode == 0

    def wait_healthy(self, name, program):
        def ready():
            if not program.running():
                raise AssertionError(f"{name} ended: {program.err()[-2000:]}")
            return self.healthy(name)
        wait_for(ready, 120, f"the health of {name}", every=0.3)


def stored(folder):
    run = subprocess.run([PROGRAMS["casa"], "export", "--config", os.path.join(TREE, "config"), "--store", os.path.join(folder, "recorder", "pulse.db"),
                          "--source", "city"], capture_output=True, text=True, check=False)
    return run.stdout.count("\n") - 1


def copied(port):
    told = subprocess.run(["curl", "-fsS", "--noproxy", "*", "-G", f"http://127.0.0.1:{port}/query", "--data-urlencode", "db=casa",
                           "--data-urlencode", "q=SELECT count(*) FROM air"], capture_output=True, text=True, check=False).stdout
    return '"values"' in told


def together(tap, compose, folder, secrets):
    containers, started = Containers(compose, folder, secrets), []
    try:
        for name in ("broker", "influxdb", "recorder"):
            tap.case(not containers.healthy(name), f"{name} is not called healthy before it runs")
            started.append(containers.start(name))
            containers.wait_healthy(name, started[-1])
            tap.case(True, f"{name} runs and says so")
        started.append(containers.start("simulator", "--duration", "20s", "--stations", "40", "--speed", "10", "--backfill", "30min"))
        tap.case(started[-1].wait(180) == 0, "the simulator says what it has to say", started[-1].err()[-2000:])
        wait_for(lambda: stored(folder) > 100, 120, "values in the store", every=0.5)
        tap.case(True, "values are stored")
        wait_for(lambda: copied(containers.ports["influx"]), 120, "values in InfluxDB", every=0.5)
        tap.case(True, "and copied to InfluxDB")
        tap.case(started[2].stop(120) == 0, "the recorder ends well", started[2].err()[-2000:])
    finally:
        for program in reversed(started):
            program.stop()


def main():
    tap = Tap()
    try:
        import yaml
    except ImportError:
        tap.skip("dist/compose", "python3-yaml is not installed")
        return tap.finish()
    compose = yaml.safe_load(read(COMPOSE, "compose.yaml"))
    faults = [fault for name, service in compose["services"].items()
              for fault in (*image_faults(name, service), *command_faults(name, service), *wiring_faults(name, service, compose))]
    faults += [*docker_faults(), *grafana_faults(compose, yaml.safe_load(read(COMPOSE, "datasources.yaml")))]
    tap.case(not faults, "what the files name is there, and nothing is open to others", "\n".join(faults))
    with tempfile.TemporaryDirectory(prefix="casa-compose-") as folder:
        secrets = os.path.join(folder, "secrets")
        faults = list(secret_faults(compose, secrets))
        tap.case(not faults, "secrets are made once, for their owner alone", "\n".join(faults))
        together(tap, compose, folder, secrets)
    return tap.finish()


if __name__ == "__main__":
    sys.exit(main())
