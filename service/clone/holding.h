// Replaces relations that others hold: what is read cannot be dropped before
// what reads it.
//
// What holds a relation and will not read its replacement is replaced first. A
// closed view will read it, so must come after it: then the old relation stays
// beside the new one until all that hold it have been made anew, and is dropped
// by an operation of its own.
//
// Thread contract: for one thread; what it was made from outlives it.
#ifndef DOPPEL_SERVICE_CLONE_HOLDING_H_
#define DOPPEL_SERVICE_CLONE_HOLDING_H_

#include <cstddef>
#include <map>
#include <set>
#include <span>

#include "service/base/relation.h"
#include "service/clone/candidates.h"
#include "service/clone/decision.h"
#include "service/clone/plan.h"
#include "service/clone/planner.h"
#include "service/clone/replacing.h"
#include "service/clone/world.h"

namespace doppel::clone {

class Holding {
 public:
  // The plan's last operations are those of the candidates, with what they
  // depend on as far as they read each other.
  Holding(const CloneInputs& inputs, const World& world,
          std::span<const Candidate> candidates,
          std::span<const Decision> decisions, Plan* plan);

  void Run() &&;

 private:
  using Names = std::map<RelationName, Replaced>;

  Names ReadReplaced() const;
  // Whether the operation comes after the other by what they depend on.
  bool Follows(int operation, int other) const;
  bool StaysBeside(const Replaced& what,
                   const std::set<RelationName>& beside) const;
  std::set<RelationName> FindBeside() const;
  void KeepBeside(const Replaced& what);
  int DropOld(const RelationName& target);
  void ReplaceHeld(const HeldTarget& held);
  dialect::Making MakingOf(int operation) const;

  const CloneInputs& inputs_;
  const World& world_;
  const std::span<const Candidate> candidates_;
  const std::span<const Decision> decisions_;
  Plan& plan_;
  const size_t first_;  // the place of the first candidate's operation
  Names replaced_;
  std::set<RelationName> beside_;
  std::map<RelationName, int> drops_;  // the operations that drop what is old
};

}  // namespace doppel::clone

#endif  // DOPPEL_SERVICE_CLONE_HOLDING_H_
