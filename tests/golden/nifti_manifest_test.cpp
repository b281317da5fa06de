// Every valid and malformed file of the reference data's manifest, against what the manifest expects.
// Tolerances are the manifest's: affine 1e-4 absolute plus 1e-6 relative, sums 1e-6 relative.
#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "musclemap/error.hpp"
#include "musclemap/nifti.hpp"
#include "support/catch.hpp"
#include "support/shared_data.hpp"
#include "support/temporary_folder.hpp"

namespace musclemap {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

bool near(double seen, double wanted, double absolute, double relative) {
  if (std::isnan(wanted)) return std::isnan(seen);
  if (seen == wanted) return true;
  return std::fabs(seen - wanted) <= absolute + relative * std::fabs(wanted);
}

double number(const json& value) {
  if (value.is_number()) return value.get<double>();
  if (value == "inf") return HUGE_VAL;
  return value == "-inf" ? -HUGE_VAL : std::nan("");
}

void compare_affine(const Affine& seen, const json& wanted) {
  for (int r = 0; r < 4; ++r) {
    for (int c = 0; c < 4; ++c) {
      const double value = wanted[static_cast<std::size_t>(r)][static_cast<std::size_t>(c)].get<double>();
      CHECK(near(seen(r, c), value, 1e-4, 1e-6));
    }
  }
}

void compare_info(const NiftiInfo& info, const json& decode) {
  CHECK(info.shape == decode["shape"].get<std::vector<std::int64_t>>());
  CHECK(info.dtype == decode["dtype"].get<std::string>());
  CHECK((info.big_endian ? "big" : "little") == decode["byteorder"].get<std::string>());
  CHECK(info.nifti_version == decode["nifti_version"].get<int>());
  CHECK(info.sform_code == decode["sform_code"].get<int>());
  CHECK(info.qform_code == decode["qform_code"].get<int>());
  CHECK(info.affine_source == decode["affine_source"].get<std::string>());
  if (decode.contains("affine")) compare_affine(info.affine, decode["affine"]);
  if (decode.contains("qform_affine")) compare_affine(info.qform, decode["qform_affine"]);
  // Entries without pixdim took their values from another reader, which forgets the scaling once it has
  // applied it.
  if (!decode.contains("pixdim")) return;
  CHECK(info.slope == decode["scaling"]["slope"].get<double>());
  CHECK(info.inter == decode["scaling"]["inter"].get<double>());
  CHECK(info.scaled == decode["scaling"]["applied"].get<bool>());
  REQUIRE(info.pixdim.size() == decode["pixdim"].size());
  for (std::size_t i = 0; i < info.pixdim.size(); ++i) {
    CHECK(near(info.pixdim[i], decode["pixdim"][i].get<double>(), 0, 1e-6));
  }
}

void compare_voxels(const NiftiVoxelCheck& check, const json& decode) {
  CHECK(check.sha256_voxels_le == decode["sha256_voxels_le"].get<std::string>());
  if (!decode.contains("values")) return;
  const json& values = decode["values"];
  CHECK(check.count == values["count"].get<std::int64_t>());
  CHECK(check.nan == values["nan"].get<std::int64_t>());
  CHECK(check.inf == values["inf"].get<std::int64_t>());
  CHECK(near(check.sum_finite, values["sum_finite"].get<double>(), 1e-9, 1e-6));
  CHECK(near(check.min_finite, number(values["min_finite"]), 0, 1e-9));
  CHECK(near(check.max_finite, number(values["max_finite"]), 0, 1e-9));
  REQUIRE(check.samples.size() == decode["samples"].size());
  for (std::size_t i = 0; i < check.samples.size(); ++i) {
    CHECK(check.samples[i].index == decode["samples"][i][0].get<std::vector<std::int64_t>>());
    CHECK(near(check.samples[i].value, number(decode["samples"][i][1]), 0, 1e-9));
  }
}

double voxel_value(const Volume& volume, std::int64_t i, std::int64_t j, std::int64_t k) {
  switch (volume.dtype()) {
    case DType::u8:
      return volume.view<std::uint8_t>()(i, j, k);
    case DType::i16:
      return volume.view<std::int16_t>()(i, j, k);
    case DType::u16:
      return volume.view<std::uint16_t>()(i, j, k);
    case DType::i32:
      return volume.view<std::int32_t>()(i, j, k);
    case DType::f32:
      return static_cast<double>(volume.view<float>()(i, j, k));
    case DType::f64:
      return volume.view<double>()(i, j, k);
    case DType::u32:
      return volume.view<std::uint32_t>()(i, j, k);
  }
  return 0;
}

// One volume of real numbers also comes through the slab reader, slice by slice.
void compare_reader(const fs::path& file, const json& decode, const NiftiLimits& limits) {
  NiftiReadOptions options;
  options.limits = limits;
  const auto reader = open_nifti(file, options);
  std::vector<Volume> slices;
  for (std::int64_t k = 0; k < reader->geometry().shape[2]; ++k) slices.push_back(reader->read(k, 1));
  for (const json& sample : decode["samples"]) {
    const auto index = sample[0].get<std::vector<std::int64_t>>();
    const std::int64_t k = index.size() > 2 ? index[2] : 0;
    CHECK(near(voxel_value(slices[static_cast<std::size_t>(k)], index[0], index[1], 0), number(sample[1]), 0,
               1e-9));
  }
  if (!decode.contains("voxel_volume_mm3") || reader->info().affine_source == "none") return;
  CHECK(near(reader->geometry().voxel_ml() * 1000, decode["voxel_volume_mm3"].get<double>(), 0, 1e-5));
}

bool is_one_real_volume(const json& decode) {
  const auto shape = decode["shape"].get<std::vector<std::int64_t>>();
  const bool one = shape.size() >= 2 &&
                   std::all_of(shape.begin() + std::min<std::ptrdiff_t>(3, std::ptrdiff_t(shape.size())),
                               shape.end(), [](std::int64_t n) { return n == 1; });
  return one && decode.contains("values");
}

void compare_decode(const fs::path& file, const json& decode, const NiftiLimits& limits) {
  compare_info(nifti_info(file, limits), decode);
  compare_voxels(verify_nifti(file, limits), decode);
  if (is_one_real_volume(decode)) compare_reader(file, decode, limits);
}

void check_reason(const Error& error, const json& entry) {
  const std::string reason = reason_name(error.reason());
  INFO(reason << ": " << error.what());
  const bool expected = entry.contains("error") && entry["error"] == reason;
  const json also = entry.value("also_ok", json::array());
  CHECK((expected || std::find(also.begin(), also.end(), json(reason)) != also.end()));
  CHECK_FALSE(error.file().empty());
  CHECK(std::string(error.what()).find('\n') == std::string::npos);
}

NiftiLimits limits_of(const json& entry) {
  NiftiLimits limits;
  if (entry.contains("limits"))
    limits.max_voxel_bytes = entry["limits"]["max_voxel_bytes"].get<std::uint64_t>();
  return limits;
}

void run_entry(const fs::path& file, const json& entry) {
  const std::string expect = entry["expect"].get<std::string>();
  bool refused = false;
  try {
    const NiftiLimits limits = limits_of(entry);
    if (expect == "error") {
      nifti_info(file, limits);
      verify_nifti(file, limits);
    } else {
      compare_decode(file, entry["decode"], limits);
    }
  } catch (const Error& error) {
    refused = true;
    if (expect == "decode") FAIL_CHECK("refused: " << error.what());
    if (expect != "decode") check_reason(error, entry);
  }
  CHECK((expect != "error" || refused));
}

std::string file_name(const json& entry) {
  if (entry.contains("open_as")) return entry["open_as"].get<std::string>();
  std::string name;
  const std::string hex = entry["open_as_hex"].get<std::string>();
  for (std::size_t i = 0; i + 1 < hex.size(); i += 2) {
    name += static_cast<char>(std::stoi(hex.substr(i, 2), nullptr, 16));
  }
  return name;
}

json read_manifest(const fs::path& folder) {
  std::ifstream stream(folder / "manifest.json");
  return json::parse(stream);
}

void run_list(const char* list, std::size_t count) {
  const fs::path data = test::shared_data();
  if (data.empty()) return;
  const fs::path folder = data / "nifti";
  const json entries = read_manifest(folder)[list];
  CHECK(entries.size() == count);
  const test::TemporaryFolder copies;
  for (const json& entry : entries) {
    const fs::path file = folder / entry["file"].get<std::string>();
    INFO(file.native());
    if (!entry.contains("open_as") && !entry.contains("open_as_hex")) {
      run_entry(file, entry);
      continue;
    }
    const fs::path copy = copies / file_name(entry);
    fs::copy_file(file, copy);
    run_entry(copy, entry);
  }
}

TEST_CASE("nifti: every valid file of the manifest decodes as stated", "[golden]") { run_list("valid", 118); }

TEST_CASE("nifti: every malformed file of the manifest is refused for the stated reason", "[golden]") {
  run_list("malformed", 111);
}

}  // namespace
}  // namespace musclemap
