#!/usr/bin/env bats
# Docker inside of a virtainer. Needs Docker and virtainers/debian:12-docker.
# shellcheck disable=SC2016,SC2030,SC2031,SC2154

export image_of_test=debian:12-docker
load guests

setup_file() {
  export name=virtainers-bats-docker-$$
  make_key
  docker run -d --name "$name-vm" --cap-add NET_ADMIN --device /dev/net/tun -e NETWORK=nat \
    -v "$key.pub:/tmp/id_rsa.pub:ro" -v virtainers-templates:/templates:ro -v virtainers-template-marks:/template-marks \
    -e CPU=2 -e ACCEL=tcg -e EPHEMERAL=yes "$image" >/dev/null
}

teardown_file() {
  remove_containers
}

@test "Docker runs in the guest, without anybody's doing, and is its user's to use" {
  wait_for vm ' ready: ' 240
  in_guest vm 'sudo systemctl is-system-running --wait || systemctl --failed; systemctl is-active docker && docker version'
}

@test "its addresses are not those of the networks that the guest is on" {
  local own
  own=$(in_guest vm "ip -4 -o address show docker0 | grep -oP 'inet \K[0-9]+\.[0-9]+\.[0-9]+'")
  [ -n "$own" ]
  [ "$(docker exec "$name-vm" ip -4 -o address | grep -cF " $own.")" -eq 0 ]
  [ "$(in_guest vm 'ip -4 -o address show eth0' | grep -cF " $own.")" -eq 0 ]
}

@test "a container runs in the guest, of an image that was made there, with the guest's kernel" {
  in_guest vm 'mkdir own && cd own && cp --parents $(ldd /bin/bash | grep -o "/[^ ]*") /bin/bash . && mkdir proc &&
    tar -c . | docker import - own:1 >/dev/null'
  [ "$(in_guest vm 'docker run --rm own:1 /bin/bash -c "read -r _ _ release _ </proc/version; echo \$release"')" = "$(in_guest vm 'uname -r')" ]
}

@test "the outside is there for the guest and for its containers" {
  local outside
  # The engine's own address on the container's network, as a host of the outside.
  outside=$(docker inspect -f '{{range .NetworkSettings.Networks}}{{.Gateway}}{{end}}' "$name-vm")
  python3 -u -m http.server --bind "$outside" --directory "$BATS_TEST_TMPDIR" 0 >"$BATS_TEST_TMPDIR/server" 2>&1 3>&- &
  local server=$! deadline=$((SECONDS + 20)) port
  until grep -q ' port ' "$BATS_TEST_TMPDIR/server"; do
    ((SECONDS < deadline))
    sleep 0.1
  done
  port=$(sed -nE 's/.* port ([0-9]+) .*/\1/p' "$BATS_TEST_TMPDIR/server")
  in_guest vm "curl -sfo /dev/null http://$outside:$port/"
  in_guest vm "docker run --rm own:1 /bin/bash -c 'exec 3<>/dev/tcp/$outside/$port && printf \"GET / HTTP/1.0\\r\\n\\r\\n\" >&3 && read -r answer <&3 && [[ \$answer == HTTP/* ]]'"
  kill "$server"
}
