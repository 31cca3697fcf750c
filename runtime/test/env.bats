#!/usr/bin/env bats
# Rules of the environment variables and the caller's files.

setup() {
  run_folder=$BATS_TEST_TMPDIR
  start_us=${EPOCHREALTIME/[.,]/}
  for part in say env accel user fetch kernel disk seed network surroundings vnc qmp boot template ladder power ready watch; do
    # shellcheck source=/dev/null
    source "$BATS_TEST_DIRNAME/../$part.sh"
  done
  here=$BATS_TEST_DIRNAME/..
  run=$run_folder # after bats' own "run" function, which is another name space
  in=$BATS_TEST_TMPDIR/in
  mkdir -p "$in"
  boot=direct guest=$BATS_TEST_TMPDIR/guest base=$guest/disk.qcow2
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
@test "refuses an unknown boot" { refuses BOOT warm; }
@test "refuses unknown threads of emulation" { refuses TCG_THREADS 2; }
@test "refuses a malformed space for templates" { refuses TEMPLATE_SPACE lots; }
@test "refuses a malformed space for fetched images" { refuses IMAGE_SPACE 5; }
@test "refuses an unknown network" { refuses NETWORK host; }
@test "refuses a network that is none" { refuses CIDR 192.168.0.0/16; }
@test "refuses a network with a number over 255" { refuses CIDR 192.168.300; }
@test "refuses a network of multicast" { refuses CIDR 224.0.1; }
@test "refuses a port over 65535" { refuses PORTS '22 70000'; }
@test "refuses a port that would inject a command" { refuses PORTS '22:22,guestfwd=x'; }
@test "refuses a lease that is no number" { refuses LEASE soon; }

@test "refuses proxies that are no answer" { refuses PROXY http://proxy:3128; }
@test "refuses an unknown state of the screen" { refuses VNC yes; }
@test "refuses a password of the screen that nobody could type, and does not show it" {
  refuses VNC_PASSWORD $'sec\nret'
  [[ $output != *sec* ]]
  refuses VNC_PASSWORD 'fünf'
}

@test "the screen's ports are not the guest's, where there is a screen" {
  PORTS='22 6080:80'
  checked
  VNC=on
  refuses PORTS '22 6080:80'
  refuses PORTS 5900
  PORTS='22 8080:6080'
  checked
}

# chosen_password: what QEMU is given.
chosen_password() {
  VNC=on
  checked
  vnc_choose_password 2>"$BATS_TEST_TMPDIR/said"
  cat "$vnc_secret"
}

@test "the password of the screen is the caller's, from the variable or the file, or one that is made once" {
  VNC_PASSWORD='a b"c'
  [ "$(chosen_password)" = 'a b"c' ]
  [ "$(stat -c %a "$run/vnc-password")" = 600 ]
  unset VNC_PASSWORD
  echo 'longer than eight' >"$in/vnc-password"
  [ "$(chosen_password)" = 'longer t' ]
  grep -q ' warning: VNC takes only the first 8 characters' "$BATS_TEST_TMPDIR/said"
  rm "$in/vnc-password" "$run/vnc-password"
  local made
  made=$(chosen_password)
  [[ $made =~ ^[a-z2-9]{8}$ ]]
  grep -q " vnc-password: $made is the password of the screen" "$BATS_TEST_TMPDIR/said"
  [ "$(chosen_password)" = "$made" ]
  [ ! -s "$BATS_TEST_TMPDIR/said" ]
}

@test "a guest has a screen only when it is asked for, and its password is no argument" {
  checked
  vnc_arguments
  [ "${#qemu_arguments[@]}" -eq 0 ]
  [ -z "$(vnc_cmdline)$(vnc_rule a b)" ]
  VNC=on VNC_PASSWORD=secret
  vnc_choose_password
  vnc_arguments
  [[ "${qemu_arguments[*]}" == *'-device VGA '*" -vnc 127.0.0.1:"*,password-secret=vnc* ]]
  [[ "${qemu_arguments[*]}" != *=secret* ]]
  [ "$(vnc_rule 'ip daddr 10.0.0.1' accept)" = 'ip daddr 10.0.0.1 tcp dport { 5900, 6080 } accept' ]
}

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

# volume OFFSET NAME: makes the seed a volume of this name.
volume() {
  rm -f "$in/cloud_init.iso"
  truncate -s 64K "$in/cloud_init.iso"
  printf %s "$2" | dd of="$in/cloud_init.iso" bs=1 seek="$1" conv=notrunc status=none
}

@test "takes a seed that cloud-init looks for, ISO or FAT" {
  local where
  for where in '32808 cidata' '32808 CIDATA  ' '43 CIDATA     FAT12' '71 cidata     FAT32' '32808 config-2'; do
    volume "${where%% *}" "${where#* }"
    seed_check
  done
}

@test "refuses a seed that cloud-init would not find" {
  local where
  for where in '32808 Debian' '32808 ' '0 cidata'; do
    volume "${where%% *}" "${where#* }"
    run seed_check
    [ "$status" -eq 64 ]
    [[ $output == *'is no seed that cloud-init looks for'* ]]
  done
  echo short >"$in/cloud_init.iso"
  run seed_check
  [ "$status" -eq 64 ]
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

# hash_is_of HASH PASSWORD
hash_is_of() {
  local salt=${1#'$6$'}
  [ "$(openssl passwd -6 -salt "${salt%%'$'*}" -stdin <<<"$2")" = "$1" ]
}

@test "a password of any characters is nowhere but in its hash" {
  PASSWORD='a\"b'\''c: $d # {e}'
  boot=firmware
  checked
  seed_choose_password
  run seed_vendor_data
  [[ $output != *'c: $d'* ]]
  [ "$(grep -c '^password: "\$6\$[A-Za-z0-9./$]*"$' <<<"$output")" -eq 1 ]
  hash_is_of "$(sed -n 's/^password: "\(.*\)"$/\1/p' <<<"$output")" "$PASSWORD"
}

@test "refuses a password with a line break, and does not show it" {
  PASSWORD=$'secret\nruncmd: []'
  run checked
  [ "$status" -eq 64 ]
  [[ $output != *secret* ]]
}

# no_password: nobody gets a password that was not asked for.
no_password() {
  IMAGE_DIR=$BATS_TEST_TMPDIR
  checked
  seed_choose_password 2>"$BATS_TEST_TMPDIR/said"
  [ ! -s "$BATS_TEST_TMPDIR/said" ]
  [ -z "$password_hash" ]
}

@test "a key leaves no password" {
  echo 'ssh-ed25519 AAAAx me' >"$in/id_rsa.pub"
  no_password
}

@test "user-data leaves no password" {
  echo '#cloud-config' >"$in/user-data"
  no_password
}

@test "an own seed leaves no password" {
  touch "$in/cloud_init.iso"
  no_password
}

@test "meta-data with keys leaves no password" {
  printf 'instance-id: mine\npublic-keys:\n  - ssh-ed25519 AAAAx me\n' >"$in/meta-data"
  no_password
}

@test "where nothing lets anybody in, a password is made, said, and stays with the disk" {
  IMAGE_DIR=$BATS_TEST_TMPDIR/one
  mkdir "$IMAGE_DIR"
  checked
  seed_choose_password 2>"$BATS_TEST_TMPDIR/said"
  local made
  made=$(sed -nE 's/.* password: (([a-z0-9]{4}-){3}[a-z0-9]{4}) is the password of .*/\1/p' "$BATS_TEST_TMPDIR/said")
  hash_is_of "$password_hash" "$made"
  [ "$(stat -c %a "$IMAGE_DIR/local_image.password")" = 600 ]
  run seed_choose_password
  [[ $output == *" $made "* ]]
  IMAGE_DIR=$BATS_TEST_TMPDIR/two
  mkdir "$IMAGE_DIR"
  run seed_choose_password
  [[ $output == *' is the password of '* ]]
  [[ $output != *" $made "* ]]
}

@test "networks overlap when one holds the other" {
  network_overlaps 10.0.2.0/24 172.17.0.0/16 10.0.2.0/24
  network_overlaps 10.0.2.0/24 10.0.0.0/8
  network_overlaps 10.0.2.0/24 10.0.2.77
  network_overlaps 10.0.0.0/8 10.0.2.0/25
  run network_overlaps 10.0.2.0/24 10.0.3.0/24 192.168.0.0/16 11.0.2.0/24
  [ "$status" -eq 1 ]
}

@test "the guest's own network is none that the container has" {
  ip() { printf '%s\n' 'default via 10.0.0.1 dev eth0' '10.0.0.0/16 dev eth0 proto kernel scope link src 10.0.0.2' '192.168.0.0/16 via 10.0.0.9 dev eth0'; }
  network_choose_prefix
  [ "$network_prefix" = 172.30.226 ]
  [ "$(network_for_guest)" = $'address 172.30.226.15/24\ngateway 172.30.226.2\ndns 172.30.226.3' ]
  # Podman without root has QEMU's own network.
  ip() { printf '%s\n' 'default via 10.0.2.2 dev tap0' '10.0.2.0/24 dev tap0 proto kernel scope link src 10.0.2.100'; }
  NETWORK=user
  network_choose
  [ "$network_prefix" = 192.168.226 ]
}

# bridge: a container with two networks, the second of which leads into the world.
bridge() {
  NETWORK=bridge
  checked
  network_lack() { :; }
  ip() {
    case "$*" in
      '-4 -o address show scope global') printf '2: eth0    inet 10.9.0.2/24 x\n3: eth1    inet 172.28.100.7/22 x\n' ;;
      '-4 route show default') echo 'default via 172.28.100.1 dev eth1' ;;
      '-4 route show default dev eth1') echo 'default via 172.28.100.1 ' ;;
      '-6 -o address show dev eth1 scope global') echo '3: eth1    inet6 fd00:1::7/64 scope global' ;;
      '-6 route show default dev eth1') echo 'default via fd00:1::1 metric 1024' ;;
    esac
  }
}

