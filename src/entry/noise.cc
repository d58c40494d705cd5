#include "entry/noise.h"

#include <algorithm>
#include <array>

#include "entry/noise_words.h"
#include "input/framing.h"
#include "text/ascii.h"
#include "text/beginnings.h"
#include "text/stamp.h"

namespace ahdiag {
namespace {

constexpr CharSet kMarks("-=_*~.#`");

bool is_of_marks(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return kMarks.has(c); });
}

// "==> /var/log/httpd/error_log <==" of tail, and a bare path at the top of a viewer.
bool is_source(std::string_view text) {
  if (begins_with(text, "==> ") && text.ends_with(" <==")) return true;
  if (!begins_with(text, "/var/log/") && !begins_with(text, "/usr/local/apache")) return false;
  const auto word = text.substr(0, text.find(' '));
  return (word.ends_with("log") || word.ends_with("log:")) && word.find(':') >= word.size() - 1;
}

constexpr auto kPrompts = beginnings(std::to_array<std::string_view>(
    {"$ ", "# ", "% ", "/ # ", "sh-", "bash-", "PS C:\\", "\xE2\x9D\xAF ", "\xE2\x9E\x9C "}));

constexpr auto kCommands = beginnings(std::to_array<std::string_view>(
    {"sudo ", "systemctl ", "journalctl ",     "service ",   "apachectl ", "apache2ctl ", "httpd -",      "tail -",
     "cat /", "docker ",    "docker-compose ", "kubectl ",   "ausearch ",  "grep ",       "/etc/init.d/", "vi ",
     "vim ",  "nano /",     "less /",          "rcapache2 ", "a2en",       "a2dis"}));

bool is_word_byte(char c) { return is_alnum(c) || c == '_' || c == '-' || c == '.'; }

// "root@web:~# ", "[root@web ~]$ ", "bash-5.1# ", "user@host MINGW64 ~", "PS C:\> ", "C:\Apache24\bin>".
bool is_prompt(std::string_view text) {
  constexpr std::size_t kLongestPrompt = 120;
  if (text == "$" || text == "#" || text == "%") return true;
  if (kPrompts.find(text) != nullptr) return true;
  if (text.size() > 3 && is_alpha(text[0]) && text[1] == ':' && text[2] == '\\')
    return text.substr(0, kLongestPrompt).find('>') != std::string_view::npos;
  const auto head = text.substr(0, kLongestPrompt);
  std::size_t at = head.starts_with('[') || head.starts_with('(') ? 1 : 0;
  const std::size_t begin = at;
  while (at < head.size() && is_word_byte(head[at])) ++at;
  if (at == begin || at >= head.size() || head[at] != '@') return false;
  const auto end = head.find_first_of("$#%>", at);
  return end != std::string_view::npos && (end + 1 == text.size() || text[end + 1] == ' ') &&
         !contains(head.substr(0, end), ": ");
}

bool is_command(std::string_view text) { return kCommands.find(text) != nullptr && !contains(text, ": "); }

// '203.0.113.9 - - [22/Nov/2026:15:20:05 +0000] "GET / …': the date before the first quotation mark tells it.
bool is_access(std::string_view text) {
  constexpr std::string_view kDate = "[dd/Mon/yyyy:";
  auto at = text.find('[');
  if (at == std::string_view::npos) return false;
  const auto head = text.substr(0, text.find('"'));
  for (; at < head.size(); at = head.find('[', at + 1)) {
    const auto date = head.substr(at);
    if (date.size() > kDate.size() && is_digit(date[1]) && date[3] == '/' && date[7] == '/' && date[12] == ':' &&
        is_upper(date[4]))
      return true;
  }
  return false;
}

// "#1 {main}", "#12 /srv/x.php(3): f()"
bool is_php_frame(std::string_view text) { return consume(text, "#") && consume_number(text) && text.starts_with(' '); }

