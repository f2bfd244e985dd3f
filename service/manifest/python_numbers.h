// Numbers that Python writes and reads although JSON has none such: NaN,
// Infinity, -Infinity. dbt writes what a project's YAML says (.nan), and reads
// it again.
#ifndef DOPPEL_SERVICE_MANIFEST_PYTHON_NUMBERS_H_
#define DOPPEL_SERVICE_MANIFEST_PYTHON_NUMBERS_H_

#include <optional>
#include <string>

#include "absl/strings/string_view.h"

namespace doppel::manifest {

// The text with each such number made a string of the same length ("n",
// "Infini", "-Infini"), so that every place in it stays where it was; none
// where the text has no such number. A pure function.
std::optional<std::string> WithoutPythonNumbers(absl::string_view text);

}  // namespace doppel::manifest

#endif  // DOPPEL_SERVICE_MANIFEST_PYTHON_NUMBERS_H_
