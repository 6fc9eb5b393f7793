#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Prints what meson's JUnit reports say as one line, `N passed, N failed[, N skipped]`.

  count-tests.py REPORT [AGAIN]    the line; status 1 when anything failed or nothing ran
  count-tests.py --failed REPORT   the test programs that failed, a line each

REPORT is testlog.junit.xml with testlog.json beside it. AGAIN is the report of a second run, of those that failed in the
first: what they gave then counts, and each that passed then is named as unsteady.

Every TAP case counts as one. A test program that crashed, ran out of time or ended badly (a sanitizer's word at its end)
counts as failed even when its cases had passed: the JUnit report does not tell of the last, testlog.json does."""
import json
import os
import sys
import xml.etree.ElementTree as ElementTree


GOOD = ("OK", "SKIP", "EXPECTEDFAIL")


def programs(junit):
    """Name of each test program and whether meson itself calls it good."""
    log = os.path.splitext(os.path.splitext(junit)[0])[0] + ".json"
    with open(log, encoding="utf-8") as lines:
        results = [json.loads(line) for line in lines if line.strip()]
    return {r["name"]: r["result"] in GOOD for r in results}


def is_of(name, program):
    """A program's TAP cases are a suite called project.program; one without cases is a case called program."""
    return name == program or name.endswith("." + program)


class Tally:
    def __init__(self):
        self.passed = self.failed = self.skipped = 0

    def add(self, junit, left_out=()):
        """Counts the cases of a report, but those of the programs @left_out."""
        told = set()
        for suite in ElementTree.parse(junit).getroot().iter("testsuite"):
            if not any(is_of(suite.get("name"), program) for program in left_out):
                self.add_suite(suite, told, left_out)
        for program, good in programs(junit).items():
            if not good and program not in left_out and not any(is_of(name, program) for name in told):
                print(f"count-tests: {program} ended badly after its cases", file=sys.stderr)
                self.failed += 1

    def add_suite(self, suite, told, left_out):
        bad = 0
        for case in suite.iter("testcase"):
            if case.get("name") in left_out and "." not in suite.get("name"):
                continue
            if case.find("failure") is not None or case.find("error") is not None:
                bad += 1
                told.add(case.get("name"))
            elif case.find("skipped") is not None:
                self.skipped += 1
            else:
                self.passed += 1
        # meson reports a crash or a time-out in the suite's own figures, not in a case
        if not bad and "." in suite.get("name") and int(suite.get("failures", 0)) + int(suite.get("errors", 0)) > 0:
            bad = 1
        if bad:
            told.add(suite.get("name"))
        self.failed += bad


def main(junit, again=None):
    tally = Tally()
    try:
        second = programs(again) if again else {}
        tally.add(junit, left_out=set(second))
        if again:
            tally.add(again)
    except (OSError, ValueError, KeyError, ElementTree.ParseError) as error:
        print(f"count-tests: no test report: {error}", file=sys.stderr)
        print("0 passed, 1 failed")
        return 1
    for program in sorted(name for name, good in second.items() if good):
        print(f"unsteady: {program} failed beside the others and passed by itself; its first failure stands above")
    print(f"{tally.passed} passed, {tally.failed} failed" + (f", {tally.skipped} skipped" if tally.skipped else ""))
    return 1 if tally.failed or not tally.passed else 0


if sys.argv[1] == "--failed":
    for name, good in programs(sys.argv[2]).items():
        if not good:
            print(name)
else:
    sys.exit(main(*sys.argv[1:]))
