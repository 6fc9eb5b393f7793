#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The manifest of the Flatpak names what there is: the application's id, options of meson, sources with a checksum, a reason beside each
permission, and a module (or the runtime) for every library that meson.build asks for."""
import os
import re
import shutil
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
TREE = os.path.normpath(os.path.join(HERE, "..", ".."))
ID = "io.github.casapulse.CasaPulse"
MANIFEST = os.path.join(TREE, "dist", "flatpak", ID + ".yml")
sys.path.insert(0, os.path.join(HERE, "..", "support"))

from casatest.tap import Tap  # noqa: E402

# What meson.build calls a library, and who brings it.
RUNTIME = {"glib-2.0", "gio-2.0", "gio-unix-2.0", "gtk4", "libadwaita-1", "cairo", "cairo-pdf", "cairo-svg", "cairo-ft", "pangocairo", "pangoft2",
           "gdk-pixbuf-2.0", "libsystemd", "libsecret-1", "sqlite3", "libcurl", "zlib", "openssl", "fontconfig", "freetype2", "threads"}
MODULES = {"libmicrohttpd": "libmicrohttpd", "libcbor": "libcbor", "libprotobuf-c": "protobuf-c", "libqrencode": "qrencode", "jansson": "jansson",
           "paho-mqtt3as": "paho-mqtt-c"}
ELSEWHERE = ("tests", "bench", "broker")  # not built for a Flatpak


def read(path):
    with open(path, encoding="utf-8") as file:
        return file.read()


def libraries():
    """{library: the meson.build that asks for it}"""
    found = {}
    for folder, folders, names in os.walk(TREE):
        folders[:] = [name for name in folders if not (folder == TREE and (name in ELSEWHERE or name.startswith((".", "build"))))]
        if "meson.build" in names:
            path = os.path.join(folder, "meson.build")
            words = re.findall(r"(?:\bdependency|find_library)\('([^']+)'", read(path))
            found.update({word: os.path.relpath(path, TREE) for word in words if word != "m"})
    return found


def permission_faults(manifest):
    """A comment stands over each permission, or over the first of those that belong together."""
    text = read(MANIFEST).split("finish-args:\n")[1]
    lines = re.match(r"(?:  .*\n)+", text)[0].splitlines()
    if not lines[0].startswith("  #"):
        yield "the first permission has no reason"
    told = [line[4:] for line in lines if line.startswith("  - ")]
    if told != manifest["finish-args"]:
        yield "the permissions were not found"
    broad = [word for word in told if re.search(r"=(home|host|session-bus|system-bus|all)\b", word)]
    yield from (f"{word} is more than it needs" for word in broad)


def source_faults(manifest):
    for module in manifest["modules"]:
        for source in module["sources"]:
            if source["type"] == "archive" and not (source["url"].startswith("https://") and re.fullmatch(r"[0-9a-f]{64}", source["sha256"])):
                yield f"{module['name']}: its source is not held to a checksum"
            if source["type"] == "dir" and os.path.normpath(os.path.join(os.path.dirname(MANIFEST), source["path"])) != TREE:
                yield f"{module['name']}: is not this tree"


def faults(manifest):
    if manifest["id"] != ID or not os.path.exists(os.path.join(TREE, "data", ID + ".desktop")):
        yield f"{manifest['id']} is not the application's id"
    options = set(re.findall(r"^option\('(\w+)'", read(os.path.join(TREE, "meson_options.txt")), re.M))
    ours = manifest["modules"][-1]
    yield from (f"{word}: meson_options.txt has no such option" for word in ours["config-opts"] if word[2:].split("=")[0] not in options)
    yield from permission_faults(manifest)
    yield from source_faults(manifest)
    names = {module["name"] for module in manifest["modules"]}
    for library, place in sorted(libraries().items()):
        if library not in RUNTIME and MODULES.get(library) not in names:
            yield f"{place} wants {library}: neither the runtime nor a module brings it"


def main():
    tap = Tap()
    try:
        import yaml
    except ImportError:
        tap.skip("the manifest of the Flatpak", "python3-yaml is not installed")
        return tap.finish()
    found = list(faults(yaml.safe_load(read(MANIFEST))))
    tap.case(not found, "the manifest of the Flatpak names what there is", "\n".join(found))
    if shutil.which("flatpak-builder"):
        with tempfile.TemporaryDirectory(prefix="casa-flatpak-") as folder:
            run = subprocess.run(["flatpak-builder", "--show-manifest", MANIFEST], cwd=folder, capture_output=True,
                                 text=True, check=False)
        tap.case(run.returncode == 0 and not run.stderr, "flatpak-builder understands it", run.stderr)
    else:
        tap.skip("flatpak-builder understands it", "flatpak-builder is not installed")
    return tap.finish()


if __name__ == "__main__":
    sys.exit(main())
