// What every Store must do. An implementation runs the suite by saying how it
// is opened:
//
//   INSTANTIATE_TEST_SUITE_P(Sqlite, StoreContract, testing::Values(...));
//
// Each test closes and opens the store again after what it wrote: what was
// acknowledged is there afterwards.
#ifndef DOPPEL_TESTS_CONTRACT_STORE_CONTRACT_H_
#define DOPPEL_TESTS_CONTRACT_STORE_CONTRACT_H_

#include <functional>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "gtest/gtest.h"
#include "service/base/clock.h"
#include "service/base/reason.h"
#include "service/store/store.h"

namespace doppel::store {

// Opens the store of a folder; the same folder gives the same content.
struct StoreUnderTest {
  std::string name;
  std::function<absl::StatusOr<std::unique_ptr<Store>>(
      const std::string& directory, const Clock& clock)>
      open;
};

class StoreContract : public testing::TestWithParam<StoreUnderTest> {
 protected:
  void SetUp() override;
  void TearDown() override;

  // The store, opened.
  Store& store();
  void Close();
  // Closes it and opens it again.
  void Reopen();

  // Uploads and commits, and gives the digest.
  std::string PutManifest(absl::string_view bytes);
  // An execution of a new plan.
  ExecutionRecord PutExecution(absl::string_view id);

  // A time that the test advances.
  absl::Time now_ = absl::FromUnixSeconds(1'700'000'000);
  std::string directory_;

 private:
  std::unique_ptr<Store> store_;
};

EnvironmentRecord SomeEnvironment(absl::string_view id);
RequestRecord SomeRequest(absl::string_view id);
EventRecord SomeEvent(int64_t sequence, EventKind kind);

// Fails the test where the status is not this one.
void ExpectStatus(const absl::Status& status, absl::StatusCode code,
                  Reason reason);
void ExpectOk(const absl::Status& status);

}  // namespace doppel::store

#endif  // DOPPEL_TESTS_CONTRACT_STORE_CONTRACT_H_
