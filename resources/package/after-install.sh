#!/bin/sh
# After QLF's files have been put in their place, at the first installation and at every upgrade.
set -e

target='/opt/${sanitizedProductName}'

# The command. Where there is no screen (over ssh, from cron) the program gets one that nobody sees: without any it does not start.
mkdir -p "$DPKG_ROOT/usr/bin"
command="$DPKG_ROOT/usr/bin/${executable}"
rm -f "$command"
cat >"$command" <<'END'
#!/bin/sh
program="$(dirname "$(readlink -f "$0")")/../../opt/${sanitizedProductName}/${executable}"
if [ -z "$DISPLAY$WAYLAND_DISPLAY" ]; then
  if ! command -v xvfb-run >/dev/null; then
    echo '${executable}: there is no display. Install xvfb and xauth (apt install xvfb xauth), or use a desktop session.' >&2
    exit 2
  fi
  exec xvfb-run -a "$program" "$@"
fi
exec "$program" "$@"
END
chmod 0755 "$command"

# Chromium's sandbox needs user namespaces; where the kernel has none for ordinary users, a helper that is root's.
if unshare --user true 2>/dev/null && [ "$(cat /proc/sys/kernel/unprivileged_userns_clone 2>/dev/null || echo 1)" = 1 ]; then
  chmod 0755 "$DPKG_ROOT$target/chrome-sandbox"
else
  chmod 4755 "$DPKG_ROOT$target/chrome-sandbox"
fi

# Ubuntu 24 and later allow user namespaces by a profile only.
profile="$target/resources/apparmor-profile"
if [ -z "$DPKG_ROOT" ] && [ -d /etc/apparmor.d ] && command -v apparmor_parser >/dev/null &&
  apparmor_parser --skip-kernel-load --debug "$profile" >/dev/null 2>&1; then
  cp -f "$profile" '/etc/apparmor.d/${executable}'
  apparmor_parser --replace --write-cache --skip-read-cache '/etc/apparmor.d/${executable}' || true
fi

if [ -z "$DPKG_ROOT" ]; then
  if command -v update-mime-database >/dev/null; then update-mime-database /usr/share/mime || true; fi
  if command -v update-desktop-database >/dev/null; then update-desktop-database -q /usr/share/applications || true; fi
fi
