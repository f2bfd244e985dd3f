// A set of a manifest's nodes, a bit for each.
//
// Thread contract: a value, thread-compatible.
#ifndef DOPPEL_SERVICE_SELECTION_NODE_SET_H_
#define DOPPEL_SERVICE_SELECTION_NODE_SET_H_

#include <bit>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "service/manifest/node.h"

namespace doppel::selection {

class NodeSet {
 public:
  explicit NodeSet(size_t node_count)
      : words_((node_count + kBits - 1) / kBits) {}

  void Add(manifest::NodeId id) { words_[id / kBits] |= Bit(id); }
  bool Contains(manifest::NodeId id) const {
    return (words_[id / kBits] & Bit(id)) != 0;
  }
  bool empty() const {
    for (const uint64_t word : words_) {
      if (word != 0) return false;
    }
    return true;
  }

  NodeSet& operator|=(const NodeSet& other) {
    for (size_t i = 0; i < words_.size(); ++i) words_[i] |= other.words_[i];
    return *this;
  }
  NodeSet& operator&=(const NodeSet& other) {
    for (size_t i = 0; i < words_.size(); ++i) words_[i] &= other.words_[i];
    return *this;
  }
  NodeSet& operator-=(const NodeSet& other) {
    for (size_t i = 0; i < words_.size(); ++i) words_[i] &= ~other.words_[i];
    return *this;
  }
  friend NodeSet operator|(NodeSet a, const NodeSet& b) { return a |= b; }
  friend bool operator==(const NodeSet&, const NodeSet&) = default;

  // Calls visit(id) for each, ascending.
  template <typename Visit>
  void ForEach(Visit visit) const {
    for (size_t i = 0; i < words_.size(); ++i) {
      for (uint64_t word = words_[i]; word != 0; word &= word - 1) {
        visit(static_cast<manifest::NodeId>(
            i * kBits + static_cast<size_t>(std::countr_zero(word))));
      }
    }
  }

  std::vector<manifest::NodeId> ToVector() const {
    std::vector<manifest::NodeId> ids;
    ForEach([&ids](manifest::NodeId id) { ids.push_back(id); });
    return ids;
  }

 private:
  static constexpr size_t kBits = 64;
  static uint64_t Bit(manifest::NodeId id) {
    return uint64_t{1} << (id % kBits);
  }

  std::vector<uint64_t> words_;
};

}  // namespace doppel::selection

#endif  // DOPPEL_SERVICE_SELECTION_NODE_SET_H_
