#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Does ThreadSanitizer see what it must see, and only that? usage: self-test.sh RACE (under ./check --tsan)
case ${LD_PRELOAD:-} in *casa-tsan-glib*) ;; *) echo "run by ./check --tsan, which preloads casa-tsan-glib.so" >&2; exit 77 ;; esac
log=$(mktemp) || exit 1
trap 'rm -f "$log"' EXIT
"$1" locked >"$log" 2>&1 || { echo "a counter guarded by GMutex was called a race:"; cat "$log"; exit 1; } >&2
"$1" handed >"$log" 2>&1 || { echo "what GThreadPool and GAsyncQueue hand over was called a race:"; cat "$log"; exit 1; } >&2
"$1" bare >"$log" 2>&1
grep -q 'WARNING: ThreadSanitizer: data race' "$log" || { echo "a bare counter was not called a race:"; cat "$log"; exit 1; } >&2
