# shellcheck shell=bash
# What the guest is told about itself: an identity (prepared images) and a
# NoCloud seed (any image with cloud-init, and prepared ones when asked).

cloud_init=no                 # whether cloud-init shall run in a prepared guest
identity=                     # tar that fw_cfg hands to a prepared guest
declare -gA identity_files=() # what is in it
seed_disk=                    # NoCloud ISO
host_key=                     # private host key that the guest gets
seed_template_key=            # authorized in a foreign guest until it is restored
password_hash=                # of the default user, as crypt(3) has it; empty for none
in=/tmp                       # where the caller's files are; tests put them elsewhere

guest_hostname() {
  echo "${HOSTNAME%%.*}${surroundings_domain:+.$surroundings_domain}"
}

seed_check() {
  local file
  for file in id_rsa.pub user-data meta-data cloud_init.iso ssh_host_ed25519_key; do
    [[ ! -e $in/$file || -r $in/$file ]] || die usage "$in/$file cannot be read by uid $EUID; make it readable (chmod 644)"
    [[ ! -d $in/$file ]] || die usage "$in/$file is a folder, not a file; does the path that was mounted exist?"
  done
  if [[ -s $in/id_rsa.pub ]]; then
    grep -qE '(ssh-|ecdsa-|sk-)[^ ]* AAAA' "$in/id_rsa.pub" || die usage "$in/id_rsa.pub is not an OpenSSH public key"
  fi
  if [[ -e $in/user-data ]]; then
    local first
    IFS= LC_ALL=C read -r -n 32 first <"$in/user-data" 2>/dev/null || :
    case $first in
      '#cloud-config'* | '#!'* | '#include'* | '#cloud-boothook'* | '#part-handler'* | '## template'* | [Cc]ontent-[Tt]ype:* | MIME-Version:* | $'\x1f\x8b'*) ;;
      *) die usage "$in/user-data is not user-data for cloud-init: its first line must be #cloud-config or #!, and is \"${first//[^[:print:]]/?}\"" ;;
    esac
  fi
  if seed_is_shared; then seed_check_shared; fi
  [[ ! -e $in/cloud_init.iso ]] || seed_is_known "$in/cloud_init.iso" ||
    die usage "$in/cloud_init.iso is no seed that cloud-init looks for: it must be an ISO or FAT image called cidata (genisoimage -volid cidata)"
}

seed_check_shared() {
  local sum
  read -r sum _ < <(sha256sum "$in/user-data")
  [[ $sum == "$SHARED_USER_DATA" ]] || die usage "SHARED_USER_DATA is \"$SHARED_USER_DATA\", and the sha256 of $in/user-data is $sum"
}

# seed_is_shared: whether user-data is applied in the memory template of many guests.
seed_is_shared() {
  [[ -n $SHARED_USER_DATA && -e $in/user-data ]]
}

# seed_is_known FILE: whether it is a volume that cloud-init's NoCloud or ConfigDrive
# takes: by its name, where ISO 9660 has it, FAT12 and FAT16, FAT32.
seed_is_known() {
  local offset name
  for offset in 32808 43 71; do
    name=$(dd if="$1" bs=1 skip="$offset" count=8 status=none | tr -d '\0 ')
    case ${name,,} in
      cidata | config-2) return 0 ;;
    esac
  done
  return 1
}

# seed_choose_host_key: the caller's, or one that is made here, where it takes no
# time and whoever reads the log can pin it. A disk of an earlier run has its own.
seed_choose_host_key() {
  host_key=$in/ssh_host_ed25519_key
  [[ ! -s $host_key ]] || return 0
  host_key=
  if [[ $disk_kept == yes || $boot == firmware && -e $in/cloud_init.iso ]]; then return 0; fi
  host_key=$run/ssh_host_ed25519_key
  [[ -e $host_key ]] || ssh-keygen -q -t ed25519 -N '' -C '' -f "$host_key"
  say hostkey "$(<"$host_key.pub")"
}

seed_prepare() {
  local how='no user-data'
  seed_choose_host_key
  seed_choose_password
  if [[ -e $in/cloud_init.iso ]]; then
    seed_disk=$in/cloud_init.iso cloud_init=yes how='own ISO'
  elif [[ -e $in/user-data || -e $in/meta-data || $boot == firmware || $BOOT == cold ]]; then
    cloud_init=yes how='generated NoCloud ISO'
    seed_write_iso
  fi
  if [[ $boot == direct || $rung == restore ]]; then seed_collect_identity; fi
  if [[ $boot == direct && $rung == direct ]]; then seed_write_identity; fi
  if [[ -s $in/id_rsa.pub ]]; then how+=', public key'; fi
  say seed "$how"
}

