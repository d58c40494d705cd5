#include "rules/sign_table.h"

namespace ahdiag {

SignTable::SignTable(std::vector<SignHead> signs)
    : own_(std::make_shared<const std::vector<SignHead>>(std::move(signs))), signs_(*own_) {
  std::vector<Literals::Literal> literals;
  for (std::uint32_t i = 0; i < signs_.size(); ++i) literals.push_back({signs_[i].text, i});
  texts_ = Literals(literals);
}

}  // namespace ahdiag
