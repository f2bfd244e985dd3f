#include "service/execution/ownership.h"

#include <string>
#include <utility>

#include "absl/strings/str_join.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "service/base/digest.h"
#include "service/base/relation.h"
#include "service/clone/plan.h"
#include "service/execution/journal.h"
#include "service/execution/preconditions.h"
#include "service/store/store.h"

namespace doppel::execution {
namespace {

RelationKind MadeKind(clone::OperationKind kind) {
  switch (kind) {
    case clone::OperationKind::kPointerView:
      return RelationKind::kView;
    case clone::OperationKind::kCloneTable:
    case clone::OperationKind::kCopyTable:
      return RelationKind::kTable;
    default:
      return RelationKind::kUnknown;
  }
}

bool Makes(clone::OperationKind kind) {
  return kind == clone::OperationKind::kCreateSchema ||
         MadeKind(kind) != RelationKind::kUnknown;
}

}  // namespace

Ownership::Ownership(const clone::Plan* plan, absl::string_view execution)
    : plan_(*plan), execution_(execution) {
  for (const clone::Precondition& precondition : plan_.preconditions) {
    if (precondition.kind != clone::PreconditionKind::kSourceRelation) continue;
    source_versions_.emplace(precondition.name,
                             ParseExpected(precondition.expected).version);
  }
}

void Ownership::Record(const clone::Operation& operation, absl::Time now,
                       Journal::Entry* entry) const {
  if (!operation.target.has_value()) return;
  store::LedgerRecord record;
  record.connection = plan_.connection;
  record.relation = operation.target->name;
  if (operation.kind == clone::OperationKind::kDrop) {
    entry->disowned.push_back(std::move(record));
    return;
  }
  if (!Makes(operation.kind)) return;
  record.kind = MadeKind(operation.kind);
  record.environment = plan_.target_environment;
  record.unique_id = operation.unique_id;
  record.execution = execution_;
  if (operation.source.has_value()) {
    record.source = operation.source->name;
    const auto version = source_versions_.find(record.source);
    if (version != source_versions_.end()) {
      record.source_version = version->second;
    }
  }
  record.definition = Sha256Hex(absl::StrJoin(operation.statements, ";\n"));
  record.create_time = now;
  entry->owned.push_back(std::move(record));
}

}  // namespace doppel::execution
