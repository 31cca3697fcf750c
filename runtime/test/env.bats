#!/usr/bin/env bats
# Rules of the environment variables and the caller's files.

setup() {
  run_folder=$BATS_TEST_TMPDIR
  start_us=${EPOCHREALTIME/[.,]/}
  for part in say env accel user disk seed network qmp boot power ready watch; do
    # shellcheck source=/dev/null
    source "$BATS_TEST_DIRNAME/../$part.sh"
  done
  run=$run_folder # after bats' own "run" function, which is another name space
  in=$BATS_TEST_TMPDIR/in
  mkdir -p "$in"
  boot=direct
}

checked() {
  env_defaults
  env_check
}

@test "defaults are the documented ones and valid" {
  checked
  [ "$RAM" = 1024 ]
  [ "$CPU" = 1 ]
  [ "$VM_NAME" = vm ]
  [ "$IMAGE_DIR" = /mounted ]
  [ "$CLOUD_INIT_DISK" = /cloud_init.iso ]
}

refuses() {
  local name=$1 value=$2
  printf -v "$name" '%s' "$value"
  run checked
  [ "$status" -eq 64 ]
  [[ $output == *"failed: usage: "*"$name"* ]]
}

@test "refuses memory that is no number" { refuses RAM 4G; }
@test "refuses too little memory" { refuses RAM 8; }
@test "refuses no CPU" { refuses CPU 0; }
@test "refuses a name with a blank" { refuses VM_NAME 'a b'; }
@test "refuses a malformed disk size" { refuses DISK_SIZE 20GB; }
@test "refuses an unknown acceleration" { refuses ACCEL hvf; }
@test "refuses an unknown network" { refuses NETWORK host; }
@test "refuses a port over 65535" { refuses PORTS '22 70000'; }
@test "refuses a port that would inject a command" { refuses PORTS '22:22,guestfwd=x'; }
@test "refuses a lease that is no number" { refuses LEASE soon; }

@test "takes ports in every form" {
  PORTS='22 8080:80 53:53/udp'
  checked
}

@test "sizes have binary units" {
  [ "$(to_bytes 2G)" = 2147483648 ]
  [ "$(to_bytes 512)" = 512 ]
}

@test "refuses user-data that cloud-init would ignore" {
  echo 'packages: [git]' >"$in/user-data"
  run seed_check
  [ "$status" -eq 64 ]
  [[ $output == *'#cloud-config'* ]]
}

@test "takes cloud-config and scripts" {
  printf '#cloud-config\npackages: [git]\n' >"$in/user-data"
  seed_check
  printf '#!/bin/sh\ntrue\n' >"$in/user-data"
  seed_check
}

@test "refuses a private key where the public one belongs" {
  echo '-----BEGIN OPENSSH PRIVATE KEY-----' >"$in/id_rsa.pub"
  run seed_check
  [ "$status" -eq 64 ]
}

@test "a folder in place of a file is said" {
  mkdir "$in/id_rsa.pub"
  run seed_check
  [ "$status" -eq 64 ]
  [[ $output == *'is a folder'* ]]
}

@test "meta-data carries every public key, quoted" {
  printf "ssh-ed25519 AAAAx it's me\n\nssh-rsa AAAAy two\n" >"$in/id_rsa.pub"
  run seed_meta_data
  [[ $output == *"  - 'ssh-ed25519 AAAAx it''s me'"* ]]
  [[ $output == *"  - 'ssh-rsa AAAAy two'"* ]]
}

@test "own meta-data wins" {
  echo 'instance-id: mine' >"$in/meta-data"
  run seed_meta_data
  [ "$output" = 'instance-id: mine' ]
}

@test "every way to fail has a status of its own" {
  [ "$(printf '%s\n' "${status_of[@]}" | sort | uniq -d)" = '' ]
  local code
  for code in "${!status_of[@]}"; do
    grep -q "| ${status_of[$code]} | \`$code\` |" "$BATS_TEST_DIRNAME/../../docs/runtime-contract.md"
  done
}

@test "an event line has seconds with milliseconds" {
  run say ready 'SSH answers'
  [[ $output =~ ^virtainers:\ \+[0-9]+\.[0-9]{3}s\ ready:\ SSH\ answers$ ]]
}

@test "a panic event is kept as the reason of the end" {
  qmp_event '{"timestamp": {}, "event": "GUEST_PANICKED", "data": {"action": "pause"}}'
  [ "$qmp_shutdown_reason" = guest-panic ]
  qmp_event '{"event": "SHUTDOWN", "data": {"guest": true, "reason": "guest-reset"}}'
  [ "$qmp_shutdown_reason" = guest-reset ]
}
