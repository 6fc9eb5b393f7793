#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Runs a test on a screen of its own: a virtual display and a private session bus, both gone afterwards.
# usage: on-screen.sh PROGRAM [ARGUMENT...]
set -eu
for tool in xvfb-run dbus-run-session; do
  command -v "$tool" > /dev/null || { echo "Bail out! $tool is missing: install xvfb and dbus-daemon"; exit 1; }
done
runtime=$(mktemp -d)
trap 'rm -rf "$runtime"' EXIT
chmod 700 "$runtime"
export XDG_RUNTIME_DIR="$runtime" XDG_DATA_HOME="$runtime/data" XDG_CONFIG_HOME="$runtime/config" \
  XDG_CACHE_HOME="$runtime/cache" GSETTINGS_BACKEND=memory GDK_BACKEND=x11 GSK_RENDERER=cairo GDK_DEBUG=gl-disable GTK_A11Y=test
export LSAN_OPTIONS="${LSAN_OPTIONS:-print_suppressions=0:suppressions=$(cd "$(dirname "$0")/.." && pwd)/lsan.supp}"
unset WAYLAND_DISPLAY DISPLAY
# Runs that begin at the same moment would all try :99 first. Without -noreset the display turns away whoever comes while it
# starts anew, each time its last client leaves.
# Only the test's own words are its result: what the bus starts talks beside it. By its name, as newer buses close what they
# inherit.
exec 3>&1
export CASA_TEST_RESULT="/proc/$$/fd/3"
xvfb-run -a -n $((100 + $$ % 20000)) -s '-screen 0 1920x1080x24 -noreset' dbus-run-session -- \
  sh -c 'exec "$@" >>"$CASA_TEST_RESULT" 3>&-' sh "$@" >&2
