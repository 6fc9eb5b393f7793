# SPDX-License-Identifier: Apache-2.0
"""Scenes of the domains: each has its map and its charts, of every kind, and all of them have words."""


def play(stage):
    words = stage.words
    for scene, domain in (("mobility", "mobility"), ("energy", "energy"), ("air", "air")):
        stage.press("Next")
        title = words.of("scenes.conf", "scene " + scene, "title")
        here = lambda nodes: [n for n in nodes if n.role == "image"]
        stage.case(f"the scene {scene} comes, with its map and its charts",
                   stage.until(lambda nodes: len(here(nodes)) >= 4 and any(n.name.startswith(title) for n in here(nodes)), 30))
        stage.case("…each of which has a name and a summary",
                   stage.until(lambda nodes: here(nodes) and all(n.name and n.description for n in here(nodes)), 30), here(stage.nodes))
        stage.picture("scene " + scene)
        for _ in range(12):
            now = stage.focused()
            if now and now.role == "image" and "PM10" not in now.name and not now.name.startswith(title):
                break
            stage.press("Tab")
            stage.until(lambda nodes: (after := stage.focused()) and (not now or after.path != now.path), 2)
    stage.press("Prior", "Prior", "Prior")
    stage.hears("and back to the city", words.of("indicators.conf", "indicator vehicles"), "panel", 30)
