// Causes of change that a caller does not want to count.
//
// A mute is one of
//   dbt_macros          a changed macro of dbt itself or of its adapter, as
//                       every upgrade brings
//   environment_config  a config or relation whose text is the same on both
//                       sides and only renders differently
//   KIND                every cause of that kind: "macro", "config", "body",
//   ... KIND:SUBJECT        those of them with that subject, in which "*"
//   stands
//                       for any text: "config:meta", "macro:macro.dbt_utils.*"
//
// Thread contract: a value; const functions are safe from any thread.
#ifndef DOPPEL_SERVICE_STATE_MUTES_H_
#define DOPPEL_SERVICE_STATE_MUTES_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "service/state/cause.h"

namespace doppel::state {

class Mutes {
 public:
  Mutes() = default;

  // Errors: INVALID_ARGUMENT INVALID_ARGUMENT, naming `field` and the entry,
  // for a text that is none of the above.
  static absl::StatusOr<Mutes> Parse(const std::vector<std::string>& texts,
                                     absl::string_view field);

  bool empty() const {
    return patterns_.empty() && !dbt_macros_ && !environment_config_;
  }

  // `adapter_type` says which adapter's macros are dbt's own.
  bool Cover(const Cause& cause, absl::string_view adapter_type) const;

  friend bool operator==(const Mutes&, const Mutes&) = default;

 private:
  struct Pattern {
    CauseKind kind;
    std::optional<std::string> subject;  // none: any

    friend bool operator==(const Pattern&, const Pattern&) = default;
  };

  bool dbt_macros_ = false;
  bool environment_config_ = false;
  std::vector<Pattern> patterns_;
};

}  // namespace doppel::state

#endif  // DOPPEL_SERVICE_STATE_MUTES_H_
