// The contract on leases: one has what is leased, and whoever lost it can write
// no more.
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/algorithm/container.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include "absl/time/time.h"
#include "gtest/gtest.h"
#include "service/base/error.h"
#include "service/store/store.h"
#include "tests/contract/store_contract.h"

namespace doppel::store {
namespace {

LeaseRequest RequestFor(const std::string& execution,
                        std::vector<std::string> names) {
  return {std::move(names), execution, "holder of " + execution,
          absl::Seconds(30)};
}

Store::Progress OneEvent(const std::string& execution, int64_t sequence,
                         int64_t token) {
  Store::Progress progress;
  progress.execution = execution;
  progress.lease_token = token;
  progress.events = {SomeEvent(sequence, EventKind::kResumed)};
  return progress;
}

void ExpectLeased(const absl::Status& status) {
  ExpectStatus(status, absl::StatusCode::kAborted, Reason::kEnvironmentLeased);
}

TEST_P(StoreContract, LeasesAllNamesOrNone) {
  const auto first = store().AcquireLease(
      RequestFor("e1", {"environments/a", "environments/b"}));
  ASSERT_TRUE(first.ok()) << first.status();

  const absl::Status second =
      store()
          .AcquireLease(RequestFor("e2", {"environments/c", "environments/b"}))
          .status();

  ExpectLeased(second);
  EXPECT_TRUE(absl::StrContains(second.message(), "environment \"b\""))
      << second;
  EXPECT_TRUE(absl::StrContains(second.message(), "e1")) << second;
  EXPECT_TRUE(absl::StrContains(second.message(), "holder of e1")) << second;
  EXPECT_EQ(absl::c_count(GetErrorDetails(second)->metadata,
                          std::pair<std::string, std::string>("execution",
                                                              "executions/e1")),
            1);
  EXPECT_TRUE(store().FindLeases({"environments/c"})->empty());
  const auto held = store().FindLeases({"environments/a", "executions/e1"});
  ASSERT_EQ(held->size(), 2u);
  EXPECT_EQ((*held)[0].execution, "e1");
  EXPECT_EQ((*held)[0].token, *first);
  EXPECT_EQ((*held)[0].expire_time, now_ + absl::Seconds(30));
}

TEST_P(StoreContract, LetsOneRunAnExecutionAtATime) {
  ASSERT_TRUE(store().AcquireLease(RequestFor("e1", {})).ok());

  ExpectLeased(store().AcquireLease(RequestFor("e1", {})).status());
}

TEST_P(StoreContract, GivesGreaterTokensAlsoWhereNothingIsLeased) {
  const int64_t first = *store().AcquireLease(RequestFor("e1", {"n"}));
  ExpectOk(store().ReleaseLease(first));
  Reopen();

  const auto second = store().AcquireLease(RequestFor("e2", {"n"}));

  ASSERT_TRUE(second.ok()) << second.status();
  EXPECT_GT(*second, first);
  ExpectOk(store().ReleaseLease(first));  // somebody else's by now
  EXPECT_EQ(store().FindLeases({"n"})->size(), 1u);
}

TEST_P(StoreContract, ALeaseLastsUntilItsTimeIsOver) {
  const int64_t token = *store().AcquireLease(RequestFor("e1", {"n"}));
  now_ += absl::Seconds(29);
  ExpectLeased(store().AcquireLease(RequestFor("e2", {"n"})).status());
  ExpectOk(store().RenewLease(token, absl::Seconds(30)));
  now_ += absl::Seconds(29);
  ExpectLeased(store().AcquireLease(RequestFor("e2", {"n"})).status());
  now_ += absl::Seconds(1);

  EXPECT_TRUE(store().FindLeases({"n"})->empty());
  // Late, but nobody took it.
  ExpectOk(store().RenewLease(token, absl::Seconds(30)));
  now_ += absl::Seconds(30);
  EXPECT_TRUE(store().AcquireLease(RequestFor("e2", {"n"})).ok());
  ExpectLeased(store().RenewLease(token, absl::Seconds(30)));
}

TEST_P(StoreContract, WritesNothingUnderALeaseThatWasLost) {
  PutExecution("e1");
  const int64_t lost = *store().AcquireLease(RequestFor("e1", {"n"}));
  ExpectOk(store().Advance(OneEvent("e1", 1, lost)));
  ExpectLeased(store().Advance(OneEvent("e1", 2, 0)));
  now_ += absl::Seconds(30);

  // Another execution that needs one of its names makes it lose all of them.
  ASSERT_TRUE(store().AcquireLease(RequestFor("e2", {"n"})).ok());
  ExpectLeased(store().Advance(OneEvent("e1", 2, lost)));
  const auto token = store().AcquireLease(RequestFor("e1", {}));
  ASSERT_TRUE(token.ok()) << token.status();

  ExpectLeased(store().Advance(OneEvent("e1", 2, lost)));
  EXPECT_EQ(store().GetExecution("e1")->last_sequence, 1);
  ExpectOk(store().Advance(OneEvent("e1", 2, *token)));
}

TEST_P(StoreContract, TheEndOfAnExecutionGivesItsLeaseBack) {
  for (const ExecutionStatus status :
       {ExecutionStatus::kInterrupted, ExecutionStatus::kSucceeded}) {
    const std::string id = status == ExecutionStatus::kSucceeded ? "s" : "i";
    ExecutionRecord state = PutExecution(id);
    const int64_t token = *store().AcquireLease(RequestFor(id, {"n"}));
    Store::Progress progress = OneEvent(id, 1, token);
    state.status = ExecutionStatus::kRunning;
    progress.state = state;
    ExpectOk(store().Advance(progress));
    EXPECT_EQ(store().FindLeases({"n"})->size(), 1u);
    progress.events[0].sequence = 2;
    progress.state->status = status;
    ExpectOk(store().Advance(progress));

    EXPECT_TRUE(store().FindLeases({"n", "executions/" + id})->empty());
    EXPECT_EQ(store().GetExecution(id)->lease_token, 0);
    EXPECT_FALSE(store().Advance(OneEvent(id, 3, token)).ok());
  }
}

}  // namespace
}  // namespace doppel::store
