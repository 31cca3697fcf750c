# shellcheck shell=bash
# The guest's screen. QEMU's VNC server listens to this container alone; what stands at
# the container's address leads there, and has noVNC's pages beside it.

vnc_web_port=6080   # noVNC, for browsers
vnc_port=5900       # for other viewers
vnc_inner=40059     # QEMU's own port,
vnc_inner_web=40060 # and that for browsers
vnc_secret=         # file of the password, as QEMU takes it

# vnc_rule CONDITION VERDICT: for nft, of packets to the screen; nothing where there is none.
vnc_rule() {
  [[ $VNC == off ]] || echo "$1 tcp dport { $vnc_port, $vnc_web_port } $2"
}

# vnc_cmdline: has the kernel and a login of a prepared guest on the screen as well.
vnc_cmdline() {
  [[ $VNC == off ]] || echo 'console=tty0 systemd.wants=getty@tty1.service '
}

vnc_prepare() {
  [[ $VNC == on ]] || return 0
  local address shown
  vnc_choose_password
  # For join-screen.
  { echo "$vnc_inner_web" >"$run/screen-server"; } 2>/dev/null || :
  for address in $(vnc_addresses); do
    vnc_serve "$vnc_web_port" "$address" "EXEC:$here/vnc-request $vnc_inner_web"
    vnc_serve "$vnc_port" "$address" "TCP:127.0.0.1:$vnc_inner"
    shown=$address
    if [[ $network == bridge ]]; then shown=${network_address%/*}; fi
    say vnc "the screen is at http://$shown:$vnc_web_port/ for browsers, and at $shown:$vnc_port for VNC viewers"
  done
  [[ -n ${shown-} ]] || say warning 'nobody can see the screen, since the container is on no network'
}

# vnc_addresses: of the container, that stay its own.
vnc_addresses() {
  if [[ $network == bridge ]]; then echo "$network_helper.3"; else network_addresses; fi
}

# vnc_serve PORT ADDRESS TARGET: leads all who come there to the target, for socat.
vnc_serve() {
  "${as_qemu[@]}" socat "TCP-LISTEN:$1,bind=$2,reuseaddr,fork,max-children=64" "$3" </dev/null >/dev/null 2>>"$run/vnc.log" &
}

# vnc_choose_password: the caller's, or that of an earlier run, or one that is made. VNC
# encrypts a challenge with the first 8 characters of it, and knows no others.
vnc_choose_password() {
  local password=$VNC_PASSWORD
  vnc_secret=$run/vnc-password
  if [[ -z $password && -e $in/vnc-password ]]; then
    [[ -r $in/vnc-password ]] || die usage "$in/vnc-password cannot be read by uid $EUID; make it readable"
    IFS= read -r password <"$in/vnc-password" || :
    vnc_password_is_valid "$password" || die usage "$in/vnc-password has a character that is none of a US keyboard"
  fi
  if [[ -z $password ]]; then
    [[ ! -s $vnc_secret ]] || return 0
    vnc_make_password
    say vnc-password "$password is the password of the screen: no VNC_PASSWORD was given"
  elif ((${#password} > 8)); then
    say warning 'VNC takes only the first 8 characters of VNC_PASSWORD'
  fi
  # That of an earlier run is another user's, whose files here root may not write to.
  rm -f "$vnc_secret"
  (umask 077 && printf '%s' "${password:0:8}" >"$vnc_secret")
  give_to_qemu "$vnc_secret"
}

# vnc_make_password: sets password to 40 bits that nobody can guess.
vnc_make_password() {
  local letters=abcdefghijkmnpqrstuvwxyz23456789 i
  for ((i = 0; i < 8; i++)); do password+=${letters:SRANDOM%32:1}; done
}

vnc_password_is_valid() {
  [[ $1 != *[![:ascii:]]* && $1 != *[[:cntrl:]]* ]]
}

vnc_arguments() {
  [[ $VNC == on ]] || return 0
  qemu_arguments+=(
    # Every system can drive it, and its BIOS shows text before any does.
    -device VGA
    # A pointer that is where the viewer's is. The machine has a PS/2 keyboard.
    -device virtio-tablet-pci
    -object "secret,id=vnc,file=$vnc_secret"
    -vnc "127.0.0.1:$((vnc_inner - 5900)),websocket=$vnc_inner_web,password-secret=vnc,share=force-shared"
  )
}
