#include "service/execution/executor.h"

#include <algorithm>
#include <atomic>
#include <functional>
#include <mutex>
#include <optional>
#include <semaphore>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "gtest/gtest.h"
#include "service/base/digest.h"
#include "service/base/error.h"
#include "service/base/mutex.h"
#include "service/execution/executor_fixture.h"
#include "service/execution/scripted_warehouse.h"
#include "service/store/store.h"

namespace doppel::execution {
namespace {

using store::EventKind;
using store::ExecutionStatus;

using Apply = std::function<void()>;

absl::Status StatementFailed() {
  return Error(absl::StatusCode::kFailedPrecondition,
               Reason::kWarehouseStatementFailed, "no such table");
}

absl::Status Busy() {
  return Error(absl::StatusCode::kUnavailable, Reason::kWarehouseBusy, "busy");
}

absl::Status Lost() {
  return Error(absl::StatusCode::kUnavailable, Reason::kWarehouseUnreachable,
               "connection lost");
}

// Waits for a stop as a warehouse does that can cancel.
absl::Status WaitForStop(std::stop_token stop) {
  Mutex mutex;
  CondVar stopped;
  std::unique_lock<Mutex> lock(mutex);
  stopped.wait(lock, stop, [] { return false; });
  return Error(absl::StatusCode::kCancelled, Reason::kCancelled, "interrupted");
}

class ExecutorTest : public ExecutorFixture {
 protected:
  // Executes a plan whose only statement runs, and waits to be stopped; the
  // next time it is sent it takes effect.
  std::string ExecuteAndHang() {
    UseScript(
        [this](absl::string_view, const Apply& apply, std::stop_token stop) {
          if (!has_hung_.exchange(true)) {
            running_.release();
            return WaitForStop(std::move(stop));
          }
          apply();
          return absl::OkStatus();
        });
    const std::string id = Execute(PlanOf({MakeView(1, "a")}));
    running_.acquire();
    return id;
  }

