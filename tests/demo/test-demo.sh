#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# ./demo as its users run it, on the binaries of BUILD: real broker, real InfluxDB, real window.
# Usage: test-demo.sh SOURCE_DIR BUILD_DIR BACKFILL       (TAP on stdout)
set -u
# What OpenGL drivers leak is not ours to count under a sanitizer.
unset LC_ALL; export LC_MESSAGES=C # its words are read
export GSK_RENDERER=cairo GDK_DEBUG=gl-disable GDK_DISABLE=gl
top=$1 build=$2 backfill=$3
work=$(mktemp -d)
n=0
ok() { n=$((n + 1)); echo "ok $n $1"; }
not_ok() { n=$((n + 1)); echo "not ok $n $1"; shift; printf '# %s\n' "$@"; }
check() { # check NAME COMMAND…
  local name=$1; shift
  if "$@" >&2; then ok "$name"; else not_ok "$name" "failed: $*"; fi
}
finish() {
  # End only what this test started and a failure left behind: processes that name our own folder.
  left=$(pgrep -f "$work" | grep -vx $$ || true)
  [ -z "$left" ] || kill -TERM $left 2>/dev/null
  rm -rf "$work"
}
trap finish EXIT
sql() { sqlite3 -readonly "$1" "$2"; }
running() { pgrep -f "$work/$1" >/dev/null; }
gone() { local i; for ((i = 0; i < 150; i++)); do running "$1" || return 0; sleep 0.1; done; return 1; }
png_size() { od -An -t u1 -j 16 -N 8 "$1" | awk '{print $1*16777216+$2*65536+$3*256+$4 "x" $5*16777216+$6*65536+$7*256+$8}'; }

# --- words, before anything starts
out=$(env -u DISPLAY -u WAYLAND_DISPLAY "$top/demo" --build "$build" 2>&1); rc=$?
check "no display: status 1" test $rc -eq 1
case $out in *"no display"*xvfb-run*) ok "no display: says so and offers xvfb-run" ;; *) not_ok "no display: says so and offers xvfb-run" "$out" ;; esac
out=$("$top/demo" --wrong 2>&1); rc=$?
check "unknown option: status 2" test $rc -eq 2
case $out in *'"--wrong"'*--help*) ok "unknown option: named, and where help is" ;; *) not_ok "unknown option: named" "$out" ;; esac
for wrong in "--seconds soon" "--lang de" "--theme blue" "--size 10" "--backfill 3x" "--port 70000" "--listen hall" "--team Équipe" "--team pulse" "--dir="; do
  # shellcheck disable=SC2086
  out=$("$top/demo" $wrong 2>&1); rc=$?
  case $rc:$out in 2:*"demo: ${wrong%%[ =]*}"*--help*) ok "$wrong: status 2, named" ;; *) not_ok "$wrong: status 2, named" "$rc $out" ;; esac
done
out=$(DISPLAY=:nowhere "$top/demo" --build "$build" --listen 203.0.113.1 2>&1); rc=$?
case $rc:$out in 1:*"is no address of this machine"*) ok "a foreign address is named" ;; *) not_ok "a foreign address is named" "$rc $out" ;; esac

# --- the whole city, with InfluxDB and a picture
xvfb-run -a "$top/demo" --build "$build" --dir "$work/a" --influx --seconds 40 --backfill "$backfill" \
  --screenshot "$work/wall.png" >"$work/a.out" 2>&1
