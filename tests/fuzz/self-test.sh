#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Can the fuzzer find anything? Gives it a decoder with a planted fault: usage: self-test.sh FUZZ-PLANT
set -u
dir=$(mktemp -d) || exit 1
trap 'rm -rf "$dir"' EXIT
cd "$dir" || exit 1
fail() { echo "$*" >&2; exit 1; }
printf '{"a":1}' >seed
"$1" --seconds 0 seed >log 2>&1 || fail "the seed alone must pass: $(cat log)"
"$1" --runs 200000 seed >log 2>&1 && fail "200000 changed seeds did not find the planted fault"
grep -q '{{' crash-fuzz-plant || fail "the input that crashed was not kept"
"$1" --seconds 0 crash-fuzz-plant >log 2>&1 && fail "the kept input does not crash again"
mkdir empty
"$1" empty >log 2>&1 && fail "no seeds at all must be a failure"
exit 0
