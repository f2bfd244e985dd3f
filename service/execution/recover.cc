#include "service/execution/recover.h"

#include <string>

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

Effect EffectOf(const clone::Plan& plan, const clone::Operation& operation,
                const World& world) {
  if (operation.kind == clone::OperationKind::kSkip) return Effect::kDone;
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
    default:
      return Effect::kUnclear;
  }
}

}  // namespace doppel::execution
