// The journal of one execution: what happens is added to it, in order, and made
// durable in groups. While one group is being synced the next one gathers, so
// that many operations share one sync and none waits longer than for two.
//
// Thread contract: thread-safe. What is added first is durable first.
#ifndef DOPPEL_SERVICE_EXECUTION_JOURNAL_H_
#define DOPPEL_SERVICE_EXECUTION_JOURNAL_H_

#include <cstdint>
#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "service/base/mutex.h"
#include "service/store/store.h"

namespace doppel::execution {

class Journal {
 public:
  // What becomes durable in one step. Sequences are the journal's to give.
  using Entry = store::Store::Progress;

  // `last_sequence` is that of the execution's last event, `lease_token` that
  // under which it is run. `on_durable` is called after each group, from the
  // journal's thread.
  Journal(store::Store* store, absl::string_view execution,
          int64_t last_sequence, int64_t lease_token,
          std::function<void()> on_durable);
  // Writes what was added.
  ~Journal();

  // Adds an entry and gives its ticket.
  int64_t Add(Entry entry);

  // Adds an entry that goes with the next Add, or with Flush: an outcome need
  // not have a sync of its own when the next intent follows at once.
  void AddLater(Entry entry);
  void Flush();

  // Waits until the entry of that ticket, and all before, are durable. After
  // an error nothing more is written: each Wait gives that error.
  absl::Status Wait(int64_t ticket);

  absl::Status AddAndWait(Entry entry) { return Wait(Add(std::move(entry))); }

 private:
  void Work(std::stop_token stop);
  absl::Status Write(std::vector<Entry> group);
  Entry Merge(std::vector<Entry> group) const;

  store::Store* const store_;
  const std::string execution_;
  const int64_t lease_token_;
  const std::function<void()> on_durable_;
  int64_t last_sequence_;  // of the writing thread alone

  Mutex mutex_;
  CondVar changed_;
  std::vector<Entry> waiting_ ABSL_GUARDED_BY(mutex_);
  bool is_due_ ABSL_GUARDED_BY(mutex_) = false;  // something may not wait more
  int64_t added_ ABSL_GUARDED_BY(mutex_) = 0;
  int64_t written_ ABSL_GUARDED_BY(mutex_) = 0;
  absl::Status failure_ ABSL_GUARDED_BY(mutex_);

  std::jthread thread_;  // last: it uses all the others
};

}  // namespace doppel::execution

#endif  // DOPPEL_SERVICE_EXECUTION_JOURNAL_H_
