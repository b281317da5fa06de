#include "io/files/plain_pickle.hpp"

#include <string>

#include "io/weights/pickle_reader.hpp"
#include "support/catch.hpp"

namespace musclemap::io {
namespace {

// What our own reader, which follows Python's, makes of it.
nlohmann::ordered_json read_back(const PickleTree& tree, std::uint32_t index) {
  const PickleNode& node = tree[index];
  nlohmann::ordered_json value;
  switch (node.kind) {
    case PickleKind::dict:
      value = nlohmann::ordered_json::object();
      for (std::size_t n = 0; n < node.items.size(); n += 2)
        value[tree[node.items[n]].text] = read_back(tree, node.items[n + 1]);
      return value;
    case PickleKind::list:
    case PickleKind::tuple:
      value = nlohmann::ordered_json::array();
      for (const std::uint32_t item : node.items) value.push_back(read_back(tree, item));
      return value;
    case PickleKind::text:
      return node.text;
    case PickleKind::integer:
      return node.integer;
    case PickleKind::boolean:
      return node.integer != 0;
    case PickleKind::real:
      return node.real;
    default:
      return nullptr;
  }
}

TEST_CASE("plain pickle: what was written is read", "[io]") {
  const nlohmann::ordered_json value = {
      {"shape", {12, -3, std::int64_t{1} << 40}},
      {"spacing", {0.1, -2.0, 1e300}},
      {"text", "L\xc3\xa4nge"},
      {"nested", {{"empty", nlohmann::ordered_json::array()}, {"true", true}, {"none", nullptr}}},
      {"no", false},
      {"object", nlohmann::ordered_json::object()},
  };
  const PickleTree tree = read_pickle(plain_pickle(value), Pickled::tensors);
  CHECK(read_back(tree, tree.root) == value);
}

}  // namespace
}  // namespace musclemap::io
