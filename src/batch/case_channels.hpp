// The files of one case as nnU-Net names them: case_0000.nii.gz, case_0001.nii.gz, …, a channel each.
#ifndef MUSCLEMAP_BATCH_CASE_CHANNELS_HPP_
#define MUSCLEMAP_BATCH_CASE_CHANNELS_HPP_

#include <filesystem>
#include <string>
#include <vector>

namespace musclemap::batch {

/// Of several channels: each case once, as its file of channel 0, in the order in which one of its channels
/// is named first. Of one channel the images as they are.
std::vector<std::filesystem::path> first_channels(const std::vector<std::filesystem::path>& images,
                                                  int channels);

/// Files of channel 0, 1, … of the case whose channel 0 is `image`; of one channel that alone. Error
/// `argument` where the name has no channel or a file is missing: names them all.
std::vector<std::filesystem::path> channel_files(const std::filesystem::path& image, int channels);

/// The name of a label map without its ending: io::image_stem(), of several channels without "_0000".
std::string case_stem(const std::filesystem::path& image, int channels);

}  // namespace musclemap::batch

#endif  // MUSCLEMAP_BATCH_CASE_CHANNELS_HPP_
