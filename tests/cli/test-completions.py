#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What shells complete is what the programs take: asked of the shells themselves.

usage: test-completions.py TREE CASA CASA_SIM
"""
import os
import re
import shutil
import subprocess
import sys
import tempfile

tree, casa, casa_sim = sys.argv[1:4]
subcommands = ["record", "check", "export", "figures", "indicators", "import", "backup", "doctor", "secret", "stage", "team"]
config = os.path.join(tree, "config")
number = 0


def written(shell, name, program, *more):
    command = [os.path.join(tree, "tools", "completions"), shell, name, config, program, *more]
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, encoding="utf-8").stdout


def ok(good, what, got=""):
    global number
    number += 1
    print(f"{'ok' if good else 'not ok'} {number} {what}" + ("" if good else f"\n# got: {got}"))


def bash(script, function, *typed):
    """The replies of bash to TAB after these words."""
    typed = " ".join(f"'{word}'" for word in typed)
    ask = f'{script}\nCOMP_WORDS=({typed}); COMP_CWORD=$((${{#COMP_WORDS[@]}} - 1)); {function}; printf "%s\\n" "${{COMPREPLY[@]}}"'
    return subprocess.run(["bash", "-c", ask], check=True, stdout=subprocess.PIPE, encoding="utf-8").stdout.split()


sim, tool = written("bash", "casa-sim", casa_sim), written("bash", "casa", casa, *subcommands)
answer = bash(sim, "_casa_sim", "casa-sim", "--scen")
ok(answer == ["--scenario"], "an option", answer)
answer = bash(sim, "_casa_sim", "casa-sim", "--scenario", "=", "ram")
ok(answer == ["ramadan"], "one of the scenarios that are installed", answer)
for typed, place, count in (("power-cut-", "maarif", 16), ("tram-incident-t1", "t1-sidi-moumen", None), ("derby-night-", "stade-mohammed-v", None)):
    answer = bash(sim, "_casa_sim", "casa-sim", "--what-if", "=", typed)
    event = "-".join(typed.split("-")[:2])
    ok(f"{event}-{place}" in answer and (not count or len(answer) == count), f"an event's place, of those that are installed: {typed}", answer)
    figures = subprocess.run([casa_sim, "--config", config, "--what-if", f"{event}-{place}", "--start", "2026-11-30T20:15:00Z", "--duration", "5min",
                              "--figures", "substation/load_mw"], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding="utf-8", check=False)
    ok(figures.returncode == 0, f"…and the program takes it: {event}-{place}", figures.stdout)
answer = bash(sim, "_casa_sim", "casa-sim", "--qos", "")
ok(answer == ["0", "1"], "the values that the help names", answer)
answer = bash(tool, "_casa", "casa", "ex")
ok(answer == ["export"], "a subcommand", answer)
answer = bash(tool, "_casa", "casa", "export", "--metric", "pm")
ok(sorted(answer) == ["pm10", "pm2_5"], "a metric of metrics.conf", answer)
answer = bash(tool, "_casa", "casa", "export", "--domain", "mob")
ok(answer == ["mobility"], "a domain of metrics.conf", answer)
answer = bash(tool, "_casa", "casa", "record", "--metric", "")
ok("pm10" not in answer, "no option of another subcommand", answer)
for program, subcommand in [(casa_sim, None), *((casa, word) for word in subcommands)]:
    told = subprocess.run([program, *filter(None, [subcommand]), "--help"], check=True, stdout=subprocess.PIPE, encoding="utf-8").stdout
    known = {word for line in told.splitlines() for word in re.findall(r"^  (?:-\w, )?(--[\w-]+)", line)}
    words = [os.path.basename(program), *filter(None, [subcommand]), "--"]
    answer = bash(tool if subcommand else sim, "_casa" if subcommand else "_casa_sim", *words)
    ok(known and known <= set(answer), f"every option that {' '.join(words[:-1])} --help names", sorted(known - set(answer)))
for shell in ("zsh", "fish"):
    if not shutil.which(shell):
        number += 1
        print(f"ok {number} {shell} reads its file # SKIP {shell} is not installed")
        continue
    with tempfile.NamedTemporaryFile("w", suffix=shell, encoding="utf-8") as file:
        file.write(written(shell, "casa", casa, *subcommands))
        file.flush()
        read = subprocess.run([shell, "-n", file.name], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding="utf-8")
        ok(read.returncode == 0 and not read.stdout, f"{shell} reads its file", read.stdout)
print(f"1..{number}")
