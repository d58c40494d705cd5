// An entry as evidence: its own strings, and where in them the telling parts stand.
#pragma once

#include "diagnose/incident.h"
#include "rules/book.h"

namespace ahdiag {

// An incident of this one entry. `match` may have no rule.
Incident incident_of(const Entry& entry, const RuleMatch& match);

// Appends what is equal for the same failure: the rule's id and the texts that make two of its incidents differ.
void append_key(const Entry& entry, const RuleMatch& match, std::string& key);

// Appends what two messages without an id share when only numbers and names differ.
void append_shape(std::string_view message, std::string& shape);

// The entry that parse_entry makes of one as it was kept, as evidence.
Evidence evidence_of_last(const RuleBook& book, const LastEntry& last);

// What the root's own entry does not say, its consequence may: the first that does. A slot that only httpd may fill
// takes nothing of a visitor.
void lend(const ConsequenceSpec& spec, const Incident& from, Incident& root);

// The texts that a rule's derived slots take from others without knowing the platform.
void derive_captures(const Rule& rule, Captures& captures);

// "[::]:80" -> "80"
std::string_view port_of(std::string_view address);

}  // namespace ahdiag
