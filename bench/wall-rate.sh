#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The wall with every vehicle in motion: frames a second, intervals between frames, processor time beside an empty window of its size that
# repaints wholly at the same rate, and how long it takes to start on a day of history: first frame, then all curves.
# Usage: bench/wall-rate.sh BUILD_DIR [WIDTHxHEIGHT [SECONDS [SCENE]]]
set -eu
build=$(cd "${1:?usage: wall-rate.sh BUILD_DIR [WIDTHxHEIGHT [SECONDS [SCENE]]]}" && pwd)
size=${2:-1920x1080}
seconds=${3:-20}
scene=${4:-}
settle=45 # the past has been filled in by then
top=$(cd "$(dirname "$0")/.." && pwd)
if [ -z "${CASA_WALL_RATE_DISPLAY:-}" ]; then
  CASA_WALL_RATE_DISPLAY=1 exec xvfb-run -a -s "-screen 0 ${size}x24" "$0" "$build" "$size" "$seconds" "$scene"
fi
export GSK_RENDERER=cairo GDK_DEBUG=gl-disable CASA_BENCH_SETTLE=$settle CASA_BENCH_SECONDS=$seconds
dir=$(mktemp -d)
export CASA_BENCH_WALL=$dir/watch
demo=
trap '[ -z "$demo" ] || { kill -TERM $demo 2>/dev/null; wait $demo 2>/dev/null || true; }; rm -rf "$dir"' EXIT
ticks() { awk '{sub(/.*\) /, ""); print $12 + $13}' "/proc/$1/stat"; }
wait_for() { # wait_for SECONDS COUNT LINE
  for ((i = 0; i < 10 * $1; i++)); do [ "$(grep -c "^$3" "$CASA_BENCH_WALL" 2>/dev/null)" -ge "$2" ] 2>/dev/null && return; sleep 0.1; done
  echo "wall-rate.sh: no \"$3\" came" >&2
  cat "$dir/demo.out" >&2
  exit 1
}

# A build in which the wall is watched.
mkdir "$dir/build"
for name in "$build"/*; do [ "$(basename "$name")" = ui ] || ln -s "$name" "$dir/build/"; done
mkdir "$dir/build/ui"
ln -s "$build/bench/bench-wall" "$dir/build/ui/casa-pulse"

"$build/bench/empty-window" "${size%x*}" "${size#*x}" $((seconds + 5)) >"$dir/empty" &
empty=$!
sleep 3
before=$(ticks $empty)
sleep "$seconds"
after=$(ticks $empty)
wait $empty
awk -v t=$((after - before)) -v hz="$(getconf CLK_TCK)" -v s="$seconds" -v f="$(cat "$dir/empty")" \
  'BEGIN {p = 100 * t / hz / s; printf "empty window: %s, %.1f %% of a core, %.1f ms of processor a frame\n", f, p, 10 * p / f}'

"$top/demo" --build "$dir/build" --dir "$dir/demo" --at 18:40 --seconds $((seconds + settle + 120)) --size "$size" \
  ${scene:+--scene "$scene"} >"$dir/demo.out" 2>&1 &
demo=$!
wait_for $((seconds + settle + 60)) 1 frames
awk '/^frames/ {printf "the wall:     %s frames/s, intervals %s ms (median), %s (99 %%), %s (longest), %s %% of a core, %.1f ms of processor a frame\n",
  $2, $4, $6, $8, $10, 10 * $10 / $2}' "$CASA_BENCH_WALL"
# It comes back by itself, on a day of history.
kill -KILL "$(awk '/^process/ {print $2}' "$CASA_BENCH_WALL")"
wait_for 30 2 history
echo "its start:    $(grep ^first-frame "$CASA_BENCH_WALL" | tail -1) s, $(grep ^history "$CASA_BENCH_WALL" | tail -1) s"
echo "load average: $(cut -d' ' -f1 /proc/loadavg) of $(nproc) processors"
