// The order in which relations are replaced where one holds another: a relation
// cannot go while the old one of a view that reads it is still there.
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
  std::vector<RelationName> holders;  // keys
};

// A relation that is to be replaced, and a holder of it that will be there.
struct HeldTarget {
  int operation = 0;  // its id
  RelationName holder;
};

// Lets each operation depend on those that replace the holders of its target;
// `operations` have the ids 1, 2, ... Gives the holders that stay, and those
// that hold one another in a circle: their operations will fail, and lose
// nothing.
std::vector<HeldTarget> ReplaceHoldersFirst(
    const std::map<RelationName, Replaced>& replaced,
    std::span<Operation> operations);

}  // namespace doppel::clone

#endif  // DOPPEL_SERVICE_CLONE_REPLACING_H_
