#include <algorithm>
#include <span>
#include <string>
#include <utility>
#include <vector>

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

bool IsVersioned(const manifest::Node& node) {
  return node.type == manifest::ResourceType::kModel &&
         node.version != nullptr && !node.version->is_null();
}

// The elements joined by dots. dbt takes elements apart at their dots and
// compares part by part; on the joined text that is a comparison up to a dot.
void JoinTo(Fqn fqn, std::string& joined) {
  joined.clear();
  for (const absl::string_view element : fqn) {
    if (!joined.empty()) joined += '.';
    joined.append(element.data(), element.size());
  }
}

// Without the package.
absl::string_view Unscoped(Fqn fqn, absl::string_view joined) {
  return fqn.size() < 2 ? absl::string_view()
                        : joined.substr(fqn[0].size() + 1);
}

// The last two parts of a dotted text with "_" between them, which is how a
// versioned model's file is named: "x.dim_c.v2" and "dim_c_v2" are dim_c_v2.
std::string VersionedName(absl::string_view value) {
  const size_t last = value.rfind('.');
  if (last == absl::string_view::npos) return std::string(value);
  const size_t before =
      last == 0 ? absl::string_view::npos : value.rfind('.', last - 1);
  const size_t begin = before == absl::string_view::npos ? 0 : before + 1;
  return absl::StrCat(value.substr(begin, last - begin), "_",
                      value.substr(last + 1));
}

// Since 1.12.6, and 1.11.16 before it, a pattern without a dot also matches
// the name alone.
bool PatternsMatchLeaves(DbtVersion dbt) {
  return dbt >= DbtVersion{1, 12, 6} ||
         (dbt >= DbtVersion{1, 11, 16} && dbt < DbtVersion{1, 12, 0});
}

size_t CountDots(absl::string_view text) {
  return static_cast<size_t>(std::count(text.begin(), text.end(), '.'));
}

}  // namespace

FqnMatcher::FqnMatcher(absl::string_view value, DbtVersion dbt)
    : value_(value),
      versioned_name_(VersionedName(value)),
      dots_(CountDots(value)),
      matches_leaf_(dots_ == 0 && PatternsMatchLeaves(dbt)) {
  if (!HasWildcard(value)) return;
  // The parts before the first one with a wildcard are compared as they are.
  const size_t first = value_.find_first_of("*?[]");
  const size_t dot = value_.rfind('.', first);
  fixed_ = dot == std::string::npos ? 0 : dot + 1;
  rest_.emplace(absl::string_view(value_).substr(fixed_));
}

bool FqnMatcher::Matches(const manifest::Node& node) const {
  const Fqn fqn = node.fqn;
  if (fqn.empty()) return false;
  if (value_ == "*") return true;
  const bool is_versioned = IsVersioned(node) && fqn.size() >= 2;
  const absl::string_view leaf =
      is_versioned ? fqn[fqn.size() - 2] : fqn.back();
  if (leaf == value_) return true;
  if (is_versioned && absl::StartsWith(versioned_name_, leaf) &&
      versioned_name_ == absl::StrCat(leaf, "_", fqn.back())) {
    return true;
  }
  if (!rest_.has_value()) {
    return StartsWithValue(fqn) || StartsWithValue(fqn.subspan(1));
  }
  thread_local std::string joined;
  JoinTo(fqn, joined);
  return MatchesWildcard(joined, leaf) ||
         (fqn.size() > 1 && MatchesWildcard(Unscoped(fqn, joined), leaf));
}

// Whether the value is a prefix of the joined elements that ends at a dot.
bool FqnMatcher::StartsWithValue(Fqn fqn) const {
  absl::string_view left = value_;
  for (const absl::string_view element : fqn) {
    if (left.size() <= element.size()) {
      return absl::StartsWith(element, left) &&
             (left.size() == element.size() || element[left.size()] == '.');
    }
    if (!absl::StartsWith(left, element) || left[element.size()] != '.') {
      return false;
    }
    left.remove_prefix(element.size() + 1);
  }
  return false;
}

bool FqnMatcher::MatchesWildcard(absl::string_view joined,
                                 absl::string_view leaf) const {
  if (dots_ > CountDots(joined)) return false;
  if (joined.substr(0, fixed_) != absl::string_view(value_).substr(0, fixed_)) {
    return false;
  }
  if (rest_->Matches(joined.substr(fixed_))) return true;
  return matches_leaf_ && rest_->Matches(leaf);
}

void FqnBatch::Add(absl::string_view value) {
  if (HasWildcard(value) || !found_.try_emplace(value).second) return;
  versioned_[VersionedName(value)].emplace_back(value);
  lengths_.set(std::min(value.size(), lengths_.size() - 1));
}

void FqnBatch::Match(const manifest::Manifest& manifest) {
  std::string joined;
  for (manifest::NodeId id = 0; id < manifest.node_count(); ++id) {
    const manifest::Node& node = manifest.node(id);
    if (!node.enabled || node.fqn.empty() ||
        node.type == manifest::ResourceType::kSource) {
      continue;
    }
    JoinTo(node.fqn, joined);
    AddPrefixes(joined, id);
    AddPrefixes(Unscoped(node.fqn, joined), id);
    AddNames(node, id);
  }
}

void FqnBatch::AddPrefixes(absl::string_view joined, manifest::NodeId id) {
  for (size_t dot = joined.find('.'); dot != absl::string_view::npos;
       dot = joined.find('.', dot + 1)) {
    AddTo(joined.substr(0, dot), id);
  }
  if (!joined.empty()) AddTo(joined, id);
}

void FqnBatch::AddNames(const manifest::Node& node, manifest::NodeId id) {
  const Fqn fqn = node.fqn;
  if (!IsVersioned(node) || fqn.size() < 2) {
    AddTo(fqn.back(), id);
    return;
  }
  const absl::string_view name = fqn[fqn.size() - 2];
  AddTo(name, id);
  const auto values = versioned_.find(absl::StrCat(name, "_", fqn.back()));
  if (values == versioned_.end()) return;
  for (const std::string& value : values->second) AddTo(value, id);
}

void FqnBatch::AddTo(absl::string_view value, manifest::NodeId id) {
  // Most texts have a length that no value has.
  if (!lengths_[std::min(value.size(), lengths_.size() - 1)]) return;
  const auto ids = found_.find(value);
  if (ids == found_.end()) return;
  if (ids->second.empty() || ids->second.back() != id) {
    ids->second.push_back(id);
  }
}

const std::vector<manifest::NodeId>* FqnBatch::Find(
    absl::string_view value) const {
  const auto ids = found_.find(value);
  return ids == found_.end() ? nullptr : &ids->second;
}

}  // namespace doppel::selection
