// The contract on crashes: a process that writes is killed, and all that it
// was told to be durable is there.
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "service/base/digest.h"
#include "service/store/store.h"
#include "tests/contract/store_contract.h"

namespace doppel::store {
namespace {

// What the child writes in each round.
constexpr int kWritesOfARound = 4;

std::string ManifestBytes(int round) { return absl::StrCat("bytes ", round); }

bool WriteOne(Store& store, int number) {
  const int round = number / kWritesOfARound;
  const std::string bytes = ManifestBytes(round);
  switch (number % kWritesOfARound) {
    case 0:
      return store
          .CreateEnvironment(SomeEnvironment(absl::StrCat("env", round)),
                             SomeRequest(absl::StrCat(round)))
          .ok();
    case 1:
      return store.AppendUpload(Sha256Hex(bytes), 0, bytes).ok();
    case 2:
      return store
          .CommitManifest(
              {Sha256Hex(bytes), static_cast<int64_t>(bytes.size()), "", {}})
          .ok();
    default: {
      Store::Progress progress;
      progress.execution = "e1";
      progress.events = {SomeEvent(round + 1, EventKind::kResumed)};
      return store.Advance(progress).ok();
    }
  }
}

bool IsThere(Store& store, int number) {
  const int round = number / kWritesOfARound;
  const std::string bytes = ManifestBytes(round);
  const std::string digest = Sha256Hex(bytes);
  switch (number % kWritesOfARound) {
    case 0:
      return store.GetEnvironment(absl::StrCat("env", round)).ok() &&
             store.FindRequest(absl::StrCat(round))->has_value();
    case 1:
      // The upload, or the manifest that it became.
      return store.UploadedBytes(digest).value_or(0) > 0 ||
             store.ReadManifest(digest).ok();
    case 2: {
      const auto text = store.ReadManifest(digest);
      return text.ok() && text->view() == bytes;
    }
    default: {
      const auto events = store.ReadEvents("e1", round, 1);
      return events.ok() && !events->empty() &&
             events->front().sequence == round + 1;
    }
  }
}

// Writes until killed and tells of each write that was acknowledged.
[[noreturn]] void WriteForEver(const StoreUnderTest& store_under_test,
                               const std::string& directory, absl::Time now,
                               int report) {
  absl::StatusOr<std::unique_ptr<Store>> store =
      store_under_test.open(directory, [now] { return now; });
  if (!store.ok()) _exit(1);
  for (int number = 0;; ++number) {
    if (!WriteOne(**store, number)) _exit(2);
    if (write(report, "x", 1) != 1) _exit(3);
  }
}

// Kills the child after so many reports; gives how many there were.
int KillAfter(pid_t child, int report, int wanted) {
  char byte = 0;
  int seen = 0;
  while (seen < wanted && read(report, &byte, 1) == 1) ++seen;
  kill(child, SIGKILL);
  while (read(report, &byte, 1) == 1) ++seen;
  int status = 0;
  waitpid(child, &status, 0);
  EXPECT_TRUE(WIFSIGNALED(status)) << "the child ended by itself: " << status;
  return seen;
}

TEST_P(StoreContract, LosesNothingThatWasAcknowledgedWhenKilled) {
  PutExecution("e1");
  for (const int wanted : {1, 2, 3, 6, 41, 150}) {
    StoreContract::TearDown();
    StoreContract::SetUp();
    PutExecution("e1");
    Close();
    int ends[2] = {};
    ASSERT_EQ(pipe(ends), 0);
    const pid_t child = fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
      close(ends[0]);
      WriteForEver(GetParam(), directory_, now_, ends[1]);
    }
    close(ends[1]);

    const int acknowledged = KillAfter(child, ends[0], wanted);
    close(ends[0]);
    Reopen();

    EXPECT_GE(acknowledged, wanted);
    for (int number = 0; number < acknowledged; ++number) {
      EXPECT_TRUE(IsThere(store(), number)) << number;
    }
  }
}

}  // namespace
}  // namespace doppel::store
