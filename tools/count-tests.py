#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Prints what a meson test run's JUnit report says as one line, `N passed, N failed[, N skipped]`.

Every TAP case counts as one. A test program that crashed, ran out of time or ended badly (a sanitizer's word at its end)
counts as failed even when its cases had passed: the JUnit report does not tell of the last, testlog.json beside it does.
Ends with status 1 when anything failed or nothing ran."""
import json
import os
import sys
import xml.etree.ElementTree as ElementTree


GOOD = ("OK", "SKIP", "EXPECTEDFAIL")


def programs_that_failed(junit):
    """Names of the test programs that meson itself calls failed."""
    with open(os.path.join(os.path.dirname(junit), "testlog.json"), encoding="utf-8") as lines:
        results = [json.loads(line) for line in lines if line.strip()]
    return [r["name"] for r in results if r["result"] not in GOOD]


def main(path):
    try:
        root = ElementTree.parse(path).getroot()
        bad_programs = programs_that_failed(path)
    except (OSError, ValueError, KeyError, ElementTree.ParseError) as error:
        print(f"count-tests: no test report: {error}", file=sys.stderr)
        print("0 passed, 1 failed")
        return 1
    passed = failed = skipped = 0
    told = set()
    for suite in root.iter("testsuite"):
        bad = good = 0
        for case in suite.iter("testcase"):
            if case.find("failure") is not None or case.find("error") is not None:
                bad += 1
                told.add(case.get("name"))
            elif case.find("skipped") is not None:
                skipped += 1
            else:
                good += 1
        # meson reports a crash or a time-out in the suite's own figures, not in a case
        if not bad and int(suite.get("failures", 0)) + int(suite.get("errors", 0)) > 0:
            bad = 1
        if bad:
            told.add(suite.get("name"))
        passed += good
        failed += bad
    # A program's TAP cases are a suite called project.program; one without cases is a case called program.
    for program in bad_programs:
        if not any(name == program or name.endswith("." + program) for name in told):
            print(f"count-tests: {program} ended badly after its cases", file=sys.stderr)
            failed += 1
    print(f"{passed} passed, {failed} failed" + (f", {skipped} skipped" if skipped else ""))
    return 1 if failed or not passed else 0


sys.exit(main(sys.argv[1]))
