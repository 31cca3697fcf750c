# shellcheck shell=bash
# Memory templates: guests that were saved while they waited to be told who they
# are. docs/templates.md says what is on the volume and who may write there.

templates=/templates         # the volume
marks_volume=/template-marks # where runs without rights leave word of use and damage
template=                    # folder of the template that this guest is restored from
template_key=                # name of that folder: what makes a template valid
template_why=                # why there is none for this guest
template_missed=             # key of a better one, which was not to be had
template_parts=(ram state disk.qcow2)
restore_timeout=60 # seconds that a restored guest has to say that it is provisioned
making=no          # yes: this guest becomes a template

# --- which template fits -----------------------------------------------------

# template_find: sets template to one that fits and is whole, or template_why.
template_find() {
  template=
  if ! template_volume_is_there; then
    template_why='no volume is mounted on /templates'
  elif ! template_can_be; then
    template_why='the guest of this image does not wait to be restored'
  elif [[ $VNC == on ]]; then
    template_why='the guests of templates have no screen, and VNC=on'
  elif ! network_is_of_templates; then
    template_why="the guests of templates are in 10.0.2.0/24, and this one $(network_of_guest)"
  elif [[ -e $in/meta-data || -e $in/cloud_init.iso ]] || { [[ -e $in/user-data ]] && ! seed_is_shared; }; then
    template_why='cloud-init applies user-data while the guest boots'
  elif [[ -e $IMAGE_DIR/local_image.qcow2 ]]; then
    template_why="$IMAGE_DIR holds the disk of an earlier run"
  elif [[ $boot == firmware && (-n $PASSWORD || ! -s $in/id_rsa.pub) ]]; then
    template_why='cloud-init sets the password of a guest that is not prepared, while it boots'
  else
    [[ -z $AGENT ]] || template_agent_can_wait || template_do_without_agent 'no agent can wait in the guests of this image'
    if template_take; then return 0; fi
    [[ -n $AGENT ]] || return 1
    template_missed=$template_key
    template_do_without_agent "$template_why"
    template_take && return 0
  fi
  return 1
}

# template_do_without_agent REASON: a template of the plain guest is the next best one.
template_do_without_agent() {
  say agent "does not wait in this guest: $1"
  AGENT=
}

# template_take: sets template to the one of the key that this guest has, or template_why.
template_take() {
  template_compute_key
  if template_why=$(template_mark_read "$template_key.never"); then
    template_why="the guest of this image cannot be saved: $template_why"
    template_key=
  elif [[ ! -e $templates/$template_key ]]; then
    template_why="there is no template $template_key yet"
  elif template_is_set_aside "$template_key"; then
    template_why="template $template_key was set aside"
  elif ! template_clock_fits "$templates/$template_key"; then
    template_why="template $template_key is of a host whose clock counts at $(<"$templates/$template_key/tsc-khz") kHz, and this one's at $tsc_khz kHz"
  elif ! template_is_whole "$templates/$template_key"; then
    template_why="template $template_key is damaged"
    template_set_aside 'it is not what was saved'
  else
    template=$templates/$template_key
    template_used
    return 0
  fi
  return 1
}

# template_clock_fits FOLDER: whether its guest, restored here, counts seconds of the
# right length, by half a percent.
template_clock_fits() {
  local saved
  [[ -n $tsc_khz ]] && read -r saved 2>/dev/null <"$1/tsc-khz" && is_count "$saved" || return 0
  (((saved > tsc_khz ? saved - tsc_khz : tsc_khz - saved) * 200 <= tsc_khz))
}

# template_volume_is_there: the folder itself is in every image.
template_volume_is_there() {
  [[ $(</proc/self/mountinfo) == *" $templates "* ]]
}

# template_can_be: whether the guest of this image waits to be restored when told. One
# that is not prepared has cloud-init tell it; whether it can is seen when it is saved.
template_can_be() {
  [[ $boot == firmware ]] ||
    [[ ! -e $guest/layers && $(guest_says GUEST_TEMPLATE) == yes ]]
}

