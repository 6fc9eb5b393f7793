#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# What the wall costs while every vehicle moves, against an empty window of its size that repaints wholly at the same rate: processor
# time of each process, one after the other, on one virtual display with the cairo renderer.
# Usage: bench/map-cost.sh BUILD_DIR [WIDTHxHEIGHT [SECONDS]]
set -eu
build=$(cd "${1:?usage: map-cost.sh BUILD_DIR [WIDTHxHEIGHT [SECONDS]]}" && pwd)
size=${2:-1920x1080}
seconds=${3:-30}
top=$(cd "$(dirname "$0")/.." && pwd)
if [ -z "${CASA_MAP_COST_DISPLAY:-}" ]; then
  CASA_MAP_COST_DISPLAY=1 exec xvfb-run -a -s "-screen 0 ${size}x24" "$0" "$build" "$size" "$seconds"
fi
export GSK_RENDERER=cairo GDK_DEBUG=gl-disable
dir=$(mktemp -d)
demo=
trap '[ -z "$demo" ] || { kill -TERM $demo 2>/dev/null; wait $demo 2>/dev/null || true; }; rm -rf "$dir"' EXIT
ticks() { awk '{sub(/.*\) /, ""); print $12 + $13}' "/proc/$1/stat"; }
share() { awk -v t=$(($3 - $2)) -v hz="$(getconf CLK_TCK)" -v s="$seconds" -v n="$1" 'BEGIN {printf "%-14s %6.1f %% of a core\n", n, 100 * t / hz / s}'; }

"$build/bench/empty-window" "${size%x*}" "${size#*x}" $((seconds + 5)) &
empty=$!
sleep 3
before=$(ticks $empty)
sleep "$seconds"
after=$(ticks $empty)
wait $empty
share "empty window" "$before" "$after"

"$top/demo" --build "$build" --dir "$dir" --at 18:40 --seconds $((seconds + 90)) --size "$size" >"$dir/demo.out" 2>&1 &
demo=$!
for ((i = 0; i < 600; i++)); do grep -q 'city is alive' "$dir/demo.out" && break; sleep 0.1; done
sleep 40 # the past has been filled in; from here on: live data only
wall=$(pgrep -P $demo -x casa-pulse)
before=$(ticks "$wall")
sleep "$seconds"
share "the wall" "$before" "$(ticks "$wall")"
