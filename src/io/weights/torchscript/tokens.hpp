// The words of TorchScript source text.
#ifndef MUSCLEMAP_IO_WEIGHTS_TORCHSCRIPT_TOKENS_HPP_
#define MUSCLEMAP_IO_WEIGHTS_TORCHSCRIPT_TOKENS_HPP_

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace musclemap::io {

struct TorchScriptToken {
  enum class Kind : std::uint8_t { name, number, text, sign } kind;
  std::string_view text;   ///< of the source; a text with its quotes, a sign is one character
  std::size_t line = 1;    ///< from 1
  std::size_t column = 0;  ///< from 0: at a line's first token its indentation
};

/// Error `format` for text that no TorchScript printer writes.
std::vector<TorchScriptToken> tokenize_torchscript(std::string_view source);

}  // namespace musclemap::io

#endif  // MUSCLEMAP_IO_WEIGHTS_TORCHSCRIPT_TOKENS_HPP_
