# shellcheck shell=bash
# Every environment variable that a virtainer takes: name, default, meaning.
# The one place where a variable exists; README's table is checked against it.

env_defaults() {
  RAM=${RAM:-1024}                                    # memory of the guest, in MB
  CPU=${CPU:-1}                                       # number of CPUs
  VM_NAME=${VM_NAME:-vm}                              # name of the machine, as the console command knows it
  OS_VARIANT=${OS_VARIANT:-}                          # accepted for compatibility; hardware is chosen by what the guest can do
  IMAGE=${IMAGE:-}                                    # disk image in the container to boot in place of its own guest (raw or qcow2; also as xz, gz or zst)
  IMAGE_URL=${IMAGE_URL:-}                            # address of such a disk image, http or https; fetched once
  IMAGE_CHECKSUM=${IMAGE_CHECKSUM:-}                  # sha256 or sha512 that the file of IMAGE or IMAGE_URL must have, or the address of a list with it
  IMAGE_CACHE=${IMAGE_CACHE:-/images}                 # folder where fetched and unpacked images are kept
  IMAGE_SPACE=${IMAGE_SPACE:-50G}                     # what all of them may take; the least recently used go first
  IMAGE_DIR=${IMAGE_DIR:-/mounted}                    # folder of the overlay with all that the guest wrote
  CLOUD_INIT_DISK=${CLOUD_INIT_DISK:-/cloud_init.iso} # where the generated NoCloud seed is written
  DISK_SIZE=${DISK_SIZE:-}                            # size of the guest's disk, such as 20G; never smaller than the image
  ACCEL=${ACCEL:-auto}                                # auto, kvm (or fail), tcg (emulation)
  TCG_THREADS=${TCG_THREADS:-single}                  # emulation: single (sound), multi (a thread for each CPU; programs that change their own code, such as Java, may crash)
  BOOT=${BOOT:-auto}                                  # auto (the fastest that works), restore (or fail), direct (no template), cold (no template, firmware and boot loader where the image has one, and cloud-init in every guest)
  SHARED_USER_DATA=${SHARED_USER_DATA:-}              # sha256 of user-data that is no secret and the same for many machines: they are restored from a memory template in which it was applied
  AGENT=${AGENT:-}                                    # sha256 of what sha256sum prints of an agent's files: memory templates in which it waits are better than others
  TEMPLATE_SPACE=${TEMPLATE_SPACE:-20G}               # what all memory templates of a host may take; the least recently used go first
  NETWORK=${NETWORK:-auto}                            # auto (the best that the container may), user (ports are forwarded, no rights needed), nat (every port, and ping; needs --cap-add NET_ADMIN --device /dev/net/tun), bridge (the guest has the container's own address; needs the same)
  CIDR=${CIDR:-}                                      # the guest's own network behind user and nat, as the first three numbers of a /24, such as 192.168.100; chosen so that it is none of the container's
  PORTS=${PORTS:-22}                                  # forwarded ports, such as "22 8080:80 53:53/udp" (container:guest)
  PROXY=${PROXY:-no}                                  # yes: the container's http_proxy, https_proxy, ftp_proxy and no_proxy are the guest's, too, in either case of letters
  TZ=${TZ:-}                                          # time zone of the guest, such as Europe/Berlin; without it the guest keeps its own, which is UTC
  STRICT=${STRICT:-no}                                # yes: an error of cloud-init ends the machine; no: it is a warning
  BOOT_TIMEOUT=${BOOT_TIMEOUT:-600}                   # seconds until SSH must answer
  STOP_TIMEOUT=${STOP_TIMEOUT:-8}                     # seconds that a guest has to power off
  EPHEMERAL=${EPHEMERAL:-no}                          # yes: nothing on the disk is kept, stop at once
  LEASE=${LEASE:-0}                                   # seconds without renewal after which the container ends; 0 is never
  PASSWORD=${PASSWORD:-}                              # password of the default user; without it there is none, unless nothing else lets anybody in: then one is made and logged
  VNC=${VNC:-off}                                     # on: the guest has a graphical screen, in a browser at port 6080 and for VNC viewers at port 5900
  VNC_PASSWORD=${VNC_PASSWORD:-}                      # password of the screen, of which VNC takes 8 characters; without it one is made and logged
}