# template_agent_can_wait: whether the guest of this image has what keeps a program.
template_agent_can_wait() {
  if [[ $boot == firmware ]]; then
    [[ -r $agent_disk ]]
  else
    [[ $(guest_says GUEST_AGENT) == yes ]]
  fi
}

# template_compute_key: sets template_key by everything that must be the same
# when a guest is saved and when it is restored.
template_compute_key() {
  local digest
  if [[ $boot == firmware ]]; then disk_identify_base; else accel_count_tsc; fi
  digest=$(template_key_material | sha256sum)
  template_key=${digest:0:32}
}

template_key_material() {
  local -a qemu_arguments
  local console_out=0 rung=restore template='' i
  boot_arguments
  echo 'templates of format 1'
  # What differs between runs and is nothing to the guest is left out.
  for ((i = 0; i < ${#qemu_arguments[@]}; i++)); do
    case ${qemu_arguments[i]} in
      -name | -add-fd | -drive | -fw_cfg | -netdev | -object | -incoming) i=$((i + 1)) ;;
      # Never twice the same; template_clock_fits compares it.
      *tsc_early_khz=*) printf '%s\n' "${qemu_arguments[i]/tsc_early_khz=$tsc_khz/}" ;;
      *) printf '%s\n' "${qemu_arguments[i]}" ;;
    esac
  done
  stat -L -c '%n %s %Y' /usr/bin/qemu-system-x86_64
  if [[ $boot == direct ]]; then
    # It names disk, kernel and initrd by their sha256; who makes the template holds it to that.
    cat "$guest/guest.env"
  else
    echo "$base_id $(to_bytes "${DISK_SIZE:-0}")"
    cat "$here"/{foreign-guest,take-surroundings}
  fi
  cat "$here"/entrypoint "$here"/*.sh
  agent_identity
  if seed_is_shared; then echo "user-data $SHARED_USER_DATA"; fi
  if [[ -n $AGENT ]]; then echo "agent $AGENT"; fi
  template_processor
  if [[ $accel == kvm ]]; then template_kvm; fi
}

# template_kvm: a guest's state has what its kernel and KVM made of the processor, which
# a migration does not carry.
template_kvm() {
  uname -r
  "${as_qemu[@]}" grep -Hs . /sys/module/kvm/parameters/* /sys/module/kvm_*/parameters/* || :
}

# template_processor: the host's first one.
template_processor() {
  local line
  while IFS= read -r line && [[ -n $line ]]; do
    case $line in
      'model name'* | stepping* | microcode* | flags*) echo "$line" ;;
    esac
  done </proc/cpuinfo
}

# template_seal FOLDER: what shows, without reading them, that files are the same
# as before; any write changes it.
template_seal() {
  (cd "$1" && stat -c '%n %i %s %.9Y %.9Z' "${template_parts[@]}") 2>/dev/null
}

# template_is_whole FOLDER: by its seal; all of it is read again when the seal
# is another (the volume was copied) or the host has booted since.
template_is_whole() {
  local key=${1##*/} boot_id now
  read -r boot_id </proc/sys/kernel/random/boot_id
  now=$boot_id$'\n'$(template_seal "$1") || return 1
  [[ ! -e $1/seal || $now != "$(<"$1/seal")" ]] || return 0
  [[ $now != "$(template_mark_read "$key.seal")" ]] || return 0
  (cd "$1" && sha256sum --quiet -c sums) >/dev/null 2>&1 || return 1
  template_mark "$key.seal" "$now"
}

# --- marks: what runs without rights leave behind ------------------------------

# Marks say when a template was used last, that it was of no use, and that it was
# read whole. A forged one costs time; it cannot make a guest run other memory.

# template_mark NAME TEXT: writes one, if there is a place for it.
template_mark() {
  local folder
  if [[ -w $templates && ! -e $templates/marks ]]; then
    mkdir -m 777 "$templates/marks" 2>/dev/null || :
  fi
  for folder in "$templates/marks" "$marks_volume"; do
    if [[ -w $folder ]] && printf '%s\n' "$2" 2>/dev/null >"$folder/$1"; then return 0; fi
  done
  return 1
}

