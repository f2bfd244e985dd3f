// Plans executed by a process that is killed before or after any step that must
// be durable, on each engine: nothing is lost, and nothing is there twice.
//
// The process is this program itself, with --child. How many random faults are
// tried says DOPPEL_FAULTS (default 30; on engines without transactions
// DOPPEL_SLOW_FAULTS, default 4), from which seed DOPPEL_FAULTS_SEED. On Spark
// each point is tried where there are more of these than there are points.
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <iterator>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "gtest/gtest.h"
#include "service/base/error.h"
#include "service/base/failpoint.h"
#include "service/base/log.h"
#include "service/clone/plan.h"
#include "service/execution/executor.h"
#include "service/store/sqlite/sqlite_store.h"
#include "service/store/store.h"
#include "tests/faults/engine.h"
#include "tests/faults/shop.h"

namespace doppel::faults {
namespace {

using execution::EventPage;
using execution::ExecuteRequest;
using execution::Executor;
using store::EventKind;
using store::ExecutionRecord;
using store::ExecutionStatus;

constexpr char kPlan[] = "plan";
constexpr char kEnd[] = "end";        // the child's job: execute until the end
constexpr char kCancel[] = "cancel";  // the same, cancelled after some events
constexpr char kResume[] = "resume";  // go on with what is there
constexpr char kRenew[] = "renew";    // as kEnd, with a lease that ends soon

// Counted over all tests, told at the end.
int tried = 0;
int lost = 0;

int NumberFrom(const char* variable, int otherwise) {
  const char* const text = getenv(variable);
  int number = otherwise;
  if (text != nullptr && !absl::SimpleAtoi(text, &number)) abort();
  return number;
}

// A server: the store of a folder, and an executor on it.
class Server {
 public:
  static absl::StatusOr<std::unique_ptr<Server>> Start(
      const std::string& folder, const Engine& engine, const std::string& place,
      absl::Duration lease_lifetime = absl::Seconds(30)) {
    auto server = std::make_unique<Server>();
    store::SqliteStoreOptions store_options;
    store_options.directory = folder + "/store";
    auto store = store::OpenSqliteStore(store_options);
    if (!store.ok()) return store.status();
    server->store_ = *std::move(store);
    execution::ExecutorOptions options;
    options.lease_lifetime = lease_lifetime;
    auto executor = Executor::Create(
        options, server->store_.get(),
        [&engine, place](absl::string_view) { return engine.open(place); });
    if (!executor.ok()) return executor.status();
    server->executor_ = *std::move(executor);
    return server;
  }

  store::Store& store() { return *store_; }

  // The same call each time, so that it begins one execution at most.
  absl::StatusOr<std::string> Execute() {
    const auto plan = store_->GetPlan(kPlan);
    if (!plan.ok()) return plan.status();
    ExecuteRequest request;
    request.plan = kPlan;
    request.fingerprint = plan->fingerprint;
    request.request = store::RequestRecord{"once", "ExecutePlan", "d", ""};
    return executor_->Execute(request);
  }

  absl::Status Resume(const std::string& id) {
    return executor_->Resume(id, std::nullopt).status();
  }

  absl::Status Cancel(const std::string& id) {
    return executor_->Cancel(id, "enough", std::nullopt).status();
  }

  ExecutionRecord WaitForEvents(const std::string& id, int64_t wanted) {
    while (true) {
      const ExecutionRecord record = *store_->GetExecution(id);
      if (record.last_sequence >= wanted || HasStopped(record)) return record;
      absl::SleepFor(absl::Milliseconds(1));
    }
  }
  ExecutionRecord WaitForEnd(const std::string& id) {
    return WaitForEvents(id, INT64_MAX);
  }

 private:
  static bool HasStopped(const ExecutionRecord& record) {
    return record.status != ExecutionStatus::kQueued &&
           record.status != ExecutionStatus::kRunning;
  }

  std::unique_ptr<store::Store> store_;
  std::unique_ptr<Executor> executor_;
};

class KillTest : public testing::TestWithParam<std::string> {
 protected:
  void SetUp() override {
    if (const std::string missing = engine().missing(); !missing.empty()) {
      GTEST_SKIP() << missing;
    }
    // In memory where that can be: a kill needs no disk, and many take long.
    const std::string memory = "/dev/shm";
    std::string pattern = absl::StrCat(
        access(memory.c_str(), W_OK) == 0 ? memory : testing::TempDir(),
        "/kill.XXXXXX");
    ASSERT_NE(mkdtemp(pattern.data()), nullptr);
    root_ = pattern;
  }
  void TearDown() override {
    if (HasFailure()) ++lost;
    if (!root_.empty()) std::filesystem::remove_all(root_);
  }

