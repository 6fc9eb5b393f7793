# SPDX-License-Identifier: Apache-2.0
"""The time machine: a stored day, at any speed, and back."""
import re

from stage import find


def play(stage):
    words = stage.words
    badge = words.pattern("REJEU ×%s")
    stage.press("r")
    stage.hears("one key sees the day again, and a badge says so", badge, "label", 30)
    stage.hears("a slider is its hour", words("Heure de la journée"), "slider", 20)
    shown = lambda: [n.name for n in stage.nodes if n.role == "label" and re.search(r"\d\d:\d\d$", n.name)]
    before = shown()
    slider = find(stage.nodes, words("Heure de la journée"), "slider")
    stage.point(slider, 0.2)
    stage.do("click", 1)
    stage.case("the slider goes to another hour", stage.until(lambda nodes: shown() != before and find(nodes, badge), 20))
    stage.picture("machine")
    for speed in ("1×", "10×", "60×"):
        button = stage.until(lambda nodes: next((n for n in nodes if n.role == "push button" and n.name == speed), None), 20)
        stage.point(button)
        stage.do("click", 1)
        number = speed[:-1]
        stage.case(f"it goes {number} times as fast, which the badge says",
                   stage.until(lambda nodes: (now := find(nodes, badge, "label")) and now.name.endswith("×" + number), 20))
    stage.press("r")
    stage.hears("the same key comes back to live", words("EN DIRECT"), "label", 30)
    stage.hears_no_more("…and there is no replay any more", badge, "label", 20)