@test "a bridged guest has the address, the hardware address and the router of the way into the world" {
  bridge
  network_interface=eth1 network_address=172.28.100.7/22 network_gateway=172.28.100.1
  [ "$(network_main)" = 'eth1 172.28.100.7/22' ]
  network=bridge
  [ "$(network_for_guest)" = $'address 172.28.100.7/22\naddress 169.254.226.15/24\naddress fd00:1::7/64\ngateway 172.28.100.1\ngateway fd00:1::1\ndns 169.254.226.3' ]
  network_mac=02:42:ac:1c:64:07 network_mtu=1450
  network_arguments
  [[ "${qemu_arguments[*]}" == *'tap,id=net,ifname=guest'*'mac=02:42:ac:1c:64:07,host_mtu=1450' ]]
  [ "$(network_ssh_port)" = 22 ]
  if network_is_of_templates; then return 1; fi
}

@test "a netmask has dots" {
  [ "$(network_dotted $((0xfffffc00)))" = 255.255.252.0 ]
}

@test "the guest's own network is the one that was asked for, in nat and user alike" {
  NETWORK=user CIDR=192.168.100
  checked
  ip() { echo '172.17.0.0/16 dev eth0 proto kernel scope link src 172.17.0.2'; }
  network_choose
  network_arguments
  [[ "${qemu_arguments[*]}" == *'net=192.168.100.0/24,host=192.168.100.2,dns=192.168.100.3,dhcpstart=192.168.100.15,'* ]]
  [ "$(network_for_guest)" = $'address 192.168.100.15/24\ngateway 192.168.100.2\ndns 192.168.100.3' ]
  if network_is_of_templates; then return 1; fi
  CIDR=172.17.3.0/24
  checked
  run network_choose
  [ "$status" -eq 64 ]
  [[ $output == *'CIDR is 172.17.3.0/24, and the container is on a network with these addresses itself (172.17.0.0/16)'* ]]
}

