#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Runs a test on two screens of its own that can be unplugged: those of a sway whose outputs are windows of another sway, in memory. Sway
# refuses root, who runs it as nobody. Without sway the test is skipped, and says so.
# usage: on-sway.sh PROGRAM [ARGUMENT...]
# The program finds two sockets for swaymsg -s: $SWAYSOCK, whose outputs WL-1, WL-2… it is on ("create_output" plugs one in), and
# $CASA_TEST_PLUGS, where '[title="WL-2$"] kill' unplugs one.
set -eu
for tool in sway swaymsg; do
  command -v "$tool" > /dev/null || { echo "1..0 # SKIP $tool is missing: install sway"; exit 0; }
done
dir=$(mktemp -d)
pids=
finish() {
  for pid in $pids; do kill "$pid" 2> /dev/null || true; done
  for pid in $pids; do wait "$pid" 2> /dev/null || true; done
  rm -rf "$dir"
}
trap finish EXIT
trap 'exit 130' INT TERM HUP
chmod 711 "$dir"
mkdir -m 700 "$dir/outer" "$dir/inner" "$dir/run"
printf 'xwayland disable\ndefault_border none\n' > "$dir/inner.conf"
printf 'xwayland disable\ndefault_border none\noutput * resolution 2880x900\n' > "$dir/outer.conf"
chmod 644 "$dir"/*.conf
as_user=
if [ "$(id -u)" = 0 ]; then
  chown nobody "$dir/outer" "$dir/inner"
  as_user="setpriv --reuid=nobody --regid=nogroup --clear-groups"
fi
unset WAYLAND_DISPLAY DISPLAY

start() { # start NAME [VARIABLE=VALUE...]: until clients can come
  name=$1
  shift
  # shellcheck disable=SC2086
  $as_user env "$@" HOME="$dir/$name" XDG_RUNTIME_DIR="$dir/$name" SWAYSOCK="$dir/$name/sway.sock" WLR_RENDERER=pixman \
    WLR_LIBINPUT_NO_DEVICES=1 LD_PRELOAD= sway -c "$dir/$name.conf" > "$dir/$name.log" 2>&1 &
  pids="$! $pids"
  n=0
  until [ -S "$dir/$name/wayland-1" ] && swaymsg -q -s "$dir/$name/sway.sock" nop 2> /dev/null; do
    n=$((n + 1))
    [ $n -lt 600 ] || { echo "Bail out! sway does not start: $(tail -n 3 "$dir/$name.log")"; exit 1; }
    sleep 0.1
  done
}
start outer WLR_BACKENDS=headless WLR_HEADLESS_OUTPUTS=1
start inner WLR_BACKENDS=wayland WLR_WL_OUTPUTS=1 WAYLAND_DISPLAY="$dir/outer/wayland-1"
swaymsg -q -s "$dir/inner/sway.sock" create_output # not both at once: sway 1.10 shows the second too early then, and loses both
export SWAYSOCK="$dir/inner/sway.sock" CASA_TEST_PLUGS="$dir/outer/sway.sock" WAYLAND_DISPLAY="$dir/inner/wayland-1"
export GDK_BACKEND=wayland XDG_RUNTIME_DIR="$dir/run" XDG_CONFIG_HOME="$dir/run" XDG_CACHE_HOME="$dir/run" \
  XDG_DATA_HOME="$dir/run" GSETTINGS_BACKEND=memory GSK_RENDERER=cairo GDK_DEBUG=gl-disable GTK_A11Y=test
"$@"
