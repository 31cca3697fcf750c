# shellcheck shell=bash
# How the guest reaches the network and is reached.
#
# user: QEMU is the router, and forwards a list of ports; no right is needed.
# nat:  this container's kernel is the router. All that comes to the container's
#       addresses is the guest's: every port of TCP and UDP, and ping.
# bridge: the guest has the container's address, and its hardware address, which is
#       all that a macvlan network knows. Frames go between the container's interface
#       and the guest as they are, before this kernel looks at them.

network=                             # mode in force
network_prefix=10.0.2                # the guest's own network, a /24; QEMU's user network has the same
network_tap=guest                    # the router's side of the guest's cable
network_router_mac=52:55:0a:00:02:02 # of QEMU's user network, as the guest of a template knows it
probe_host=127.0.0.1                 # where the guest's sshd answers this container,
probe_port=40022                     # for readiness, and for join-ssh
network_mtu=1500
network_prefix6=fd76:6972:7461:226                # nat: the guest's own network of IPv6, a /64, where the container has any
network_guest6=$network_prefix6:5054:ff:fe12:3456 # what a guest makes of it and of its hardware address
network_ipv6=no                                   # yes: the container routes IPv6 for the guest, too
network_interface=                                # bridge: the container's, which becomes the guest's
network_address=                                  # its address, with the length of its prefix
network_gateway=                                  # its router, if it has one
network_mac=                                      # its hardware address
network_helper=169.254.226                        # bridge: where this container itself is, to the guest; a /24
network_own_ports=61440-65535                     # bridge: of the container's own packets; Linux takes none of them by itself

network_choose() {
  local lack
  network=$NETWORK
  if [[ $network != user ]]; then
    lack=$(network_lack)
    if [[ $network == auto ]]; then
      if [[ -z $lack ]]; then network=nat; else network=user; fi
    elif [[ -n $lack ]]; then
      die rights "NETWORK=$NETWORK was asked for, but $lack"
    fi
  fi
  case $network in
    nat)
      network_choose_prefix
      network_mtu=$(<"/sys/class/net/$(network_first)/mtu")
      probe_host=$network_prefix.15 probe_port=22
      network_choose_ipv6
      say network "nat, all ports of $(network_all_addresses | paste -sd' ' -)"
      ;;
    bridge) network_choose_interface ;;
    user)
      network_choose_prefix
      surroundings_least_mtu
      say network "user, ports $PORTS${lack:+; nat is not possible: $lack}"
      ;;
  esac
}

