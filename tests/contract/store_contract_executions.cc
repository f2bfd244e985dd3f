// The contract on executions, events and the ledger.
#include <cstdint>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "gtest/gtest.h"
#include "service/base/relation.h"
#include "service/store/store.h"
#include "tests/contract/store_contract.h"

namespace doppel::store {
namespace {

OperationRecord SomeOperation(int id, OperationStatus status) {
  OperationRecord record;
  record.operation_id = id;
  record.status = status;
  record.attempts = 2;
  record.session = "s1";
  record.start_time = absl::FromUnixSeconds(1'700'000'001);
  if (status != OperationStatus::kRunning) {
    record.end_time = absl::FromUnixSeconds(1'700'000'002);
    record.error = {absl::StatusCode::kFailedPrecondition,
                    "WAREHOUSE_STATEMENT_FAILED", "no such table"};
  }
  return record;
}

LedgerRecord SomeLedger(const std::string& identifier) {
  LedgerRecord record;
  record.connection = "shop/dev";
  record.relation = {"db", "dev", identifier};
  record.kind = RelationKind::kView;
  record.environment = "staging";
  record.unique_id = "model.shop." + identifier;
  record.execution = "e1";
  record.source = {"db", "prod", identifier};
  record.source_version = "v7";
  record.definition = "abc";
  record.create_time = absl::FromUnixSeconds(1'700'000'000);
  return record;
}

TEST_P(StoreContract, CreatesAnExecution) {
  const ExecutionRecord written = PutExecution("e1");
  Reopen();

  const auto found = store().GetExecution("e1");
  ASSERT_TRUE(found.ok()) << found.status();
  EXPECT_EQ(found->plan, written.plan);
  EXPECT_EQ(found->target_environment, "staging");
  EXPECT_EQ(found->status, ExecutionStatus::kQueued);
  EXPECT_EQ(found->connections, 4);
  EXPECT_EQ(found->create_time, now_);
  EXPECT_EQ(found->last_sequence, 0);
  ExpectStatus(store().GetExecution("e2").status(), absl::StatusCode::kNotFound,
               Reason::kExecutionNotFound);
  ExecutionRecord lost = written;
  lost.id = "e3";
  lost.plan = "no plan";
  ExpectStatus(store().CreateExecution(lost, std::nullopt),
               absl::StatusCode::kNotFound, Reason::kPlanNotFound);
}

TEST_P(StoreContract, AdvancesInOneStep) {
  ExecutionRecord state = PutExecution("e1");
  state.status = ExecutionStatus::kRunning;
  state.start_time = now_;
  Store::Progress progress;
  progress.execution = "e1";
  progress.events = {SomeEvent(1, EventKind::kStarted),
                     SomeEvent(2, EventKind::kOperationFinished)};
  progress.events[0].operations = 7;
  progress.events[1].operation = SomeOperation(3, OperationStatus::kFailed);
  progress.operations = {SomeOperation(3, OperationStatus::kFailed),
                         SomeOperation(4, OperationStatus::kRunning)};
  progress.state = state;
  progress.owned = {SomeLedger("a"), SomeLedger("b")};
  progress.request = SomeRequest("r");
  ExpectOk(store().Advance(progress));
  Reopen();

  EXPECT_EQ(store().GetExecution("e1")->status, ExecutionStatus::kRunning);
  EXPECT_EQ(store().GetExecution("e1")->last_sequence, 2);
  EXPECT_EQ(store().ListLedger("shop/dev", "")->size(), 2u);
  EXPECT_TRUE(store().FindRequest("r")->has_value());
  const auto operations = store().ListOperations("e1");
  ASSERT_EQ(operations->size(), 2u);
  EXPECT_EQ((*operations)[0].operation_id, 3);
  EXPECT_EQ((*operations)[0].error.reason, "WAREHOUSE_STATEMENT_FAILED");
  EXPECT_FALSE((*operations)[1].end_time.has_value());
  EXPECT_EQ((*operations)[1].session, "s1");
  const auto events = store().ReadEvents("e1", 0, 10);
  ASSERT_EQ(events->size(), 2u);
  EXPECT_EQ((*events)[0].operations, 7);
  EXPECT_EQ((*events)[0].kind, EventKind::kStarted);
  const OperationRecord& told = *(*events)[1].operation;
  EXPECT_EQ(told.operation_id, 3);
  EXPECT_EQ(told.attempts, 2);
  EXPECT_EQ(told.status, OperationStatus::kFailed);
  EXPECT_EQ(told.error.message, "no such table");
  EXPECT_EQ(told.end_time, absl::FromUnixSeconds(1'700'000'002));
}

TEST_P(StoreContract, TakesNoEventOutOfTurnAndNothingWithIt) {
  PutExecution("e1");
  Store::Progress progress;
  progress.execution = "e1";
  progress.events = {SomeEvent(1, EventKind::kStarted),
                     SomeEvent(3, EventKind::kResumed)};
  progress.owned = {SomeLedger("a")};

  EXPECT_TRUE(absl::IsInternal(store().Advance(progress)));

  EXPECT_EQ(store().GetExecution("e1")->last_sequence, 0);
  EXPECT_TRUE(store().ReadEvents("e1", 0, 10)->empty());
  EXPECT_TRUE(store().ListLedger("shop/dev", "")->empty());
}

TEST_P(StoreContract, NeverChangesAnExecutionThatHasEnded) {
  ExecutionRecord state = PutExecution("e1");
  state.status = ExecutionStatus::kFailed;
  state.end_time = now_;
  state.error = {absl::StatusCode::kFailedPrecondition,
                 "WAREHOUSE_STATEMENT_FAILED", "one failed"};
  Store::Progress progress;
  progress.execution = "e1";
  progress.events = {SomeEvent(1, EventKind::kFinished)};
  progress.events[0].execution = state;
  progress.state = state;
  ExpectOk(store().Advance(progress));

  progress.events[0].sequence = 2;
  ExpectStatus(store().Advance(progress), absl::StatusCode::kFailedPrecondition,
               Reason::kExecutionFinished);
  ExpectStatus(store().RequestCancel("e1", "", std::nullopt),
               absl::StatusCode::kFailedPrecondition,
               Reason::kExecutionFinished);

  Reopen();
  const auto events = store().ReadEvents("e1", 0, 10);
  ASSERT_EQ(events->size(), 1u);
  const ExecutionRecord& told = *(*events)[0].execution;
  EXPECT_EQ(told.id, "e1");
  EXPECT_EQ(told.status, ExecutionStatus::kFailed);
  EXPECT_EQ(told.last_sequence, 1);
  EXPECT_EQ(told.error.message, "one failed");
  EXPECT_EQ(told.end_time, now_);
}

TEST_P(StoreContract, RemembersTheWishToCancel) {
  const ExecutionRecord created = PutExecution("e1");
  ExpectOk(store().RequestCancel("e1", "a mistake", SomeRequest("r")));
  Reopen();
  EXPECT_TRUE(store().GetExecution("e1")->cancel_requested);
  EXPECT_EQ(store().GetExecution("e1")->cancel_cause, "a mistake");

  // A state that was made before the wish does not undo it.
  Store::Progress progress;
  progress.execution = "e1";
  progress.state = created;
  ExpectOk(store().Advance(progress));

  EXPECT_TRUE(store().GetExecution("e1")->cancel_requested);
  ExpectStatus(store().RequestCancel("e2", "", std::nullopt),
               absl::StatusCode::kNotFound, Reason::kExecutionNotFound);
}

TEST_P(StoreContract, FindsExecutionsThatHaveNotEnded) {
  for (const char* id : {"queued", "running", "interrupted", "failed"}) {
    ExecutionRecord state = PutExecution(id);
    if (state.id == "running") state.status = ExecutionStatus::kRunning;
    if (state.id == "interrupted") state.status = ExecutionStatus::kInterrupted;
    if (state.id == "failed") state.status = ExecutionStatus::kFailed;
    Store::Progress progress;
    progress.execution = id;
    progress.state = state;
    ExpectOk(store().Advance(progress));
  }
  Reopen();

  const auto found = store().UnfinishedExecutions();

  ASSERT_EQ(found->size(), 3u);
  EXPECT_EQ((*found)[0].id, "queued");
  EXPECT_EQ((*found)[1].id, "running");
  EXPECT_EQ((*found)[2].id, "interrupted");
}

TEST_P(StoreContract, ReadsEventsInPieces) {
  PutExecution("e1");
  Store::Progress progress;
  progress.execution = "e1";
  for (int64_t i = 1; i <= 10; ++i) {
    progress.events.push_back(SomeEvent(i, EventKind::kResumed));
  }
  ExpectOk(store().Advance(progress));

  const auto piece = store().ReadEvents("e1", 4, 3);

  ASSERT_EQ(piece->size(), 3u);
  EXPECT_EQ(piece->front().sequence, 5);
  EXPECT_EQ(piece->back().sequence, 7);
  EXPECT_TRUE(store().ReadEvents("e1", 10, 3)->empty());
  ExpectStatus(store().ReadEvents("e2", 0, 3).status(),
               absl::StatusCode::kNotFound, Reason::kExecutionNotFound);
}

TEST_P(StoreContract, ListsExecutionsFromTheNewest) {
  PutExecution("e1");
  PutExecution("e2");
  PutExecution("e3");

  const auto page = store().ListExecutions("", 2, "");
  ASSERT_EQ(page->items.size(), 2u);
  EXPECT_EQ(page->items[0].id, "e3");
  EXPECT_EQ(store().ListExecutions("", 2, page->next)->items[0].id, "e1");
  const auto of_plan = store().ListExecutions("plan-of-e2", 5, "");
  ASSERT_EQ(of_plan->items.size(), 1u);
  EXPECT_EQ(of_plan->items[0].id, "e2");
}

TEST_P(StoreContract, KeepsTheLedger) {
  PutExecution("e1");
  Store::Progress progress;
  progress.execution = "e1";
  progress.owned = {SomeLedger("b"), SomeLedger("a"), SomeLedger("c")};
  progress.owned[2].environment = "other";
  ExpectOk(store().Advance(progress));
  progress.owned = {SomeLedger("b")};
  progress.owned[0].source_version = "v8";
  progress.disowned = {SomeLedger("a")};
  ExpectOk(store().Advance(progress));
  Reopen();

  const auto all = store().ListLedger("shop/dev", "");
  const auto of_staging = store().ListLedger("shop/dev", "staging");

  EXPECT_EQ(all->size(), 2u);
  ASSERT_EQ(of_staging->size(), 1u);
  const LedgerRecord& b = of_staging->front();
  EXPECT_EQ(b.relation, (RelationName{"db", "dev", "b"}));
  EXPECT_EQ(b.kind, RelationKind::kView);
  EXPECT_EQ(b.unique_id, "model.shop.b");
  EXPECT_EQ(b.execution, "e1");
  EXPECT_EQ(b.source, (RelationName{"db", "prod", "b"}));
  EXPECT_EQ(b.source_version, "v8");
  EXPECT_EQ(b.definition, "abc");
  EXPECT_EQ(b.target_version, "");
  EXPECT_TRUE(store().ListLedger("shop/prod", "")->empty());
  EXPECT_EQ(store().ListLedger("", "")->size(), 2u);
  EXPECT_EQ(store().ListLedger("", "other")->size(), 1u);
}

TEST_P(StoreContract, NotesVersionsOfWhatTheExecutionStillOwns) {
  PutExecution("e1");
  PutExecution("e2");
  Store::Progress progress;
  progress.execution = "e1";
  progress.owned = {SomeLedger("a"), SomeLedger("b")};
  progress.owned[1].execution = "e2";
  ExpectOk(store().Advance(progress));
  progress.owned.clear();
  progress.seen = {SomeLedger("a"), SomeLedger("b"), SomeLedger("c")};
  for (LedgerRecord& record : progress.seen) record.target_version = "t1";
  ExpectOk(store().Advance(progress));
  Reopen();

  const auto ledger = store().ListLedger("shop/dev", "");

  ASSERT_EQ(ledger->size(), 2u);
  EXPECT_EQ((*ledger)[0].target_version, "t1");
  EXPECT_EQ((*ledger)[0].source_version, SomeLedger("a").source_version);
  EXPECT_EQ((*ledger)[1].target_version, "");
}

}  // namespace
}  // namespace doppel::store
