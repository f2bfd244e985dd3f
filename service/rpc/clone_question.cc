#include "service/rpc/clone_question.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "doppel/v1/planning_service.pb.h"
#include "google/protobuf/util/time_util.h"
#include "service/base/error.h"
#include "service/base/status_macros.h"
#include "service/clone/naming.h"
#include "service/clone/planner.h"
#include "service/rpc/convert_manifest.h"
#include "service/rpc/live_catalog.h"
#include "service/rpc/selecting.h"

namespace doppel::rpc {
namespace {

Error Invalid(absl::string_view field, absl::string_view message) {
  return Error(absl::StatusCode::kInvalidArgument, Reason::kInvalidArgument,
               absl::StrCat(field, ": ", message))
      .With("field", field)
      .Field(field, message);
}

// One side of a clone.
struct Side {
  std::optional<store::EnvironmentRecord> environment;
  ManifestPtr manifest;  // nullptr: the target is named by rules
};

absl::Status FillEnvironment(const Services& services, absl::string_view name,
                             absl::string_view field, Side& side) {
  DOPPEL_ASSIGN_OR_RETURN(side.environment,
                          LoadEnvironment(services, name, field));
  DOPPEL_ASSIGN_OR_RETURN(const std::string digest,
                          ManifestOf(*side.environment));
  DOPPEL_ASSIGN_OR_RETURN(side.manifest, services.library->Load(digest));
  return absl::OkStatus();
}

absl::StatusOr<Side> SourceOf(const Services& services,
                              const v1::PlanCloneRequest& request) {
  Side side;
  switch (request.source_case()) {
    case v1::PlanCloneRequest::kSourceEnvironment:
      DOPPEL_RETURN_IF_ERROR(FillEnvironment(
          services, request.source_environment(), "source_environment", side));
      return side;
    case v1::PlanCloneRequest::kSourceManifest: {
      DOPPEL_ASSIGN_OR_RETURN(
          side.manifest,
          LoadManifest(services, request.source_manifest(), "source_manifest"));
      return side;
    }
    default:
      return Invalid("source",
                     "expected source_environment or source_manifest");
  }
}

absl::StatusOr<Side> TargetOf(const Services& services,
                              const v1::PlanCloneRequest& request) {
  Side side;
  switch (request.target_case()) {
    case v1::PlanCloneRequest::kTargetEnvironment:
      DOPPEL_RETURN_IF_ERROR(FillEnvironment(
          services, request.target_environment(), "target_environment", side));
      return side;
    case v1::PlanCloneRequest::kTargetManifest: {
      DOPPEL_ASSIGN_OR_RETURN(
          side.manifest,
          LoadManifest(services, request.target_manifest(), "target_manifest"));
      return side;
    }
    case v1::PlanCloneRequest::kNaming:
      return side;
    default:
      return Invalid("target",
                     "expected target_manifest, target_environment or naming");
  }
}

// Where the plan is executed.
absl::StatusOr<std::string> ConnectionOf(const v1::PlanCloneRequest& request,
                                         const Side& source,
                                         const Side& target) {
  std::string connection = request.connection();
  for (const Side* const side : {&target, &source}) {
    if (connection.empty() && side->environment.has_value()) {
      connection = side->environment->connection;
    }
  }
  if (!connection.empty()) return connection;
  return Error(absl::StatusCode::kFailedPrecondition,
               Reason::kEnvironmentHasNoConnection,
               "neither the request nor its environments name a connection; "
               "set connection to \"<profile>/<target>\"")
      .Field("connection", "is missing");
}

std::vector<clone::NamingRule> RulesOf(const v1::NamingRules& naming) {
  std::vector<clone::NamingRule> rules;
  for (const v1::NamingRule& rule : naming.rules()) {
    rules.push_back({rule.database_pattern(), rule.schema_pattern(),
                     rule.database(), rule.schema(), rule.identifier()});
  }
  return rules;
}

absl::StatusOr<clone::CloneOptions> OptionsOf(
    const v1::PlanCloneRequest& request) {
  clone::CloneOptions options;
  if (!v1::ExistingTarget_IsValid(request.existing_target())) {
    return Invalid("existing_target", "no such value");
  }
  if (!v1::NoZeroCopy_IsValid(request.on_no_zero_copy())) {
    return Invalid("on_no_zero_copy", "no such value");
  }
  if (!v1::MissingSource_IsValid(request.on_missing_source())) {
    return Invalid("on_missing_source", "no such value");
  }
  if (!v1::Views_IsValid(request.views())) {
    return Invalid("views", "no such value");
  }
  if (request.existing_target() == v1::EXISTING_TARGET_REPLACE) {
    options.existing_target = clone::ExistingTarget::kReplace;
  } else if (request.existing_target() == v1::EXISTING_TARGET_RECONCILE) {
    options.existing_target = clone::ExistingTarget::kReconcile;
  }
  if (request.on_no_zero_copy() == v1::NO_ZERO_COPY_COPY) {
    options.on_no_zero_copy = clone::NoZeroCopy::kCopy;
  } else if (request.on_no_zero_copy() == v1::NO_ZERO_COPY_FAIL) {
    options.on_no_zero_copy = clone::NoZeroCopy::kFail;
  }
  if (request.on_missing_source() == v1::MISSING_SOURCE_FAIL) {
    options.on_missing_source = clone::MissingSource::kFail;
  }
  if (request.views() == v1::VIEWS_CLOSED) {
    options.views = clone::Views::kClosed;
  }
  options.whole_schemas = request.whole_schemas();
  options.overwrite_changed_targets = request.overwrite_changed_targets();
  return options;
}

absl::StatusOr<std::optional<clone::PointInTime>> AsOfOf(
    const v1::PlanCloneRequest& request, absl::Time now) {
  if (!request.has_as_of()) return std::nullopt;
  using google::protobuf::util::TimeUtil;
  const int64_t seconds = request.as_of().seconds();
  const int32_t nanos = request.as_of().nanos();
  if (seconds < TimeUtil::kTimestampMinSeconds ||
      seconds > TimeUtil::kTimestampMaxSeconds || nanos < 0 ||
      nanos > 999'999'999) {
    return Invalid("as_of", "no time of the years 1 to 9999");
  }
  const absl::Time time = FromProto(request.as_of());
  return clone::PointInTime{absl::FromUnixMicros(absl::ToUnixMicros(time)),
                            now};
}

// What doppel made on that connection and still owns.
absl::StatusOr<std::vector<clone::LedgerFact>> LedgerOf(
    const Services& services, absl::string_view connection) {
  DOPPEL_ASSIGN_OR_RETURN(const std::vector<store::LedgerRecord> records,
                          services.store->ListLedger(connection, ""));
  std::vector<clone::LedgerFact> facts;
  for (const store::LedgerRecord& record : records) {
    facts.push_back({record.relation, record.source, record.source_version,
                     record.kind == RelationKind::kView
                         ? clone::OperationKind::kPointerView
                         : clone::OperationKind::kCloneTable,
                     record.definition, record.target_version});
  }
  return facts;
}

// Environments that the plan was made for, and that they stay as they are.
void AddEnvironments(const Side& source, const Side& target,
                     clone::Plan& plan) {
  const auto add = [&plan](const Side& side, std::string& id) {
    if (!side.environment.has_value()) return;
    id = side.environment->id;
    plan.preconditions.push_back(
        {clone::PreconditionKind::kEnvironment,
         absl::StrCat("environments/", side.environment->id),
         side.environment->etag,
         {}});
  };
  add(source, plan.source_environment);
  add(target, plan.target_environment);
  plan.source_manifest = source.manifest->digest();
  if (target.manifest != nullptr) {
    plan.target_manifest = target.manifest->digest();
  }
}

// What the planner takes, kept while it looks.
struct Question {
  Side source;
  Side target;
  std::string connection;
  std::shared_ptr<warehouse::Warehouse> warehouse;
  std::vector<clone::NamingRule> rules;
  selection::SelectionResult selected;
  std::vector<CatalogEntry> catalog;
  std::vector<SchemaName> existing_schemas;
  std::vector<clone::LedgerFact> ledger;
  std::optional<clone::PointInTime> as_of;
};

clone::CloneInputs InputsOf(const Question& question,
                            const clone::CloneOptions& options) {
  clone::CloneInputs inputs;
  inputs.source = question.source.manifest.get();
  inputs.target = question.target.manifest.get();
  inputs.rules = question.rules;
  inputs.selected = question.selected.nodes;
  inputs.dialect = &question.warehouse->dialect();
  inputs.source_quoting = RenderingOf(*question.source.manifest).quoting;
  inputs.target_quoting = inputs.target == nullptr
                              ? inputs.source_quoting
                              : RenderingOf(*inputs.target).quoting;
  inputs.default_database = question.warehouse->default_database();
  inputs.catalog = question.catalog;
  inputs.existing_schemas = question.existing_schemas;
  inputs.ledger = question.ledger;
  inputs.options = options;
  inputs.as_of = question.as_of;
  return inputs;
}

absl::StatusOr<Question> QuestionOf(const Services& services,
                                    const v1::PlanCloneRequest& request) {
  Question question;
  DOPPEL_ASSIGN_OR_RETURN(question.as_of, AsOfOf(request, services.clock()));
  DOPPEL_ASSIGN_OR_RETURN(question.source, SourceOf(services, request));
  DOPPEL_ASSIGN_OR_RETURN(question.target, TargetOf(services, request));
  DOPPEL_ASSIGN_OR_RETURN(
      question.connection,
      ConnectionOf(request, question.source, question.target));
  question.rules = RulesOf(request.naming());
  const ManifestPtr& selecting = question.target.manifest != nullptr
                                     ? question.target.manifest
                                     : question.source.manifest;
  // dbt clone's --state is the manifest that it clones from.
  v1::SelectionContext context = request.context();
  if (context.state_manifest().empty()) {
    context.set_state_manifest(
        absl::StrCat("manifests/", question.source.manifest->digest()));
  }
  DOPPEL_ASSIGN_OR_RETURN(question.selected,
                          SelectNodes(services, selecting,
                                      {request.selection(),
                                       context,
                                       {"model", "seed", "snapshot"},
                                       false}));
  DOPPEL_ASSIGN_OR_RETURN(question.warehouse,
                          services.connections->Open(question.connection));
  DOPPEL_ASSIGN_OR_RETURN(question.ledger,
                          LedgerOf(services, question.connection));
  return question;
}

}  // namespace

absl::StatusOr<clone::Plan> PlanCloneOf(const Services& services,
                                        const v1::PlanCloneRequest& request,
                                        std::stop_token stop) {
  DOPPEL_ASSIGN_OR_RETURN(const clone::CloneOptions options,
                          OptionsOf(request));
  DOPPEL_ASSIGN_OR_RETURN(Question question, QuestionOf(services, request));
  DOPPEL_ASSIGN_OR_RETURN(const std::vector<SchemaName> schemas,
                          clone::SchemasOf(InputsOf(question, options)));
  DOPPEL_ASSIGN_OR_RETURN(const auto open, question.warehouse->KeepOpen());
  DOPPEL_ASSIGN_OR_RETURN(question.catalog,
                          question.warehouse->ListRelations(schemas, stop));
  DOPPEL_ASSIGN_OR_RETURN(question.existing_schemas,
                          question.warehouse->ExistingSchemas(schemas, stop));
  DOPPEL_ASSIGN_OR_RETURN(clone::Plan plan,
                          clone::PlanClone(InputsOf(question, options)));
  plan.connection = question.connection;
  plan.warehouse = std::string(question.warehouse->dialect().type());
  plan.warnings.insert(plan.warnings.begin(),
                       question.selected.warnings.begin(),
                       question.selected.warnings.end());
  AddEnvironments(question.source, question.target, plan);
  return plan;
}

}  // namespace doppel::rpc
