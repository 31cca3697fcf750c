# What SYSLINUX or EXTLINUX would boot by itself: reads its configuration, whose folder is
# -v folder=, and prints what grub.awk prints.

# text(): what follows the first word of the line.
function text(line) {
  line = $0
  sub(/^[ \t]*[^ \t]+[ \t]+/, "", line)
  sub(/[ \t\r]+$/, "", line)
  return line
}

# absolute(PATH): from the root of the disk.
function absolute(path) {
  if (path !~ /^\//) path = folder "/" path
  gsub(/\/\.\//, "/", path)
  while (match(path, /\/[^\/]+\/\.\.\//)) path = substr(path, 1, RSTART) substr(path, RSTART + RLENGTH)
  gsub(/\/\/+/, "/", path)
  if (path !~ /^\/[A-Za-z0-9._+@~=,:\/-]+$/ || path ~ /\/\.\.?(\/|$)/) refused = "the path of its kernel or initrd is not understood"
  return path
}

{ key = toupper($1) }
key == "INCLUDE" || key == "CONFIG" || key == "IPAPPEND" || key == "SYSAPPEND" { refused = "its configuration goes on in another file" }
key == "DEFAULT" { wanted = $2 }
key == "ONTIMEOUT" { on_timeout = $2 }
key == "LABEL" {
  label = $2
  if (first == "") first = label
}
key == "MENU" && toupper($2) == "DEFAULT" { marked = label }
key == "LINUX" || key == "KERNEL" { linux[label] = text() }
key == "INITRD" { initrd[label] = text() }
key == "APPEND" { append[label] = text() }

END {
  chosen = first
  if (wanted in linux) chosen = wanted
  if (marked != "") chosen = marked
  if (on_timeout != "") chosen = on_timeout
  options = append[chosen]
  if (!(chosen in linux)) refused = "its default entry names no kernel"
  else if (linux[chosen] ~ /\.(c32|0|bin|bss|com|cbt|img)$/) refused = "its default entry boots no Linux by itself"
  # The older way to name it.
  if (match(options, /(^| )initrd=[^ ]+/)) {
    word = substr(options, RSTART, RLENGTH)
    sub(/^ ?initrd=/, "", word)
    if (initrd[chosen] == "") initrd[chosen] = word
  } else if (initrd[chosen] != "") {
    options = options (options == "" ? "" : " ") "initrd=" initrd[chosen]
  }
  if (refused == "") kernel = absolute(linux[chosen])
  n = split(initrd[chosen], names, ",")
  for (i = 1; i <= n; i++) names[i] = absolute(names[i])
  if (refused != "") {
    print "refused " refused
    exit
  }
  print "image " linux[chosen]
  print "linux " kernel
  for (i = 1; i <= n; i++) print "initrd " names[i]
  print "options " options
}
