// Files of pictures by many writers against what VLabApp's own reader made of them.
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "io/files/json_file.hpp"
#include "musclemap/pictures.hpp"
#include "support/catch.hpp"
#include "support/error_of.hpp"
#include "support/shared_data.hpp"

namespace musclemap {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

// Where ours is another on purpose: docs/chains/cells.md#pictures-in-files.
const std::map<std::string, std::vector<double>> kOtherSizes{
    {"imagej_TZC_BF.tif", {0.182, 0.182, 0.6}},
    {"ome_nounits_nm_BF.ome.tif", {0.182, 0.182, 0.6}},
};
const std::map<std::string, std::string> kRefused{
    {"badxml_BF.ome.tif", "format/corrupt: OME-XML: "},
    {"huge_dims_BF.tif", "format/limit: a picture of 2147483647 x 2147483647 pixels"},
    {"lie_sizes_BF.ome.tif", "format/truncated: OME-XML promises 6 planes; T = 2, C = 0, Z = 0"},
    {"ome_rgb_BF.ome.tif", "unsupported/unsupported: axes TZCYXS: S of 3"},
    {"pages_plain_BF.tif", "unsupported/unsupported: axes IYX: I of "},
    {"rgb_contig_BF.tif", "unsupported/unsupported: axes YXS: S of 3"},
    {"rgb_planar_BF.tif", "unsupported/unsupported: axes SYX: S of 3"},
    {"shaped_QYX_BF.tif", "unsupported/unsupported: axes QYX: Q of 2"},
    {"truncated_BF.tif", "format/truncated: "},
    {"u8_webp_rgb_BF.tif", "unsupported/unsupported: axes YXS: S of 3"},
};
const std::map<std::string, std::string> kWarned{
    {"ifd_loop_BF.tif", "header_field"},
    {"ome_two_scenes_BF.ome.tif", "series_ignored"},
    {"two_series_BF.tif", "series_ignored"},
};

std::vector<double> sizes_of(const json& expected) {
  std::vector<double> sizes;
  for (const json& size : expected["pixel_size_xyz_um"])
    sizes.push_back(size.is_null() ? 0 : size.get<double>());
  return sizes;
}

void check_same(const fs::path& file, const json& expected) {
  const std::string name = file.filename().string();
  const std::unique_ptr<PictureReader> pictures = open_picture(file);
  const PictureInfo& info = pictures->info();
  std::vector<std::int64_t> shape{1};
  shape.insert(shape.end(), info.geometry.shape.begin(), info.geometry.shape.end());
  CHECK(json(shape) == expected["shape_FTCZYX"]);
  CHECK(info.stored_dtype == expected["dtype"].get<std::string>());
  CHECK(pixels_sha256(*pictures) == expected["sha256"].get<std::string>());
  const auto other = kOtherSizes.find(name);
  const auto& um = info.geometry.pixel_size_um;
  const std::vector<double> sizes = other == kOtherSizes.end() ? sizes_of(expected) : other->second;
  // ImageJ stores fractions of 32-bit numbers.
  for (std::size_t axis = 0; axis < 3; ++axis)
    CHECK(std::fabs(um[axis] - sizes.at(axis)) <= 1e-8 * sizes.at(axis));
  if (expected["channel_names"].is_array())
    CHECK(json(info.geometry.channel_names) == expected["channel_names"]);
  if (expected.contains("vlabapp_comments")) CHECK(json(info.comments) == expected["vlabapp_comments"]);
  const auto warned = kWarned.find(name);
  CHECK(info.warnings.size() == (warned == kWarned.end() ? 0 : 1));
  if (warned != kWarned.end()) CHECK(warning_name(info.warnings.at(0).code) == warned->second);
}

TEST_CASE("pictures: files of many writers are read as VLabApp reads them, or refused", "[golden]") {
  const fs::path shared = test::shared_data();
  if (shared.empty()) return;
  const fs::path folder = shared / "cells_real/containers";
  const json manifest = io::read_json_file(folder / "manifest.json");
  int files = 0;
  for (const auto& [name, expected] : manifest.items()) {
    CAPTURE(name);
    ++files;
    const auto refused = kRefused.find(name);
    if (refused != kRefused.end()) {
      const std::string error = test::error_of([&file = name, &folder] {
        const auto pictures = open_picture(folder / file);
        pixels_sha256(*pictures);
      });
      CHECK(error.find(refused->second) == 0);
    } else if (expected["ok"].get<bool>()) {
      check_same(folder / name, expected);
    }
  }
  CHECK(files == static_cast<int>(manifest.size()));
  CHECK(files > 48);
}

TEST_CASE("pictures: a part whose description lies in a companion file is read with it", "[golden]") {
  const fs::path shared = test::shared_data();
  if (shared.empty()) return;
  const ImageStack stack = read_picture(shared / "cells_real/containers/comp_a_BF.ome.tif");
  CHECK(stack.shape() == Index5{2, 1, 1, 48, 56});
  CHECK(stack.geometry().pixel_size_um[0] == 0.182);
}

}  // namespace
}  // namespace musclemap
