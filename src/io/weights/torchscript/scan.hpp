// Lists the operators of TorchScript source text and tells which are outside of the allow-list.
#ifndef MUSCLEMAP_IO_WEIGHTS_TORCHSCRIPT_SCAN_HPP_
#define MUSCLEMAP_IO_WEIGHTS_TORCHSCRIPT_SCAN_HPP_

#include <algorithm>
#include <iterator>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "io/weights/torchscript/tokens.hpp"

namespace musclemap::io {

struct TorchScriptFindings {
  std::vector<std::string> operators;  ///< sorted
  std::vector<std::string> refused;    ///< sorted; empty when everything is allowed
};

/// Reads the source text that torch.jit.save writes. It does not follow values; what it cannot place, it
/// refuses:
///  * `torch.x` and `ops.n.x` are operators wherever they stand, called or not;
///  * a called name without a dot is a built-in of the language or a local that only ever holds a function of
///  the
///    archive (`_0 = __torch__.f`);
///  * a called method is one that the archive defines, and not one that reaches outside, or an allowed
///  operator.
/// One thread at a time.
class TorchScriptScan {
 public:
  /// Error `format` for text that no TorchScript printer writes.
  void add(std::string_view source);
  void refuse(const std::string& what) { refused_.insert(what); }
  TorchScriptFindings finish();

 private:
  using Token = TorchScriptToken;
  void scan_function(const std::vector<Token>& tokens, std::size_t begin, std::size_t end);
  void name_at(const std::vector<Token>& tokens, std::size_t at, std::size_t begin, std::size_t end);
  void use_operator(const std::string& name);

  std::set<std::string> operators_;
  std::set<std::string> refused_;
  std::set<std::string> defined_;
  std::set<std::string> methods_;  ///< called on a value; checked once all definitions are known
};

template <std::size_t N>
bool contains(const std::string_view (&list)[N], std::string_view name) {
  return std::find(std::begin(list), std::end(list), name) != std::end(list);
}

/// Operators of convolutional networks: arithmetic, shapes, convolutions, normalisation, activation, pooling,
/// interpolation; nothing that reaches files, processes, the network, Python or process-wide state. Without
/// "aten::".
bool is_allowed_aten(std::string_view name);

}  // namespace musclemap::io

#endif  // MUSCLEMAP_IO_WEIGHTS_TORCHSCRIPT_SCAN_HPP_
