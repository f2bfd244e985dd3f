// Reads one vertex of a manifest.
//
// Thread contract: thread-compatible.
#ifndef DOPPEL_SERVICE_MANIFEST_NODE_READER_H_
#define DOPPEL_SERVICE_MANIFEST_NODE_READER_H_

#include <span>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "service/manifest/node.h"
#include "service/manifest/node_fields.h"
#include "service/manifest/reader.h"

namespace doppel::manifest {

class NodeReader {
 public:
  explicit NodeReader(Reader* reader) : reader_(*reader) {}

  // Reads the member `unique_id` of a section, and adds it to the builder. Its
  // path is set up to the key.
  absl::Status Read(Section section, absl::string_view unique_id,
                    JsonCursor& cursor);

 private:
  absl::Status ReadField(const NodeField& field, JsonCursor& cursor);
  absl::Status ReadSpecial(const NodeField& field, JsonCursor& cursor);
  // `text`, kept. Most often it is what the node before had in its place, or
  // the node's name: then it need not be looked for.
  absl::string_view Intern(absl::string_view text, absl::string_view previous);
  absl::Status ReadTextInto(const NodeField& field, JsonCursor& cursor);
  absl::Status ReadTextsInto(std::span<const absl::string_view> Node::* texts,
                             bool or_one, JsonCursor& cursor);
  absl::Status ReadFacet(absl::string_view name, JsonCursor& cursor);
  absl::Status ReadResourceType(JsonCursor& cursor);
  absl::Status ReadPath(JsonCursor& cursor);
  absl::Status ReadConfig(JsonCursor& cursor);
  absl::Status ReadTagsAndFacet(JsonCursor& cursor);
  absl::Status ReadDependsOn(JsonCursor& cursor);
  absl::Status ReadMacros(JsonCursor& cursor);
  absl::Status ReadCode(JsonCursor& cursor);
  absl::Status ReadDescription(JsonCursor& cursor);
  absl::Status ReadChecksum(JsonCursor& cursor);
  absl::Status ReadContract(JsonCursor& cursor);
  absl::Status ReadTestMetadata(JsonCursor& cursor);
  absl::Status ReadQueryParams(JsonCursor& cursor);
  // A list whose items dbt compares in part.
  absl::Status ReadParts(absl::string_view name, JsonCursor& cursor,
                         Fingerprint (*of)(const JsonValue&));

  // What is left to say when all members were read.
  void Complete();
  void TakeTagsFromConfig();

  Reader& reader_;
  Section section_ = Section::kNodes;
  const char* begin_ = nullptr;  // of the node's text
  Node node_;
  Node previous_;  // the one that was read before
  std::vector<Facet> facets_;
  std::vector<absl::string_view> texts_;
  std::string buffer_;
  bool has_path_ = false;
};

// Reads one member of `macros`, and adds it to the builder.
absl::Status ReadMacro(Reader& reader, absl::string_view unique_id,
                       JsonCursor& cursor);

}  // namespace doppel::manifest

#endif  // DOPPEL_SERVICE_MANIFEST_NODE_READER_H_
