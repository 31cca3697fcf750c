# shellcheck shell=bash
# What the container has, its guest has, too: search domains, hosts, a full name, a
# time zone, proxies, the size of packets. What the engine itself put there is left
# out. Builtins alone, since somebody waits for a guest that is restored.

# Tests put these elsewhere.
surroundings_etc=/etc
surroundings_kernel=/proc/sys/kernel
surroundings_links=/sys/class/net

surroundings_domain=   # corp.example, of a container called web.corp.example
surroundings_resolver= # lines as resolv.conf has them: search, options
surroundings_search=() # the domains of it
surroundings_hosts=    # lines of an address and its names
surroundings_zone=     # such as Europe/Berlin
surroundings_proxies=  # lines of NAME=VALUE; never logged, since they may hold passwords

surroundings_read() {
  surroundings_read_domain
  surroundings_read_resolver
  surroundings_read_hosts
  surroundings_read_zone
  surroundings_read_proxies
}

# surroundings_is_domain NAME: whether it is one that no file or option misunderstands.
surroundings_is_domain() {
  [[ $1 =~ ^[A-Za-z0-9_]([A-Za-z0-9_.-]*[A-Za-z0-9_])?$ ]] && ((${#1} <= 190))
}

# surroundings_read_domain: Docker keeps a name in one piece (--hostname web.corp.example)
# or in two (--domainname).
surroundings_read_domain() {
  local domain=''
  if [[ $HOSTNAME == *.* ]]; then
    domain=${HOSTNAME#*.}
  else
    read -r domain 2>/dev/null <"$surroundings_kernel/domainname" || :
  fi
  surroundings_domain=
  if surroundings_is_domain "$domain"; then surroundings_domain=$domain; fi
}

# surroundings_read_resolver: of several "search" the last one counts, to the container as well.
surroundings_read_resolver() {
  local words word options=''
  surroundings_resolver='' surroundings_search=()
  [[ -r $surroundings_etc/resolv.conf ]] || return 0
  while read -ra words || ((${#words[@]})); do
    case ${words[0]-} in
      search | domain)
        surroundings_search=()
        for word in "${words[@]:1}"; do
          word=${word%.}
          if surroundings_is_domain "$word"; then surroundings_search+=("$word"); fi
        done
        ;;
      options)
        for word in "${words[@]:1}"; do
          # What tells of the container's own servers (edns0, trust-ad) is none of the guest's.
          [[ ! $word =~ ^((ndots|timeout|attempts):[0-9]{1,2}|rotate|use-vc|single-request|single-request-reopen|no-aaaa)$ ]] || options+=" $word"
        done
        ;;
    esac
    words=()
  done <"$surroundings_etc/resolv.conf"
  if ((${#surroundings_search[@]})); then
    surroundings_resolver="search ${surroundings_search[*]}"$'\n'
  else
    # Docker's own, and of no effect without a domain.
    options=${options/ ndots:0/}
  fi
  if [[ -n $options ]]; then surroundings_resolver+=options$options$'\n'; fi
}

# surroundings_read_hosts: without lines of the machine itself, which the guest has of its own.
surroundings_read_hosts() {
  local words word line
  surroundings_hosts=
  [[ -r $surroundings_etc/hosts ]] || return 0
  while read -ra words || ((${#words[@]})); do
    line=${words[0]-}
    [[ $line =~ ^[0-9A-Fa-f:.]+$ ]] || continue
    for word in "${words[@]:1}"; do
      if [[ $word == '#'* ]]; then break; fi
      if surroundings_is_own_name "$word"; then
        line=
        break
      fi
      if surroundings_is_domain "$word"; then line+=" $word"; fi
    done
    if [[ $line == *' '* ]]; then surroundings_hosts+=$line$'\n'; fi
    words=()
  done <"$surroundings_etc/hosts"
}

surroundings_is_own_name() {
  case $1 in
    localhost | localhost[46] | localhost.localdomain | localhost[46].localdomain[46] | ip6-*) return 0 ;;
  esac
  [[ $1 == "$HOSTNAME" || $1 == "${HOSTNAME%%.*}" || $1 == "${HOSTNAME%%.*}.$surroundings_domain" ]]
}

# surroundings_read_zone: whether the guest has it, the guest alone can tell.
surroundings_read_zone() {
  surroundings_zone=${TZ#:}
  [[ -z $surroundings_zone || $surroundings_zone =~ ^[A-Za-z0-9_+-]+(/[A-Za-z0-9_+-]+)*$ ]] || {
    surroundings_zone=
    say warning "TZ=\"$TZ\" is not the name of a time zone, such as Europe/Berlin; the guest keeps its own"
  }
}

surroundings_read_proxies() {
  local name value
  surroundings_proxies=
  [[ $PROXY == yes ]] || return 0
  for name in {http,https,ftp,no}_proxy {HTTP,HTTPS,FTP,NO}_PROXY; do
    value=${!name-}
    [[ -n $value ]] || continue
    if [[ $value == *[[:cntrl:]\"\'\\]* ]]; then
      say warning "$name does not get into the guest, since it has a quote, a backslash or a control character; in an address they are written as %22, %27, %5C"
    else
      surroundings_proxies+=$name=$value$'\n'
    fi
  done
  [[ -n $surroundings_proxies ]] ||
    say warning 'PROXY=yes was asked for, and the container has no http_proxy, https_proxy, ftp_proxy or no_proxy; add -e http_proxy=ADDRESS, or ask for nothing with PROXY=no'
}

# surroundings_least_mtu: sets network_mtu to the least of the container's interfaces,
# where that is less than usual.
surroundings_least_mtu() {
  local link state mtu
  for link in "$surroundings_links"/*; do
    # Some kernels put tunnels into every container, which are down.
    { read -r state <"$link/operstate" && read -r mtu <"$link/mtu"; } 2>/dev/null || continue
    [[ ${link##*/} != lo && $state != down ]] || continue
    if ((mtu < network_mtu)); then network_mtu=$mtu; fi
  done
}

# surroundings_of_network: sets network_lines to what joins the guest's own network.
surroundings_of_network() {
  network_lines=$surroundings_resolver
  if ((network_mtu != 1500)); then network_lines+="mtu $network_mtu"$'\n'; fi
}

# surroundings_collect: adds to what the guest is told.
surroundings_collect() {
  local network_lines
  surroundings_of_network
  if [[ -n $network_lines ]]; then identity_files['network']=${identity_files['network']-}$network_lines; fi
  if [[ -n $surroundings_domain ]]; then identity_files['domain']=$surroundings_domain$'\n'; fi
  if [[ -n $surroundings_hosts ]]; then identity_files['hosts']=$surroundings_hosts; fi
  if [[ -n $surroundings_zone ]]; then identity_files['timezone']=$surroundings_zone$'\n'; fi
  if [[ -n $surroundings_proxies ]]; then identity_files['proxy']=$surroundings_proxies; fi
}

# surroundings_script: for cloud-init, which runs it in a guest that is not prepared; nothing
# where there is nothing to tell.
surroundings_script() {
  local -A identity_files=()
  local name
  surroundings_collect
  ((${#identity_files[@]})) || return 0
  printf '#!/bin/sh\nset -eu\numask 077\nmkdir -p /run/virtainers/surroundings\ncd /run/virtainers/surroundings\n'
  for name in "${!identity_files[@]}"; do
    printf "cat >%s <<'END OF %s'\n%sEND OF %s\n" "$name" "$name" "${identity_files[$name]}" "$name"
  done
  printf "cat >take <<'END OF SCRIPT'\n%s\nEND OF SCRIPT\n" "$(<"$here/take-surroundings")"
  cat <<'END'
said=$(sh ./take .)
[ -z "$said" ] || for port in /sys/class/virtio-ports/*; do
  [ "$(cat "$port/name")" != org.virtainers.status ] || echo "$said" >"/dev/${port##*/}"
done
END
}

# surroundings_lacking WHAT: the guest says that it has none of it.
surroundings_lacking() {
  case $1 in
    timezone) say warning "the guest has no time zone $surroundings_zone, and keeps its own; install tzdata in it, or correct TZ" ;;
    mtu) say warning "the guest keeps its MTU, and the container's is $network_mtu" ;;
  esac
}
