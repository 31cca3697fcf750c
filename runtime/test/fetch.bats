#!/usr/bin/env bats
# Disk images from elsewhere, from a server on the loopback of the test's own that
# breaks off, lies and goes away. Needs qemu-img, curl, python3, and no container
# engine.
# shellcheck disable=SC2030,SC2031,SC2034,SC2154,SC2317

setup_file() {
  export folder=$BATS_FILE_TMPDIR/served
  mkdir "$folder"
  # More than a few reads long, and not to be compressed away.
  truncate -s 8M "$folder/disk.raw"
  head -c 3000000 /dev/urandom | dd of="$folder/disk.raw" bs=4k seek=1 conv=notrunc status=none
  printf '\x55\xaa' | dd of="$folder/disk.raw" bs=1 seek=510 conv=notrunc status=none
  qemu-img convert -f raw -O qcow2 "$folder/disk.raw" "$folder/disk.qcow2"
  cp "$folder/disk.qcow2" "$folder/disk.qcow2.changed"
  printf x | dd of="$folder/disk.qcow2.changed" bs=1 seek=1000000 conv=notrunc status=none
  xz -k "$folder/disk.raw"
  gzip -k "$folder/disk.raw"
  zstd -q "$folder/disk.raw"
  "$BATS_TEST_DIRNAME/fickle-server" "$folder" >"$BATS_FILE_TMPDIR/port" 3>&- &
  echo $! >"$BATS_FILE_TMPDIR/pid"
  local deadline=$((SECONDS + 20))
  until [ -s "$BATS_FILE_TMPDIR/port" ]; do
    ((SECONDS < deadline))
    sleep 0.1
  done
  server=http://127.0.0.1:$(cat "$BATS_FILE_TMPDIR/port")
  export server
}

teardown_file() {
  kill "$(cat "$BATS_FILE_TMPDIR/pid")"
}

setup() {
  start_us=${EPOCHREALTIME/[.,]/}
  for part in say env user publisher fetch kernel disk template; do
    # shellcheck source=/dev/null
    source "$BATS_TEST_DIRNAME/../$part.sh"
  done
  run=$BATS_TEST_TMPDIR/run
  guest=$BATS_TEST_TMPDIR/guest
  IMAGE_CACHE=$BATS_TEST_TMPDIR/images
  mkdir "$run" "$guest" "$IMAGE_CACHE"
  env_defaults
  sleep() { command sleep 0.1; }
  : >"$folder/log"
}

# same FILE: the image that was found has its content.
same() {
  cmp "$base" "$folder/$1"
  [ "${base##*/}" = "$(sha256sum <"$folder/$1" | cut -d' ' -f1)" ]
}

# fails STATUS TEXT: in one sentence, and nothing is left of it.
fails() {
  run disk_find
  [ "$status" -eq "$1" ]
  [ "$(grep -c ' failed: ' <<<"$output")" -eq 1 ]
  [[ $output == *"$2"* ]]
  [ "$(find "$IMAGE_CACHE" -type f ! -name '.lock-*')" = '' ]
}

requests() {
  grep -c "$1" "$folder/log" || true
}

@test "an image is fetched, and a second time it is only asked whether it is the same" {
  IMAGE_URL=$server/good/disk.qcow2
  disk_find
  same disk.qcow2
  [ "$boot" = firmware ]
  disk_find
  same disk.qcow2
  [ "$(requests '^GET')" -eq 1 ]
  [ "$(requests '^HEAD')" -eq 1 ]
}

@test "an image with a checksum that is there is not asked for at all" {
  IMAGE_URL=$server/good/disk.qcow2
  IMAGE_CHECKSUM=$(sha256sum <"$folder/disk.qcow2" | cut -d' ' -f1)
  disk_find
  disk_find
  same disk.qcow2
  [ "$(wc -l <"$folder/log")" -eq 1 ]
}