rc=$?
check "demo with a picture: status 0" test $rc -eq 0 || true
[ $rc = 0 ] || { sed 's/^/# /' "$work/a.out"; tail -n 20 "$work"/a/*.log | sed 's/^/# /'; }
check "the picture is 1920x1080" test "$(png_size "$work/wall.png" 2>/dev/null)" = 1920x1080
check "nothing is left running" gone a
domains=$(sql "$work/a/pulse.db" "select count(distinct domain) from reading where domain in ('mobility','energy','air')")
check "all three domains are stored" test "$domains" = 3
span=$(sql "$work/a/pulse.db" "select (max(t_ms)-min(t_ms))/60000 from reading where domain='energy'")
want=$((${backfill%h} * 60 - 10))
check "the past is filled in ($span of $want minutes)" test "${span:-0}" -ge "$want"
rejected=$(sql "$work/a/pulse.db" "select count(*) from rejection")
check "nothing of the simulator was rejected" test "$rejected" = 0
check "the store is sound" test "$(sql "$work/a/pulse.db" 'pragma integrity_check')" = ok
sent=$(sed -n 's/.*published \([0-9]*\) samples.*/\1/p' "$work/a/sim.log" | tail -n 1)
check "the simulator says how much it published" test "${sent:-0}" -gt 1000

# --- Ctrl-C, and a second start that goes on from the first; this time for kits on another address and one more team
port=$(cat "$work/a/broker/port") password=$(cat "$work/a/broker/equipe-1.password")
# Files of the organiser's own in DIR/config: kept, and used.
rm "$work/a/config/metrics.conf"
sed 's/^aliases = pm_10;/aliases = poussieres; pm_10;/' "$top/config/metrics.conf" >"$work/a/config/metrics.conf"
printf '[quota equipe-2]\nmessages = 50\n' >"$work/a/config/pulse.conf"
printf '[scenario]\ntitle = Orage\n[event one]\nevent = rain\nat = 00:00\nminutes = 1440\n' >"$work/a/config/scenarios/orage.conf"
printf 'pattern read casa/v1/%%u/#\n' >"$work/a/config/broker.acl"
printf 'max_connections 500\n' >"$work/a/config/broker.conf"
own=$(cd "$work/a/config" && cat metrics.conf pulse.conf scenarios/orage.conf broker.acl broker.conf | md5sum)
# A shell gives its background jobs an ignored SIGINT; a terminal would not.
env --default-signal=INT xvfb-run -a "$top/demo" --build "$build" --dir "$work/a" --backfill 1h \
  --listen 127.0.0.2 --team equipe-1 --team equipe-2 --scenario orage --lang en >"$work/b.out" 2>&1 &
for ((i = 0; i < 600; i++)); do grep -q 'city is alive' "$work/b.out" && break; sleep 0.1; done
check "second start on the same folder" grep -q 'city is alive' "$work/b.out"
for team in equipe-1 equipe-2; do
  line=$(sed -n "s/^Plug in: *\(.* -u $team .*\)/\1/p" "$work/b.out")
  check "the line for $team publishes" bash -c "$line"
  for ((i = 0; i < 300; i++)); do [ "$(sql "$work/a/pulse.db" "select count(*) from reading where source='$team'")" = 1 ] && break; sleep 0.1; done
  check "what $team published is stored" test "$(sql "$work/a/pulse.db" "select value from reading where source='$team'")" = 21.4
done
line=$(sed -n 's/^Export: *//p' "$work/b.out")
case $(bash -c "$line") in *equipe-1*temp_c*21.4*) ok "the line to export shows what the team sent" ;; *) not_ok "the line to export" "$line" ;; esac
# The past is there from the first start: the second fills in what lacks.
for ((i = 0; i < 300; i++)); do grep -q 'moments of the past' "$work/a/sim.log" && break; sleep 0.1; done
lacking=$(sed -n 's/.*are stored already, \([0-9]*\) are sent/\1/p' "$work/a/sim.log")
check "of the past hour little is sent again ($lacking moments of 13)" test "${lacking:-99}" -le 3
# Three devices of one team at once; none throws another off, and none writes for another team.
login=(-h 127.0.0.2 -p "$port" -P "$password")
for device in equipe-1 equipe-1.2; do
  stdbuf -oL mosquitto_sub "${login[@]}" -d -u "$device" -t 'casa/v1/equipe-1/$feedback' >"$work/$device.out" 2>&1 & devices+=($!)
