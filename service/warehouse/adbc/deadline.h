// Requests a stop after a while, unless it is gone before.
//
// Thread contract: made and destroyed by one thread; the token is anybody's.
#ifndef DOPPEL_SERVICE_WAREHOUSE_ADBC_DEADLINE_H_
#define DOPPEL_SERVICE_WAREHOUSE_ADBC_DEADLINE_H_

#include <stop_token>
#include <thread>

#include "absl/time/time.h"
#include "service/base/mutex.h"

namespace doppel::warehouse::adbc {

class Deadline {
 public:
  // absl::InfiniteDuration(): never.
  explicit Deadline(absl::Duration limit);
  Deadline(const Deadline&) = delete;
  Deadline& operator=(const Deadline&) = delete;

  std::stop_token token() const { return stop_.get_token(); }

 private:
  std::stop_source stop_;
  Mutex mutex_;
  CondVar wake_;
  std::jthread thread_;  // goes first, and ends at once
};

}  // namespace doppel::warehouse::adbc

#endif  // DOPPEL_SERVICE_WAREHOUSE_ADBC_DEADLINE_H_
