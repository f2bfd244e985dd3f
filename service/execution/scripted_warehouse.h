// A warehouse in memory whose faults a test chooses: those that a real engine
// cannot be made to have at a given moment. For tests alone.
//
// Its statements are "make <kind> <schema>.<name>", "drop <schema>.<name>" and
// "schema <schema>", in transactions from "begin" to "commit" or "ROLLBACK";
// any other has no effect.
#ifndef DOPPEL_SERVICE_EXECUTION_SCRIPTED_WAREHOUSE_H_
#define DOPPEL_SERVICE_EXECUTION_SCRIPTED_WAREHOUSE_H_

#include <functional>
#include <map>
#include <memory>
#include <set>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "service/base/catalog.h"
#include "service/base/mutex.h"
#include "service/base/relation.h"
#include "service/clone/plan.h"
#include "service/dialect/dialect.h"
#include "service/warehouse/warehouse.h"

namespace doppel::execution {

class ScriptedWarehouse final : public warehouse::Warehouse {
 public:
  // Decides what becomes of a statement. `apply` gives it its effect.
  using Script = std::function<absl::Status(absl::string_view sql,
                                            const std::function<void()>& apply,
                                            std::stop_token stop)>;

  explicit ScriptedWarehouse(Script script = nullptr);

  const dialect::Dialect& dialect() const override;
  std::string default_database() const override { return "db"; }
  absl::StatusOr<std::unique_ptr<warehouse::Session>> Connect() override;
  absl::StatusOr<std::unique_ptr<warehouse::Session>> ConnectAs(
      absl::string_view name) override;
  absl::Status EndSession(absl::string_view name,
                          std::stop_token stop) override;
  absl::StatusOr<std::vector<CatalogEntry>> ListRelations(
      std::span<const SchemaName> schemas, std::stop_token stop) override;
  absl::StatusOr<std::vector<SchemaName>> ExistingSchemas(
      std::span<const SchemaName> schemas, std::stop_token stop) override;

  // Gives a statement its effect.
  void Apply(absl::string_view sql);

  // What happens while a session is ended, such as what was under way in it.
  void OnEnd(std::function<void()> on_end);

  // The names of the sessions that were opened, and of those that were ended.
  std::vector<std::string> opened() const;
  std::vector<std::string> ended() const;

  // All statements that were sent, in their order.
  std::vector<std::string> sent() const;
  bool Has(absl::string_view name) const;
  int connections() const;

 private:
  class ScriptedSession;

  absl::Status Execute(absl::string_view sql,
                       const std::function<void()>& apply,
                       std::stop_token stop);

  const Script script_;
  mutable Mutex mutex_;
  std::function<void()> on_end_ ABSL_GUARDED_BY(mutex_);
  std::vector<std::string> opened_ ABSL_GUARDED_BY(mutex_);
  std::vector<std::string> ended_ ABSL_GUARDED_BY(mutex_);
  std::vector<std::string> sent_ ABSL_GUARDED_BY(mutex_);
  std::map<std::string, CatalogEntry> relations_ ABSL_GUARDED_BY(mutex_);
  std::set<std::string> schemas_ ABSL_GUARDED_BY(mutex_);
  int versions_ ABSL_GUARDED_BY(mutex_) = 0;
  int connections_ ABSL_GUARDED_BY(mutex_) = 0;
};

// An operation that makes the view "db.s.<name>".
clone::Operation MakeView(int id, absl::string_view name,
                          std::vector<int> depends_on = {});

// A plan of them, on the connection "scripted".
clone::Plan PlanOf(std::vector<clone::Operation> operations);

}  // namespace doppel::execution

#endif  // DOPPEL_SERVICE_EXECUTION_SCRIPTED_WAREHOUSE_H_
