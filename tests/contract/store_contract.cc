#include "tests/contract/store_contract.h"

#include <stdlib.h>

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "gtest/gtest.h"
#include "service/base/digest.h"
#include "service/base/error.h"
#include "service/store/store.h"

namespace doppel::store {

void ExpectStatus(const absl::Status& status, absl::StatusCode code,
                  Reason reason) {
  EXPECT_EQ(status.code(), code) << status;
  EXPECT_EQ(ReasonName(GetReason(status)), ReasonName(reason)) << status;
}

void ExpectOk(const absl::Status& status) {
  EXPECT_TRUE(status.ok()) << status;
}

void StoreContract::SetUp() {
  std::string pattern = testing::TempDir() + "/store.XXXXXX";
  ASSERT_NE(mkdtemp(pattern.data()), nullptr);
  directory_ = pattern;
  Reopen();
}

void StoreContract::TearDown() {
  store_.reset();
  std::filesystem::remove_all(directory_);
}

Store& StoreContract::store() { return *store_; }

void StoreContract::Close() { store_.reset(); }

void StoreContract::Reopen() {
  Close();
  absl::StatusOr<std::unique_ptr<Store>> opened =
      GetParam().open(directory_, [this] { return now_; });
  ASSERT_TRUE(opened.ok()) << opened.status();
  store_ = *std::move(opened);
}

std::string StoreContract::PutManifest(absl::string_view bytes) {
  std::string digest = Sha256Hex(bytes);
  ExpectOk(store().AppendUpload(digest, 0, bytes));
  ExpectOk(store().CommitManifest({digest, static_cast<int64_t>(bytes.size()),
                                   absl::StrCat("summary of ", digest), now_}));
  return digest;
}

ExecutionRecord StoreContract::PutExecution(absl::string_view id) {
  const std::string plan = absl::StrCat("plan-of-", id);
  ExpectOk(store().PutPlan({plan, "fingerprint", "{}", now_}, std::nullopt));
  ExecutionRecord record;
  record.id = std::string(id);
  record.plan = plan;
  record.target_environment = "staging";
  record.connections = 4;
  record.create_time = now_;
  ExpectOk(store().CreateExecution(record, std::nullopt));
  return record;
}

EnvironmentRecord SomeEnvironment(absl::string_view id) {
  EnvironmentRecord record;
  record.id = std::string(id);
  record.connection = "shop/dev";
  record.is_protected = true;
  record.expire_time = absl::FromUnixSeconds(1'800'000'000);
  record.description = "an environment \xF0\x9F\x9A\xB2";
  record.etag = "etag-1";
  record.create_time = absl::FromUnixNanos(1'700'000'000'123'456'789);
  record.update_time = record.create_time;
  return record;
}

RequestRecord SomeRequest(absl::string_view id) {
  return {std::string(id), "SomeMethod", Sha256Hex(id),
          std::string("an answer\0with any byte \xFF", 24)};
}

EventRecord SomeEvent(int64_t sequence, EventKind kind) {
  EventRecord event;
  event.sequence = sequence;
  event.time = absl::FromUnixSeconds(1'700'000'000 + sequence);
  event.kind = kind;
  return event;
}

}  // namespace doppel::store
