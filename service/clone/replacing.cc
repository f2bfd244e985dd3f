#include "service/clone/replacing.h"

#include <map>
#include <set>
#include <span>
#include <vector>

#include "service/base/relation.h"
#include "service/clone/plan.h"

namespace doppel::clone {
namespace {

using Names = std::map<RelationName, Replaced>;

// The names of which each comes after its holders, as far as these are
// replaced, too; those of circles, and what such hold, are not among them.
std::set<RelationName> Orderable(const Names& replaced) {
  std::map<RelationName, int> waits_for;
  std::map<RelationName, std::vector<RelationName>> followers;
  std::vector<RelationName> ready;
  for (const auto& [target, what] : replaced) {
    for (const RelationName& holder : what.holders) {
      if (!replaced.contains(holder)) continue;
      followers[holder].push_back(target);
      ++waits_for[target];
    }
    if (!waits_for.contains(target)) ready.push_back(target);
  }
  std::set<RelationName> ordered;
  while (!ready.empty()) {
    const RelationName next = ready.back();
    ready.pop_back();
    ordered.insert(next);
    for (const RelationName& follower : followers[next]) {
      if (--waits_for[follower] == 0) ready.push_back(follower);
    }
  }
  return ordered;
}

}  // namespace

std::vector<HeldTarget> ReplaceHoldersFirst(const Names& replaced,
                                            std::span<Operation> operations) {
  const std::set<RelationName> orderable = Orderable(replaced);
  std::vector<HeldTarget> held;
  for (const auto& [target, what] : replaced) {
    std::vector<int>& depends_on = operations[what.operation - 1].depends_on;
    std::set<int> first(depends_on.begin(), depends_on.end());
    for (const RelationName& holder : what.holders) {
      if (replaced.contains(holder) && orderable.contains(target)) {
        first.insert(replaced.at(holder).operation);
      } else {
        held.push_back({what.operation, holder});
      }
    }
    depends_on.assign(first.begin(), first.end());
  }
  return held;
}

}  // namespace doppel::clone