# template_mark_read NAME: what the newest of that name says.
template_mark_read() {
  local folder
  for folder in "$templates/marks" "$marks_volume"; do
    if [[ -e $folder/$1 ]]; then
      # Whoever runs without rights may have written it.
      head -c 4096 "$folder/$1" | tr -d '\0'
      return
    fi
  done
  return 1
}

template_used() {
  template_mark "$template_key.used" "${EPOCHREALTIME%[.,]*}" || :
}

template_is_set_aside() {
  [[ -e $templates/marks/$1.bad || -e $marks_volume/$1.bad ]]
}

# template_set_aside REASON: nobody uses this template again; who makes the next
# one removes it.
template_set_aside() {
  template_mark "$template_key.bad" "$1" ||
    say warning "template $template_key cannot be set aside, since $templates is read-only here; remove it with: virtainer templates rm $template_key"
}

# template_wish: tells whoever started this container which template would have
# been of use.
template_wish() {
  local key=${template_missed:-$template_key}
  [[ -z $key ]] || say template "wanted $key"
}

# --- restoring ---------------------------------------------------------------

template_memory() {
  local options=$1
  qemu_arguments+=(
    -object "memory-backend-file,id=memory,size=${RAM}M,$options"
    -machine memory-backend=memory
  )
}

template_arguments() {
  if [[ $making == yes ]]; then
    template_memory "mem-path=$IMAGE_DIR/ram,share=on"
  elif [[ $rung == restore ]]; then
    # Pages are shared by all guests until one writes to them.
    template_memory "mem-path=$template/ram,share=off,readonly=on,rom=off"
    qemu_arguments+=(-incoming defer)
  fi
}

template_capabilities='{"capabilities":[{"capability":"x-ignore-shared","state":true},{"capability":"events","state":true}]}'

# template_restore: the guest runs and was told who it is; or template_why.
template_restore() {
  # A seed that is a disk QEMU opens at once.
  if [[ $boot == firmware ]] || seed_is_shared; then seed_prepare; fi
  boot_start
  qmp_send "{\"execute\":\"migrate-set-capabilities\",\"arguments\":$template_capabilities}"
  # No switch has to learn where this guest is.
  qmp_send '{"execute":"migrate-set-parameters","arguments":{"announce-rounds":0}}'
  qmp_send "{\"execute\":\"migrate-incoming\",\"arguments\":{\"uri\":\"file:$template/state\"}}"
  # While QEMU starts:
  if [[ $boot == direct ]] && ! seed_is_shared; then seed_prepare; fi
  if ! qmp_migrated 20; then
    template_why="QEMU does not load the template: $qmp_reply $(tail -n 1 "$run/qemu.log")"
    return 1
  fi
  if [[ $qmp_version != "$(<"$template/qemu")" ]]; then
    template_why="the template is of QEMU $(<"$template/qemu"), and this is $qmp_version"
    return 1
  fi
  say restored 'the memory is loaded'
  if ((disk_bytes > template_disk_bytes)); then
    qmp_ask block_resize "{\"device\":\"disk\",\"size\":$disk_bytes}" || return 1
  fi
  template_tell_identity
}

