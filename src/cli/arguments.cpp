#include "cli/arguments.hpp"

#include <algorithm>
#include <charconv>

#include "base/text.hpp"
#include "musclemap/error.hpp"

namespace musclemap::cli {
namespace {

std::string trimmed(const std::string& text) {
  const char* blanks = " \t";
  const std::size_t first = text.find_first_not_of(blanks);
  if (first == std::string::npos) return {};
  return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

bool remove_suffix(std::string* text, const std::string& suffix) {
  if (text->size() <= suffix.size()) return false;
  const std::size_t at = text->size() - suffix.size();
  if (base::ascii_lower(text->substr(at)) != suffix) return false;
  text->erase(at);
  return true;
}

}  // namespace

std::vector<std::string> split_at_commas(const std::string& text) {
  std::vector<std::string> parts;
  std::size_t begin = 0;
  while (begin <= text.size()) {
    const std::size_t comma = std::min(text.find(',', begin), text.size());
    const std::string part = trimmed(text.substr(begin, comma - begin));
    if (!part.empty()) parts.push_back(part);
    begin = comma + 1;
  }
  return parts;
}

std::vector<std::filesystem::path> parse_images(const std::vector<std::string>& arguments) {
  std::vector<std::filesystem::path> images;
  for (const std::string& argument : arguments) {
    std::error_code ignored;
    if (std::filesystem::exists(argument, ignored)) {
      images.emplace_back(argument);
      continue;
    }
    for (const std::string& name : split_at_commas(argument)) images.emplace_back(name);
  }
  if (images.empty()) throw Error(ErrorCode::argument, "-i names no image");
  return images;
}

void parse_device(const std::string& text, SegmentOptions* options) {
  const std::string device = base::ascii_lower(text);
  options->device.reset();
  if (device == "auto") return;
  options->device = Device{};
  if (device == "cpu") return;
  options->device->kind = Device::cuda;
  if (device == "cuda") return;
  const std::string prefix = "cuda:";
  const char* end = device.data() + device.size();
  if (device.compare(0, prefix.size(), prefix) == 0) {
    const auto [stop, failure] = std::from_chars(device.data() + prefix.size(), end, options->device->index);
    if (failure == std::errc() && stop == end && options->device->index >= 0) return;
  }
  throw Error(ErrorCode::argument, "--device '" + text + "' is not one of cpu, cuda, cuda:N, auto");
}

std::string image_stem(const std::filesystem::path& image) {
  std::string name = image.filename().string();
  remove_suffix(&name, ".gz");
  for (const char* suffix : {".nii", ".hdr", ".img"}) {
    if (remove_suffix(&name, suffix)) break;
  }
  return name;
}

}  // namespace musclemap::cli
