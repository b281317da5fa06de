// Reads the pickle of a dictionary of NumPy's arrays: as data, without running anything.
#ifndef MUSCLEMAP_IO_WEIGHTS_CELLPOSE_NUMPY_PICKLE_HPP_
#define MUSCLEMAP_IO_WEIGHTS_CELLPOSE_NUMPY_PICKLE_HPP_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace musclemap::io {

struct NumpyNode {
  enum class Kind : std::uint8_t {
    none,
    number,    ///< numbers[0]; also booleans
    text,      ///< text; also bytes
    sequence,  ///< items: of tuples and lists
    dict,      ///< items are key, value, key, value, …
    function,  ///< text is "module.name", one of the few allowed
    type,      ///< text is "f8", "O", with the byte order's sign in front once it is known: "<f8"
    array,     ///< numbers, or items where they are objects; also scalars of NumPy
  };
  Kind kind = Kind::none;
  std::string text;
  std::vector<double> numbers;
  std::vector<std::uint32_t> items;
};

/// Nodes refer to each other by index.
struct NumpyTree {
  std::vector<NumpyNode> nodes;
  std::uint32_t root = 0;

  const NumpyNode& operator[](std::uint32_t index) const { return nodes[index]; }
};

/// Protocols 2 to 5, with what numpy.save() writes of dictionaries of arrays of numbers. Everything else is
/// refused by name. Errors: `format`, `unsupported`; reason `limit` above 64 MiB or 65536 operations.
NumpyTree read_numpy_pickle(std::string_view bytes);

}  // namespace musclemap::io

#endif  // MUSCLEMAP_IO_WEIGHTS_CELLPOSE_NUMPY_PICKLE_HPP_
