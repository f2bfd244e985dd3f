// A model's deprecation date: dbt reads it as a point in time and compares it
// as one, so that two spellings of the same instant are the same.
//
// Rule: contracts/graph/nodes.py, ModelNode.same_contents and
// same_contract_removed of dbt 1.12.
//
// Thread contract: pure functions.
#ifndef DOPPEL_SERVICE_STATE_DEPRECATION_DATE_H_
#define DOPPEL_SERVICE_STATE_DEPRECATION_DATE_H_

#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace doppel::state {

// Two texts of a manifest, "" where there is no date. As in Python, a date with
// a zone never equals one without; what is no date is compared as text.
bool SameDeprecationDate(absl::string_view older, absl::string_view current);

// Whether `date` lies before `now`; false for what is no date.
bool IsPastDeprecationDate(absl::string_view date, absl::Time now);

}  // namespace doppel::state

#endif  // DOPPEL_SERVICE_STATE_DEPRECATION_DATE_H_