# network_choose_interface: the one that the guest shall have in place of the container.
network_choose_interface() {
  local others
  read -r network_interface network_address <<<"$(network_main)"
  network_gateway=$(ip -4 route show default dev "$network_interface" | sed -nE '1s/.*via ([0-9.]+).*/\1/p')
  network_mac=$(<"/sys/class/net/$network_interface/address")
  network_mtu=$(<"/sys/class/net/$network_interface/mtu")
  probe_host=${network_address%/*} probe_port=22
  say network "bridge, the guest has ${network_address%/*} of $network_interface"
  others=$(network_addresses | grep -vxF "${network_address%/*}" | paste -sd' ' - || :)
  [[ -z $others ]] || say warning "the guest has one network, so nobody answers at $others; NETWORK=nat leads all of them to it"
  [[ -z $CIDR ]] || say warning "CIDR is not used, since with NETWORK=bridge the guest has no network of its own"
  [[ $PORTS != *:* ]] || say warning "PORTS is not used, since with NETWORK=bridge every port is the guest's as it is"
}

# network_lack: what keeps this container from having a router or a bridge, if anything.
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
  elif [[ $NETWORK != bridge && $(</proc/sys/net/ipv4/ip_forward) != 1 ]] && ! { echo 1 >/proc/sys/net/ipv4/ip_forward; } 2>/dev/null; then
    echo 'the container forwards no packets; add --sysctl net.ipv4.ip_forward=1'
  elif [[ -z $(network_addresses) ]]; then
    echo 'the container is on no network'
  fi
}

# network_addresses: the container's own.
network_addresses() {
  ip -4 -o address show scope global | awk -v tap="$network_tap" '$2 != tap { sub("/.*", "", $4); print $4 }'
}

# network_addresses6: the same of IPv6.
network_addresses6() {
  ip -6 -o address show scope global | awk -v tap="$network_tap" '$2 != tap { sub("/.*", "", $4); print $4 }'
}

# network_all_addresses: that lead to the guest.
network_all_addresses() {
  network_addresses
  if [[ $network_ipv6 == yes ]]; then network_addresses6; fi
}

# network_choose_ipv6: whether the guest gets any, behind nat.
network_choose_ipv6() {
  local setting missing='' cap_net_raw=13
  [[ -n $(network_addresses6) ]] || return 0
  # Router advertisements are no UDP.
  has_capability $cap_net_raw || missing+=' --cap-add NET_RAW'
  for setting in all.forwarding=1 default.disable_ipv6=0; do
    network_has_setting "$setting" || missing+=" --sysctl net.ipv6.conf.$setting"
  done
  if [[ -z $missing ]]; then
    network_ipv6=yes
  else
    say warning "the guest has no IPv6, since the container does not route it; add$missing"
  fi
}

# network_has_setting NAME=VALUE: of IPv6, or makes it so where that is possible.
network_has_setting() {
  local name=${1%=*} file
  file=/proc/sys/net/ipv6/conf/${name/.//}
  [[ $(<"$file") == "${1#*=}" ]] || { echo "${1#*=}" >"$file"; } 2>/dev/null
}

# network_first: the container's interface that its first address is on.
network_first() {
  ip -4 -o address show scope global | awk -v tap="$network_tap" '$2 != tap { print $2; exit }'
}

# network_main: the container's interface that leads into the world, or else the first
# one, and its address.
network_main() {
  ip -4 -o address show scope global |
    awk -v tap="$network_tap" -v main="$(ip -4 route show default | sed -nE '1s/.* dev ([^ ]+).*/\1/p')" '
      $2 != tap && (!found || ($2 == main && found != main)) { found = $2; address = $4 }
      END { print found, address }'
}

# network_is_of_templates: whether the guest of a template finds here the network
# that it was saved in.
network_is_of_templates() {
  [[ $network != bridge && $network_prefix == 10.0.2 ]]
}

# network_of_guest: for people.
network_of_guest() {
  if [[ $network == bridge ]]; then
    echo "has ${network_address%/*}"
  else
    echo "is in $network_prefix.0/24"
  fi
}

# network_choose_prefix: the one that was asked for, or one that no network of the
# container's overlaps.
network_choose_prefix() {
  local routes prefix
  routes=$(ip -4 route show | awk -v tap="$network_tap" '$1 != "default" && $0 !~ " dev " tap " " { print $1 }')
  if [[ -n $CIDR ]]; then
    network_prefix=${CIDR%.0/24}
    # shellcheck disable=SC2086
    ! network_overlaps "$network_prefix.0/24" $routes ||
      die usage "CIDR is $CIDR, and the container is on a network with these addresses itself ($(paste -sd' ' - <<<"$routes")); choose another"
    return 0
  fi
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
  case $network in
    nat)
      if [[ ! -e /sys/class/net/$network_tap ]]; then
        network_make_tap "$network_prefix.2/24" "$network_prefix.3/32"
        network_announce_ipv6
        network_serve "${network_announced[@]}" --dhcp-range="$network_prefix.15,$network_prefix.15,255.255.255.0,infinite" \
          --dhcp-option="option:router,$network_prefix.2" --dhcp-option="option:dns-server,$network_prefix.3"
      fi
      network_rules
      ;;
    bridge)
      if [[ ! -e /sys/class/net/$network_tap ]]; then
        network_make_tap "$network_helper.3/24"
        network_step_aside
        network_join
        network_serve_address
      fi
      ;;
  esac
}

# network_make_tap ADDRESS…: the guest's cable, with the router's addresses.
network_make_tap() {
  local output address
  # Some hosts keep it to root, and this container's has the same rights. The cable is
  # QEMU's alone all the same.
  chmod a+rw /dev/net/tun 2>/dev/null || :
  output=$(ip tuntap add dev "$network_tap" mode tap user "$qemu_uid" vnet_hdr 2>&1 &&
    ip link set "$network_tap" address "$network_router_mac" mtu "$network_mtu" up 2>&1 &&
    for address in "$@"; do ip address add "$address" dev "$network_tap" 2>&1 || exit 1; done) ||
    die rights "the guest's cable cannot be made: $output; may the container use /dev/net/tun?"
}

# network_announce_ipv6: sets network_announced, so that the guest hears of its network. A
# restored guest does not ask, so it is told again and again.
network_announce_ipv6() {
  local output
  network_announced=()
  [[ $network_ipv6 == yes ]] || return 0
  output=$(ip address add "$network_prefix6::2/64" dev "$network_tap" nodad 2>&1) ||
    die rights "the guest's cable gets no address of IPv6: $output"
  network_announced=(--enable-ra --dhcp-range="$network_prefix6::,ra-only,64,infinite" --ra-param="$network_tap,10")
}

