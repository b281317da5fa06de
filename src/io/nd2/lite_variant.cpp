// Layout of an item: a byte of type, a byte with the length of the name in UTF-16 units with its zero, the
// name, the value. Values are little-endian; a level counts its items, says how many bytes it has from its
// own start, and ends with a table of eight bytes an item.
#include "io/nd2/lite_variant.hpp"

#include <cstring>

#include "io/nd2/nd2_bytes.hpp"

namespace musclemap::io {
namespace {

constexpr int kMostLevels = 64;
constexpr int kMostValues = 1 << 20;
constexpr std::size_t kMostUnpacked = std::size_t{64} << 20;

// Types of values.
constexpr std::uint8_t kLiteBool = 1;
constexpr std::uint8_t kLiteInt32 = 2;
constexpr std::uint8_t kLiteUint32 = 3;
constexpr std::uint8_t kLiteInt64 = 4;
constexpr std::uint8_t kLiteUint64 = 5;
constexpr std::uint8_t kLiteDouble = 6;
constexpr std::uint8_t kLitePointer = 7;
constexpr std::uint8_t kLiteString = 8;
constexpr std::uint8_t kLiteByteArray = 9;
constexpr std::uint8_t kLiteLevel = 11;
constexpr std::uint8_t kLitePacked = 76;

void put_code_point(char32_t code, std::string* out) {
  if (code < 0x80) {
    *out += static_cast<char>(code);
    return;
  }
  const int more = code < 0x800 ? 1 : code < 0x10000 ? 2 : 3;
  constexpr unsigned char kLead[] = {0, 0xc0, 0xe0, 0xf0};
  *out += static_cast<char>(kLead[more] | code >> (6 * more));
  for (int n = more - 1; n >= 0; --n) *out += static_cast<char>(0x80 | (code >> (6 * n) & 0x3f));
}

// Surrogates without a partner become U+FFFD.
std::string utf8_of(std::string_view utf16) {
  std::string text;
  const auto unit = [&](std::size_t n) { return static_cast<char32_t>(little<std::uint16_t>(utf16, 2 * n)); };
  const std::size_t units = utf16.size() / 2;
  for (std::size_t n = 0; n < units; ++n) {
    char32_t code = unit(n);
    const bool lead = code >= 0xd800 && code < 0xdc00;
    if (lead && n + 1 < units && unit(n + 1) >= 0xdc00 && unit(n + 1) < 0xe000) {
      code = 0x10000 + ((code - 0xd800) << 10) + (unit(++n) - 0xdc00);
    } else if (code >= 0xd800 && code < 0xe000) {
      code = 0xfffd;
    }
    put_code_point(code, &text);
  }
  return text;
}

class Parser {
 public:
  // Items of `block` until it ends, or `most` of them.
  void read_items(std::string_view block, std::uint64_t most, int level,  // NOLINT(misc-no-recursion)
                  std::vector<LiteNode>* into) {
    if (level > kMostLevels) refuse_nd2(Reason::limit, "metadata have more than 64 levels");
    std::size_t at = 0;
    for (std::uint64_t n = 0; n < most && at < block.size(); ++n) {
      if (++values_ > kMostValues) refuse_nd2(Reason::limit, "metadata have more than 1048576 values");
      at += read_item(block.substr(at), level, into);
    }
  }

 private:
  // Returns how many bytes the item takes.
  std::size_t read_item(std::string_view item, int level,  // NOLINT(misc-no-recursion)
                        std::vector<LiteNode>* into) {
    const auto type = little<std::uint8_t>(item, 0);
    if (type == kLitePacked) {
      constexpr std::size_t kBefore = 10;
      if (item.size() < kBefore) refuse_nd2(Reason::truncated, "metadata are cut short");
      if (packed_) refuse_nd2(Reason::corrupt, "metadata are packed twice");
      packed_ = true;
      const std::string unpacked = inflate_any(item.substr(kBefore), kMostUnpacked);
      read_items(unpacked, UINT64_MAX, level + 1, into);
      return item.size();
    }
    const std::size_t name_bytes = std::size_t{2} * little<std::uint8_t>(item, 1);
    std::size_t at = 2 + name_bytes;
    if (at > item.size()) refuse_nd2(Reason::truncated, "metadata are cut short");
    LiteNode node;
    node.name = utf8_of(item.substr(2, name_bytes < 2 ? 0 : name_bytes - 2));
    switch (type) {
      case kLiteBool:
        node.number = little<std::uint8_t>(item, at);
        at += 1;
        break;
      case kLiteInt32:
        node.number = little<std::int32_t>(item, at);
        at += 4;
        break;
      case kLiteUint32:
        node.number = little<std::uint32_t>(item, at);
        at += 4;
        break;
      case kLiteInt64:
        node.number = static_cast<double>(little<std::int64_t>(item, at));
        at += 8;
        break;
      case kLiteUint64:
      case kLitePointer:
        node.number = static_cast<double>(little<std::uint64_t>(item, at));
        at += 8;
        break;
      case kLiteDouble: {
        const auto bits = little<std::uint64_t>(item, at);
        std::memcpy(&node.number, &bits, sizeof bits);
        at += 8;
        break;
      }
      case kLiteString: {
        std::size_t end = at;
        while (little<std::uint16_t>(item, end) != 0) end += 2;
        node.text = utf8_of(item.substr(at, end - at));
        at = end + 2;
        break;
      }
      case kLiteByteArray: {
        const auto size = little<std::uint64_t>(item, at);
        at += 8;
        if (size > item.size() - at)
          refuse_nd2(Reason::truncated, "a byte array of the metadata is cut short");
        node.text = item.substr(at, size);
        at += size;
        break;
      }
      case kLiteLevel: {
        const std::uint64_t count = little<std::uint32_t>(item, at);
        const auto size = little<std::uint64_t>(item, at + 4);
        at += 12;
        if (size < at || size > item.size() || count > (item.size() - size) / 8)
          refuse_nd2(Reason::truncated, "a level of the metadata is cut short");
        read_items(item.substr(at, size - at), count, level + 1, &node.children);
        at = size + 8 * count;
        break;
      }
      default:
        refuse_nd2(Reason::corrupt, "metadata have a value of type " + std::to_string(type));
    }
    into->push_back(std::move(node));
    return at;
  }

  int values_ = 0;
  bool packed_ = false;
};

}  // namespace

const LiteNode* LiteNode::find(std::string_view child) const {
  for (const LiteNode& each : children) {
    if (each.name == child) return &each;
  }
  return nullptr;
}

const LiteNode* LiteNode::at(std::string_view path) const {
  const LiteNode* node = this;
  while (node != nullptr && !path.empty()) {
    const std::size_t end = path.find('/');
    node = node->find(path.substr(0, end));
    path = end == std::string_view::npos ? std::string_view() : path.substr(end + 1);
  }
  return node;
}

double LiteNode::number_of(std::string_view child, double otherwise) const {
  const LiteNode* node = find(child);
  return node == nullptr ? otherwise : node->number;
}

LiteNode parse_lite_variant(std::string_view block) {
  LiteNode root;
  Parser().read_items(block, UINT64_MAX, 0, &root.children);
  return root;
}

}  // namespace musclemap::io
