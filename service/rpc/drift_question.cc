#include "service/rpc/drift_question.h"

#include <cstddef>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "doppel/v1/environment_service.pb.h"
#include "service/base/relation.h"
#include "service/base/status_macros.h"
#include "service/clone/plan.h"
#include "service/dialect/dialect.h"
#include "service/drift/drift.h"
#include "service/manifest/manifest.h"
#include "service/manifest/relation_of.h"
#include "service/rpc/convert_manifest.h"
#include "service/rpc/live_catalog.h"
#include "service/rpc/selecting.h"
#include "service/rpc/slice.h"
#include "service/rpc/stored_plan.h"
#include "service/store/store.h"
#include "service/warehouse/warehouse.h"

namespace doppel::rpc {
namespace {

constexpr int kPage = 1000;

// The environment that plans cloned from: what it had then and has now.
struct Source {
  std::vector<ManifestPtr> then;
  ManifestPtr now;  // nullptr: it is not there, or has none any more
};

struct Question {
  store::EnvironmentRecord environment;
  std::vector<store::LedgerRecord> ledger;
  std::map<std::string, std::string> source_of;  // execution -> environment
  std::map<std::string, Source> sources;         // by environment
};

// A manifest that may have been deleted since.
absl::StatusOr<ManifestPtr> LoadIfThere(const Services& services,
                                        absl::string_view digest) {
  absl::StatusOr<ManifestPtr> loaded = services.library->Load(digest);
  if (absl::IsNotFound(loaded.status())) return ManifestPtr(nullptr);
  return loaded;
}

absl::StatusOr<ManifestPtr> ManifestNow(const Services& services,
                                        const std::string& environment) {
  const absl::StatusOr<store::EnvironmentRecord> record =
      services.store->GetEnvironment(environment);
  if (absl::IsNotFound(record.status())) return ManifestPtr(nullptr);
  DOPPEL_RETURN_IF_ERROR(record.status());
  if (record->manifest.empty()) return ManifestPtr(nullptr);
  return LoadIfThere(services, record->manifest);
}

// What the plan of an execution says of its source.
absl::Status AddSource(const Services& services, const std::string& execution,
                       Question* question) {
  DOPPEL_ASSIGN_OR_RETURN(const store::ExecutionRecord record,
                          services.store->GetExecution(execution));
  DOPPEL_ASSIGN_OR_RETURN(const clone::Plan plan,
                          LoadPlan(services, record.plan));
  if (plan.source_environment.empty()) return absl::OkStatus();
  question->source_of[execution] = plan.source_environment;
  const auto [source, is_new] =
      question->sources.try_emplace(plan.source_environment);
  if (is_new) {
    DOPPEL_ASSIGN_OR_RETURN(source->second.now,
                            ManifestNow(services, plan.source_environment));
  }
  DOPPEL_ASSIGN_OR_RETURN(ManifestPtr then,
                          LoadIfThere(services, plan.source_manifest));
  source->second.then.push_back(std::move(then));
  return absl::OkStatus();
}

absl::StatusOr<Question> QuestionOf(const Services& services,
                                    const v1::DetectDriftRequest& in) {
  Question question;
  DOPPEL_ASSIGN_OR_RETURN(
      question.environment,
      LoadEnvironment(services, in.environment(), "environment"));
  DOPPEL_ASSIGN_OR_RETURN(question.ledger, services.store->ListLedger(
                                               question.environment.connection,
                                               question.environment.id));
  std::set<std::string> executions;
  for (const store::LedgerRecord& record : question.ledger) {
    if (executions.insert(record.execution).second) {
      DOPPEL_RETURN_IF_ERROR(AddSource(services, record.execution, &question));
    }
  }
  return question;
}

std::vector<drift::Made> MadeOf(const Question& question) {
  std::vector<drift::Made> made;
  for (const store::LedgerRecord& record : question.ledger) {
    if (record.relation.identifier.empty()) continue;  // a schema
    drift::Made one = {record.unique_id,  record.relation,
                       record.kind,       record.target_version,
                       record.source,     record.source_version,
                       record.create_time};
    const auto source = question.source_of.find(record.execution);
    if (source != question.source_of.end()) {
      const ManifestPtr& now = question.sources.at(source->second).now;
      one.is_orphan = now != nullptr && !now->Find(record.unique_id);
    }
    made.push_back(std::move(one));
  }
  return made;
}

// The relation under the name that the warehouse's catalog is likely to spell.
RelationName Spelled(const manifest::Manifest& manifest,
                     const manifest::Node& node) {
  const Rendering rendering = RenderingOf(manifest);
  const RelationName name = manifest::RelationOf(node);
  const bool keeps =
      rendering.dialect->folding(true) == dialect::Folding::kKeep;
  return keeps ? rendering.dialect->CatalogKey(name, rendering.quoting) : name;
}

// Whether every plan knew what the source had, and none had the node.
bool IsNew(const Source& source, absl::string_view unique_id) {
  for (const ManifestPtr& then : source.then) {
    if (then == nullptr || then->Find(unique_id).has_value()) return false;
  }
  return true;
}

std::vector<drift::NewNode> NewNodesOf(const Question& question,
                                       const ManifestPtr& target) {
  std::map<std::string, drift::NewNode> nodes;
  for (const auto& [environment, source] : question.sources) {
    if (source.now == nullptr) continue;
    for (const manifest::Node& node : source.now->nodes()) {
      const bool matters =
          manifest::IsRefable(node.type) && manifest::HasRelation(node);
      if (!matters || !IsNew(source, node.unique_id)) continue;
      drift::NewNode fresh;
      fresh.unique_id = std::string(node.unique_id);
      fresh.source = Spelled(*source.now, node);
      if (target != nullptr) {
        const auto own = target->Find(node.unique_id);
        if (own.has_value())
          fresh.target = Spelled(*target, target->node(*own));
      }
      nodes.emplace(fresh.unique_id, std::move(fresh));
    }
  }
  for (const store::LedgerRecord& record : question.ledger) {
    nodes.erase(record.unique_id);
  }
  std::vector<drift::NewNode> list;
  for (auto& [id, node] : nodes) list.push_back(std::move(node));
  return list;
}

v1::DriftKind KindOf(drift::DriftKind kind) {
  switch (kind) {
    case drift::DriftKind::kSourceChanged:
      return v1::DRIFT_KIND_SOURCE_CHANGED;
    case drift::DriftKind::kTargetChanged:
      return v1::DRIFT_KIND_TARGET_CHANGED;
    case drift::DriftKind::kTargetDropped:
      return v1::DRIFT_KIND_TARGET_DROPPED;
    case drift::DriftKind::kSourceDropped:
      return v1::DRIFT_KIND_SOURCE_DROPPED;
    case drift::DriftKind::kNewInSource:
      return v1::DRIFT_KIND_NEW_IN_SOURCE;
    case drift::DriftKind::kUnknown:
      break;
  }
  return v1::DRIFT_KIND_UNKNOWN;
}

v1::Drift DriftOf(const drift::Drift& drift, const dialect::Dialect& dialect) {
  const Rendering rendering = {&dialect, {true, true, true}};
  v1::Drift out;
  out.set_kind(KindOf(drift.kind));
  out.set_unique_id(drift.unique_id);
  out.set_explanation(drift.explanation);
  if (drift.target.has_value()) {
    *out.mutable_target() =
        ToProto(drift.target->name, drift.target->kind, rendering);
  }
  if (drift.source.has_value()) {
    *out.mutable_source() =
        ToProto(drift.source->name, drift.source->kind, rendering);
  }
  if (drift.made_time.has_value()) {
    *out.mutable_made_time() = ToProto(*drift.made_time);
  }
  return out;
}

}  // namespace

absl::Status DetectDriftOf(const Services& services,
                           const v1::DetectDriftRequest& in,
                           v1::DetectDriftResponse* out, std::stop_token stop) {
  DOPPEL_ASSIGN_OR_RETURN(const Question question, QuestionOf(services, in));
  DOPPEL_ASSIGN_OR_RETURN(const std::shared_ptr<warehouse::Warehouse> warehouse,
                          OpenWarehouse(services, question.environment));
  ManifestPtr own;
  if (!question.environment.manifest.empty()) {
    DOPPEL_ASSIGN_OR_RETURN(
        own, services.library->Load(question.environment.manifest));
  }
  const std::vector<drift::Made> made = MadeOf(question);
  const std::vector<drift::NewNode> new_nodes = NewNodesOf(question, own);
  drift::DriftInputs inputs;
  inputs.dialect = &warehouse->dialect();
  inputs.made = made;
  inputs.new_nodes = new_nodes;
  const std::vector<SchemaName> schemas = drift::SchemasOf(inputs);
  std::vector<CatalogEntry> catalog;
  if (!schemas.empty()) {
    DOPPEL_ASSIGN_OR_RETURN(catalog,
                            warehouse->ListRelations(schemas, std::move(stop)));
  }
  inputs.catalog = catalog;
  const std::vector<drift::Drift> drifts = drift::DetectDrift(inputs);
  DOPPEL_ASSIGN_OR_RETURN(
      const Slice slice,
      SliceOf(in, drifts.size(), kPage, services.limits.max_page_size));
  for (size_t i = slice.begin; i < slice.end; ++i) {
    *out->add_drifts() = DriftOf(drifts[i], *inputs.dialect);
  }
  out->set_next_page_token(slice.next_page_token);
  return absl::OkStatus();
}

}  // namespace doppel::rpc
