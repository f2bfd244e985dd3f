// Reads the top-level members of a manifest into its builder.
//
// Thread contract: thread-compatible.
#ifndef DOPPEL_SERVICE_MANIFEST_SECTION_READER_H_
#define DOPPEL_SERVICE_MANIFEST_SECTION_READER_H_

#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "service/manifest/builder.h"
#include "service/manifest/json_text.h"
#include "service/manifest/node_fields.h"
#include "service/manifest/node_reader.h"
#include "service/manifest/parse_options.h"
#include "service/manifest/reader.h"
#include "service/manifest/text.h"

namespace doppel::manifest {

class SectionReader {
 public:
  // Both are kept by reference. `text` is the whole JSON text.
  SectionReader(absl::string_view text, const ParseOptions& options)
      : options_(options),
        builder_(text.size()),
        reader_(text, options, builder_),
        node_reader_(&reader_) {}

  Reader& reader() { return reader_; }
  ManifestBuilder& builder() { return builder_; }

  // Each reads the value that is next, and goes past it.
  // The member of that name.
  absl::Status Read(absl::string_view name, JsonCursor& cursor);
  // Tells the builder where it stands; nowhere, for a scalar. Python would let
  // the second of two equal members win, whole; dbt writes none twice.
  absl::Status Add(absl::string_view name, const Span& span);

  // One member of a section.
  absl::Status ReadNode(Section section, absl::string_view unique_id,
                        JsonCursor& cursor);
  absl::Status ReadMacro(absl::string_view unique_id, JsonCursor& cursor) {
    return manifest::ReadMacro(reader_, unique_id, cursor);
  }
  // RESOURCE_EXHAUSTED where no further node may be added.
  absl::Status CheckRoom() const;

  // What can be told only when all was read.
  absl::Status Finish();

 private:
  // Calls `use(unique id, cursor)` for each member of a section.
  template <typename Use>
  absl::Status ReadById(JsonCursor& cursor, Use use);
  absl::Status ReadDisabled(JsonCursor& cursor);
  absl::Status ReadDisabledNode(JsonCursor& cursor);
  absl::Status ReadSelectors(JsonCursor& cursor);

  const ParseOptions& options_;
  ManifestBuilder builder_;
  Reader reader_;
  NodeReader node_reader_;
  Unescaper ids_;
  std::vector<absl::string_view> sections_;
  bool has_metadata_ = false;
  bool has_project_configuration_ = false;
};

}  // namespace doppel::manifest

#endif  // DOPPEL_SERVICE_MANIFEST_SECTION_READER_H_
