#include "service/deferral/project_quoting.h"

#include <cstddef>
#include <vector>

#include "service/manifest/node.h"
#include "service/manifest/relation_of.h"

namespace doppel::deferral {
namespace {

using dialect::Quoting;
using manifest::ResourceType;

// So many names settle it; a project has one quoting.
constexpr size_t kNamesToRead = 20;

// A source may have quoting of its own.
bool ShowsTheProjects(const manifest::Node& node) {
  return (node.type == ResourceType::kModel ||
          node.type == ResourceType::kSeed ||
          node.type == ResourceType::kSnapshot) &&
         node.relation_name.has_value();
}

// All quotings, `first` before the others.
std::vector<Quoting> AllQuotings(const Quoting& first) {
  std::vector<Quoting> all = {first};
  for (int bits = 0; bits < 8; ++bits) {
    const Quoting quoting = {(bits & 1) != 0, (bits & 2) != 0, (bits & 4) != 0};
    if (!(quoting == first)) all.push_back(quoting);
  }
  return all;
}

Quoting ReadOffNames(const manifest::Manifest& manifest,
                     const dialect::Dialect& dialect) {
  std::vector<Quoting> possible = AllQuotings(dialect.default_quoting());
  size_t read = 0;
  for (const manifest::Node& node : manifest.nodes()) {
    if (read == kNamesToRead || possible.size() == 1) break;
    if (!ShowsTheProjects(node)) continue;
    ++read;
    std::vector<Quoting> agreeing;
    for (const Quoting& quoting : possible) {
      if (dialect.Render(manifest::RelationOf(node), quoting) ==
          *node.relation_name) {
        agreeing.push_back(quoting);
      }
    }
    // A name that no quoting makes tells nothing.
    if (!agreeing.empty()) possible = agreeing;
  }
  return possible.front();
}

}  // namespace

Quoting QuotingOf(const manifest::Manifest& manifest,
                  const dialect::Dialect& dialect) {
  const manifest::Quoting& said = manifest.metadata().quoting;
  if (!said.database.has_value() && !said.schema.has_value() &&
      !said.identifier.has_value()) {
    return ReadOffNames(manifest, dialect);
  }
  const Quoting standard = dialect.default_quoting();
  return {said.database.value_or(standard.database),
          said.schema.value_or(standard.schema),
          said.identifier.value_or(standard.identifier)};
}

}  // namespace doppel::deferral
