# shellcheck shell=bash
# Whether the guest runs on KVM or under emulation.

accel=
accel_why=
tsc_khz= # how fast the clock of an emulated guest counts, where that is known

cpu_has_virtualization() {
  case $(uname -m) in
    x86_64) grep -qwE 'vmx|svm' /proc/cpuinfo ;;
    *) return 0 ;;
  esac
}

kvm_opens() {
  "${as_qemu[@]}" bash -c ': <>/dev/kvm' 2>/dev/null
}

# kvm_group: the group whose members may open /dev/kvm; fails where there is none.
kvm_group() {
  local mode group
  read -r mode group < <(stat -c '%a %g' /dev/kvm 2>/dev/null) || return 1
  (((8#$mode & 8#060) == 8#060 && group != 0)) && echo "$group"
}

kvm_words= # what QEMU says, where it cannot use KVM

# kvm_starts: whether QEMU runs processors like a guest's on KVM, or kvm_words. They stand
# still: a host whose KVM refuses a processor does so when it is made.
kvm_starts() {
  local -a qemu_arguments=()
  local accel=kvm status=0
  accel_arguments
  kvm_words=$(printf '%s\n' '{"execute":"qmp_capabilities"}' '{"execute":"quit"}' |
    "${as_qemu[@]}" timeout 20 qemu-system-x86_64 -nodefaults -no-user-config -display none -machine q35 \
      -smp "$CPU" -m 16 -S "${qemu_arguments[@]}" -qmp stdio 2>&1 >/dev/null) || status=$?
  ((status != 0)) || return 0
  kvm_words=$(tail -n 1 <<<"${kvm_words//[^[:print:]$'\n']/}")
  kvm_words=${kvm_words:-QEMU did not start within 20 s}
  return 1
}

# accel_detect: sets accel and accel_why by what this host can really do, as far as
# nothing has to be started for it.
accel_detect() {
  accel=tcg
  if [[ ! -e /dev/kvm ]]; then
    accel_why='there is no /dev/kvm in the container; pass it with --device /dev/kvm'
  elif ! cpu_has_virtualization; then
    accel_why='/dev/kvm is there, but the processor shows neither vmx nor svm; enable (nested) virtualization on the host'
  elif ! kvm_opens; then
    accel_why="/dev/kvm does not open for uid $qemu_uid; $(accel_advise)"
  else
    accel=kvm
    accel_why='/dev/kvm works'
  fi
}

accel_advise() {
  local group
  if group=$(kvm_group); then
    echo "add --group-add $group"
  else
    echo "its mode on the host is $(stat -c '%a, of uid %u and group %g' /dev/kvm): let a group read and write it, or everybody (chmod 666)"
  fi
}

# accel_try: the same, and QEMU has been started with it.
accel_try() {
  accel_detect
  if [[ $accel == kvm ]] && ! kvm_starts; then
    accel=tcg
    accel_why="KVM refuses: $kvm_words"
  fi
}

# accel_choose COMMAND: sets accel, and says why.
accel_choose() {
  if [[ $ACCEL == tcg ]]; then
    accel=tcg accel_why='asked for'
  else
    # A template must be of what its guests will have, and its maker has time to see.
    if [[ $1 == boot ]]; then accel_detect; else accel_try; fi
    [[ $ACCEL != kvm || $accel == kvm ]] || die accel-unavailable "ACCEL=kvm was asked for: $accel_why"
  fi
  accel_say
}

accel_say() {
  if [[ $accel == kvm ]]; then say accel "kvm: $accel_why"; else say accel "tcg, slow emulation: $accel_why"; fi
}

# accel_can_fall: whether QEMU has ended because KVM refuses what the guest is to have.
accel_can_fall() {
  [[ $accel == kvm && $ready == no && -z $stop_by ]] && ! kill -0 "$qemu_pid" 2>/dev/null && ! kvm_starts
}

# accel_fall: the guest is emulated from here on, where that may be.
accel_fall() {
  accel=tcg
  accel_why="KVM refuses: $kvm_words"
  [[ $ACCEL != kvm ]] || die accel-unavailable "ACCEL=kvm was asked for: $accel_why"
  accel_say
}

# accel_count_tsc: sets tsc_khz, once.
accel_count_tsc() {
  [[ $accel == tcg && -z $tsc_khz ]] || return 0
  tsc_khz=$("$here/tsc-khz" 2>/dev/null) || tsc_khz=
}

accel_arguments() {
  if [[ $accel == kvm ]]; then
    qemu_arguments+=(-accel kvm -cpu host)
  else
    # With a thread for each CPU, an instruction that one CPU changes while another
    # one translates it is read half old, half new: the Java VM changes the first
    # instruction of a method in that way, and crashes once in 180 starts
    # (docs/performance.md). 5-level page tables only make emulation slower.
    qemu_arguments+=(-accel "tcg,thread=$TCG_THREADS" -cpu "max,la57=off")
  fi
}

# probe: one line of JSON about this host, for people and for "virtainer doctor". "group"
# is the one whose members may open /dev/kvm, where this user may not.
probe() {
  user_choose 2>/dev/null
  accel_try
  local version memory_kb group=null
  version=$(qemu-system-x86_64 --version | sed -nE '1s/.*version ([0-9.]+).*/\1/p')
  memory_kb=$(awk '$1 == "MemAvailable:" { print $2 }' /proc/meminfo)
  if [[ -e /dev/kvm ]] && ! kvm_opens; then group=$(kvm_group) || group=null; fi
  jq -nc --arg accel "$accel" --arg why "$accel_why" --argjson group "$group" --arg arch "$(uname -m)" \
    --arg qemu "$version" --argjson cpus "$(nproc)" --argjson memory $((memory_kb / 1024)) \
    '{$accel, $why, kvm: ($accel == "kvm"), $group, $arch, $qemu, $cpus, memory_mb: $memory}'
}
