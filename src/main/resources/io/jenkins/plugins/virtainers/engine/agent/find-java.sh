#!/bin/sh
# Prints what starts Java in a guest: the image's own, if it is of version $1 or newer, or the
# one on the disk that the runtime gives every guest. Says why there is none, with status
# 10 when there is such a disk and this user may not mount it; then the output is its
# folder for this guest's C library.

oldest=$1
place=/run/virtainers-disk

# version_of JAVA: as its files say, which is quicker than to start it.
version_of() {
  home=$(readlink -f "$1")
  home=${home%/bin/java}
  version=$(sed -n 's/^JAVA_VERSION="\(1\.\)\{0,1\}\([0-9]*\).*/\2/p' "$home/release" 2>/dev/null)
  [ -n "$version" ] || version=$("$1" -version 2>&1 | sed -n 's/.* version "\(1\.\)\{0,1\}\([0-9]*\).*/\2/p')
  echo "${version:-0}"
}

# disk: the device of the runtime's disk.
disk() {
  for device in /sys/block/vd*; do
    if [ "$(cat "$device/serial" 2>/dev/null)" = virtainers-agent ]; then echo "/dev/${device##*/}"; fi
  done
}

as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"; else sudo -n "$@"; fi
}

own=$(command -v java) || own=
if [ -n "$own" ] && [ "$(version_of "$own")" -ge "$oldest" ]; then
  echo "$own"
  exit 0
fi
if [ -n "$own" ]; then
  why="its own is older than $oldest"
else
  why='it has none of its own'
fi

if [ ! -e "$place/java" ]; then
  device=$(disk)
  if [ -z "$device" ]; then
    echo "$why, and its runtime image was built without one for agents" >&2
    exit 1
  fi
  if ! said=$( (as_root mkdir -p -m 755 "$place" && as_root mount -t iso9660 -o ro,nosuid,nodev "$device" "$place") 2>&1); then
    echo "$why, and the disk with one cannot be mounted: $said" >&2
    if ls /lib/ld-musl-*.so.1 >/dev/null 2>&1; then echo musl; else echo gnu; fi
    exit 10
  fi
fi
for libc in gnu musl; do
  if "$place/java/$libc/bin/java" -version >/dev/null 2>&1; then
    echo "$place/java/$libc/bin/java"
    exit 0
  fi
done
echo "$why, and the one for agents does not run on its $(uname -m) and C library" >&2
exit 1