# seed_choose_password: there is one when it was asked for, and when there would be
# no other way in.
seed_choose_password() {
  local password=$PASSWORD user
  if [[ -z $password ]] && ! seed_has_login; then
    seed_make_password
    user=$(seed_user)
    say password "$password is the password of ${user:-the default user}: no key and no user-data was given"
  fi
  password_hash=
  if [[ -n $password ]]; then password_hash=$(openssl passwd -6 -stdin <<<"$password"); fi
  if [[ -n $PASSWORD && $boot == firmware && -e $in/cloud_init.iso ]]; then
    say warning "PASSWORD is not used, since $in/cloud_init.iso says all that the guest is told; set it there"
  fi
  if [[ (-n $TZ || $PROXY == yes) && $boot == firmware && -e $in/cloud_init.iso ]]; then
    say warning "TZ and PROXY are not used, since $in/cloud_init.iso says all that the guest is told; set it there"
  fi
}

# seed_has_login: whether the caller's files may let somebody in.
seed_has_login() {
  [[ -s $in/id_rsa.pub || -e $in/user-data || -e $in/cloud_init.iso ]] || grep -qs '^public-keys' "$in/meta-data"
}

# seed_make_password: sets password to 80 bits that nobody can guess. It stays with
# the disk, as a guest that boots again from it keeps the one that it was given.
seed_make_password() {
  local letters=abcdefghijkmnpqrstuvwxyz23456789 file=$IMAGE_DIR/local_image.password i
  if [[ -s $file ]]; then
    read -r password <"$file"
    return
  fi
  for ((i = 0; i < 16; i++)); do
    if ((i > 0 && i % 4 == 0)); then password+=-; fi
    password+=${letters:SRANDOM%32:1}
  done
  (umask 077 && printf '%s\n' "$password" >"$file") 2>/dev/null || :
}

# seed_user: the default user, of a prepared image.
seed_user() {
  if [[ $base == "$guest"/* ]]; then guest_says GUEST_USER; fi
}

# The guest's whole identity, as small files; the guest's provision script reads
# them.
seed_collect_identity() {
  identity_files=(['hostname']="${HOSTNAME%%.*}"$'\n')
  # A restored guest has its network, which is part of the template's key.
  if [[ $rung != restore ]]; then identity_files['network']=$(network_for_guest)$'\n'; fi
  if [[ -s $in/id_rsa.pub ]]; then identity_files['authorized_keys']=$(<"$in/id_rsa.pub")$'\n'; fi
  if [[ -n $host_key ]]; then identity_files['ssh_host_ed25519_key']=$(<"$host_key")$'\n'; fi
  if [[ -n $password_hash ]]; then identity_files['password']=$password_hash$'\n'; fi
  if [[ $disk_of_another == yes ]]; then identity_files['forget']=$'yes\n'; fi
  # A foreign guest did so before it was saved.
  if [[ -n $DISK_SIZE && $boot == direct ]]; then identity_files['grow']=$disk_bytes$'\n'; fi
  surroundings_collect
}

# seed_prepare_template: what a guest is told that becomes a memory template.
seed_prepare_template() {
  if [[ $boot == firmware ]]; then
    # It stands where the callers' keys will; nobody keeps its other half.
    ssh-keygen -q -t ed25519 -N '' -C virtainers-template -f "$run/template_key"
    seed_template_key=$(<"$run/template_key.pub")
    rm "$run/template_key" "$run/template_key.pub"
    seed_write_iso
  else
    identity_files=(['network']="$(network_for_guest)"$'\n' ['template']=$'yes\n')
    if [[ -n $AGENT ]]; then identity_files['agent']=$(seed_pack_agent)$'\n'; fi
    seed_write_identity
    if seed_is_shared; then
      cloud_init=yes
      seed_write_iso
    fi
  fi
}

# seed_pack_agent: says how many bytes it has; the guest asks for it (template_send_agent).
seed_pack_agent() {
  tar -c -f "$run/agent.tar" -C "$in/agent" .
  stat -c %s "$run/agent.tar"
}

seed_write_identity() {
  local folder=$run/identity name
  identity=$run/identity.tar
  (umask 077 && mkdir -p "$folder")
  for name in "${!identity_files[@]}"; do
    printf '%s' "${identity_files[$name]}" >"$folder/$name"
  done
  (umask 077 && tar -c -f "$identity" -C "$folder" .)
  give_to_qemu "$identity"
  rm -rf "$folder"
}

# indented FILE: its lines as the body of a YAML block.
indented() {
  sed 's/^/    /' "$1"
}

seed_user_data() {
  if [[ -e $in/user-data ]] && { [[ $making == no ]] || seed_is_shared; }; then
    cat "$in/user-data"
  else
    printf '#cloud-config\n{}\n'
  fi
}

# seed_template_script: starts what waits in a foreign guest that becomes a memory template.
seed_template_script() {
  local agent=''
  if [[ -n $AGENT ]]; then agent=$(seed_pack_agent); fi
  cat <<END
#!/bin/sh
set -eu
mkdir -p -m 755 /run/virtainers
base64 -d >/run/virtainers/foreign-guest <<'FILE'
$(base64 "$here/foreign-guest")
FILE
base64 -d >/run/virtainers/take-surroundings <<'FILE'
$(base64 "$here/take-surroundings")
FILE
setsid \$(sed -n '1s/^#!//p' "\$(command -v cloud-init)") /run/virtainers/foreign-guest "$seed_template_key" $agent </dev/null >/dev/console 2>&1 &
END
}

seed_meta_data() {
  if [[ $making == yes ]]; then
    printf 'instance-id: virtainers-template\nlocal-hostname: virtainers-template\n'
    [[ -z $seed_template_key ]] || printf 'public-keys:\n  - %s\n' "$seed_template_key"
    return
  fi
  if [[ -e $in/meta-data ]]; then
    cat "$in/meta-data"
    return
  fi
  printf 'instance-id: %s\nlocal-hostname: %s\n' "${HOSTNAME:-localimage-01}" "$(guest_hostname)"
  if [[ -s $in/id_rsa.pub ]]; then
    echo 'public-keys:'
    grep -vE '^\s*(#|$)' "$in/id_rsa.pub" | sed "s/'/''/g; s/.*/  - '&'/"
  fi
}

# seed_vendor_data: what the container has besides goes in as a script, which replaces
# none of the lists that user-data may have.
seed_vendor_data() {
  local script=''
  if [[ $boot == firmware ]]; then
    if [[ $making == yes ]]; then script=$(seed_template_script); else script=$(surroundings_script); fi
  fi
  if [[ -n $script ]]; then
    printf 'Content-Type: multipart/mixed; boundary="virtainers"\nMIME-Version: 1.0\n\n--virtainers\nContent-Type: text/cloud-config\n\n'
    seed_vendor_config
    printf -- '\n--virtainers\nContent-Type: text/x-shellscript\n\n%s\n\n--virtainers--\n' "$script"
  else
    seed_vendor_config
  fi
}

seed_vendor_config() {
  echo '#cloud-config'
  if [[ -n $password_hash ]]; then
    printf 'password: "%s"\nchpasswd: {expire: false}\nssh_pwauth: true\n' "$password_hash"
  fi
  # A prepared guest has a way of its own for what follows.
  [[ $boot == firmware ]] || return 0
  if [[ $making == yes ]]; then
    echo 'ssh_genkeytypes: [ed25519]'
    return
  fi
  if [[ -n $host_key ]]; then
    printf 'ssh_keys:\n  ed25519_private: |\n'
    indented "$host_key"
  fi
  if [[ -n $surroundings_domain$surroundings_hosts ]]; then
    # Images of Debian's would write /etc/hosts anew at every boot.
    printf 'manage_etc_hosts: localhost\nprefer_fqdn_over_hostname: false\n'
  fi
  # The host counts the guest as provisioned when its scripts have run.
  cat <<'END'
runcmd:
  - |
    for port in /sys/class/virtio-ports/*; do
      [ "$(cat "$port/name")" = org.virtainers.status ] || continue
      (
        cloud-init status --wait
        errors=$(sed -n '/"errors": \[$/,/\]/s/^ *"\(.*\)",\{0,1\}$/\1;/p' /run/cloud-init/result.json | tr '\n' ' ')
        { [ -z "$errors" ] || printf 'warned %s\n' "${errors%; }"; echo provisioned; } >"/dev/${port##*/}"
      ) >/dev/null 2>&1 &
    done
END
}

