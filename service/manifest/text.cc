#include "service/manifest/text.h"

#include <cstring>

namespace doppel::manifest {

Text Text::Copy(absl::string_view bytes) {
  std::shared_ptr<char[]> copy(new char[bytes.size() + kPadding]);
  if (!bytes.empty()) std::memcpy(copy.get(), bytes.data(), bytes.size());
  std::memset(copy.get() + bytes.size(), 0, kPadding);
  const absl::string_view view(copy.get(), bytes.size());
  return Text(std::move(copy), view);
}

}  // namespace doppel::manifest
