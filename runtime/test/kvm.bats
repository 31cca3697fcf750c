#!/usr/bin/env bats
# The runtime on KVM: what it makes of a /dev/kvm that does not open or that refuses QEMU,
# and, where there is one that works, a guest of a boot sector on it that is saved and
# restored. Needs root, Docker, virtainers/debian:12 and virtainers/runtime.
# shellcheck disable=SC2030,SC2031,SC2154

load guests

setup_file() {
  make_key
  make_volumes virtainers-bats-kvm-$$
  # A device that opens, and is no KVM, on a processor that could have one.
  export device=$BATS_FILE_TMPDIR/kvm cpuinfo=$BATS_FILE_TMPDIR/cpuinfo
  mknod -m 666 "$device" c 1 3
  sed 's/^flags.*/& vmx/' /proc/cpuinfo >"$cpuinfo"
}

teardown_file() {
  remove_volumes
}

setup() {
  name=virtainers-bats-kvm-$BATS_TEST_NUMBER-$$
}

teardown() {
  remove_containers
  chmod 666 "$device"
  chgrp 0 "$device"
}

# as_guest OPTION…: a container with a guest's rights, and the device that is no KVM.
as_guest() {
  docker run --rm --cap-drop ALL --security-opt no-new-privileges --user 1000 \
    --device "$device:/dev/kvm:rw" -v "$cpuinfo:/proc/cpuinfo:ro" "$@"
}

# probed OPTION…: what the runtime says of it, as "accel group why".
probed() {
  as_guest "$@" "$namespace/runtime" probe | jq -r '"\(.accel) \(.group) \(.why)"'
}

@test "a group that opens /dev/kvm is told, and with it QEMU is asked" {
  chgrp 4711 "$device"
  chmod 660 "$device"
  run probed
  [ "$output" = 'tcg 4711 /dev/kvm does not open for uid 1000; add --group-add 4711' ]
  run probed --group-add 4711
  [[ $output == 'tcg null KVM refuses: '*kvm* ]]
}

@test "a /dev/kvm that no group opens is told with its mode" {
  chmod 600 "$device"
  run probed
  [ "$output" = 'tcg null /dev/kvm does not open for uid 1000; its mode on the host is 600, of uid 0 and group 0: let a group read and write it, or everybody (chmod 666)' ]
}

@test "where nothing could run on KVM, that is said and nothing is tried" {
  run docker run --rm --user 1000 "$namespace/runtime" probe
  [[ $(jq -r .why <<<"$output") == 'there is no /dev/kvm in the container'* ]]
  grep -wvE 'flags.*' /proc/cpuinfo >"$cpuinfo.none"
  run docker run --rm --user 1000 --device "$device:/dev/kvm:rw" -v "$cpuinfo.none:/proc/cpuinfo:ro" "$namespace/runtime" probe
  [[ $(jq -r .why <<<"$output") == *'neither vmx nor svm'* ]]
}

@test "ACCEL=kvm that QEMU refuses ends with status 69 and QEMU's words" {
  run as_guest --name "$name-vm" -e ACCEL=kvm "$image"
  [ "$status" -eq 69 ]
  [[ $output == *' failed: accel-unavailable: ACCEL=kvm was asked for: KVM refuses: '*kvm* ]]
}

@test "maker and guests agree: both are emulated after one line, and the guest is restored" {
  docker run --rm --cap-drop ALL --cap-add SETUID --cap-add SETGID --device "$device:/dev/kvm:rw" -v "$cpuinfo:/proc/cpuinfo:ro" \
    -v "$volume:/templates" -v "$volume-marks:/template-marks" "$image" warm >"$BATS_TEST_TMPDIR/maker" 2>&1
  grep ' accel: tcg, slow emulation: KVM refuses: ' "$BATS_TEST_TMPDIR/maker"
  as_guest -d --name "$name-vm" -v "$volume:/templates:ro" -v "$volume-marks:/template-marks" -v "$key.pub:/tmp/id_rsa.pub:ro" "$image"
  wait_for vm ' ready: ' 120
  run docker logs "$name-vm"
  [ "$(grep -c ' accel: ' <<<"$output")" -eq 2 ]
  [[ $output == *' accel: kvm: /dev/kvm works'*' accel: tcg, slow emulation: KVM refuses: '*' rung: restore: '*' restored: '* ]]
  [[ $output != *'set aside'* ]]
}

# counts ACCEL: the guest of a boot sector, on the real /dev/kvm.
counts() {
  local -a options=()
  if [ "$1" = kvm ]; then
    options=(--device /dev/kvm --group-add "$(stat -c %g /dev/kvm)")
  fi
  docker run --rm --cap-drop ALL --security-opt no-new-privileges --user 1000 "${options[@]}" \
    -v "$BATS_TEST_DIRNAME/firmware-guest:/firmware-guest:ro" --entrypoint bash "$namespace/runtime" \
    /firmware-guest /usr/lib/virtainers "$1"
}

@test "a guest of a boot sector is saved, and goes on where it was, under emulation" {
  run counts tcg
  echo "$output"
  [ "$status" -eq 0 ]
}

@test "a guest of a boot sector is saved, and goes on where it was, on KVM" {
  [ -c /dev/kvm ] || skip 'KVM: SKIPPED, THIS HOST HAS NO /dev/kvm'
  run counts kvm
  echo "$output"
  [ "$status" -ne 3 ] || skip "KVM: SKIPPED, IT WORKS FOR NO GUEST HERE: $(tail -n 1 <<<"$output")"
  [ "$status" -eq 0 ]
  echo "# ${lines[-1]}" >&3
}
