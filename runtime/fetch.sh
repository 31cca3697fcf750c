# shellcheck shell=bash
# Disk images that come from elsewhere: over HTTP, or compressed. What was fetched
# and unpacked is kept in IMAGE_CACHE under its sha256, and notes beside it say
# where it came from, so nothing is fetched, unpacked or read twice.

fetch_tries=8          # of one transfer, each going on where the last one broke off
fetch_progress_every=5 # seconds
fetch_part=            # what has come so far
fetch_kept_validator=  # what the server called the file that was kept
fetch_held=            # where base is open, so that it stays

# fetch_shown URL: without a password that may be in it.
fetch_shown() {
  sed -E 's|^(([^/@]*:)?/*)[^/]*@|\1|' <<<"$1"
}

# fetch: what a guest of IMAGE_URL wants of IMAGE_CACHE is there when this ends. Guests that may
# read it alone boot from it then.
fetch() {
  [[ -n $IMAGE_URL ]] || die usage 'fetch wants IMAGE_URL'
  disk_find
  fetch_make_room
  say fetch "$(fetch_shown "$IMAGE_URL") is in $IMAGE_CACHE"
}

# fetch_hold: as long as this process lives, nobody removes base to make room.
fetch_hold() {
  [[ ${base%/*} == "$IMAGE_CACHE" ]] || return 0
  if { exec {fetch_held}<"$base"; } 2>/dev/null && flock -s -w 60 "$fetch_held" && [[ $base -ef /dev/fd/$fetch_held ]]; then return; fi
  die not-ready "${base##*/} was removed from $IMAGE_CACHE just now, to make room; try again"
}

# fetch_make_room: base is the image that was used last. Of the others those go that were used
# least recently, and that no guest has, until all have room in IMAGE_SPACE.
fetch_make_room() {
  local bound images used blocks id held
  bound=$(to_bytes "$IMAGE_SPACE")
  fetch_lock room
  touch -c "$base" 2>/dev/null || :
  images=$(fetch_images | sort -n)
  used=$(($(awk '{ blocks += $2 } END { printf "%d", blocks }' <<<"$images") * 512))
  while ((used > bound)) && read -r _ blocks id; do
    [[ $IMAGE_CACHE/$id != "$base" ]] || continue
    exec {held}<"$IMAGE_CACHE/$id"
    if flock -n "$held" && rm -f "$IMAGE_CACHE/$id" 2>/dev/null; then
      used=$((used - blocks * 512))
      say fetch "$id is evicted"
    fi
    exec {held}<&-
  done <<<"$images"
  fetch_unlock
}

# fetch_images: of each image that is kept a line: its last use, its blocks of 512 bytes, its name.
fetch_images() {
  find "$IMAGE_CACHE" -maxdepth 1 -type f -regextype egrep -regex '.*/[0-9a-f]{64}' -printf '%T@ %b %f\n'
}

# fetch_image: sets base to the image that IMAGE or IMAGE_URL names.
fetch_image() {
  local file shown
  [[ -z $IMAGE || -z $IMAGE_URL ]] || die usage 'IMAGE and IMAGE_URL are both given, and there is one disk; take one away'
  if [[ -n $IMAGE_URL ]]; then
    shown=$(fetch_shown "$IMAGE_URL")
    if ! fetch_may_write && fetch_is_kept; then return; fi
    fetch_cache_check
    fetch_checksum
    if fetch_known "url $IMAGE_URL $IMAGE_CHECKSUM" && { [[ -n $IMAGE_CHECKSUM ]] || fetch_is_current; }; then
      say fetch "$shown is here already"
      return
    fi
    fetch_lock "$IMAGE_URL"
    # Who waited for the lock finds it done.
    if fetch_known "url $IMAGE_URL $IMAGE_CHECKSUM" && [[ -n $IMAGE_CHECKSUM ]]; then return; fi
    fetch_transfer
    fetch_verify "$fetch_part" "$shown"
    fetch_keep "$fetch_part" "$shown"
    fetch_note "url $IMAGE_URL $IMAGE_CHECKSUM" "$(fetch_validator)"
    fetch_drop
    return
  fi
  file=$IMAGE
  [[ -e $file ]] || die image-missing "IMAGE is $file, and there is no such file in the container; mount it there"
  [[ -f $file ]] || die image-missing "IMAGE is $file, and that is not a file; does the path that was mounted exist?"
  [[ -r $file ]] || die image-missing "$file cannot be read by uid $EUID"
  if [[ -z $(fetch_compression "$file") ]]; then
    fetch_verify "$file" "$file"
    base=$file
    return
  fi
  fetch_cache_check
  local what
  what="file $file $(stat -L -c '%i %s %.9Y %.9Z' "$file") $IMAGE_CHECKSUM"
  if fetch_known "$what"; then return; fi
  fetch_lock "$file"
  fetch_verify "$file" "$file"
  fetch_keep "$file" "$file"
  fetch_note "$what" ''
}

# fetch_checksum: where IMAGE_CHECKSUM is the address of a list, sets it to what that says of
# the image.
fetch_checksum() {
  [[ $IMAGE_CHECKSUM == http* ]] || return 0
  local list=$IMAGE_CHECKSUM shown name=${IMAGE_URL##*/} kept
  shown=$(fetch_shown "$list")
  kept=$(fetch_kept_sum)
  # A list that is called as the image is, and more, is of no other.
  if [[ $list == "$IMAGE_URL".* ]]; then name=; fi
  if fetch_curl --max-time 60 --output "$run/sums" "$list" 2>"$run/fetch.log"; then
    IMAGE_CHECKSUM=$(fetch_listed "$run/sums" "$name") || die image-corrupt "the list $shown has no checksum of ${IMAGE_URL##*/}"
    printf '%s\n' "$IMAGE_CHECKSUM" >"$kept.$$"
    mv "$kept.$$" "$kept"
  elif [[ -s $kept ]]; then
    say warning "$shown does not answer; taking the checksum that it gave before"
    read -r IMAGE_CHECKSUM <"$kept"
  else
    die image-missing "$shown cannot be fetched: $(sed -n '$s/^curl: ([0-9]*) //p' "$run/fetch.log")"
  fi
}

# fetch_is_kept: sets base to the image of IMAGE_URL that was fetched last, for who can do no more
# than read it.
fetch_is_kept() {
  local sum=$IMAGE_CHECKSUM kept
  if [[ $sum == http* ]]; then
    kept=$(fetch_kept_sum)
    [[ -s $kept ]] && read -r sum <"$kept" || return 1
  fi
  fetch_known "url $IMAGE_URL $sum"
}

# fetch_kept_sum: the file with what the list that IMAGE_CHECKSUM names said of IMAGE_URL last.
fetch_kept_sum() {
  echo "$IMAGE_CACHE/.sum-$(fetch_key "$IMAGE_CHECKSUM $IMAGE_URL")"
}

fetch_may_write() {
  [[ -d $IMAGE_CACHE && -w $IMAGE_CACHE ]]
}

fetch_cache_check() {
  fetch_may_write || disk_may_not_write "$IMAGE_CACHE" 'name another IMAGE_CACHE'
}

# fetch_lock NAME: one container at a time; the lock ends with the process.
fetch_lock() {
  local lock
  lock=$IMAGE_CACHE/.lock-$(fetch_key "$1")
  # Whoever comes next may be another user.
  (umask 0 && : >>"$lock") 2>/dev/null || :
  exec {fetch_lock_fd}<"$lock"
  flock -n "$fetch_lock_fd" || {
    say fetch 'another container is at it; waiting'
    flock -w 3600 "$fetch_lock_fd" || die not-ready "another container did not come to an end with $(fetch_shown "$1") within an hour"
  }
}

fetch_unlock() {
  exec {fetch_lock_fd}>&-
}

fetch_key() {
  local digest
  digest=$(sha256sum <<<"$1")
  echo "${digest:0:32}"
}

# fetch_known WHAT: sets base to what was kept for it. Its name was its content
# when it was kept; its size shows that it was kept whole.
fetch_known() {
  local note id size
  note=$IMAGE_CACHE/.note-$(fetch_key "$1")
  [[ -r $note ]] || return 1
  { read -r id size && IFS= read -r fetch_kept_validator; } <"$note" || return 1
  is_sha256 "$id" && [[ -e $IMAGE_CACHE/$id && $(stat -c %s "$IMAGE_CACHE/$id") == "$size" ]] || return 1
  base=$IMAGE_CACHE/$id
}

# fetch_note WHAT VALIDATOR: base is what WHAT names.
fetch_note() {
  local note
  note=$IMAGE_CACHE/.note-$(fetch_key "$1")
  printf '%s %s\n%s\n' "${base##*/}" "$(stat -c %s "$base")" "$2" >"$note.new"
  mv "$note.new" "$note"
  fetch_unlock
}

# --- transfer ------------------------------------------------------------------

# fetch_header NAME: of the last answer whose headers were kept.
fetch_header() {
  [[ -e $fetch_part.headers ]] || return 0
  sed -nE "s/^$1: *(.*[^[:space:]])[[:space:]]*$/\1/Ip" "$fetch_part.headers" | tail -n 1
}

# fetch_validator: what changes when the file at the URL does.
fetch_validator() {
  local etag
  etag=$(fetch_header etag)
  echo "${etag:-$(fetch_header last-modified)}"
}

# fetch_is_current: whether the server has what was kept. One that does not answer
# has no newer one.
fetch_is_current() {
  local headers
  headers=$(fetch_curl --head --max-time 30 "$IMAGE_URL" 2>/dev/null) || {
    say warning "$(fetch_shown "$IMAGE_URL") does not answer; taking what it gave before"
    return 0
  }
  [[ -n $fetch_kept_validator ]] && grep -qiF -- ": $fetch_kept_validator" <<<"$headers"
}

# fetch_transfer: sets fetch_part to the file at IMAGE_URL, as it is there.
fetch_transfer() {
  local try status=1 shown
  shown=$(fetch_shown "$IMAGE_URL")
  fetch_part=$IMAGE_CACHE/.part-$(fetch_key "$IMAGE_URL")
  say fetch "$shown"
  for ((try = 0; try < fetch_tries; try++)); do
    if ((try > 0)); then
      say fetch "the transfer broke off; going on at $(fetch_megabytes "$fetch_part")"
      sleep "$((try < 3 ? 1 : 5))"
    fi
    fetch_once && status=0 || status=$?
    case $status in
      0) return 0 ;;
      # Whole already, or the file there is another now: anew.
      22 | 33 | 36) if [[ -s $fetch_part ]]; then fetch_drop; else break; fi ;;
      # Not sent whole, silent, reset: goes on.
      18 | 28 | 52 | 55 | 56 | 92) ;;
      *) break ;;
    esac
  done
  local why
  why=$(sed -n '$s/^curl: ([0-9]*) //p' "$run/fetch.log")
  fetch_drop
  case $status in
    23) die disk-full "there is no room for $shown in $IMAGE_CACHE" ;;
    *) die image-missing "$shown cannot be fetched: ${why:-curl ended with status $status}" ;;
  esac
}

