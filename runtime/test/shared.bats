#!/usr/bin/env bats
# User data that many machines have in common is applied once, in the memory template that
# they are restored from. Needs Docker, virtainers/debian:12, and what cloud-image needs.
# shellcheck disable=SC2016,SC2030,SC2031,SC2154

load guests

setup_file() {
  make_key
  make_volumes virtainers-bats-shared-$$
  export data=$BATS_FILE_TMPDIR/user-data sum
  cat >"$data" <<'END'
#cloud-config
write_files:
  - {path: /etc/user-data, content: "applied\n"}
  - path: /etc/systemd/system/counts.service
    content: |
      [Service]
      ExecStart=/bin/sh -c 'while sleep 1; do echo tick; done'
      [Install]
      WantedBy=multi-user.target
runcmd:
  - [systemctl, enable, --now, counts]
  - [sh, -c, 'date +%s%N >/etc/applied-at']
END
  chmod 644 "$data"
  sum=$(sha256sum <"$data" | cut -d' ' -f1)
}

teardown_file() {
  remove_volumes
}

setup() {
  name=virtainers-bats-shared-$BATS_TEST_NUMBER-$$
  shared=(-v "$data:/tmp/user-data:ro" -e "SHARED_USER_DATA=$sum")
}

teardown() {
  remove_containers
}

# is_applied SUFFIX: once, before the guest was restored, and what it started runs.
is_applied() {
  run in_guest "$1" 'cat /etc/user-data; systemctl is-active counts; cat /etc/applied-at; systemctl is-system-running; hostname'
  echo "$output"
  [ "${lines[0]}" = applied ]
  [ "${lines[1]}" = active ]
  [ "${lines[2]}" = "${applied_at:=${lines[2]}}" ]
  [ "${lines[3]}" = running ]
  [ "${lines[4]}" = "$(docker inspect -f '{{.Config.Hostname}}' "$name-$1")" ]
}

# are_restored OPTION…: two guests are, of one template.
are_restored() {
  run maker maker "$@" "${shared[@]}" -v "$volume:/templates" -v "$volume-marks:/template-marks"
  echo "$output"
  [ "$status" -eq 0 ]
  local applied_at='' i
  for i in one two; do
    guest "$i" "$@" "${shared[@]}" -e BOOT=restore
    wait_for "$i" ' ready: ' 60
    is_applied "$i"
  done
}

@test "in a prepared guest" {
  are_restored
}

@test "other user data is another template's, and user data that is not shared is booted" {
  printf '#cloud-config\n{}\n' >"$BATS_TEST_TMPDIR/other"
  guest one -v "$BATS_TEST_TMPDIR/other:/tmp/user-data:ro" -e "SHARED_USER_DATA=$(sha256sum <"$BATS_TEST_TMPDIR/other" | cut -d' ' -f1)"
  wait_for one 'rung: direct: there is no template' 20
  wait_for one 'template: wanted' 20
  guest two -v "$data:/tmp/user-data:ro"
  wait_for two 'rung: direct: cloud-init applies user-data while the guest boots' 20
  run docker run --rm -v "$data:/tmp/user-data:ro" -e "SHARED_USER_DATA=${sum/?/0}" "$image"
  [ "$status" -eq 64 ]
  [[ $output == *'the sha256 of /tmp/user-data is '* ]]
}

# bats test_tags=long
@test "user data with an error makes no template, and says so" {
  printf '#cloud-config\nruncmd:\n  - exit 3\n' >"$BATS_TEST_TMPDIR/bad"
  run maker maker -v "$BATS_TEST_TMPDIR/bad:/tmp/user-data:ro" -e "SHARED_USER_DATA=$(sha256sum <"$BATS_TEST_TMPDIR/bad" | cut -d' ' -f1)" \
    -v "$volume:/templates" -v "$volume-marks:/template-marks"
  echo "$output"
  [ "$status" -eq 71 ]
  [[ $output == *'the guest cannot be saved: cloud-init had errors: '* ]]
}

# bats test_tags=long
@test "in a guest that is not prepared" {
  "$BATS_TEST_DIRNAME/cloud-image" "$BATS_TEST_TMPDIR/cloud.qcow2"
  chmod 644 "$BATS_TEST_TMPDIR/cloud.qcow2"
  image=$namespace/runtime
  are_restored -v "$BATS_TEST_TMPDIR/cloud.qcow2:/image:ro"
}
