#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# tools/setup.sh with apt-get and meson of our own: what stays on a machine when somebody interrupts it, and what two builds
# at once do to each other.
# Usage: test-setup.sh SOURCE_DIR       (TAP on stdout)
set -u
top=$1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
n=0
check() { # check NAME COMMAND…
  local name=$1; shift
  n=$((n + 1))
  if "$@" >&2; then echo "ok $n $name"; else echo "not ok $n $name"; echo "# failed: $*"; fi
}
mkdir "$work/bin" "$work/tree"
tool() { printf '#!/bin/bash\n%s\n' "$2" >"$work/bin/$1"; chmod 755 "$work/bin/$1"; }
# Runs a line of bash that has setup.sh at hand; our tools are found before the system's, and nobody is root for real.
with_setup() { # with_setup LINE
  # shellcheck disable=SC2016
  PATH="$work/bin:$PATH" WORK=$work TOP=$top bash -c 'me=test top=$WORK/tree; . "$TOP/tools/setup.sh"
    policy_file=$WORK/policy setup_log=$WORK/apt.log; '"$1"
}
tool id 'echo 0'
tool systemctl 'exit 0'

# --- apt
tool apt-get '[ -e "$WORK/policy" ] && echo "$*" >>"$WORK/calls"; exit 0'
with_setup 'apt_install some-package'
check "services may not start while apt works" grep -q 'install .*some-package' "$work/calls"
check "and may afterwards" test ! -e "$work/policy"
tool apt-get 'case "$*" in *update*) exit 100 ;; esac; touch "$WORK/installed"'
with_setup 'apt_install some-package'
check "a broken package source does not keep us from installing" test -e "$work/installed"
tool apt-get 'case "$*" in *install*) echo "E: no such package"; exit 100 ;; esac'
check "a failure is told" test "$(with_setup 'apt_install some-package' 2>&1 | grep -c 'E: no such package')" = 1
check "and leaves no policy behind" test ! -e "$work/policy"
# As a terminal's Ctrl-C: everybody in the foreground gets it.
tool apt-get 'touch "$WORK/apt-began"; kill -INT 0; sleep 20'
# shellcheck disable=SC2016
with_setup 'exec setsid --wait env --default-signal=INT bash -c ". $TOP/tools/setup.sh; me=test policy_file=$WORK/policy setup_log=$WORK/apt.log; apt_install x; touch $WORK/went-on"'
check "Ctrl-C reached apt" test -e "$work/apt-began"
check "Ctrl-C during apt leaves no policy behind" test ! -e "$work/policy"
check "Ctrl-C during apt ends it" test ! -e "$work/went-on"

# --- two builds at once
# The first build waits until the second has said that it waits; an overlap would be written down.
tool meson 'mkdir "$WORK/building" 2>/dev/null || echo overlap >>"$WORK/overlap"
  for ((i = 0; i < 300; i++)); do grep -q "waiting for it" "$WORK/second" 2>/dev/null && break; sleep 0.1; done
  mkdir -p "$2"; touch "$2/build.ninja"; rmdir "$WORK/building"'
tool ninja 'echo "ninja: no work to do."'
with_setup 'build_tree "$WORK/tree/build"' 2>"$work/first" &
for ((i = 0; i < 300; i++)); do [ -d "$work/building" ] && break; sleep 0.1; done
with_setup 'build_tree "$WORK/tree/build"' 2>"$work/second"
wait
check "a second build says that it waits" grep -q 'waiting for it' "$work/second"
check "and does not touch what the first is writing" test ! -e "$work/overlap"
check "both end with a build" test -e "$work/tree/build/build.ninja"
echo "1..$n"
