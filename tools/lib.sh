# Shared by the commands in tools/. Source it; it runs nothing by itself.
# shellcheck shell=bash

DOPPEL_ROOT="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"

# Everything that the project installs for itself stands here, and nothing
# else. It can be deleted at any time; tools/setup makes it again.
# tools/bazel/cache.bzl finds it in the same way.
if [[ -z "${DOPPEL_CACHE:-}" ]]; then
  if [[ -n "${XDG_CACHE_HOME:-}" ]]; then
    DOPPEL_CACHE="$XDG_CACHE_HOME/doppel"
  else
    DOPPEL_CACHE="${HOME:-/root}/.cache/doppel"
  fi
fi
export DOPPEL_CACHE

# say TEXT...: one line for the person who watches.
say() {
  printf '%s\n' "$*"
}

# title TEXT...: the start of a part, in bold on a terminal.
title() {
  if [[ -t 1 ]]; then
    printf '\033[1m== %s\033[0m\n' "$*"
  else
    printf '== %s\n' "$*"
  fi
}

# die TEXT...: an error, to standard error; ends the program.
die() {
  printf 'error: %s\n' "$*" >&2
  exit 1
}

# _heartbeat PID LOG: until PID ends, every ten seconds one line with the time
# that it has taken and the last line that it wrote.
_heartbeat() {
  local pid="$1" log="$2" waited=0 last
  while kill -0 "$pid" 2>/dev/null; do
    sleep 1
    waited=$((waited + 1))
    if ((waited % 10 == 0)); then
      last="$(tail -n 1 "$log" 2>/dev/null | tr -d '\r' | cut -c 1-60)"
      printf '   %3d s  %s\n' "$waited" "$last"
    fi
  done
}

# logged WHAT COMMAND...: runs the command with its output in a log file, and
# shows that it lives. Fails as the command does, with the end of the log.
logged() {
  local what="$1" log pid beat status=0
  shift
  mkdir -p "$DOPPEL_CACHE/logs"
  log="$DOPPEL_CACHE/logs/$(tr -cs '[:alnum:]' '-' <<<"$what").log"
  say "-> $what"
  "$@" >"$log" 2>&1 </dev/null &
  pid=$!
  _heartbeat "$pid" "$log" &
  beat=$!
  wait "$pid" || status=$?
  wait "$beat" || true
  if ((status != 0)); then
    tail -n 30 "$log" >&2
    say "error: '$what' failed (exit code $status); all of it: $log" >&2
  fi
  return "$status"
}

# go_is_new_enough GO: whether that go is 1.24 or newer, which grpc-go needs.
go_is_new_enough() {
  local version major minor
  version="$("$1" env GOVERSION 2>/dev/null)" || return 1
  version="${version#go}"
  major="${version%%.*}"
  minor="${version#*.}"
  minor="${minor%%[!0-9]*}"
  ((major > 1 || (major == 1 && minor >= 24)))
}

# activate: puts what tools/setup installed first on PATH.
activate() {
  local go
  export PATH="$DOPPEL_CACHE/bin:$DOPPEL_CACHE/venv/bin:$PATH"
  export VIRTUAL_ENV="$DOPPEL_CACHE/venv"
  export DOPPEL_DRIVERS="$DOPPEL_CACHE/drivers"
  go="$(command -v go || true)"
  if [[ -z "$go" ]] || ! go_is_new_enough "$go"; then
    export PATH="$DOPPEL_CACHE/go-toolchain/go/bin:$PATH"
  fi
  export GOPATH="$DOPPEL_CACHE/go"
  export GOTOOLCHAIN=local
}

# bazel_do COMMAND ARGUMENT...: bazel, with the project's disk cache. Where its
# output goes to a file, a line of progress every ten seconds is enough.
bazel_do() {
  local command="$1" options=(--disk_cache="$DOPPEL_CACHE/bazel-disk")
  shift
  [[ -t 2 ]] || options+=(--show_progress_rate_limit=10)
  (cd "$DOPPEL_ROOT" && bazel "$command" "${options[@]}" "$@")
}

# buf_lint: buf's lint over proto/, with the google.rpc protos beside it, since
# buf reads nothing from outside its own folder.
buf_lint() {
  local folder status=0
  folder="$(mktemp -d)"
  cp -R "$DOPPEL_ROOT/proto/." "$DOPPEL_CACHE/googleapis/google" "$folder/"
  (cd "$folder" && buf lint) | sed 's|^doppel/|proto/doppel/|' || status=$?
  rm -rf "$folder"
  return "$status"
}
