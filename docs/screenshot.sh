#!/bin/sh
# Take the README's picture of a report: docs/screenshot.sh REPORT.html PICTURE.png (needs Debian's chromium; pngquant makes it smaller).
set -eu
profile=$(mktemp -d)
trap 'rm -rf "$profile"' EXIT
chromium --headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update \
    --disable-sync --hide-scrollbars --user-data-dir="$profile" --window-size=1100,1250 --screenshot="$2" "file://$(realpath "$1")" 2>/dev/null
if command -v pngquant >/dev/null; then
    pngquant --force --skip-if-larger --quality=60-90 --output "$2" "$2" || true
fi