@test "behind nat there is IPv6 where the container may route it, and a warning says what is missing" {
  checked
  ip() { [[ "$*" != '-6 -o address show scope global' ]] || echo '3: eth0    inet6 fd00:1::7/64 scope global'; }
  has_capability() { false; }
  network_has_setting() { [[ $1 == all.forwarding=1 ]]; }
  run network_choose_ipv6
  [[ $output == *' add --cap-add NET_RAW --sysctl net.ipv6.conf.default.disable_ipv6=0' ]]
  has_capability() { true; }
  network_has_setting() { true; }
  network_choose_ipv6
  [ "$network_ipv6" = yes ]
  nft() { cat >>"$BATS_TEST_TMPDIR/rules"; }
  PORTS='22 2222:22 53:5353/udp'
  network_rules open
  grep -q '^table ip6 virtainers {' "$BATS_TEST_TMPDIR/rules"
  grep -q 'ip6 daddr @own tcp dport 2222 dnat to \[fd76:6972:7461:226:5054:ff:fe12:3456\]:22$' "$BATS_TEST_TMPDIR/rules"
  grep -q 'ip6 daddr @own udp dport 53 dnat to ' "$BATS_TEST_TMPDIR/rules"
  grep -q 'ip daddr @own tcp dport 2222 dnat to 10.0.2.15:22$' "$BATS_TEST_TMPDIR/rules"
}

