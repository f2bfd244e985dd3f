#include "service/rpc/promotion_question.h"

#include <algorithm>
#include <cstddef>
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
#include "google/protobuf/duration.pb.h"
#include "service/base/digest.h"
#include "service/base/error.h"
#include "service/base/identifier.h"
#include "service/base/status_macros.h"
#include "service/promotion/gate.h"
#include "service/promotion/places.h"
#include "service/promotion/planner.h"
#include "service/promotion/promoted_manifest.h"
#include "service/rpc/convert_manifest.h"
#include "service/rpc/live_catalog.h"
#include "service/rpc/selecting.h"

namespace doppel::rpc {
namespace {

constexpr int64_t kWeekSeconds = int64_t{7} * 24 * 60 * 60;
constexpr size_t kTagSize = 8;

Error Invalid(absl::string_view field, absl::string_view message) {
  return Error(absl::StatusCode::kInvalidArgument, Reason::kInvalidArgument,
               absl::StrCat(field, ": ", message))
      .With("field", field)
      .Field(field, message);
}

struct Side {
  store::EnvironmentRecord environment;
  ManifestPtr manifest;
};

absl::StatusOr<Side> SideOf(const Services& services, absl::string_view name,
                            absl::string_view field) {
  Side side;
  DOPPEL_ASSIGN_OR_RETURN(side.environment,
                          LoadEnvironment(services, name, field));
  DOPPEL_ASSIGN_OR_RETURN(const std::string digest,
                          ManifestOf(side.environment));
  DOPPEL_ASSIGN_OR_RETURN(side.manifest, services.library->Load(digest));
  return side;
}

// The request, made firm.
struct Question {
  Side from;
  Side to;
  std::string connection;
  std::shared_ptr<warehouse::Warehouse> warehouse;
  selection::SelectionResult selected;
  std::vector<promotion::Place> places;
  std::vector<CatalogEntry> catalog;
  std::vector<SchemaName> existing_schemas;
  std::vector<RelationDetails> details;
  std::string tag;
  int64_t keep_seconds = 0;
  bool must_be_atomic = false;
};

absl::StatusOr<int64_t> KeepSeconds(const v1::PlanPromotionRequest& request) {
  if (!request.has_keep_old()) return kWeekSeconds;
  if (request.keep_old().seconds() < 0 || request.keep_old().nanos() != 0) {
    return Invalid("keep_old", "expected whole seconds, 0 or more");
  }
  return request.keep_old().seconds();
}

absl::StatusOr<Question> QuestionOf(const Services& services,
                                    const v1::PlanPromotionRequest& request) {
  Question question;
  DOPPEL_ASSIGN_OR_RETURN(
      question.from,
      SideOf(services, request.from_environment(), "from_environment"));
  DOPPEL_ASSIGN_OR_RETURN(
      question.to,
      SideOf(services, request.to_environment(), "to_environment"));
  question.connection = question.to.environment.connection.empty()
                            ? question.from.environment.connection
                            : question.to.environment.connection;
  v1::SelectionContext context;
  context.set_state_manifest(
      absl::StrCat("manifests/", question.to.manifest->digest()));
  DOPPEL_ASSIGN_OR_RETURN(question.selected,
                          SelectNodes(services, question.from.manifest,
                                      {request.selection(),
                                       context,
                                       {"model", "seed", "snapshot"},
                                       false}));
  question.tag = NewUuid().substr(0, kTagSize);
  return question;
}

absl::StatusOr<promotion::OpenGate> CheckGate(const Services& services,
                                              const v1::Gate& gate,
                                              const Question& question) {
  if (gate.run_results_json().empty()) {
    return Error(absl::StatusCode::kFailedPrecondition,
                 Reason::kRunResultsRequired,
                 "gate.run_results_json: a promotion needs the "
                 "run_results.json of the build that it promotes")
        .Field("gate.run_results_json", "is missing");
  }
  promotion::GateInputs inputs;
  inputs.run_results_json = gate.run_results_json();
  inputs.manifest = question.from.manifest.get();
  inputs.promoted = question.selected.nodes;
  inputs.now = services.clock();
  if (gate.has_max_age()) {
    inputs.max_age = absl::Seconds(gate.max_age().seconds()) +
                     absl::Nanoseconds(gate.max_age().nanos());
    if (*inputs.max_age < absl::ZeroDuration()) {
      return Invalid("gate.max_age", "expected 0 or more");
    }
  }
  const v1::SelectionContext context;
  DOPPEL_ASSIGN_OR_RETURN(
      const selection::SelectionResult tests,
      SelectNodes(services, question.from.manifest,
                  {gate.selection(), context, {"test", "unit_test"}, true}));
  std::vector<manifest::NodeId> ids;
  std::copy_if(tests.nodes.begin(), tests.nodes.end(), std::back_inserter(ids),
               [&](manifest::NodeId id) {
                 const auto type = question.from.manifest->node(id).type;
                 return type == manifest::ResourceType::kTest ||
                        type == manifest::ResourceType::kUnitTest;
               });
  inputs.tests = ids;
  return promotion::CheckGate(inputs);
}

promotion::PromotionInputs InputsOf(const Question& question) {
  promotion::PromotionInputs inputs;
  inputs.from = question.from.manifest.get();
  inputs.places = question.places;
  inputs.selected = question.selected.nodes;
  inputs.dialect = &question.warehouse->dialect();
  inputs.from_quoting = RenderingOf(*question.from.manifest).quoting;
  inputs.to_quoting = RenderingOf(*question.to.manifest).quoting;
  inputs.catalog = question.catalog;
  inputs.existing_schemas = question.existing_schemas;
  inputs.details = question.details;
  inputs.tag = question.tag;
  inputs.keep_seconds = question.keep_seconds;
  inputs.must_be_atomic = question.must_be_atomic;
  return inputs;
}

// Looks at the warehouse.
absl::Status Look(const Services& services, std::stop_token stop,
                  Question* question) {
  if (question->connection.empty()) {
    return OpenWarehouse(services, question->to.environment).status();
  }
  DOPPEL_ASSIGN_OR_RETURN(question->warehouse,
                          services.connections->Open(question->connection));
  question->places =
      promotion::PlacesOf(*question->from.manifest, *question->to.manifest,
                          question->warehouse->default_database());
  const std::vector<SchemaName> schemas =
      promotion::SchemasOf(InputsOf(*question));
  DOPPEL_ASSIGN_OR_RETURN(const auto open, question->warehouse->KeepOpen());
  DOPPEL_ASSIGN_OR_RETURN(question->catalog,
                          question->warehouse->ListRelations(schemas, stop));
  DOPPEL_ASSIGN_OR_RETURN(question->existing_schemas,
                          question->warehouse->ExistingSchemas(schemas, stop));
  const std::vector<DetailsWish> wishes =
      promotion::WishesOf(InputsOf(*question));
  DOPPEL_ASSIGN_OR_RETURN(question->details, question->warehouse->Describe(
                                                 wishes, std::move(stop)));
  return absl::OkStatus();
}

// Keeps the bytes as if somebody had uploaded them.
absl::Status StoreManifest(const Services& services, const std::string& digest,
                           absl::string_view bytes) {
  if (services.store->GetManifest(digest).ok()) return absl::OkStatus();
  DOPPEL_ASSIGN_OR_RETURN(const int64_t uploaded,
                          services.store->UploadedBytes(digest));
  if (uploaded > 0) {
    DOPPEL_RETURN_IF_ERROR(services.store->DiscardUpload(digest));
  }
  DOPPEL_RETURN_IF_ERROR(services.store->AppendUpload(digest, 0, bytes));
  const auto size = static_cast<int64_t>(bytes.size());
  DOPPEL_ASSIGN_OR_RETURN(const ManifestPtr manifest,
                          services.library->ReadUpload(digest, size));
  const absl::Time now = services.clock();
  return services.store->CommitManifest(
      {digest, size, ToProto(*manifest, now).SerializeAsString(), now});
}

absl::Status SetManifestAfter(const Services& services,
                              const Question& question, bool keeps,
                              clone::Plan* plan) {
  promotion::PromotedManifestInputs inputs;
  inputs.from = question.from.manifest;
  inputs.to = question.to.manifest;
  inputs.places = question.places;
  inputs.selected = question.selected.nodes;
  inputs.dialect = &question.warehouse->dialect();
  inputs.to_quoting = RenderingOf(*question.to.manifest).quoting;
  DOPPEL_ASSIGN_OR_RETURN(const std::string bytes,
                          promotion::PromotedManifest(inputs));
  plan->manifest_after = Sha256Hex(bytes);
  if (!keeps) return absl::OkStatus();
  return StoreManifest(services, plan->manifest_after, bytes);
}

void SetSides(const Question& question, clone::Plan* plan) {
  plan->connection = question.connection;
  plan->source_environment = question.from.environment.id;
  plan->target_environment = question.to.environment.id;
  plan->target_manifest = question.to.manifest->digest();
  for (const Side* side : {&question.from, &question.to}) {
    plan->preconditions.push_back(
        {clone::PreconditionKind::kEnvironment,
         absl::StrCat("environments/", side->environment.id),
         side->environment.etag,
         {}});
  }
}

template <typename List>
void Prepend(const List& more, List* all) {
  all->insert(all->begin(), more.begin(), more.end());
}

}  // namespace

absl::StatusOr<clone::Plan> PlanPromotionOf(
    const Services& services, const v1::PlanPromotionRequest& request,
    std::stop_token stop) {
  DOPPEL_ASSIGN_OR_RETURN(const int64_t keep_seconds, KeepSeconds(request));
  DOPPEL_ASSIGN_OR_RETURN(Question question, QuestionOf(services, request));
  question.keep_seconds = keep_seconds;
  question.must_be_atomic = request.require_atomic();
  DOPPEL_ASSIGN_OR_RETURN(const promotion::OpenGate gate,
                          CheckGate(services, request.gate(), question));
  DOPPEL_RETURN_IF_ERROR(Look(services, std::move(stop), &question));
  DOPPEL_ASSIGN_OR_RETURN(clone::Plan plan,
                          promotion::PlanPromotion(InputsOf(question)));
  SetSides(question, &plan);
  DOPPEL_RETURN_IF_ERROR(
      SetManifestAfter(services, question, !request.validate_only(), &plan));
  Prepend(gate.warnings, &plan.warnings);
  Prepend(question.selected.warnings, &plan.warnings);
  return plan;
}

}  // namespace doppel::rpc
