# shellcheck shell=bash
# How files of a publisher are fetched, and how its lists of checksums are read, for the
# runtime and for images/cloud-disk.

fetch_curl() {
  curl --globoff --silent --show-error --fail --location --max-redirs 10 --proto '=http,https' --proto-redir '=http,https' \
    --connect-timeout 20 --speed-limit 1 --speed-time 60 "$@"
}

# fetch_listed FILE [NAME]: the checksum of NAME in a publisher's list, which has lines of
# "SUM  NAME", "SUM *NAME" or "SHA256 (NAME) = SUM"; without NAME, of a list that is
# of one image, whatever it is called there.
fetch_listed() {
  awk -v name="${2-}" '
    { sum = $1; of = $2 }
    $1 == "SHA256" || $1 == "SHA512" { sum = $4; gsub(/[()]/, "", of) }
    { sub(/^[*]/, "", of); sub(/^.*\//, "", of); if (name == "" || of == name) print sum }' "$1" |
    grep -m 1 -xE '[0-9A-Fa-f]{64}|[0-9A-Fa-f]{128}'
}
