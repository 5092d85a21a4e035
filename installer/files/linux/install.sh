#!/bin/sh
# Puts FunnelDesk in place for the person who runs this, or for everybody when run as root.
#
#   ./install.sh [FOLDER]             FOLDER: ~/.local, or /usr/local for root
#   ./install.sh --remove [FOLDER]    takes it away again; bases and settings stay
set -eu

here=$(cd "$(dirname "$0")" && pwd)
remove=no
if [ "${1:-}" = --remove ]; then
    remove=yes
    shift
fi
if [ "$(id -u)" = 0 ]; then usual=/usr/local; else usual=$HOME/.local; fi
prefix=${1:-$usual}
mine=$prefix/lib/funneldesk

take_away() {
    if [ -e "$mine" ] && [ ! -x "$mine/funneldesk-window" ]; then
        echo "$mine is not FunnelDesk; left as it is." >&2
        exit 1
    fi
    rm -rf "$mine"
    rm -f "$prefix/bin/funneldesk" "$prefix/bin/funneldesk-window"
    (cd "$here/share" && find . -type f) | while read -r file; do rm -f "$prefix/share/$file"; done
}

tell_the_desktop() {
    if command -v update-mime-database >/dev/null && [ -d "$prefix/share/mime" ]; then
        update-mime-database "$prefix/share/mime" || true
    fi
    if command -v update-desktop-database >/dev/null && [ -d "$prefix/share/applications" ]; then
        update-desktop-database -q "$prefix/share/applications" || true
    fi
}

take_away
if [ "$remove" = yes ]; then
    tell_the_desktop
    echo "FunnelDesk was removed from $prefix. Bases and settings are still there."
    exit 0
fi
mkdir -p "$prefix/lib" "$prefix/bin" "$prefix/share"
cp -R "$here/lib/funneldesk" "$mine"
ln -s "$mine/funneldesk" "$mine/funneldesk-window" "$prefix/bin/"
cp -R "$here/share/." "$prefix/share/"
sed -i "s|^Exec=funneldesk-window|Exec=\"$mine/funneldesk-window\"|" "$prefix/share/applications/funneldesk.desktop"
tell_the_desktop
echo "FunnelDesk is in $mine. Start it from the menu, or: $prefix/bin/funneldesk-window"
