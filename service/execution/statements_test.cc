#include "service/execution/statements.h"

#include <functional>
#include <stop_token>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/string_view.h"
#include "gtest/gtest.h"
#include "service/base/error.h"
#include "service/execution/scripted_warehouse.h"

namespace doppel::execution {
namespace {

absl::Status Failed(Reason reason) {
  return Error(absl::StatusCode::kFailedPrecondition, reason, "no");
}

// Fails at statements that contain "bad" or "lost".
ScriptedWarehouse FailingWarehouse() {
  return ScriptedWarehouse([](absl::string_view sql,
                              const std::function<void()>& apply,
                              std::stop_token) -> absl::Status {
    if (absl::StrContains(sql, "bad")) {
      return Failed(Reason::kWarehouseStatementFailed);
    }
    if (absl::StrContains(sql, "lost")) {
      return Failed(Reason::kWarehouseUnreachable);
    }
    apply();
    return absl::OkStatus();
  });
}

using Statements = std::vector<std::string>;

TEST(StatementsTest, SendsOneAfterTheOther) {
  ScriptedWarehouse warehouse;
  const auto session = *warehouse.Connect();
  bool is_usable = false;

  EXPECT_TRUE(
      SendStatements(session.get(), Statements{"a", "b"}, {}, &is_usable).ok());

  EXPECT_TRUE(is_usable);
  EXPECT_EQ(warehouse.sent(), (Statements{"a", "b"}));
}

TEST(StatementsTest, StopsAtTheFirstThatFailsAndSaysWhich) {
  ScriptedWarehouse warehouse = FailingWarehouse();
  const auto session = *warehouse.Connect();
  bool is_usable = false;

  const absl::Status sent = SendStatements(
      session.get(), Statements{"a", "bad", "c"}, {}, &is_usable);

  EXPECT_EQ(sent.message(), "statement 2 of 3: no");
  EXPECT_EQ(GetReason(sent), Reason::kWarehouseStatementFailed);
  EXPECT_TRUE(is_usable);
  EXPECT_EQ(warehouse.sent(), (Statements{"a", "bad"}));
}

TEST(StatementsTest, RollsBackWhatItBegan) {
  ScriptedWarehouse warehouse = FailingWarehouse();
  const auto session = *warehouse.Connect();
  bool is_usable = false;

  EXPECT_FALSE(SendStatements(session.get(),
                              Statements{" BEGIN", "bad", "commit"}, {},
                              &is_usable)
                   .ok());
  EXPECT_FALSE(SendStatements(session.get(),
                              Statements{"begin", "commit", "bad"}, {},
                              &is_usable)
                   .ok());

  EXPECT_EQ(warehouse.sent(), (Statements{" BEGIN", "bad", "ROLLBACK", "begin",
                                          "commit", "bad"}));
}

TEST(StatementsTest, GivesALostConnectionUp) {
  ScriptedWarehouse warehouse = FailingWarehouse();
  const auto session = *warehouse.Connect();
  bool is_usable = true;

  EXPECT_FALSE(
      SendStatements(session.get(), Statements{"begin", "lost"}, {}, &is_usable)
          .ok());

  EXPECT_FALSE(is_usable);
  EXPECT_EQ(warehouse.sent(), (Statements{"begin", "lost"}));
}

TEST(StatementsTest, UndoesATransactionThatFails) {
  ScriptedWarehouse warehouse = FailingWarehouse();
  const auto session = *warehouse.Connect();
  bool is_usable = false;

  EXPECT_TRUE(SendTransaction(session.get(), Statements{"begin", "a", "commit"},
                              {}, &is_usable)
                  .ok());
  EXPECT_FALSE(SendTransaction(session.get(),
                               Statements{"begin", "bad", "commit"}, {},
                               &is_usable)
                   .ok());

  EXPECT_TRUE(is_usable);
  EXPECT_EQ(warehouse.sent(),
            (Statements{"begin", "a", "commit", "begin", "bad", "ROLLBACK"}));
}

TEST(StatementsTest, GivesALostTransactionUp) {
  ScriptedWarehouse warehouse = FailingWarehouse();
  const auto session = *warehouse.Connect();
  bool is_usable = true;

  EXPECT_FALSE(SendTransaction(session.get(), Statements{"begin", "lost"}, {},
                               &is_usable)
                   .ok());

  EXPECT_FALSE(is_usable);
  EXPECT_EQ(warehouse.sent(), (Statements{"begin", "lost"}));
}

}  // namespace
}  // namespace doppel::execution
