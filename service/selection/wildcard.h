// Python's fnmatch.fnmatchcase: "*", "?", "[seq]" and "[!seq]" over whole
// texts, where a character is a code point and "*" crosses everything.
//
// Thread contract: immutable, safe from any thread.
#ifndef DOPPEL_SERVICE_SELECTION_WILDCARD_H_
#define DOPPEL_SERVICE_SELECTION_WILDCARD_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "re2/re2.h"

namespace doppel::selection {

class Wildcard {
 public:
  explicit Wildcard(absl::string_view pattern);

  bool Matches(absl::string_view text) const;

 private:
  bool MatchesPieces(absl::string_view text) const;

  // Where "*" is the only wildcard: what stands between them. One piece: the
  // text itself.
  std::vector<std::string> pieces_;
  std::shared_ptr<const RE2> regex_;  // else
};

// Whether the text has one of "*?[]".
bool HasWildcard(absl::string_view text);

// The regular expression of such a pattern, where `any` stands for the
// characters that "*" and "?" match ("." or "[^/]").
std::string WildcardToRegex(absl::string_view pattern, absl::string_view any);

}  // namespace doppel::selection

#endif  // DOPPEL_SERVICE_SELECTION_WILDCARD_H_
