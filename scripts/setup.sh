#!/usr/bin/env bash
# Makes a bare machine ready to run Katabox: node dependencies, build, a Docker engine, the image of the sandboxes.
# With --bench also a Python to measure against, with --test that and a Chromium for the browser tests. What is there
# already is left alone, so that a second run only looks.
set -euo pipefail
cd "$(dirname "$0")/.."

say() { printf 'setup: %s\n' "$*" >&2; }
fail() {
  printf 'setup: %s\n' "$*" >&2
  exit 1
}

apt_install() {
  [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null || return 1
  say "installing $* (apt-get)"
  # Quiet unless it fails: then what it said is what helps.
  local log
  log=$(mktemp)
  if ! { apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "$@"; } >"$log" 2>&1; then
    tail -n 20 "$log" >&2
    fail "apt-get could not install $*"
  fi
  rm -f "$log"
}

install_dependencies() {
  [ node_modules/.package-lock.json -nt package-lock.json ] && return
  say 'installing node dependencies (npm ci)'
  npm ci --include=dev --no-audit --no-fund --loglevel=error
}

build() {
  # The list of the page's files is what a build writes last.
  local last=public/built/assets.json
  [ -e dist/main.js ] && [ -e "$last" ] &&
    [ -z "$(find src scripts/bundle.mjs package-lock.json -newer "$last" -print -quit)" ] && return
  say 'building (tsc, esbuild)'
  rm -rf dist
  npm run --silent build >&2
}

# A daemon that was killed leaves its pid file; once another process has that pid, the next one refuses to start.
forget_dead() {
  if [ -r "$1" ] && [ "$(cat "/proc/$(cat "$1")/comm" 2>/dev/null)" != "$2" ]; then
    rm -f "$1"
  fi
}

start_engine() {
  if [ -d /run/systemd/system ]; then
    say 'starting docker (systemctl)'
    systemctl enable --now docker
  else
    say 'starting dockerd in the background, its log in /var/log/dockerd.log'
    forget_dead /var/run/docker.pid dockerd
    forget_dead /var/run/docker/containerd/containerd.pid containerd
    setsid dockerd >>/var/log/dockerd.log 2>&1 </dev/null &
  fi
  for _ in $(seq 60); do
    [ "$(node scripts/engine.mjs status)" != no-engine ] && return
    sleep 1
  done
  fail 'the Docker engine did not answer within a minute of being started'
}

provide_engine() {
  [ -z "${DOCKER_HOST:-}" ] || fail "no Docker engine answers at DOCKER_HOST ($DOCKER_HOST)"
  local manual='install Docker, start it, and let this user reach its socket; or set DOCKER_HOST'
  [ "$(id -u)" = 0 ] || fail "no Docker engine answers, and only root can install one: $manual"
  command -v dockerd >/dev/null || apt_install docker.io iptables || fail "no Docker engine, and no apt-get: $manual"
  start_engine
}

# Where no registry can be reached there may still be a Debian mirror: a stand-in with the same interpreter family.
build_stand_in() {
  local suite
  suite=$(. /etc/os-release && echo "${VERSION_CODENAME:-}")
  command -v mmdebstrap >/dev/null || apt_install mmdebstrap || fail 'no stand-in: it takes root and apt-get'
  say "building a stand-in from $suite's packages (mmdebstrap)"
  # By way of a file: what is imported must be whole, or the next set-up would find half an image and be content.
  local folder
  folder=$(mktemp -d)
  if ! mmdebstrap --variant=minbase --include=python3 --customize-hook='ln -s python3 "$1/usr/bin/python"' \
    "$suite" "$folder/rootfs.tar" 2>"$folder/log"; then
    tail -n 20 "$folder/log" >&2
    rm -rf "$folder"
    fail 'the stand-in could not be built'
  fi
  node scripts/engine.mjs import <"$folder/rootfs.tar"
  rm -rf "$folder"
}

provide_image() {
  say 'pulling the image of the sandboxes'
  local outcome
  outcome=$(node scripts/engine.mjs pull)
  case $outcome in
  pulled) ;;
  no-registry) build_stand_in ;;
  *) fail "$outcome" ;;
  esac
}

provide_chromium() {
  command -v chromium >/dev/null || apt_install chromium fonts-dejavu-core || fail 'the browser tests need chromium'
}

provide_python() {
  command -v python3 >/dev/null || apt_install python3-minimal || fail 'the benchmark measures against a python3 on the PATH'
}

install_dependencies
build
status=$(node scripts/engine.mjs status)
if [ "$status" = no-engine ]; then
  provide_engine
  status=$(node scripts/engine.mjs status)
fi
[ "$status" = no-image ] && provide_image
if [ "${1:-}" = --test ]; then
  provide_chromium
  provide_python
fi
[ "${1:-}" = --bench ] && provide_python
exit 0