  const Engine& engine() const { return FindEngine(GetParam()); }

  // How many random faults are to be tried.
  int Wanted() const {
    return engine().has_transactions ? NumberFrom("DOPPEL_FAULTS", 30)
                                     : NumberFrom("DOPPEL_SLOW_FAULTS", 4);
  }

  using MakePlan = absl::StatusOr<clone::Plan> (Shop::*)();

  // A new database, and a store that has the plan for it.
  void Prepare(MakePlan make_plan = &Shop::MakePlan) {
    folder_ = absl::StrCat(root_, "/", ++rounds_);
    std::filesystem::create_directory(folder_);
    auto shop = Shop::Make(engine(), folder_);
    ASSERT_TRUE(shop.ok()) << shop.status();
    shop_ = *std::move(shop);
    auto plan = (shop_.get()->*make_plan)();
    ASSERT_TRUE(plan.ok()) << plan.status();
    plan_ = *std::move(plan);
    plan_.id = kPlan;
    auto server = Server::Start(folder_, engine(), shop_->place());
    ASSERT_TRUE(server.ok()) << server.status();
    const absl::Status put =
        (*server)->store().PutPlan({kPlan, clone::FingerprintOf(plan_),
                                    clone::PlanToJson(plan_), absl::Now()},
                                   std::nullopt);
    ASSERT_TRUE(put.ok()) << put;
  }

  // Starts the child with that failpoint, "" for none; gives its process id.
  pid_t StartChild(const char* job, const std::string& failpoint) const;

  // Runs the child with that failpoint; true where it was killed by it.
  bool RunChild(const char* job, const std::string& failpoint);

  // What the last server has to do: begin it where it never began, or go on
  // with it, to its end. Then all must be as promised.
  void FinishAndCheck();
  void CheckHistory(Server& server, const std::string& id);

