# shellcheck shell=sh
# Sourced by what talks with the host about this guest.

# host_port: the device of QEMU's serial port for that, or nothing when there is none.
# Its link in /dev is udev's to make, and may come later than this, or never.
host_port() {
  for port in /sys/class/virtio-ports/*; do
    read -r name <"$port/name" || continue
    [ "$name" != org.virtainers.status ] || echo "/dev/${port##*/}"
  done
}

# tell LINE: to the host, if it listens.
tell() {
  device=$(host_port)
  [ -z "$device" ] || printf '%s\n' "$*" >"$device"
}