# template_tell_identity: the one message that makes a restored guest its own;
# images/guest/become-own.c takes it, or runtime/foreign-guest. Builtins alone, since
# somebody waits.
template_tell_identity() {
  local LC_ALL=C seed machine_id boot_id name field length=0
  template_random seed 16
  template_random machine_id 4
  template_random boot_id 4
  boot_id=${boot_id:0:8}-${boot_id:8:4}-4${boot_id:13:3}-a${boot_id:17:3}-${boot_id:20}
  local -a fields=("${EPOCHREALTIME/,/.}" "$seed" machine-id "$machine_id"$'\n' boot-id "$boot_id"$'\n')
  for name in "${!identity_files[@]}"; do
    fields+=("$name" "${identity_files[$name]}")
  done
  for field in "${fields[@]}"; do
    length=$((length + ${#field} + 1))
  done
  # In the background: the guest takes it when it can.
  {
    printf '%d\n' "$length"
    printf '%s\0' "${fields[@]}"
  } >"$run/status.in" &
}

# template_random NAME N: as many hexadecimal words that nobody can guess.
template_random() {
  local -n template_random_words=$1
  local i
  template_random_words=
  for ((i = 0; i < $2; i++)); do
    printf -v template_random_words '%s%08x' "$template_random_words" "$SRANDOM"
  done
}

# --- making ------------------------------------------------------------------

# warm [KEY]: makes the template of this guest, unless it is there; of no other than KEY, if
# somebody lacks that. Two processes: one that runs the guest, as QEMU's user, and this one
# that publishes what it saved and whose files on the volume QEMU's user cannot write to.
warm() {
  local wanted=${1-}
  { template_volume_is_there && [[ -w $templates ]]; } ||
    die rights "a template can only be made where $templates is a volume that uid $EUID may write to: docker run --rm -v virtainers-templates:/templates IMAGE warm"
  template_can_be || die usage 'the guest of this image does not wait to be restored; it has no templates'
  [[ -z $AGENT ]] || template_check_agent
  template_compute_key
  if [[ -n $wanted && $wanted != "$template_key" ]]; then
    template_refuse "$wanted" 'its image was built for another runtime than the one that makes templates here; build it again with images/build'
  fi
  template_lock
  if [[ -e $templates/$template_key ]] && ! template_is_set_aside "$template_key" &&
    template_clock_fits "$templates/$template_key" && template_is_whole "$templates/$template_key"; then
    say template "$template_key is there"
    return 0
  fi
  # Another maker has just learnt it.
  if [[ $template_lock_waited == yes ]] && template_why=$(template_mark_read "$template_key.never"); then
    die guest-failed "the guest cannot be saved: $template_why"
  fi
  template_verify
  template_remove "$template_key"
  local status=0
  "${as_qemu[@]}" "$here/entrypoint" save || status=$?
  if [[ -s $IMAGE_DIR/never ]]; then template_mark "$template_key.never" "$(<"$IMAGE_DIR/never")" || :; fi
  ((status == 0)) || exit "$status"
  template_publish
}

# template_refuse KEY REASON: no run asks for it again.
template_refuse() {
  [[ ! $1 =~ ^[0-9a-f]{32}$ ]] || template_mark "$1.never" "$2" || :
  die guest-failed "the guest cannot be saved: $2"
}

# template_verify: whether the guest is what its template's key says. Others are restored from
# it, and what an image says of itself may be a lie.
template_verify() {
  local name
  case $base in
    "$guest"/*)
      for name in disk.qcow2=GUEST_DISK vmlinuz=GUEST_KERNEL initrd=GUEST_INITRD; do
        if [[ $boot == direct || $name == disk.* ]]; then template_verify_file "$guest/${name%=*}" "$(guest_says "${name#*=}")"; fi
      done
      ;;
    "$IMAGE_CACHE"/*) template_verify_file "$base" "${base##*/}" ;;
  esac
}

# template_verify_file FILE SHA256: a lie is nobody's template, and leaves no mark on one.
template_verify_file() {
  local sum
  [[ -f $1 && ! -L $1 ]] || die image-corrupt "$1 is not a file"
  [[ -n $2 ]] || template_refuse "$template_key" "its image does not say what ${1##*/} is; build it again with images/build"
  sum=$(sha256sum <"$1")
  [[ ${sum%% *} == "$2" ]] || die image-corrupt "the image says that the sha256 of ${1##*/} is $2, and it is ${sum%% *}"
}

# template_check_agent: the files that the caller brought for a template with an agent.
template_check_agent() {
  local digest
  template_agent_can_wait || die usage 'no agent can wait in the guests of this image; leave AGENT out'
  [[ -s $in/agent/start ]] || die usage "AGENT is given, and there is no $in/agent/start"
  read -r digest _ < <(cd "$in/agent" && LC_ALL=C && sha256sum -- * | sha256sum)
  [[ $digest == "$AGENT" ]] || die usage "AGENT is \"$AGENT\", and the files in $in/agent are $digest"
}

# save: boots the guest and saves it in IMAGE_DIR.
save() {
  making=yes
  # A prepared guest's disk grows when it is restored; its template is for all sizes.
  if [[ $boot == direct ]]; then DISK_SIZE=; fi
  template_compute_key
  rm -f "$IMAGE_DIR"/{local_image.qcow2,ram,state,never}
  ladder_choose_boot
  ladder_climb
  template_await_guest
  template_save
}

# template_lock: one maker of a template at a time; who comes second finds it made, or
# that it cannot be. Sets template_lock_waited.
template_lock() {
  template_lock_waited=no
  (umask 022 && mkdir -p "$templates/locks")
  exec {template_lock_fd}>"$templates/locks/$template_key"
  flock -n "$template_lock_fd" || {
    template_lock_waited=yes
    say template "$template_key is being made by another container; waiting for it"
    flock -w "$((BOOT_TIMEOUT + 300))" "$template_lock_fd" || die not-ready "another container did not come to an end with template $template_key"
  }
}

template_await_guest() {
  local line end=$((SECONDS + BOOT_TIMEOUT))
  while kill -0 "$qemu_pid" 2>/dev/null; do
    [[ -z $stop_by ]] || die_with_guest not-ready 'stopped while the template was being made'
    if read_line line "$status_out" 0.2; then
      case ${line//[^[:print:]]/} in
        waiting) return 0 ;;
        agent) template_send_agent ;;
        'failed template: '*) template_never "${line#failed template: }" ;;
        *) ready_note "$line" ;;
      esac
    fi
    while read_line line "$qmp_out" 0.001; do qmp_event "$line"; done
    kernel_deadline
    ((SECONDS < end)) || die_with_guest not-ready "the guest did not come to the point where it is saved within BOOT_TIMEOUT=$BOOT_TIMEOUT s"
  done
  ladder_can_go_on || watch_end
  ladder_go_on
  template_await_guest
}

