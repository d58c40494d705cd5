#include "host/httpd_config.h"

#include <fnmatch.h>

#include <algorithm>
#include <array>
#include <set>

#include "text/ascii.h"
#include "text/path.h"
#include "text/utf8.h"

namespace ahdiag {
namespace {

constexpr std::size_t kMostFiles = 2000;
constexpr std::size_t kMostDirectives = 20000;
constexpr int kDeepest = 16;

bool is_kept(std::string_view name) {
  static constexpr std::array<std::string_view, 21> kNames = {"listen",
                                                              "user",
                                                              "group",
                                                              "documentroot",
                                                              "errorlog",
                                                              "pidfile",
                                                              "defaultruntimedir",
                                                              "loadmodule",
                                                              "servername",
                                                              "mutex",
                                                              "sslcertificatefile",
                                                              "sslcertificatekeyfile",
                                                              "serverroot",
                                                              "maxrequestworkers",
                                                              "serverlimit",
                                                              "customlog",
                                                              "scriptsock",
                                                              "coredumpdirectory",
                                                              "serveralias",
                                                              "threadsperchild",
                                                              "maxclients"};
  return std::ranges::find(kNames, name) != kNames.end();
}

// Modules that are no LoadModule line on any platform.
bool is_static(std::string_view module) {
  static constexpr std::array<std::string_view, 8> kModules = {"core",  "so",      "http_core",  "http",
                                                               "unixd", "version", "log_config", "logio"};
  return std::ranges::find(kModules, module) != kModules.end();
}

// "mod_ssl.c", "ssl_module": ssl.
std::string bare(std::string_view module) {
  if (module.ends_with(".c")) module.remove_suffix(2);
  if (module.ends_with("_module")) module.remove_suffix(7);
  consume(module, "mod_");
  return std::string(module);
}

// Words by httpd's rules: quotes of both kinds, a backslash in front of a quote. Source: server/util.c,
// ap_getword_conf.
std::vector<std::string> arguments_of(std::string_view text) {
  std::vector<std::string> words;
  for (text = trim_left(text); !text.empty(); text = trim_left(text)) {
    const char quote = text.front() == '"' || text.front() == '\'' ? text.front() : '\0';
    if (quote != '\0') text.remove_prefix(1);
    std::string word;
    std::size_t at = 0;
    for (; at < text.size() && (quote == '\0' ? !is_blank(text[at]) : text[at] != quote); ++at) {
      const bool escape =
          quote != '\0' && text[at] == '\\' && at + 1 < text.size() && (text[at + 1] == quote || text[at + 1] == '\\');
      if (escape) ++at;
      word += text[at];
    }
    text.remove_prefix(std::min(text.size(), at + (quote == '\0' ? 0 : 1)));
    words.push_back(std::move(word));
  }
  return words;
}

class Reader {
 public:
  Reader(const Tree& tree, std::string server_root, Variables variables)
      : tree_(tree), variables_(std::move(variables)) {
    config_.server_root = std::move(server_root);
  }

  void file(const std::string& path, int depth) {
    if (depth > kDeepest || ++files_ > kMostFiles) return;
    auto read = tree_.read(path);
    if (auto* problem = std::get_if<Problem>(&read)) return config_.unseen.push_back(std::move(*problem));
    std::string pending;
    std::size_t number = 0, first = 0;
    std::vector<Section> sections;
    for (auto line : split(std::get<std::string>(read), '\n')) {
      ++number;
      line = trim_right(line);
      if (pending.empty()) first = number;
      if (line.ends_with('\\')) {
        pending += line.substr(0, line.size() - 1);
        continue;
      }
      pending += line;
      statement(trim(pending), path, first, depth, sections);
      pending.clear();
    }
  }

  HttpdConfig take() { return std::move(config_); }

 private:
  struct Section {
    std::string name;
    bool off;
  };

  [[nodiscard]] std::string expand(std::string_view text) const {
    std::string out;
    for (auto hole = text.find("${"); hole != std::string_view::npos; hole = text.find("${")) {
      const auto end = text.find('}', hole);
      if (end == std::string_view::npos) break;
      const auto found = variables_.find(text.substr(hole + 2, end - hole - 2));
      out += text.substr(0, hole);
      out += found == variables_.end() ? text.substr(hole, end - hole + 1) : std::string_view(found->second);
      text.remove_prefix(end + 1);
    }
    return out + std::string(text);
  }

  [[nodiscard]] bool switched_off(const std::string& section, std::string argument) const {
    const bool negated = argument.starts_with('!');
    if (negated) argument.erase(0, 1);
    bool on = true;
    if (section == "ifdefine") {
      on = variables_.contains(argument);
    } else if (section == "ifmodule") {
      on = modules_.contains(bare(argument)) || is_static(bare(argument));
    } else if (section == "iffile") {
      on = tree_.look(config_.path_of(argument)).end == PathLook::End::there;
    } else {
      return false;
    }
    return on == negated;
  }

