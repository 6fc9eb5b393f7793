#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# What the whole demo costs: processor time and resident memory of broker, simulator and wall, over a minute of live data.
# Usage: bench/demo-cost.sh BUILD_DIR [SECONDS]      (under xvfb-run -a where there is no display)
set -eu
build=$(cd "${1:?usage: demo-cost.sh BUILD_DIR [SECONDS]}" && pwd)
seconds=${2:-60}
top=$(cd "$(dirname "$0")/.." && pwd)
dir=$(mktemp -d)
"$top/demo" --build "$build" --dir "$dir" --seconds $((seconds + 45)) --size 1920x1080 >"$dir/demo.out" 2>&1 &
demo=$!
trap 'kill -TERM $demo 2>/dev/null; wait $demo 2>/dev/null || true; rm -rf "$dir"' EXIT
for ((i = 0; i < 300; i++)); do grep -q 'city is alive' "$dir/demo.out" && break; sleep 0.1; done
sleep 30 # the past has been filled in; from here on: live data only
ticks() { awk '{sub(/.*\) /, ""); print $12 + $13}' "/proc/$1/stat"; }
rss() { awk '/^VmRSS/ {printf "%.0f", $2 / 1024}' "/proc/$1/status"; }
declare -A before
pids=$(pgrep -P $demo -d ' ' -f 'mosquitto|casa-sim|casa-pulse')
for p in $pids; do before[$p]=$(ticks "$p"); done
sleep "$seconds"
hz=$(getconf CLK_TCK)
printf '%-12s %10s %10s\n' process 'CPU %' 'RSS MiB'
for p in $pids; do
  awk -v n="$(cat "/proc/$p/comm")" -v t=$(($(ticks "$p") - before[$p])) -v hz="$hz" -v s="$seconds" -v r="$(rss "$p")" \
    'BEGIN {printf "%-12s %10.1f %10s\n", n, 100 * t / hz / s, r}'
done
