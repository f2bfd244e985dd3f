// SHA-256, the name under which manifests, plans and statements are kept.
#ifndef DOPPEL_SERVICE_BASE_DIGEST_H_
#define DOPPEL_SERVICE_BASE_DIGEST_H_

#include <cstddef>
#include <memory>
#include <string>

#include "absl/strings/string_view.h"

namespace doppel {

// Sixty-four lower-case hexadecimal digits.
std::string Sha256Hex(absl::string_view bytes);

// True for exactly sixty-four lower-case hexadecimal digits.
bool IsSha256Hex(absl::string_view text);

// SHA-256 of bytes that come in pieces. Thread-compatible.
class Sha256 {
 public:
  Sha256();
  ~Sha256();
  Sha256(Sha256&&) noexcept;
  Sha256& operator=(Sha256&&) noexcept;

  void Update(absl::string_view bytes);

  // The digest of all bytes so far, as Sha256Hex gives it. Call it once; no
  // Update() may follow.
  std::string FinishHex();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace doppel

#endif  // DOPPEL_SERVICE_BASE_DIGEST_H_
