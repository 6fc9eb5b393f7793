# SPDX-License-Identifier: Apache-2.0
"""The Test Anything Protocol: one line a case, on stdout."""


class Tap:
    """Collects cases; `finish` tells how many there were and gives the exit status."""

    def __init__(self, silent=False):
        self.count = self.failed = 0
        self.silent = silent

    def case(self, good, name, why=""):
        self.count += 1
        self.failed += not good
        self._say(f"{'ok' if good else 'not ok'} {self.count} {name}")
        if not good and why:
            self.note(why)

    def skip(self, name, why):
        self.count += 1
        self._say(f"ok {self.count} {name} # SKIP {why}")

    def note(self, text):
        for line in str(text).splitlines():
            self._say(f"# {line}")

    def _say(self, line):
        if not self.silent:
            print(line, flush=True)

    def finish(self):
        print(f"1..{self.count}", flush=True)
        return 1 if self.failed else 0
