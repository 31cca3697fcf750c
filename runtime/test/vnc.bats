#!/usr/bin/env bats
# VNC=on on a real engine: the guest's screen, who may see it, and what it shows. Needs
# root, Docker and virtainers/debian:12.
#
# The desktop's turn comes where virtainers/debian:12-desktop was built.
# shellcheck disable=SC2030,SC2031,SC2154

load guests

setup_file() {
  export name=virtainers-bats-vnc-$$
  make_key
  printf 'longer than eight\n' >"$BATS_FILE_TMPDIR/vnc-password"
  start file -v "$BATS_FILE_TMPDIR/vnc-password:/tmp/vnc-password:ro" -p 127.0.0.1::6080
  wait_for file ' qemu: started, direct boot' 60
}

teardown_file() {
  remove_containers
}

# start SUFFIX OPTION…
start() {
  local suffix=$1
  shift
  docker run -d --name "$name-$suffix" --cap-drop ALL --security-opt no-new-privileges --user 1000 \
    --sysctl net.ipv4.ip_unprivileged_port_start=0 \
    -v "$key.pub:/tmp/id_rsa.pub:ro" -e VNC=on -e CPU=2 -e ACCEL=tcg -e EPHEMERAL=yes "$@" "$image" >/dev/null
}

# start_router SUFFIX NETWORK OPTION…
start_router() {
  local suffix=$1 network=$2
  shift 2
  docker run -d --name "$name-$suffix" --cap-add NET_ADMIN --device /dev/net/tun -e NETWORK="$network" \
    -v "$key.pub:/tmp/id_rsa.pub:ro" -e VNC=on -e VNC_PASSWORD=secret -e CPU=2 -e ACCEL=tcg -e EPHEMERAL=yes "$@" "$image" >/dev/null
}

screen() {
  "$BATS_TEST_DIRNAME/screen" "$@"
}

# shoot SUFFIX: what its screen shows, in $picture.
shoot() {
  picture=$BATS_TEST_TMPDIR/$1.png
  docker exec "$name-$1" virsh screenshot vm /tmp/shot.png
  docker cp "$name-$1:/tmp/shot.png" "$picture" >/dev/null
}

published() {
  docker port "$name-$1" 6080/tcp | head -n 1
}

