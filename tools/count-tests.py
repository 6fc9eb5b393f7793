#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Prints what a meson test run's JUnit report says as one line, `N passed, N failed[, N skipped]`.

Every TAP case counts as one. A test program that crashed or ran out of time counts as failed even when its cases had
passed. Ends with status 1 when anything failed or nothing ran."""
import sys
import xml.etree.ElementTree as ElementTree


def main(path):
    try:
        root = ElementTree.parse(path).getroot()
    except (OSError, ElementTree.ParseError) as error:
        print(f"count-tests: no test report: {error}", file=sys.stderr)
        print("0 passed, 1 failed")
        return 1
    passed = failed = skipped = 0
    for suite in root.iter("testsuite"):
        bad = good = 0
        for case in suite.iter("testcase"):
            if case.find("failure") is not None or case.find("error") is not None:
                bad += 1
            elif case.find("skipped") is not None:
                skipped += 1
            else:
                good += 1
        # meson reports a crash or a time-out in the suite's own figures, not in a case
        if not bad and int(suite.get("failures", 0)) + int(suite.get("errors", 0)) > 0:
            bad = 1
        passed += good
        failed += bad
    print(f"{passed} passed, {failed} failed" + (f", {skipped} skipped" if skipped else ""))
    return 1 if failed or not passed else 0


sys.exit(main(sys.argv[1]))