env_looked=no

# env_look: once, a warning for a variable that this does not know and that is close to one.
env_look() {
  local names=' ' line name known
  [[ $env_looked == no ]] || return 0
  env_looked=yes
  while read -r line; do
    if [[ $line =~ ^([A-Z_]+)=\$\{ ]]; then names+="${BASH_REMATCH[1]} "; fi
  done < <(declare -f env_defaults)
  for name in $(compgen -e); do
    [[ $name =~ ^[A-Za-z_]+$ && $names != *" $name "* ]] || continue
    for known in $names; do
      if env_is_close "${name^^}" "$known"; then
        say warning "the variable $name is none of a virtainer's and does nothing; $known was meant?"
        break
      fi
    done
  done
}

# env_is_close NAME KNOWN: the same but for case or one letter, or what others call it.
env_is_close() {
  local head=0 tail=0 short=${#1} long=${#2}
  case $1=$2 in
    MEMORY=RAM | MEM=RAM | CORES=CPU | DISK=DISK_SIZE | NAME=VM_NAME | SSH_PORT=PORTS | TIMEOUT=BOOT_TIMEOUT) return 0 ;;
  esac
  if ((short > long)); then short=$long long=${#1}; fi
  ((long - short <= 1)) || return 1
  while ((head < short)) && [[ ${1:head:1} == "${2:head:1}" ]]; do ((++head)); done
  while ((tail < short - head)) && [[ ${1:${#1}-tail-1:1} == "${2:${#2}-tail-1:1}" ]]; do ((++tail)); done
  ((head + tail >= long - 1))
}

is_count() {
  [[ $1 =~ ^[0-9]{1,9}$ ]]
}

is_sha256() {
  [[ $1 =~ ^[0-9a-f]{64}$ ]]
}

is_one_of() {
  local value=$1 allowed
  shift
  for allowed in "$@"; do [[ $value != "$allowed" ]] || return 0; done
  return 1
}

env_check() {
  { is_count "$RAM" && ((10#$RAM >= 64)); } || die usage "RAM must be a number of MB, at least 64, and is \"$RAM\""
  { is_count "$CPU" && ((10#$CPU >= 1 && 10#$CPU <= 255)); } || die usage "CPU must be a number from 1 to 255, and is \"$CPU\""
  [[ $VM_NAME =~ ^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$ ]] || die usage "VM_NAME may have letters, digits, dot, dash and underscore, and is \"$VM_NAME\""
  [[ -z $DISK_SIZE || $DISK_SIZE =~ ^([0-9]{1,9}[KMG]?|[0-9]{1,6}T)$ ]] || die usage "DISK_SIZE must be a size such as 20G, and is \"$DISK_SIZE\""
  [[ -z $IMAGE_URL || $IMAGE_URL =~ ^https?://[^[:space:][:cntrl:]]+$ ]] || die usage "IMAGE_URL must begin with http:// or https://, and is \"$(fetch_shown "$IMAGE_URL")\""
  [[ -z $IMAGE_CHECKSUM || $IMAGE_CHECKSUM =~ ^([0-9A-Fa-f]{64}|[0-9A-Fa-f]{128}|https?://[^/[:space:][:cntrl:]]+/[^[:space:][:cntrl:]]*)$ ]] || die usage "IMAGE_CHECKSUM must be a sha256 or sha512 in hexadecimal digits, or the address of a list of such, and is \"$(fetch_shown "$IMAGE_CHECKSUM")\""
  is_one_of "$ACCEL" auto kvm tcg || die usage "ACCEL must be auto, kvm or tcg, and is \"$ACCEL\""
  is_one_of "$TCG_THREADS" single multi || die usage "TCG_THREADS must be single or multi, and is \"$TCG_THREADS\""
  is_one_of "$BOOT" auto restore direct cold || die usage "BOOT must be auto, restore, direct or cold, and is \"$BOOT\""
  [[ -z $SHARED_USER_DATA ]] || is_sha256 "$SHARED_USER_DATA" || die usage "SHARED_USER_DATA must be a sha256 in hexadecimal digits, and is \"$SHARED_USER_DATA\""
  [[ -z $AGENT ]] || is_sha256 "$AGENT" || die usage "AGENT must be a sha256 in hexadecimal digits, and is \"$AGENT\""
  for name in TEMPLATE_SPACE IMAGE_SPACE; do
    [[ ${!name} =~ ^[0-9]{1,6}[MGT]$ ]] || die usage "$name must be a size such as 20G, and is \"${!name}\""
  done
  is_one_of "$NETWORK" auto user nat bridge || die usage "NETWORK must be auto, user, nat or bridge, and is \"$NETWORK\""
  [[ -z $CIDR ]] || cidr_is_valid "$CIDR" || die usage "CIDR must be the first three numbers of a network, such as 192.168.100, and is \"$CIDR\""
  is_one_of "$PROXY" yes no || die usage "PROXY must be yes or no, and is \"$PROXY\"; addresses are given as http_proxy, https_proxy, ftp_proxy and no_proxy"
  is_one_of "$STRICT" yes no || die usage "STRICT must be yes or no, and is \"$STRICT\""
  is_one_of "$EPHEMERAL" yes no || die usage "EPHEMERAL must be yes or no, and is \"$EPHEMERAL\""
  local name
  for name in BOOT_TIMEOUT STOP_TIMEOUT LEASE; do
    is_count "${!name}" || die usage "$name must be a number of seconds, and is \"${!name}\""
  done
  # To bash, what begins with a zero is octal.
  for name in RAM CPU BOOT_TIMEOUT STOP_TIMEOUT LEASE; do printf -v "$name" %d "$((10#${!name}))"; done
  for name in IMAGE_DIR CLOUD_INIT_DISK; do
    # QEMU's options end with a comma.
    [[ ${!name} != *[,[:cntrl:]]* ]] || die usage "$name must be a path without a comma, and is \"${!name}\""
  done
  # Not shown, since it may be one.
  [[ $PASSWORD != *[[:cntrl:]]* ]] || die usage 'PASSWORD has a line break or another control character'
  is_one_of "$VNC" on off || die usage "VNC must be on or off, and is \"$VNC\""
  vnc_password_is_valid "$VNC_PASSWORD" || die usage 'VNC_PASSWORD has a character that is none of a US keyboard'
  local port
  # Else names of files would be taken for ports.
  [[ $PORTS != *[*?[\\]* ]] || die usage "PORTS has a character that is in no port, and is \"$PORTS\""
  for port in $PORTS; do
    port_is_valid "$port" || die usage "PORTS has \"$port\"; a port is N, CONTAINER:GUEST, or either with /udp"
    [[ $VNC == off || ${port%%[:/]*} != @(5900|6080) ]] || die usage "PORTS has \"$port\", which is the screen's with VNC=on; choose another"
  done
}

port_is_valid() {
  [[ $1 =~ ^([1-9][0-9]{0,4})(:([1-9][0-9]{0,4}))?(/(tcp|udp))?$ ]] || return 1
  local outer=${BASH_REMATCH[1]} inner=${BASH_REMATCH[3]:-${BASH_REMATCH[1]}}
  ((outer <= 65535 && inner <= 65535))
}

# cidr_is_valid CIDR: whether hosts can have addresses in that /24.
cidr_is_valid() {
  [[ $1 =~ ^([1-9][0-9]{0,2})\.(0|[1-9][0-9]{0,2})\.(0|[1-9][0-9]{0,2})(\.0/24)?$ ]] || return 1
  local first=${BASH_REMATCH[1]}
  ((first < 224 && first != 127 && BASH_REMATCH[2] <= 255 && BASH_REMATCH[3] <= 255))
}
