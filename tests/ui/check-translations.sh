#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Every string of the screen has an Arabic and an English translation, and every file with strings is in po/POTFILES.
# usage: check-translations.sh SOURCE_ROOT
set -eu
cd "$1"
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
failed=0

find ui -name '*.c' | LC_ALL=C sort > "$tmp/files"
xgettext --from-code=UTF-8 --language=C --keyword=_ --keyword=N_ --keyword=C_:1c,2 --keyword=casa_tr_n:1,2 \
  --files-from="$tmp/files" --output="$tmp/all.pot"
[ -f "$tmp/all.pot" ] || { echo "no string found in ui/"; exit 1; }

sed -n 's/^#: //p' "$tmp/all.pot" | tr ' ' '\n' | sed 's/:[0-9]*$//' | LC_ALL=C sort -u > "$tmp/with-strings"
LC_ALL=C sort -u po/POTFILES > "$tmp/listed"
if ! LC_ALL=C comm -23 "$tmp/with-strings" "$tmp/listed" | grep . > "$tmp/missing"; then :; else
  echo "files with strings that po/POTFILES does not name:"
  cat "$tmp/missing"
  failed=1
fi

for language in $(cat po/LINGUAS); do
  if ! msgcmp "po/$language.po" "$tmp/all.pot"; then
    echo "po/$language.po: strings above lack a translation; run 'meson compile casa-pulse-update-po' and fill them in"
    failed=1
  fi
  msgfmt --check --output-file=/dev/null "po/$language.po" || failed=1
done
exit $failed