# network_serve OPTION…: names for the guest, and its address when it asks for one. Servers
# are asked in their order, as the container asks them: with Podman the second one knows no
# containers, and may be quicker to say so.
network_serve() {
  local output domains
  if ((${#surroundings_search[@]})); then
    printf -v domains ',%s' "${surroundings_search[@]}"
    set -- "$@" --dhcp-option="option:domain-search$domains"
  fi
  ((network_mtu == 1500)) || set -- "$@" --dhcp-option="option:mtu,$network_mtu"
  # In the background as soon as it serves.
  output=$(dnsmasq --conf-file=/dev/null --user=root --group=root --pid-file= --log-facility="$run/dnsmasq.log" \
    --interface="$network_tap" --except-interface=lo --bind-interfaces --no-hosts --no-ping --strict-order \
    --dhcp-authoritative --dhcp-leasefile="$run/leases" "$@" 2>&1 </dev/null) ||
    die rights "the guest gets no names and no address: ${output//$'\n'/ }; allow low ports with --cap-add NET_BIND_SERVICE or --sysctl net.ipv4.ip_unprivileged_port_start=0"
}

# network_step_aside: to this kernel the container's address becomes the guest's, and
# what it sends itself has another sender. The address stays on the interface, whose
# neighbours are asked for theirs in its name.
network_step_aside() {
  local output address=${network_address%/*} route words
  output=$(
    # Who sends from an address of the container's own is believed only where somebody
    # has added such a route.
    ip route add local "$network_helper.2" dev "$network_tap" 2>&1 &&
      ip route del local "$address" dev "$network_interface" table local 2>&1 &&
      ip route add "$address/32" dev "$network_tap" src "$network_helper.3" 2>&1 &&
      # The way to the router is one of them, and comes first.
      ip -4 route show dev "$network_interface" | sort -r | while read -r route; do
        read -ra words <<<"$(sed -E 's/ (proto|src) [^ ]+//g; s/ linkdown//' <<<"$route")"
        ip route replace "${words[@]}" dev "$network_interface" src "$network_helper.3" 2>&1 || exit 1
      done
  ) || die rights "the container cannot leave its address to the guest: $output"
}

# network_join: makes one cable of the container's and the guest's. ARP is for both, and
# so are names and addresses that the guest asks this container for; answers to the
# container's own packets are known by their port.
network_join() {
  local output
  output=$(
    nft -f - 2>&1 <<END
table ip virtainers {
  chain in {
    type nat hook prerouting priority dstnat
    $(vnc_rule "iifname $network_interface ip daddr ${network_address%/*}" "dnat to $network_helper.3")
  }
  chain out {
    type nat hook postrouting priority srcnat
    ip saddr $network_helper.3 oifname "$network_interface" ip protocol { tcp, udp } snat to ${network_address%/*}:$network_own_ports
  }
}
table netdev virtainers {
  chain arriving {
    type filter hook ingress device "$network_interface" priority 0
    meta protocol arp dup to "$network_tap"
    meta protocol arp accept
    ip daddr ${network_address%/*} meta l4proto { tcp, udp } th dport $network_own_ports accept
    $(vnc_rule "ip daddr ${network_address%/*}" accept)
    fwd to "$network_tap"
  }
  chain leaving {
    type filter hook ingress device "$network_tap" priority 0
    ip daddr $network_helper.0/24 meta pkttype set host accept
    arp daddr ip $network_helper.0/24 accept
    udp sport 68 udp dport 67 accept
    fwd to "$network_interface"
  }
}
END
  ) || die rights "the kernel takes no rules for the guest's packets: ${output//$'\n'/ }"
}

# network_serve_address: the container's to the guest, when it asks for one.
network_serve_address() {
  local address=${network_address%/*} mask routes=$network_helper.0/24,0.0.0.0
  mask=$(network_dotted $((0xffffffff << (32 - ${network_address#*/}) & 0xffffffff)))
  if [[ -n $network_gateway ]]; then routes+=,0.0.0.0/0,$network_gateway; fi
  # An option without a value is not sent at all.
  network_serve --shared-network="$network_tap,$address" --dhcp-range="$address,$address,$mask,infinite" \
    --dhcp-option="option:router${network_gateway:+,$network_gateway}" \
    --dhcp-option="option:classless-static-route,$routes" --dhcp-option="option:dns-server,$network_helper.3"
}

network_dotted() {
  echo "$(($1 >> 24 & 255)).$(($1 >> 16 & 255)).$(($1 >> 8 & 255)).$(($1 & 255))"
}