done
subscribed() { cat "$work/equipe-1.out" "$work/equipe-1.2.out" | grep -c 'received SUBACK'; }
for ((i = 0; i < 300; i++)); do [ "$(subscribed)" = 2 ] && break; sleep 0.1; done
check "two devices of a team are connected" test "$(subscribed)" = 2
mosquitto_pub "${login[@]}" -u equipe-1.8 -q 1 -t casa/v1/equipe-2/air/stolen/temp_c -m 1 2>/dev/null
check "a third one publishes" mosquitto_pub "${login[@]}" -u equipe-1.8 -q 1 -t casa/v1/equipe-1/air/third/temp_c -m 19.5
for ((i = 0; i < 300; i++)); do [ "$(sql "$work/a/pulse.db" "select count(*) from reading where station='third'")" = 1 ] && break; sleep 0.1; done
check "what it published is its team's" test "$(sql "$work/a/pulse.db" "select source || value from reading where station='third'")" = equipe-119.5
check "nothing was written for another team" test "$(sql "$work/a/pulse.db" "select count(*) from reading where station='stolen'")" = 0
check "the first two are connected still" kill -0 "${devices[@]}"
# Who is put off comes back, and subscribes anew.
check "and were never put off" test "$(subscribed)" = 2
kill "${devices[@]}"; wait "${devices[@]}" 2>/dev/null
mosquitto_pub "${login[@]}" -u equipe-1.3 -q 1 -t casa/v1/equipe-1/air/third/poussieres -m 33
for ((i = 0; i < 300; i++)); do [ "$(sql "$work/a/pulse.db" "select count(*) from reading where station='third' and metric='pm10'")" = 1 ] && break; sleep 0.1; done
check "an alias of the organiser's own metrics.conf is known" test "$(sql "$work/a/pulse.db" "select value from reading where station='third' and metric='pm10'")" = 33.0
check "the organiser's lines are in the broker's configuration" grep -q '^max_connections 500' "$work/a/broker/mosquitto.conf"
check "and in its access list" grep -q '^pattern read casa/v1/%u/#' "$work/a/broker/acl"
for ((i = 0; i < 300; i++)); do [ "$(sql "$work/a/pulse.db" "select count(*) from event where kind='rain' and source='city'")" -ge 1 ] && break; sleep 0.1; done
check "a scenario of the organiser's is played, and told" test "$(sql "$work/a/pulse.db" "select min(simulated) from event where kind='rain'")" = 1
check "no password is printed" bash -c '! grep -qF "$1" "$2"' - "$password" "$work/b.out"
case $(grep '^Plug in: .*-u equipe-1 ' "$work/b.out") in
  *"-h 127.0.0.2 -p $port "*) ok "address, port and password are those of the first start" ;;
  *) not_ok "address, port and password are those of the first start" "port $port" "$(cat "$work/b.out")" ;;
esac
line=$(sed -n '/^Event: /,/ -m /p' "$work/b.out" | sed 's/^Event: *//')
for ((i = 0; i < 10; i++)); do out=$(bash -c "$line" 2>&1); case $out in *'"ok":true'*) break ;; esac; done # the past is filled in first
case $out in *'"ok":true,"event":"chergui"'*) ok "the line for an event is answered by the city" ;; *) not_ok "the line for an event" "$line" "$out" ;; esac
check "and the wall stays connected" test "$(grep -c 'connected to' "$work/a/pulse.log")" = 1
out=$("$build/cli/casa" doctor --config "$work/a/config" 2>&1); rc=$?
case $rc:$out in
  0:*"broker "*"messages arrive"*) ok "casa doctor beside the wall" ;;
  *) not_ok "casa doctor beside the wall" "$rc" "$out" ;;
