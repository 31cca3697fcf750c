# shellcheck shell=bash
# Talks with QEMU over its machine protocol, on a pair of pipes.

qmp_shutdown_reason=
qmp_version=   # of QEMU, as its greeting has it
qmp_migration= # how far saving or restoring is
qmp_reply=     # to the last qmp_ask, or the error that QEMU answered with

qmp_prepare() {
  rm -f "$run"/qmp.in "$run"/qmp.out "$run"/status.in "$run"/status.out
  mkfifo -m 600 "$run"/{qmp,status}.{in,out}
  give_to_qemu "$run"/{qmp,status}.{in,out}
  exec {qmp_in}<>"$run/qmp.in" {qmp_out}<>"$run/qmp.out" {status_out}<>"$run/status.out"
}

qmp_arguments() {
  qemu_arguments+=(
    -chardev "pipe,id=qmp,path=$run/qmp" -mon "chardev=qmp,mode=control"
    -qmp "unix:$run/qmp.sock,server=on,wait=off"
    -device virtio-serial-pci
    -chardev "pipe,id=status,path=$run/status" -device "virtserialport,chardev=status,name=org.virtainers.status"
    -chardev "socket,id=agent,path=$run/agent.sock,server=on,wait=off" -device "virtserialport,chardev=agent,name=org.qemu.guest_agent.0"
  )
}

qmp_send() {
  printf '%s\n' "$1" >&"$qmp_in"
}

# qmp_ask COMMAND [ARGUMENTS]: runs a command, sets qmp_reply; fails when QEMU
# says no, nothing, or is gone.
qmp_ask() {
  local line
  qmp_send "{\"execute\":\"$1\",\"id\":\"ask\",\"arguments\":${2:-{\}}}"
  qmp_reply='QEMU did not answer'
  while qmp_read line 10; do
    if [[ $line == *'"id": "ask"'* ]]; then
      qmp_reply=$line
      [[ $line == *'"return":'* ]]
      return
    fi
    qmp_event "$line"
  done
  return 1
}

# qmp_read NAME SECONDS: a line from QEMU; fails when the time is over or QEMU gone.
qmp_read() {
  local tries=$(($2 * 10))
  while ((tries-- > 0)); do
    if read_line "${1?}" "$qmp_out" 0.1; then return 0; fi
    kill -0 "$qemu_pid" 2>/dev/null || return 1
  done
  return 1
}

# qmp_migrated SECONDS: waits until saving or restoring the guest is through;
# fails, with qmp_reply, when QEMU refuses a command that was sent for it.
qmp_migrated() {
  local line end=$((SECONDS + $1))
  until [[ $qmp_migration == completed ]]; do
    [[ $qmp_migration != failed ]] && ((SECONDS < end)) || return 1
    if qmp_read line 1; then
      qmp_event "$line"
      if [[ $line == '{"error":'* ]]; then
        qmp_reply=$line
        return 1
      fi
    else
      kill -0 "$qemu_pid" 2>/dev/null || return 1
    fi
  done
}

# qmp_hmp COMMAND: runs a monitor command, sets qmp_reply to its answer, which is
# empty when all is well.
qmp_hmp() {
  if qmp_ask human-monitor-command "{\"command-line\":\"$1\"}"; then
    qmp_reply=${qmp_reply##*'"return": "'} qmp_reply=${qmp_reply%%'"'*}
    qmp_reply=${qmp_reply//\\[rn]/ }
  fi
}

# qmp_event LINE: keeps what an event says.
qmp_event() {
  [[ $qmp_shutdown_reason != no-space ]] || return 0
  case $1 in
    '{"QMP":'*) qmp_take_version "$1" ;;
    *'"event": "MIGRATION"'*'"status": "'*) qmp_migration=${1##*'"status": "'} qmp_migration=${qmp_migration%%'"'*} ;;
    *'"event": "SHUTDOWN"'*) qmp_shutdown_reason=${1##*'"reason": "'} qmp_shutdown_reason=${qmp_shutdown_reason%%'"'*} ;;
    *'"event": "GUEST_PANICKED"'*) qmp_shutdown_reason='guest-panic' ;;
    *'"event": "BLOCK_IO_ERROR"'*'"nospace": true'*)
      qmp_send '{"execute":"quit"}'
      qmp_shutdown_reason=no-space
      ;;
  esac
}

# qmp_take_version GREETING: sets qmp_version, such as "10.0.13 (Debian 1:10.0.13+ds-0+deb13u1)".
qmp_take_version() {
  [[ $1 =~ \"micro\":\ ([0-9]+),\ \"minor\":\ ([0-9]+),\ \"major\":\ ([0-9]+)\},\ \"package\":\ \"([^\"]*)\" ]] || return 0
  qmp_version="${BASH_REMATCH[3]}.${BASH_REMATCH[2]}.${BASH_REMATCH[1]} (${BASH_REMATCH[4]})"
}