seed_write_iso() {
  local folder=$run/seed
  (umask 077 && mkdir -p "$folder")
  seed_user_data >"$folder/user-data"
  seed_meta_data >"$folder/meta-data"
  seed_vendor_data >"$folder/vendor-data"
  seed_disk=$CLOUD_INIT_DISK
  # A root that is read-only has no place for it, where nobody named another.
  [[ $seed_disk != /cloud_init.iso || -w / ]] || seed_disk=$run/cloud_init.iso
  local output
  output=$(genisoimage -quiet -volid cidata -joliet -rock -o "$seed_disk" "$folder" 2>&1) ||
    die disk-full "cannot write the seed to $seed_disk: $output"
  # A guest that is restored finds another seed than it was saved with, and a disk
  # must not have another size then.
  truncate -s %1M "$seed_disk"
  give_to_qemu "$seed_disk"
  rm -rf "$folder"
}

seed_arguments() {
  if [[ -n $seed_disk ]]; then
    qemu_arguments+=(
      -drive "if=none,id=seed,file=$seed_disk,format=raw,readonly=on"
      -device "virtio-blk-pci,drive=seed,romfile="
    )
  fi
  if [[ -n $identity ]]; then
    qemu_arguments+=(-fw_cfg "name=opt/org.virtainers/identity,file=$identity")
  fi
}

# seed_forget: removes what was secret, once QEMU holds it in memory.
seed_forget() {
  identity_files=()
  rm -f "$run/identity.tar" 2>/dev/null || :
  rm -f "$in/ssh_host_ed25519_key" "$run/ssh_host_ed25519_key" 2>/dev/null || :
}
