#include "host/httpd_config.h"
#include "host_tree.h"

namespace ahdiag {
namespace {

using test::TestTree;

TEST_CASE("envvars: plain assignments with what they name") {
  const auto all = read_envvars(
      "unset HOME\nif [ \"${X##/etc}\" != \"${X}\" ] ; then\n\tSUFFIX=\"-${X##/etc/apache2-}\"\nelse\n\tSUFFIX=\nfi\n"
      "export APACHE_RUN_USER=www-data\nexport APACHE_RUN_DIR=/var/run/apache2$SUFFIX\nexport "
      "B=\"${APACHE_RUN_DIR}/x\" # why\n");
  CHECK(all.at("APACHE_RUN_USER") == "www-data");
  CHECK(all.at("APACHE_RUN_DIR") == "/var/run/apache2");
  CHECK(all.at("B") == "/var/run/apache2/x");
}

TEST_CASE("includes, variables and sections that switch lines off") {
  TestTree tree;
  tree.file("/etc/httpd/conf/httpd.conf",
            "ServerRoot \"/etc/httpd\"\n# Listen 1\nListen 80\nInclude conf.modules.d/*.conf\nUser ${RUN_USER}\nGroup "
            "\\\n  apache\n"
            "<IfModule !ssl_module>\nListen 81\n</IfModule>\n<IfModule mod_ssl.c>\nListen 443 https\n</IfModule>\n"
            "<IfDefine NEVER>\nListen 82\n</IfDefine>\nIncludeOptional none/*.conf\nIncludeOptional sites/\nErrorLog "
            "logs/error_log\n")
      .file("/etc/httpd/conf.modules.d/00-ssl.conf", "LoadModule ssl_module modules/mod_ssl.so\n")
      .file("/etc/httpd/conf.modules.d/README", "Listen 83\n")
      .file("/etc/httpd/sites/a.conf",
            "<VirtualHost *:80>\n  DocumentRoot /srv/a\n</VirtualHost>\nDocumentRoot /srv/main\n");
  const Host host = tree.host();
  const auto config = read_httpd_config(host.tree(), "/etc/httpd/conf/httpd.conf", "/usr/local", {{"RUN_USER", "web"}});
  CHECK(config.unseen.empty());
  std::vector<std::string> ports;
  for (const auto* one : config.all("listen")) ports.push_back(one->arguments.front());
  CHECK(ports == std::vector<std::string>{"80", "443"});
  CHECK(config.last("user")->arguments.front() == "web");
  CHECK(config.last("group")->arguments.front() == "apache");
  CHECK(config.last("group")->line == 6);
  CHECK(config.last("documentroot")->arguments.front() == "/srv/main");
  CHECK(config.last("documentroot")->file == "/etc/httpd/sites/a.conf");
  CHECK(config.path_of(config.last("errorlog")->arguments.front()) == "/etc/httpd/logs/error_log");
  CHECK(config.last("loadmodule")->file == "/etc/httpd/conf.modules.d/00-ssl.conf");
}

TEST_CASE("a configuration that goes in circles or is broken ends") {
  TestTree tree;
  tree.file(
      "/c",
      "Include /c\nInclude /c\n</X>\n<IfModule\nListen\n\"\nUser \"unclosed\n${\n${A}\nInclude /*/*/*/*\nListen 1");
  const Host host = tree.host();
  const auto config = read_httpd_config(host.tree(), "/c", "/", {});
  CHECK_FALSE(config.directives.empty());
  CHECK(read_httpd_config(host.tree(), "/none", "/", {}).unseen.size() == 1);
}

}  // namespace
}  // namespace ahdiag
