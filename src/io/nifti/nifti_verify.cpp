#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "base/parallel.hpp"
#include "base/progress.hpp"
#include "base/sha256.hpp"
#include "io/nifti/nifti_file.hpp"
#include "io/nifti/nifti_voxels.hpp"
#include "musclemap/error.hpp"
#include "musclemap/nifti.hpp"

namespace musclemap {
namespace {

constexpr std::size_t kVerifiedBytes = std::size_t{256} << 10;
constexpr double kMegabyte = 1 << 20;

// A sum whose error does not grow with the count (Neumaier 1974).
class Sum {
 public:
  void add(double value) {
    const double next = sum_ + value;
    lost_ += std::fabs(sum_) >= std::fabs(value) ? (sum_ - next) + value : (value - next) + sum_;
    sum_ = next;
  }
  // Beyond the largest double the correction is not a number.
  double value() const { return std::isfinite(lost_) ? sum_ + lost_ : sum_; }

 private:
  double sum_ = 0;
  double lost_ = 0;
};

std::vector<std::int64_t> index_of(std::int64_t linear, const std::vector<std::int64_t>& shape) {
  std::vector<std::int64_t> index;
  for (const std::int64_t length : shape) {
    index.push_back(linear % length);
    linear /= length;
  }
  return index;
}

class Statistics {
 public:
  Statistics(NiftiVoxelCheck& check, const std::vector<std::int64_t>& shape, std::int64_t voxels)
      : check_(check), shape_(shape) {
    // The third is 2n/3 rounded down, without overflow.
    wanted_ = {0, voxels / 3, voxels / 3 * 2 + voxels % 3 * 2 / 3, voxels - 1};
    wanted_.erase(std::unique(wanted_.begin(), wanted_.end()), wanted_.end());
  }

  void add(const std::vector<double>& values, std::size_t count) {
    while (check_.samples.size() < wanted_.size()) {
      const std::int64_t at = wanted_[check_.samples.size()];
      if (at >= seen_ + static_cast<std::int64_t>(count)) break;
      check_.samples.push_back({index_of(at, shape_), values[static_cast<std::size_t>(at - seen_)]});
    }
    for (std::size_t n = 0; n < count; ++n) {
      const double value = values[n];
      if (std::isfinite(value)) {
        sum_.add(value);
        least_ = std::min(least_, value);
        most_ = std::max(most_, value);
      } else {
        ++(std::isnan(value) ? check_.nan : check_.inf);
      }
    }
    seen_ += static_cast<std::int64_t>(count);
  }

  void finish() {
    check_.sum_finite = sum_.value();
    const bool any = least_ <= most_;
    check_.min_finite = any ? least_ : std::numeric_limits<double>::quiet_NaN();
    check_.max_finite = any ? most_ : std::numeric_limits<double>::quiet_NaN();
  }

 private:
  NiftiVoxelCheck& check_;
  const std::vector<std::int64_t>& shape_;
  std::vector<std::int64_t> wanted_;
  std::int64_t seen_ = 0;
  Sum sum_;
  double least_ = std::numeric_limits<double>::infinity();
  double most_ = -std::numeric_limits<double>::infinity();
};

}  // namespace

NiftiVoxelCheck verify_nifti(const std::filesystem::path& file, const NiftiLimits& limits,
                             const RunControl& control) {
  base::resolve_threads(control.threads);
  io::NiftiFile opened = io::open_nifti_file(file, limits);
  const io::NiftiType& type = *opened.fields.type;
  if (type.swap_bytes == 16) {
    throw Error(
        ErrorCode::unsupported, Reason::unsupported,
        std::string("the voxels are ") + type.name + ", whose layout depends on the machine that wrote them",
        file);
  }
  const io::Scaling scaling{opened.info.scaled, opened.info.slope, opened.info.inter};
  const auto voxel_bytes = static_cast<std::size_t>(type.bytes);
  const std::size_t chunk_voxels = kVerifiedBytes / voxel_bytes;
  NiftiVoxelCheck check;
  check.count = opened.fields.voxels;
  Statistics statistics(check, opened.info.shape, check.count);
  base::Sha256 hash;
  std::vector<unsigned char> raw(chunk_voxels * voxel_bytes);
  std::vector<double> values(type.kind == io::NumberKind::none ? 0 : chunk_voxels);
  std::int64_t unreported = 0;
  const auto megabytes = [&](std::int64_t voxels) {
    return static_cast<std::int64_t>(std::ceil(static_cast<double>(voxels) * type.bytes / kMegabyte));
  };
  opened.voxels->seek(opened.fields.voxel_offset);
  for (std::int64_t left = check.count; left > 0;) {
    const auto now = static_cast<std::size_t>(std::min(left, static_cast<std::int64_t>(chunk_voxels)));
    opened.voxels->read_all(raw.data(), now * voxel_bytes, "voxels");
    constexpr bool kBigEndianMachine = __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__;
    if (opened.fields.swapped) io::reverse_numbers(raw.data(), now * voxel_bytes, type.swap_bytes);
    if (!values.empty()) {
      io::numbers_to_double(raw.data(), now, type.kind, scaling, values.data());
      statistics.add(values, now);
    }
    if (kBigEndianMachine) io::reverse_numbers(raw.data(), now * voxel_bytes, type.swap_bytes);
    hash.update(raw.data(), now * voxel_bytes);
    left -= static_cast<std::int64_t>(now);
    unreported += static_cast<std::int64_t>(now * voxel_bytes);
    if (unreported < base::kReportBytes && left > 0) continue;
    unreported = 0;
    base::report(control, Stage::read, megabytes(check.count - left), megabytes(check.count));
  }
  opened.voxels->finish(limits.max_extension_bytes);
  if (!values.empty()) statistics.finish();
  check.sha256_voxels_le = hash.hex();
  return check;
}

}  // namespace musclemap