@test "images are unpacked from xz, gz and zst, and the same content is kept once" {
  local kind
  for kind in xz gz zst; do
    IMAGE_URL=$server/good/disk.raw.$kind
    disk_find
    same disk.raw
  done
  [ "$(find "$IMAGE_CACHE" -type f -name '[0-9a-f]*' | wc -l)" -eq 1 ]
}

@test "zeros of an unpacked image take no room" {
  IMAGE_URL=$server/good/disk.raw.xz
  disk_find
  (($(stat -c '%b * %B' "$base") < 5000000))
}

@test "a transfer that breaks off goes on where it was" {
  IMAGE_URL=$server/breaks/disk.qcow2
  IMAGE_CHECKSUM=$(sha512sum <"$folder/disk.qcow2" | cut -d' ' -f1)
  run disk_find
  [[ $output == *'the transfer broke off; going on at '* ]]
  disk_find
  same disk.qcow2
  [ "$(requests 'GET .* $')" -eq 1 ]
  [ "$(requests 'GET .* bytes=[1-9]')" -ge 2 ]
}

@test "a transfer that breaks off begins anew where the server knows no parts" {
  IMAGE_URL=$server/once/disk.qcow2
  disk_find
  same disk.qcow2
}

@test "a file that changes between two parts is never mixed" {
  IMAGE_URL=$server/changes/disk.qcow2
  disk_find
  same disk.qcow2.changed
}

@test "a file that changed on the server is fetched again" {
  cp "$folder/disk.qcow2" "$folder/moving.qcow2"
  IMAGE_URL=$server/good/moving.qcow2
  disk_find
  same disk.qcow2
  cp "$folder/disk.qcow2.changed" "$folder/moving.qcow2"
  disk_find
  same disk.qcow2.changed
}

@test "what was fetched serves while its server is away, whether or not it names its version" {
  local way
  for way in good nameless; do
    IMAGE_URL=$server/$way/disk.qcow2
    disk_find
    curl() { return 7; }
    run disk_find
    [ "$status" -eq 0 ]
    [[ $output == *'does not answer; taking what it gave before'* ]]
    unset -f curl
  done
  # What names no version may be another while its server is there.
  disk_find
  [ "$(requests '^GET /nameless/')" -eq 2 ]
}

@test "a redirect is followed" {
  IMAGE_URL=$server/moves/disk.qcow2
  disk_find
  same disk.qcow2
}

@test "a redirect to a file of the container is not followed" {
  IMAGE_URL=$server/elsewhere/disk.qcow2
  fails 66 'cannot be fetched'
}

@test "progress is told" {
  fetch_progress_every=0
  IMAGE_URL=$server/good/disk.qcow2
  run disk_find
  [[ $output =~ \ fetch:\ [0-9]+\ MB\ of\ [0-9]+\ MB ]]
}

@test "a transfer that never comes to its end fails" {
  IMAGE_URL=$server/stubborn/disk.qcow2
  fails 66 'cannot be fetched'
}

@test "a file that is not there fails" {
  IMAGE_URL=$server/good/nothing
  fails 66 '404'
}

@test "a server that is not there fails, and its password is not shown" {
  IMAGE_URL=http://me:secret@127.0.0.1:9/disk.qcow2
  run disk_find
  [ "$status" -eq 66 ]
  [[ $output == *'http://127.0.0.1:9/disk.qcow2 cannot be fetched'* ]]
  [[ $output != *secret* ]]
}

@test "a wrong checksum fails" {
  IMAGE_URL=$server/good/disk.qcow2
  IMAGE_CHECKSUM=$(printf '%064d' 0)
  fails 65 'its sha256 is '
}

