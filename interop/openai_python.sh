#!/usr/bin/env bash
# OpenAI's Python client against ./reprise serve with the bundled model.
# Called by ./build interop with REPRISE (the start script) and CACHE (a folder that is kept). Needs python3 and pip.
set -eu
HERE=$(cd -P "$(dirname "${BASH_SOURCE[0]}")" && pwd)
MODEL=${MODEL:-}
EXPECT=${EXPECT-4821}
VENV=$CACHE/openai-python

if [ ! -x "$VENV/bin/python" ] || ! "$VENV/bin/python" -c 'import openai' 2>/dev/null; then
  python3 -m venv "$VENV"
  "$VENV/bin/pip" install --quiet 'openai>=2,<3'
fi

PORT=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
"$REPRISE" serve ${MODEL:+"$MODEL"} --port "$PORT" >"$CACHE/openai-python-server.log" 2>&1 &
SERVER=$!
trap 'kill "$SERVER" 2>/dev/null; wait "$SERVER" 2>/dev/null || true' EXIT

python3 - "$PORT" "$SERVER" <<'WAIT'
import os, sys, time, urllib.request
port, server = sys.argv[1], int(sys.argv[2])
for _ in range(600):
    try:
        urllib.request.urlopen(f"http://127.0.0.1:{port}/ready", timeout=2)
        sys.exit(0)
    except OSError:
        time.sleep(0.2)
    try:
        os.kill(server, 0)
    except ProcessLookupError:
        sys.exit("the server ended before it was ready; its log is openai-python-server.log")
sys.exit("the server was not ready within two minutes")
WAIT

"$VENV/bin/python" "$HERE/openai_python.py" --base-url "http://127.0.0.1:$PORT/v1" --expect "$EXPECT"
