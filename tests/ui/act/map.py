# SPDX-License-Identifier: Apache-2.0
"""The map: what is on it, the camera, and what can be touched."""
from stage import changed


def play(stage):
    cards(stage)
    camera(stage)


def told(stage):
    words = stage.words
    running = words.plural("%u véhicule sur la carte", "%u véhicules sur la carte", 100)
    alive = lambda nodes: (here := stage.focused()) and here.name.startswith(words("Carte de Casablanca")) \
        and (many := running.search(here.description)) and int(many.group(1)) > 50
    if not stage.case("the map has the focus, and says its values and how many vehicles run", stage.until(alive)):
        raise SystemExit("there is no city")
    stage.hears("what is shown is said to be simulated", "◆ " + words("SIMULÉ"), "label")


def cards(stage):
    """Enter chooses, Tab goes on: the focus says what is chosen."""
    words, seen = stage.words, {}
    stage.press("plus", "plus", "plus", "plus", "plus")
    kinds = {"station": words.of("indicators.conf", "kind air"), "vehicle": words.of("indicators.conf", "kind vehicle"),
             "stop": words.of("indicators.conf", "kind stop"), "line": words("Longueur"), "district": words("Habitants")}
    last, n = stage.focused().description, 0
    parts = last.count(" ; ")
    key = "Return"
    while len(seen) < len(kinds) and n < 200:
        stage.press(key)
        key, n = "Tab", n + 1
        # Another thing may say the same, such as two vehicles of a line.
        said = stage.until(lambda nodes: (now := stage.focused()) and now.role == "image" and now.description != last and now.description, 1)
        last = said or last
        for kind, word in kinds.items():
            if said and word in said.split(" ; ")[0]:
                seen.setdefault(kind, said)
    stage.tap.note(f"{n} steps")
    for kind in kinds:
        stage.case(f"Enter and Tab come to a {kind}, and the focus says its values", kind in seen, seen)
    stage.picture("card")
    stage.press("Escape")
    stage.case("Escape lets go of it", stage.until(lambda nodes: (now := stage.focused()) and now.description.count(" ; ") == parts, 20), seen)


def camera(stage):
    box = stage.box(stage.focused())
    middle = (box[0] + box[2] // 5, box[1] + box[3] // 3, box[2] // 3, box[3] // 3)
    x, y = middle[0] + 200, middle[1] + 100
    stage.press("0")
    whole = stage.settled(middle)
    for name, deed in (("the wheel moves the map", lambda: stage.do("mousemove", x, y, "click", 4, "click", 4, "click", 4, "click", 4)),
                       ("the arrows move it", lambda: stage.press("Right", "Right")), ("the minus key does", lambda: stage.press("minus"))):
        before = stage.dots(middle)
        deed()
        stage.case(name, stage.differs(before, middle))
        stage.settled(middle)
    before, parts = stage.dots(middle), stage.focused().description.count(" ; ")
    stage.do("mousemove", x, y, "mousedown", 1, "mousemove", x - 60, y - 30, "mousemove", x - 150, y - 60, "mouseup", 1)
    stage.case("a drag moves the map", stage.differs(before, middle))
    stage.settled(middle)
    stage.case("…and chooses nothing", stage.until(lambda nodes: (now := stage.focused()) and now.description.count(" ; ") == parts, 20))
    stage.walk_to(stage.words.of("indicators.conf", "domain energy"), "image")
    stage.press("0")
    stage.case("0 shows the whole city again, whatever has the focus", stage.until(lambda nodes: changed(whole, stage.dots(middle)) < 0.2, 20),
               f"{changed(whole, stage.dots(middle)):.2f}")