@test "the right password opens the screen, and no other does, for viewers and browsers" {
  docker logs "$name-file" 2>&1 | grep -q " vnc: the screen is at http://$(address file):6080/ "
  docker logs "$name-file" 2>&1 | grep -q ' warning: VNC takes only the first 8 characters'
  local how port
  for how in 'login 5900' 'browse 6080'; do
    port=${how#* } how=${how% *}
    [ "$(screen "$how" "$(address file)" "$port" wrong)" = refused ]
    [ "$(screen "$how" "$(address file)" "$port" '')" = refused ]
    [[ $(screen "$how" "$(address file)" "$port" 'longer than eight') =~ ^[0-9]+x[0-9]+$ ]]
  done
}

@test "a page of another server cannot use the browser of who may see the screen" {
  [ "$(screen browse "$(address file)" 6080 'longer t' http://elsewhere)" = 'HTTP/1.1 403 Forbidden' ]
}

@test "the password is in no list of processes" {
  run docker exec "$name-file" bash -c 'cat /proc/[0-9]*/cmdline /proc/[0-9]*/environ | tr "\0" "\n"'
  [[ $output == *password-secret=vnc* ]]
  [[ $output != *longer* ]]
}

# bats test_tags=engine
@test "noVNC answers at the container's address and at the published port, and nothing else of the container does" {
  local server
  for server in "$(address file):6080" "$(published file)"; do
    curl -sSf -L --max-time 20 "http://$server/" | grep -q '<title>noVNC</title>'
    curl -sSf --max-time 20 "http://$server/core/rfb.js" | grep -q 'class RFB'
    run curl -s -o /dev/null -w '%{http_code}' --max-time 20 --path-as-is "http://$server/../../../etc/passwd"
    [ "$output" = 404 ]
    run curl -s -o /dev/null -w '%{http_code}' --max-time 20 -X POST "http://$server/vnc.html"
    [ "$output" = 405 ]
  done
}

# bats test_tags=engine
@test "it listens at the container's address only" {
  run docker exec "$name-file" bash -c 'ss -Htln 2>/dev/null | awk "{ print \$4 }" | sort'
  [[ $output == *"$(address file):5900"*"$(address file):6080"* ]]
  [[ $output != *0.0.0.0:5900* && $output != *0.0.0.0:6080* && $output != *'*:6080'* ]]
}

@test "the picture is of the guest's console, with a login" {
  wait_for file ' ready: ' 240
  docker logs "$name-file" 2>&1 | grep -Eq " rung: direct: (the guests of templates have no screen|no volume)"
  local width height colours=0 deadline=$((SECONDS + 3 * 60))
  # The login comes after SSH, to a screen that the kernel has cleared.
  until ((colours > 1)); do
    ((SECONDS < deadline))
    sleep 1
    shoot file
    read -r width height colours <<<"$(screen picture "$picture")"
  done
  [ "$width" -ge 640 ]
  [ "$height" -ge 400 ]
  [ "$(in_guest file 'systemctl is-active getty@tty1')" = active ]
}

@test "what is typed on the screen arrives in the guest" {
  in_guest file 'sudo systemctl stop getty@tty1 && sudo timeout 30 head -n 1 /dev/tty1' >"$BATS_TEST_TMPDIR/typed" 3>&- &
  local reader=$! deadline=$((SECONDS + 3 * 20))
  until in_guest file 'pgrep -x head' >/dev/null; do ((SECONDS < deadline)); done
  screen type "$(address file)" 5900 'longer t' 'hello guest'
  wait "$reader"
  [ "$(<"$BATS_TEST_TMPDIR/typed")" = 'hello guest' ]
}

# lets_in SUFFIX PASSWORD: the screen does, which may listen a moment after QEMU was started.
lets_in() {
  local deadline=$((SECONDS + 3 * 20))
  until [[ $(screen login "$(address "$1")" 5900 "$2" 2>/dev/null) == *x* ]]; do
    ((SECONDS < deadline))
    sleep 0.5
  done
}

@test "without a password one is made, told once, and stays with the container" {
  start none -e STOP_TIMEOUT=1
  wait_for none ' qemu: started' 60
  local password
  password=$(docker logs "$name-none" 2>&1 | sed -nE 's/.* vnc-password: ([a-z0-9]{8}) is the password of .*/\1/p')
  lets_in none "$password"
  docker restart -t 5 "$name-none" >/dev/null
  local deadline=$((SECONDS + 3 * 60))
  until [ "$(docker logs "$name-none" 2>&1 | grep -c ' qemu: started')" -eq 2 ]; do ((SECONDS < deadline)); done
  lets_in none "$password"
  [ "$(docker logs "$name-none" 2>&1 | grep -c ' vnc-password: ')" -eq 1 ]
  docker rm -f -v "$name-none" >/dev/null
}

@test "a machine without a screen says so" {
  start dark -e VNC=off
  wait_for dark ' qemu: started' 60
  run docker exec "$name-dark" virsh screenshot vm /tmp/shot.png
  [ "$status" -eq 1 ]
  [[ $output == "error: domain 'vm' has no screen; start its container with VNC=on" ]]
  run screen login "$(address dark)" 5900 ''
  [ "$status" -ne 0 ]
  docker rm -f -v "$name-dark" >/dev/null
}

@test "where all other ports are the guest's, the screen's are the container's still" {
  local network
  for network in nat bridge; do start_router "$network" "$network"; done
  for network in nat bridge; do
    wait_for "$network" ' ready: ' 400
    [ "$(in_guest "$network" 'systemctl is-active ssh')" = active ]
    [ "$(screen login "$(address "$network")" 5900 wrong)" = refused ]
    [[ $(screen login "$(address "$network")" 5900 secret) == *x* ]]
    [[ $(screen browse "$(address "$network")" 6080 secret) == *x* ]]
    [ "$(in_guest "$network" "curl -s -o /dev/null -w '%{http_code}' http://$(address file):6080/")" = 302 ]
  done
}

@test "the desktop's session is on the screen" {
  docker image inspect "$namespace/debian:12-desktop" >/dev/null 2>&1 ||
    skip 'THE DESKTOP: SKIPPED, images/build debian:12-desktop HAS IT TESTED'
  image=$namespace/debian:12-desktop start desktop
  wait_for desktop ' ready: ' 400
  local deadline=$((SECONDS + 3 * 300)) width height colours=0
  # A desktop has more colours than a console.
  until ((colours > 100)); do
    ((SECONDS < deadline))
    sleep 5
    shoot desktop
    read -r width height colours <<<"$(screen picture "$picture")"
  done
  [ "$(in_guest desktop 'pgrep -u debian -x icewm | wc -l')" = 1 ]
  echo "# $width x $height, $colours colours, ${picture}" >&3
}
