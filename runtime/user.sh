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

# claim FOLDER: gives an empty folder of root's to the user that runs QEMU; fails for one
# to which that user could not write.
claim() {
  local owner group mode
  [[ -d $1 ]] || die usage "\"$1\" is no folder to claim"
  read -r owner group mode < <(stat -c '%u %g %a' -- "$1")
  mode=$((8#$mode))
  if ((mode & 8#002 || (owner == qemu_uid && mode & 8#200) || (group == qemu_uid && mode & 8#020))); then return 0; fi
  [[ $owner == 0 && -z $(ls -A -- "$1") ]] ||
    die rights "it belongs to uid $owner, and guests are run by uid $qemu_uid, who may not write there; give it to that one (chown $qemu_uid), or name another"
  chown "$qemu_uid:$qemu_uid" -- "$1"
}

# user_can_write: whether there is room for what the runtime writes, or which is lacking.
user_can_write() {
  local folder options=''
  for folder in "$run" "$IMAGE_DIR"; do
    [[ -w $folder ]] || options+=" --tmpfs $folder:uid=$qemu_uid,mode=755"
  done
  [[ -z $options ]] || ! root_is_read_only ||
    die rights "the container's root cannot be written to (--read-only), and the guest's disk and state want a place: add$options"
}

root_is_read_only() {
  local point options
  while read -r _ _ _ _ point options _; do
    if [[ $point == / ]]; then [[ ,$options, == *,ro,* ]] && return; fi
  done </proc/self/mountinfo
  return 1
}
