# shellcheck shell=bash
# How the guest reaches the network and is reached.

network=         # mode in force
probe_port=40022 # loopback port that leads to the guest's sshd, for readiness only

network_choose() {
  network=user
  say network "$network, ports $PORTS"
}

# network_for_guest: address, gateway and name server of QEMU's user network
# (docs/system/devices/net.rst of QEMU).
network_for_guest() {
  printf 'address 10.0.2.15/24\ngateway 10.0.2.2\ndns 10.0.2.3\n'
}

network_arguments() {
  qemu_arguments+=(
    -netdev "user,id=net,hostfwd=tcp:127.0.0.1:$probe_port-:22"
    -device "virtio-net-pci,netdev=net,romfile="
  )
}

# network_open: lets clients in, once the guest is ready; before that they get
# a refusal and not a silence.
network_open() {
  local port outer inner protocol
  for port in $PORTS; do
    protocol=tcp
    if [[ $port == */* ]]; then protocol=${port##*/}; fi
    port=${port%/*}
    outer=${port%%:*} inner=${port##*:}
    qmp_hmp "hostfwd_add net $protocol::$outer-:$inner"
    [[ -z $qmp_reply ]] || say warning "port $outer is not forwarded: $qmp_reply; allow low ports with --sysctl net.ipv4.ip_unprivileged_port_start=0, or choose one over 1023 in PORTS"
  done
}