  void statement(std::string_view line, const std::string& path, std::size_t number, int depth,
                 std::vector<Section>& sections) {
    if (line.empty() || line.front() == '#') return;
    const bool off = std::ranges::any_of(sections, [](const Section& one) { return one.off; });
    if (line.starts_with("</")) {
      if (!sections.empty()) sections.pop_back();
      return;
    }
    if (line.front() == '<') {
      line.remove_prefix(1);
      if (line.ends_with('>')) line.remove_suffix(1);
      const auto words = arguments_of(expand(line));
      const std::string name = words.empty() ? "" : lower(words.front());
      sections.push_back({name, words.size() > 1 && switched_off(name, words[1])});
      return;
    }
    if (off) return;
    auto words = arguments_of(expand(line));
    if (words.empty()) return;
    const std::string name = lower(words.front());
    words.erase(words.begin());
    directive(name, std::move(words), {path, number, depth}, sections);
  }

  struct Where {
    const std::string& file;
    std::size_t line;
    int depth;
  };
  void directive(const std::string& name, std::vector<std::string> words, const Where& where,
                 const std::vector<Section>& sections) {
    if (name == "include" || name == "includeoptional") {
      for (const auto& pattern : words) include(pattern, where.depth);
      return;
    }
    if (words.empty()) return;
    if (name == "define") variables_[words[0]] = words.size() > 1 ? words[1] : "";
    if (name == "undefine") variables_.erase(words[0]);
    if (name == "serverroot") config_.server_root = words[0];
    if (name == "loadmodule") modules_.insert(bare(words[0]));
    if (!is_kept(name) || config_.directives.size() >= kMostDirectives) return;
    const bool in_host = std::ranges::any_of(sections, [](const Section& one) { return one.name == "virtualhost"; });
    config_.directives.push_back({name, std::move(words), where.file, where.line, in_host});
  }

  // A file, all files below a directory, or what a pattern matches. Source: server/config.c,
  // ap_process_fnmatch_configs.
  void include(const std::string& pattern, int depth) {
    std::vector<std::string> paths = {""};
    const std::string whole = config_.path_of(pattern);
    for (const auto part : split(whole, '/')) {
      if (part.empty()) continue;
      std::vector<std::string> next;
      for (const auto& parent : paths) {
        if (part.find_first_of("*?[") == std::string_view::npos) {
          next.push_back(parent + "/" + std::string(part));
          continue;
        }
        for (const auto& name : tree_.list(parent.empty() ? "/" : parent)) {
          if (::fnmatch(std::string(part).c_str(), name.c_str(), FNM_PERIOD) == 0) next.push_back(parent + "/" + name);
        }
      }
      paths = std::move(next);
    }
    for (const auto& path : paths) file_or_directory(path, depth + 1);
  }

  void file_or_directory(const std::string& path, int depth) {
    const PathLook look = tree_.look(path);
    if (look.end == PathLook::End::missing || depth > kDeepest) return;
    const bool directory = look.end == PathLook::End::there && look.last()->type == FileType::directory;
    if (!directory) return file(path, depth);
    std::string parent = path;
    while (parent.ends_with('/')) parent.pop_back();
    for (const auto& name : tree_.list(path)) file_or_directory(parent + "/" + name, depth + 1);
  }

  const Tree& tree_;
  Variables variables_;
  std::set<std::string, std::less<>> modules_;
  HttpdConfig config_;
  std::size_t files_ = 0;
};

}  // namespace

const HttpdDirective* HttpdConfig::last(std::string_view name) const {
  const HttpdDirective* found = nullptr;
  for (const auto& one : directives) {
    if (one.name == name && !one.in_host) found = &one;
  }
  return found;
}

std::vector<const HttpdDirective*> HttpdConfig::all(std::string_view name) const {
  std::vector<const HttpdDirective*> found;
  for (const auto& one : directives) {
    if (one.name == name) found.push_back(&one);
  }
  return found;
}

std::string HttpdConfig::path_of(std::string_view argument) const {
  if (argument.starts_with('/')) return std::string(argument);
  return (server_root == "/" ? "" : server_root) + "/" + std::string(argument);
}

Variables read_envvars(std::string_view text) {
  Variables all;
  for (auto line : split(text, '\n')) {
    line = trim(line);
    consume(line, "export ");
    const auto equals = line.find('=');
    const auto name = line.substr(0, equals);
    const bool plain = equals != std::string_view::npos && !name.empty() &&
                       std::ranges::all_of(name, [](char c) { return is_alnum(c) || c == '_'; });
    if (!plain) continue;
    std::string value;
    const auto words = arguments_of(line.substr(equals + 1));
    std::string_view rest = words.empty() ? std::string_view() : std::string_view(words.front());
    while (!rest.empty()) {
      const auto dollar = rest.find('$');
      value += rest.substr(0, dollar);
      rest.remove_prefix(std::min(rest.size(), dollar));
      if (!consume(rest, "$")) continue;
      const bool braces = consume(rest, "{");
      const auto length = static_cast<std::size_t>(
          std::ranges::find_if_not(rest, [](char c) { return is_alnum(c) || c == '_'; }) - rest.begin());
      if (const auto known = all.find(rest.substr(0, length)); known != all.end()) value += known->second;
      rest.remove_prefix(length);
      // "${X##pattern}": shell arithmetic on words is not followed.
      if (braces)
        rest.remove_prefix(
            std::min(rest.size(), rest.find('}') == std::string_view::npos ? rest.size() : rest.find('}') + 1));
    }
    all.insert_or_assign(std::string(name), std::move(value));
  }
  return all;
}

HttpdConfig read_httpd_config(const Tree& tree, const std::string& file, const std::string& server_root,
                              const Variables& variables) {
  Reader reader(tree, server_root, variables);
  reader.file(file, 0);
  return reader.take();
}

}  // namespace ahdiag
