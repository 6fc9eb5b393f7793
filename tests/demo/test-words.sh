#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# What ./demo says in French and Arabic: every sentence has both, with the same places for values, and is still said.
#
# Usage: test-words.sh SOURCE_DIR       (TAP on stdout)
top=$1
echo 1..5
n=0 failures=0
check() { # check NAME COMMAND…
  local name=$1 said; shift
  n=$((n + 1))
  if said=$("$@" 2>&1); then echo "ok $n - $name"; else echo "not ok $n - $name"; failures=1; printf '%s\n' "$said" | sed 's/^/# /'; fi
}
places() { grep -o '%s' <<<"$1" | wc -l; }
same_places() {
  LC_ALL=C . "$top/tools/demo-words.sh"
  local key bad=0
  [ ${#words_fr[@]} -ge 60 ] || { echo "only ${#words_fr[@]} sentences"; bad=1; }
  for key in "${!words_fr[@]}"; do
    [ "$(places "$key")" = "$(places "${words_fr[$key]}")" ] && [ "$(places "$key")" = "$(places "${words_ar[$key]}")" ] ||
      { echo "not the same places: $key"; bad=1; }
  done
  return $bad
}
# A sentence that was changed in the program alone would be said in English without anybody noticing.
all_said() {
  . "$top/tools/demo-words.sh"
  local key bad=0
  for key in "${!words_fr[@]}"; do
    grep -qF -e "$key" "$top/demo" "$top/tools/setup.sh" || { echo "nobody says: $key"; bad=1; }
  done
  while IFS= read -r key; do
    [ -n "${words_fr[$key]:-}" ] || { echo "no translation: $key"; bad=1; }
  done < <(grep -hv "^matches()" "$top/demo" "$top/tools/setup.sh" | grep -ohP "words (['\"])\K.+?(?=\1)")
  return $bad
}
wrong_option() { # wrong_option LOCALE WORDS
  local said status
  said=$(LC_ALL=$1 "$top/demo" --port 70000 2>&1)
  status=$?
  grep -qF -e "$2" <<<"$said" && [ $status = 2 ] || { echo "status $status: $said"; return 1; }
}
check "every sentence has French and Arabic with its places" same_places
check "every sentence is said, and every one said has them" all_said
check "a mistake is told in English" wrong_option C "--port wants 1 to 65535, not 70000"
check "in French" wrong_option fr_FR.UTF-8 "--port veut 1 à 65535, pas 70000"
check "in Arabic" wrong_option ar_MA.UTF-8 "--port يتطلب 1 إلى 65535، لا 70000"
exit $failures