// "[12-Feb-2016 16:44:51] WARNING: [pool www] …" of FPM, "[12-Feb-2016 16:44:51 UTC] PHP Warning: …" of error_log.
bool is_php_dated(std::string_view text) {
  return text.size() > 22 && text[0] == '[' && is_digit(text[1]) && text[3] == '-' && is_upper(text[4]) &&
         text[7] == '-' && text[12] == ' ';
}

// "2016-05-18 16:27:35,381 INFO spawned: …"
bool is_supervisor(std::string_view text) {
  if (text.empty() || !is_digit(text.front())) return false;
  if (!consume_iso_time(text) || !consume(text, " ")) return false;
  constexpr std::array<std::string_view, 7> kLevels = {"INFO ", "WARN ", "CRIT ", "ERRO ", "DEBG ", "TRAC ", "BLAT "};
  return std::ranges::any_of(kLevels, [text](std::string_view level) { return text.starts_with(level); });
}

// "web-1 exited with code 1" of compose.
bool is_exit(std::string_view text) {
  std::string_view code = text.substr(std::min(text.size(), text.find(' ')));
  return consume(code, " exited with code ") && consume_number(code) && code.empty();
}

// What the Windows event viewer copies: the names of its columns, and the event in front of ">>> ".
bool is_event(std::string_view text) {
  return begins_with(text, "Level\tDate and Time") ||
         (text.ends_with("reported the following error:") && contains(text, "The Apache service named"));
}

// suexec: "[2014-12-16 17:26:00]: uid: …"; mod_jk; Passenger: "[ 2024-03-13 07:02:11.1234 812/7f01 age/…:221 ]: …".
bool is_module_log(std::string_view text) {
  std::string_view rest = text;
  if (consume(rest, "[ ")) return consume_iso_time(rest).has_value();
  if (!consume(rest, "[")) return false;
  if (consume_iso_time(rest)) return rest.starts_with("]: ");
  return is_stamped(text) && is_jk(text);
}

// "lines 1-17/17 (END)", "-- More --(50%)".
bool is_pager(std::string_view text) {
  return begins_with(text, "lines ") && text.size() < 40 && text.size() > 6 && is_digit(text[6]);
}

// "App 123 output: …" of Passenger, which passes on what applications write.
bool is_app_output(std::string_view text) {
  return consume(text, "App ") && consume_number(text) &&
         (text.starts_with(" output: ") || text.starts_with(" stdout: "));
}

// "at org.example.Main.run(Main.java:3)"
bool is_java_frame(std::string_view text) {
  return (begins_with(text, "at ") && text.ends_with(')') && contains(text, "(")) ||
         (begins_with(text, "... ") && text.ends_with(" more"));
}

// What the words around a colon tell.
Noise noise_at_colon(std::string_view head, std::size_t colon) {
  const auto rest = head.substr(colon);
  if (!begins_with(rest, ": ")) return Noise::none;
  const auto before = head.substr(0, colon);
  if (begins_with(rest, ": error while loading shared libraries: ") || begins_with(rest, ": symbol lookup error: "))
    return Noise::linker;
  if (begins_with(rest, ": segfault at ") && before.ends_with(']')) return Noise::kernel;
  if (begins_with(rest, ": Assertion `") || before.ends_with("==ERROR")) return Noise::runtime;
  return begins_with(rest, ":  denied") && before.ends_with("avc") ? Noise::audit : Noise::none;
}

// Which is believed where a line has several: the later of these.
std::ptrdiff_t rank(Noise noise) {
  static constexpr std::array kRanks = {Noise::none, Noise::audit, Noise::runtime, Noise::kernel, Noise::linker};
  return std::ranges::find(kRanks, noise) - kRanks.begin();
}

bool is_out_of_memory(std::string_view head) {
  constexpr std::string_view kBefore = " invoked oom", kAfter = "-killer";
  for (auto at = head.find('-'); at != std::string_view::npos; at = head.find('-', at + 1)) {
    if (begins_with(head.substr(at), kAfter) && head.substr(0, at).ends_with(kBefore)) return true;
  }
  return false;
}

