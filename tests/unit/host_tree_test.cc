#include "host_tree.h"

#include <array>

#include "host/sights.h"

namespace ahdiag {
namespace {

using test::TestTree;
using End = PathLook::End;

TEST_CASE("a path is told component by component") {
  const TestTree tree = TestTree().file("/srv/www/index.html", "x", 0640);
  const Host host = tree.host();
  const PathLook look = host.tree().look("/srv/www/index.html");
  CHECK(look.end == End::there);
  REQUIRE(look.components.size() == 4);
  CHECK(look.components[0].path == "/");
  CHECK(look.components[3].path == "/srv/www/index.html");
  CHECK(look.components[3].type == FileType::file);
  CHECK(look.components[3].mode == 0640);
  CHECK_FALSE(look.space.has_value());  // a mounted tree is mounted elsewhere when it runs
}

TEST_CASE("the first component that is missing") {
  const TestTree tree = TestTree().directory("/a");
  const Host host = tree.host();
  const PathLook look = host.tree().look("/a/b/c");
  CHECK(look.end == End::missing);
  CHECK(look.stop == "/a/b");
  CHECK(host.tree().look("/a").end == End::there);
}

TEST_CASE("a file where a directory is expected") {
  const TestTree tree = TestTree().file("/a/b", "x");
  const PathLook look = tree.host().tree().look("/a/b/c");
  CHECK(look.end == End::not_a_directory);
  CHECK(look.stop == "/a/b");
}

TEST_CASE("links are followed inside of the tree, and never out of it") {
  const TestTree tree = TestTree()
                            .file("/run/httpd/pid", "1")
                            .file("/etc/passwd", "inside:x:7:7::/:/bin/sh\n")
                            .link("/var/run", "/run")
                            .link("/etc/httpd/run", "../../run/httpd")
                            .link("/out", "../../../../../../etc/passwd")
                            .link("/loop", "/loop")
                            .link("/proc", "/")
                            .link("/deep/dotdot", "..");
  const Host host = tree.host();
  CHECK(host.tree().look("/var/run/httpd/pid").last()->path == "/run/httpd/pid");
  CHECK(host.tree().look("/etc/httpd/run/pid").last()->path == "/run/httpd/pid");
  CHECK(host.tree().look("/deep/dotdot/run/httpd").last()->path == "/run/httpd");
  const auto read = host.tree().read("/out");
  REQUIRE(std::holds_alternative<std::string>(read));
  CHECK(std::get<std::string>(read).starts_with("inside:"));
  const PathLook loop = host.tree().look("/loop");
  CHECK(loop.end == End::unseen);
  CHECK(loop.why == "too many links in a row");
  CHECK(host.tree().look("/../../../../run/httpd").last()->path == "/run/httpd");
}

TEST_CASE("what is no file is looked at, never opened") {
  const TestTree tree = TestTree().directory("/a");
  REQUIRE(::mkfifo((tree.root() + "/a/pipe").c_str(), 0644) == 0);
  const Host host = tree.host();
  CHECK(host.tree().look("/a/pipe").last()->type == FileType::pipe);
  CHECK(std::holds_alternative<Problem>(host.tree().read("/a/pipe")));  // and it does not wait for a writer
  CHECK(std::holds_alternative<Problem>(host.tree().read("/a")));
  CHECK(std::holds_alternative<Problem>(host.tree().read("/none")));
}

TEST_CASE("a file larger than asked for is not read") {
  const TestTree tree = TestTree().file("/a", std::string(100, 'x'));
  CHECK(std::holds_alternative<Problem>(tree.host().tree().read("/a", 99)));
  CHECK(std::holds_alternative<std::string>(tree.host().tree().read("/a", 100)));
}

TEST_CASE("the kernel's view of processes is not followed") {
  auto opened = Tree::open("/");
  const Tree& tree = std::get<Tree>(opened);
  CHECK(tree.look("/proc/self/root/etc").end == End::unseen);
  CHECK(tree.look("/dev/fd/0").end == End::unseen);
}

TEST_CASE("a directory that is not there is no tree") {
  CHECK(std::holds_alternative<Problem>(Tree::open("/nonexistent")));
  CHECK(std::holds_alternative<Problem>(Tree::open("/etc/passwd")));
}

TEST_CASE("the looks are bounded") {
  const TestTree tree = TestTree().directory("/a");
  Host host = tree.host();
  int looks = 0;
  while (host.may_look() && looks < 100000) ++looks;
  CHECK(looks < 100000);
}

// ---- accounts and access

Component object(unsigned mode, std::uint32_t owner, std::uint32_t group, FileType type = FileType::directory) {
  Component one;
  one.type = type;
  one.mode = mode;
  one.owner = owner;
  one.group = group;
  return one;
}

TEST_CASE("accounts of a tree are its own") {
  const TestTree tree = TestTree()
                            .file("/etc/passwd", "root:x:0:0::/:/bin/sh\nbroken\napache:x:48:48::/:/sbin/nologin\n")
                            .file("/etc/group", "root:x:0:\napache:x:48:\nssl:x:99:root,apache\n");
  const Host host = tree.host();
  const auto apache = host.accounts().user("apache");
  REQUIRE(apache);
  CHECK(apache->user == 48);
  CHECK(apache->groups == std::vector<std::uint32_t>{99});
  CHECK_FALSE(host.accounts().user("www-data"));
  CHECK(host.accounts().group("ssl") == 99U);
  CHECK(host.accounts().user_name(48) == "apache");
  CHECK(host.accounts().group_name(4711) == "4711");
  CHECK(lacks_user(host, "www-data").holds == true);
  CHECK(lacks_group(host, "ssl").holds == false);
}

TEST_CASE("modes: the first class that fits decides") {
  const Account account{"w", 33, 33, {4}};
  CHECK(permits(object(0755, 0, 0), account, kExecute));
  CHECK_FALSE(permits(object(0750, 0, 0), account, kExecute));
  CHECK(permits(object(0750, 0, 33), account, kExecute));
  CHECK(permits(object(0750, 0, 4), account, kRead));
  CHECK_FALSE(permits(object(0077, 33, 33), account, kRead));  // the owner is refused what all others may
  CHECK_FALSE(permits(object(0705, 0, 33), account, kRead));
  const Account root{"root", 0, 0, {}};
  CHECK(permits(object(0000, 33, 33), root, kRead | kWrite | kExecute));
  CHECK_FALSE(permits(object(0644, 0, 0, FileType::file), root, kExecute));
}

// Entries as Linux stores them: version 2, then tag, permissions, id; all little endian.
std::string acl_bytes(const std::vector<AclEntry>& entries) {
  constexpr std::array<char, 6> kTags = {0x01, 0x02, 0x04, 0x08, 0x10, 0x20};
  std::string bytes("\2\0\0\0", 4);
  for (const auto& one : entries) {
    bytes += {kTags.at(static_cast<std::size_t>(one.tag)), '\0', static_cast<char>(one.permissions), '\0'};
    bytes += {static_cast<char>(one.id), '\0', '\0', '\0'};
  }
  return bytes;
}

TEST_CASE("an ACL's mask bounds what it grants") {
  using Tag = AclEntry::Tag;
  const auto with_mask = [](unsigned mask) {
    Component one = object(0770, 0, 0);
    one.acl = decode_acl(acl_bytes({{Tag::owner, 7, 0},
                                    {Tag::user, 5, 33},
                                    {Tag::owning_group, 7, 0},
                                    {Tag::group, 5, 50},
                                    {Tag::mask, mask, 0},
                                    {Tag::other, 0, 0}}));
    REQUIRE(one.acl.size() == 6);
    return one;
  };
  const Account named{"w", 33, 33, {}}, member{"m", 60, 50, {}}, stranger{"s", 61, 61, {}};
  CHECK(permits(with_mask(7), named, kRead | kExecute));
  CHECK_FALSE(permits(with_mask(7), named, kWrite));
  CHECK_FALSE(permits(with_mask(4), named, kExecute));
  CHECK(permits(with_mask(7), member, kExecute));
  CHECK_FALSE(permits(with_mask(0), member, kExecute));
  CHECK_FALSE(permits(with_mask(7), stranger, kExecute));
  CHECK(decode_acl("").empty());
  CHECK(decode_acl("\2\0\0").empty());
  CHECK(decode_acl(std::string(5000, '\xff')).empty());
}

TEST_CASE("the first component that refuses") {
  const TestTree tree = TestTree()
                            .file("/etc/passwd", "www:x:4711:4711::/:/bin/sh\n")
                            .directory("/srv/private", 0700)
                            .file("/srv/private/www/index.html", "x");
  ::chmod((tree.root() + "/srv/private").c_str(), 0700);
  const Host host = tree.host();
  const Sighting refused = refuses(host, "/srv/private/www/index.html", "www", "read");
  CHECK(refused.holds == true);
  CHECK(refused.text.find("www may not pass through /srv/private (drwx------ ") == 0);
  CHECK(refuses(host, "/srv/private/www/index.html", "nobody-here", "read").holds == std::nullopt);
  ::chmod((tree.root() + "/srv/private").c_str(), 0711);
  CHECK(refuses(host, "/srv/private/www/index.html", "www", "read").holds == false);
  CHECK(refuses(host, "/srv/private/www/index.html", "www", "search").holds == false);  // the way is free
  CHECK(refuses(host, "/srv/private/www/index.html", "www", "execute").holds == true);
  CHECK(refuses(host, "/srv/private/www/index.html", "www", "write").holds == true);
  CHECK(refuses(host, "/srv/private/none", "www", "read").holds == false);
}

// ---- sights on a tree

TEST_CASE("paths: missing, empty, there") {
  const TestTree tree = TestTree().file("/a/empty", "").file("/a/full", "x");
  const Host host = tree.host();
  CHECK(is_missing(host, "/a/none").text == "/a/none does not exist");
  CHECK(is_missing(host, "/b/c/d").text == "/b/c/d does not exist: /b is missing");
  CHECK(is_missing(host, "/a/full").holds == false);
  CHECK(is_missing_or_empty(host, "/a/empty").holds == true);
  CHECK(is_missing_or_empty(host, "/a/full").holds == false);
  CHECK(exists(host, "/a", "directory").holds == true);
  CHECK(exists(host, "/a", "file").holds == false);
  CHECK(exists(host, "/a/full/x", "").text == "/a/full/x cannot exist: /a/full is a file, no directory");
}

TEST_CASE("what only a running system has is not seen in a tree") {
  const TestTree tree = TestTree().file("/run/httpd.pid", "1\n");
  const Host host = tree.host();
  for (const Sighting& one :
       {is_held(host, "80"), is_read_only(host, "/run", "httpd"), is_full(host, "/run"), lacks_semaphores(host, "root"),
        lacks_segments(host, "root"), has_selinux(host, "enforcing"), is_stale_pid(host, "/run/httpd.pid", "httpd"),
        is_local_address(host, "127.0.0.1:80")}) {
    CHECK(one.holds == std::nullopt);
    CHECK_FALSE(one.text.empty());
  }
}

TEST_CASE("tmpfiles.d: a file of /etc masks the package's of the same name, and the first name wins") {
  const auto line = [](const char* mode) {
    return std::string("# d /run/httpd 0777 a b\nd /run/httpd ") + mode + " root apache -\n";
  };
  const TestTree package = TestTree().file("/usr/lib/tmpfiles.d/httpd.conf", line("0710"));
  CHECK(is_made_at_boot(package.host(), "/run/httpd").text ==
        "/usr/lib/tmpfiles.d/httpd.conf line 2 creates /run/httpd at boot: 0710 root apache");
  const TestTree masked =
      TestTree().file("/usr/lib/tmpfiles.d/httpd.conf", line("0710")).file("/etc/tmpfiles.d/httpd.conf", "");
  CHECK(is_made_at_boot(masked.host(), "/run/httpd").holds == false);
  const TestTree first =
      TestTree().file("/usr/lib/tmpfiles.d/httpd.conf", line("0710")).file("/etc/tmpfiles.d/00-a.conf", line("0755"));
  CHECK(made_at_boot(first.host().tree(), "/var/run/httpd/")->mode == "0755");
}

TEST_CASE("units and their drop-ins") {
  const TestTree tree =
      TestTree()
          .file("/usr/lib/systemd/system/httpd.service", "[Service]\nProtectHome=no\nPrivateTmp=true\n")
          .file("/etc/systemd/system/httpd.service.d/x.conf", "[Service]\nProtectHome=read-only\n");
  const Host host = tree.host();
  const Sighting one = unit_sets(host, "httpd", {"ProtectHome"});
  CHECK(one.holds == true);
  CHECK(one.text == "/etc/systemd/system/httpd.service.d/x.conf line 2 sets ProtectHome=read-only");
  CHECK(unit_sets(host, "httpd", {"ProtectSystem"}).holds == false);
  CHECK(unit_sets(host, "apache2", {"ProtectHome"}).holds == std::nullopt);
}

}  // namespace
}  // namespace ahdiag
