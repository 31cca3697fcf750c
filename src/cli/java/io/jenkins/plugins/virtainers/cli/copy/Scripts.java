package io.jenkins.plugins.virtainers.cli.copy;

/**
 * What runs in a guest. sh, and the least of its companions: mkdir, mv, rm, chmod, touch, stat, dd, head. Not tar: minimal
 * images lack it, and it would write half files under their names. Not sftp: a guest's sshd need not have it. One shell
 * does a whole folder, for a login of its own for each file would take longer than the file.
 */
final class Scripts {
    /** What {@link #SEND} says first. */
    static final String BEGIN = "virtainer-cp";

    /** Arguments: path. Prints the umask, and what is there: folder, file or none. */
    static final String LOOK = """
            umask
            if [ -d "$1" ]; then echo folder; elif [ -e "$1" ] || [ -L "$1" ]; then echo file; else echo none; fi
            """;

    /** Arguments: path, r for folders too. Writes headers and contents; see {@link GuestReader}. */
    static final String SEND = """
            export LC_ALL=C
            r=$2
            complain() { printf 'E %s\\t%s\\0' "$2" "$1"; }
            # Whether a link leads to a folder that it is in: such a copy would have no end.
            circles() {
              at=$(cd -P "${1%/*}/" && pwd -P) && to=$(cd -P "$1" && pwd -P) || return 1
              case $at/ in "${to%/}"/*) return 0 ;; esac
              return 1
            }
            send() {
              if [ -d "$1" ]; then
                if [ "$r" != r ]; then printf 'R\\0'; return; fi
                if ! [ -r "$1" ] || ! [ -x "$1" ]; then complain "$1" 'Permission denied'; return; fi
                printf 'D %s %s\\0' "$(stat -L -c '%a %Y' "$1")" "$2"
                for each in "$1"/* "$1"/.[!.]* "$1"/..?*; do
                  if [ -L "$each" ] && [ -d "$each" ] && circles "$each"; then
                    complain "$each" 'it is a link to a folder that it is in'
                  elif [ -e "$each" ] || [ -L "$each" ]; then
                    send "$each" "${each##*/}"
                  fi
                done
                printf 'U\\0'
              elif ! [ -e "$1" ]; then complain "$1" 'no such file or folder'
              elif ! [ -f "$1" ]; then complain "$1" 'not a regular file'
              elif ! [ -r "$1" ]; then complain "$1" 'Permission denied'
              else
                about=$(stat -L -c '%a %Y %s' "$1")
                # What the kernel makes up, as in /proc, has a size of 0 and content.
                case $about in *' 0') about="${about% 0} $(($(wc -c <"$1")))" ;; esac
                printf 'F %s %s\\0' "$about" "$2"
                head -c "${about##* }" <"$1"
                printf '.\\0'
              fi
            }
            printf 'virtainer-cp\\0'
            send "$1" "${1##*/}"
            """;

    /**
     * Arguments: folder, p to preserve. Reads a line for each thing: kind, mode, time, blocks and bytes of content, name
     * as printf %b reads it; after that of a file its content, and whether it is whole. See {@link GuestReplies} for what
     * it writes.
     */
    static final String RECEIVE = """
            export LC_ALL=C
            umask 077
            folder=$1 preserve=$2 made= skip=0 part=
            trap 'if [ -n "$part" ]; then rm -f "$part"; fi' EXIT
            trap 'exit 1' HUP INT TERM PIPE
            complain() { printf '%s\\0%s\\0%s\\0' "$1" "$2" "$3"; }
            # dd reads what it is told and not a byte more, which head and cat do not.
            content() {
              if [ "$blocks" -gt 0 ]; then dd bs=1048576 count="$blocks" iflag=fullblock || return; fi
              if [ "$rest" -gt 0 ]; then dd bs="$rest" count=1 iflag=fullblock || return; fi
            }
            pass_over() { content >/dev/null 2>&1; read -r end || exit 1; }
            dress() {
              chmod "$1" "$2" && if [ "$time" != - ]; then TZ=UTC0 touch -t "$time" "$2"; fi
            }
            file() {
              if [ -d "$1" ]; then complain no "$1" 'a folder of that name is there'; pass_over; return; fi
              to=$1
              if [ -L "$to" ] && [ -e "$to" ]; then to=$(readlink -f "$to"; echo .); to=${to%??}; fi
              if [ -e "$to" ] && ! [ -f "$to" ]; then
                # A device or pipe stays what it is.
                if why=$({ content >"$to"; } 2>&1); then read -r end || exit 1; else complain end "$1" "$why"; exit 1; fi
                return
              fi
              part=${to%/*}/.virtainer-cp-$$.part
              # Never through a link that somebody put there.
              if ! why=$({ rm -f "$part" && set -C && : >"$part"; } 2>&1); then
                part=
                complain no "$1" "$why"
                pass_over
                return
              fi
              if ! why=$({ content >>"$part"; } 2>&1); then complain end "$1" "$why"; exit 1; fi
              read -r end || exit 1
              if [ "$end" = ok ]; then
                if [ "$preserve" != p ] && [ -e "$to" ]; then mode=$(stat -c %a "$to"); fi
                why=$({ dress "$mode" "$part" && mv -f "$part" "$to"; } 2>&1) || complain no "$1" "$why"
              fi
              rm -f "$part"
              part=
            }
            enter() {
              if [ "$skip" -gt 0 ]; then skip=$((skip + 1))
              elif [ -d "$1" ]; then folder=$1 made=n$made
              elif why=$(mkdir "$1" 2>&1); then folder=$1 made=y$made
              else complain no "$1" "$why"; skip=1
              fi
            }
            leave() {
              if [ "$skip" -gt 0 ]; then skip=$((skip - 1)); return; fi
              case $preserve$made in
                p* | y*) why=$(dress "$mode" "$folder" 2>&1) || complain no "$folder" "$why" ;;
              esac
              folder=${folder%/*} made=${made#?}
            }
            while read -r kind mode time blocks rest name; do
              case $name in *\\\\*) name=$(printf '%b.' "$name"); name=${name%.} ;; esac
              case $kind in
                D) enter "$folder/$name" ;;
                U) leave ;;
                F) if [ "$skip" -gt 0 ]; then pass_over; else file "$folder/$name"; fi ;;
              esac
            done
            """;

    private Scripts() {}
}
