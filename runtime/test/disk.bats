#!/usr/bin/env bats
# The guest's disk: which image an overlay belongs to, and how large it is. Needs
# qemu-img and no container engine.
# shellcheck disable=SC2030,SC2031,SC2034,SC2154,SC2317

setup() {
  start_us=${EPOCHREALTIME/[.,]/}
  for part in say env user fetch kernel disk; do
    # shellcheck source=/dev/null
    source "$BATS_TEST_DIRNAME/../$part.sh"
  done
  env_defaults
  run=$BATS_TEST_TMPDIR/run
  guest=$BATS_TEST_TMPDIR/guest
  IMAGE_DIR=$BATS_TEST_TMPDIR/mounted
  mkdir "$run" "$guest" "$IMAGE_DIR"
  rung=firmware boot=firmware making=no
  base=$BATS_TEST_TMPDIR/image
  make_image "$base" 'one system'
}

# make_image FILE TEXT: a disk with a text on it.
make_image() {
  truncate -s 2M "$BATS_TEST_TMPDIR/raw"
  printf '%s' "$2" | dd of="$BATS_TEST_TMPDIR/raw" bs=1 seek=1000000 conv=notrunc status=none
  qemu-img convert -f raw -O qcow2 "$BATS_TEST_TMPDIR/raw" "$1"
  rm "$BATS_TEST_TMPDIR/raw"
}

# refuses_overlay TEXT: in one line, and without a change to the overlay.
refuses_overlay() {
  local before
  before=$(sha256sum "$IMAGE_DIR/local_image.qcow2")
  run disk_prepare
  [ "$status" -eq 64 ]
  [ "$(grep -c ' failed: ' <<<"$output")" -eq 1 ]
  [[ $output == *"$1"* ]]
  [ "$(sha256sum "$IMAGE_DIR/local_image.qcow2")" = "$before" ]
}

@test "an overlay is found again over the same image" {
  disk_prepare
  qemu-io -c 'write -P 7 4096 512' "$overlay" >/dev/null
  disk_prepare
  run qemu-io -r -c 'read -P 7 4096 512' "$overlay"
  [[ $output != *'verification failed'* ]]
  [ "$disk_bytes" = $((2 << 20)) ]
}

@test "an overlay of another image is refused and stays as it was" {
  disk_prepare
  make_image "$base" 'another system'
  refuses_overlay 'was written over another image'
}

@test "an image that was changed in place is another image, whatever its times say" {
  disk_prepare
  local at
  at=$(stat -c %y "$base")
  qemu-io -c 'write -P 9 8192 512' "$base" >/dev/null
  touch -d "$at" "$base"
  refuses_overlay 'was written over another image'
}

@test "an overlay that came without its record still knows its image" {
  disk_prepare
  rm "$IMAGE_DIR/local_image.base"
  disk_prepare
  rm "$IMAGE_DIR/local_image.base"
  make_image "$base" 'another system'
  refuses_overlay 'was written over another image'
}

@test "a copy of the image elsewhere is the same image" {
  disk_prepare
  cp "$base" "$BATS_TEST_TMPDIR/copy"
  base=$BATS_TEST_TMPDIR/copy
  disk_prepare
  [ "$(readlink "$backing")" = "$base" ]
  qemu-img check -q "$overlay"
}

@test "an image that stays the same is read once" {
  disk_prepare
  sha256sum() { false; }
  disk_prepare
}

@test "a prepared image is known without being read" {
  local sum other
  sum=$(printf 0123abcd%.0s {1..8}) other=$(printf 4567def0%.0s {1..8})
  base=$guest/disk.qcow2
  make_image "$base" 'prepared'
  echo "GUEST_DISK='$sum'" >"$guest/guest.env"
  sha256sum() { false; }
  disk_prepare
  [ "${backing##*/}" = "$sum" ]
  unset -f sha256sum
  echo "GUEST_DISK='$other'" >"$guest/guest.env"
  refuses_overlay "whose sha256 is $other and not $sum"
}

@test "what was published on top of a prepared image is its disk, and so on" {
  guest_disk=$guest/disk.qcow2
  make_image "$guest_disk" 'prepared'
  printf 'GUEST_DISK=0123abc\nGUEST_CMDLINE=x\n' >"$guest/guest.env"
  touch "$guest/vmlinuz"
  local layer
  for layer in aaa bbb; do
    disk_find
    disk_prepare
    qemu-io -c "write -P 0x${layer:0:2} $((0x$layer * 512 - 0xaaa * 512 + 4096)) 512" "$overlay" >/dev/null
    [ "$(cat "$run/overlay")" = "$overlay"$'\n'"$base" ]
    mkdir -p "$guest/layers"
    mv "$overlay" "$guest/layers/$layer"
    echo "$layer" >"$guest/layers/top"
  done
  disk_find
  [ "$boot" = direct ]
  disk_prepare
  [ "$disk_of_another" = yes ]
  [ "${backing##*/}" = bbb ]
  run qemu-io -r -c 'read -P 0xaa 4096 512' -c "read -P 0xbb $((0x111 * 512 + 4096)) 512" "$overlay"
  [ "$status" -eq 0 ]
  [[ $output != *'verification failed'* ]]
  disk_of_another=no
  disk_prepare
  [ "$disk_of_another" = no ]
}

@test "an overlay that does not say its image is refused, and can be vouched for" {
  disk_prepare
  rm "$overlay"
  qemu-img create -q -f qcow2 -F qcow2 -b "$base" "$overlay"
  refuses_overlay 'does not say over which image it was written'
  local vouch=${output##*say so with: }
  bash -c "$vouch"
  disk_prepare
}

@test "an overlay that another virtainer uses is refused" {
  disk_prepare
  coproc qemu-io "$overlay"
  local qemu_io_pid=$COPROC_PID
  printf 'write -P 1 0 512\n' >&"${COPROC[1]}"
  IFS= read -r -t 10 _ <&"${COPROC[0]}"
  run disk_prepare
  kill "$qemu_io_pid"
  [ "$status" -eq 64 ]
  [[ $output == *'is in use by another virtainer'* ]]
}

@test "an overlay that is no disk is refused" {
  disk_prepare
  echo nonsense >"$overlay"
  run disk_prepare
  [ "$status" -eq 65 ]
}

@test "DISK_SIZE is the size of a new overlay" {
  DISK_SIZE=5M
  disk_prepare
  [ "$disk_bytes" = $((5 << 20)) ]
  [ "$(image_bytes "$overlay")" = "$disk_bytes" ]
}

@test "DISK_SIZE enlarges an overlay that is there, and never makes one smaller" {
  disk_prepare
  DISK_SIZE=5M
  disk_prepare
  [ "$disk_bytes" = $((5 << 20)) ]
  [ "$(image_bytes "$overlay")" = "$disk_bytes" ]
  DISK_SIZE=3M
  disk_prepare
  [ "$disk_bytes" = $((5 << 20)) ]
  [ "$(image_bytes "$overlay")" = "$disk_bytes" ]
}
