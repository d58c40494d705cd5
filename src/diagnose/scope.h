// The names that a rule's texts, conditions and commands may use, and what they stand for in one incident.
#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>

#include "diagnose/incident.h"
#include "diagnose/signs.h"
#include "rules/rule.h"
#include "rules/value.h"

namespace ahdiag {

struct Refused {
  std::string logged;  // printable
  std::string why;
};

class Scope {
 public:
  Scope(const Setting& setting, const std::set<std::string, std::less<>>& seen) : setting_(&setting), seen_(&seen) {}

  void put(const std::string& name, Slot slot) { slots_.insert_or_assign(name, std::move(slot)); }
  void refuse(const std::string& name, Refused refused) { refused_.insert_or_assign(name, std::move(refused)); }
  void set(const std::string& name, Fact fact) { facts_.insert_or_assign(name, std::move(fact)); }
  void set_errno(std::string name) { errno_ = std::move(name); }
  // Who spoke, and how often: what `speaker` and `count` ask.
  void set_speech(bool by_server, std::uint64_t count) {
    by_server_ = by_server;
    count_ = count;
  }

  // A slot shadows a fact of the same name.
  [[nodiscard]] const Slot* slot(std::string_view name) const;
  [[nodiscard]] const Refused* refused(std::string_view name) const;
  [[nodiscard]] const Fact* fact(std::string_view name) const;
  [[nodiscard]] const std::string& errno_name() const { return errno_; }
  [[nodiscard]] const Setting& setting() const { return *setting_; }
  [[nodiscard]] const std::map<std::string, Slot, std::less<>>& slots() const { return slots_; }
  [[nodiscard]] const std::map<std::string, Refused, std::less<>>& all_refused() const { return refused_; }

  // The same scope where a remedy's parameters stand for what it was called with.
  [[nodiscard]] Scope with(const std::map<std::string, Template>& parameters) const;

  [[nodiscard]] bool holds(const Condition& condition) const;

  // Something is known for each hole, be it only what was logged.
  [[nodiscard]] bool fills(const Template& text) const;

  // For people: holes that nothing fills show what was logged, or the name.
  [[nodiscard]] std::string prose(const Template& text) const;

 private:
  [[nodiscard]] bool holds(const Condition::Test& test) const;
  [[nodiscard]] std::string value(std::string_view name) const;
  [[nodiscard]] std::string description(std::string_view name) const;

  const Setting* setting_;
  const std::set<std::string, std::less<>>* seen_;
  std::map<std::string, Slot, std::less<>> slots_;
  std::map<std::string, Refused, std::less<>> refused_;
  Facts facts_;  // over the setting's
  std::string errno_;
  bool by_server_ = true;
  std::uint64_t count_ = 1;
};

}  // namespace ahdiag