@test "a checksum may be in the publisher's list, in its ways to write one" {
  local sum
  sum=$(sha256sum <"$folder/disk.qcow2" | cut -d' ' -f1)
  IMAGE_URL=$server/good/disk.qcow2
  printf '%064d *other.qcow2\n%s *disk.qcow2\n' 0 "$sum" >"$folder/SHA256SUMS"
  IMAGE_CHECKSUM=$server/good/SHA256SUMS
  disk_find
  same disk.qcow2
  [ "$IMAGE_CHECKSUM" = "$sum" ]
  printf 'SHA256 (other.qcow2) = %064d\nSHA256 (disk.qcow2) = %s\n' 0 "$sum" >"$folder/CHECKSUM"
  IMAGE_CHECKSUM=$server/good/CHECKSUM
  disk_find
  [ "$IMAGE_CHECKSUM" = "$sum" ]
  # Under the name that it had when it was summed up.
  printf '%s  build-7.qcow2\n' "$sum" >"$folder/disk.qcow2.sha256"
  IMAGE_CHECKSUM=$server/good/disk.qcow2.sha256
  disk_find
  [ "$IMAGE_CHECKSUM" = "$sum" ]
  [ "$(requests '^GET .*/disk.qcow2 ')" -eq 1 ]
  # While the publisher is away, what it said last counts.
  rm "$folder/CHECKSUM"
  IMAGE_CHECKSUM=$server/good/CHECKSUM
  run disk_find
  [[ $output == *' does not answer; taking the checksum that it gave before'* ]]
  [ "$status" -eq 0 ]
}

@test "a list that is not there, or has nothing of the image, fails" {
  IMAGE_URL=$server/good/disk.qcow2
  IMAGE_CHECKSUM=$server/good/NONE
  fails 66 "$server/good/NONE cannot be fetched: "
  printf '%064d  other.qcow2\n' 0 >"$folder/SHA256SUMS"
  IMAGE_CHECKSUM=$server/good/SHA256SUMS
  fails 65 'has no checksum of disk.qcow2'
}

@test "an archive of no disk fails" {
  tar -c -C "$folder" log | head -c 5000 | xz >"$folder/archive.tar.xz"
  IMAGE_URL=$server/good/archive.tar.xz
  fails 65 'it is not a disk'
  head -c 3000000 /dev/urandom | gzip >"$folder/noise.gz"
  IMAGE_URL=$server/good/noise.gz
  fails 65 'has no boot sector'
}

@test "a damaged archive fails" {
  head -c 1000000 "$folder/disk.raw.xz" >"$folder/cut.xz"
  IMAGE_URL=$server/good/cut.xz
  fails 65 'does not unpack'
}

@test "an image of another format fails" {
  qemu-img convert -f raw -O vmdk "$folder/disk.raw" "$folder/disk.vmdk"
  IMAGE_URL=$server/good/disk.vmdk
  fails 65 'is of format vmdk; convert it'
}

@test "an image that needs another one fails" {
  qemu-img create -q -f qcow2 -F qcow2 -b "$folder/disk.qcow2" "$folder/needs.qcow2"
  IMAGE_URL=$server/good/needs.qcow2
  fails 65 'is not complete'
}

@test "an image whose data is in another file fails" {
  cp "$folder/disk.raw" "$folder/data.raw"
  (cd "$folder" && qemu-img create -q -f qcow2 -o data_file="$folder/data.raw",data_file_raw=on points.qcow2 1G)
  IMAGE_URL=$server/good/points.qcow2
  fails 65 'its data is in another file'
}

@test "a cache without room fails" {
  dd() { echo 'No space left on device' >&2 && return 1; }
  IMAGE_URL=$server/good/disk.raw.xz
  fails 73 'there is no room'
}

@test "a cache that cannot be written to fails" {
  IMAGE_CACHE=$BATS_TEST_TMPDIR/none
  IMAGE_URL=$server/good/disk.qcow2
  run disk_find
  [ "$status" -eq 77 ]
}

@test "two containers fetch one image once" {
  IMAGE_URL=$server/breaks/disk.qcow2
  IMAGE_CHECKSUM=$(sha256sum <"$folder/disk.qcow2" | cut -d' ' -f1)
  (disk_find 2>/dev/null) 3>&- &
  disk_find
  wait $!
  same disk.qcow2
  [ "$(requests 'GET .* $')" -eq 1 ]
}

