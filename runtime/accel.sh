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

# accel_detect: sets accel and accel_why by what this host can really do.
accel_detect() {
  accel=tcg
  if [[ ! -e /dev/kvm ]]; then
    accel_why='there is no /dev/kvm in the container; pass it with --device /dev/kvm'
  elif ! cpu_has_virtualization; then
    accel_why='/dev/kvm is there, but the processor shows neither vmx nor svm; enable (nested) virtualization on the host'
  elif ! kvm_opens; then
    accel_why="/dev/kvm does not open for uid $qemu_uid; add --group-add $(stat -c %g /dev/kvm)"
  else
    accel=kvm
    accel_why='/dev/kvm works'
  fi
}

accel_choose() {
  if [[ $ACCEL == tcg ]]; then
    accel=tcg accel_why='asked for'
  else
    accel_detect
    [[ $ACCEL != kvm || $accel == kvm ]] || die accel-unavailable "ACCEL=kvm was asked for: $accel_why"
  fi
  if [[ $accel == kvm ]]; then say accel "kvm: $accel_why"; else say accel "tcg, slow emulation: $accel_why"; fi
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

# probe: one line of JSON about this host, for people and for "virtainer doctor".
probe() {
  user_choose 2>/dev/null
  accel_detect
  local version memory_kb
  version=$(qemu-system-x86_64 --version | sed -nE '1s/.*version ([0-9.]+).*/\1/p')
  memory_kb=$(awk '$1 == "MemAvailable:" { print $2 }' /proc/meminfo)
  printf '{"accel":"%s","why":"%s","kvm":%s,"arch":"%s","qemu":"%s","cpus":%d,"memory_mb":%d}\n' \
    "$accel" "$accel_why" "$([[ $accel == kvm ]] && echo true || echo false)" \
    "$(uname -m)" "$version" "$(nproc)" $((memory_kb / 1024))
}
