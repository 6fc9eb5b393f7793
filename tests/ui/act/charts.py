# SPDX-License-Identifier: Apache-2.0
"""Charts: one time and one crosshair for all, moved by keys and mouse; notes; what is taken along; and as a table."""
import glob
import os
import re

from stage import changed, find

CLOCK = re.compile(r"^\d\d:\d\d:\d\d ")


def play(stage):
    crosshair(stage)
    time_range(stage)
    notes(stage)
    taken_along(stage)


def chart(stage, domain):
    name = stage.words.of("indicators.conf", "domain " + domain)
    return stage.until(lambda nodes: next((n for n in nodes if n.role == "image" and n.name.startswith(name)), None), 10)


def reading(stage, domain):
    """Clock and the rest that its description begins with."""
    node = chart(stage, domain)
    return node and CLOCK.search(node.description) and node.description


def crosshair(stage):
    stage.walk_to(stage.words.of("indicators.conf", "domain mobility"), "image")
    stage.press("Left")
    first = stage.until(lambda nodes: reading(stage, "mobility"), 20)
    stage.case("an arrow reads a point, which is said", first)
    stage.press("Left")
    second = stage.until(lambda nodes: (now := reading(stage, "mobility")) and now[:8] != (first or "")[:8] and now, 20)
    stage.case("…and the next one", second)
    stage.case("all charts have the same crosshair", stage.until(lambda nodes: (there := reading(stage, "energy")) and there[:8] == (second or "")[:8], 20))
    stage.press("Down")
    stage.case("down goes to the next line: yesterday's",
               stage.until(lambda nodes: (now := reading(stage, "mobility")) and now.split(" ; ")[0] != (second or "").split(" ; ")[0] and now, 20))
    stage.picture("crosshair")
    stage.press("Up", "Escape")
    stage.case("Escape takes it away", stage.until(lambda nodes: not reading(stage, "mobility"), 20))
    where = stage.point(chart(stage, "energy"), 0.4)
    stage.do("click", 1)
    stage.do("mousemove", where[0], 5)
    stage.case("a click pins it", stage.until(lambda nodes: reading(stage, "energy"), 20))
    stage.press("Escape")


def time_range(stage):
    words = stage.words
    bar, paused = words("Reprendre le suivi"), words("suivi en pause")
    stage.press("ctrl+2")
    stage.hears("a preset shows an hour, and a bar says which", bar, "push button", 20)
    stage.picture("hour")
    stage.press("plus", "plus")
    before = stage.dots(stage.box(chart(stage, "energy")))
    stage.point(chart(stage, "energy"), 0.3)
    stage.do("click", 4, "click", 4)
    stage.case("the wheel zooms", stage.differs(before, stage.box(chart(stage, "energy")), 20))
    stage.hears("…which pauses the clock, and is said", paused, "label", 20)
    x, y = stage.point(chart(stage, "energy"), 0.4)
    said = find(stage.nodes, paused).name
    stage.do("mousedown", 1, "mousemove", x + 30, y, "mousemove", x + 80, y, "mouseup", 1)
    stage.case("a drag goes to an earlier time", stage.until(lambda nodes: (now := find(nodes, paused)) and now.name != said, 20))
    stage.press("End")
    stage.hears_no_more("End follows the clock again", paused, "label", 20)
    stage.press("ctrl+3")
    stage.hears_no_more("a day again: the bar is gone", bar, "push button", 20)


def notes(stage):
    words = stage.words
    stage.walk_to(words.of("indicators.conf", "domain mobility"), "image")
    stage.press("n")
    stage.case("N asks for a note", stage.until(lambda nodes: (now := stage.focused()) and now.name == words("Note, puis Entrée"), 20))
    stage.do("type", "orage")
    stage.press("Return")
    flag = re.compile(r"\d\d:\d\d : orage|\d\d:\d\d: orage|orage")
    stage.case("…and every chart says it", stage.until(lambda nodes: all((c := chart(stage, d)) and flag.search(c.description) for d in ("mobility", "air")), 20))
    stage.walk_to(words.of("indicators.conf", "domain mobility"), "image")
    stage.press("ctrl+z")
    stage.case("Ctrl+Z takes it back", stage.until(lambda nodes: (c := chart(stage, "mobility")) and not flag.search(c.description), 20))


def taken_along(stage):
    words, energy = stage.words, stage.words.of("indicators.conf", "domain energy")
    stage.walk_to(energy, "image")
    stage.press("ctrl+c")
    stage.hears("a chart is copied", words("Image copiée"), seconds=20)
    stage.press("ctrl+e")
    stage.case("…and saved as PNG", stage.until(lambda nodes: glob.glob(os.path.join(stage.folder, "Casa Pulse *.png")), 20))
    for row, (kind, name) in enumerate((("svg", "Enregistrer en SVG"), ("pdf", "Enregistrer en PDF"), ("csv", "Enregistrer les valeurs (CSV)"))):
        stage.press("shift+F10")
        stage.hears(f"the menu says: {kind}", words(name), "menu item", 20)
        if row == 0:
            stage.picture("menu of a chart")
        stage.press(*["Down"] * (row + 2), "Return")
        stage.case(f"…and it is saved as {kind.upper()}", stage.until(lambda nodes: glob.glob(os.path.join(stage.folder, f"Casa Pulse *.{kind}")), 20))
        stage.walk_to(energy, "image")
    stage.press("ctrl+t")
    stage.case("it is a table, too", stage.until(lambda nodes: len([n for n in nodes if "table cell" in n.role or n.role in ("cell", "list item")]) > 5, 20))
    stage.picture("table")
    stage.press("Escape")
    stage.case("Escape closes it", stage.until(lambda nodes: len([n for n in nodes if n.role == "frame"]) == 1, 20))
