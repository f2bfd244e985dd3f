#include "service/clone/test_question.h"

#include "absl/strings/str_cat.h"
#include "service/dialect/dialect.h"

namespace doppel::clone {

using deferral::TestNode;

namespace {

// What `ask` answers to the question.
template <typename Answer>
Answer With(const Question& question, Answer (*ask)(const CloneInputs&)) {
  deferral::TestManifestOptions options;
  options.adapter = question.adapter;
  options.schema = "prod";
  const auto source = deferral::MakeTestManifest(question.source, options);
  options.schema = question.target_schema;
  const auto target = deferral::MakeTestManifest(question.target, options);
  CloneInputs inputs;
  inputs.source = source.get();
  if (question.rules.empty()) inputs.target = target.get();
  inputs.rules = question.rules;
  const auto selected =
      deferral::AllNodes(question.rules.empty() ? *target : *source);
  inputs.selected = selected;
  inputs.dialect = *dialect::FindDialect(question.adapter);
  inputs.source_quoting = inputs.dialect->default_quoting();
  inputs.target_quoting = inputs.dialect->default_quoting();
  inputs.default_database = "db";
  inputs.catalog = question.catalog;
  inputs.existing_schemas = question.schemas;
  inputs.ledger = question.ledger;
  inputs.options = question.options;
  inputs.as_of = question.as_of;
  return ask(inputs);
}

}  // namespace

std::vector<TestNode> Project() {
  return {{.unique_id = "model.shop.eph", .materialized = "ephemeral"},
          {.unique_id = "model.shop.orders"},
          {.unique_id = "model.shop.report", .materialized = "view"},
          {.unique_id = "seed.shop.codes", .materialized = "seed"},
          {.unique_id = "test.shop.check", .materialized = "test"}};
}

CatalogEntry Entry(const std::string& schema, const std::string& identifier,
                   RelationKind kind, const std::string& version) {
  return {{"db", schema, identifier}, kind, version, -1, -1};
}

std::vector<CatalogEntry> Built() {
  return {Entry("prod", "orders", RelationKind::kTable, "7"),
          Entry("prod", "report", RelationKind::kView),
          Entry("prod", "codes", RelationKind::kTable, "1")};
}

absl::StatusOr<Plan> Ask(const Question& question) {
  return With(question, &PlanClone);
}

absl::StatusOr<std::vector<SchemaName>> AskForSchemas(
    const Question& question) {
  return With(question, &SchemasOf);
}

Texts Decisions(const Plan& plan) {
  Texts texts;
  for (const Operation& operation : plan.operations) {
    texts.push_back(absl::StrCat(operation.unique_id.empty()
                                     ? operation.target->rendered
                                     : operation.unique_id,
                                 ": ", OperationKindName(operation.kind), " ",
                                 OperationReasonName(operation.reason)));
  }
  return texts;
}

}  // namespace doppel::clone
