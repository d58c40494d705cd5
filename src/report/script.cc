// The plans as one POSIX shell script. What the log told stands in it only as single-quoted words.
#include <fmt/format.h>

#include "report/report.h"
#include "report/steps.h"
#include "text/shell.h"
#include "text/utf8.h"

namespace ahdiag {
namespace {

// Everything is a function and the last line calls main, so that half a script does nothing.
// Source: POSIX.1-2017, Shell Command Language; mktemp and find -perm as in coreutils, busybox and the BSDs.
constexpr std::string_view kBegin = R"sh(set -u
umask 022
LC_ALL=C
PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin
export LC_ALL PATH
temporary=
trap '[ -z "$temporary" ] || rm -f -- "$temporary"' EXIT
trap 'exit 130' HUP INT TERM

usage() {
  cat <<EOT
usage: sh $0 [-y] [WORD [FINDING...]]
  show      print the plan, do nothing (also without any word)
  inspect   look only; exit status 1 if something is not as the plan expects
  repair    mend it now
  persist   make it last
  verify    prove that it works
  undo      take back what repair and persist did
  all       repair, persist, verify
FINDING: a number out of $findings; none: all, the worst first. -y: what is for a person is done.
Exit status: 0 done, 1 a step failed and nothing after it was done, 2 usage, 3 something is left to a person.
EOT
}

refuse() {
  printf '%s: %s\n' "$0" "$1" >&2
  exit 2
}

finding() { # NUMBER TITLE SUMMARY
  here=$1 left=no heading=
  printf '\n%s. %s\n' "$1" "$2"
  [ -z "$3" ] || printf '   %s\n' "$3"
}

step() { # NUMBER PHASE WHY: what follows belongs to it
  number=$1 phase=$2 why=$3 exits=any output='' line=
  [ "$phase" = inspect ] || exits=0
  wanted=no
  case " $phases " in *" $phase "*) [ "$left" = yes ] || wanted=yes ;; esac
  [ "$wanted" = yes ] || return 0
  [ "$heading" = "$phase" ] || printf '\n  %s\n' "$phase"
  heading=$phase
  printf '  %s %s\n' "$number" "$why"
}

expect() { # EXIT-STATUSES OUTPUT: of the command that follows
  exits=$1 output=$2
}

quoted() {
  case $1 in
    '' | *[!A-Za-z0-9_./:=@%+,-]*) printf "'%s'" "$(printf '%s\n' "$1" | sed "s/'/'\\\\''/g")" ;;
    *) printf '%s' "$1" ;;
  esac
}

tell() { # ARGV
  line=
  for word; do line="$line${line:+ }$(quoted "$word")"; done
  printf '      %s\n' "$line"
}

run() { # ARGV
  [ "$wanted" = yes ] || return 0
  tell "$@"
  [ "$doing" = yes ] || return 0
  if [ -n "$output" ]; then
    said=$("$@" 2>&1 </dev/null)
    status=$?
    printf '%s\n' "$said"
    case $said in *"$output"*) ;; *) status="$status without '$output'" ;; esac
  else
    "$@" </dev/null
    status=$?
  fi
  case "$exits:$status" in any:126 | any:127) ;; any:*) return 0 ;; esac
  case " $exits " in *" $status "*) did; return 0 ;; esac
  [ "$phase" = inspect ] || stop "exit status $status"
  printf '      (exit status %s; the plan expects %s: it may be mended already, or have another cause)\n' "$status" "$exits"
  different=yes
}

did() {
  case $phase in repair | persist) changed="$changed $number" ;; esac
}

stop() { # WHAT: ends the script
  printf '\n%s: stopped at step %s (%s): %s\n  %s\n' "$0" "$number" "$phase" "$1" "$why" >&2
  [ -z "$line" ] || printf '  %s\n' "$line" >&2
  [ -z "$changed" ] || printf '  Done before it:%s. To take that back: sh %s undo %s\n' "$changed" "$0" "$here" >&2
  exit 1
}

# The file as a whole or not at all; one that was there before is kept beside it for undo.
write() { # PATH MODE OWNER GROUP, the content from standard input
  [ "$wanted" = yes ] || return 0
  line="write $(quoted "$1") (mode $2, $3:$4)"
  printf '      %s\n' "$line"
  if [ "$doing" = no ]; then
    tr -c '[:print:]\n' '?' | sed 's/^/      | /'
    return 0
  fi
  [ ! -d "$1" ] || stop "a directory stands there"
  temporary=$(mktemp "${1%/*}/.ahdiag.XXXXXX") || stop "no file can be made there"
  cat >"$temporary" || stop "the file cannot be written"
  chown "$3:$4" "$temporary" || stop "the owner cannot be set"
  chmod "$2" "$temporary" || stop "the mode cannot be set"
  if cmp -s "$temporary" "$1" && [ -n "$(find "$1" -prune -type f -perm "$2" -user "$3" -group "$4")" ]; then
    rm -f -- "$temporary"
    printf '      (it is so already)\n'
  else
    if [ -e "$1" ] && [ ! -e "$1.before-ahdiag" ]; then
      cp -p -- "$1" "$1.before-ahdiag" || stop "the file that was there cannot be kept"
    fi
    mv -f -- "$temporary" "$1" || stop "the file cannot be put in its place"
  fi
  temporary=
  did
}

unwrite() { # PATH
  [ "$wanted" = yes ] || return 0
  if [ -e "$1.before-ahdiag" ]; then
    run mv -f -- "$1.before-ahdiag" "$1"
  else
    run rm -f -- "$1"
  fi
}

