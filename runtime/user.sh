# shellcheck shell=bash
# Who runs QEMU: uid 1000, whether the container started so or as root.

qemu_uid=1000
as_qemu=()

# has_capability NUMBER: whether this process holds it (linux/capability.h).
has_capability() {
  local name value
  while read -r name value; do
    [[ $name == CapEff: ]] || continue
    (((16#$value >> $1) & 1))
    return
  done </proc/self/status
  return 1
}

# user_choose: sets as_qemu, the words before a command that runs as uid 1000.
user_choose() {
  as_qemu=()
  ((EUID == 0)) || return 0
  local cap_setgid=6 cap_setuid=7 cap_setpcap=8
  if ! has_capability $cap_setuid || ! has_capability $cap_setgid; then
    say warning "started as root without the right to become uid $qemu_uid; add --user $qemu_uid"
    return 0
  fi
  as_qemu=(setpriv --reuid "$qemu_uid" --regid "$qemu_uid" --no-new-privs --inh-caps=-all)
  ! has_capability $cap_setpcap || as_qemu+=(--bounding-set=-all)
  if [[ -c /dev/kvm ]]; then
    as_qemu+=(--groups "$(stat -c %g /dev/kvm)")
  else
    as_qemu+=(--clear-groups)
  fi
}

# give_to_qemu FILE…: lets uid 1000 use files that root made.
give_to_qemu() {
  ((${#as_qemu[@]} == 0)) || chown "$qemu_uid:$qemu_uid" "$@"
}
