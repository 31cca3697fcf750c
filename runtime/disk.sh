# shellcheck shell=bash
# The guest's disk: an image that is never written, and an overlay that is.

boot=      # direct (prepared) or firmware (any other, see kernel.sh)
base=      # the image below the overlay
base_id=   # sha256 of it
base_read= # the last one that was read whole: its sha256, path and seal
backing=   # its name in the overlay, which tells its identity
overlay=
disk_of_another=no    # yes: it begins as another guest left its own
disk_kept=no          # yes: the overlay is of an earlier run
disk_bytes=0          # what the guest's disk shall have
template_disk_bytes=0 # what a restored guest believes it has

# guest_says NAME: what the image says of its guest in guest.env. That is data, and never run: an
# image may be anybody's.
guest_says() {
  local line
  [[ -r $guest/guest.env ]] || return 0
  while IFS= read -r line; do
    [[ $line == "$1="* ]] || continue
    line=${line#*=}
    line=${line#\'}
    printf '%s\n' "${line%\'}"
    return
  done <"$guest/guest.env"
}

# image_info FILE PATTERN: what a line of qemu-img's description holds.
image_info() {
  LC_ALL=C qemu-img info "$1" 2>/dev/null | sed -nE "s/^$2\$/\1/p" | head -n 1
}

image_format() {
  image_info "$1" 'file format: (.*)'
}

image_bytes() {
  image_info "$1" 'virtual size: .*\(([0-9]+) bytes\)'
}

image_backing() {
  image_info "$1" 'backing file: (.*)' | sed 's/ (actual path: .*//'
}

# to_bytes SIZE: bytes of a size such as 20G; plain numbers are bytes.
to_bytes() {
  local number=${1%[KMGT]}
  case $1 in
    *K) echo $((10#$number << 10)) ;;
    *M) echo $((10#$number << 20)) ;;
    *G) echo $((10#$number << 30)) ;;
    *T) echo $((10#$number << 40)) ;;
    *) echo $((10#$number)) ;;
  esac
}

disk_find() {
  local mounted
  for mounted in /image /image.xz; do
    if [[ -z $IMAGE && -z $IMAGE_URL && -e $mounted ]]; then IMAGE=$mounted; fi
  done
  if [[ -n $IMAGE || -n $IMAGE_URL ]]; then
    boot=firmware
    fetch_image
  elif [[ -e $guest/disk.qcow2 ]]; then
    base=$guest/disk.qcow2
    # What was published on top of it, each named by what the next one calls it.
    if [[ -e $guest/layers/top ]]; then
      base=$(tr -d '\0' <"$guest/layers/top")
      [[ $base =~ ^[0-9A-Za-z][0-9A-Za-z._-]*$ ]] || die image-corrupt "the image does not say which of the layers in $guest/layers is the top one; build it again"
      base=$guest/layers/$base
    fi
    if [[ -e $guest/vmlinuz ]]; then boot=direct; else boot=firmware; fi
    if [[ $boot == firmware && -n $(guest_says GUEST_CMDLINE) ]]; then
      die image-missing "the image has a disk for direct boot, but no kernel $guest/vmlinuz; build it again with images/build"
    fi
  else
    die image-missing 'this image holds no guest; mount a disk image on /image, give IMAGE_URL, or run one such as virtainers/debian:12'
  fi
  [[ -r $base ]] || die image-missing "$base cannot be read by uid $EUID"
  fetch_hold
  if [[ $boot == firmware ]]; then kernel_find; fi
}

disk_prepare() {
  overlay=$IMAGE_DIR/local_image.qcow2
  printf '%s\n' "$overlay" "$base" >"$run/overlay"
  if [[ $rung == restore ]]; then
    disk_name_base
    disk_take_template
    return
  fi
  local format problem
  problem=$(disk_problem "$base" "$base")
  [[ -z $problem ]] || die image-corrupt "$problem"
  format=$(image_format "$base")
  disk_name_base
  if [[ -e $overlay ]]; then disk_take_overlay; else disk_create_overlay; fi
}

# disk_problem FILE NAME: why a file is no disk that a guest could boot from, if so.
disk_problem() {
  local format size
  format=$(image_format "$1")
  size=$(image_bytes "$1")
  if [[ -z $format || -z $size ]]; then
    echo "$2 is not a disk image that QEMU can read; check it with qemu-img info"
  elif [[ $format != raw && $format != qcow2 ]]; then
    echo "$2 is of format $format; convert it to qcow2 with qemu-img convert"
  elif ((size < 1 << 20)); then
    echo "$2 has only $size bytes; it is not a disk"
  elif [[ $format == raw && $(od -An -tx1 -j 510 -N 2 "$1") != ' 55 aa' ]]; then
    echo "$2 is not a disk: it is no qcow2 image, and has no boot sector"
  elif [[ $1 != "$guest"/layers/* && -n $(image_backing "$1") ]]; then
    echo "$2 is not complete: it has a backing file; merge them with qemu-img convert"
  elif [[ -n $(image_info "$1" ' *data file: (.*)') ]]; then
    echo "$2 is not complete: its data is in another file; put them together with qemu-img convert"
  fi
}

# disk_name_base: the overlay knows its base by a name that is the base's sha256,
# so what was written over one image is never put over another, wherever the
# overlay has been in between.
disk_name_base() {
  disk_identify_base
  backing=$run/base/$base_id
  mkdir -p "$run/base"
  ln -sfn "$base" "$backing"
  [[ $base == "$guest"/layers/* ]] || return 0
  local layer
  for layer in "$guest"/layers/*; do
    ln -sfn "$layer" "$run/base/${layer##*/}"
  done
  ln -sfn "$guest/disk.qcow2" "$run/base/$(disk_says_sum)"
}

# disk_says_sum: the sha256 that a prepared image says its disk has; nothing where it says none.
disk_says_sum() {
  local sum
  sum=$(guest_says GUEST_DISK)
  if is_sha256 "$sum"; then echo "$sum"; fi
}

# disk_identify_base: sets base_id. A prepared image says it; any other is read,
# once for as long as its file stays the same.
disk_identify_base() {
  local seal record=$IMAGE_DIR/local_image.base
  base_id=
  if [[ $base == "$guest/disk.qcow2" ]]; then base_id=$(disk_says_sum); fi
  if [[ ${base%/*} == "$IMAGE_CACHE" || ${base%/*} == "$guest/layers" ]]; then base_id=${base##*/}; fi
  [[ -z $base_id ]] || return 0
  seal=$(stat -L -c '%i %s %.9Y %.9Z' "$base")
  if [[ -r $record && $(tail -n +2 "$record") == "$seal" ]]; then
    read -r base_id <"$record"
    if is_sha256 "$base_id"; then return 0; fi
  fi
  if [[ $base_read != *" $base $seal" ]]; then
    say disk "reading all of $base, to know it again"
    base_read="$(sha256sum <"$base") $base $seal"
  fi
  base_id=${base_read%% *}
  if { printf '%s\n' "$base_id" "$seal" >"$record"; } 2>/dev/null; then give_to_qemu "$record"; fi
}

disk_create_overlay() {
  local size output
  size=$(image_bytes "$base")
  disk_bytes=$(disk_larger "$size")
  # A prepared guest's disk grows when it is restored, a foreign one's when it boots.
  if [[ $making == yes && $boot == direct ]]; then disk_bytes=$size; fi
  output=$(qemu-img create -q -f qcow2 -F "$format" -b "$backing" "$overlay" "$disk_bytes" 2>&1) || disk_cannot_create "$output"
  give_to_qemu "$overlay"
  if [[ $base == "$guest"/layers/* ]]; then disk_of_another=yes; fi
  say disk "$base ($format, $rung boot), $((disk_bytes >> 20)) MB"
}

# disk_take_overlay: what an earlier run left, if it was written over this base.
disk_take_overlay() {
  local size below output
  output=$(LC_ALL=C qemu-img info "$overlay" 2>&1) || disk_cannot_open "$output"
  [[ $(image_format "$overlay") == qcow2 ]] || die image-corrupt "$overlay is not a qcow2 disk image"
  size=$(image_bytes "$overlay")
  below=$(image_backing "$overlay")
  case $below in
    "$backing") ;;
    "${backing%/*}"/*) die usage "$overlay was written over another image than $base, whose sha256 is $base_id and not ${below##*/}; run it with the image that it belongs to, or give this one another IMAGE_DIR" ;;
    *) die usage "$overlay does not say over which image it was written; if it was this one, say so with: qemu-img rebase -u -F $format -b $backing $overlay" ;;
  esac
  disk_bytes=$(disk_larger "$size")
  if ((disk_bytes > size)); then
    output=$(qemu-img resize -q "$overlay" "$disk_bytes" 2>&1) || disk_cannot_create "$output"
  fi
  disk_kept=yes
  say disk "$base with what $overlay holds, $((disk_bytes >> 20)) MB"
}

disk_cannot_open() {
  if [[ $1 == *' lock'* ]]; then
    die usage "$overlay is in use by another virtainer; give this one another IMAGE_DIR"
  fi
  [[ -r $overlay ]] || die rights "$overlay cannot be read by uid $EUID; give it the file (chown $qemu_uid)"
  die image-corrupt "$overlay is not a disk image that QEMU can read"
}

# disk_larger BYTES: DISK_SIZE, or these bytes when they are more.
disk_larger() {
  local wanted=0
  if [[ -n $DISK_SIZE ]]; then wanted=$(to_bytes "$DISK_SIZE"); fi
  echo $((wanted > $1 ? wanted : $1))
}

# disk_take_template: what the template's guest wrote is small, so it is copied:
# the overlay then needs no template when the guest boots again.
disk_take_template() {
  { cat "$template/disk.qcow2" >"$overlay"; } 2>"$run/disk.log" || disk_cannot_create "$(<"$run/disk.log")"
  give_to_qemu "$overlay"
  read -r template_disk_bytes <"$template/disk-bytes"
  disk_bytes=$template_disk_bytes
  if [[ -n $DISK_SIZE ]]; then disk_bytes=$(disk_larger "$template_disk_bytes"); fi
  say disk "as the template's guest left it, $((disk_bytes >> 20)) MB"
}

# disk_may_not_write FOLDER OTHERWISE: says what to do about it.
disk_may_not_write() {
  local said
  said=$({ : >>"$1/.virtainers"; } 2>&1) || :
  [[ $said != *'Read-only file system'* ]] || die rights "$1 is mounted read-only; mount it without \":ro\""
  die rights "uid $EUID cannot write into $1; give it the folder (chown $qemu_uid), or $2"
}

disk_cannot_create() {
  if [[ $1 == *'No space left'* ]]; then
    die disk-full "no space for the overlay in $IMAGE_DIR"
  fi
  [[ -w $IMAGE_DIR ]] || disk_may_not_write "$IMAGE_DIR" 'run the container as root'
  die image-corrupt "cannot make an overlay of $base in $IMAGE_DIR: $1"
}

disk_arguments() {
  local cache=writeback device=virtio-blk-pci,drive=disk,romfile=
  # The kernel is at the first place where it stands alone.
  if kernel_is_alone; then device+=,bootindex=1; elif [[ $boot == firmware ]]; then device+=,bootindex=0; fi
  if [[ $EPHEMERAL == yes ]]; then cache=unsafe; fi
  qemu_arguments+=(
    -drive "if=none,id=disk,file=$overlay,format=qcow2,cache=$cache,discard=unmap,werror=stop"
    -device "$device"
  )
}
