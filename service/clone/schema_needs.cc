#include "service/clone/schema_needs.h"

#include <utility>

#include "absl/strings/str_cat.h"

namespace doppel::clone {
namespace {

constexpr dialect::Quoting kAsSpelled = {true, true, true};

}  // namespace

void SchemaNeeds::Add(const std::optional<RelationName>& target) {
  needs_.emplace_back();
  if (!target.has_value()) return;
  RelationName key = dialect_.CatalogKey(*target, quoting_);
  key.identifier.clear();
  if (const auto schema = world_.FindSchema(key)) {
    present_.emplace(key, *schema);
    return;
  }
  missing_.emplace(key, target->schema_name());
  needs_.back() = key;
}

std::vector<Operation> SchemaNeeds::MakeMissing(
    const WholeSchemas& whole) const {
  std::vector<Operation> operations;
  for (const auto& [key, schema] : missing_) {
    Operation operation;
    operation.id = static_cast<int>(operations.size()) + 1;
    operation.kind = OperationKind::kCreateSchema;
    operation.reason = OperationReason::kSchemaMissing;
    operation.target = PlannedRelation{{schema.database, schema.schema, ""},
                                       RelationKind::kUnknown,
                                       dialect_.RenderSchema(schema, quoting_)};
    operation.statements = dialect_.CreateSchema(schema, quoting_);
    operation.explanation = absl::StrCat("the warehouse has no schema ",
                                         operation.target->rendered);
    if (whole.Contains(key)) whole.CloneInstead(key, &operation);
    operations.push_back(std::move(operation));
  }
  return operations;
}

void SchemaNeeds::PutFirst(const WholeSchemas& whole, Plan* plan) const {
  std::vector<Operation> operations = MakeMissing(whole);
  operations.reserve(operations.size() + plan->operations.size());
  std::map<RelationName, int> ids;
  for (const auto& [key, schema] : missing_) {
    ids.emplace(key, static_cast<int>(ids.size()) + 1);
  }
  for (size_t i = 0; i < plan->operations.size(); ++i) {
    Operation& operation = plan->operations[i];
    operation.id = static_cast<int>(operations.size()) + 1;
    if (needs_[i].has_value()) operation.depends_on = {ids.at(*needs_[i])};
    operations.push_back(std::move(operation));
  }
  plan->operations = std::move(operations);
  for (const auto& [key, schema] : present_) {
    plan->preconditions.push_back({PreconditionKind::kSchema,
                                   dialect_.RenderSchema(schema, kAsSpelled),
                                   kPresent,
                                   {schema.database, schema.schema, ""}});
  }
}

}  // namespace doppel::clone
