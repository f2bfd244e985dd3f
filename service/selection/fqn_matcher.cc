#include <algorithm>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "absl/container/inlined_vector.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "service/manifest/node.h"
#include "service/selection/matchers.h"
#include "service/selection/wildcard.h"

namespace doppel::selection {
namespace {

using Fqn = std::span<const absl::string_view>;
using Parts = absl::InlinedVector<absl::string_view, 12>;

// Every element taken apart at its dots.
Parts Flatten(Fqn fqn) {
  Parts parts;
  for (const absl::string_view element : fqn) {
    for (const absl::string_view part : absl::StrSplit(element, '.')) {
      parts.push_back(part);
    }
  }
  return parts;
}

size_t FirstWildcard(const std::vector<std::string>& parts) {
  for (size_t i = 0; i < parts.size(); ++i) {
    if (HasWildcard(parts[i])) return i;
  }
  return parts.size();
}

}  // namespace

FqnMatcher::FqnMatcher(absl::string_view value)
    : value_(value),
      parts_(absl::StrSplit(value, '.')),
      first_wildcard_(FirstWildcard(parts_)) {
  if (first_wildcard_ == parts_.size()) return;
  rest_ = std::make_unique<const Wildcard>(
      absl::StrJoin(parts_.begin() + static_cast<ptrdiff_t>(first_wildcard_),
                    parts_.end(), "."));
}

bool FqnMatcher::Matches(const manifest::Node& node) const {
  const bool is_versioned = node.version != nullptr &&
                            !node.version->is_null() &&
                            node.type == manifest::ResourceType::kModel;
  if (MatchesFqn(node.fqn, is_versioned)) return true;
  return !node.fqn.empty() && MatchesFqn(node.fqn.subspan(1), is_versioned);
}

bool FqnMatcher::MatchesFqn(Fqn fqn, bool is_versioned) const {
  if (fqn.empty()) return false;
  if (is_versioned ? MatchesVersioned(fqn) : fqn.back() == value_) return true;
  return MatchesParts(fqn, is_versioned);
}

// The name stands for all versions; name.vN and name_vN for one, whatever is
// written before it.
bool FqnMatcher::MatchesVersioned(Fqn fqn) const {
  if (fqn.size() < 2) return fqn.back() == value_;
  const absl::string_view name = fqn[fqn.size() - 2];
  if (name == value_) return true;
  const std::string own = absl::StrCat(name, "_", fqn.back());
  const auto last_two =
      parts_.end() - static_cast<ptrdiff_t>(std::min<size_t>(2, parts_.size()));
  return absl::StrJoin(last_two, parts_.end(), "_") == own;
}

bool FqnMatcher::MatchesParts(Fqn fqn, bool is_versioned) const {
  const Parts flat = Flatten(fqn);
  if (parts_.size() > flat.size()) return false;
  for (size_t i = 0; i < first_wildcard_; ++i) {
    if (parts_[i] != flat[i]) return false;
  }
  if (rest_ == nullptr) return true;
  const auto from = flat.begin() + static_cast<ptrdiff_t>(first_wildcard_);
  if (rest_->Matches(absl::StrJoin(from, flat.end(), "."))) return true;
  // Since dbt 1.12.6 a pattern without a dot also matches the name alone.
  if (parts_.size() > 1) return false;
  const absl::string_view leaf =
      is_versioned && fqn.size() >= 2 ? fqn[fqn.size() - 2] : fqn.back();
  return rest_->Matches(leaf);
}

}  // namespace doppel::selection