by_hand() { # TEXT
  [ "$wanted" = yes ] || return 0
  printf '      By hand: %s\n' "$1"
  [ "$doing" = yes ] && [ "$phase" != inspect ] || return 0
  if [ "$yes" = yes ]; then
    printf '      (taken as done)\n'
    return 0
  fi
  if [ -t 0 ] && [ -t 1 ]; then
    printf '      Done? [y/N] '
    read -r answer || answer=
    case $answer in [Yy]*) return 0 ;; esac
  fi
  open="$open $number" left=yes
}

stays() { # NUMBER WHY: what undo does not take back
  [ "$phases" != undo ] || printf '  %s stays: %s\n' "$1" "$2"
}

note() { # TEXT
  [ "$doing" = yes ] || printf '  Note: %s\n' "$1"
}

choose() { # WORD
  doing=yes
  case $1 in
    show) phases='inspect repair persist verify undo' doing=no ;;
    all) phases='repair persist verify' ;;
    inspect | repair | persist | verify | undo) phases=$1 ;;
    *) usage >&2; exit 2 ;;
  esac
}

need_root() {
  [ "$doing" = yes ] && [ "$(id -u)" != 0 ] || return 0
  [ "$phases" = inspect ] || refuse "only root can do that; nothing was done. Try: sudo sh $0"
  printf '%s: only root sees everything; going on\n' "$0" >&2
}

backwards() {
  turned=
  for one; do turned="$one $turned"; done
  printf '%s' "$turned"
}

close() {
  if [ "$doing" = no ]; then
    printf '\nNothing was done. To do it, as root: sh %s all   (sh %s help tells more)\n' "$0" "$0"
  elif [ -n "$open" ]; then
    printf '\nLeft to a person:%s. Steps of that finding after it were not done; then again, with -y.\n' "$open"
    exit 3
  elif [ "$different" = yes ]; then
    printf '\nSomething is not as the plan expects; see above.\n'
    exit 1
  else
    printf '\nDone.\n'
  fi
  exit 0
}

main() {
  yes=no open='' changed='' different=no
  if [ "${1-}" = -y ]; then yes=yes; shift; fi
  case ${1-} in help | -h | --help) usage; exit 0 ;; esac
  choose "${1-show}"
  [ $# -eq 0 ] || shift
  for one; do
    case $one in '' | 0* | *[!0-9]* | ??????*) refuse "no finding is called '$one'" ;; esac
    [ "$one" -le "$findings" ] || refuse "there are $findings findings, none is number $one"
  done
  need_root
  if [ "$findings" = 0 ]; then
    printf 'Nothing to do: no entry of the log is explained by a rule.\n'
    exit 0
  fi
  if [ $# -eq 0 ]; then
    one=0
    while [ "$one" -lt "$findings" ]; do one=$((one + 1)); set -- "$@" "$one"; done
  fi
  # shellcheck disable=SC2046 # numbers, to be split
  [ "$phases" != undo ] || set -- $(backwards "$@")
  for one; do "finding_$one"; done
  close
}
)sh";

std::string shown_word(std::string_view text) { return shell_word(printable(text)); }

std::string expectation(const Expect& expect) {
  const auto exits = expect.exits.empty() ? std::string("0") : fmt::format("{}", fmt::join(expect.exits, " "));
  return fmt::format("  expect {} {}\n", shell_word(exits), shell_word(expect.output));
}

std::string action(const Step& step, const std::vector<Step>& all) {
  if (const auto* removed = removed_by(step, all)) return fmt::format("  unwrite {}\n", shell_word(removed->path()));
  if (const auto* command = std::get_if<Command>(&step.action))
    return fmt::format("  run {}\n", shell_line(command->argv()));
  if (const auto* file = std::get_if<FileWrite>(&step.action))
    return fmt::format("  write {} {} {} {} {}", shell_word(file->path()), shell_word(file->mode()),
                       shell_word(file->owner()), shell_word(file->group()), here_document(file->content()));
  return fmt::format("  by_hand {}\n", shown_word(std::get<Manual>(step.action).text));
}

std::string steps_of(const std::vector<Step>& steps, std::size_t finding) {
  std::string text;
  for (std::size_t i = 0; i < steps.size(); ++i) {
    const Step& step = steps[i];
    text += fmt::format("\n  step {}.{} {} {}\n", finding, i + 1, phase_name(step.phase), shown_word(why_of(step)));
    if (step.expect) text += expectation(*step.expect);
    text += action(step, steps);
    if (!step.undo_note.empty()) text += fmt::format("  stays {}.{} {}\n", finding, i + 1, shown_word(step.undo_note));
  }
  return text;
}

std::string finding(const Finding& one, std::size_t number) {
  std::string text = fmt::format("\nfinding_{}() {{\n  finding {} {} {}\n", number, number,
                                 shown_word(heading_of(one.diagnosis)), shown_word(one.plan.summary));
  text += steps_of(one.plan.steps, number);
  for (const auto& other : one.plan.alternatives)
    text += fmt::format("  note {}\n", shown_word("another way: " + other.title + " (" + other.when + ")"));
  for (const auto& note : one.plan.notes) text += fmt::format("  note {}\n", shown_word(note));
  return text + "}\n";
}

}  // namespace

std::string to_script(const Report& report) {
  const std::size_t count = report.findings.size();
  std::string text = fmt::format(
      "#!/bin/sh\n"
      "# Made by ahdiag {} for {}; for the machine that wrote the log. 'sh plan.sh help' tells how to use it.\n"
      "# Words stand in single quotes so that nothing in them is expanded; not every plan uses every function.\n"
      "# shellcheck disable=SC2016,SC2317,SC2329\n"
      "findings={}\n",
      report.version, report.setting.platform, count);
  text += kBegin;
  for (std::size_t i = 0; i < count; ++i) text += finding(report.findings[i], i + 1);
  return text + "\nmain \"$@\"\n";
}

}  // namespace ahdiag
