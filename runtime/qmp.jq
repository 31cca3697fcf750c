# What QEMU says, a line each of words between tabs that bash can read: what it is, and
# what matters of it. Whatever else it says is left out, a line that is no JSON too.

def text: (if type == "string" then . else tojson end) | gsub("[[:cntrl:]]"; " ");

fromjson?
| if .QMP then ["greeting", (.QMP.version | "\(.qemu.major).\(.qemu.minor).\(.qemu.micro) (\(.package))")]
  elif has("return") then ["return", .id // "-", .return]
  elif has("error") then ["error", .id // "-", .error.desc]
  elif .event == "MIGRATION" then ["migration", .data.status]
  elif .event == "SHUTDOWN" then ["shutdown", .data.reason]
  elif .event == "GUEST_PANICKED" then ["shutdown", "guest-panic"]
  elif .event == "BLOCK_IO_ERROR" and .data.nospace then ["no-space"]
  # The runtime's own mark, behind all that QEMU said.
  elif .event == "END" then ["end"], halt
  else empty
  end
| map(text)
| join("\t")
