# SPDX-License-Identifier: Apache-2.0
# Shared by ./demo and ./check: says what is missing, installs it with apt, builds. Sourced by bash, not run.

. "${BASH_SOURCE[0]%/*}/demo-words.sh"

packages_build="build-essential meson ninja-build pkg-config gettext libglib2.0-dev libgtk-4-dev
  libadwaita-1-dev libpaho-mqtt-dev libcurl4-openssl-dev libsqlite3-dev libjansson-dev libqrencode-dev libcbor-dev libprotobuf-c-dev protobuf-c-compiler libmicrohttpd-dev libsecret-1-dev libsystemd-dev libssl-dev zlib1g-dev
  mosquitto-dev libmosquitto-dev"
packages_run="mosquitto mosquitto-clients sqlite3 fonts-inter fonts-noto-core adwaita-icon-theme librsvg2-common tzdata"
packages_test="gnome-keyring locales openssl influxdb victoria-metrics rabbitmq-server nats-server xvfb xauth xdotool dbus at-spi2-core
  gir1.2-atspi-2.0 python3-gi python3-paho-mqtt python3-yaml zbar-tools desktop-file-utils appstream curl clang-format"
# Taken where the distribution has them; without them a test is skipped, and says so.
packages_test_more="chromium-headless-shell sway"

say() { printf '%s\n' "$*" >&2; }
die() { say "$me: $*"; exit 1; }

# Those of "$@" that are not installed.
packages_missing() {
  local p
  for p in "$@"; do
    [ "$(dpkg-query -W -f='${db:Status-Status}' "$p" 2>/dev/null)" = installed ] || printf '%s ' "$p"
  done
}

# A broker or database that apt brings must not begin to run (or run at the next boot) on somebody's machine because of a
# demo: while apt works, a policy file forbids starting services, and units that came with this run are disabled.
policy_file=/usr/sbin/policy-rc.d
apt_install() {
  local root="" unit
  [ "$(id -u)" = 0 ] || { command -v sudo >/dev/null || die "$(words 'not root and no sudo: run as root: apt-get install %s' "$*")"; root=sudo; }
  local rc=0 apt="env DEBIAN_FRONTEND=noninteractive apt-get -q -o DPkg::Lock::Timeout=300"
  (
    # Whatever ends this, Ctrl-C too, takes the policy away again: left behind, no service would ever start here.
    if [ ! -e "$policy_file" ]; then
      trap '$root rm -f "$policy_file"' EXIT
      trap 'exit 130' INT TERM HUP
      printf '#!/bin/sh\nexit 101\n' | $root tee "$policy_file" >/dev/null && $root chmod 755 "$policy_file"
    fi
    $root $apt update # one broken source among many is no obstacle: install tells whether it is enough
    $root $apt install -y --no-install-recommends "$@"
  ) >"$setup_log" 2>&1 </dev/null || rc=$?
  [ $rc -ne 130 ] || exit 130
  [ $rc = 0 ] || { tail -n 15 "$setup_log" >&2; die "$(words 'apt-get could not install them (log: %s). Is the network up?' "$setup_log")"; }
  for unit in mosquitto influxdb victoria-metrics nats-server rabbitmq-server epmd.socket; do
    case " $* " in *" ${unit/epmd.socket/rabbitmq-server} "*) # Erlang's name server comes with RabbitMQ
      if command -v systemctl >/dev/null; then $root systemctl disable "$unit" >/dev/null 2>&1 || true; fi ;;
    esac
  done
}

# Installs what is missing of "$@" and says so; silent and quick when nothing is.
ensure_packages() {
  local missing
  missing=$(packages_missing "$@")
  [ -n "$missing" ] || return 0
  command -v apt-get >/dev/null ||
    die "$(words 'this machine has no apt-get; install the equivalents of: %s' "$missing")"
  say "$(words 'Installing with apt (Debian/Ubuntu packages, once): %s' "$missing")"
  setup_log=$(mktemp "${TMPDIR:-/tmp}/casa-pulse-apt.XXXXXX.log")
  # shellcheck disable=SC2086
  apt_install $missing
  rm -f "$setup_log"
  missing=$(packages_missing "$@")
  [ -z "$missing" ] || die "$(words 'still missing after apt-get install: %s' "$missing")"
}

# The same of those that apt knows here.
ensure_known_packages() {
  local known="" p
  command -v apt-cache >/dev/null || return 0
  for p in "$@"; do
    [ -z "$(apt-cache madison "$p" 2>/dev/null)" ] || known="$known $p"
  done
  # shellcheck disable=SC2086
  [ -z "$known" ] || ensure_packages $known
}

# build_tree DIR [meson options…]: configures once, then brings it up to date (a no-op takes a fraction of a second). Two at
# once in one checkout would write the same files: the second waits. The lock is the folder itself.
build_tree() {
  exec 7<"$top"
  flock -n 7 || { say "Another build is running in $top; waiting for it."; flock 7; }
  build_tree_alone "$@"
  exec 7<&-
}
build_tree_alone() {
  local dir=$1; shift
  if [ ! -f "$dir/build.ninja" ]; then
    rm -rf "$dir"
    say "Configuring $dir"
    meson setup "$dir" "$top" "$@" >"$dir.log" 2>&1 || { tail -n 25 "$dir.log" >&2; die "meson setup failed (log: $dir.log)"; }
    mv "$dir.log" "$dir/configure.log"
  fi
  if ninja -C "$dir" -n 2>/dev/null | grep -q 'no work to do'; then return 0; fi
  say "Building $dir (first time: a minute or two)"
  ninja -C "$dir" >"$dir/build.log" 2>&1 || { grep -nE 'error|FAILED' -A4 "$dir/build.log" | tail -n 40 >&2; die "the build failed (log: $dir/build.log)"; }
}
