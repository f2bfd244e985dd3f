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
                    Reader::Value value);

 private:
  using Value = Reader::Value;

  absl::Status ReadField(const NodeField& field, Value value);
  absl::Status ReadSpecial(const NodeField& field, Value value);
  absl::Status ReadTextInto(const NodeField& field, Value value);
  absl::Status ReadTextsInto(std::span<const absl::string_view>* texts,
                             bool or_one, Value value);
  absl::Status ReadFacet(absl::string_view name, Value value);
  absl::Status ReadResourceType(Value value);
  absl::Status ReadPath(Value value);
  absl::Status ReadConfig(Value value);
  absl::Status ReadTagsAndFacet(Value value);
  absl::Status ReadDependsOn(Value value);
  absl::Status ReadMacros(Value value);
  absl::Status ReadCode(Value value);
  absl::Status ReadDescription(Value value);
  absl::Status ReadChecksum(Value value);
  absl::Status ReadContract(Value value);
  absl::Status ReadTestMetadata(Value value);
  absl::Status ReadQueryParams(Value value);
  // A list whose items dbt compares in part.
  absl::Status ReadParts(absl::string_view name, Value value,
                         Fingerprint (*of)(const JsonValue&));

  // What is left to say when all members were read.
  void Complete();
  void TakeTagsFromConfig();

  Reader& reader_;
  Section section_ = Section::kNodes;
  const char* begin_ = nullptr;  // of the node's text
  Node node_;
  std::vector<Facet> facets_;
  std::vector<absl::string_view> texts_;
  std::string buffer_;
  bool has_path_ = false;
};

// Reads one member of `macros`, and adds it to the builder.
absl::Status ReadMacro(Reader& reader, absl::string_view unique_id,
                       Reader::Value value);

}  // namespace doppel::manifest

#endif  // DOPPEL_SERVICE_MANIFEST_NODE_READER_H_
