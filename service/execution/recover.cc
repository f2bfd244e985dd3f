#include "service/execution/recover.h"

#include <algorithm>
#include <cstddef>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "service/base/catalog.h"
#include "service/base/relation.h"
#include "service/clone/plan.h"
#include "service/execution/preconditions.h"
#include "service/execution/world.h"

namespace doppel::execution {
namespace {

// What stood at the target before, as far as the plan knows.
ExpectedRelation BeforeOf(const clone::Plan& plan,
                          const clone::Operation& operation,
                          const World& world) {
  const RelationName key = world.KeyOf(operation.target->name);
  for (const clone::Precondition& precondition : plan.preconditions) {
    if (precondition.kind == clone::PreconditionKind::kTargetRelation &&
        world.KeyOf(precondition.name) == key) {
      return ParseExpected(precondition.expected);
    }
  }
  if (!operation.replaces.has_value()) return {true, "", ""};
  return {false, std::string(RelationKindName(operation.replaces->kind)), ""};
}

Effect EffectOfMaking(const ExpectedRelation& before,
                      absl::string_view made_kind, const CatalogEntry* now) {
  if (now == nullptr) {
    return before.is_absent ? Effect::kNotDone : Effect::kUnclear;
  }
  const absl::string_view kind = RelationKindName(now->kind);
  if (before.is_absent || before.kind != made_kind) {
    if (kind == made_kind) return Effect::kDone;
    return kind == before.kind ? Effect::kNotDone : Effect::kUnclear;
  }
  if (kind != made_kind) return Effect::kUnclear;
  if (before.version.empty() || now->version.empty()) return Effect::kRepeat;
  return before.version == now->version ? Effect::kNotDone : Effect::kDone;
}

// What stands there again is not what was to go.
Effect EffectOfDrop(const clone::Plan& plan, const clone::Operation& operation,
                    const World& world) {
  const RelationName& target = operation.target->name;
  if (target.identifier.empty()) {
    return world.HasSchema(target.schema_name()) ? Effect::kNotDone
                                                 : Effect::kDone;
  }
  const CatalogEntry* const now = world.Find(target);
  if (now == nullptr) return Effect::kDone;
  const ExpectedRelation before = BeforeOf(plan, operation, world);
  const bool is_same = before.kind == RelationKindName(now->kind) &&
                       before.version == now->version;
  return before.is_absent || is_same ? Effect::kNotDone : Effect::kUnclear;
}

// A rename takes the source away and puts it at the target.
Effect EffectOfRename(const clone::Operation& operation, const World& world) {
  if (!operation.source.has_value()) return Effect::kUnclear;
  const bool has_source = world.Find(operation.source->name) != nullptr;
  const bool has_target = world.Find(operation.target->name) != nullptr;
  if (has_source == has_target) return Effect::kUnclear;
  return has_target ? Effect::kDone : Effect::kNotDone;
}

// Whether a name that the plan expected is gone, or one is there that it did
// not expect: an operation that moves relations leaves such a sign.
bool HasSign(const clone::Plan& plan, const clone::Placement& placement,
             const World& world) {
  std::vector<RelationName> names = {world.KeyOf(placement.target.name)};
  for (const auto& relation : {placement.source, placement.kept_as}) {
    if (relation.has_value()) names.push_back(world.KeyOf(relation->name));
  }
  for (const clone::Precondition& precondition : plan.preconditions) {
    if (precondition.kind == clone::PreconditionKind::kEnvironment ||
        precondition.kind == clone::PreconditionKind::kSchema ||
        std::find(names.begin(), names.end(), world.KeyOf(precondition.name)) ==
            names.end()) {
      continue;
    }
    const bool is_there = world.Find(precondition.name) != nullptr;
    if (is_there == ParseExpected(precondition.expected).is_absent) return true;
  }
  return false;
}

// One transaction: all of it was done, or none.
Effect EffectOfPlacements(const clone::Plan& plan,
                          const clone::Operation& operation,
                          const World& world) {
  size_t done = 0;
  for (const clone::Placement& placement : operation.placements) {
    if (HasSign(plan, placement, world)) ++done;
  }
  if (done == 0) return Effect::kNotDone;
  return done == operation.placements.size() ? Effect::kDone : Effect::kUnclear;
}

bool MakesVersion(const clone::Operation& operation) {
  return operation.placements.size() == 1 &&
         operation.placements[0].kept_version.has_value();
}

// A new version of a table has the promotion's mark in its history.
Effect EffectOfVersion(const clone::Placement& placement, const World& world) {
  const std::vector<TableVersion> versions =
      world.VersionsOf(placement.target.name);
  const bool is_marked = std::any_of(versions.begin(), versions.end(),
                                     [&](const TableVersion& version) {
                                       return version.mark == placement.mark;
                                     });
  if (is_marked) return Effect::kDone;
  const bool is_as_before =
      !versions.empty() && versions.front().number == *placement.kept_version;
  return is_as_before ? Effect::kNotDone : Effect::kUnclear;
}

// Two relations changed places if each has the version that the other had.
Effect EffectOfSwap(const clone::Plan& plan, const clone::Operation& operation,
                    const World& world) {
  if (!operation.source.has_value()) return Effect::kUnclear;
  const CatalogEntry* source = world.Find(operation.source->name);
  const CatalogEntry* target = world.Find(operation.target->name);
  if (source == nullptr || target == nullptr) return Effect::kUnclear;
  std::string source_before;
  std::string target_before;
  for (const clone::Precondition& precondition : plan.preconditions) {
    const RelationName key = world.KeyOf(precondition.name);
    const std::string version = ParseExpected(precondition.expected).version;
    if (key == world.KeyOf(source->name)) source_before = version;
    if (key == world.KeyOf(target->name)) target_before = version;
  }
  if (source_before == target_before) return Effect::kUnclear;
  if (source->version == source_before && target->version == target_before) {
    return Effect::kNotDone;
  }
  const bool swapped =
      source->version == target_before && target->version == source_before;
  return swapped ? Effect::kDone : Effect::kUnclear;
}

}  // namespace

absl::string_view EffectName(Effect effect) {
  switch (effect) {
    case Effect::kDone:
      return "done";
    case Effect::kNotDone:
      return "not done";
    case Effect::kRepeat:
      return "to be repeated";
    case Effect::kUnclear:
      return "unclear";
  }
  return "";
}

std::vector<DetailsWish> WishesOf(const clone::Operation& operation) {
  if (!MakesVersion(operation)) return {};
  DetailsWish wish;
  wish.name = operation.placements[0].target.name;
  wish.versions = true;
  return {wish};
}

Effect EffectOf(const clone::Plan& plan, const clone::Operation& operation,
                const World& world) {
  if (operation.kind == clone::OperationKind::kSkip) return Effect::kDone;
  if (MakesVersion(operation)) {
    return EffectOfVersion(operation.placements[0], world);
  }
  if (operation.kind == clone::OperationKind::kSwap &&
      !operation.placements.empty()) {
    return EffectOfPlacements(plan, operation, world);
  }
  if (!operation.target.has_value()) return Effect::kUnclear;
  const RelationName& target = operation.target->name;
  switch (operation.kind) {
    case clone::OperationKind::kCreateSchema:
      return world.HasSchema(target.schema_name()) ? Effect::kDone
                                                   : Effect::kNotDone;
    case clone::OperationKind::kPointerView:
    case clone::OperationKind::kView:
      return EffectOfMaking(BeforeOf(plan, operation, world), "view",
                            world.Find(target));
    case clone::OperationKind::kCloneTable:
    case clone::OperationKind::kCopyTable:
      return EffectOfMaking(BeforeOf(plan, operation, world), "table",
                            world.Find(target));
    case clone::OperationKind::kDrop:
      return EffectOfDrop(plan, operation, world);
    case clone::OperationKind::kRename:
      return EffectOfRename(operation, world);
    case clone::OperationKind::kSwap:
      return EffectOfSwap(plan, operation, world);
    default:
      return Effect::kUnclear;
  }
}

}  // namespace doppel::execution
