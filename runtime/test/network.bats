#!/usr/bin/env bats
# NETWORK=nat and bridge on a real engine: the container's address is the guest's. Needs
# root, Docker and virtainers/debian:12.
# shellcheck disable=SC2016,SC2030,SC2031,SC2154

load guests

# What a router needs besides NET_ADMIN to hand the rest to another user.
least=(--cap-drop ALL --cap-add NET_ADMIN --cap-add CHOWN --cap-add DAC_OVERRIDE --cap-add KILL --cap-add SETGID --cap-add SETUID)
low_ports=(--sysctl net.ipv4.ip_unprivileged_port_start=0)

setup_file() {
  export name=virtainers-bats-net-$$
  export shared=$BATS_FILE_TMPDIR
  make_key
  docker network create "$name" >/dev/null
  start one --network "$name"
  start two --network "$name" "${least[@]}" "${low_ports[@]}" --security-opt no-new-privileges -e PORTS='22 2222:22'
}

teardown_file() {
  remove_containers
  docker network rm "$name" >/dev/null
  # What the last test leaves when it fails.
  docker network rm "$name-outer" "$name-six" "$name-range" >/dev/null 2>&1 || true
  ip link del vbats 2>/dev/null || true
  ip link del vbatslan 2>/dev/null || true
  ip netns del "$name" 2>/dev/null || true
  ip netns del "$name-lan" 2>/dev/null || true
}

# start SUFFIX OPTION…: restored, where the engine has made a template of this size.
start() {
  local suffix=$1
  shift
  docker run -d --name "$name-$suffix" --cap-add NET_ADMIN --device /dev/net/tun -e NETWORK=nat \
    -v "$key.pub:/tmp/id_rsa.pub:ro" -v virtainers-templates:/templates:ro -v virtainers-template-marks:/template-marks \
    -e CPU=2 -e ACCEL=tcg -e EPHEMERAL=yes "$@" "$image" >/dev/null
}

# through SUFFIX COMMAND: runs it in a guest that is reached through the engine alone.
through() {
  ssh -n -i "$key" "${ssh_options[@]}" \
    -o ProxyCommand="docker exec -i $name-$1 /usr/lib/virtainers/join-ssh" "debian@$1" "$2"
}

# MiB that one guest sends to another. A gigabyte, by hand, takes emulated guests two
# minutes: VIRTAINERS_TEST_MEBIBYTES=1024 bats runtime/test/network.bats
mebibytes=${VIRTAINERS_TEST_MEBIBYTES:-100}

# carry FROM TO NETWORK: has one guest send that much to another one, and holds what came
# to what was sent; then has iperf3 do it, and prints how fast it was.
carry() {
  local receive='import socket, sys, zlib
server = socket.create_server(("", 5201))
print("listening", flush=True)
connection, _ = server.accept()
buffer, total, sum = bytearray(1 << 20), 0, 0
while n := connection.recv_into(buffer):
    total += n
    sum = zlib.crc32(memoryview(buffer)[:n], sum)
print(total, sum)' send='import os, socket, sys, zlib
block, sum = os.urandom(1 << 20), 0
with socket.create_connection((sys.argv[1], 5201), 60) as connection:
    for number in range(int(sys.argv[2])):
        piece = number.to_bytes(4, "big") + block[4:]
        sum = zlib.crc32(piece, sum)
        connection.sendall(piece)
print(int(sys.argv[2]) << 20, sum)'
  listen "$2" "python3 -c '$receive'"
  local sent
  sent=$(in_guest "$1" "python3 -c '$send' $(address "$2") $mebibytes")
  wait "$listener"
  [ "$(tail -n 1 "$BATS_TEST_TMPDIR/heard")" = "$sent" ]
  measure "$@"
}