@test "nat needs a right, and says which" {
  NETWORK=nat
  checked
  has_capability() { false; }
  run network_choose
  [ "$status" -eq 77 ]
  [[ $output == *'--cap-add NET_ADMIN --device /dev/net/tun'* ]]
  NETWORK=bridge
  run network_choose
  [ "$status" -eq 77 ]
  [[ $output == *'NETWORK=bridge was asked for, but '*'--cap-add NET_ADMIN --device /dev/net/tun'* ]]
  NETWORK=auto
  run network_choose
  [ "$status" -eq 0 ]
  [[ $output == *' network: user, ports 22; nat is not possible: '* ]]
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

# qemu_says LINE…: tells the runtime what QEMU says, through a reader of its own.
qemu_says() {
  local line
  while IFS= read -r line; do qmp_event "$line"; done < <(printf '%s\n' "$@" | jq -Rrf "$here/qmp.jq")
}

@test "a panic event is kept as the reason of the end" {
  qemu_says '{"timestamp": {}, "event": "GUEST_PANICKED", "data": {"action": "pause"}}'
  [ "$qmp_shutdown_reason" = guest-panic ]
  qemu_says '{"event": "SHUTDOWN", "data": {"guest": true, "reason": "guest-reset"}}'
  [ "$qmp_shutdown_reason" = guest-reset ]
}

@test "a prepared guest that resets before it did anything begins anew, a few times" {
  env_defaults
  boot=direct rung=direct accel=tcg qmp_shutdown_reason=guest-reset
  qmp_end() { :; }
  boot_forget() { userspace=no; }
  ladder_climb() { climbed=$((climbed + 1)); }
  overlay=$BATS_TEST_TMPDIR/overlay
  local climbed=0
  while ladder_can_go_on && ((climbed < 20)); do ladder_go_on; done
  [ "$climbed" -eq 4 ]
  ladder_begun=1 userspace=yes
  if ladder_can_go_on; then return 1; fi
  userspace=no qmp_shutdown_reason=guest-panic
  if ladder_can_go_on; then return 1; fi
}

@test "a line that arrives in pieces is read whole" {
  mkfifo "$BATS_TEST_TMPDIR/pipe"
  exec {pipe}<>"$BATS_TEST_TMPDIR/pipe"
  printf 'provisi' >&"$pipe"
  (sleep 0.3 && printf 'oned 1.0\n' >&"$pipe") &
  read_line line "$pipe" 0.05
  [ "$line" = 'provisioned 1.0' ]
  if read_line line "$pipe" 0.01; then return 1; fi
}

@test "no end of a line is lost that comes as the time to wait for it ends" {
  local lines=3000 seen=0
  mkfifo "$BATS_TEST_TMPDIR/pipe" "$BATS_TEST_TMPDIR/idle"
  exec {pipe}<>"$BATS_TEST_TMPDIR/pipe" {idle}<>"$BATS_TEST_TMPDIR/idle"
  (
    for ((i = 0; i < lines; i++)); do
      echo "provisioned $i" >&"$pipe"
      read -r -t "0.00$((RANDOM % 4))$((RANDOM % 10))" -u "$idle" _ || :
    done
    echo end >&"$pipe"
  ) &
  until [ "${line-}" = end ]; do
    read_line line "$pipe" 0.001 && [ "$line" != end ] || continue
    [ "$line" = "provisioned $seen" ]
    seen=$((seen + 1))
  done
  [ "$seen" -eq "$lines" ]
}

@test "QEMU's greeting tells its version" {
  qemu_says '{"QMP": {"version": {"qemu": {"micro": 13, "minor": 0, "major": 10}, "package": "Debian 1:10.0.13+ds-0+deb13u1"}, "capabilities": ["oob"]}}'
  [ "$qmp_version" = '10.0.13 (Debian 1:10.0.13+ds-0+deb13u1)' ]
}

@test "QEMU's events tell how far a template is" {
  qemu_says '{"timestamp": {}, "event": "MIGRATION", "data": {"status": "active"}}'
  [ "$qmp_migration" = active ]
  qemu_says '{"timestamp": {}, "event": "MIGRATION", "data": {"status": "completed"}}'
  [ "$qmp_migration" = completed ]
}

@test "an event that comes while QEMU is asked something is not lost" {
  qemu_is_there
  printf '%s\n' '{"event": "BLOCK_IO_ERROR", "data": {"nospace": true, "reason": "No space left on device"}}' \
    '{"return": "could not set up host forwarding\r\n", "id": "ask"}' >&"$qmp_said"
  qmp_hmp 'hostfwd_add net tcp::80-:80'
  [ "$qmp_shutdown_reason" = no-space ]
  [ "$qmp_reply" = 'could not set up host forwarding  ' ]
  qmp_forget
}

# qemu_is_there: a conversation in which this process is QEMU.
qemu_is_there() {
  qemu_pid=$$
  as_qemu=()
  qmp_prepare
}

@test "what QEMU says counts whatever its spacing and order, and what is no JSON does not" {
  qemu_says '{"data":{"guest":true,"reason":"guest-shutdown"},"event":"SHUTDOWN"}'
  [ "$qmp_shutdown_reason" = guest-shutdown ]
  qemu_says '{"event":"MIGRATION",' 'garbage' '' '[]' '7' '{ "data" : { "status" : "completed" } , "event" : "MIGRATION" }'
  [ "$qmp_migration" = completed ]
  qemu_says '{"QMP":{"version":{"package":"v10","qemu":{"major":10,"minor":1,"micro":2}}}}'
  [ "$qmp_version" = '10.1.2 (v10)' ]
  qemu_says '{"data":{"nospace":false},"event":"BLOCK_IO_ERROR"}'
  [ "$qmp_shutdown_reason" = guest-shutdown ]
}

@test "an answer counts whatever its spacing and order" {
  qemu_is_there
  printf '%s\r\n' '{"id":"other","return":{}}' '{"id":"ask","return":{"a":"\"id\": \"ask\""}}' >&"$qmp_said"
  qmp_ask query-something
  [ "$qmp_reply" = '{"a":"\"id\": \"ask\""}' ]
  printf '%s\n' '{"error":{"desc":"No\tsuch thing","class":"GenericError"},"id":"ask"}' >&"$qmp_said"
  if qmp_ask query-nothing; then return 1; fi
  [ "$qmp_reply" = 'No such thing' ]
  qmp_forget
}

@test "a refused command ends the wait for a template" {
  qemu_is_there
  printf '%s\n' '{"return":{}}' '{"error":{"class":"GenericError","desc":"no such file"}}' >&"$qmp_said"
  if qmp_migrated 10; then return 1; fi
  [ "$qmp_reply" = 'no such file' ]
  qmp_forget
}

@test "what QEMU said last is heard, though it has ended in the middle of a line" {
  qemu_is_there
  printf '%s\n%s' '{"event":"SHUTDOWN","data":{"reason":"guest-shutdown"}}' '{"event":"SHUT' >&"$qmp_said"
  qmp_end
  [ "$qmp_shutdown_reason" = guest-shutdown ]
  qmp_forget
}

# template_folders: a volume, and a guest that was just saved.
template_folders() {
  checked
  guest=$BATS_TEST_TMPDIR/guest
  templates=$BATS_TEST_TMPDIR/templates
  marks_volume=$BATS_TEST_TMPDIR/marks
  IMAGE_DIR=$BATS_TEST_TMPDIR/mounted
  mkdir "$guest" "$templates" "$marks_volume" "$IMAGE_DIR"
  echo "GUEST_OS='An OS'" >"$guest/guest.env"
  local part
  for part in ram state disk.qcow2 qemu disk-bytes tsc-khz arguments; do
    head -c 100000 /dev/urandom >"$IMAGE_DIR/$part"
  done
  echo '10.0.13 (a version)' >"$IMAGE_DIR/qemu"
  accel=tcg
  template_key=00000000000000000000000000000001
}

@test "a template is published whole, and known to be whole by its seal alone" {
  template_folders
  template_publish
  [ "$(ls -A "$templates" | grep -v marks)" = "$template_key" ]
  sha256sum() { false; }
  template_is_whole "$templates/$template_key"
}

@test "what an image says of its guest is read, and never run" {
  template_folders
  printf '%s\n' "GUEST_OS='x'; touch $BATS_TEST_TMPDIR/ran; '" 'GUEST_USER=debian' "GUEST_CMDLINE='root=/dev/vda rw \$(touch $BATS_TEST_TMPDIR/ran)'" \
    "touch $BATS_TEST_TMPDIR/ran" "GUEST_DISK=" >"$guest/guest.env"
  [ "$(guest_says GUEST_USER)" = debian ]
  [ "$(guest_says GUEST_CMDLINE)" = "root=/dev/vda rw \$(touch $BATS_TEST_TMPDIR/ran)" ]
  [ "$(guest_says GUEST_DISK)" = '' ]
  [ "$(guest_says GUEST)" = '' ]
  base=$guest/disk.qcow2
  template_publish
  [ "$(wc -l <"$templates/$template_key/about")" -eq 1 ]
  [ ! -e "$BATS_TEST_TMPDIR/ran" ]
  rm "$guest/guest.env"
  [ "$(guest_says GUEST_USER)" = '' ]
}

# says_of_itself: an image with a guest whose files are what it says.
says_of_itself() {
  template_folders
  boot=direct base=$guest/disk.qcow2
  local name
  for name in disk.qcow2=GUEST_DISK vmlinuz=GUEST_KERNEL initrd=GUEST_INITRD; do
    echo "$name" >"$guest/${name%=*}"
    echo "${name#*=}='$(sha256sum <"$guest/${name%=*}" | cut -d' ' -f1)'" >>"$guest/guest.env"
  done
}

@test "a guest that is not what its image says is saved for nobody, and leaves no mark on what it says it is" {
  local name
  says_of_itself
  template_verify
  for name in disk.qcow2 vmlinuz initrd; do
    cp "$guest/$name" "$BATS_TEST_TMPDIR/kept"
    echo more >>"$guest/$name"
    run template_verify
    [ "$status" -eq 65 ]
    [[ $output == *"the image says that the sha256 of $name is "* ]]
    ln -sf "$BATS_TEST_TMPDIR/kept" "$guest/$name"
    run template_verify
    [ "$status" -eq 65 ]
    rm "$guest/$name"
    cp "$BATS_TEST_TMPDIR/kept" "$guest/$name"
    template_verify
  done
  [ "$(ls -A "$templates" "$marks_volume" | grep -v :)" = '' ]
}

@test "an image that does not say what its guest is, or is of another runtime, has no template and says why" {
  says_of_itself
  sed -i /GUEST_INITRD/d "$guest/guest.env"
  run template_verify
  [ "$status" -eq 71 ]
  [[ $(template_mark_read "$template_key.never") == *'does not say what initrd is; build it again'* ]]
  run template_refuse ../../outside 'its image was built for another runtime'
  [ "$status" -eq 71 ]
  [ "$(ls "$templates/marks")" = "$template_key.never" ]
}

@test "an image that was fetched is saved as what it is called alone" {
  template_folders
  IMAGE_CACHE=$BATS_TEST_TMPDIR boot=firmware
  echo disk >"$BATS_TEST_TMPDIR/disk"
  base=$BATS_TEST_TMPDIR/$(sha256sum <"$BATS_TEST_TMPDIR/disk" | cut -d' ' -f1)
  mv "$BATS_TEST_TMPDIR/disk" "$base"
  template_verify
  echo other >"$base"
  run template_verify
  [ "$status" -eq 65 ]
}

@test "a template fits where the clock counts as fast as where it was saved" {
  template_folders
  echo 2500000 >"$IMAGE_DIR/tsc-khz"
  template_publish
  for tsc_khz in '' 2500000 2490000 2510000; do
    template_clock_fits "$templates/$template_key"
  done
  for tsc_khz in 2480000 2520000 24000; do
    if template_clock_fits "$templates/$template_key"; then return 1; fi
  done
}

@test "a template that was copied is read whole, once" {
  template_folders
  template_publish
  cp -a "$templates/$template_key/ram" "$BATS_TEST_TMPDIR/ram"
  chmod u+w "$templates/$template_key"
  mv "$BATS_TEST_TMPDIR/ram" "$templates/$template_key/ram"
  template_is_whole "$templates/$template_key"
  sha256sum() { false; }
  template_is_whole "$templates/$template_key"
}

@test "a template that somebody wrote to is not whole, whatever its times say" {
  template_folders
  template_publish
  local ram=$templates/$template_key/ram at
  at=$(stat -c %y "$ram")
  chmod u+w "$ram"
  printf x | dd of="$ram" bs=1 seek=5000 conv=notrunc status=none
  touch -d "$at" "$ram"
  run template_is_whole "$templates/$template_key"
  [ "$status" -ne 0 ]
}

@test "a template that does not fit on the volume leaves nothing there" {
  template_folders
  cp() { [ "${*: -1}" != "$templates/.new-$template_key/disk.qcow2" ] && command cp "$@"; }
  run template_publish
  [ "$status" -eq 73 ]
  [ "$(ls -A "$templates")" = '' ]
}

@test "a template that was set aside is not used, and gone when the next is made" {
  template_folders
  template_publish
  template_set_aside 'it did not start'
  template_is_set_aside "$template_key"
  template_remove "$template_key"
  if template_is_set_aside "$template_key"; then return 1; fi
  [ ! -e "$templates/$template_key" ]
}

# foreign: looks for the template of a guest that is not prepared.
foreign() {
  template_folders
  boot=firmware network=user
  echo 'ssh-ed25519 AAAAx me' >"$in/id_rsa.pub"
  template_volume_is_there() { true; }
  template_compute_key() { template_key=00000000000000000000000000000001; }
}

@test "nobody wishes for the template of a guest that cannot be saved" {
  foreign
  if template_find; then return 1; fi
  [[ $template_why == 'there is no template'* ]]
  run template_wish
  [[ $output == *'wanted 0000'* ]]
  # What "save" leaves of such a guest, and "warm" keeps.
  die_with_guest() { echo "$*"; }
  [[ $(template_never $'systemd runs no sshd\e in it') == 'guest-failed the guest cannot be saved: systemd runs no sshd in it' ]]
  template_mark "$template_key.never" "$(<"$IMAGE_DIR/never")"
  if template_find; then return 1; fi
  [ "$template_why" = 'the guest of this image cannot be saved: systemd runs no sshd in it' ]
  [ -z "$(template_wish 2>&1)" ]
}

@test "a guest that is not prepared is not restored when cloud-init is to set its password" {
  foreign
  PASSWORD=secret
  if template_find; then return 1; fi
  [[ $template_why == *' password '* ]]
  PASSWORD=
  rm "$in/id_rsa.pub"
  if template_find; then return 1; fi
  [[ $template_why == *' password '* ]]
}

@test "the least recently used templates make room" {
  template_folders
  local old=$template_key new=00000000000000000000000000000002
  template_publish
  template_key=$new
  template_publish
  touch -d @1000000000 "$templates/$new/sums"
  template_key=$old
  template_used
  # Room for the new one when one of the others goes.
  TEMPLATE_SPACE=2M
  for part in ram state; do head -c 500000 /dev/urandom >"$IMAGE_DIR/$part"; done
  template_make_room
  [ -e "$templates/$old" ]
  [ ! -e "$templates/$new" ]
}

@test "what an emulated guest has is one thread, unless it is told otherwise" {
  checked
  accel=tcg
  accel_arguments
  [[ "${qemu_arguments[*]}" == *tcg,thread=single* ]]
}

# looked NAME…: the warnings for these variables.
looked() {
  local name
  env_defaults
  for name in "$@"; do export "$name=1"; done
  env_look 2>&1
}

@test "a variable that is nearly one of ours is warned about, with what was meant" {
  local pair
  for pair in RAMM=RAM RM=RAM ram=RAM CPUS=CPU PORT=PORTS NETWROK= EPHEMERL=EPHEMERAL MEMORY=RAM DISK=DISK_SIZE BOOT_TIMEOT=BOOT_TIMEOUT; do
    run looked "${pair%%=*}"
    if [ -n "${pair#*=}" ]; then
      [[ $output == *"warning: the variable ${pair%%=*} is none of a virtainer's and does nothing; ${pair#*=} was meant?"* ]]
    fi
  done
}

@test "variables that are others' are not warned about" {
  run looked PATH HOME TERM LANG HOSTNAME DEBIAN_FRONTEND SSH_AUTH_SOCK JAVA_HOME http_proxy RAM CPU PORTS
  [ -z "$output" ]
}

@test "a state that cannot be written ends nothing" {
  run=/nowhere
  state stopping
}

# limited: what is said of a limit of $limit MB.
limited() {
  env_defaults
  accel=tcg
  boot_read_limit() { boot_limit=$limit boot_memory=1280; }
  boot_check_limit 2>&1
}

@test "a limit of the container's memory that is too small for the guest is warned about" {
  limit=400 run limited
  [ "$status" -eq 0 ]
  [[ $output == *"warning: the container may use 400 MB of memory (--memory), and RAM=1024 MB"*"raise the limit to 1280m, or lower RAM"* ]]
  limit=1280 run limited
  [ -z "$output" ]
  limit='' run limited
  [ -z "$output" ]
}

@test "what was killed because of the container's limit is told from what was not" {
  control_groups=$BATS_TEST_TMPDIR boot_limit=''
  mkdir "$control_groups/memory"
  if boot_ended_for_memory; then false; fi
  boot_limit=300
  boot_ended_for_memory
  printf 'low 0\nmax 7\noom_kill 0\n' >"$control_groups/memory.events"
  if boot_ended_for_memory; then false; fi
  printf 'low 0\nmax 7\noom_kill 1\n' >"$control_groups/memory.events"
  boot_ended_for_memory
  rm "$control_groups/memory.events"
  printf 'oom_kill_disable 0\nunder_oom 0\noom_kill 0\n' >"$control_groups/memory/memory.oom_control"
  if boot_ended_for_memory; then false; fi
  printf 'oom_kill_disable 0\nunder_oom 0\noom_kill 2\n' >"$control_groups/memory/memory.oom_control"
  boot_ended_for_memory
}

# surrounded: reads the container's folder of settings, $etc, with its name and variables.
surrounded() {
  env_defaults
  surroundings_etc=$etc surroundings_kernel=$etc surroundings_links=$etc/net
  surroundings_read 2>"$BATS_TEST_TMPDIR/said"
}

# make_etc: as Docker makes it for --hostname web.corp.example --dns-search … --add-host ….
make_etc() {
  etc=$BATS_TEST_TMPDIR/etc HOSTNAME=web.corp.example
  mkdir "$etc"
  echo '(none)' >"$etc/domainname"
  printf '# Generated by the engine\nnameserver 127.0.0.11\nsearch corp.example lab.example.\noptions edns0 trust-ad ndots:0 timeout:2\n' >"$etc/resolv.conf"
  printf '%s\n' $'127.0.0.1\tlocalhost' '::1 localhost ip6-localhost ip6-loopback' 'fe00::0 ip6-localnet' 'ff02::1 ip6-allnodes' \
    $'10.1.2.3\tdb db.corp.example # main' 'fd00::7 six' $'172.17.0.2\tweb.corp.example web' >"$etc/hosts"
}

@test "what the container has is read, and what the engine made for itself is not" {
  make_etc
  surrounded
  [ "$surroundings_domain" = corp.example ]
  [ "${surroundings_search[*]}" = 'corp.example lab.example' ]
  [ "$surroundings_resolver" = $'search corp.example lab.example\noptions ndots:0 timeout:2\n' ]
  [ "$surroundings_hosts" = $'10.1.2.3 db db.corp.example\nfd00::7 six\n' ]
  [ "$(guest_hostname)" = web.corp.example ]
  [ ! -s "$BATS_TEST_TMPDIR/said" ]
}

@test "a container without any of it gives its guest nothing more, not even a script" {
  make_etc
  HOSTNAME=3f2a9c
  printf 'nameserver 127.0.0.11\noptions edns0 trust-ad ndots:0\n' >"$etc/resolv.conf"
  printf '127.0.0.1 localhost\n172.17.0.2 3f2a9c\n' >"$etc/hosts"
  surrounded
  identity_files=(['hostname']=3f2a9c)
  surroundings_collect
  [ "${!identity_files[*]}" = hostname ]
  [ -z "$(surroundings_script)" ]
  [ "$(guest_hostname)" = 3f2a9c ]
  rm "$etc"/{hosts,resolv.conf}
  surrounded
  [ -z "$surroundings_hosts$surroundings_resolver" ]
}

@test "a domain may have come apart from the name, and of several searches the last one counts" {
  make_etc
  HOSTNAME=web
  echo other.example >"$etc/domainname"
  printf 'search a.example\ndomain b.example' >>"$etc/resolv.conf"
  surrounded
  [ "$surroundings_domain" = other.example ]
  [ "${surroundings_search[*]}" = b.example ]
}

@test "names that would mean something else in a file or an option are left out" {
  make_etc
  printf 'search ok.example bad,smb=/ $(id) -x\n' >"$etc/resolv.conf"
  printf '10.0.0.1 ok <bad>\nnonsense bad\n10.0.0.2 a;b\n' >"$etc/hosts"
  surrounded
  [ "$surroundings_resolver" = $'search ok.example\n' ]
  [ "$surroundings_hosts" = $'10.0.0.1 ok\n' ]
}

@test "a time zone is the name of a file of zones" {
  make_etc
  TZ=Europe/Berlin surrounded
  [ "$surroundings_zone" = Europe/Berlin ]
  TZ=:America/Argentina/Buenos_Aires surrounded
  [ "$surroundings_zone" = America/Argentina/Buenos_Aires ]
  TZ=../../etc/shadow surrounded
  [ -z "$surroundings_zone" ]
  grep -q ' warning: TZ="../../etc/shadow" is not the name of a time zone' "$BATS_TEST_TMPDIR/said"
}

@test "proxies are handed over when they are asked for, and never said" {
  make_etc
  export http_proxy=http://user:s3cret@proxy.corp:3128 NO_PROXY='localhost, .corp' https_proxy=$'http://user:s3cret@a\nb'
  surrounded
  [ -z "$surroundings_proxies" ]
  PROXY=yes surrounded
  [ "$surroundings_proxies" = $'http_proxy=http://user:s3cret@proxy.corp:3128\nNO_PROXY=localhost, .corp\n' ]
  grep -q ' warning: https_proxy does not get into the guest' "$BATS_TEST_TMPDIR/said"
  if grep s3cret "$BATS_TEST_TMPDIR/said"; then return 1; fi
  unset http_proxy https_proxy NO_PROXY
  PROXY=yes surrounded
  grep -q ' warning: PROXY=yes was asked for, and the container has no http_proxy' "$BATS_TEST_TMPDIR/said"
}

@test "packets are no larger than the least that an interface in use can take" {
  make_etc
  mkdir -p "$etc"/net/{lo,eth0,eth1,tunl0}
  echo up | tee "$etc"/net/{lo,eth0,eth1}/operstate >"$etc/net/tunl0/operstate"
  sed -i 's/.*/down/' "$etc/net/tunl0/operstate"
  echo 500 | tee "$etc/net/tunl0/mtu" >"$etc/net/lo/mtu"
  echo 9000 >"$etc/net/eth1/mtu"
  echo 1400 >"$etc/net/eth0/mtu"
  surrounded
  surroundings_least_mtu
  [ "$network_mtu" = 1400 ]
  network=user rung=direct
  network_arguments
  [[ "${qemu_arguments[*]}" == *',dnssearch=corp.example,dnssearch=lab.example,'*',host_mtu=1400' ]]
  qemu_arguments=() rung=restore
  network_arguments
  [[ "${qemu_arguments[*]}" != *host_mtu* ]]
  identity_files=()
  surroundings_collect
  [ "${identity_files[network]}" = $'search corp.example lab.example\noptions ndots:0 timeout:2\nmtu 1400\n' ]
}

@test "a guest that is not prepared gets a script, besides what cloud-init knows itself" {
  make_etc
  boot=firmware host_key=
  TZ=Europe/Berlin surrounded
  seed_vendor_data >"$BATS_TEST_TMPDIR/vendor-data"
  grep -q '^manage_etc_hosts: localhost$' "$BATS_TEST_TMPDIR/vendor-data"
  python3 - "$BATS_TEST_TMPDIR" <<'END'
import email, sys
with open(sys.argv[1] + "/vendor-data") as file:
    parts = email.message_from_file(file).get_payload()
assert [part.get_content_type() for part in parts] == ["text/cloud-config", "text/x-shellscript"], parts
with open(sys.argv[1] + "/script", "w") as script:
    script.write(parts[1].get_payload())
END
  sh -n "$BATS_TEST_TMPDIR/script"
  grep -qx 'Europe/Berlin' "$BATS_TEST_TMPDIR/script"
  # What becomes a memory template is told nothing of that.
  making=yes seed_template_key='ssh-ed25519 AAAA'
  seed_vendor_data >"$BATS_TEST_TMPDIR/vendor-data"
  grep -qF '/run/virtainers/foreign-guest "ssh-ed25519 AAAA"' "$BATS_TEST_TMPDIR/vendor-data"
  ! grep -q 'Europe/Berlin\|manage_etc_hosts' "$BATS_TEST_TMPDIR/vendor-data"
}

@test "an error of cloud-init is a warning in its whole words, unless it was to be strict" {
  env_defaults
  local words
  printf -v words "('scripts-user', RuntimeError('Runparts: %0600d failures'))" 1
  ready_note "warned $words" 2>"$BATS_TEST_TMPDIR/said"
  grep -qF "warning: cloud-init had errors: $words; the guest goes on" "$BATS_TEST_TMPDIR/said"
  STRICT=yes
  die_with_guest() { echo "$1: $2"; }
  run ready_warned "$words"
  [[ $output == "usage: cloud-init had errors: $words"* ]]
}

@test "refuses a strictness that is neither" { refuses STRICT maybe; }

@test "a long time to power off is warned about, unless who started the container first saw to it" {
  STOP_TIMEOUT=60
  [[ $(power_check 2>&1) == *' warning: STOP_TIMEOUT=60: '*' --stop-timeout 65 '* ]]
  echo key >"$in/ssh_host_ed25519_key"
  [ -z "$(power_check 2>&1)" ]
  rm "$in/ssh_host_ed25519_key"
  [ -z "$(power_check 2>&1)" ]
}

# at SECONDS: what a watch makes of the lease then, after the host's boot.
at() {
  echo "$1.50 99.00" >"$uptime"
  watch_lease
}

@test "a lease goes by the time since boot, and by any change of its file" {
  env_defaults
  LEASE=10 uptime=$BATS_TEST_TMPDIR/uptime ready=yes
  power_ask() { asked=$1; }
  asked=
  : >"$run/lease"
  at 100
  at 110
  [ -z "$asked" ]
  touch -d '2 hours ago' "$run/lease"
  at 111
  # Whatever the time of day is meanwhile.
  touch -d 'next year' "$run/lease"
  at 121
  at 131
  [ -z "$asked" ]
  at 132
  [ "$asked" = 'the end of its lease' ]
  [ "$lease_over" = yes ]
}

@test "a guest that is not ready loses nothing when its lease ends" {
  env_defaults
  LEASE=10 uptime=$BATS_TEST_TMPDIR/uptime
  die_with_guest() { echo "$*"; exit 79; }
  at 100
  run at 111
  [ "$status" -eq 79 ]
  [ "$output" = 'lease-expired nobody renewed the lease for 10 s' ]
}

@test "the time since boot has hundredths of a second" {
  uptime=$BATS_TEST_TMPDIR/uptime
  echo '0.08 1.00' >"$uptime"
  since_boot now
  [ "$now" -eq 80000 ]
  echo '1234567.89 1.00' >"$uptime"
  since_boot now
  [ "$now" -eq 1234567890000 ]
}

@test "what others wrote is said on one line, and acts on no terminal" {
  local line
  as_line line $'a\tb\r\n\e[2J\x7f\xc2\x9b2Jé'
  [ "$line" = 'a b   [2J  2Jé' ]
  run say warning $'it says "x\nvirtainers: +0.001s ready: SSH answers"'
  [ "${#lines[@]}" -eq 1 ]
}
