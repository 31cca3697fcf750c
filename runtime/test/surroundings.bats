#!/usr/bin/env bats
# What the container has, its guest has: a name with its domain, search domains, hosts, a
# time zone, proxies and the size of packets; booted, restored, and in a guest that is not
# prepared. Needs Docker, virtainers/debian:12, and what cloud-image needs.
# shellcheck disable=SC2016,SC2030,SC2031,SC2154

load guests

setup_file() {
  make_key
  make_volumes virtainers-bats-surroundings-$$
  export network=virtainers-bats-surroundings-$$
  local number=$(($$ % 200))
  if [ "${VIRTAINERS_TEST_ENGINE:-docker}" = podman ]; then
    docker network create --subnet "10.229.$number.0/24" --opt mtu=1400 "$network" >/dev/null
  else
    docker network create --subnet "10.229.$number.0/24" --opt com.docker.network.driver.mtu=1400 "$network" >/dev/null
  fi
}

teardown_file() {
  remove_volumes
  docker network rm "$network" >/dev/null
}

setup() {
  name=virtainers-bats-surroundings-$BATS_TEST_NUMBER-$$
  # All that can be said of a container's place.
  place=(--network "$network" --hostname web.corp.example --dns-search corp.example --dns-search lab.example
    --dns-option timeout:3 --add-host db:10.1.2.3 --add-host six:fd00::7 -e TZ=Europe/Berlin)
  proxies=(-e PROXY=yes -e http_proxy=http://user:s3cr%25et@proxy.corp:3128 -e HTTPS_PROXY=http://proxy.corp:3129 -e no_proxy=localhost,.corp)
}

teardown() {
  remove_containers
}

# router SUFFIX OPTION…: a guest of a container that may route.
router() {
  local suffix=$1
  shift
  docker run -d --name "$name-$suffix" --cap-add NET_ADMIN --device /dev/net/tun \
    -e CPU=2 -e ACCEL=tcg -e EPHEMERAL=yes -v "$key.pub:/tmp/id_rsa.pub:ro" "$@" "$image" >/dev/null
}

# is_at_its_place SUFFIX: whether the guest has all of $place.
is_at_its_place() {
  run in_guest "$1" 'hostname -f; uname -n; cat /etc/hosts; grep -E "^(search|options)" /etc/resolv.conf
    getent hosts db six; date -d @0 +%H:%M; readlink /etc/localtime; cat /sys/class/net/e*/mtu'
  echo "$output"
  [ "$status" -eq 0 ]
  [[ ${lines[0]} == web.corp.example ]]
  [[ ${lines[1]} == web ]]
  [[ $output == *$'\nsearch corp.example lab.example'* ]]
  [[ $output == *$'\noptions timeout:3'* ]]
  [[ $output == *$'\n10.1.2.3        db\n'*fd00::7*six* ]]
  # None of the container's own address.
  [[ $output != *" web.corp.example web"*" web.corp.example"* ]]
  [[ $output == *$'\n01:00\n/usr/share/zoneinfo/Europe/Berlin\n1400' ]]
}

# uses_proxies SUFFIX: whether logins, services and apt of the guest do.
uses_proxies() {
  run in_guest "$1" 'env | grep -i _proxy | sort; sudo systemctl show-environment | grep -i _proxy | sort
    sudo systemd-run -q --pipe --wait sh -c "echo service \$http_proxy"
    apt-config dump | grep -i "^Acquire::http.*proxy"'
  echo "$output"
  [ "$(grep -c '^HTTPS_PROXY=http://proxy.corp:3129$' <<<"$output")" -eq 2 ]
  [ "$(grep -c '^http_proxy=http://user:s3cr%25et@proxy.corp:3128$' <<<"$output")" -eq 2 ]
  [ "$(grep -c '^no_proxy=localhost,.corp$' <<<"$output")" -eq 2 ]
  grep -qxF 'service http://user:s3cr%25et@proxy.corp:3128' <<<"$output"
  grep -qxF 'Acquire::http::Proxy "http://user:s3cr%25et@proxy.corp:3128";' <<<"$output"
  grep -qxF 'Acquire::https::Proxy "http://proxy.corp:3129";' <<<"$output"
  grep -qxF 'Acquire::http::Proxy::localhost "DIRECT";' <<<"$output"
  run docker logs "$name-$1"
  [[ $output != *s3cr* ]]
}

# boots_again SUFFIX: until the guest answers after a boot of its own.
boots_again() {
  local boot_id=/proc/sys/kernel/random/boot_id before after deadline=$((SECONDS + 700))
  before=$(in_guest "$1" "cat $boot_id")
  in_guest "$1" 'sudo systemctl reboot' || true
  # One that connects in the last moment hears nothing more.
  ssh_options+=(-o ServerAliveInterval=10)
  until after=$(in_guest "$1" "cat $boot_id" 2>/dev/null) && [ "$after" != "$before" ]; do
    ((SECONDS < deadline))
    sleep 2
  done
}

# bats test_tags=engine
@test "a booted guest has all that its container has, in a bridge" {
  router one -e NETWORK=bridge "${place[@]}" "${proxies[@]}"
  wait_for one ' ready: ' 240
  is_at_its_place one
  uses_proxies one
  [ "$(in_guest one 'systemctl is-system-running --wait')" = running ]
}

@test "a restored guest has it" {
  maker maker -v "$volume:/templates" -v "$volume-marks:/template-marks"
  guest one -e BOOT=restore "${place[@]}" "${proxies[@]}"
  wait_for one ' ready: ' 60
  is_at_its_place one
  # Its first process stood still until then.
  sleep 10
  uses_proxies one
  boots_again one
  is_at_its_place one
  uses_proxies one
}

@test "a restored guest behind nat has it, and one without any of it has nothing of that" {
  [ "$(on_volume 'ls -d [0-9a-f]*')" != '' ]
  router one -e BOOT=restore -e NETWORK=nat -v "$volume:/templates:ro" -v "$volume-marks:/template-marks" "${place[@]}"
  wait_for one ' ready: ' 60
  is_at_its_place one
  docker rm -f "$name-one" >/dev/null
  guest plain -e BOOT=restore -e TZ=Europe/Berln
  wait_for plain ' ready: ' 60
  docker logs "$name-plain" 2>&1 | grep -q ' warning: the guest has no time zone Europe/Berln, and keeps its own'
  [ "$(in_guest plain 'date -d @0 +%H:%M; cat /sys/class/net/e*/mtu; env | grep -ci _proxy; grep -c . /etc/hosts')" = $'00:00\n1500\n0\n3' ]
  if docker exec "$name-plain" grep -q ^search /etc/resolv.conf; then return 0; fi
  [ "$(in_guest plain 'grep -c ^search /etc/resolv.conf')" = 0 ]
}

# bats test_tags=long
@test "cloud-init takes none of it away from a prepared guest, and user-data of the caller's stands" {
  printf '#cloud-config\nwrite_files:\n  - {path: /etc/user-data, content: "applied\\n"}\n' >"$BATS_TEST_TMPDIR/user-data"
  router one -e NETWORK=user -v "$BATS_TEST_TMPDIR/user-data:/tmp/user-data:ro" "${place[@]}"
  wait_for one ' ready: ' 300
  is_at_its_place one
  [ "$(in_guest one 'cat /etc/user-data')" = applied ]
}

# make_cloud_image: sets cloud to the options of a guest that is not prepared, and image.
make_cloud_image() {
  local disk=$BATS_FILE_TMPDIR/cloud.qcow2
  [ -e "$disk" ] || "$BATS_TEST_DIRNAME/cloud-image" "$disk"
  chmod 644 "$disk"
  cloud=(-v "$disk:/image:ro")
  image=$namespace/runtime
}

# bats test_tags=long
@test "a guest that is not prepared has it" {
  make_cloud_image
  router one -e NETWORK=nat "${cloud[@]}" "${place[@]}" "${proxies[@]}"
  wait_for one ' ready: ' 300
  is_at_its_place one
  uses_proxies one
}

# bats test_tags=long
@test "a guest that is not prepared has it after a boot of its own too" {
  make_cloud_image
  router one -e NETWORK=nat "${cloud[@]}" "${place[@]}" "${proxies[@]}"
  wait_for one ' ready: ' 300
  boots_again one
  is_at_its_place one
}

# bats test_tags=long
@test "a guest that is not prepared has it when it is restored" {
  make_cloud_image
  maker maker "${cloud[@]}" -v "$volume:/templates" -v "$volume-marks:/template-marks"
  guest one "${cloud[@]}" -e BOOT=restore "${place[@]}" "${proxies[@]}"
  wait_for one ' ready: ' 60
  is_at_its_place one
  uses_proxies one
}