# listen SUFFIX COMMAND: has it run in the guest, as $listener, until it says that it
# listens; what it says is in the file "heard".
listen() {
  in_guest "$1" "$2" >"$BATS_TEST_TMPDIR/heard" 3>&- &
  listener=$!
  local deadline=$((SECONDS + 3 * 60))
  until grep -qi listening "$BATS_TEST_TMPDIR/heard"; do
    ((SECONDS < deadline))
    sleep 0.5
  done
}

# measure FROM TO NETWORK: with this machine's iperf3, which guests of the same Debian can run.
measure() {
  local suffix said program
  local -a libraries
  program=$(command -v iperf3)
  mapfile -t libraries < <(ldd "$program" | grep -oE '/[^ ]*/lib(iperf|sctp)[^ ]*')
  for suffix in "$1" "$2"; do
    tar -chPC / "$program" "${libraries[@]}" | ssh -i "$key" "${ssh_options[@]}" "debian@$(address "$suffix")" \
      'mkdir -p iperf && tar -x --transform "s#.*/##" -C iperf'
  done
  local iperf="LD_LIBRARY_PATH=iperf timeout $((120 + mebibytes)) iperf/iperf3 --forceflush"
  listen "$2" "$iperf --server --one-off"
  said=$(in_guest "$1" "$iperf --client $(address "$2") --bytes ${mebibytes}M --json")
  wait "$listener"
  python3 -c '
import json, sys
end = json.loads(sys.argv[1])["end"]
# What is under way when the sender is done, the receiver does not count.
assert end["sum_sent"]["bytes"] >= int(sys.argv[2]) * 2**20 and end["sum_received"]["bytes"] > 0, end
print("# %s: %s MiB from guest to guest at %.0f Mbit/s" % (sys.argv[3], sys.argv[2], end["sum_received"]["bits_per_second"] / 1e6))
' "$said" "$mebibytes" "$3" >&3
}

# bats test_tags=engine
@test "guests answer SSH and ping at their containers' addresses" {
  local suffix
  for suffix in one two; do
    wait_for "$suffix" ' ready: ' 240
    docker logs "$name-$suffix" 2>&1 | grep -q " network: nat, all ports of $(address "$suffix")"
    [ "$(in_guest "$suffix" hostname)" = "$(docker inspect -f '{{.Config.Hostname}}' "$name-$suffix")" ]
  done
  # That it is the guest, and not its container, who answers: it can be told not to.
  in_guest two 'sudo sysctl -qw net.ipv4.icmp_echo_ignore_all=1'
  run docker run --rm --entrypoint bash --network "$name" "$image" -c "exec 3<>/dev/tcp/$(address two)/22 && head -c 4 <&3"
  [[ $output == *SSH-* ]]
  run in_guest one "ping -c 1 -W 2 $(address two)"
  [ "$status" -eq 1 ]
  in_guest two 'sudo sysctl -qw net.ipv4.icmp_echo_ignore_all=0'
  in_guest one "ping -c 2 -W 10 $(address two)"
}

@test "guests reach each other with SSH, by address and by name" {
  local jump
  jump="ssh -i $key ${ssh_options[*]} -W %h:%p debian@$(address one)"
  [ "$(ssh -n -i "$key" "${ssh_options[@]}" -o ProxyCommand="$jump" "debian@$(address two)" hostname)" = \
    "$(docker inspect -f '{{.Config.Hostname}}' "$name-two")" ]
  [ "$(in_guest two "getent ahostsv4 $name-one | head -n 1 | cut -d' ' -f1")" = "$(address one)" ]
  in_guest two "ping -c 1 -W 10 $name-one"
}

