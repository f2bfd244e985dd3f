#include "service/rpc/cleanup_question.h"

#include <map>
#include <memory>
#include <set>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "service/base/error.h"
#include "service/base/status_macros.h"
#include "service/cleanup/cleanup.h"
#include "service/rpc/live_catalog.h"
#include "service/store/store.h"
#include "service/warehouse/warehouse.h"

namespace doppel::rpc {
namespace {

constexpr int kPage = 1000;

// Environments that are to go, and what is to be said of others.
struct Going {
  std::map<std::string, store::EnvironmentRecord> environments;  // by id
  std::vector<state::Warning> warnings;
  // And what was kept for a time that is over, of whatever environment.
  bool with_due = false;
};

std::string NameOf(absl::string_view id) {
  return absl::StrCat("environments/", id);
}

absl::StatusOr<Going> Named(const Services& services, absl::string_view name) {
  DOPPEL_ASSIGN_OR_RETURN(store::EnvironmentRecord record,
                          LoadEnvironment(services, name, "environment"));
  if (record.is_protected) {
    return Error(absl::StatusCode::kFailedPrecondition,
                 Reason::kEnvironmentProtected,
                 absl::StrCat(name,
                              " is protected; set protected to false "
                              "before you clean it up"))
        .With("environment", name)
        .Resource("environment", name);
  }
  Going going;
  going.environments.emplace(record.id, std::move(record));
  return going;
}

absl::StatusOr<Going> Expired(const Services& services) {
  Going going;
  going.with_due = true;
  const absl::Time now = services.clock();
  std::string from;
  do {
    DOPPEL_ASSIGN_OR_RETURN(const store::Page<store::EnvironmentRecord> page,
                            services.store->ListEnvironments(kPage, from));
    for (const store::EnvironmentRecord& record : page.items) {
      if (!record.expire_time.has_value() || *record.expire_time > now) {
        continue;
      }
      if (record.is_protected) {
        going.warnings.push_back(
            {"ExpiredIsProtected",
             absl::StrCat(NameOf(record.id),
                          " has expired and is protected: all of it is left")});
        continue;
      }
      going.environments.emplace(record.id, record);
    }
    from = page.next;
  } while (!from.empty());
  return going;
}

// Connection -> those of the environments for which something was made there.
using Places = std::map<std::string, std::set<std::string>>;

absl::StatusOr<Places> PlacesOf(const Services& services, const Going& going) {
  Places places;
  for (const auto& [id, record] : going.environments) {
    DOPPEL_ASSIGN_OR_RETURN(const std::vector<store::LedgerRecord> ledger,
                            services.store->ListLedger("", id));
    for (const store::LedgerRecord& owned : ledger) {
      places[owned.connection].insert(id);
    }
  }
  return places;
}

// Whether it was kept for a time that is over.
bool IsDue(const Services& services, const store::LedgerRecord& record) {
  return record.expire_time.has_value() &&
         *record.expire_time <= services.clock();
}

// The connections where something is due, though its environment goes on.
absl::Status AddDue(const Services& services, Places* places) {
  DOPPEL_ASSIGN_OR_RETURN(const std::vector<store::LedgerRecord> ledger,
                          services.store->ListLedger("", ""));
  for (const store::LedgerRecord& record : ledger) {
    if (IsDue(services, record)) places->try_emplace(record.connection);
  }
  return absl::OkStatus();
}

absl::StatusOr<std::vector<cleanup::Owned>> OwnedOn(
    const Services& services, absl::string_view connection, bool with_due) {
  DOPPEL_ASSIGN_OR_RETURN(const std::vector<store::LedgerRecord> ledger,
                          services.store->ListLedger(connection, ""));
  std::vector<cleanup::Owned> owned;
  for (const store::LedgerRecord& record : ledger) {
    owned.push_back({record.relation, record.kind, record.target_version,
                     record.environment, record.unique_id, record.execution,
                     record.source, with_due && IsDue(services, record)});
  }
  return owned;
}

absl::StatusOr<clone::Plan> PlanOn(const Services& services, const Going& going,
                                   const std::string& connection,
                                   const std::set<std::string>& environments,
                                   std::stop_token stop) {
  DOPPEL_ASSIGN_OR_RETURN(const std::shared_ptr<warehouse::Warehouse> warehouse,
                          services.connections->Open(connection));
  DOPPEL_ASSIGN_OR_RETURN(const std::vector<cleanup::Owned> owned,
                          OwnedOn(services, connection, going.with_due));
  cleanup::CleanupInputs inputs;
  inputs.dialect = &warehouse->dialect();
  inputs.owned = owned;
  inputs.environments = environments;
  const std::vector<SchemaName> schemas = cleanup::SchemasOf(inputs);
  DOPPEL_ASSIGN_OR_RETURN(const auto open, warehouse->KeepOpen());
  DOPPEL_ASSIGN_OR_RETURN(const std::vector<CatalogEntry> catalog,
                          warehouse->ListRelations(schemas, stop));
  DOPPEL_ASSIGN_OR_RETURN(const std::vector<SchemaName> existing,
                          warehouse->ExistingSchemas(schemas, stop));
  inputs.catalog = catalog;
  inputs.existing_schemas = existing;
  clone::Plan plan = cleanup::PlanCleanup(inputs);
  plan.connection = connection;
  if (environments.size() == 1) plan.target_environment = *environments.begin();
  for (const std::string& id : environments) {
    plan.preconditions.push_back({clone::PreconditionKind::kEnvironment,
                                  NameOf(id),
                                  going.environments.at(id).etag,
                                  {}});
  }
  return plan;
}

absl::Status NothingToDo(const v1::PlanCleanupRequest& request) {
  return Error(
      absl::StatusCode::kFailedPrecondition, Reason::kPlanEmpty,
      request.environment().empty()
          ? "doppel owns nothing in any environment that has expired "
            "and is not protected: there is nothing to clean up"
          : absl::StrCat("doppel owns nothing in ", request.environment(),
                         ": there is nothing to clean up"));
}

}  // namespace

// A plan is of one connection: the first one on which something can be dropped,
// so that another one where all is left does not stand in its way.
absl::StatusOr<clone::Plan> PlanCleanupOf(const Services& services,
                                          const v1::PlanCleanupRequest& request,
                                          std::stop_token stop) {
  DOPPEL_ASSIGN_OR_RETURN(const Going going,
                          request.environment().empty()
                              ? Expired(services)
                              : Named(services, request.environment()));
  DOPPEL_ASSIGN_OR_RETURN(Places places, PlacesOf(services, going));
  if (going.with_due) {
    DOPPEL_RETURN_IF_ERROR(AddDue(services, &places));
  }
  if (places.empty()) return NothingToDo(request);
  clone::Plan chosen;
  for (const auto& [connection, environments] : places) {
    DOPPEL_ASSIGN_OR_RETURN(
        clone::Plan plan,
        PlanOn(services, going, connection, environments, stop));
    const bool drops = clone::Summarize(plan).drops > 0;
    if (drops || chosen.connection.empty()) chosen = std::move(plan);
    if (drops) break;
  }
  chosen.warnings.insert(chosen.warnings.end(), going.warnings.begin(),
                         going.warnings.end());
  for (const auto& [connection, environments] : places) {
    if (connection == chosen.connection) continue;
    chosen.warnings.push_back(
        {"OtherConnection",
         absl::StrCat("what doppel made on ", connection, " for ",
                      environments.empty() ? "a time that is over"
                                           : NameOf(*environments.begin()),
                      environments.size() > 1 ? " and others" : "",
                      " is not in this plan; plan again once it was "
                      "executed")});
  }
  return chosen;
}

}  // namespace doppel::rpc
