# shellcheck shell=bash
# How the guest reaches the network and is reached.
#
# user: QEMU is the router, and forwards a list of ports; no right is needed.
# nat:  this container's kernel is the router. All that comes to the container's
#       addresses is the guest's: every port of TCP and UDP, and ping.

network=                             # mode in force
network_prefix=10.0.2                # the guest's own network, a /24; QEMU's user network has the same
network_tap=guest                    # the router's side of the guest's cable
network_router_mac=52:55:0a:00:02:02 # of QEMU's user network, as the guest of a template knows it
probe_host=127.0.0.1                 # where the guest's sshd answers this container,
probe_port=40022                     # for readiness only
network_mtu=1500

network_choose() {
  local lack
  network=$NETWORK
  if [[ $network != user ]]; then
    lack=$(network_lack)
    if [[ $network == auto ]]; then
      if [[ -z $lack ]]; then network=nat; else network=user; fi
    elif [[ -n $lack ]]; then
      die rights "NETWORK=nat was asked for, but $lack"
    fi
  fi
  if [[ $network == nat ]]; then
    network_choose_prefix
    network_mtu=$(<"/sys/class/net/$(network_first)/mtu")
    probe_host=$network_prefix.15 probe_port=22
    say network "nat, all ports of $(network_addresses | paste -sd' ' -)"
  else
    say network "user, ports $PORTS${lack:+; nat is not possible: $lack}"
  fi
}

# network_lack: what keeps this container from being a router, if anything.
network_lack() {
  local cap_net_admin=12
  if ! has_capability $cap_net_admin; then
    if ((EUID == 0)); then
      echo 'the container may not; add --cap-add NET_ADMIN --device /dev/net/tun'
    else
      echo "uid $EUID may not; add --user 0 --cap-add NET_ADMIN --device /dev/net/tun"
    fi
  elif [[ ! -c /dev/net/tun ]]; then
    echo 'there is no /dev/net/tun in the container; add --device /dev/net/tun'
  elif [[ $(</proc/sys/net/ipv4/ip_forward) != 1 ]] && ! { echo 1 >/proc/sys/net/ipv4/ip_forward; } 2>/dev/null; then
    echo 'the container forwards no packets; add --sysctl net.ipv4.ip_forward=1'
  elif [[ -z $(network_addresses) ]]; then
    echo 'the container is on no network'
  fi
}

# network_addresses: the container's own.
network_addresses() {
  ip -4 -o address show scope global | awk -v tap="$network_tap" '$2 != tap { sub("/.*", "", $4); print $4 }'
}

# network_first: the container's interface that its first address is on.
network_first() {
  ip -4 -o address show scope global | awk -v tap="$network_tap" '$2 != tap { print $2; exit }'
}

# network_is_of_templates: whether the guest of a template finds here the network
# that it was saved in.
network_is_of_templates() {
  [[ $network == user || ($network_prefix == 10.0.2 && $network_mtu == 1500) ]]
}

# network_choose_prefix: one that no network of the container's overlaps.
network_choose_prefix() {
  local routes prefix
  routes=$(ip -4 route show | awk -v tap="$network_tap" '$1 != "default" && $0 !~ " dev " tap " " { print $1 }')
  for prefix in 10.0.2 192.168.226 172.30.226 10.226.226; do
    network_prefix=$prefix
    # shellcheck disable=SC2086
    if ! network_overlaps "$prefix.0/24" $routes; then return 0; fi
  done
}