@test "an image in the container is used where it is, and its checksum is held" {
  IMAGE=$folder/disk.qcow2
  IMAGE_CHECKSUM=$(sha256sum <"$IMAGE" | cut -d' ' -f1)
  disk_find
  [ "$base" = "$IMAGE" ]
  IMAGE_CHECKSUM=$(printf '%0128d' 0)
  fails 65 'its sha512 is '
}

@test "a compressed image in the container is unpacked once" {
  IMAGE=$folder/disk.raw.zst
  disk_find
  same disk.raw
  zstd() { false; }
  disk_find
  same disk.raw
  [ -e "$IMAGE" ]
}

@test "an image that is not mounted fails, and so does a folder" {
  IMAGE=/no/such/image
  fails 66 'there is no such file'
  IMAGE=$folder
  fails 66 'is not a file'
}

@test "what was fetched is known to its overlay without being read" {
  IMAGE_URL=$server/good/disk.raw.gz
  IMAGE_DIR=$BATS_TEST_TMPDIR/mounted
  mkdir "$IMAGE_DIR"
  disk_find
  rung=firmware making=no
  sha256sum() { false; }
  disk_prepare
  [ "${backing##*/}" = "${base##*/}" ]
}

@test "who may only read takes what was fetched last, and asks nobody" {
  local IMAGE_CHECKSUM
  (cd "$folder" && sha256sum disk.qcow2 >sums)
  for IMAGE_CHECKSUM in '' "$(cut -d' ' -f1 <"$folder/sums")" "$server/good/sums"; do
    IMAGE_URL=$server/good/disk.qcow2
    run fetch
    [ "$status" -eq 0 ]
    [[ $output == *"/good/disk.qcow2 is in $IMAGE_CACHE" ]]
    : >"$folder/log"
    (
      fetch_may_write() { false; }
      disk_find
      same disk.qcow2
      [ ! -s "$folder/log" ]
      IMAGE_URL=$server/good/disk.raw
      run disk_find
      [ "$status" -eq 77 ]
      [[ $output == *"cannot write into $IMAGE_CACHE"* ]]
    )
    [ ! -s "$folder/log" ]
  done
}

@test "refuses other addresses than http and https" {
  IMAGE_URL=ftp://me:secret@example.org/disk.qcow2
  run env_check
  [ "$status" -eq 64 ]
  [[ $output == *'must begin with http:// or https://'* ]]
  [[ $output != *secret* ]]
}

@test "refuses a checksum that is none" {
  IMAGE_CHECKSUM=md5:abc
  run env_check
  [ "$status" -eq 64 ]
}

@test "kept images have a bound: those go that were used least recently, but none that a guest has" {
  local image bases=() guest
  for image in disk.qcow2 disk.raw.xz; do
    IMAGE_URL=$server/good/$image
    bases+=("$(disk_find >&2 && echo "$base")")
  done
  touch -d '2 hours ago' "${bases[0]}"
  touch -d '1 hour ago' "${bases[1]}"
  IMAGE_SPACE=100M
  (fetch)
  [ -e "${bases[0]}" ]
  # Who has it is another process, and the oldest goes nevertheless.
  IMAGE_SPACE=1M IMAGE_URL=$server/good/disk.qcow2.changed
  exec {guest}<"${bases[0]}"
  flock -s "$guest"
  (fetch)
  [ -e "${bases[0]}" ]
  [ ! -e "${bases[1]}" ]
  exec {guest}<&-
  (fetch)
  [ ! -e "${bases[0]}" ]
  [ "$(find "$IMAGE_CACHE" -type f -regex '.*/[0-9a-f]*' | wc -l)" -eq 1 ]
}

@test "an image is held by whom it boots, until that ends" {
  IMAGE_URL=$server/good/disk.qcow2
  disk_find
  run flock -n "$base" true
  [ "$status" -eq 1 ]
  exec {fetch_held}<&-
  flock -n "$base" true
}
