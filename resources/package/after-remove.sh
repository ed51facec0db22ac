#!/bin/sh
# After QLF's files have gone. What people observed (their data folders, settings and secrets) is theirs and stays, also
# when the package is purged.
set -e

case "$1" in
  remove | purge)
    rm -f "$DPKG_ROOT/usr/bin/${executable}"
    if [ -z "$DPKG_ROOT" ] && [ -f '/etc/apparmor.d/${executable}' ]; then
      if command -v apparmor_parser >/dev/null; then apparmor_parser --remove '/etc/apparmor.d/${executable}' || true; fi
      rm -f '/etc/apparmor.d/${executable}'
    fi
    if [ -z "$DPKG_ROOT" ]; then
      if command -v update-mime-database >/dev/null; then update-mime-database /usr/share/mime || true; fi
      if command -v update-desktop-database >/dev/null; then update-desktop-database -q /usr/share/applications || true; fi
    fi
    ;;
esac
