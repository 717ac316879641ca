#!/usr/bin/env bash
# The official Python client against a started server. Needs python3 with venv; ./build interop sets REPRISE and CACHE.
set -eu
OPENAI_VERSION=3.54.0
venv=$CACHE/openai-python-$OPENAI_VERSION

if [ ! -x "$venv/bin/python" ]; then
  python3 -m venv "$venv"
  "$venv/bin/pip" install --quiet --disable-pip-version-check "openai==$OPENAI_VERSION" || {
    rm -rf "$venv"
    exit 1
  }
fi

log=$(mktemp)
"$REPRISE" serve --port 0 --api-key interop-key >/dev/null 2>"$log" &
server=$!
trap 'kill "$server" 2>/dev/null; wait "$server" 2>/dev/null; rm -f "$log"' EXIT
until url=$(sed -n 's/^URL  *//p' "$log") && [ -n "$url" ]; do
  kill -0 "$server" 2>/dev/null || {
    cat "$log" >&2
    exit 1
  }
  sleep 0.2
done
"$venv/bin/python" "$(dirname "$0")/openai_python.py" --base-url "$url/v1" --api-key interop-key --expect 4821
