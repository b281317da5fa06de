#include "cli/device_words.hpp"

#include "musclemap/segmenter.hpp"
#include "task/segment_options.hpp"

namespace musclemap::cli {

std::optional<Device> device_of_original(const std::string& text, Console& console) {
  const bool has_cuda = text.compare(0, 4, "gpu:") == 0 && engine_status().cuda;
  if (text == "gpu") return task::device_of("auto", "-d");
  if (text == "mps" || (text.compare(0, 4, "gpu:") == 0 && !has_cuda)) {
    console.say("-d " + text + ": there is no such device, so cpu");
    return Device{};
  }
  return task::device_of(has_cuda ? "cuda" + text.substr(3) : text, "-d");
}

}  // namespace musclemap::cli
