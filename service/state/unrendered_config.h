// What a node's author configured, before rendering: what `state:modified`
// compares.
//
// Rules: dbt_common, contracts/config/base.py same_contents, and for an older
// dbt's manifest upgrade_manifest_dbt_version.py.
//
// Thread contract: pure functions; a ConfigView is a value that must not
// outlive its manifest.
#ifndef DOPPEL_SERVICE_STATE_UNRENDERED_CONFIG_H_
#define DOPPEL_SERVICE_STATE_UNRENDERED_CONFIG_H_

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "service/manifest/manifest.h"

namespace doppel::state {

// One side's value of a key.
struct ConfigEntry {
  const manifest::JsonValue* value = nullptr;  // of the manifest
  const std::string* text = nullptr;           // read anew; wins over `value`

  bool present() const { return value != nullptr || text != nullptr; }
  bool IsNull() const {
    return text == nullptr && (value == nullptr || value->is_null());
  }
  // Compact JSON for people, "(absent)" where it is not there.
  std::string ToJson() const;

  friend bool operator==(const ConfigEntry& a, const ConfigEntry& b);
};

// A node's unrendered config; with `reread` as dbt 1.12 reads that of another
// dbt's manifest: the values of the config() call in its code replace those of
// the manifest.
class ConfigView {
 public:
  ConfigView(const manifest::Manifest& manifest, const manifest::Node& node,
             bool reread);

  ConfigEntry Get(absl::string_view key) const;
  std::vector<absl::string_view> Keys() const;  // sorted, each once

 private:
  const manifest::JsonValue* base_;
  std::map<std::string, std::string> code_;
};

// The keys that differ between two nodes of one type, sorted; those that dbt
// leaves out for that type are left out.
std::vector<std::string> DifferentConfigKeys(manifest::ResourceType type,
                                             const ConfigView& older,
                                             const ConfigView& current);

// The keys of the relation (database, schema, alias) that differ; null counts
// as not there.
std::vector<std::string> DifferentRelationKeys(const ConfigView& older,
                                               const ConfigView& current);

// For semantic models and saved queries dbt compares the rendered config, in
// which a key that is not there has its default.
std::vector<std::string> DifferentRenderedKeys(
    const manifest::JsonValue* older, const manifest::JsonValue* current);

}  // namespace doppel::state

#endif  // DOPPEL_SERVICE_STATE_UNRENDERED_CONFIG_H_
