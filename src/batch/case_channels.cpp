// nnU-Net 2.8.1, documentation/dataset_format.md: {case}_{channel of four digits}{file ending}.
#include "batch/case_channels.hpp"

#include <algorithm>
#include <optional>

#include "io/nifti/nifti_paths.hpp"
#include "musclemap/error.hpp"

namespace musclemap::batch {
namespace {

namespace fs = std::filesystem;

// "case_0001.nii.gz" as "case" and ".nii.gz".
struct ChannelName {
  std::string stem;
  std::string ending;
};

std::string channel_text(int channel) {
  constexpr std::size_t kDigits = 4;
  const std::string digits = std::to_string(channel);
  return "_" + std::string(kDigits - std::min(kDigits, digits.size()), '0') + digits;
}

std::optional<ChannelName> channel_name(const fs::path& image) {
  constexpr std::size_t kLength = 5;  // "_0000"
  const std::string stem = io::image_stem(image);
  if (stem.size() <= kLength) return std::nullopt;
  const std::string channel = stem.substr(stem.size() - kLength);
  if (channel[0] != '_' || channel.find_first_not_of("0123456789", 1) != std::string::npos)
    return std::nullopt;
  return ChannelName{stem.substr(0, stem.size() - kLength), image.filename().string().substr(stem.size())};
}

fs::path channel_file(const fs::path& image, const ChannelName& name, int channel) {
  return image.parent_path() / (name.stem + channel_text(channel) + name.ending);
}

}  // namespace

std::vector<fs::path> first_channels(const std::vector<fs::path>& images, int channels) {
  if (channels == 1) return images;
  std::vector<fs::path> firsts;
  for (const fs::path& image : images) {
    const std::optional<ChannelName> name = channel_name(image);
    const fs::path first = name ? channel_file(image, *name, 0) : image;
    if (std::find(firsts.begin(), firsts.end(), first) == firsts.end()) firsts.push_back(first);
  }
  return firsts;
}

std::vector<fs::path> channel_files(const fs::path& image, int channels) {
  if (channels == 1) return {image};
  const std::string wanted = "the network sees " + std::to_string(channels) +
                             " channels, files of one folder whose names end in " + channel_text(0) + " to " +
                             channel_text(channels - 1);
  const std::optional<ChannelName> name = channel_name(image);
  if (!name) {
    throw Error(ErrorCode::argument, Reason::invalid,
                wanted + " before the file ending; this name has no channel", image);
  }
  std::vector<fs::path> files;
  std::string missing;
  for (int channel = 0; channel < channels; ++channel) {
    files.push_back(channel_file(image, *name, channel));
    std::error_code ignored;
    if (fs::exists(files.back(), ignored)) continue;
    missing += (missing.empty() ? "" : ", ") + files.back().filename().string();
  }
  if (!missing.empty())
    throw Error(ErrorCode::argument, Reason::invalid, wanted + "; missing: " + missing, image);
  return files;
}

std::string case_stem(const fs::path& image, int channels) {
  const std::optional<ChannelName> name = channel_name(image);
  return channels > 1 && name ? name->stem : io::image_stem(image);
}

}  // namespace musclemap::batch
