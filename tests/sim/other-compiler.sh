#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Builds the simulator with the other compiler: what it prints must not depend on which one it was.
# Usage: other-compiler.sh COMPILER OUTPUT SOURCE-ROOT BUILD-ROOT
set -eu
compiler=$1 output=$2 top=$3 build=$4
flags=$(pkg-config --cflags --libs glib-2.0 gio-2.0 libsecret-1 jansson libcbor libprotobuf-c)
# shellcheck disable=SC2086
exec "$compiler" -std=gnu17 -O2 -D_GNU_SOURCE -ffp-contract=off -fno-math-errno -I"$top" -I"$build" -I"$build/src" -I"$build/src/wire" -I"$top/src" -I"$top/sensors-sim" \
  -o "$output" "$top"/sensors-sim/*.c "$top"/sensors-sim/*/*.c "$top"/src/base/*.c "$top"/src/city/*.c "$build"/src/city/*.c "$top"/src/wire/*.c "$build"/src/wire/*.c \
  "$top"/src/wire/*/*.c $flags -lpaho-mqtt3as -lm
