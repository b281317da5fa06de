// What an engine module says of a failure.
#ifndef MUSCLEMAP_INFER_MODULE_MESSAGE_HPP_
#define MUSCLEMAP_INFER_MODULE_MESSAGE_HPP_

#include <cstdint>
#include <string>

#include "infer/engine_module.h"
#include "musclemap/error.hpp"

namespace musclemap::infer {

class ModuleMessage {
 public:
  musclemap_engine_text text() { return {buffer_.data(), buffer_.size()}; }
  std::string str() const { return buffer_.c_str(); }

  /// Throws Error `memory` or `model` for a status that is not 0.
  [[noreturn]] void fail(std::int32_t status, const std::string& what) const {
    throw Error(status == 2 ? ErrorCode::memory : ErrorCode::model, what + str());
  }

 private:
  static constexpr std::size_t kBytes = 2048;
  std::string buffer_ = std::string(kBytes, '\0');
};

}  // namespace musclemap::infer

#endif  // MUSCLEMAP_INFER_MODULE_MESSAGE_HPP_