# template_send_agent: in the background, as the guest takes it.
template_send_agent() {
  cat "$run/agent.tar" >"$run/status.in" &
}

# template_never REASON: a guest that is not prepared says that it cannot be saved. No
# run asks for its template again.
template_never() {
  local reason=${1//[^[:print:]]/}
  printf '%s\n' "${reason:0:300}" >"$IMAGE_DIR/never"
  die_with_guest guest-failed "the guest cannot be saved: ${reason:0:300}"
}

# template_save: device state and disk; the memory is in its file already.
template_save() {
  say template "$template_key: the guest waits to be saved"
  # It has told so a moment before it blocks.
  sleep 1
  {
    qmp_ask migrate-set-capabilities "$template_capabilities" &&
      qmp_ask migrate "{\"uri\":\"file:$IMAGE_DIR/state\"}" &&
      qmp_migrated 120
  } || die_with_guest qemu-failed "the guest cannot be saved: $qmp_reply $(tail -n 3 "$run/qemu.log" | tr '\n' ' ')"
  qmp_send '{"execute":"quit"}'
  wait "$qemu_pid" 2>/dev/null || :
  mv "$overlay" "$IMAGE_DIR/disk.qcow2"
  printf '%s\n' "$qmp_version" >"$IMAGE_DIR/qemu"
  printf '%s\n' "$disk_bytes" >"$IMAGE_DIR/disk-bytes"
  printf '%s\n' "$tsc_khz" >"$IMAGE_DIR/tsc-khz"
  printf '%s\n' "${qemu_arguments[@]}" >"$IMAGE_DIR/arguments"
  chmod 644 "$IMAGE_DIR"/*
}

# template_publish: copies what was saved to the volume, complete or not at all.
# The copies are this process's: QEMU's user cannot write to them.
template_publish() {
  local new=$templates/.new-$template_key boot_id
  template_make_room
  template_delete "$new"
  if ! template_copy "$new"; then
    template_delete "$new"
    die disk-full "there is no room for the template in $templates"
  fi
  chmod 444 "$new"/*
  read -r boot_id </proc/sys/kernel/random/boot_id
  printf '%s\n' "$boot_id" "$(template_seal "$new")" >"$new/seal"
  chmod 444 "$new/seal"
  chmod 555 "$new"
  mv -T "$new" "$templates/$template_key"
  rm -f {"$templates/marks","$marks_volume"}/"$template_key.never" 2>/dev/null || :
  say template "$template_key is made, $(template_bytes "$templates/$template_key") bytes"
}

template_copy() {
  local new=$1 part
  mkdir "$new" || return 1
  for part in "${template_parts[@]}" qemu disk-bytes tsc-khz arguments; do
    cp --sparse=always "$IMAGE_DIR/$part" "$new/$part" || return 1
  done
  (cd "$new" && sha256sum "${template_parts[@]}" >sums) || return 1
  template_about >"$new/about" || return 1
  sync "$new"/* || return 1
}

# template_about: what "templates ls" shows of a template: system, CPUs, memory in
# MB, acceleration, QEMU, time when it was made.
template_about() {
  local os=''
  if [[ $base == "$guest"/* ]]; then os=$(guest_says GUEST_OS); fi
  if [[ -z $os ]]; then
    os=$(fetch_shown "${IMAGE_URL:-$IMAGE}")
    os=${os##*/}
  fi
  printf '%s\t%d\t%d\t%s\t%s\t%d\n' \
    "${os//[[:cntrl:]]/ }" "$CPU" "$RAM" "$accel" "$(<"$IMAGE_DIR/qemu")" "${EPOCHREALTIME%[.,]*}"
}

