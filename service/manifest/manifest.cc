#include "service/manifest/manifest.h"

#include <algorithm>

#include "service/manifest/storage.h"

namespace doppel::manifest {
namespace {

// The place of the element with that unique id, in elements sorted by it.
template <typename T>
std::optional<uint32_t> FindById(std::span<const T> sorted,
                                 absl::string_view unique_id) {
  const auto found = std::lower_bound(
      sorted.begin(), sorted.end(), unique_id,
      [](const T& a, absl::string_view id) { return a.unique_id < id; });
  if (found == sorted.end() || found->unique_id != unique_id) {
    return std::nullopt;
  }
  return static_cast<uint32_t>(found - sorted.begin());
}

template <typename T>
size_t BytesOf(const std::vector<T>& values) {
  return values.capacity() * sizeof(T);
}

}  // namespace

Manifest::Manifest() : storage_(std::make_unique<Storage>()) {}
Manifest::~Manifest() = default;

std::optional<NodeId> Manifest::Find(absl::string_view unique_id) const {
  return FindById(nodes_, unique_id);
}

std::span<const NodeId> Manifest::parents(NodeId id) const {
  return parents_.subspan(parent_begin_[id],
                          parent_begin_[id + 1] - parent_begin_[id]);
}

std::span<const NodeId> Manifest::children(NodeId id) const {
  return children_.subspan(child_begin_[id],
                           child_begin_[id + 1] - child_begin_[id]);
}

std::optional<MacroId> Manifest::FindMacro(absl::string_view unique_id) const {
  return FindById(macros_, unique_id);
}

bool Manifest::IsDisabled(absl::string_view unique_id) const {
  return std::binary_search(disabled_.begin(), disabled_.end(), unique_id);
}

Span Manifest::section(absl::string_view member) const {
  for (const auto& [name, span] : storage_->sections) {
    if (name == member) return span;
  }
  return {};
}

size_t Manifest::memory_bytes() const {
  const Storage& s = *storage_;
  size_t bytes = sizeof(Manifest) + sizeof(Storage) + s.arena.bytes() +
                 s.nodes.size() * sizeof(Node) + BytesOf(s.id_fingerprints) +
                 BytesOf(s.macros) + BytesOf(s.disabled) + BytesOf(s.dangling) +
                 BytesOf(s.sections) + BytesOf(s.graph.order);
  for (const Rows* rows : {&s.graph.parents, &s.graph.children}) {
    bytes += BytesOf(rows->begin) + BytesOf(rows->ids);
  }
  for (const std::string& text : s.dangling) bytes += text.capacity();
  return bytes;
}

}  // namespace doppel::manifest