# bats test_tags=engine
@test "every port of TCP and UDP is the guest's, from outside and from the guest itself" {
  in_guest two 'echo it is two >/tmp/index.html; cd /tmp; nohup python3 -m http.server 8123 >/dev/null 2>&1 &
    nohup python3 -c "
import socket
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.bind((\"\", 5555))
while True:
    data, to = s.recvfrom(1000)
    s.sendto(data.upper(), to)
" >/dev/null 2>&1 &'
  local ask='import socket, sys
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.settimeout(20)
s.sendto(b"over udp", (sys.argv[1], 5555))
print(s.recv(1000).decode())'
  curl -s --retry 20 --retry-delay 1 --retry-connrefused "http://$(address two):8123/index.html" | grep -qx 'it is two'
  local from
  for from in one two; do
    [ "$(in_guest "$from" "curl -s http://$(address two):8123/index.html")" = 'it is two' ]
    [ "$(in_guest "$from" "python3 -c '$ask' $(address two)")" = 'OVER UDP' ]
  done
  [ "$(python3 -c "$ask" "$(address two)")" = 'OVER UDP' ]
}

# bats test_tags=engine
@test "a guest behind nat is reached through its container's engine" {
  [ "$(through one hostname)" = "$(docker inspect -f '{{.Config.Hostname}}' "$name-one")" ]
  through two true
}

@test "a port can be another one in the guest" {
  [ "$(ssh -n -p 2222 -i "$key" "${ssh_options[@]}" "debian@$(address two)" hostname)" = \
    "$(docker inspect -f '{{.Config.Hostname}}' "$name-two")" ]
}

@test "a guest reaches the world as its container" {
  local gateway
  gateway=$(gateway "$name")
  in_guest one "ping -c 1 -W 10 $gateway"
  python3 -c '
import http.server, sys
class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
        self.wfile.write(self.client_address[0].encode())
    def log_message(self, *_):
        pass
server = http.server.HTTPServer((sys.argv[1], 0), Handler)
print(server.server_port, flush=True)
server.handle_request()' "$gateway" >"$BATS_TEST_TMPDIR/port" 3>&- &
  local deadline=$((SECONDS + 3 * 20))
  until [ -s "$BATS_TEST_TMPDIR/port" ]; do
    ((SECONDS < deadline))
    sleep 0.1
  done
  [ "$(in_guest one "curl -s http://$gateway:$(cat "$BATS_TEST_TMPDIR/port")/")" = "$(address one)" ]
}

@test "what a guest sends to another arrives whole behind nat" {
  carry one two nat
}

# bats test_tags=long
@test "what a guest sends to another arrives whole behind user" {
  local suffix
  for suffix in sender receiver; do
    start "$suffix" --network "$name" -e NETWORK=user -e PORTS='22 5201' "${low_ports[@]}"
  done
  for suffix in sender receiver; do wait_for "$suffix" ' ready: ' 240; done
  carry sender receiver user
  docker rm -f "$name-sender" "$name-receiver" >/dev/null
}

@test "QEMU is nobody of rights, though its container is a router" {
  local suffix
  for suffix in one two; do
    docker exec "$name-$suffix" bash -c 'cat /proc/$(cat /proc/[0-9]*/stat | awk "\$2 ~ /qemu-system/ {print \$1; exit}")/status' |
      tr -s '[:blank:]' ' ' >"$BATS_TEST_TMPDIR/rights"
    grep -q '^Uid: 1000 1000 1000 1000' "$BATS_TEST_TMPDIR/rights"
    grep -q '^CapEff: 0000000000000000' "$BATS_TEST_TMPDIR/rights"
    grep -q '^CapPrm: 0000000000000000' "$BATS_TEST_TMPDIR/rights"
    grep -q '^NoNewPrivs: 1' "$BATS_TEST_TMPDIR/rights"
  done
}

@test "nat without the right, or without the device, is a sentence, with status 77" {
  run docker run --rm --user 1000 --cap-drop ALL -e NETWORK=nat "$image"
  [ "$status" -eq 77 ]
  [[ $output == *'--cap-add NET_ADMIN --device /dev/net/tun'* ]]
  run docker run --rm --cap-add NET_ADMIN -e NETWORK=nat "$image"
  [ "$status" -eq 77 ]
  [[ $output == *'add --device /dev/net/tun'* ]]
  run docker run --rm "${least[@]}" --sysctl net.ipv4.ip_unprivileged_port_start=1024 \
    --device /dev/net/tun --network "$name" -e NETWORK=nat "$image"
  [ "$status" -eq 77 ]
  [[ $output == *"allow low ports with --cap-add NET_BIND_SERVICE"* ]]
  run docker run --rm --cap-add NET_ADMIN --device /dev/net/tun --network none -e NETWORK=nat "$image"
  [ "$status" -eq 77 ]
  [[ $output == *'is on no network'* ]]
}

@test "a router stops as it should, and starts again" {
  docker stop -t 20 "$name-one" >/dev/null
  [ "$(docker wait "$name-one")" = 0 ]
  docker start "$name-one" >/dev/null
  local deadline=$((SECONDS + 3 * 60))
  until [ "$(docker logs "$name-one" 2>&1 | grep -c ' qemu: started')" -eq 2 ]; do
    ((SECONDS < deadline))
    sleep 0.2
  done
  docker stop -t 20 "$name-one" >/dev/null
  docker rm "$name-one" >/dev/null
}

@test "on a macvlan network the guest is a host of the outer network" {
  # The outer network is a cable of the test's own, with another host at its end.
  ip netns add "$name"
  ip link add vbats type veth peer name vbatsout netns "$name"
  ip link set vbats up
  ip -n "$name" address add 192.168.77.1/24 dev vbatsout
  ip -n "$name" link set vbatsout up
  docker network create -d macvlan --subnet 192.168.77.0/24 --gateway 192.168.77.1 --ip-range 192.168.77.224/27 \
    -o parent=vbats "$name-outer" >/dev/null
  start outer --network "$name-outer" --ip 192.168.77.230 -e BOOT=direct
  wait_for outer ' ready: ' 240
  run ip netns exec "$name" ssh -n -i "$key" "${ssh_options[@]}" debian@192.168.77.230 'ping -c 1 -W 10 192.168.77.1 >/dev/null; hostname'
  [ "$status" -eq 0 ]
  [[ $output =~ ^[0-9a-f]{12}$ ]]
}

@test "a network with one address of an outer range gives it to a guest, which reaches the outer network" {
  [ "${VIRTAINERS_TEST_ENGINE:-docker}" = docker ] || skip 'ONE ADDRESS OF AN OUTER RANGE: NOT TESTED WITH PODMAN, WHICH MAKES NO NETWORK WITHIN ONE OF THE HOST'
  docker network create --subnet 192.168.78.224/27 --gateway 192.168.78.225 --ip-range 192.168.78.226/32 "$name-range" >/dev/null
  ip netns add "$name-lan"
  ip link add vbatslan type veth peer name vbatslanout netns "$name-lan"
  ip address add 192.168.78.160/24 dev vbatslan
  ip link set vbatslan up
  ip -n "$name-lan" address add 192.168.78.1/24 dev vbatslanout
  ip -n "$name-lan" link set vbatslanout up
  start lonely --network "$name-range"
  wait_for lonely ' ready: ' 240
  [ "$(address lonely)" = 192.168.78.226 ]
  in_guest lonely 'ping -c 1 -W 10 192.168.78.225 && ping -c 1 -W 10 192.168.78.1'
  run docker run --rm --network "$name-range" --entrypoint true "$image"
  [ "$status" -ne 0 ]
  docker rm -f "$name-lonely" >/dev/null
  docker network rm "$name-range" >/dev/null
}

# bridged SUFFIX OPTION…: a guest with the container's own address.
bridged() {
  local suffix=$1
  shift
  start "$suffix" --network "$name" -e NETWORK=bridge "$@"
}

# bats test_tags=engine
@test "in a bridge the guest has the container's address and hardware address, and no other has them" {
  bridged left "${least[@]}" "${low_ports[@]}" --security-opt no-new-privileges
  bridged right -e BOOT=direct
  wait_for left ' ready: ' 240
  wait_for right ' ready: ' 240
  docker logs "$name-left" 2>&1 | grep -q " network: bridge, the guest has $(address left) of eth0"
  local suffix prefix
  prefix=$(docker network inspect "$name" | grep -ioPm1 '"subnet": *"[^"/]+/\K[0-9]+')
  for suffix in left right; do
    in_guest "$suffix" "ip -4 -o address" | grep -qw "$(address "$suffix")/$prefix"
    in_guest "$suffix" 'cat /sys/class/net/e*/address' |
      grep -qx "$(docker inspect -f '{{range .NetworkSettings.Networks}}{{.MacAddress}}{{end}}' "$name-$suffix")"
  done
}

# bats test_tags=engine
@test "a guest in a bridge is reached through its container's engine" {
  [ "$(through left hostname)" = "$(docker inspect -f '{{.Config.Hostname}}' "$name-left")" ]
}

@test "guests in a bridge are neighbours of each other and of guests behind nat, by address and by name" {
  wait_for two ' ready: ' 10
  # One hop, where a router in between would make it less.
  in_guest left "ping -c 1 -W 10 $(address right)" | grep -q ' ttl=64 '
  in_guest right "ping -c 1 -W 10 $name-left"
  in_guest left "ping -c 1 -W 10 $(address two)"
  in_guest two "ping -c 1 -W 10 $(address left)"
  local jump
  jump="ssh -i $key ${ssh_options[*]} -W %h:%p debian@$(address left)"
  [ "$(ssh -n -i "$key" "${ssh_options[@]}" -o ProxyCommand="$jump" "debian@$(address right)" hostname)" = \
    "$(docker inspect -f '{{.Config.Hostname}}' "$name-right")" ]
}

@test "a bridged guest sends to all of its network, and reaches itself and the world" {
  local gateway everybody
  gateway=$(gateway "$name")
  # By the network's own address for it: Podman has what goes to 255.255.255.255 come from its gateway.
  everybody=$(python3 -c 'import ipaddress, sys; print(ipaddress.ip_interface(sys.argv[1]).network.broadcast_address)' \
    "$(address left)/$(length left)")
  in_guest left "ping -c 1 -W 10 $gateway; ping -c 1 -W 10 $(address left)"
  # Answers as often as it is asked: what is sent to all is not sent again when it is lost.
  in_guest right 'nohup python3 -uc "
import socket
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.bind((\"\", 5556))
s.settimeout(120)
print(\"listening\")
while True:
    data, to = s.recvfrom(1000)
    print(data, to)
    s.sendto(data.upper(), to)
" >heard 2>&1 &'
  in_guest left 'python3 -c "
import socket
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
s.settimeout(2)
for _ in range(40):
    s.sendto(b\"to all\", (\"'"$everybody"'\", 5556))
    try:
        print(s.recv(1000).decode())
        break
    except socket.timeout:
        pass
"' | grep -qx 'TO ALL' || {
    in_guest right 'cat heard; ip addr; ip neigh'
    in_guest left 'ip addr; ip neigh; ip route'
    return 1
  }
}

# bats test_tags=long
@test "what a guest sends to another arrives whole in a bridge" {
  carry left right bridge
}

@test "a bridge stops as it should, and starts again" {
  docker stop -t 20 "$name-left" >/dev/null
  [ "$(docker wait "$name-left")" = 0 ]
  docker start "$name-left" >/dev/null
  local deadline=$((SECONDS + 3 * 60))
  until [ "$(docker logs "$name-left" 2>&1 | grep -c ' qemu: started')" -eq 2 ]; do
    ((SECONDS < deadline))
    sleep 0.2
  done
  docker stop -t 20 "$name-left" >/dev/null
  docker rm -f "$name-left" "$name-right" >/dev/null
}

# address6 SUFFIX
address6() {
  docker inspect -f '{{range .NetworkSettings.Networks}}{{.GlobalIPv6Address}}{{end}}' "$name-$1"
}

# reaches SUFFIX ADDRESS: by IPv6. A guest may hear of its network some seconds after it is
# ready; ping itself gives up when a router says that an address is not there yet.
reaches() {
  in_guest "$1" "timeout 60 sh -c 'until ping -c 1 -W 2 $2; do sleep 1; done'"
}

# bats test_tags=engine
@test "where the network has IPv6, a guest has it behind nat and in a bridge" {
  docker network create --ipv6 --subnet fd00:253:77::/64 --subnet 10.253.77.0/24 "$name-six" >/dev/null
  start natted --network "$name-six" -e PORTS='22 2222:22' \
    --sysctl net.ipv6.conf.all.forwarding=1 --sysctl net.ipv6.conf.default.disable_ipv6=0
  start linked --network "$name-six" -e NETWORK=bridge
  wait_for natted ' ready: ' 240
  wait_for linked ' ready: ' 240
  docker logs "$name-natted" 2>&1 | grep -q " network: nat, all ports of $(address natted) $(address6 natted)"
  in_guest linked 'ip -6 -o address' | grep -qw "$(address6 linked)/64"
  reaches linked "$(address6 natted)"
  reaches natted "$(address6 linked)"
  reaches natted "$(address6 natted)"
  ssh -n -i "$key" "${ssh_options[@]}" "debian@$(address6 natted)" true
  ssh -n -p 2222 -i "$key" "${ssh_options[@]}" "debian@$(address6 natted)" true
  ssh -n -i "$key" "${ssh_options[@]}" "debian@$(address6 linked)" true
  docker rm -f "$name-natted" "$name-linked" >/dev/null
  run docker run --rm --network "$name-six" --cap-add NET_ADMIN --device /dev/net/tun -e NETWORK=nat -e RAM=900000000 "$image"
  [[ $output == *' warning: the guest has no IPv6, since the container does not route it; add --sysctl net.ipv6.conf.all.forwarding=1'* ]]
  docker network rm "$name-six" >/dev/null
}

@test "a bridge without the right, or without a network, is a sentence, with status 77" {
  run docker run --rm --user 1000 --cap-drop ALL -e NETWORK=bridge "$image"
  [ "$status" -eq 77 ]
  [[ $output == *'NETWORK=bridge was asked for, but uid 1000 may not; add --user 0 --cap-add NET_ADMIN --device /dev/net/tun'* ]]
  run docker run --rm --cap-add NET_ADMIN --device /dev/net/tun --network none -e NETWORK=bridge "$image"
  [ "$status" -eq 77 ]
  [[ $output == *'is on no network'* ]]
}

# bats test_tags=long
@test "CIDR is where the guest is behind nat and user, and what the container has itself is refused" {
  start inner --network "$name" -e CIDR=192.168.100 -e BOOT=direct
  wait_for inner ' ready: ' 240
  in_guest inner 'ip -4 -o address; ip route' >"$BATS_TEST_TMPDIR/inner"
  grep -qw '192.168.100.15/24' "$BATS_TEST_TMPDIR/inner"
  grep -qw 'via 192.168.100.2' "$BATS_TEST_TMPDIR/inner"
  docker rm -f "$name-inner" >/dev/null
  local own
  own=$(address two)
  run docker run --rm --network "$name" --cap-add NET_ADMIN --device /dev/net/tun -e NETWORK=nat -e CIDR="${own%.*}" "$image"
  [ "$status" -eq 64 ]
  [[ $output == *"CIDR is ${own%.*}, and the container is on a network with these addresses itself"* ]]
}

# bats test_tags=long
@test "on a macvlan network a bridged guest is a host of the outer network, as itself" {
  docker rm -f "$name-outer" >/dev/null
  start outer --network "$name-outer" --ip 192.168.77.231 -e NETWORK=bridge -e BOOT=direct
  wait_for outer ' ready: ' 240
  run ip netns exec "$name" ssh -n -i "$key" "${ssh_options[@]}" debian@192.168.77.231 'ping -c 1 -W 10 192.168.77.1 >/dev/null; ip -4 -o address'
  [ "$status" -eq 0 ]
  [[ $output == *' 192.168.77.231/24 '* ]]
}
