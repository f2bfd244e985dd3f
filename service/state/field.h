// The smaller fields that dbt compares for one type or another: a model's
// access, an exposure's owner, a source's quoting, ...
//
// Thread contract: pure functions.
#ifndef DOPPEL_SERVICE_STATE_FIELD_H_
#define DOPPEL_SERVICE_STATE_FIELD_H_

#include <string>
#include <vector>

#include "service/manifest/manifest.h"
#include "service/state/cause.h"

namespace doppel::state {

// "older -> current", long ones cut to where they differ.
std::string ChangeText(absl::string_view older, absl::string_view current);

// Differences of the fields that have no comparison of their own, each once.
std::vector<Cause> FieldCauses(const manifest::Manifest& older_manifest,
                               const manifest::Node& older,
                               const manifest::Manifest& current_manifest,
                               const manifest::Node& current);

// FieldCauses() is empty; without making them.
bool SameFields(const manifest::Manifest& older_manifest,
                const manifest::Node& older,
                const manifest::Manifest& current_manifest,
                const manifest::Node& current);

// Differences of a source's relation. With `unrendered`, database and schema
// as they were written, Jinja and all.
std::vector<Cause> SourceRelationCauses(const manifest::Node& older,
                                        const manifest::Node& current,
                                        bool unrendered);
bool SameSourceRelation(const manifest::Node& older,
                        const manifest::Node& current, bool unrendered);

}  // namespace doppel::state

#endif  // DOPPEL_SERVICE_STATE_FIELD_H_
