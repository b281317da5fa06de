// Reads the pickle inside a weights file or a TorchScript archive: as data, without running anything.
#ifndef MUSCLEMAP_IO_WEIGHTS_PICKLE_READER_HPP_
#define MUSCLEMAP_IO_WEIGHTS_PICKLE_READER_HPP_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace musclemap::io {

/// What a pickled object is, as far as weights files and TorchScript archives need it.
enum class PickleKind : std::uint8_t {
  none,
  boolean,  ///< integer is 0 or 1
  integer,
  real,
  text,
  tuple,  ///< items are its elements; also for lists
  list,
  dict,     ///< items are key, value, key, value, …; also for collections.OrderedDict
  global,   ///< text is "module.name", one of the few allowed
  storage,  ///< text is the key, integer the number of elements, items[0] the global of its type
  tensor,   ///< items are storage, offset, shape tuple, stride tuple
  object,   ///< of a class of the archive: text is the class, items are name, value, name, value, …
  plain,    ///< data that was walked over and not kept
};

const char* pickle_kind_name(PickleKind kind) noexcept;

/// Objects refer to each other by index, so that neither depth nor cycles can exhaust the stack.
struct PickleNode {
  PickleKind kind = PickleKind::none;
  std::int64_t integer = 0;
  double real = 0;
  std::string text;
  std::vector<std::uint32_t> items;
};

struct PickleTree {
  std::vector<PickleNode> nodes;
  std::uint32_t root = 0;

  const PickleNode& operator[](std::uint32_t index) const { return nodes[index]; }
};

/// What a pickle may hold.
enum class Pickled : std::uint8_t {
  tensors,     ///< named tensors, as torch.save writes them
  module,      ///< also objects of the archive's own classes, as torch.jit.save writes them: attributes alone
  checkpoint,  ///< a dictionary of named things, as trainers write them with torch.save: also what NumPy's
               ///< scalars and torch.device are made of, all of them PickleKind::plain
};

/// Reads protocol 2 with the operations that torch.save or torch.jit.save emit. Everything else is refused by
/// name: Error `format` (damaged), `unsupported` (another type, function or operation), reason `limit`
/// (bounds).
PickleTree read_pickle(std::string_view bytes, Pickled pickled = Pickled::tensors);

/// The same of tensors, of the pickle that `bytes` begin with; takes it off them.
PickleTree take_pickle(std::string_view* bytes);

/// The same of a checkpoint. Of the values of its dictionary those under other names than `kept` are walked
/// over: checked operation by operation and function by function, but what is in their lists and dictionaries
/// takes no memory.
PickleTree read_checkpoint_pickle(std::string_view bytes, const std::vector<std::string>& kept);

}  // namespace musclemap::io

#endif  // MUSCLEMAP_IO_WEIGHTS_PICKLE_READER_HPP_