# --- the volume ----------------------------------------------------------------

template_keys() {
  local folder
  for folder in "$templates"/*/sums; do
    [[ -e $folder ]] || continue
    folder=${folder%/sums}
    echo "${folder##*/}"
  done
}

template_bytes() {
  local kb
  kb=$(du -sk "$1" 2>/dev/null | cut -f1)
  echo $((${kb:-0} * 1024))
}

# template_last_use KEY: seconds since the epoch.
template_last_use() {
  local newest=0 folder at
  for folder in "$templates/marks" "$marks_volume"; do
    if at=$(stat -c %Y "$folder/$1.used" 2>/dev/null) && ((at > newest)); then newest=$at; fi
  done
  ((newest > 0)) || newest=$(stat -c %Y "$templates/$1/sums")
  echo "$newest"
}

# template_make_room: removes the least recently used until another one fits.
template_make_room() {
  local bound needed used key
  bound=$(to_bytes "$TEMPLATE_SPACE")
  needed=$(template_bytes "$IMAGE_DIR")
  used=$(template_bytes "$templates")
  while read -r _ key && ((used + needed > bound)); do
    used=$((used - $(template_bytes "$templates/$key")))
    template_remove "$key"
    say template "$key is evicted"
  done < <(template_keys | while read -r key; do echo "$(template_last_use "$key") $key"; done | sort -n)
}

template_delete() {
  [[ -e $1 ]] || return 0
  chmod -R u+w "$1"
  rm -rf "$1"
}

# template_remove KEY: with its marks, but for the one of what cannot be made, which holds until
# somebody makes it. Renamed first, so that nobody finds half of it.
template_remove() {
  if [[ -e $templates/$1 ]]; then
    template_delete "$templates/.old-$1"
    mv -T "$templates/$1" "$templates/.old-$1"
    template_delete "$templates/.old-$1"
  fi
  rm -f {"$templates/marks","$marks_volume"}/"$1".{used,bad,seal} 2>/dev/null || :
}

# templates_command ls | rm KEY…: a line for each template, of what "about" holds
# between the key and last use, bytes, and why it was set aside.
templates_command() {
  local key bad
  template_volume_is_there || die usage "no volume is mounted on $templates"
  case ${1-} in
    ls)
      for key in $(template_keys); do
        as_line bad "$(template_mark_read "$key.bad" || :)"
        printf '%s\t%s\t%d\t%d\t%s\n' "$key" "$(<"$templates/$key/about")" \
          "$(template_last_use "$key")" "$(template_bytes "$templates/$key")" "$bad"
      done
      ;;
    rm)
      shift
      for key in "$@"; do
        [[ $key =~ ^[0-9a-f]{32}$ && -e $templates/$key ]] || die usage "there is no template \"$key\""
      done
      for key in "$@"; do
        template_remove "$key" 2>/dev/null || die rights "template $key cannot be removed by uid $EUID"
        echo "$key"
      done
      ;;
    *) die usage "templates takes ls, or rm with keys, and was given \"$*\"" ;;
  esac
}