esac
out=$(DISPLAY=:nowhere "$top/demo" --build "$build" --dir "$work/a" 2>&1); rc=$?
case $rc:$out in 1:*"another demo is running"*) ok "two demos on one folder: refused in words" ;; *) not_ok "two demos on one folder: refused in words" "$out" ;; esac
# Unplugged by the presenter: said, plugged in again, and the city goes on into the store.
newest() { sql "$work/a/pulse.db" "select coalesce(max(received_ms),0) from reading"; }
unplugged=$(newest)
kill "$(cat "$work/a/broker/pid")"
for ((i = 0; i < 600; i++)); do grep -q 'the broker is back' "$work/b.out" && break; sleep 0.1; done
check "an ended broker is told and started again" grep -q 'the broker ended; the wall goes on' "$work/b.out"
for ((i = 0; i < 600; i++)); do [ "$(newest)" -gt $((unplugged + 8000)) ] && break; sleep 0.1; done
check "the city goes on into the store" test "$(newest)" -gt $((unplugged + 8000))
check "the wall is still there" running a/pulse.db
check "a broker that kept its session left no gap" test "$(sql "$work/a/pulse.db" "select count(*) from gap where end_ms > $unplugged")" = 0
# Killed, the wall comes back as it was, and the simulator too.
sed -i 's/^scene = .*/scene = air/' "$work/a/wall.state"
wall=$(cat "$work/a/pulse.pid") sim=$(cat "$work/a/sim.pid") since=$(date +%s%N)
touch "$work/a/killed"
kill -KILL "$wall"
for ((i = 0; i < 60; i++)); do [ "$(cat "$work/a/pulse.pid")" != "$wall" ] && break; sleep 0.05; done
took=$((($(date +%s%N) - since) / 1000000))
check "a killed wall is started again within 3 s ($took ms)" test "$(cat "$work/a/pulse.pid")" != "$wall"
check "why is kept" grep -q 'the wall ended (killed by signal 9, KILL); it comes back as it was' "$work/a/demo.log"
for ((i = 0; i < 300; i++)); do [ "$work/a/wall.state" -nt "$work/a/killed" ] && break; sleep 0.1; done
check "in the scene that it had" grep -q '^scene = air' "$work/a/wall.state"
check "and in its language" grep -q '^language = en' "$work/a/wall.state"
kill -KILL "$sim"
for ((i = 0; i < 100; i++)); do [ "$(cat "$work/a/sim.pid")" != "$sim" ] && break; sleep 0.05; done
check "a killed simulator is started again" grep -q 'the simulator ended (killed by signal 9, KILL); it is started again' "$work/a/demo.log"
unplugged=$(newest)
for ((i = 0; i < 600; i++)); do [ "$(newest)" -gt $((unplugged + 3000)) ] && break; sleep 0.1; done
check "and the city goes on" test "$(newest)" -gt $((unplugged + 3000))
notices=$(grep -n ': line [0-9]*: ' "$work/b.out")
if [ -z "$notices" ]; then ok "bash adds no word of its own about who was killed"; else not_ok "bash adds no word of its own about who was killed" "$notices"; fi
check "the organiser's files are as they were" test \
  "$(cd "$work/a/config" && cat metrics.conf pulse.conf scenarios/orage.conf broker.acl broker.conf | md5sum)" = "$own"
kill -INT "$(pgrep -f "bash $top/demo --build $build --dir $work/a" | tail -n 1)"
check "Ctrl-C ends all of it" gone a
check "the store is sound after Ctrl-C" test "$(sql "$work/a/pulse.db" 'pragma integrity_check')" = ok
wait 2>/dev/null
# The hour of a rehearsal once more: the evening that comes in does not lie upon the one that was rehearsed.
lived=$(newest)
before=$((lived / 1000 - 120)) zone=Africa/Casablanca
[ "$(date +%s)" -lt 1789866000 ] || zone=UTC # as in ./demo: older zone data
hour=$(TZ=$zone date -d "@$before" +%H:%M)
xvfb-run -a "$top/demo" --build "$build" --dir "$work/a" --backfill 10min --at "$hour" --lang en --seconds 20 >"$work/c.out" 2>&1
check "a clock that would go back is told" grep -q 'Its clock does not go back' "$work/c.out"
check "and the same hour of a later day comes in" test "$(($(newest) - lived))" -gt 85000000
check "nothing of it is left running" gone a
echo "1..$n"
