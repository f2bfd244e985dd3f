// What the tests of the executor share: a store in a folder of its own, and an
// executor on it that can be restarted. For tests alone.
#ifndef DOPPEL_SERVICE_EXECUTION_EXECUTOR_FIXTURE_H_
#define DOPPEL_SERVICE_EXECUTION_EXECUTOR_FIXTURE_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "gtest/gtest.h"
#include "service/base/reason.h"
#include "service/clone/plan.h"
#include "service/execution/executor.h"
#include "service/execution/scripted_warehouse.h"
#include "service/store/sqlite/sqlite_store.h"
#include "service/store/store.h"

namespace doppel::execution {

class ExecutorFixture : public testing::Test {
 protected:
  void SetUp() override;
  void TearDown() override;

  // Closes the executor and the store, as the end of a process would.
  void Stop();
  // Opens them again. The connection "scripted" is `scripted_`.
  void Start();
  void UseScript(ScriptedWarehouse::Script script);

  // Stores the plan under the id.
  std::string PutPlan(clone::Plan plan, absl::string_view id);
  ExecuteRequest RequestFor(const clone::Plan& plan, absl::string_view id);
  // Stores the plan, executes it, and gives the execution's id.
  std::string Execute(const clone::Plan& plan, int connections = 4);
  store::ExecutionRecord WaitForEnd(const std::string& execution);

  // "1:succeeded 2:failed".
  std::string Operations(const std::string& execution);
  std::vector<store::EventRecord> Events(const std::string& execution);
  // Sequences without a gap, the first event first, the last event last.
  void ExpectWholeHistory(const std::string& execution);

  std::string directory_;
  ExecutorOptions options_;
  store::SqliteStoreOptions store_options_;
  FindWarehouse find_;
  std::shared_ptr<ScriptedWarehouse> scripted_;
  std::unique_ptr<store::Store> store_;
  std::unique_ptr<Executor> executor_;
};

void ExpectReason(const absl::Status& status, Reason reason);

}  // namespace doppel::execution

#endif  // DOPPEL_SERVICE_EXECUTION_EXECUTOR_FIXTURE_H_
