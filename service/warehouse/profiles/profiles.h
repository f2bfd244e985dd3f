// dbt's profiles.yml: where it is, which targets it has, and one target with
// its values rendered.
//
// Rule: dbt 1.12, config/profile.py and cli/resolvers.py.
//
// Thread contract: Profiles is immutable once read; a Target is a value.
#ifndef DOPPEL_SERVICE_WAREHOUSE_PROFILES_PROFILES_H_
#define DOPPEL_SERVICE_WAREHOUSE_PROFILES_PROFILES_H_

#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "service/base/error.h"
#include "service/warehouse/profiles/template.h"
#include "service/warehouse/profiles/value.h"

namespace doppel::warehouse::profiles {

// The paths at which profiles.yml is looked for; the first that exists counts.
// `directory` alone where it is given; $DBT_PROFILES_DIR alone where it is
// set; else the current folder, then ~/.dbt.
std::vector<std::string> CandidatePaths(absl::string_view directory,
                                        const Variables& variables);

// One output of a profile, ready for a warehouse.
struct Target {
  std::string profile;
  std::string name;
  std::string type;  // dbt's adapter type
  Value values;      // rendered
  std::string path;  // of profiles.yml
  // The values that must not appear in a message or a log.
  std::vector<std::string> secrets;
};

class Profiles {
 public:
  // FAILED_PRECONDITION PROFILES_INVALID.
  static absl::StatusOr<Profiles> Parse(const std::string& text,
                                        absl::string_view path);

  // Profile and target of every output, sorted; and its type, "" where it
  // names none. Nothing is rendered.
  struct Listed {
    std::string profile;
    std::string target;
    std::string type;
  };
  std::vector<Listed> List() const;

  // The profile and target that "<profile>/<target>" or "<profile>" means:
  // the second names the profile's own target, dbt's "default" where it has
  // none. NOT_FOUND CONNECTION_NOT_FOUND, listing what there is.
  absl::StatusOr<std::pair<std::string, std::string>> Resolve(
      absl::string_view name, const Variables& variables) const;

  // One target. Only its own values are rendered: an unset variable of
  // another target does not matter. NOT_FOUND CONNECTION_NOT_FOUND;
  // FAILED_PRECONDITION PROFILES_INVALID, naming line and key.
  absl::StatusOr<Target> Get(absl::string_view name,
                             const Variables& variables) const;

 private:
  Profiles(Value root, absl::string_view path)
      : root_(std::move(root)), path_(path) {}

  const Value* OutputOf(absl::string_view profile,
                        absl::string_view target) const;
  absl::StatusOr<std::string> OwnTarget(absl::string_view profile,
                                        const Value& value,
                                        const Variables& variables) const;

  Value root_;
  std::string path_;
};

// FAILED_PRECONDITION PROFILES_INVALID and WAREHOUSE_UNSUPPORTED for the value
// under a key of the target, "attach[0].path"; `what` is wrong with it.
Error InvalidValue(const Target& target, absl::string_view key,
                   absl::string_view what);
Error UnsupportedValue(const Target& target, absl::string_view key,
                       absl::string_view what);

// `message` with each secret replaced by "*****".
std::string Redacted(std::string message,
                     const std::vector<std::string>& secrets);

// The same of a status, which keeps its code and reason; where its message had
// a secret it loses its other details, for they may repeat it.
absl::Status Redacted(const absl::Status& status,
                      const std::vector<std::string>& secrets);

}  // namespace doppel::warehouse::profiles

#endif  // DOPPEL_SERVICE_WAREHOUSE_PROFILES_PROFILES_H_
