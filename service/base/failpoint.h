// Places at which a test can make the process die, or stand still: before and
// after each step that must be durable. Compiled in everywhere, and active only
// where the environment says so when the process starts:
//
//   DOPPEL_FAILPOINT="operation.outcome.before=kill@3"   dies at the third time
//   DOPPEL_FAILPOINT="*=kill@40"                         at the 40th of them
//   all DOPPEL_FAILPOINT="lease.renew.before=stop@1"         stands still:
//   SIGSTOP
//
// Otherwise each is a look at one bool.
//
// Thread contract: thread-safe.
#ifndef DOPPEL_SERVICE_BASE_FAILPOINT_H_
#define DOPPEL_SERVICE_BASE_FAILPOINT_H_

#include "absl/strings/string_view.h"

namespace doppel::failpoint {

// All there are.
inline constexpr absl::string_view kAll[] = {
    "store.commit.before",        "store.commit.after",
    "lease.acquire.before",       "lease.acquire.after",
    "lease.renew.before",         "lease.renew.after",
    "execution.create.before",    "execution.create.after",
    "execution.start.before",     "execution.start.after",
    "journal.write.before",       "journal.write.after",
    "operation.intent.before",    "operation.intent.after",
    "operation.statement.before", "operation.statement.after",
    "operation.outcome.before",   "operation.outcome.after",
    "execution.end.before",       "execution.end.after",
    "cancel.request.before",      "cancel.request.after",
    "resume.start.before",        "resume.start.after",
};

extern const bool kIsActive;

// What DOPPEL_FAILPOINT says of this point, if anything.
void Reach(absl::string_view point);

// `point` is one of kAll: any other does not compile.
consteval bool IsKnown(absl::string_view point) {
  for (const absl::string_view known : kAll) {
    if (known == point) return true;
  }
  return false;
}

}  // namespace doppel::failpoint

#define DOPPEL_FAILPOINT(point)                                            \
  do {                                                                     \
    static_assert(::doppel::failpoint::IsKnown(point));                    \
    if (::doppel::failpoint::kIsActive) ::doppel::failpoint::Reach(point); \
  } while (false)

#endif  // DOPPEL_SERVICE_BASE_FAILPOINT_H_
