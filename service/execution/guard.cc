#include "service/execution/guard.h"

#include <cstddef>
#include <stop_token>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "service/base/mutex.h"
#include "service/base/relation.h"
#include "service/base/status_macros.h"
#include "service/clone/plan.h"
#include "service/clone/preconditions.h"
#include "service/execution/changes.h"
#include "service/execution/preconditions.h"
#include "service/execution/world.h"
#include "service/store/store.h"
#include "service/warehouse/warehouse.h"

namespace doppel::execution {
namespace {

// How many times as long as it took a look is good.
constexpr int kGoodFor = 9;

// The names that the operation reads or changes, and the schemas they are in.
absl::flat_hash_set<RelationName> NamesOf(const clone::Operation& operation,
                                          const World& world) {
  std::vector<const clone::PlannedRelation*> relations = ChangedBy(operation);
  if (operation.source.has_value()) relations.push_back(&*operation.source);
  absl::flat_hash_set<RelationName> names;
  for (const clone::PlannedRelation* relation : relations) {
    RelationName name = relation->name;
    names.insert(world.KeyOf(name));
    name.identifier.clear();
    names.insert(world.KeyOf(name));
  }
  return names;
}

}  // namespace

Guard::Guard(const clone::Plan* plan, warehouse::Warehouse* warehouse,
             store::Store* store)
    : plan_(*plan), warehouse_(*warehouse), store_(*store) {
  Assign();
}

// Gives each operation the preconditions that are its own to look at.
void Guard::Assign() {
  const World names(&warehouse_.dialect(), warehouse_.default_database(), {},
                    {});
  std::vector<size_t> environments;
  absl::flat_hash_map<RelationName, std::vector<size_t>> of_name;
  for (size_t i = 0; i < plan_.preconditions.size(); ++i) {
    const clone::Precondition& precondition = plan_.preconditions[i];
    if (precondition.kind == clone::PreconditionKind::kEnvironment) {
      environments.push_back(i);
    } else {
      of_name[names.KeyOf(precondition.name)].push_back(i);
    }
  }
  absl::flat_hash_set<RelationName> changed;
  for (const clone::Operation& operation : plan_.operations) {
    if (operation.kind == clone::OperationKind::kSkip) continue;
    std::vector<size_t>& needs = needs_[operation.id];
    needs = environments;
    for (const RelationName& name : NamesOf(operation, names)) {
      const auto found = of_name.find(name);
      if (found == of_name.end() || changed.contains(name)) continue;
      needs.insert(needs.end(), found->second.begin(), found->second.end());
    }
    for (const clone::PlannedRelation* relation : ChangedBy(operation)) {
      changed.insert(names.KeyOf(relation->name));
    }
  }
}

absl::Status Guard::Check(const clone::Operation& operation,
                          std::stop_token stop) {
  const auto needs = needs_.find(operation.id);
  if (needs == needs_.end() || needs->second.empty()) return absl::OkStatus();
  std::vector<clone::Violation> changes;
  {
    MutexLock lock(mutex_);
    if (!last_.has_value() || absl::Now() >= good_until_) {
      const absl::Time begun = absl::Now();
      DOPPEL_ASSIGN_OR_RETURN(last_, Look(std::move(stop)));
      good_until_ = begun + (absl::Now() - begun) * (kGoodFor + 1);
    }
    for (const size_t need : needs->second) {
      const auto change = last_->find(need);
      if (change != last_->end()) changes.push_back(change->second);
    }
  }
  return changes.empty() ? absl::OkStatus() : WorldChanged(changes);
}

absl::StatusOr<Guard::Violations> Guard::Look(std::stop_token stop) {
  DOPPEL_ASSIGN_OR_RETURN(
      const World world,
      World::Read(&warehouse_, SchemasOf(plan_), std::move(stop)));
  DOPPEL_ASSIGN_OR_RETURN(const std::vector<clone::Violation> environments,
                          ChangedEnvironments(plan_, &store_));
  const std::vector<clone::Violation> relations = world.Violations(plan_);
  // By then most of what the plan makes is there, so they can be many; each of
  // the two lists is in the order of the plan.
  Violations violations;
  auto environment = environments.begin();
  auto relation = relations.begin();
  for (size_t i = 0; i < plan_.preconditions.size(); ++i) {
    const clone::Precondition& precondition = plan_.preconditions[i];
    auto& next = precondition.kind == clone::PreconditionKind::kEnvironment
                     ? environment
                     : relation;
    const auto end = precondition.kind == clone::PreconditionKind::kEnvironment
                         ? environments.end()
                         : relations.end();
    if (next == end || next->precondition != precondition) continue;
    violations.emplace(i, *next++);
  }
  return violations;
}

}  // namespace doppel::execution
