# shellcheck shell=bash
# The guest's disk: an image that is never written, and an overlay that is.

boot= # direct or firmware
base= # the image below the overlay
overlay=
disk_kept=no          # yes: the overlay is of an earlier run
disk_bytes=0          # what the guest's disk shall have
template_disk_bytes=0 # what a restored guest believes it has

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
  if [[ -e /image ]]; then
    base=/image boot=firmware
  elif [[ -e /image.xz ]]; then
    base=$IMAGE_DIR/image boot=firmware
    [[ -e $base ]] || xz -dc /image.xz >"$base" 2>/dev/null || {
      rm -f "$base"
      die image-corrupt "/image.xz does not unpack into $IMAGE_DIR; is it whole, and is there room?"
    }
    give_to_qemu "$base"
  elif [[ -e $guest/disk.qcow2 ]]; then
    base=$guest/disk.qcow2
    if [[ -e $guest/vmlinuz ]]; then boot=direct; else boot=firmware; fi
    if [[ -e $guest/guest.env && $boot == firmware ]] && grep -q GUEST_CMDLINE "$guest/guest.env"; then
      die image-missing "the image has a disk for direct boot, but no kernel $guest/vmlinuz; build it again with images/build"
    fi
  else
    die image-missing 'this image holds no guest; mount a disk image on /image, or run one such as virtainers/debian:12'
  fi
  [[ -r $base ]] || die image-missing "$base cannot be read by uid $EUID"
}

disk_prepare() {
  if [[ $rung == restore ]]; then
    disk_take_template
    return
  fi
  local format size wanted
  format=$(image_format "$base")
  size=$(image_bytes "$base")
  [[ -n $format && -n $size ]] || die image-corrupt "$base is not a disk image that QEMU can read; check it with qemu-img info"
  [[ $format == raw || $format == qcow2 ]] || die image-corrupt "$base is of format $format; convert it to qcow2 with qemu-img convert"
  ((size >= 1 << 20)) || die image-corrupt "$base has only $size bytes; it is not a disk"
  overlay=$IMAGE_DIR/local_image.qcow2
  if [[ -e $overlay ]]; then
    [[ -n $(image_bytes "$overlay") ]] || die image-corrupt "$overlay is not a disk image that QEMU can read"
    disk_kept=yes
    say disk "$base with what $overlay holds"
    return 0
  fi
  disk_bytes=$(disk_larger "$size")
  if [[ $making == yes ]]; then disk_bytes=$size; fi
  local output
  output=$(qemu-img create -q -f qcow2 -F "$format" -b "$base" "$overlay" "$disk_bytes" 2>&1) || disk_cannot_create "$output"
  give_to_qemu "$overlay"
  say disk "$base ($format, $boot boot), $((disk_bytes >> 20)) MB"
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
  overlay=$IMAGE_DIR/local_image.qcow2
  { cat "$template/disk.qcow2" >"$overlay"; } 2>"$run/disk.log" || disk_cannot_create "$(<"$run/disk.log")"
  give_to_qemu "$overlay"
  read -r template_disk_bytes <"$template/disk-bytes"
  disk_bytes=$template_disk_bytes
  if [[ -n $DISK_SIZE ]]; then disk_bytes=$(disk_larger "$template_disk_bytes"); fi
  say disk "as the template's guest left it, $((disk_bytes >> 20)) MB"
}

disk_cannot_create() {
  if [[ $1 == *'No space left'* ]]; then
    die disk-full "no space for the overlay in $IMAGE_DIR"
  fi
  [[ -w $IMAGE_DIR ]] || die rights "uid $EUID cannot write into $IMAGE_DIR; give it the folder (chown $qemu_uid) or run the container as root"
  die image-corrupt "cannot make an overlay of $base in $IMAGE_DIR: $1"
}

disk_arguments() {
  local cache=writeback device=virtio-blk-pci,drive=disk,romfile=
  if [[ $boot == firmware ]]; then device+=,bootindex=0; fi
  if [[ $EPHEMERAL == yes ]]; then cache=unsafe; fi
  qemu_arguments+=(
    -drive "if=none,id=disk,file=$overlay,format=qcow2,cache=$cache,discard=unmap,werror=stop"
    -device "$device"
  )
}
