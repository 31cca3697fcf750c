#!/usr/bin/env bats
# Guests that are made of the cloud images of distributions: the list of them, and
# images/build with a server of the test's own. Needs Docker, or Podman and the runtime's
# image in Docker, and qemu-img.
# shellcheck disable=SC2030,SC2031,SC2154

export image_of_test=runtime
load guests

# build GUEST…: by the list of this file, with the engine that is tested.
build() {
  "$BATS_TEST_DIRNAME/../../images/build" --engine "${VIRTAINERS_TEST_ENGINE:-docker}" --list "$list" "$@"
}

setup_file() {
  export served=$BATS_FILE_TMPDIR/served list=$BATS_FILE_TMPDIR/list
  mkdir "$served"
  truncate -s 8M "$served/disk.raw"
  head -c 1000000 /dev/urandom | dd of="$served/disk.raw" bs=4k seek=1 conv=notrunc status=none
  qemu-img convert -c -f raw -O qcow2 "$served/disk.raw" "$served/disk.qcow2"
  xz -k "$served/disk.raw"
  sum=$(sha256sum <"$served/disk.qcow2" | cut -d' ' -f1)
  export sum
  printf '# disk.qcow2: 1 bytes\nSHA256 (other.qcow2) = %064d\nSHA256 (disk.qcow2) = %s\n' 0 "$sum" >"$served/CHECKSUM"
  printf '%s *disk.raw.xz\n' "$(sha512sum <"$served/disk.raw.xz" | cut -d' ' -f1)" >"$served/SUMS"
  printf '%s  disk-build-7.qcow2\n' "$sum" >"$served/disk.qcow2.sha256"
  python3 -u -m http.server --bind 127.0.0.1 --directory "$served" 0 >"$BATS_FILE_TMPDIR/server" 2>&1 3>&- &
  echo $! >"$BATS_FILE_TMPDIR/pid"
  local deadline=$((SECONDS + 20))
  until grep -q ' port ' "$BATS_FILE_TMPDIR/server"; do
    ((SECONDS < deadline))
    sleep 0.1
  done
  server=http://127.0.0.1:$(sed -nE 's/.* port ([0-9]+) .*/\1/p' "$BATS_FILE_TMPDIR/server")
  export server
  # As a user's who has none of this.
  export tag=bats-$$
}

teardown_file() {
  kill "$(cat "$BATS_FILE_TMPDIR/pid")"
  local image
  for image in $(docker images -q --filter "reference=$namespace/$tag" --filter "reference=$namespace/disk:$tag-*"); do
    docker rmi -f "$image" >/dev/null 2>&1 || true
  done
}

# line VERSION URL CHECKSUM FORMAT: of a list with this guest.
line() {
  printf '%s | cloud | %s | tester | firmware | 2030-01-01 | Test OS %s | %s | %s\n' "$tag:$1" "$2" "$1" "$3" "$4" >>"$list"
}

