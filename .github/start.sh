#!/usr/bin/env bash
# Builds the shop, starts it as a person does, reads its first page and its list of tickets, and stops it.
# For machines without the servers that ./check uses: macOS (bash 3.2), Windows (the bash of Git), Linux.
# The exit code is 0 if all of it worked.
set -euo pipefail
cd "$(dirname "$0")/.."
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 MSBUILDDISABLENODEREUSE=1

readonly READY_SECONDS_MAX=240 STOP_SECONDS_MAX=60
folder=$(mktemp -d "${TMPDIR:-/tmp}/ticketing-start.XXXXXX")
log=$folder/log
shop=''

say() { printf '\n== %s (%ss)\n' "$1" "$SECONDS"; }

fail() {
  echo "$1" >&2
  echo "The shop's output:" >&2
  cat "$log" >&2
  exit 1
}

runs() { [[ -n "$shop" ]] && kill -0 "$shop" 2>/dev/null; }

# On Windows no signal of this shell reaches a .NET process: the runner and the apps it started are ended together.
ask_to_stop() {
  if [[ -r /proc/$shop/winpid ]]; then
    taskkill //F //T //PID "$(cat "/proc/$shop/winpid")" >/dev/null
  else
    kill -TERM "$shop"
  fi
}

stop() {
  runs || return 0
  ask_to_stop
  for ((i = 0; i < STOP_SECONDS_MAX; i++)); do
    runs || return 0
    sleep 1
  done
  kill -KILL "$shop"
  return 1
}

clean_up() {
  stop || true
  rm -rf "$folder" || true
}
trap clean_up EXIT

# The address in the line that says that a purchase would work; empty until then.
address() { sed -n 's/.*Ticketing is ready on \(http[^ ]*\).*/\1/p' "$log" | tr -d '\r'; }

has() { curl -fsS --max-time 20 -o "$folder/answer" "$1" && grep -q "$2" "$folder/answer"; }

say "build"
dotnet build Ticketing.sln -v q --nologo

say "start"
dotnet local/Runner/bin/Debug/net10.0/Ticketing.Run.dll \
  --port 0 --any-ports --seed-demo --data "$folder/data" >"$log" 2>&1 &
shop=$!
url=''
for ((i = 0; i < READY_SECONDS_MAX; i++)); do
  runs || fail "The shop ended before it was ready."
  url=$(address)
  [[ -z "$url" ]] || break
  sleep 1
done
[[ -n "$url" ]] || fail "The shop is not ready after $READY_SECONDS_MAX s."
echo "Ready on $url"

say "read"
has "$url/" '<html' || fail "The first page did not come."
has "$url/api/tickets" '"items"' || fail "The list of tickets did not come."
echo "The first page and the list of tickets came."

say "stop"
stop || fail "The shop did not stop within $STOP_SECONDS_MAX s."
echo "Stopped."
