#include "task/segment_options.hpp"

#include <charconv>

namespace musclemap {

void check_value(const Device& device, const base::Range& /*unused*/, const std::string& name) {
  base::check_value(device.kind, {}, name + ".kind");
  base::check_value(device.index, base::from(0), name + ".index");
}

std::optional<Device> task::device_of(const std::string& text, const std::string& name) {
  const std::string device = base::ascii_lower(text);
  if (device == "auto") return std::nullopt;
  if (device == "cpu") return Device{};
  if (device == "cuda") return Device{Device::cuda};
  const std::string before = "cuda:";
  const char* const end = device.data() + device.size();
  Device gpu{Device::cuda};
  if (device.compare(0, before.size(), before) == 0) {
    const auto [stop, failure] = std::from_chars(device.data() + before.size(), end, gpu.index);
    if (failure == std::errc() && stop == end && gpu.index >= 0) return gpu;
  }
  throw Error(ErrorCode::argument,
              name + " '" + base::printable(text, 60) + "' is not one of cpu, cuda, cuda:N, auto");
}

}  // namespace musclemap
