# SPDX-License-Identifier: Apache-2.0
"""What a program should say, in its language: from the same catalogues and files that it reads itself."""
import gettext
import os
import re


def strip(text):
    """Without the marks that only turn the direction of writing, and with plain blanks."""
    return re.sub("[\u2066-\u2069\u200e\u200f]", "", text or "").replace("\u00a0", " ").replace("\u202f", " ")


def groups(path):
    """{group: {key: value}} of a configuration file."""
    found, group = {}, {}
    with open(path, encoding="utf-8") as file:
        for line in file:
            line = line.strip()
            if line.startswith("["):
                group = found.setdefault(line.strip("[]"), {})
            elif "=" in line and not line.startswith("#"):
                key, _, value = line.partition("=")
                group[key.strip()] = value.strip()
    return found


class Words:
    """@language: fr, ar or en; French is what the code is written in."""

    def __init__(self, build, config, language):
        self.language, self.config, self.files = language, config, {}
        self.catalogue = gettext.NullTranslations() if language == "fr" else gettext.translation("casa-pulse", os.path.join(build, "po"), [language])

    def __call__(self, text):
        """A text of the code, as it is heard."""
        return strip(self.catalogue.gettext(text))

    def pattern(self, text):
        """A text of the code with places for numbers and words (%d, %s): a regular expression with a group for each."""
        return self._pattern(self.catalogue.gettext(text))

    def plural(self, one, many, n):
        return self._pattern(self.catalogue.ngettext(one, many, n))

    @staticmethod
    def _pattern(text):
        parts = re.split(r"(%[-.0-9]*[a-zA-Z])", strip(text).replace("%%", "\0"))
        return re.compile("".join(re.escape(part) if i % 2 == 0 else r"(\d+)" if part[-1] in "du" else "(.+?)"
                                  for i, part in enumerate(parts)).replace("\0", "%"))

    def file(self, name):
        if name not in self.files:
            self.files[name] = groups(os.path.join(self.config, name))
        return self.files[name]

    def of(self, name, group, key="name"):
        """A text of a configuration file in three languages."""
        found = self.file(name)[group]
        return strip(found.get(f"{key}_{self.language}", found.get(f"{key}_fr", "")))
