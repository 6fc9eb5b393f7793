# SPDX-License-Identifier: Apache-2.0
"""Events: started by palette and keys, told, and ended."""


def play(stage):
    words = stage.words
    cut = f"{words.of('stories.conf', 'event power-cut', 'what')} · "
    stage.press("e")
    stage.hears("the palette opens and says each event, with its place and strength", "1, " + cut, "push button")
    stage.hears("…and the way to calm", words("0 0 · Calme : tout s’achève"))
    stage.press("1")
    stage.hears("the key arms it", words.pattern("◇ armé : encore %u pour lancer, %s"), "push button")
    stage.picture("armed")
    stage.press("1")
    stage.hears("the same key launches it, and it is said to run", words.pattern("● en cours, reste %s"), "push button")
    stage.press("Escape")
    title = words.of("stories.conf", "event power-cut", "title").split("{place}")[-1].strip()
    stage.hears("the banner says what and where", title, "label")
    stage.hears("…since when", words.of("stories.conf", "event power-cut", "what"), "label")
    stage.hears("…and the consequence in numbers", words.of("stories.conf", "event power-cut", "figure3"), "label")
    stage.hears("…and that a simulator announced it", words("SIMULÉ"), "label")
    stage.picture("cut")
    stage.press("0", "0")
    stage.hears("calm: that it comes to its end is told, too", words.pattern("%s depuis %s : s’achève"), "label")
    stage.picture("ended")