  std::string root_;
  std::string folder_;
  int rounds_ = 0;
  std::unique_ptr<Shop> shop_;
  clone::Plan plan_;
};

pid_t KillTest::StartChild(const char* job,
                           const std::string& failpoint) const {
  const pid_t child = fork();
  if (child == 0) {
    if (!failpoint.empty()) {
      setenv("DOPPEL_FAILPOINT", failpoint.c_str(), 1);
    }
    execl("/proc/self/exe", "kill_test", "--child", GetParam().c_str(),
          folder_.c_str(), shop_->place().c_str(), job, nullptr);
    _exit(9);
  }
  return child;
}

bool KillTest::RunChild(const char* job, const std::string& failpoint) {
  const pid_t child = StartChild(job, failpoint);
  int status = 0;
  waitpid(child, &status, 0);
  if (WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL) {
    ++tried;
    return true;
  }
  EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0)
      << failpoint << " " << status;
  return false;
}

void KillTest::CheckHistory(Server& server, const std::string& id) {
  const auto events = *server.store().ReadEvents(id, 0, 100'000);
  ASSERT_FALSE(events.empty());
  EXPECT_EQ(events.front().kind, EventKind::kStarted);
  EXPECT_EQ(events.back().kind, EventKind::kFinished);
  std::vector<int> successes(plan_.operations.size() + 1);
  for (size_t i = 0; i < events.size(); ++i) {
    EXPECT_EQ(events[i].sequence, static_cast<int64_t>(i) + 1);
    if (events[i].kind == EventKind::kOperationFinished) {
      ++successes[events[i].operation->operation_id];
    }
  }
  for (const int count : successes) EXPECT_LE(count, 1);
  // What has ended stays as it is.
  const ExecutionRecord before = *server.store().GetExecution(id);
  EXPECT_EQ(GetReason(server.Resume(id)), Reason::kExecutionNotResumable);
  EXPECT_EQ(GetReason(server.Cancel(id)), Reason::kExecutionFinished);
  const ExecutionRecord after = *server.store().GetExecution(id);
  EXPECT_EQ(after.status, before.status);
  EXPECT_EQ(after.last_sequence, before.last_sequence);
  EXPECT_EQ(after.cancel_requested, before.cancel_requested);
  EXPECT_EQ(after.lease_token, 0);
}

void KillTest::FinishAndCheck() {
  const auto started = Server::Start(folder_, engine(), shop_->place());
  ASSERT_TRUE(started.ok()) << started.status();
  Server& server = **started;
  const absl::StatusOr<std::string> id = server.Execute();
  ASSERT_TRUE(id.ok()) << id.status();
  EXPECT_EQ(server.store().ListExecutions(kPlan, 10, "")->items.size(), 1u);
  ExecutionRecord record = server.WaitForEnd(*id);
  // More than once where a lease was lost on a machine that is busy.
  while (record.status == ExecutionStatus::kInterrupted) {
    const absl::Status resumed = server.Resume(*id);
    ASSERT_TRUE(resumed.ok()) << resumed;
    record = server.WaitForEnd(*id);
  }
  CheckHistory(server, *id);
  if (record.status == ExecutionStatus::kCancelled) {
    EXPECT_TRUE(record.cancel_requested);
    shop_->ExpectNoneTwice(plan_, *server.store().ListOperations(*id));
    return;
  }
  EXPECT_EQ(record.status, ExecutionStatus::kSucceeded) << record.error.message;
  shop_->ExpectAsPlanned(plan_);
  // All but what was renamed, dropped, or only moved.
  EXPECT_EQ(server.store().ListLedger(kConnection, "")->size(), 22u);
}

TEST_P(KillTest, AtEachPointAtLeastOnce) {
  if (engine().is_slow && Wanted() < std::ssize(failpoint::kAll)) {
    GTEST_SKIP() << "each point takes seconds: see DOPPEL_SLOW_FAULTS";
  }
  for (const absl::string_view point : failpoint::kAll) {
    const bool in_cancel = absl::StartsWith(point, "cancel.");
    const bool in_resume = absl::StartsWith(point, "resume.");
    const bool in_renewal = absl::StartsWith(point, "lease.renew.");
    for (const int at : absl::StartsWith(point, "operation.")
                            ? std::vector<int>{1, 4}
                            : std::vector<int>{1}) {
      SCOPED_TRACE(absl::StrCat(point, "@", at));
      ASSERT_NO_FATAL_FAILURE(Prepare());
      if (in_resume) {
        EXPECT_TRUE(RunChild(kEnd, "operation.outcome.before=kill@3"));
      }
      const bool was_killed = RunChild(in_cancel    ? kCancel
                                       : in_resume  ? kResume
                                       : in_renewal ? kRenew
                                                    : kEnd,
                                       absl::StrCat(point, "=kill@", at));
      // Some are reached only once.
      if (at == 1) {
        EXPECT_TRUE(was_killed);
      }
      ASSERT_NO_FATAL_FAILURE(FinishAndCheck());
      if (HasFailure()) return;
    }
  }
}

TEST_P(KillTest, AtRandomPointsAndAgainWhileItGoesOn) {
  const int seed = NumberFrom("DOPPEL_FAULTS_SEED", 1);
  const int wanted = Wanted();
  std::mt19937 random(seed);
  // Operations of one statement reach fewer.
  std::uniform_int_distribution<int> when(
      1, engine().has_transactions ? 330 : 200);
  for (int kills = 0; kills < wanted;) {
    ASSERT_NO_FATAL_FAILURE(Prepare());
    const char* job = random() % 8 == 0 ? kCancel : kEnd;
    for (int i = 0; i < 3 && kills < wanted; ++i) {
      const std::string failpoint = absl::StrCat("*=kill@", when(random));
      SCOPED_TRACE(absl::StrCat("seed ", seed, ", fault ", kills, ": ", job,
                                " ", failpoint));
      if (!RunChild(job, failpoint)) break;
      ++kills;
      job = kResume;
    }
    SCOPED_TRACE(absl::StrCat("seed ", seed, ", fault ", kills));
    ASSERT_NO_FATAL_FAILURE(FinishAndCheck());
    if (HasFailure()) return;
  }
}

// The server dies, what it sent goes on, and another server begins: it must not
// take effect after it was sent again.
TEST_P(KillTest, EndsWhatGoesOnAfterItsSenderDied) {
  if (!engine().slow.has_value()) GTEST_SKIP() << "it ends with its sender";
  const SlowStatement& slow = *engine().slow;
  ASSERT_NO_FATAL_FAILURE(Prepare(&Shop::MakeSlowPlan));
  const pid_t child = StartChild(kEnd, "");
  while (shop_->Ask(slow.under_way) == "0") {
    ASSERT_EQ(waitpid(child, nullptr, WNOHANG), 0) << "it has ended";
    absl::SleepFor(absl::Milliseconds(20));
  }
  kill(child, SIGKILL);
  waitpid(child, nullptr, 0);
  ++tried;
  const absl::Time killed = absl::Now();
  EXPECT_NE(shop_->Ask(slow.under_way), "0");
  ASSERT_TRUE(shop_->Send({slow.hurry}).ok());

  const auto started = Server::Start(folder_, engine(), shop_->place());
  ASSERT_TRUE(started.ok()) << started.status();
  Server& server = **started;
  const std::string id = *server.Execute();
  const absl::Status resumed = server.Resume(id);
  ASSERT_TRUE(resumed.ok()) << resumed;
  const ExecutionRecord record = server.WaitForEnd(id);

  EXPECT_EQ(record.status, ExecutionStatus::kSucceeded) << record.error.message;
  CheckHistory(server, id);
  EXPECT_EQ(shop_->Ask("select n from old.slow"), "11");
  if (slow.effects.empty()) {
    EXPECT_EQ(shop_->Ask(slow.under_way), "0");
    return;
  }
  absl::SleepFor(killed + slow.lasts - absl::Now());
  EXPECT_EQ(shop_->Ask(slow.effects), slow.one_effect);
}

std::vector<std::string> EngineNames() {
  std::vector<std::string> names;
  for (const Engine& engine : Engines()) names.push_back(engine.name);
  return names;
}

INSTANTIATE_TEST_SUITE_P(On, KillTest, testing::ValuesIn(EngineNames()),
                         [](const auto& info) { return info.param; });

// What the child does until it is killed. 0: it came to the end.
int RunJob(const Engine& engine, const std::string& folder,
           const std::string& place, absl::string_view job) {
  // Often enough renewed that it can be killed there, too.
  const absl::Duration lifetime =
      job == kRenew ? absl::Milliseconds(30) : absl::Milliseconds(900);
  const auto started = Server::Start(folder, engine, place, lifetime);
  if (!started.ok()) {
    std::fprintf(stderr, "child: %s\n", started.status().ToString().c_str());
    return 2;
  }
  Server& server = **started;
  // Also to go on: a process that was killed may not have begun it.
  const absl::StatusOr<std::string> id = server.Execute();
  if (!id.ok()) {
    std::fprintf(stderr, "child: %s\n", id.status().ToString().c_str());
    return 3;
  }
  if (server.store().GetExecution(*id)->status ==
      ExecutionStatus::kInterrupted) {
    const absl::Status resumed = server.Resume(*id);
    if (!resumed.ok()) {
      std::fprintf(stderr, "child: %s\n", resumed.ToString().c_str());
      return 4;
    }
  }
  if (job == kCancel) {
    server.WaitForEvents(*id, 4);
    const absl::Status asked = server.Cancel(*id);
    if (!asked.ok() && GetReason(asked) != Reason::kExecutionFinished) return 5;
  }
  // A lease that ends soon may be lost, too.
  while (server.WaitForEnd(*id).status == ExecutionStatus::kInterrupted) {
    if (!server.Resume(*id).ok()) return 6;
  }
  return 0;
}

}  // namespace
}  // namespace doppel::faults

int main(int argc, char** argv) {
  using doppel::faults::FindEngine;
  if (argc == 6 && absl::string_view(argv[1]) == "--child") {
    doppel::SetLogLevel(doppel::LogLevel::kNone);
    return doppel::faults::RunJob(FindEngine(argv[2]), argv[3], argv[4],
                                  argv[5]);
  }
  doppel::SetLogLevel(doppel::LogLevel::kError);
  testing::InitGoogleTest(&argc, argv);
  const int result = RUN_ALL_TESTS();
  std::printf("%d faults tried, %d lost something\n", doppel::faults::tried,
              doppel::faults::lost);
  return result;
}
