#include "service/base/failpoint.h"

#include <signal.h>

#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <utility>

#include "absl/algorithm/container.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"

namespace doppel::failpoint {
namespace {

// "operation.outcome.before=kill@3"
struct Fault {
  std::string point;  // or "*"
  int signal = 0;     // 0: none
  int at = 0;         // the how manyth time, from 1
};

// A test that says something wrong would pass for nothing: it ends instead.
[[noreturn]] void Refuse(absl::string_view text) {
  std::fprintf(stderr, "DOPPEL_FAILPOINT: cannot read \"%s\"\n",
               std::string(text).c_str());
  std::exit(2);
}

Fault Parse(absl::string_view text) {
  const std::pair<absl::string_view, absl::string_view> sides =
      absl::StrSplit(text, absl::MaxSplits('=', 1));
  const std::pair<absl::string_view, absl::string_view> action =
      absl::StrSplit(sides.second, absl::MaxSplits('@', 1));
  Fault fault;
  fault.point = std::string(sides.first);
  fault.signal = action.first == "kill"   ? SIGKILL
                 : action.first == "stop" ? SIGSTOP
                                          : 0;
  if (fault.signal == 0 || !absl::SimpleAtoi(action.second, &fault.at) ||
      (fault.point != "*" && !absl::c_linear_search(kAll, fault.point))) {
    Refuse(text);
  }
  return fault;
}

Fault FromEnvironment() {
  const char* const text = std::getenv("DOPPEL_FAILPOINT");
  return text == nullptr ? Fault() : Parse(text);
}

const Fault& Wanted() {
  static const Fault* const kWanted = new Fault(FromEnvironment());
  return *kWanted;
}

}  // namespace

const bool kIsActive = Wanted().signal != 0;

void Reach(absl::string_view point) {
  static std::atomic<int> times = 0;
  const Fault& fault = Wanted();
  if (fault.point != "*" && fault.point != point) return;
  if (++times == fault.at) raise(fault.signal);
}

}  // namespace doppel::failpoint
