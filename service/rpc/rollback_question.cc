#include <cstddef>
#include <memory>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "service/base/error.h"
#include "service/base/identifier.h"
#include "service/base/status_macros.h"
#include "service/promotion/rollback.h"
#include "service/rpc/promotion_question.h"
#include "service/rpc/stored_plan.h"

namespace doppel::rpc {
namespace {

constexpr size_t kTagSize = 8;

absl::Status CheckKind(const clone::Plan& plan, absl::string_view execution) {
  if (plan.kind == clone::PlanKind::kPromotion) return absl::OkStatus();
  const std::string message = absl::StrCat("\"", execution, "\" is of a ",
                                           clone::PlanKindName(plan.kind),
                                           ": only promotions have a way back");
  return Error(absl::StatusCode::kInvalidArgument, Reason::kInvalidArgument,
               absl::StrCat("execution: ", message))
      .With("field", "execution")
      .Field("execution", message);
}

absl::Status CheckEnded(const store::ExecutionRecord& execution) {
  if (execution.status != store::ExecutionStatus::kQueued &&
      execution.status != store::ExecutionStatus::kRunning) {
    return absl::OkStatus();
  }
  return Error(absl::StatusCode::kAborted, Reason::kEnvironmentLeased,
               absl::StrCat("execution \"", execution.id,
                            "\" is running; try again when it has ended"))
      .With("execution", absl::StrCat("executions/", execution.id))
      .RetryAfter(absl::Seconds(5));
}

// Whether all that it was to do is done, though its end may not be written.
absl::StatusOr<bool> IsDone(const Services& services, const clone::Plan& plan,
                            const store::ExecutionRecord& execution) {
  if (execution.status == store::ExecutionStatus::kSucceeded) return true;
  DOPPEL_ASSIGN_OR_RETURN(const std::vector<store::OperationRecord> operations,
                          services.store->ListOperations(execution.id));
  size_t done = 0;
  for (const store::OperationRecord& operation : operations) {
    done += operation.status == store::OperationStatus::kSucceeded ||
                    operation.status == store::OperationStatus::kSkipped
                ? 1
                : 0;
  }
  return done == plan.operations.size();
}

// Another manifest than the promotion's: somebody has gone on from there.
absl::Status CheckManifest(const clone::Plan& promotion,
                           const store::ExecutionRecord& execution,
                           const store::EnvironmentRecord& environment) {
  const std::string& expected =
      execution.status == store::ExecutionStatus::kSucceeded
          ? promotion.manifest_after
          : promotion.target_manifest;
  if (environment.manifest == expected) return absl::OkStatus();
  const std::string subject = absl::StrCat("environments/", environment.id);
  return Error(absl::StatusCode::kFailedPrecondition, Reason::kWorldChanged,
               absl::StrCat("the promotion cannot be undone: ", subject,
                            " has another manifest since; that would be "
                            "lost"))
      .With("environment", environment.id)
      .With("manifest", environment.manifest)
      .Precondition(
          "MANIFEST", subject,
          absl::StrCat("was ", expected, ", is ", environment.manifest));
}

absl::StatusOr<clone::Plan> PlanBack(const Services& services,
                                     const clone::Plan& promotion, bool is_done,
                                     std::stop_token stop) {
  DOPPEL_ASSIGN_OR_RETURN(const std::shared_ptr<warehouse::Warehouse> warehouse,
                          services.connections->Open(promotion.connection));
  promotion::RollbackInputs inputs;
  inputs.promotion = &promotion;
  inputs.is_done = is_done;
  inputs.dialect = &warehouse->dialect();
  inputs.tag = NewUuid().substr(0, kTagSize);
  const std::vector<SchemaName> schemas = promotion::SchemasOf(inputs);
  DOPPEL_ASSIGN_OR_RETURN(const auto open, warehouse->KeepOpen());
  DOPPEL_ASSIGN_OR_RETURN(const std::vector<CatalogEntry> catalog,
                          warehouse->ListRelations(schemas, stop));
  DOPPEL_ASSIGN_OR_RETURN(const std::vector<SchemaName> existing,
                          warehouse->ExistingSchemas(schemas, stop));
  inputs.catalog = catalog;
  inputs.existing_schemas = existing;
  DOPPEL_ASSIGN_OR_RETURN(
      const std::vector<RelationDetails> details,
      warehouse->Describe(promotion::WishesOf(inputs), std::move(stop)));
  inputs.details = details;
  return promotion::PlanRollback(inputs);
}

}  // namespace

absl::StatusOr<clone::Plan> PlanRollbackOf(
    const Services& services, const v1::PlanRollbackRequest& request,
    std::stop_token stop) {
  DOPPEL_ASSIGN_OR_RETURN(
      const std::string id,
      ResourceIdOf("executions", request.execution(), "execution"));
  DOPPEL_ASSIGN_OR_RETURN(const store::ExecutionRecord execution,
                          services.store->GetExecution(id));
  DOPPEL_ASSIGN_OR_RETURN(const clone::Plan promotion,
                          LoadPlan(services, execution.plan));
  DOPPEL_RETURN_IF_ERROR(CheckKind(promotion, request.execution()));
  DOPPEL_RETURN_IF_ERROR(CheckEnded(execution));
  DOPPEL_ASSIGN_OR_RETURN(
      const store::EnvironmentRecord environment,
      services.store->GetEnvironment(promotion.target_environment));
  DOPPEL_RETURN_IF_ERROR(CheckManifest(promotion, execution, environment));
  DOPPEL_ASSIGN_OR_RETURN(const bool is_done,
                          IsDone(services, promotion, execution));
  DOPPEL_ASSIGN_OR_RETURN(clone::Plan plan, PlanBack(services, promotion,
                                                     is_done, std::move(stop)));
  plan.connection = promotion.connection;
  plan.source_environment = promotion.source_environment;
  plan.target_environment = promotion.target_environment;
  plan.preconditions.push_back({clone::PreconditionKind::kEnvironment,
                                absl::StrCat("environments/", environment.id),
                                environment.etag,
                                {}});
  if (!services.store->GetManifest(plan.manifest_after).ok()) {
    plan.warnings.push_back(
        {"ManifestIsGone",
         absl::StrCat("manifests/", plan.manifest_after,
                      " was deleted: the environment keeps the manifest that "
                      "it has; set another one")});
    plan.manifest_after.clear();
  }
  return plan;
}

}  // namespace doppel::rpc