# fetch_once: one attempt, with progress; returns curl's status.
fetch_once() {
  local resume=() pid validator
  if [[ -s $fetch_part ]]; then
    resume=(--continue-at -)
    validator=$(fetch_validator)
    # Without a validator nothing shows that the rest belongs to the beginning.
    if [[ -n $validator ]]; then resume+=(--header "If-Range: $validator"); else fetch_drop && resume=(); fi
  fi
  fetch_curl "${resume[@]}" --dump-header "$fetch_part.headers.new" --output "$fetch_part" "$IMAGE_URL" 2>"$run/fetch.log" &
  pid=$!
  local next=$((SECONDS + fetch_progress_every)) status=0
  while kill -0 "$pid" 2>/dev/null; do
    sleep 0.2
    if ((SECONDS >= next)); then
      say fetch "$(fetch_progress)"
      next=$((SECONDS + fetch_progress_every))
    fi
  done
  wait "$pid" || status=$?
  # The validator is that of the first part.
  if [[ -e $fetch_part.headers.new && ! -e $fetch_part.headers ]]; then mv "$fetch_part.headers.new" "$fetch_part.headers"; fi
  rm -f "$fetch_part.headers.new"
  return "$status"
}

fetch_megabytes() {
  echo "$((($(stat -c %s "$1" 2>/dev/null || echo 0) + 524288) >> 20)) MB"
}