# network_rules [open]: the guest's packets leave as the container's; with "open",
# the container's are the guest's. One that comes from the guest itself must come
# back through here, so it gets another sender.
network_rules() {
  network_rules_of ip "$(network_addresses | paste -sd, -)" "$network_prefix.0/24" "$network_prefix.15" "$network_prefix.15" "$@"
  if [[ $network_ipv6 == yes ]]; then
    network_rules_of ip6 "$(network_addresses6 | paste -sd, -)" "$network_prefix6::/64" "$network_guest6" "[$network_guest6]" "$@"
  fi
}

# network_rules_of FAMILY ADDRESSES SUBNET GUEST GUEST_BEFORE_A_PORT [open]
network_rules_of() {
  local family=$1 addresses=$2 subnet=$3 one=$4 before_port=$5 port output inner=()
  if [[ ${6-} == open ]]; then
    inner+=("$(vnc_rule "$family daddr @own" accept)")
    for port in $PORTS; do
      if [[ $port == *:* ]]; then inner+=("$family daddr @own $(network_port_rule "$port" "$before_port")"); fi
    done
    inner+=("$family daddr @own dnat to $one")
  fi
  output=$(
    nft -f - 2>&1 <<END
table $family virtainers
delete table $family virtainers
table $family virtainers {
  set own { typeof $family daddr; elements = { $addresses } }
  chain in {
    type nat hook prerouting priority dstnat
$(printf '    %s\n' "${inner[@]}")
  }
  chain out {
    type nat hook postrouting priority srcnat
    $family saddr $subnet oifname != "$network_tap" masquerade
    $family saddr $one oifname "$network_tap" masquerade
  }
}
END
  ) || die rights "the kernel takes no rules for the guest's packets: ${output//$'\n'/ }"
}

# network_port_rule PORT GUEST: for one that is another number in the guest.
network_port_rule() {
  local protocol=tcp port=${1%/*}
  if [[ $1 == */* ]]; then protocol=${1##*/}; fi
  echo "$protocol dport ${port%%:*} dnat to $2:${port##*:}"
}

# network_for_guest: address, gateway and name server.
network_for_guest() {
  if [[ $network == bridge ]]; then
    network_taken_for_guest
    return
  fi
  printf 'address %s.15/24\ngateway %s.2\ndns %s.3\n' "$network_prefix" "$network_prefix" "$network_prefix"
}

# network_taken_for_guest: what was the container's, IPv6 included. The way to this
# container is no other's.
network_taken_for_guest() {
  printf 'address %s\n' "$network_address" "$network_helper.15/24"
  ip -6 -o address show dev "$network_interface" scope global | awk '{ print "address", $4 }'
  [[ -z $network_gateway ]] || printf 'gateway %s\n' "$network_gateway"
  ip -6 route show default dev "$network_interface" | sed -nE '1s/.*via ([0-9a-f:]+).*/gateway \1/p'
  printf 'dns %s\n' "$network_helper.3"
}

network_arguments() {
  # QEMU 10.0 does not live through a reset once it was told to announce nothing.
  local device=virtio-net-pci,netdev=net,romfile=,guest_announce=off domain user
  if [[ $network == nat ]]; then
    network_arguments_of_tap
    if [[ $rung == restore ]]; then
      # A template holds the state of QEMU's user network, which must have a place to go.
      qemu_arguments+=(-netdev "user,id=unused,restrict=on")
    else
      # The guest of a template was saved with a card that tells no MTU; it sets its own.
      device+=,host_mtu=$network_mtu
    fi
  elif [[ $network == bridge ]]; then
    network_arguments_of_tap
    device+=,mac=$network_mac,host_mtu=$network_mtu
  else
    user=user,id=net,net=$network_prefix.0/24,host=$network_prefix.2,dns=$network_prefix.3,dhcpstart=$network_prefix.15
    if [[ $making == no ]]; then
      for domain in "${surroundings_search[@]}"; do user+=,dnssearch=$domain; done
      if [[ $rung != restore ]] && ((network_mtu < 1500)); then device+=,host_mtu=$network_mtu; fi
    fi
    qemu_arguments+=(-netdev "$user,hostfwd=tcp:127.0.0.1:$probe_port-:22")
  fi
  qemu_arguments+=(-device "$device")
}

network_arguments_of_tap() {
  qemu_arguments+=(-netdev "tap,id=net,ifname=$network_tap,script=no,downscript=no")
}

# network_open: lets clients in, once the guest is ready; before that they get
# a refusal and not a silence.
network_open() {
  local port outer inner protocol
  if [[ $network == nat ]]; then network_rules open; fi
  if [[ $network != user ]]; then return 0; fi
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
  if [[ $network == user ]]; then echo "${PORTS%%[ :]*}"; else echo 22; fi
}
