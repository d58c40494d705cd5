#include "catch.h"
#include "unit/lint.h"

namespace ahdiag {
namespace {

UnitFindings findings_in(const std::string& text, const std::string& name = "fix.service") {
  UnitSet set;
  set.units.push_back(read_unit(name, text));
  return lint_units(set);
}

// "3 no-section", for each but notices.
std::vector<std::string> faults_in(const std::string& text, const std::string& name = "fix.service") {
  std::vector<std::string> faults;
  for (const auto& one : findings_in(text, name)) {
    if (one.fault != Fault::notice) faults.push_back(std::to_string(one.line) + " " + one.id);
  }
  return faults;
}

std::string corrected(const std::string& text, const std::string& id) {
  for (const auto& one : findings_in(text)) {
    if (one.id == id) return one.corrected;
  }
  return "no finding";
}

// A service that is well, with lines added to its sections.
std::string service(const std::string& in_service, const std::string& in_unit = "") {
  return "[Unit]\nDescription=x\n" + in_unit + "[Service]\nType=oneshot\nRemainAfterExit=yes\nExecStart=/bin/true\n" +
         in_service + "[Install]\nWantedBy=multi-user.target\n";
}

using Faults = std::vector<std::string>;

TEST_CASE("a unit that is well has no faults") {
  CHECK(findings_in(service("")).empty());
  CHECK(findings_in(service("Environment=\"A=1 2\" B=3\nExecStop=-/bin/sh -c 'echo a >> /tmp/x && true'\n",
                            "Wants=network-online.target\nAfter=network-online.target\n# comment = not read\n"))
            .empty());
  CHECK(findings_in("[Timer]\nOnCalendar=daily\n[Install]\nWantedBy=timers.target\n", "a.timer").empty());
}

TEST_CASE("assignments without a section get the headers they need") {
  const std::string text = "Description=Fix\nAfter=network.target\nExecStart=/bin/true\nWantedBy=multi-user.target\n";
  const auto found = findings_in(text);
  REQUIRE(found.size() == 4);  // and nothing starts it, as systemd reads it
  CHECK(found[0].line == 1);
  CHECK(found[0].id == "no-section");
  CHECK(found[0].corrected == "[Unit]\nDescription=Fix\nAfter=network.target");
  CHECK(found[1].line == 3);
  CHECK(found[1].corrected == "[Service]\nExecStart=/bin/true");
  CHECK(found[2].corrected == "[Install]\nWantedBy=multi-user.target");
}

TEST_CASE("slips in headers and keys") {
  CHECK(corrected("[Servcie]\nExecStart=/bin/true\n", "unknown-section") == "[Service]");
  CHECK(corrected("[service]\nExecStart=/bin/true\n", "unknown-section") == "[Service]");
  CHECK(corrected("[Unit\nDescription=x\n", "broken-header") == "[Unit]");
  CHECK(corrected(service("ExecSart=/bin/true\n"), "unknown-key") == "ExecStart=/bin/true");
  CHECK(corrected(service("After=network.target\n"), "wrong-section") == "[Unit]\nAfter=network.target");
  CHECK(corrected(service("Restart: no\n"), "no-assignment") == "Restart=no");
  CHECK(faults_in(service("X-Own=1\nOpenFile=/x\n")).empty());
}

TEST_CASE("text behind a value") {
  CHECK(corrected(service("KillMode=mixed # all of them\n"), "trailing-text") == "# all of them\nKillMode=mixed");
  CHECK(corrected(service("PrivateTmp=yes keep it\n"), "trailing-text") == "# keep it\nPrivateTmp=yes");
  CHECK(corrected(service("User=root # as root\n"), "trailing-text") == "# as root\nUser=root");
  CHECK(corrected(service("", "After=network.target # wait\n"), "trailing-text") == "# wait\nAfter=network.target");
  CHECK(corrected(service("ExecStop=/bin/true # at the end\n"), "trailing-text") == "# at the end\nExecStop=/bin/true");
  CHECK(corrected(service("KillMode=proces\n"), "bad-value") == "KillMode=process");
}

TEST_CASE("Environment= is words") {
  CHECK(corrected(service("Environment=\"A=1\nUser=root\n"), "unbalanced-quote") == "Environment=\"A=1\"");
  CHECK(corrected(service("Environment=OPTS=-D FOO\n"), "torn-assignment") == "Environment=\"OPTS=-D FOO\"");
  CHECK(corrected(service("Environment=“A=1”\n"), "curly-quotes") == "Environment=\"A=1\"");
  CHECK(faults_in(service("Environment=A=$HOME\n")) == Faults{"7 no-expansion"});
}

TEST_CASE("Exec lines are no shell lines") {
  CHECK(corrected(service("ExecStop=/bin/echo hi >> > /tmp/x\n"), "no-shell") ==
        "ExecStop=/bin/sh -c '/bin/echo hi >> /tmp/x'");
  CHECK(corrected(service("ExecStop=/bin/date +%F | /bin/cat\n"), "no-shell") ==
        "ExecStop=/bin/sh -c '/bin/date +%%F | /bin/cat'");
  CHECK(corrected(service("ExecStop=./s.sh now\n"), "relative-program") == "ExecStop=/usr/local/sbin/s.sh now");
  CHECK(corrected(service("ExecStop=-s.sh\n"), "relative-program") == "ExecStop=-/usr/local/sbin/s.sh");
  CHECK(corrected(service("ExecStop=cd /srv && ls\n"), "no-shell").starts_with("ExecStop=/bin/sh -c 'cd /srv"));
  CHECK(corrected(service("ExecStop=/bin/sh -c \"echo hi\nUser=root\n"), "unbalanced-quote") ==
        "ExecStop=/bin/sh -c \"echo hi\"");
  CHECK(faults_in(service("ExecStop=/bin/sh -c 'a | b'\n")).empty());
}

TEST_CASE("what a type needs") {
  CHECK(faults_in("[Service]\nType=forking\nExecStart=/x\n[Install]\nWantedBy=multi-user.target\n") ==
        Faults{"2 forking-without-pid-file"});
  CHECK(faults_in("[Service]\nType=oneshot\nExecStart=/x\nExecStop=/y\n[Install]\nWantedBy=multi-user.target\n") ==
        Faults{"4 stop-at-once"});
  CHECK(faults_in("[Service]\nExecStart=/x\nExecStart=/y\n[Install]\nWantedBy=multi-user.target\n") ==
        Faults{"3 second-command"});
  CHECK(faults_in(service("Restart=always\n")) == Faults{"7 oneshot-restart"});
  CHECK(faults_in("[Service]\nUser=root\n[Install]\nWantedBy=multi-user.target\n") == Faults{"1 no-command"});
}

TEST_CASE("order is not requirement") {
  CHECK(corrected(service("", "Wants=mariadb.service\n"), "wants-without-after") ==
        "Wants=mariadb.service\nAfter=mariadb.service");
  CHECK(corrected(service("", "After=network-online.target\n"), "after-without-wants") ==
        "Wants=network-online.target\nAfter=network-online.target");
  CHECK(corrected(service("", "After=network\n"), "bad-unit-name") == "After=network.target");
}

TEST_CASE("a unit that nothing starts, or the wrong target") {
  CHECK(faults_in("[Service]\nExecStart=/x\n") == Faults{"3 no-install"});
  const auto by = [](const std::string& target) {
    return "[Service]\nExecStart=/x\n[Install]\nWantedBy=" + target + "\n";
  };
  CHECK(corrected(by("multi-user.taget"), "bad-unit-name") == "WantedBy=multi-user.target");
  CHECK(corrected(by("multi-user"), "bad-unit-name") == "WantedBy=multi-user.target");
  CHECK(corrected(by("network.target"), "wrong-target") == "WantedBy=multi-user.target");
  CHECK(faults_in(by("shutdown.target")) == Faults{"4 stopped-at-shutdown"});
}

TEST_CASE("circles of order") {
  CHECK(faults_in(service("", "Before=sysinit.target\n")) == Faults{"3 ordering-cycle"});
  CHECK(faults_in(service("", "DefaultDependencies=no\nBefore=sysinit.target\n")).empty());
  UnitSet set;
  set.units.push_back(read_unit("a.service", service("", "After=b.service\n")));
  set.units.push_back(read_unit("b.service", service("", "After=a.service\n")));
  const auto found = lint_units(set);
  REQUIRE(found.size() == 1);
  CHECK(found[0].id == "ordering-cycle");
  CHECK(found[0].what.find("a.service after b.service after a.service") != std::string::npos);
}

TEST_CASE("continuation lines") {
  CHECK(faults_in(service("ExecStop=/bin/echo a \\ \n  b\n")) == Faults{"7 blank-after-backslash", "8 no-assignment"});
  CHECK(faults_in("[Service]\nType=exec\nExecStart=/x \\\n[Install]\nWantedBy=multi-user.target\n")[0] ==
        "3 swallowed-line");
  CHECK(faults_in(service("ExecStop=/bin/echo a \\\n# a comment between\n  b\n")).empty());
}

TEST_CASE("scripts") {
  const auto ids = [](const std::string& text) {
    Faults all;
    for (const auto& one : lint_script({"s.sh", text, true})) all.push_back(std::to_string(one.line) + " " + one.id);
    return all;
  };
  CHECK(ids("#!/bin/sh\necho hi >> /tmp/x\n").empty());
  CHECK(ids("echo hi >> > /tmp/x\n") == Faults{"1 no-interpreter-line", "1 double-redirection"});
  CHECK(ids("#!/bin/sh\r\necho\r\n") == Faults{"1 carriage-return"});
  CHECK(ids("# !/bin/sh\n") == Faults{"1 broken-interpreter-line"});
  CHECK(ids("#!bash\n") == Faults{"1 relative-interpreter"});
  CHECK(ids("") == Faults{"1 no-interpreter-line"});
  CHECK(ids("#!/bin/sh\nsystemctl enable fix\nsystemctl daemon-reload\n") == Faults{"2 enable-before-reload"});
}

TEST_CASE("hostile text ends") {
  std::string text = "[Unit]\n";
  for (int i = 0; i < 3000; ++i) text += "After=a" + std::to_string(i) + ".service\n=\n[\n\\\n\"'\n";
  CHECK_FALSE(findings_in(text).empty());
  CHECK_NOTHROW(findings_in(std::string(5000, '\\') + "\n" + std::string(5000, '[')));
  for (const std::string one :
       {"[]", "=", "[Service]\nExecStart=-", "[Service]\nExecStart=\"", "[Service]\nEnvironment=\"\"",
        "[Install]\nWantedBy=#", "[Unit]\nAfter=#", "[Service]\nType= \\", "\\", "[Service]\nExecStart=@ # x"})
    CHECK_NOTHROW(findings_in(one));
}

}  // namespace
}  // namespace ahdiag
