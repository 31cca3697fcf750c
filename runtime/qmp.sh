# shellcheck shell=bash
# Talks with QEMU over its machine protocol, on a pair of pipes.

qmp_shutdown_reason=

qmp_prepare() {
  rm -f "$run"/qmp.in "$run"/qmp.out "$run"/status.in "$run"/status.out
  mkfifo -m 600 "$run"/{qmp,status}.{in,out}
  give_to_qemu "$run"/{qmp,status}.{in,out}
  exec {qmp_in}<>"$run/qmp.in" {qmp_out}<>"$run/qmp.out" {status_out}<>"$run/status.out"
}

qmp_arguments() {
  qemu_arguments+=(
    -chardev "pipe,id=qmp,path=$run/qmp" -mon chardev=qmp,mode=control
    -qmp "unix:$run/qmp.sock,server=on,wait=off"
    -device virtio-serial-pci
    -chardev "pipe,id=status,path=$run/status" -device virtserialport,chardev=status,name=org.virtainers.status
    -chardev "socket,id=agent,path=$run/agent.sock,server=on,wait=off" -device virtserialport,chardev=agent,name=org.qemu.guest_agent.0
  )
}

qmp_send() {
  printf '%s\n' "$1" >&"$qmp_in"
}

# qmp_hmp COMMAND: runs a monitor command, prints its answer, empty when all is well.
qmp_hmp() {
  local line
  qmp_send "{\"execute\":\"human-monitor-command\",\"id\":\"hmp\",\"arguments\":{\"command-line\":\"$1\"}}"
  while IFS= read -r -t 5 -u "$qmp_out" line; do
    if [[ $line == *'"id": "hmp"'* ]]; then
      sed -nE 's/.*"return": "([^"]*)".*/\1/p' <<<"$line" | sed 's/\\[rn]/ /g'
      return
    fi
  done
  echo 'QEMU did not answer'
}

# qmp_event LINE: keeps what an event says.
qmp_event() {
  [[ $qmp_shutdown_reason != no-space ]] || return 0
  case $1 in
    *'"event": "SHUTDOWN"'*) qmp_shutdown_reason=$(sed -nE 's/.*"reason": "([a-z-]+)".*/\1/p' <<<"$1") ;;
    *'"event": "GUEST_PANICKED"'*) qmp_shutdown_reason=guest-panic ;;
    *'"event": "BLOCK_IO_ERROR"'*'"nospace": true'*)
      qmp_send '{"execute":"quit"}'
      qmp_shutdown_reason=no-space
      ;;
  esac
}
