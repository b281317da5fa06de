// Label maps and intermediate values of the reference program (../shared/data/musclemap/parity), voxel by
// voxel.
#include <zlib.h>

#include <cmath>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "image/oriented_field.hpp"
#include "image/volume_reader.hpp"
#include "musclemap/musclemap.hpp"
#include "support/catch.hpp"
#include "support/shared_data.hpp"
#include "support/temporary_folder.hpp"
#include "task/chunks.hpp"
#include "task/measured_chain.hpp"
#include "task/musclemap_task.hpp"
#include "task/plan.hpp"

namespace musclemap {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;

fs::path parity_folder() {
  const fs::path shared = test::shared_data();
  return shared.empty() ? shared : shared / "musclemap/parity";
}

Json cases(const fs::path& folder) {
  return Json::parse(std::ifstream(folder / "manifest.json")).at("cases");
}

// Values of any label map as whole numbers.
std::vector<std::int64_t> voxels(const fs::path& file) {
  const Volume volume = read_nifti(file).deep_copy();
  const Index3 n = volume.geometry().shape;
  std::vector<std::int64_t> values;
  const auto collect = [&](const auto& view) {
    for (std::int64_t p = 0; p < n[0] * n[1] * n[2]; ++p)
      values.push_back(static_cast<std::int64_t>(view.data[p]));
  };
  switch (volume.dtype()) {
    case DType::u8:
      collect(volume.view<std::uint8_t>());
      break;
    case DType::i16:
      collect(volume.view<std::int16_t>());
      break;
    case DType::u16:
      collect(volume.view<std::uint16_t>());
      break;
    case DType::i32:
      collect(volume.view<std::int32_t>());
      break;
    case DType::f32:
      collect(volume.view<float>());
      break;
    case DType::f64:
      collect(volume.view<double>());
      break;
    case DType::u32:
      collect(volume.view<std::uint32_t>());
      break;
  }
  return values;
}

// The reference writes channel indices unless its region is wholebody; label values are what we write.
void name_channels(std::vector<std::int64_t>& map, const std::vector<Label>& labels) {
  for (std::int64_t& voxel : map) {
    if (voxel > 0) voxel = labels.at(static_cast<std::size_t>(voxel - 1)).value;
  }
}

std::int64_t differing(const std::vector<std::int64_t>& a, const std::vector<std::int64_t>& b) {
  if (a.size() != b.size()) return -1;
  std::int64_t count = 0;
  for (std::size_t p = 0; p < a.size(); ++p) count += a[p] != b[p] ? 1 : 0;
  return count;
}

std::int64_t least_difference(const fs::path& folder, const Json& record, const fs::path& result,
                              const std::vector<Label>& labels) {
  std::vector<std::string> accepted{record.at("expected")};
  for (const std::string also : record.at("also_accepted")) accepted.push_back(also);
  std::int64_t least = -1;
  for (const std::string& file : accepted) {
    std::vector<std::int64_t> expected = voxels(folder / file);
    if (!record.at("remap").get<bool>()) name_channels(expected, labels);
    const std::int64_t count = differing(expected, voxels(result));
    if (least < 0 || count < least) least = count;
  }
  return least;
}

SegmentOptions options_of(const Json& record) {
  SegmentOptions options;
  options.device = Device{};
  options.overlap = record.at("overlap").get<double>() / 100;
  options.chunk_slices = record.at("chunk").get<std::int64_t>();
  return options;
}

TEST_CASE("parity: label maps equal the reference's, from weights and from TorchScript", "[golden]") {
  const fs::path folder = parity_folder();
  if (folder.empty()) return;
  if (!engine_status().available) {
    std::cout << "skipped: needs the torch engine\n";
    return;
  }
  const test::TemporaryFolder temporary;
  for (const Json& record : cases(folder)) {
    for (const char* model : {"weights", "torchscript"}) {
      ModelOpenOptions trust;
      trust.trust = true;
      Segmenter segmenter(ModelBundle::open(folder / record.at(model).get<std::string>(), trust),
                          options_of(record));
      const fs::path image = folder / record.at("image").get<std::string>();
      const fs::path result = temporary / (record.at("name").get<std::string>() + "_dseg.nii.gz");
      segment_file(segmenter, image, result);
      INFO(record.at("name") << " from " << model);
      CHECK(least_difference(folder, record, result, segmenter.bundle().labels()) == 0);

      const NiftiInfo in = nifti_info(image);
      const NiftiInfo out = nifti_info(result);
      CHECK(out.dtype == "int16");
      CHECK_FALSE(out.scaled);
      CHECK(out.shape == in.shape);
      CHECK(out.sform_code == in.sform_code);
      CHECK(out.qform_code == in.qform_code);
      CHECK(out.sform.m == in.sform.m);
      CHECK(out.qform.m == in.qform.m);
      CHECK(out.pixdim == in.pixdim);
    }
  }
}

TEST_CASE("parity: threads and memory limits change no byte of the label map", "[golden]") {
  const fs::path folder = parity_folder();
  if (folder.empty() || !engine_status().available) return;
  const test::TemporaryFolder temporary;
  const ModelBundle bundle = ModelBundle::open(folder / "models/lumbar_small.pth");
  const fs::path image = folder / "images/flipped_wide_f32.nii.gz";
  SegmentOptions options;
  options.device = Device{};
  options.overlap = 0.5;
  std::vector<std::vector<std::int64_t>> results;
  for (const int threads : {1, 2, 3}) {
    Segmenter segmenter(bundle, options);
    RunControl control;
    control.threads = threads;
    if (threads == 3) control.memory_budget = segmenter.peak_bytes(open_nifti(image)->geometry()) * 11 / 10;
    const fs::path result = temporary / ("t" + std::to_string(threads) + ".nii.gz");
    segment_file(segmenter, image, result, {}, control);
    results.push_back(voxels(result));
  }
  CHECK(differing(results[0], results[1]) == 0);
  CHECK(differing(results[0], results[2]) == 0);
}

std::string inflate_file(const fs::path& file) {
  const std::unique_ptr<gzFile_s, int (*)(gzFile)> in(gzopen(file.c_str(), "rb"), gzclose);
  std::string text;
  std::string buffer(1 << 16, '\0');
  for (int got = 1; got > 0;) {
    got = gzread(in.get(), buffer.data(), static_cast<unsigned>(buffer.size()));
    if (got > 0) text.append(buffer.data(), static_cast<std::size_t>(got));
  }
  return text;
}

// The network input of one chunk, made slice by slice.
void check_chunk(SlabReader& image, const Json& probe) {
  task::ModelConfig config;
  config.window = {256, 256, 1};
  config.target_spacing = {1, 1, -1};
  const task::TaskSpec task = task::musclemap_task(config, {}, {}, {});
  const task::Plan plan = task::bound(task, image.geometry(), {});
  image::OrientedField raw(image, plan.orientation);
  task::MeasuredChain chain(task.stages[0].steps, raw, plan.grids.back(), false, 2, [] {}, {});
  const image::Block box = *chain.measured().back().box;
  const Index3 shape = box.shape();
  const std::vector<float> input = chain.top().values(image::whole(shape));
  const auto value_at = [&](std::int64_t x, std::int64_t y, std::int64_t z) -> double {
    if (x >= shape[0] || y >= shape[1]) return 0;  // padding
    return input[static_cast<std::size_t>((x * shape[1] + y) * shape[2] + z)];
  };

  std::int64_t nonzero = 0;
  double sum = 0;
  double squares = 0;
  for (std::int64_t z = 0; z < shape[2]; ++z) {
    for (std::int64_t x = 0; x < shape[0]; ++x) {
      for (std::int64_t y = 0; y < shape[1]; ++y) {
        const double value = value_at(x, y, z);
        nonzero += value != 0 ? 1 : 0;
        sum += value;
        squares += value * value;
      }
    }
  }
  CHECK(nonzero == probe.at("nonzero").get<std::int64_t>());
  // The reference's mean is a float sum, whose last digits move every voxel by up to 2e-7.
  CHECK(std::fabs(sum - probe.at("sum").get<double>()) < 2e-7 * static_cast<double>(nonzero));
  CHECK(std::fabs(squares / probe.at("sum_sq").get<double>() - 1) < 5e-7);
  for (std::size_t v = 0; v < probe.at("voxels").size(); ++v) {
    const Index3 at = probe.at("voxels").at(v).get<Index3>();
    const double value = value_at(at[0], at[1], at[2]);
    CHECK(std::fabs(value - probe.at("value").at(v).get<double>()) < 1e-6);
  }
}

TEST_CASE("parity: network inputs equal the reference's, the non-zero voxels exactly", "[golden]") {
  const fs::path folder = parity_folder();
  if (folder.empty()) return;
  for (const Json& record : cases(folder)) {
    const Json probe = Json::parse(inflate_file(folder / record.at("probe").get<std::string>()));
    NiftiReadOptions options;
    options.affine = AffineRule::monai;
    const auto reader = open_nifti(folder / record.at("image").get<std::string>(), options);
    INFO(record.at("name"));
    for (const Json& chunk : probe.at("chunks")) {
      const auto first = chunk.at("first").get<std::int64_t>();
      const auto count = chunk.at("end").get<std::int64_t>() - first;
      if (count == reader->geometry().shape[2]) {
        check_chunk(*reader, chunk);
      } else {
        image::VolumeReader part(task::read_chunk(*reader, {first, count}));
        check_chunk(part, chunk);
      }
    }
  }
}

}  // namespace
}  // namespace musclemap
