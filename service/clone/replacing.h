// The order in which relations are replaced where views hold what they read: a
// relation cannot go while the old one of such a view is still there.
//
// Thread contract: pure functions.
#ifndef DOPPEL_SERVICE_CLONE_REPLACING_H_
#define DOPPEL_SERVICE_CLONE_REPLACING_H_

#include <map>
#include <span>
#include <vector>

#include "service/base/relation.h"
#include "service/clone/plan.h"

namespace doppel::clone {

// What is replaced, by the key of its name.
struct Replaced {
  int operation = 0;                  // its id
  std::vector<RelationName> readers;  // keys
};

// A relation that is to be replaced, and one of its readers that is not.
struct HeldTarget {
  int operation = 0;  // its id
  RelationName reader;
};

// Lets each operation depend on those that replace the readers of its target;
// `operations` have the ids 1, 2, ... Gives the readers that stay: their
// operations will fail, and lose nothing.
std::vector<HeldTarget> ReplaceReadersFirst(
    const std::map<RelationName, Replaced>& replaced,
    std::span<Operation> operations);

}  // namespace doppel::clone

#endif  // DOPPEL_SERVICE_CLONE_REPLACING_H_