fetch_progress() {
  local total
  total=$(sed -nE 's/^content-length: *([0-9]+).*/\1/Ip' "$fetch_part".headers{,.new} 2>/dev/null | sort -n | tail -n 1)
  if [[ $total =~ [1-9] ]]; then
    echo "$(fetch_megabytes "$fetch_part") of $((10#$total >> 20)) MB"
  else
    fetch_megabytes "$fetch_part"
  fi
}

fetch_drop() {
  [[ -n $fetch_part ]] || return 0
  rm -f "$fetch_part" "$fetch_part.headers" "$fetch_part.headers.new"
}

# --- what came -------------------------------------------------------------------

# fetch_verify FILE NAME: against IMAGE_CHECKSUM, which upstream publishes for the
# file as it is there, compressed or not.
fetch_verify() {
  local sum program=sha256sum
  [[ -n $IMAGE_CHECKSUM ]] || return 0
  if ((${#IMAGE_CHECKSUM} == 128)); then program=sha512sum; fi
  sum=$("$program" <"$1")
  sum=${sum%% *}
  [[ $sum == "${IMAGE_CHECKSUM,,}" ]] || {
    if [[ $1 == "$IMAGE_CACHE"/.part-* ]]; then fetch_drop; fi
    die image-corrupt "$2 is not what was asked for: its ${program%sum} is $sum and not $IMAGE_CHECKSUM"
  }
}

# fetch_compression FILE: xz, gzip, zstd or nothing, by its first bytes.
fetch_compression() {
  local magic
  magic=$(head -c 6 "$1" | od -An -tx1 | tr -d ' \n')
  case $magic in
    fd377a585a00) echo xz ;;
    1f8b*) echo gzip ;;
    28b52ffd*) echo zstd ;;
  esac
}

# fetch_keep FILE NAME: sets base to the file, unpacked, in the cache under its
# sha256, when it is a disk.
fetch_keep() {
  local program new id problem
  new=$IMAGE_CACHE/.new-$(fetch_key "$1")
  program=$(fetch_compression "$1")
  if [[ -n $program ]]; then
    say fetch "unpacking $2"
    # In the pipe, so that zeros take no room.
    (set -o pipefail && "$program" -dc <"$1" | dd of="$new" bs=1M iflag=fullblock conv=sparse status=none) 2>"$run/fetch.log" || {
      rm -f "$new"
      fetch_drop
      ! grep -q 'No space left' "$run/fetch.log" || die disk-full "there is no room for $2 unpacked in $IMAGE_CACHE"
      die image-corrupt "$2 does not unpack: $(tail -n 1 "$run/fetch.log")"
    }
  else
    mv "$1" "$new"
  fi
  problem=$(disk_problem "$new" "$2")
  [[ -z $problem ]] || {
    rm -f "$new"
    fetch_drop
    die image-corrupt "$problem"
  }
  id=$(sha256sum <"$new")
  chmod 444 "$new"
  base=$IMAGE_CACHE/${id%% *}
  mv -f "$new" "$base"
}
