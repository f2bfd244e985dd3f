#include "service/clone/replacing.h"

#include <map>
#include <set>
#include <span>
#include <vector>

#include "service/base/relation.h"
#include "service/clone/plan.h"

namespace doppel::clone {

std::vector<HeldTarget> ReplaceReadersFirst(
    const std::map<RelationName, Replaced>& replaced,
    std::span<Operation> operations) {
  std::vector<HeldTarget> held;
  for (const auto& [target, what] : replaced) {
    std::vector<int>& depends_on = operations[what.operation - 1].depends_on;
    std::set<int> first(depends_on.begin(), depends_on.end());
    for (const RelationName& reader : what.readers) {
      const auto found = replaced.find(reader);
      if (found == replaced.end()) {
        held.push_back({what.operation, reader});
      } else {
        first.insert(found->second.operation);
      }
    }
    depends_on.assign(first.begin(), first.end());
  }
  return held;
}

}  // namespace doppel::clone
