#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""A whole talk in one language: every part of the wall is touched as a presenter does it, by keys and a mouse, and what comes of it is
heard as a screen reader tells it, and looked at. The real wall, simulator and broker, an evening with its yesterday.
usage: test-act.py SOURCE_DIR BUILD_DIR fr|ar|en     (TAP on stdout; pictures of what failed stay in BUILD_DIR/artifacts/act)"""
import os
import re
import sys
import tempfile
import time

sys.dont_write_bytecode = True
TOP, BUILD, LANGUAGE = sys.argv[1:4]
sys.path[:0] = [os.path.join(TOP, "tests", "support"), os.path.join(TOP, "tests", "ui", "act")]

import charts  # noqa: E402
import events  # noqa: E402
import machine  # noqa: E402
import map  # noqa: E402
import scenes  # noqa: E402
from casatest.tap import Tap  # noqa: E402
from stage import Stage  # noqa: E402

ACTS = [map, charts, scenes, machine, events]


def complaints(log):
    """Of GLib and GTK: none is fine."""
    return [line for line in log.splitlines() if re.search(r"-(CRITICAL|WARNING) \*\*|CRITICAL", line)]


def main():
    tap = Tap()
    os.environ.pop("GTK_A11Y", None)  # the real bus
    with tempfile.TemporaryDirectory() as folder:
        stage = None
        try:
            stage = Stage(tap, folder, TOP, BUILD, LANGUAGE)
            map.told(stage)
            chosen = os.environ.get("CASA_ACTS", "").split()
            for act in ACTS:
                if chosen and act.__name__ not in chosen:
                    continue
                begun = time.monotonic()
                act.play(stage)
                tap.note(f"{act.__name__}: {time.monotonic() - begun:.1f} s")
            status = stage.wall.stop() if stage.wall.running() else stage.wall.wait()
            tap.case(status == 0, "the wall ends in peace", f"status {status}\n{stage.wall.err()[-2000:]}")
            tap.case(not complaints(stage.wall.err()), "…and without a complaint", "\n".join(complaints(stage.wall.err())[:20]))
        finally:
            if stage:
                stage.close()
    return tap.finish()


if __name__ == "__main__":
    sys.exit(main())