 private:
  std::atomic<bool> has_hung_ = false;
  std::binary_semaphore running_{0};
};

TEST_F(ExecutorTest, DoesAllAndTellsOfIt) {
  const std::string id =
      Execute(PlanOf({MakeView(1, "a"), MakeView(2, "b", {1})}));

  const store::ExecutionRecord record = WaitForEnd(id);

  EXPECT_EQ(record.status, ExecutionStatus::kSucceeded);
  EXPECT_EQ(record.error.message, "");
  EXPECT_TRUE(record.start_time.has_value() && record.end_time.has_value());
  EXPECT_EQ(Operations(id), "1:succeeded 2:succeeded");
  EXPECT_TRUE(scripted_->Has("s.a") && scripted_->Has("s.b"));
  ExpectWholeHistory(id);
  const auto events = Events(id);
  ASSERT_EQ(events.size(), 6u);
  EXPECT_EQ(events[0].operations, 2);
  EXPECT_EQ(events[1].kind, EventKind::kOperationStarted);
  EXPECT_EQ(events[1].operation->operation_id, 1);
  EXPECT_EQ(events[2].kind, EventKind::kOperationFinished);
  EXPECT_EQ(events[3].operation->operation_id, 2);
  EXPECT_EQ(events[5].execution->status, ExecutionStatus::kSucceeded);
  EXPECT_EQ(events[5].execution->last_sequence, 6);
}

TEST_F(ExecutorTest, EndsAPlanWithNothingToDo) {
  clone::Operation skip = MakeView(1, "a");
  skip.kind = clone::OperationKind::kSkip;
  skip.statements.clear();
  skip.explanation = "it is there";

  const std::string id = Execute(PlanOf({skip, MakeView(2, "b", {1})}));
  const std::string empty = Execute(PlanOf({}));

  EXPECT_EQ(WaitForEnd(id).status, ExecutionStatus::kSucceeded);
  EXPECT_EQ(Operations(id), "1:skipped 2:succeeded");
  EXPECT_EQ((*store_->ListOperations(id))[0].error.message, "it is there");
  EXPECT_EQ(WaitForEnd(empty).status, ExecutionStatus::kSucceeded);
}

TEST_F(ExecutorTest, AFailureFailsWhatDependsOnItAndNothingElse) {
  UseScript([](absl::string_view sql, const Apply& apply, std::stop_token) {
    if (absl::StrContains(sql, "bad")) return StatementFailed();
    apply();
    return absl::OkStatus();
  });
  const std::string id =
      Execute(PlanOf({MakeView(1, "bad"), MakeView(2, "b", {1}),
                      MakeView(3, "c", {2}), MakeView(4, "d")}));

  const store::ExecutionRecord record = WaitForEnd(id);

  EXPECT_EQ(record.status, ExecutionStatus::kFailed);
  EXPECT_EQ(record.error.reason, "WAREHOUSE_STATEMENT_FAILED");
  EXPECT_EQ(record.error.message,
            "operation 1 (db.s.bad) failed: no such table");
  EXPECT_EQ(Operations(id), "1:failed 2:skipped 3:skipped 4:succeeded");
  EXPECT_TRUE(absl::StrContains((*store_->ListOperations(id))[2].error.message,
                                "operation 1 (db.s.bad)"));
  EXPECT_FALSE(scripted_->Has("s.b"));
  EXPECT_TRUE(scripted_->Has("s.d"));
  ExpectWholeHistory(id);
}

TEST_F(ExecutorTest, IntentIsDurableBeforeTheStatementIsSent) {
  std::atomic<int> early = 0;
  std::string id;
  std::binary_semaphore known(0);
  UseScript([&](absl::string_view, const Apply&, std::stop_token) {
    known.acquire();
    const auto operations = store_->ListOperations(id);
    if (operations->size() != 1 ||
        operations->front().status != store::OperationStatus::kRunning) {
      ++early;
    }
    return absl::OkStatus();
  });

  id = Execute(PlanOf({MakeView(1, "a")}));
  known.release();

  WaitForEnd(id);
  EXPECT_EQ(early, 0);
}

TEST_F(ExecutorTest, WorksOnSeveralConnectionsAtOnce) {
  std::atomic<int> at_once = 0;
  std::atomic<int> most = 0;
  std::counting_semaphore<> go(0);
  UseScript([&](absl::string_view, const Apply&, std::stop_token) {
    const int now = ++at_once;
    if (now == 3) go.release(3);
    for (int seen = most;
         seen < now && !most.compare_exchange_weak(seen, now););
    go.acquire();
    --at_once;
    go.release();
    return absl::OkStatus();
  });

  const std::string id =
      Execute(PlanOf({MakeView(1, "a"), MakeView(2, "b"), MakeView(3, "c"),
                      MakeView(4, "d"), MakeView(5, "e")}),
              3);

  EXPECT_EQ(WaitForEnd(id).status, ExecutionStatus::kSucceeded);
  EXPECT_EQ(most, 3);
  EXPECT_EQ(scripted_->connections(), 3);
}

TEST_F(ExecutorTest, ExecutionsShareAWarehouseFairly) {
  options_.max_warehouse_connections = 2;
  Stop();
  Start();
  std::counting_semaphore<> go(0);
  std::atomic<int> running = 0;
  std::atomic<int> most = 0;
  UseScript([&](absl::string_view, const Apply& apply, std::stop_token) {
    most = std::max(most.load(), ++running);
    go.acquire();
    apply();
    --running;
    return absl::OkStatus();
  });
  std::vector<clone::Operation> many;
  for (int i = 1; i <= 20; ++i) many.push_back(MakeView(i, absl::StrCat(i)));
  const std::string large = Execute(PlanOf(many), 4);
  while (running < 2) std::this_thread::yield();
  clone::Operation one = MakeView(1, "one");
  one.target->name.schema = "t";
  one.statements = {"make view t.one"};
  const std::string small = Execute(PlanOf({one}), 4);

  // The large one has 18 more to do, and the small one is not at the end of
  // them.
  go.release(6);
  EXPECT_EQ(WaitForEnd(small).status, ExecutionStatus::kSucceeded);
  EXPECT_EQ(store_->GetExecution(large)->status, ExecutionStatus::kRunning);
  go.release(20);
  EXPECT_EQ(WaitForEnd(large).status, ExecutionStatus::kSucceeded);
  EXPECT_LE(most, 2);
}

TEST_F(ExecutorTest, TriesAgainWhatPasses) {
  std::atomic<int> calls = 0;
  std::vector<absl::Duration> pauses;
  options_.retry.sleep = [&](absl::Duration pause, std::stop_token) {
    pauses.push_back(pause);
  };
  Stop();
  Start();
  UseScript([&](absl::string_view, const Apply& apply, std::stop_token) {
    if (++calls < 4) return Busy();
    apply();
    return absl::OkStatus();
  });

  const std::string id = Execute(PlanOf({MakeView(1, "a")}));

  EXPECT_EQ(WaitForEnd(id).status, ExecutionStatus::kSucceeded);
  EXPECT_EQ((*store_->ListOperations(id))[0].attempts, 4);
  EXPECT_EQ(pauses,
            (std::vector{absl::Milliseconds(200), absl::Milliseconds(400),
                         absl::Milliseconds(800)}));
}

TEST_F(ExecutorTest, GivesUpAfterSomeAttemptsAndAtOnceWhereItDoesNotPass) {
  UseScript([&](absl::string_view sql, const Apply&, std::stop_token) {
    return absl::StrContains(sql, "busy") ? Busy() : StatementFailed();
  });

  const std::string id =
      Execute(PlanOf({MakeView(1, "busy"), MakeView(2, "bad")}));

  EXPECT_EQ(WaitForEnd(id).status, ExecutionStatus::kFailed);
  EXPECT_EQ((*store_->ListOperations(id))[0].attempts,
            options_.retry.max_attempts);
  EXPECT_EQ((*store_->ListOperations(id))[1].attempts, 1);
}

TEST_F(ExecutorTest, SendsNothingAgainThatTookEffectBeforeTheConnectionBroke) {
  std::atomic<int> calls = 0;
  UseScript([&](absl::string_view, const Apply& apply, std::stop_token) {
    ++calls;
    apply();
    return Lost();
  });

  const std::string id = Execute(PlanOf({MakeView(1, "a")}));

  EXPECT_EQ(WaitForEnd(id).status, ExecutionStatus::kSucceeded);
  EXPECT_EQ(calls, 1);
}

TEST_F(ExecutorTest, SendsAgainWhatTookNoEffectBeforeTheConnectionBroke) {
  std::atomic<int> calls = 0;
  UseScript([&](absl::string_view, const Apply& apply, std::stop_token) {
    if (++calls == 1) return Lost();
    apply();
    return absl::OkStatus();
  });

  const std::string id = Execute(PlanOf({MakeView(1, "a")}));

  EXPECT_EQ(WaitForEnd(id).status, ExecutionStatus::kSucceeded);
  EXPECT_EQ(calls, 2);
  EXPECT_EQ(scripted_->connections(), 2) << "the broken one is of no use";
}

TEST_F(ExecutorTest, EndsABrokenSessionBeforeItLooksWhatBecameOfIt) {
  UseScript(
      [](absl::string_view, const Apply&, std::stop_token) { return Lost(); });
  // What was under way takes effect until then.
  scripted_->OnEnd([this] { scripted_->Apply("make view s.a"); });

  const std::string id = Execute(PlanOf({MakeView(1, "a")}));

  EXPECT_EQ(WaitForEnd(id).status, ExecutionStatus::kSucceeded);
  EXPECT_EQ(scripted_->sent().size(), 1u) << "not sent again";
  EXPECT_EQ(scripted_->ended(), scripted_->opened());
}

TEST_F(ExecutorTest, WhatIsSentAgainIsSentOnASessionThatIsKnown) {
  std::atomic<int> calls = 0;
  std::vector<std::string> known;
  UseScript([&](absl::string_view, const Apply& apply, std::stop_token) {
    known.push_back(
        store_->ListOperations(store_->UnfinishedExecutions()->front().id)
            ->front()
            .session);
    if (++calls == 1) return Lost();
    apply();
    return absl::OkStatus();
  });

  const std::string id = Execute(PlanOf({MakeView(1, "a")}));

  EXPECT_EQ(WaitForEnd(id).status, ExecutionStatus::kSucceeded);
  EXPECT_EQ(known.size(), 2u);
  EXPECT_EQ(known, scripted_->opened());
}

// --- what is refused ---

TEST_F(ExecutorTest, RefusesAnotherPlanThanTheOneReviewed) {
  ExecuteRequest request = RequestFor(PlanOf({MakeView(1, "a")}), "p");
  request.fingerprint[0] ^= 1;

  ExpectReason(executor_->Execute(request).status(),
               Reason::kFingerprintMismatch);
  ExpectReason(executor_->Check(request), Reason::kFingerprintMismatch);
  request.plan = "no plan";
  ExpectReason(executor_->Execute(request).status(), Reason::kPlanNotFound);
  EXPECT_TRUE(scripted_->sent().empty());
}

TEST_F(ExecutorTest, RefusesAWorldThatChangedAndNamesEachChange) {
  store::EnvironmentRecord prod;
  prod.id = "prod";
  prod.etag = "new";
  ASSERT_TRUE(store_->CreateEnvironment(prod, std::nullopt).ok());
  scripted_->Apply("make table s.there");
  using Kind = clone::PreconditionKind;
  clone::Plan plan = PlanOf({MakeView(1, "a")});
  plan.preconditions = {
      {Kind::kEnvironment, "environments/prod", "old", {}},
      {Kind::kTargetRelation, "db.s.there", "absent", {"db", "s", "THERE"}},
      {Kind::kTargetRelation, "db.s.a", "absent", {"db", "s", "a"}},
      {Kind::kSourceRelation, "db.s.there", "table@v0", {"db", "s", "there"}},
      {Kind::kSourceRelation, "db.s.gone", "table@v1", {"db", "s", "gone"}},
      {Kind::kSchema, "db.s", "present", {"db", "s", ""}},
      {Kind::kSchema, "db.t", "present", {"db", "t", ""}}};

  const absl::Status checked = executor_->Check(RequestFor(plan, "p"));

  ExpectReason(checked, Reason::kWorldChanged);
  const auto details = GetErrorDetails(checked);
  std::vector<std::string> changes;
  for (const auto& change : details->preconditions) {
    changes.push_back(absl::StrCat(change.subject, " ", change.description));
  }
  EXPECT_EQ(changes,
            (std::vector<std::string>{"environments/prod was old, is new",
                                      "db.s.there was absent, is table@v1",
                                      "db.s.there was table@v0, is table@v1",
                                      "db.s.gone was table@v1, is absent",
                                      "db.t was present, is absent"}));
  EXPECT_TRUE(scripted_->sent().empty());
}

TEST_F(ExecutorTest, LeavesAProtectedEnvironmentWhatIsNotDoppels) {
  store::EnvironmentRecord prod;
  prod.id = "prod";
  prod.is_protected = true;
  ASSERT_TRUE(store_->CreateEnvironment(prod, std::nullopt).ok());
  clone::Plan first = PlanOf({MakeView(1, "own")});
  first.target_environment = "prod";
  WaitForEnd(Execute(first));
  scripted_->Apply("make view s.theirs");
  clone::Plan plan = first;
  plan.operations = {MakeView(1, "own"), MakeView(2, "theirs")};
  for (clone::Operation& operation : plan.operations) {
    operation.replaces = operation.target;
  }

  const absl::Status checked = executor_->Check(RequestFor(plan, "p"));

  ExpectReason(checked, Reason::kEnvironmentProtected);
  ASSERT_EQ(GetErrorDetails(checked)->preconditions.size(), 1u);
  EXPECT_EQ(GetErrorDetails(checked)->preconditions[0].subject, "db.s.theirs");
  plan.operations.pop_back();
  EXPECT_TRUE(executor_->Check(RequestFor(plan, "q")).ok());
}

TEST_F(ExecutorTest, LetsOneExecutionWriteToAnEnvironment) {
  std::binary_semaphore go(0);
  UseScript([&](absl::string_view, const Apply&, std::stop_token) {
    go.acquire();
    return absl::OkStatus();
  });
  clone::Plan plan = PlanOf({MakeView(1, "a")});
  plan.target_environment = "staging";
  const std::string id = Execute(plan);

  const absl::Status second =
      executor_->Execute(RequestFor(plan, "again")).status();

  ExpectReason(second, Reason::kEnvironmentLeased);
  EXPECT_TRUE(absl::StrContains(second.message(), id));
  go.release();
  WaitForEnd(id);
  executor_->Drain(absl::InfiniteDuration());
}

TEST_F(ExecutorTest, AnswersARepeatedRequestAsTheFirst) {
  ExecuteRequest request = RequestFor(PlanOf({MakeView(1, "a")}), "p");
  request.request = store::RequestRecord{"r1", "ExecutePlan", "digest", ""};
  const std::string id = *executor_->Execute(request);
  WaitForEnd(id);

  EXPECT_EQ(executor_->Execute(request).value_or(""), id);
  EXPECT_EQ(scripted_->sent().size(), 1u);
  request.request->digest = "other";
  ExpectReason(executor_->Execute(request).status(), Reason::kRequestIdReused);
}

TEST_F(ExecutorTest, RefusesTooManyConnections) {
  ExecuteRequest request = RequestFor(PlanOf({}), "p");
  request.connections = options_.max_connections;
  EXPECT_TRUE(executor_->Check(request).ok());
  request.connections += 1;

  ExpectReason(executor_->Check(request), Reason::kInvalidArgument);
}

// --- the ledger ---

TEST_F(ExecutorTest, OwnsWhatItMadeUntilItDropsIt) {
  clone::Plan plan = PlanOf({MakeView(1, "a")});
  plan.target_environment = "staging";
  plan.preconditions = {{clone::PreconditionKind::kSourceRelation,
                         "db.prod.a",
                         "table@v1",
                         {"db", "prod", "a"}}};
  scripted_->Apply("make table prod.a");
  const std::string id = Execute(plan);
  WaitForEnd(id);

  const auto ledger = store_->ListLedger("scripted", "staging");
  ASSERT_EQ(ledger->size(), 1u);
  EXPECT_EQ(ledger->front().relation, (RelationName{"db", "s", "a"}));
  EXPECT_EQ(ledger->front().kind, RelationKind::kView);
  EXPECT_EQ(ledger->front().unique_id, "model.shop.a");
  EXPECT_EQ(ledger->front().execution, id);
  EXPECT_EQ(ledger->front().source, (RelationName{"db", "prod", "a"}));
  EXPECT_EQ(ledger->front().source_version, "v1");
  EXPECT_EQ(ledger->front().definition, Sha256Hex("make view s.a"));
  EXPECT_EQ(ledger->front().target_version, "v2");

  clone::Operation drop = MakeView(1, "a");
  drop.kind = clone::OperationKind::kDrop;
  drop.statements = {"drop s.a"};
  WaitForEnd(Execute(PlanOf({drop})));
  EXPECT_TRUE(store_->ListLedger("scripted", "")->empty());
}

// --- cancel ---

TEST_F(ExecutorTest, CancelReachesTheRunningStatementAndTheRest) {
  std::binary_semaphore running(0);
  UseScript([&](absl::string_view, const Apply&, std::stop_token stop) {
    running.release();
    return WaitForStop(std::move(stop));
  });
  const std::string id =
      Execute(PlanOf({MakeView(1, "a"), MakeView(2, "b", {1})}), 1);
  running.acquire();

  const auto cancelled = executor_->Cancel(
      id, "a mistake", store::RequestRecord{"r", "CancelExecution", "d", ""});

  ASSERT_TRUE(cancelled.ok()) << cancelled.status();
  EXPECT_TRUE(cancelled->cancel_requested);
  const store::ExecutionRecord record = WaitForEnd(id);
  EXPECT_EQ(record.status, ExecutionStatus::kCancelled);
  EXPECT_EQ(record.error.reason, "CANCELLED");
  EXPECT_EQ(record.error.message, "cancelled: a mistake");
  EXPECT_EQ(Operations(id), "1:cancelled 2:cancelled");
  EXPECT_EQ(scripted_->sent().size(), 1u);
  EXPECT_TRUE(store_->FindRequest("r")->has_value());
  ExpectWholeHistory(id);
  ExpectReason(executor_->Cancel(id, "", std::nullopt).status(),
               Reason::kExecutionFinished);
  ExpectReason(executor_->Cancel("none", "", std::nullopt).status(),
               Reason::kExecutionNotFound);
}

// --- watching ---

TEST_F(ExecutorTest, ReadsEventsFromAnyPlaceAndKnowsTheEnd) {
  const std::string id = Execute(PlanOf({MakeView(1, "a")}));
  WaitForEnd(id);

  EXPECT_FALSE(executor_->ReadEvents(id, 0, 2)->is_end);
  EXPECT_EQ(executor_->ReadEvents(id, 2, 10)->events.size(), 2u);
  EXPECT_TRUE(executor_->ReadEvents(id, 2, 10)->is_end);
  EXPECT_TRUE(executor_->ReadEvents(id, 4, 10)->events.empty());
  EXPECT_TRUE(executor_->ReadEvents(id, 4, 10)->is_end);
  ExpectReason(executor_->ReadEvents(id, 5, 10).status(),
               Reason::kSequenceOutOfRange);
  ExpectReason(executor_->ReadEvents(id, -1, 10).status(),
               Reason::kSequenceOutOfRange);
  ExpectReason(executor_->ReadEvents("none", 0, 10).status(),
               Reason::kExecutionNotFound);
}

TEST_F(ExecutorTest, ManyWatchersSeeTheSame) {
  std::vector<clone::Operation> operations;
  for (int i = 1; i <= 200; ++i) {
    operations.push_back(MakeView(i, absl::StrCat("v", i)));
  }
  const std::string id = Execute(PlanOf(operations), 8);

  std::atomic<int> ended = 0;
  {
    std::vector<std::jthread> watchers;
    for (int i = 0; i < 4; ++i) {
      watchers.emplace_back([&] {
        if (WaitForEnd(id).status == ExecutionStatus::kSucceeded) ++ended;
      });
    }
  }

  EXPECT_EQ(ended, 4);
  ExpectWholeHistory(id);
  EXPECT_EQ(Events(id).size(), 402u);
}

// --- going away and coming back ---

TEST_F(ExecutorTest, DrainsAtTheEndOfAnOperationAndGoesOnAfterwards) {
  std::binary_semaphore running(0);
  std::binary_semaphore go(0);
  UseScript([&](absl::string_view sql, const Apply& apply, std::stop_token) {
    if (absl::StrContains(sql, "s.a")) {
      running.release();
      go.acquire();
    }
    apply();
    return absl::OkStatus();
  });
  const std::string id =
      Execute(PlanOf({MakeView(1, "a"), MakeView(2, "b", {1})}), 1);
  running.acquire();
  {
    std::jthread drain([&] { executor_->Drain(absl::InfiniteDuration()); });
    while (executor_->Execute(RequestFor(PlanOf({}), "p")).ok()) {
    }
    go.release();
  }

  EXPECT_EQ(store_->GetExecution(id)->status, ExecutionStatus::kInterrupted);
  EXPECT_EQ(Operations(id), "1:succeeded");
  EXPECT_TRUE(executor_->ReadEvents(id, 0, 100)->is_end);
  ExpectReason(executor_->Resume(id, std::nullopt).status(),
               Reason::kServerDraining);

  Stop();
  Start();
  const auto resumed = executor_->Resume(
      id, store::RequestRecord{"r", "ResumeExecution", "d", ""});
  ASSERT_TRUE(resumed.ok()) << resumed.status();
  EXPECT_EQ(WaitForEnd(id).status, ExecutionStatus::kSucceeded);
  EXPECT_EQ(scripted_->sent(),
            (std::vector<std::string>{"make view s.a", "make view s.b"}));
  EXPECT_TRUE(store_->FindRequest("r")->has_value());
  ExpectWholeHistory(id);
  ExpectReason(executor_->Resume(id, std::nullopt).status(),
               Reason::kExecutionNotResumable);
}

TEST_F(ExecutorTest, InterruptsStatementsWhenPatienceEnds) {
  const std::string id = ExecuteAndHang();

  Stop();
  Start();

  EXPECT_EQ(store_->GetExecution(id)->status, ExecutionStatus::kInterrupted);
  EXPECT_EQ(Operations(id), "1:running") << "to be looked up";
  ASSERT_TRUE(executor_->Resume(id, std::nullopt).ok());
  EXPECT_EQ(WaitForEnd(id).status, ExecutionStatus::kSucceeded);
  EXPECT_EQ((*store_->ListOperations(id))[0].attempts, 2);
  ExpectWholeHistory(id);
}

TEST_F(ExecutorTest, FindsOutWhatTookEffectBeforeTheStop) {
  std::binary_semaphore running(0);
  UseScript([&](absl::string_view, const Apply& apply, std::stop_token stop) {
    apply();
    running.release();
    return WaitForStop(std::move(stop));
  });
  const std::string id = Execute(PlanOf({MakeView(1, "a")}));
  running.acquire();
  Stop();
  Start();

  ASSERT_TRUE(executor_->Resume(id, std::nullopt).ok());

  EXPECT_EQ(WaitForEnd(id).status, ExecutionStatus::kSucceeded);
  EXPECT_EQ(scripted_->sent().size(), 1u) << "done once";
  EXPECT_EQ(store_->ListLedger("scripted", "")->size(), 1u);
  ExpectWholeHistory(id);
}

TEST_F(ExecutorTest, EndsTheSessionsOfTheProcessBeforeItGoesOn) {
  const std::string id = ExecuteAndHang();
  const std::vector<std::string> before = scripted_->opened();
  Stop();
  Start();
  scripted_->OnEnd([this] { scripted_->Apply("make view s.a"); });

  ASSERT_TRUE(executor_->Resume(id, std::nullopt).ok());

  EXPECT_EQ(WaitForEnd(id).status, ExecutionStatus::kSucceeded);
  EXPECT_EQ(scripted_->sent().size(), 1u) << "not sent again";
  EXPECT_EQ(scripted_->ended(), before);
  ExpectWholeHistory(id);
}

TEST_F(ExecutorTest, DoesNotGoOnInAWorldThatChanged) {
  std::binary_semaphore running(0);
  UseScript([&](absl::string_view, const Apply&, std::stop_token stop) {
    running.release();
    return WaitForStop(std::move(stop));
  });
  clone::Plan plan = PlanOf({MakeView(1, "a"), MakeView(2, "b", {1})});
  plan.preconditions = {{clone::PreconditionKind::kTargetRelation,
                         "db.s.b",
                         "absent",
                         {"db", "s", "b"}}};
  const std::string id = Execute(plan, 1);
  running.acquire();
  Stop();
  Start();
  scripted_->Apply("make table s.b");

  ExpectReason(executor_->Resume(id, std::nullopt).status(),
               Reason::kWorldChanged);

  EXPECT_EQ(store_->GetExecution(id)->status, ExecutionStatus::kInterrupted);
  ASSERT_TRUE(executor_->Cancel(id, "never mind", std::nullopt).ok());
  EXPECT_EQ(store_->GetExecution(id)->status, ExecutionStatus::kCancelled);
  EXPECT_EQ(Operations(id), "1:cancelled 2:cancelled");
  ExpectWholeHistory(id);
}

TEST_F(ExecutorTest, ResumesByItselfWhatWasInterruptedInOrder) {
  const std::string id = ExecuteAndHang();
  options_.auto_resume = true;
  Stop();
  Start();

  while (WaitForEnd(id).status != ExecutionStatus::kSucceeded) {
  }
  ExpectWholeHistory(id);
}

TEST_F(ExecutorTest, ResumesByItselfWhereItIsToldTo) {
  // As a kill would leave them: by their records they are running.
  const clone::Plan plan = PlanOf({MakeView(1, "a")});
  PutPlan(plan, "p");
  for (const char* id : {"begun", "queued", "unwanted"}) {
    store::ExecutionRecord record;
    record.id = id;
    record.plan = "p";
    record.connections = 1;
    ASSERT_TRUE(store_->CreateExecution(record, std::nullopt).ok());
  }
  ASSERT_TRUE(store_->RequestCancel("unwanted", "", std::nullopt).ok());
  options_.auto_resume = true;
  options_.lease_lifetime = absl::Milliseconds(300);  // one after the other
  Stop();
  Start();

  for (const char* id : {"begun", "queued"}) {
    while (WaitForEnd(id).status != ExecutionStatus::kSucceeded) {
    }
    ExpectWholeHistory(id);
  }
  EXPECT_EQ(store_->GetExecution("unwanted")->status,
            ExecutionStatus::kCancelled);
  ExpectWholeHistory("unwanted");
}

}  // namespace
}  // namespace doppel::execution
