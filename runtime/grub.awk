# What GRUB would boot by itself: reads its variables, its configuration and, where that
# takes them, the entries of the Boot Loader Specification, in this order:
#
#   awk -v files="NAME…" -f grub.awk GRUBENV GRUB.CFG [ID.conf…]
#
# "files" are the names in the folder of GRUB.CFG. Prints "image", "linux", "initrd" and
# "options" with what they are, a line each, or "refused" and why. ($root) in "image" is
# the device that the files are on.
#
# A condition holds, does not hold, or is unknown, since it asks for what only firmware
# knows. What is unknown may decide about pictures and patience; where it would decide
# about the kernel, the answer is "refused".

function refuse(why) {
  if (refused == "") refused = why
}

# --- words ---------------------------------------------------------------------

# value(NAME): of a variable; what is not known taints the word that it is in.
function value(name) {
  if (name in unknown || name ~ /^[0-9?#*@]/) tainted = 1
  return (name in var) ? var[name] : ""
}

# split_line(LINE): adds its words to those of the statement, ends statements at ";".
# A word is kept as it is written, since variables have their value when it is carried out.
function split_line(line, i, c, quote, word, any) {
  quote = word = ""
  any = 0
  for (i = 1; i <= length(line); i++) {
    c = substr(line, i, 1)
    if (quote == "'") {
      word = word c
      if (c == "'") quote = ""
    } else if (c == "\\") {
      word = word c substr(line, ++i, 1)
      any = 1
    } else if (quote == "\"") {
      word = word c
      if (c == "\"") quote = ""
    } else if (c == "'" || c == "\"") {
      word = word c
      quote = c
      any = 1
    } else if (c == " " || c == "\t" || c == "\r" || c == ";") {
      if (any) add_word(word)
      word = ""
      any = 0
      if (c == ";") end_statement()
    } else if (c == "#" && !any) {
      break
    } else {
      word = word c
      any = 1
    }
  }
  if (any) add_word(word)
  if (quote != "") refuse("a quotation mark in its configuration is not closed")
  end_statement()
}

function add_word(word) {
  # A brace ends a statement, too.
  if (word == "{" || word == "}") {
    if (word == "}") end_statement()
    words[statements + 1, ++count[statements + 1]] = word
    end_statement()
    return
  }
  words[statements + 1, ++count[statements + 1]] = word
  # What follows is a statement of its own.
  if (count[statements + 1] == 1 && (word == "then" || word == "else" || word == "do")) end_statement()
}

function end_statement() {
  if (count[statements + 1] > 0) statements++
}

# expand(WORD): without quotes, variables replaced. Sets spaced when a quoted part has a space.
function expand(word, i, c, quote, out, name, before) {
  quote = out = ""
  spaced = 0
  for (i = 1; i <= length(word); i++) {
    c = substr(word, i, 1)
    if (quote == "'") {
      if (c == "'") quote = ""
      else out = out c
      if (c == " ") spaced = 1
    } else if (c == "\\") {
      out = out substr(word, ++i, 1)
      odd = 1
    } else if (c == "$") {
      name = substr(word, i + 1)
      if (match(name, /^\{[A-Za-z0-9_?#*@]+\}/)) {
        name = substr(name, 2, RLENGTH - 2)
        i += RLENGTH
      } else if (match(name, /^([A-Za-z_][A-Za-z0-9_]*|[0-9?#*@])/)) {
        name = substr(name, 1, RLENGTH)
        i += RLENGTH
      } else {
        out = out c
        continue
      }
      before = value(name)
      if (quote == "\"" && before ~ / /) spaced = 1
      out = out before
    } else if (c == "\"") {
      quote = (quote == "") ? c : ""
    } else if (c == "'" && quote == "") {
      quote = c
    } else {
      out = out c
      if (c == " ") spaced = 1
    }
  }
  return out
}

# --- conditions: 1 holds, 0 does not, 2 is unknown ------------------------------

function both(a, b) {
  return (a == 0 || b == 0) ? 0 : (a == 1 && b == 1) ? 1 : 2
}

function either(a, b) {
  return (a == 1 || b == 1) ? 1 : (a == 0 && b == 0) ? 0 : 2
}

function inverted(a) {
  return a == 2 ? 2 : 1 - a
}

# is_there(WORD): a file, as it is written; only the folder of the configuration is known.
function is_there(word, name) {
  gsub(/["']/, "", word)
  if (word !~ /^\$(prefix|\{prefix\}|config_directory|\{config_directory\})\/[^\/]+$/) return 2
  name = word
  sub(/.*\//, "", name)
  return index(" " files " ", " " name " ") > 0
}

# test(S, FROM, TO): of the words between brackets.
function test(s, from, to, i, a, b, op, result) {
  for (i = from; i <= to; i++) if (words[s, i] == "-o") return either(test(s, from, i - 1), test(s, i + 1, to))
  for (i = from; i <= to; i++) if (words[s, i] == "-a") return both(test(s, from, i - 1), test(s, i + 1, to))
  if (words[s, from] == "!") return inverted(test(s, from + 1, to))
  if (to - from == 1 && words[s, from] ~ /^-[fse]$/) return is_there(words[s, to])
  tainted = 0
  if (to < from) return 0
  if (to == from) {
    a = expand(words[s, from])
    return tainted ? 2 : a != ""
  }
  if (to - from == 1 && words[s, from] ~ /^-[nz]$/) {
    a = expand(words[s, to])
    return tainted ? 2 : (words[s, from] == "-n") == (a != "")
  }
  if (to - from == 2) {
    a = expand(words[s, from])
    op = words[s, from + 1]
    b = expand(words[s, to])
    if (tainted) return 2
    if (op == "=" || op == "==") return a == b ""
    if (op == "!=") return a != b ""
  }
  return 2
}

# condition(S, FROM): of the words of statement S from there on.
function condition(s, from, to) {
  to = count[s]
  if (words[s, from] == "!") return inverted(condition(s, from + 1))
  if (words[s, from] == "true" && to == from) return 1
  if (words[s, from] == "false" && to == from) return 0
  if (words[s, from] == "[" && words[s, to] == "]") return test(s, from + 1, to - 1)
  if (words[s, from] == "test") return test(s, from + 1, to)
  return 2
}

# --- statements -----------------------------------------------------------------

# state(): whether what stands here is carried out.
function state(i, result) {
  result = 1
  for (i = 1; i <= depth; i++) result = both(result, now[i])
  return result
}

# branches(S): whether the statement was one of if, for, while; keeps where that leads.
function branches(s, first, so_far) {
  first = words[s, 1]
  if (first == "if") {
    now[++depth] = condition(s, 2)
    taken[depth] = now[depth]
  } else if (first == "elif") {
    so_far = taken[depth]
    now[depth] = both(inverted(so_far), condition(s, 2))
    taken[depth] = either(so_far, now[depth])
  } else if (first == "else") {
    now[depth] = inverted(taken[depth])
  } else if (first == "for" || first == "while" || first == "until") {
    now[++depth] = 2
  } else if (first == "fi" || first == "done") {
    depth--
  } else {
    return first == "then" || first == "do"
  }
  if (depth < 0) refuse("its configuration is not well-formed")
  return 1
}

function assign(word, name, equals) {
  equals = index(word, "=")
  if (equals == 0) return
  name = substr(word, 1, equals - 1)
  if (name !~ /^[A-Za-z_][A-Za-z0-9_]*$/) return
  if (state() == 0) return
  tainted = 0
  var[name] = expand(substr(word, equals + 1))
  if (state() == 2 || tainted) unknown[name] = 1
  else delete unknown[name]
}

# skip_block(S): the statement that ends the block which S opened.
function skip_block(s, open) {
  open = 1
  while (open > 0 && s < statements) {
    s++
    if (words[s, count[s]] == "{") open++
    if (words[s, 1] == "}") open--
  }
  if (open > 0) refuse("a block of its configuration is not closed")
  return s
}

# call(NAME): what a function sets is not known from there on, for it is not carried out.
function call(name, s, word) {
  if (++calls > 20) refuse("its configuration is not understood")
  for (s = function_from[name]; s <= function_to[name] && refused == ""; s++) {
    word = words[s, words[s, 1] == "set" ? 2 : 1]
    if (word ~ /^[A-Za-z_][A-Za-z0-9_]*=/) {
      sub(/=.*/, "", word)
      unknown[word] = 1
    } else if (word in function_from && word != name) {
      call(word)
    }
    if (words[s, 1] in boots || words[s, 1] in loads) refuse("a function of its configuration boots")
  }
  calls--
}

# other_command(S): of which only matters which variables it may set.
function other_command(s, i, word) {
  if (state() == 0) return
  if (words[s, 1] in function_from) call(words[s, 1])
  if (words[s, 1] == "unset") {
    delete var[words[s, 2]]
    if (state() == 1) delete unknown[words[s, 2]]
  }
  if (words[s, 1] ~ /^(increment|decrement|read)$/) unknown[words[s, 2]] = 1
  for (i = 2; i <= count[s]; i++) {
    word = words[s, i]
    if (word !~ /^--set(=|$)/) continue
    if (word == "--set") word = words[s, i + 1]
    sub(/^--set=/, "", word)
    sub(/^[0-9]+:/, "", word)
    unknown[word] = 1
  }
}

# add_entry(S, END, PARENT): a menuentry or submenu that statement S opens.
function add_entry(s, end, parent, i, n, word) {
  if (state() == 0) return
  n = ++entries
  uncertain[n] = state() == 2
  parent_of[n] = parent
  place_of[n] = children[parent]++
  kind_of[n] = words[s, 1]
  from_of[n] = s + 1
  to_of[n] = end - 1
  title_of[n] = expand(words[s, 2])
  for (i = 3; i < count[s]; i++) {
    word = expand(words[s, i])
    if (word == "--id") id_of[n] = expand(words[s, i + 1])
    else if (word ~ /^--id=/) id_of[n] = substr(word, 6)
  }
}

# run_menu(FROM, TO, PARENT): carries out what is outside of menu entries.
function run_menu(from, to, parent, s, first, end, before) {
  for (s = from; s <= to && refused == ""; s++) {
    if (branches(s)) continue
    first = words[s, 1]
    if (first == "function") {
      end = skip_block(s)
      function_from[words[s, 2]] = s + 1
      function_to[words[s, 2]] = end - 1
      s = end
    } else if (first == "menuentry" || first == "submenu") {
      end = skip_block(s)
      add_entry(s, end, parent)
      if (first == "submenu" && state() != 0) {
        before = depth
        run_menu(s + 1, end - 1, entries)
        if (depth != before) refuse("its configuration is not well-formed")
      }
      s = end
    } else if (first == "set" && count[s] == 2) {
      assign(words[s, 2])
    } else if (count[s] == 1 && first ~ /^[A-Za-z_][A-Za-z0-9_]*=/) {
      assign(first)
    } else if (first == "load_env") {
      if (state() != 0) load_env()
    } else if (first in goes_on) {
      if (state() != 0) refuse("its configuration goes on in another file")
    } else if (first in boots) {
      if (state() != 0) refuse("its configuration boots without a menu")
    } else if (first == "blscfg") {
      if (state() == 2) refuse("what is in its menu depends on its firmware")
      if (state() == 1) add_specified(parent)
    } else if (first == "{" || first == "}") {
      refuse("its configuration is not well-formed")
    } else {
      other_command(s)
    }
  }
}

function load_env(name) {
  for (name in environment) {
    var[name] = environment[name]
    delete unknown[name]
  }
}

# add_specified(PARENT): the entries of the Boot Loader Specification, newest first.
function add_specified(parent, i, j, id, n, order) {
  for (i = 1; i <= specified; i++) order[i] = i
  for (i = 2; i <= specified; i++)
    for (j = i; j > 1 && newer(specified_id[order[j]], specified_id[order[j - 1]]); j--) {
      n = order[j]
      order[j] = order[j - 1]
      order[j - 1] = n
    }
  for (i = 1; i <= specified; i++) {
    n = ++entries
    parent_of[n] = parent
    place_of[n] = children[parent]++
    kind_of[n] = "specified"
    id_of[n] = specified_id[order[i]]
    title_of[n] = specified_title[id_of[n]]
  }
}

# newer(A, B): as package managers compare versions: by runs of digits, and of letters.
function newer(a, b, x, y) {
  while (a != "" || b != "") {
    sub(/^[^A-Za-z0-9~^]+/, "", a)
    sub(/^[^A-Za-z0-9~^]+/, "", b)
    if (a == "" || b == "") return a != ""
    match(a, /^([0-9]+|[A-Za-z]+|.)/)
    x = substr(a, 1, RLENGTH)
    a = substr(a, RLENGTH + 1)
    match(b, /^([0-9]+|[A-Za-z]+|.)/)
    y = substr(b, 1, RLENGTH)
    b = substr(b, RLENGTH + 1)
    if (x == y) continue
    if (x ~ /^[0-9]/ && y ~ /^[0-9]/) {
      if (x + 0 != y + 0) return x + 0 > y + 0
      continue
    }
    if (x ~ /^[0-9]/ || y ~ /^[0-9]/) return x ~ /^[0-9]/
    return x > y
  }
  return 0
}

# --- the entry that is booted ----------------------------------------------------

# choose(PATH): the entry of that place, id or title, below others after ">"; the first
# where there is none of it, as GRUB does.
function choose(path, parent, n, part, rest) {
  parent = 0
  rest = path
  while (1) {
    n = child(parent, rest)
    if (n > 0) return n
    part = rest
    if (index(rest, ">") == 0) return child(0, "0")
    sub(/>.*/, "", part)
    sub(/^[^>]*>/, "", rest)
    parent = child(parent, part)
    if (parent == 0) return child(0, "0")
  }
}

function child(parent, name, n) {
  for (n = 1; n <= entries; n++)
    if (parent_of[n] == parent && (id_of[n] == name "" || title_of[n] == name "")) return n
  if (name !~ /^[0-9]+$/) return 0
  for (n = 1; n <= entries; n++) if (parent_of[n] == parent && place_of[n] == name + 0) return n
  return 0
}

# take_linux(S): the kernel and its command line, as GRUB hands it over.
function take_linux(s, i, word) {
  linuxes++
  options = ""
  initrds = 0
  image = take_path(words[s, 2])
  linux = path
  for (i = 3; i <= count[s]; i++) {
    tainted = odd = 0
    word = expand(words[s, i])
    if (tainted) refuse("its kernel's command line depends on its firmware")
    if (odd || word ~ /["'\\]/) refuse("its kernel's command line has quotation marks or backslashes within words")
    if (spaced) word = "\"" word "\""
    else {
      gsub(/[ \t]+/, " ", word)
      sub(/^ /, "", word)
      sub(/ $/, "", word)
    }
    if (word != "") options = options (options == "" ? "" : " ") word
  }
}

# take_path(WORD): sets path; returns it with ($root) where it was written so.
function take_path(word, at) {
  at = ""
  if (match(word, /^\((\$root|\$\{root\})\)/)) {
    at = "($root)"
    word = substr(word, RLENGTH + 1)
  }
  tainted = odd = 0
  path = expand(word)
  if (tainted || path !~ /^\/[A-Za-z0-9._+@~=,:\/-]+$/ || path ~ /\/\.\.?(\/|$)/) refuse("the path of its kernel or initrd is not understood")
  return at path
}

function take_initrd(s, i) {
  for (i = 2; i <= count[s]; i++) {
    tainted = 0
    if (expand(words[s, i]) == "" && !tainted) continue
    take_path(words[s, i])
    initrd[++initrds] = path
  }
}

# run_entry(FROM, TO): the body of an entry.
function run_entry(from, to, s, first) {
  depth = 0
  for (s = from; s <= to && refused == ""; s++) {
    if (branches(s)) continue
    first = words[s, 1]
    if (state() == 0) continue
    if (first ~ /^linux(16|efi)?$/) {
      if (state() == 2) refuse("which kernel it boots depends on its firmware")
      take_linux(s)
    } else if (first ~ /^initrd(16|efi)?$/) {
      if (state() == 2) refuse("which initrd it boots with depends on its firmware")
      take_initrd(s)
    } else if (first == "set" && count[s] == 2) {
      assign(words[s, 2])
    } else if (first in goes_on || first in loads) {
      refuse("its entry boots no Linux by itself")
    } else {
      other_command(s)
    }
  }
  if (refused == "" && linuxes != 1) refuse(linuxes ? "its entry names more than one kernel" : "its entry names no kernel")
}

# run_specified(ID): an entry of the Boot Loader Specification, as the commands it stands for.
function run_specified(id, from) {
  from = statements + 1
  split_line("linux ($root)" specified_linux[id] " " specified_options[id])
  if (specified_initrd[id] != "") split_line("initrd " specified_initrd[id])
  run_entry(from, statements)
}

function start_of_file(id) {
  file++
  if (file <= 2) return
  id = FILENAME
  sub(/.*\//, "", id)
  sub(/\.conf$/, "", id)
  specified_id[++specified] = id
}

BEGIN {
  var["grub_platform"] = "pc"
  var["grub_cpu"] = "i386"
  var["prefix"] = var["config_directory"] = "(root)/grub"
  split("menuentry_id default_font_path all_video_module timeout_style platform_search_hint chainloader_bpb ntldr 200_final nativedisk_cmd", features, " ")
  for (i in features) var["feature_" features[i]] = "y"
  goes_on["source"] goes_on["."] goes_on["configfile"] goes_on["normal"]
  boots["linux"] boots["linux16"] boots["linuxefi"] boots["boot"]
  loads["chainloader"] loads["multiboot"] loads["multiboot2"] loads["kfreebsd"] loads["devicetree"]
}

FNR == 1 { start_of_file() }

# The block of variables that GRUB keeps, padded with "#".
file == 1 {
  equals = index($0, "=")
  if ($0 !~ /^#/ && equals > 1) environment[substr($0, 1, equals - 1)] = substr($0, equals + 1)
  next
}

file == 2 {
  if (++lines > 20000) {
    refuse("its configuration is too long")
    exit
  }
  line = unfinished $0
  unfinished = ""
  if (line ~ /\\$/) unfinished = substr(line, 1, length(line) - 1)
  else split_line(line)
  next
}

{
  key = $1
  text = $0
  sub(/^[ \t]*[^ \t]+[ \t]*/, "", text)
  sub(/[ \t\r]+$/, "", text)
  id = specified_id[specified]
  if (key == "title") specified_title[id] = text
  else if (key == "linux") specified_linux[id] = text
  else if (key == "initrd") specified_initrd[id] = specified_initrd[id] " " text
  else if (key == "options") specified_options[id] = specified_options[id] " " text
}

END {
  top = statements
  if (refused == "") run_menu(1, top, 0)
  if (refused == "" && entries == 0) refuse("its menu has no entry")
  tainted = 0
  default_entry = value("default")
  if (tainted) refuse("its default entry depends on its firmware")
  if (refused == "") chosen = choose(default_entry == "" ? "0" : default_entry)
  for (i = 1; i <= chosen; i++) if (uncertain[i]) refuse("what is in its menu depends on its firmware")
  if (refused == "" && kind_of[chosen] == "submenu") refuse("its default entry is a menu")
  if (refused == "" && kind_of[chosen] == "specified") run_specified(id_of[chosen])
  else if (refused == "") run_entry(from_of[chosen], to_of[chosen])
  if (refused != "") {
    print "refused " refused
    exit
  }
  print "image " image
  print "linux " linux
  for (i = 1; i <= initrds; i++) print "initrd " initrd[i]
  print "options " options
}
