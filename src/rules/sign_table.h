// The signs of platforms, and which of them a text holds.
#pragma once

#include <memory>
#include <span>
#include <utility>
#include <vector>

#include "rules/head.h"
#include "rules/platform.h"
#include "text/literals.h"

namespace ahdiag {

class SignTable {
 public:
  SignTable() = default;
  // What the signs' texts are views of lives as long as this.
  explicit SignTable(std::vector<SignHead> signs);
  explicit SignTable(const Platforms& platforms) : SignTable(signs_of(platforms)) {}
  // Those compiled in.
  explicit SignTable(const PlatformIndex& index) : signs_(index.signs), texts_(index.sign_texts) {}

  [[nodiscard]] std::span<const SignHead> signs() const { return signs_; }
  [[nodiscard]] const Literals& texts() const { return texts_; }  // owner: the sign's place

 private:
  std::shared_ptr<const std::vector<SignHead>> own_;  // none where they are compiled in
  std::span<const SignHead> signs_;
  Literals texts_;
};

}  // namespace ahdiag
