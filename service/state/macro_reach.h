// Which macros call a marked one, directly or through others of the same
// manifest, and by which way.
//
// Thread contract: immutable once made. It keeps a view of the manifest, which
// must live as long.
#ifndef DOPPEL_SERVICE_STATE_MACRO_REACH_H_
#define DOPPEL_SERVICE_STATE_MACRO_REACH_H_

#include <cstdint>
#include <span>
#include <vector>

#include "service/manifest/manifest.h"

namespace doppel::state {

class MacroReach {
 public:
  // Macros from the first that is called to a marked one, which is last.
  using Way = std::vector<manifest::MacroId>;

  // One entry of `marked` for each macro of the manifest; not 0: marked.
  MacroReach(const manifest::Manifest& manifest, std::vector<uint8_t> marked);

  // Whether one of these macros is marked or reaches a marked one.
  bool Reaches(std::span<const manifest::MacroId> calls) const;

  // The shortest way from these macros to each marked one that they reach, the
  // nearest first.
  std::vector<Way> Ways(std::span<const manifest::MacroId> calls) const;

 private:
  void FindReaching();

  const manifest::Manifest* manifest_;
  std::vector<uint8_t> marked_;
  std::vector<uint8_t> reaches_;  // marked, or reaches one
};

}  // namespace doppel::state

#endif  // DOPPEL_SERVICE_STATE_MACRO_REACH_H_
