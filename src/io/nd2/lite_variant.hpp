// Trees of named values, as ND2 files hold their metadata ("lite variant").
#ifndef MUSCLEMAP_IO_ND2_LITE_VARIANT_HPP_
#define MUSCLEMAP_IO_ND2_LITE_VARIANT_HPP_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace musclemap::io {

/// A value with its name.
struct LiteNode {
  std::string name;                ///< UTF-8
  double number = 0;               ///< of a truth value, whole or real number
  std::string text;                ///< UTF-8 of a string; the bytes of a byte array
  std::vector<LiteNode> children;  ///< of a level, in the file's order

  /// The first child of that name; null where there is none.
  const LiteNode* find(std::string_view child) const;
  /// Down a path "a/b/c" of first children.
  const LiteNode* at(std::string_view path) const;
  /// The number of a child; `otherwise` where there is none.
  double number_of(std::string_view child, double otherwise) const;
};

/// A level without a name that holds the items of a block. A block may be packed with zlib. Errors `format`:
/// truncated, corrupt, limit (64 levels, 2^20 values, 64 MiB unpacked).
LiteNode parse_lite_variant(std::string_view block);

}  // namespace musclemap::io

#endif  // MUSCLEMAP_IO_ND2_LITE_VARIANT_HPP_