# network_overlaps CIDR CIDR…: whether the first meets one of the others.
network_overlaps() {
  local one=$1 other a b length
  shift
  for other in "$@"; do
    length=${one#*/}
    [[ $other == */* ]] || other+=/32
    if ((${other#*/} < length)); then length=${other#*/}; fi
    a=$(network_number "${one%/*}") b=$(network_number "${other%/*}")
    if ((length == 0 || a >> (32 - length) == b >> (32 - length))); then return 0; fi
  done
  return 1
}

network_number() {
  local -a parts
  IFS=. read -r -a parts <<<"$1"
  echo $(((parts[0] << 24) + (parts[1] << 16) + (parts[2] << 8) + ${parts[3]:-0}))
}

# network_prepare: before QEMU starts.
network_prepare() {
  [[ $network == nat ]] || return 0
  local output
  if [[ ! -e /sys/class/net/$network_tap ]]; then
    # Some hosts keep it to root, and this container's has the same rights. The cable is
    # QEMU's alone all the same.
    chmod a+rw /dev/net/tun 2>/dev/null || :
    output=$(ip tuntap add dev "$network_tap" mode tap user "$qemu_uid" vnet_hdr 2>&1 &&
      ip link set "$network_tap" address "$network_router_mac" mtu "$network_mtu" up 2>&1 &&
      ip address add "$network_prefix.2/24" dev "$network_tap" 2>&1 &&
      ip address add "$network_prefix.3/32" dev "$network_tap" 2>&1) ||
      die rights "the guest's cable cannot be made: $output; may the container use /dev/net/tun?"
    network_serve
  fi
  network_rules
}

# network_serve: names for the guest, and its address when it asks for one.
network_serve() {
  dnsmasq --keep-in-foreground --conf-file=/dev/null --user=root --group=root --pid-file= --log-facility="$run/dnsmasq.log" \
    --interface="$network_tap" --except-interface=lo --bind-interfaces --no-hosts --no-ping \
    --dhcp-authoritative --dhcp-leasefile="$run/leases" \
    --dhcp-range="$network_prefix.15,$network_prefix.15,255.255.255.0,infinite" \
    --dhcp-option="option:router,$network_prefix.2" --dhcp-option="option:dns-server,$network_prefix.3" \
    </dev/null >/dev/null 2>"$run/dnsmasq.err" &
}

# network_rules [open]: the guest's packets leave as the container's; with "open",
# the container's are the guest's. One that comes from the guest itself must come
# back through here, so it gets another sender.
network_rules() {
  local port addresses output inner=()
  addresses=$(network_addresses | paste -sd, -)
  if [[ ${1-} == open ]]; then
    for port in $PORTS; do
      if [[ $port == *:* ]]; then inner+=("$(network_port_rule "$port")"); fi
    done
    inner+=("ip daddr @own dnat to $network_prefix.15")
  fi
  output=$(
    nft -f - 2>&1 <<END
table ip virtainers
delete table ip virtainers
table ip virtainers {
  set own { type ipv4_addr; elements = { $addresses } }
  chain in {
    type nat hook prerouting priority dstnat
$(printf '    %s\n' "${inner[@]}")
  }
  chain out {
    type nat hook postrouting priority srcnat
    ip saddr $network_prefix.0/24 oifname != "$network_tap" masquerade
    ip saddr $network_prefix.15 oifname "$network_tap" masquerade
  }
}
END
  ) || die rights "the kernel takes no rules for the guest's packets: ${output//$'\n'/ }"
}

# network_port_rule PORT: for one that is another number in the guest.
network_port_rule() {
  local protocol=tcp port=${1%/*}
  if [[ $1 == */* ]]; then protocol=${1##*/}; fi
  echo "ip daddr @own $protocol dport ${port%%:*} dnat to $network_prefix.15:${port##*:}"
}

# network_for_guest: address, gateway and name server.
network_for_guest() {
  printf 'address %s.15/24\ngateway %s.2\ndns %s.3\n' "$network_prefix" "$network_prefix" "$network_prefix"
}

network_arguments() {
  # QEMU 10.0 does not live through a reset once it was told to announce nothing.
  local device=virtio-net-pci,netdev=net,romfile=,guest_announce=off
  if [[ $network == nat ]]; then
    qemu_arguments+=(-netdev "tap,id=net,ifname=$network_tap,script=no,downscript=no")
    if [[ $rung == restore ]]; then
      # A template holds the state of QEMU's user network, which must have a place to go.
      qemu_arguments+=(-netdev "user,id=unused,restrict=on")
    else
      # The guest of a template was saved with a card that tells no MTU.
      device+=,host_mtu=$network_mtu
    fi
  else
    qemu_arguments+=(-netdev "user,id=net,hostfwd=tcp:127.0.0.1:$probe_port-:22")
  fi
  qemu_arguments+=(-device "$device")
}

# network_open: lets clients in, once the guest is ready; before that they get
# a refusal and not a silence.
network_open() {
  local port outer inner protocol
  if [[ $network == nat ]]; then
    network_rules open
    return
  fi
  for port in $PORTS; do
    protocol=tcp
    if [[ $port == */* ]]; then protocol=${port##*/}; fi
    port=${port%/*}
    outer=${port%%:*} inner=${port##*:}
    qmp_hmp "hostfwd_add net $protocol::$outer-:$inner"
    [[ -z $qmp_reply ]] || say warning "port $outer is not forwarded: $qmp_reply; allow low ports with --sysctl net.ipv4.ip_unprivileged_port_start=0, or choose one over 1023 in PORTS"
  done
}

# network_ssh_port: of the container, that leads to the guest's sshd.
network_ssh_port() {
  if [[ $network == nat ]]; then echo 22; else echo "${PORTS%%[ :]*}"; fi
}