@test "every line of the list is whole" {
  local name kind source user boot end os checksum format
  local -i count=0
  while IFS='|' read -r name kind source user boot end os checksum format; do
    read -r name kind source user boot end checksum format <<<"$name $kind $source $user $boot $end $checksum $format"
    count+=1
    [[ $name =~ ^[a-z]+:[a-z0-9.]+(-desktop|-docker)?$ ]]
    [[ $user =~ ^[a-z-]+$ ]]
    [[ $end =~ ^(20[0-9]{2}-[01][0-9]-[0-3][0-9]|-)$ ]]
    [ -n "$os" ]
    if [ "$kind" = packages ]; then
      [ "$boot" = direct ]
      continue
    fi
    [ "$kind|$boot" = 'cloud|firmware' ]
    [[ $source =~ ^https://[a-z0-9.-]+/[A-Za-z0-9._/-]+\.(qcow2|img)$ ]]
    [[ $checksum =~ ^([0-9a-f]{64}|[0-9a-f]{128}|https://[a-z0-9.-]+/[A-Za-z0-9._/-]+)$ ]]
    [[ $format =~ ^(qcow2|raw)(\.(xz|gz|zst))?$ ]]
  done < <(grep -vE '^(#|$)' "$BATS_TEST_DIRNAME/../../images/versions.conf")
  ((count >= 18))
  for name in fedora:29 fedora:30 centos:7 centos:8 ubuntu:18.04; do
    grep -q "^$name | " "$BATS_TEST_DIRNAME/../../images/versions.conf"
  done
}

@test "a cloud image becomes an image of one layer over the runtime, unpacked" {
  line one "$server/disk.qcow2" "$server/CHECKSUM" qcow2
  build "$tag:one"
  [ "$(docker image inspect -f '{{index .Config.Labels "io.virtainers.os"}}|{{index .Config.Labels "io.virtainers.user"}}|{{index .Config.Labels "io.virtainers.boot"}}' "$namespace/$tag:one")" = \
    'Test OS one|tester|firmware' ]
  run docker run --rm --entrypoint bash "$namespace/$tag:one" -c 'ls /guest; cat /guest/guest.env'
  [[ $output == $'disk.qcow2\nguest.env\nGUEST_OS='* ]]
  # Nothing to do the second time, nor to fetch.
  local requests
  requests=$(grep -c GET "$BATS_FILE_TMPDIR/server")
  run build "$tag:one"
  [[ $output == *'is up to date'* ]]
  [ "$(grep -c GET "$BATS_FILE_TMPDIR/server")" -eq "$requests" ]
  # What the guest has is what was published.
  local container
  container=$(docker create "$namespace/$tag:one")
  docker cp "$container:/guest/disk.qcow2" "$BATS_TEST_TMPDIR/disk.qcow2" >/dev/null
  docker rm "$container" >/dev/null
  qemu-img compare -f qcow2 -F raw "$BATS_TEST_TMPDIR/disk.qcow2" "$served/disk.raw"
  qemu-img check "$BATS_TEST_TMPDIR/disk.qcow2" | grep -q ' 0.00% compressed clusters'
  # The runtime takes it for what it is.
  run docker run --rm --user 1000 --cap-drop ALL -e ACCEL=tcg -e BOOT_TIMEOUT=1 "$namespace/$tag:one"
  [[ $output == *' disk: /guest/disk.qcow2 (qcow2, firmware boot)'* ]]
  [[ $output == *'is the password of tester'* ]]
}

# bats test_tags=long
@test "a packed image, and one with a list of its own, are taken too" {
  line packed "$server/disk.raw.xz" "$server/SUMS" raw.xz
  line named "$server/disk.qcow2" "$server/disk.qcow2.sha256" qcow2
  build "$tag:packed" "$tag:named"
  docker image inspect "$namespace/$tag:packed" "$namespace/$tag:named" >/dev/null
}

# fails VERSION STATUS TEXT: in one sentence, with no image.
fails() {
  run build "$tag:$1"
  [ "$status" -eq "$2" ]
  [[ $output == *"$3"* ]]
  [ -z "$(docker images -q "$namespace/$tag:$1")" ]
}

@test "what was not published, is not there or is no disk becomes no image" {
  line wrong "$server/disk.qcow2" "$(printf '%064d' 7)" qcow2
  fails wrong 65 'is not what was published'
  line unlisted "$server/disk.raw" "$server/CHECKSUM" raw
  fails unlisted 65 'has no checksum of disk.raw'
  line absent "$server/absent.qcow2" "$sum" qcow2
  fails absent 65 'cannot be fetched'
  line other "$server/disk.qcow2" "$sum" qcow2.xz
  fails other 65 'does not unpack'
  line none "$server/CHECKSUM" "$(sha256sum <"$served/CHECKSUM" | cut -d' ' -f1)" qcow2
  fails none 65 'is no disk image of format qcow2'
  fails unknown 66 'no guest is called'
}