// Anywhere on the line: the program's name stands in front.
Noise inner_noise(std::string_view text) {
  constexpr std::size_t kLongestHead = 200;
  auto head = text.substr(0, kLongestHead);
  head = head.substr(0, head.find('"'));
  Noise found = is_out_of_memory(head) ? Noise::kernel : Noise::none;
  for (auto at = head.find(':'); at != std::string_view::npos; at = head.find(':', at + 1)) {
    const Noise noise = noise_at_colon(head, at);
    if (rank(noise) > rank(found)) found = noise;
  }
  return found;
}

// "● httpd.service - The Apache HTTP Server", whatever became of the bullet.
bool is_unit_title(std::string_view text) {
  if (begins_with(text, "* ") && contains(text, ".service")) return true;
  const auto unit = text.substr(0, text.find(' '));
  return (unit.ends_with(".service") || unit.ends_with(".socket")) && text.substr(unit.size()).starts_with(" - ");
}

// "sed: couldn't open temporary file": a name, a colon, words.
bool is_program(std::string_view text) {
  constexpr std::size_t kLongestName = 58;
  const auto fits = [](char c) { return is_word_byte(c) || c == '/' || c == '[' || c == ']'; };
  std::size_t size = 0;
  while (size < text.size() && size <= kLongestName && fits(text[size])) ++size;
  if (size == 0 || size > kLongestName || !begins_with(text.substr(size), ": ")) return false;
  const auto name = text.substr(0, size);
  const auto base = name.substr(name.rfind('/') + 1);
  return !base.starts_with("httpd") && !base.starts_with("apache") && !base.starts_with("AH");
}

}  // namespace

Noise noise_of(std::string_view text) {
  if (is_of_marks(text)) return Noise::mark;
  if (text.front() == '{' && text.back() == '}') return Noise::object;
  if (is_access(text)) return Noise::access;
  if (is_source(text)) return Noise::source;
  if (is_pager(text)) return Noise::pager;
  if (begins_with(text, "mod_fcgid: stderr: ")) return Noise::output;
  if (begins_bare(text)) return Noise::bare;
  if (const Noise known = known_beginning(text); known != Noise::none) return known;
  if (is_app_output(text)) return Noise::output;
  if (is_java_frame(text) || is_php_frame(text)) return Noise::trace;
  if (is_php_dated(text)) return Noise::php;
  if (is_supervisor(text) || is_exit(text)) return Noise::supervisor;
  if (is_event(text)) return Noise::script;
  if (is_module_log(text)) return Noise::module;
  if (is_prompt(text) || is_command(text)) return Noise::prompt;
  if (const Noise inner = inner_noise(text); inner != Noise::none) return inner;
  if (is_unit_title(text)) return Noise::service;
  return is_program(text) ? Noise::program : Noise::none;
}

bool is_jk(std::string_view text) {
  std::string_view rest = text.substr(std::min(text.size(), text.find(']')));
  if (rest.starts_with("][")) return true;
  return consume(rest, "] [") && consume_number(rest) && consume(rest, ":") && consume_number(rest) &&
         rest.starts_with(']');
}

bool is_strangers(Noise noise) {
  return noise == Noise::access || noise == Noise::object || noise == Noise::php || noise == Noise::output ||
         noise == Noise::trace || noise == Noise::module;
}

bool ends_entry(Noise noise) {
  return noise != Noise::none && noise != Noise::program && noise != Noise::bare && noise != Noise::pager;
}

std::string_view noise_name(Noise noise) {
  static constexpr std::array<std::string_view, static_cast<std::size_t>(Noise::kNoises)> kNames = {
      "none",   "mark",   "pager", "prompt", "script",  "service", "source", "access",     "object",  "php",
      "module", "output", "trace", "linker", "runtime", "audit",   "kernel", "supervisor", "program", "bare"};
  return kNames.at(static_cast<std::size_t>(noise));
}

}  // namespace ahdiag
