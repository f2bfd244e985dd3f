#include "service/clone/holding.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "service/base/catalog.h"
#include "service/clone/making.h"

namespace doppel::clone {
namespace {

constexpr dialect::Quoting kAsSpelled = {true, true, true};

bool MakesView(const Operation& operation) {
  return operation.kind == OperationKind::kPointerView ||
         operation.kind == OperationKind::kView;
}

}  // namespace

Holding::Holding(const CloneInputs& inputs, const World& world,
                 std::span<const Candidate> candidates,
                 std::span<const Decision> decisions, Plan* plan)
    : inputs_(inputs),
      world_(world),
      candidates_(candidates),
      decisions_(decisions),
      plan_(*plan),
      first_(plan->operations.size() - candidates.size()),
      replaced_(ReadReplaced()),
      beside_(FindBeside()) {}

void Holding::Run() && {
  Names ordered = replaced_;
  for (auto& [target, what] : ordered) {
    if (beside_.contains(target)) {
      KeepBeside(what);
      what.holders.clear();
      continue;
    }
    // It will fail, for another one holds it, too; and they with it.
    std::erase_if(what.holders, [&](const RelationName& holder) {
      const auto found = replaced_.find(holder);
      return found != replaced_.end() &&
             Follows(found->second.operation, what.operation);
    });
  }
  for (const HeldTarget& held :
       ReplaceHoldersFirst(ordered, plan_.operations)) {
    ReplaceHeld(held);
  }
  for (const RelationName& target : beside_) DropOld(target);
}

Holding::Names Holding::ReadReplaced() const {
  Names replaced;
  for (const Operation& operation : plan_.operations) {
    if (!operation.replaces.has_value()) continue;
    const RelationName key = inputs_.dialect->CatalogKey(
        operation.target->name, inputs_.target_quoting);
    Replaced& what = replaced[key];
    what.operation = operation.id;
    for (const RelationName& holder : world_.Find(key)->holders) {
      what.holders.push_back(inputs_.dialect->CatalogKey(holder, kAsSpelled));
    }
  }
  return replaced;
}

bool Holding::Follows(int operation, int other) const {
  std::set<int> passed;
  std::vector<int> ahead = {operation};
  while (!ahead.empty()) {
    const int next = ahead.back();
    ahead.pop_back();
    if (next == other) return true;
    if (!passed.insert(next).second) continue;
    const std::vector<int>& before = plan_.operations[next - 1].depends_on;
    ahead.insert(ahead.end(), before.begin(), before.end());
  }
  return false;
}

bool Holding::StaysBeside(const Replaced& what,
                          const std::set<RelationName>& beside) const {
  bool must = false;
  for (const RelationName& holder : what.holders) {
    const auto found = replaced_.find(holder);
    if (found == replaced_.end()) return false;
    must = must || beside.contains(holder) ||
           Follows(found->second.operation, what.operation);
  }
  return must;
}

// What holds a relation may itself stay beside its replacement.
std::set<RelationName> Holding::FindBeside() const {
  std::set<RelationName> beside;
  size_t before = 0;
  do {
    before = beside.size();
    for (const auto& [target, what] : replaced_) {
      if (StaysBeside(what, beside)) beside.insert(target);
    }
  } while (beside.size() != before);
  return beside;
}

dialect::Making Holding::MakingOf(int operation) const {
  const size_t candidate = static_cast<size_t>(operation) - 1 - first_;
  return clone::MakingOf(inputs_, world_, candidates_[candidate],
                         decisions_[candidate]);
}

void Holding::KeepBeside(const Replaced& what) {
  Operation& operation = plan_.operations[what.operation - 1];
  dialect::Making making = MakingOf(what.operation);
  making.keeps_old = true;
  operation.statements =
      StatementsFor(*inputs_.dialect, operation.kind, making);
}

// Gives the operation's id.
int Holding::DropOld(const RelationName& target) {
  const auto known = drops_.find(target);
  if (known != drops_.end()) return known->second;
  const Replaced& what = replaced_.at(target);
  std::set<int> first = {what.operation};
  for (const RelationName& holder : what.holders) {
    first.insert(beside_.contains(holder) ? DropOld(holder)
                                          : replaced_.at(holder).operation);
  }
  const Operation& replacing = plan_.operations[what.operation - 1];
  const dialect::Quoting& quoting = inputs_.target_quoting;
  const dialect::Making making = MakingOf(what.operation);
  Operation drop;
  drop.id = static_cast<int>(plan_.operations.size()) + 1;
  drop.kind = OperationKind::kDrop;
  drop.reason = OperationReason::kSuperseded;
  drop.unique_id = replacing.unique_id;
  drop.target = replacing.replaces;
  drop.target->name = inputs_.dialect->OldName(making.target);
  drop.target->rendered = inputs_.dialect->Render(drop.target->name, quoting);
  drop.statements =
      inputs_.dialect->Drop(drop.target->name, quoting, making.replaces);
  drop.depends_on.assign(first.begin(), first.end());
  drop.explanation =
      absl::StrCat("what stood at ", replacing.target->rendered,
                   " until it was replaced; nothing reads it any more");
  drops_.emplace(target, drop.id);
  plan_.operations.push_back(std::move(drop));
  return drops_.at(target);
}

// A view can take other text in its place, where it keeps its columns; what
// else is held cannot be replaced.
void Holding::ReplaceHeld(const HeldTarget& held) {
  Operation& operation = plan_.operations[held.operation - 1];
  const bool in_place =
      MakesView(operation) && operation.replaces->kind == RelationKind::kView;
  if (in_place) {
    dialect::Making making = MakingOf(held.operation);
    making.is_held = true;
    operation.statements = inputs_.dialect->View(making);
  }
  plan_.warnings.push_back(
      {"TargetIsHeld",
       absl::StrCat("operation ", held.operation,
                    in_place ? " will fail unless the columns stay the same: "
                             : " will fail: ",
                    operation.target->rendered, " cannot be dropped while ",
                    inputs_.dialect->Render(held.holder, kAsSpelled),
                    " depends on it")});
}

}  // namespace doppel::clone
