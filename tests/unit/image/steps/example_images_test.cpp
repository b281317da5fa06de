// Example images of the reference data through the steps, compared by SHA-256 with what TotalSegmentator and
// nnU-Net make of them.
#include <algorithm>
#include <cmath>
#include <memory>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "base/sha256.hpp"
#include "image/oriented_field.hpp"
#include "image/steps/crop_nonzero.hpp"
#include "image/steps/normalise_nnunet.hpp"
#include "image/steps/reorient.hpp"
#include "image/steps/resample_corner.hpp"
#include "image/sub_field.hpp"
#include "image/volume_reader.hpp"
#include "musclemap/nifti.hpp"
#include "support/catch.hpp"
#include "unit/image/steps/memory_field.hpp"
#include "unit/image/steps/vectors.hpp"

namespace musclemap::image {
namespace {

struct Example {
  explicit Example(const Volume& volume)
      : stored{volume.geometry().shape, to_matrix(volume.geometry().to_world)},
        ras(forward(Reorient{}, stored, {})),
        reader(volume),
        field(reader, orientation(Reorient{}, stored)) {}

  Grid stored;
  Grid ras;
  VolumeReader reader;
  OrientedField field;
};

std::unique_ptr<Example> example(const std::string& name) {
  return std::make_unique<Example>(read_nifti(test::shared_data() / "totalsegmentator" / (name + ".nii.gz")));
}

template <class T>
std::string sha256_of(const std::vector<float>& values) {
  std::vector<T> numbers(values.size());
  for (std::size_t n = 0; n < values.size(); ++n) numbers[n] = static_cast<T>(values[n]);
  return base::sha256_hex(
      std::string(reinterpret_cast<const char*>(numbers.data()), numbers.size() * sizeof(T)));
}

void check_affine(const Grid& grid, const nlohmann::json& affine) {
  for (int row = 0; row < 4; ++row) {
    for (int column = 0; column < 4; ++column) {
      CHECK(std::fabs(
                grid.to_world(row, column) -
                affine.at(static_cast<std::size_t>(row)).at(static_cast<std::size_t>(column)).get<double>()) <
            1e-9);
    }
  }
}

TEST_CASE("example images: there, truncated, by every order", "[image]") {
  const nlohmann::json images = test::vectors_of("images");
  if (images.is_null()) return;
  const auto ct = example("example_ct_sm");
  const nlohmann::json& vectors = images.at("example_ct_sm");
  CHECK(sha256_of<std::int32_t>(test::x_fastest(ct->field, ct->ras.shape)) ==
        vectors.at("input").at("sha256"));
  for (const auto& [key, mm, order] : {std::tuple{"to_1.5mm_order0", 1.5, Interpolation::nearest},
                                       std::tuple{"to_1.5mm_order1", 1.5, Interpolation::linear},
                                       std::tuple{"to_1.5mm_order3", 1.5, Interpolation::cubic_spline},
                                       std::tuple{"to_6mm_order1", 6.0, Interpolation::linear}}) {
    const ResampleCorner step{{mm, mm, mm}, order, true};
    const Grid to = forward(step, ct->ras, {});
    CHECK(to.shape == vectors.at(key).at("shape").get<Index3>());
    check_affine(to, vectors.at(key).at("affine"));
    const auto behind = apply(step, ct->field, ct->ras, {}, 2);
    CHECK(sha256_of<std::int32_t>(test::x_fastest(*behind, to.shape)) == vectors.at(key).at("sha256"));
  }
}

TEST_CASE("example images: labels there and back", "[image]") {
  const nlohmann::json images = test::vectors_of("images");
  if (images.is_null()) return;
  const auto map = example("example_seg_fast");
  const nlohmann::json& vectors = images.at("example_seg_fast");
  for (const auto& [key, mm] : {std::pair{"to_1.5mm", 1.5}, std::pair{"to_6mm", 6.0}}) {
    const ResampleCorner step{{mm, mm, mm}, Interpolation::nearest};
    const Grid to = forward(step, map->ras, {});
    const std::vector<float> labels = test::x_fastest(*apply(step, map->field, map->ras, {}, 1), to.shape);
    CHECK(sha256_of<std::uint8_t>(labels) == vectors.at(std::string(key) + "_order0").at("sha256"));
    LabelsBack back = labels_as_they_are(to.shape);
    undo_labels(step, map->ras, {}, &back);
    std::vector<float> found;
    for (std::int64_t z = 0; z < back.target()[2]; ++z) {
      std::vector<float> slice(static_cast<std::size_t>(back.target()[0] * back.target()[1]));
      take_back(back, labels.data(), to.shape, z, slice.data());
      found.insert(found.end(), slice.begin(), slice.end());
    }
    CHECK(sha256_of<std::uint8_t>(found) == vectors.at(std::string(key) + "_and_back_order0").at("sha256"));
  }
}

TEST_CASE("example images: closest to RAS and back, z-score over all", "[image]") {
  const nlohmann::json images = test::vectors_of("images");
  if (images.is_null()) return;
  const auto mr = example("example_mr_sm");
  const nlohmann::json& vectors = images.at("example_mr_sm");
  check_affine(mr->stored, vectors.at("affine"));
  check_affine(mr->ras, vectors.at("canonical").at("affine"));
  const std::vector<float> canonical = test::x_fastest(mr->field, mr->ras.shape);
  CHECK(sha256_of<std::int32_t>(canonical) == vectors.at("canonical").at("sha256"));
  LabelsBack back = labels_as_they_are(mr->ras.shape);
  undo_labels(Reorient{}, mr->stored, {}, &back);
  std::vector<float> stored;
  for (std::int64_t z = 0; z < back.target()[2]; ++z) {
    std::vector<float> slice(static_cast<std::size_t>(back.target()[0] * back.target()[1]));
    take_back(back, canonical.data(), mr->ras.shape, z, slice.data());
    stored.insert(stored.end(), slice.begin(), slice.end());
  }
  CHECK(sha256_of<std::int32_t>(stored) == vectors.at("back").at("sha256"));

  NormaliseNnunet step{{ChannelNormalisation{}}};
  step.channels[0].scheme = Scheme::z_score;
  const Measured measured = test::measured(step, mr->field, mr->ras.shape);
  const nlohmann::json& score = images.at("zscore_example_mr_sm");
  CHECK(measured.channels[0].mean == score.at("mean").get<float>());
  CHECK(measured.channels[0].deviation == score.at("std").get<float>());
  const std::vector<float> values =
      apply(step, mr->field, mr->ras, measured, 1)->values(whole(mr->ras.shape));
  CHECK(*std::min_element(values.begin(), values.end()) == score.at("min").get<float>());
  CHECK(*std::max_element(values.begin(), values.end()) == score.at("max").get<float>());
}

// Zero below a threshold.
class Thresholded : public Field {
 public:
  Thresholded(Field& below, float least) : below_(below), least_(least) {}
  void read(const Block& block, float* out) override {
    below_.read(block, out);
    const Index3 n = block.shape();
    std::replace_if(
        out, out + n[0] * n[1] * n[2], [&](float value) { return value < least_; }, 0.0F);
  }

 private:
  Field& below_;
  float least_;
};

TEST_CASE("example images: crop to what is not 0, its mask with holes filled, ct", "[image]") {
  const nlohmann::json images = test::vectors_of("images");
  if (images.is_null()) return;
  const auto ct = example("example_ct_sm");
  const nlohmann::json& crops = images.at("crop_to_nonzero_example_ct_sm");
  for (std::size_t n = 0; n < 2; ++n) {
    Thresholded field(ct->field, n == 0 ? -1e9F : -500);
    const Measured box = test::measured(CropNonzero{}, field, ct->ras.shape);
    for (std::size_t axis = 0; axis < 3; ++axis) {
      CHECK(box.box->begin[axis] == crops[n].at("bbox_zyx").at(2 - axis).at(0));
      CHECK(box.box->end[axis] == crops[n].at("bbox_zyx").at(2 - axis).at(1));
    }
    SubField cropped(field, box.box->begin);
    NormaliseNnunet step{{ChannelNormalisation{}}};
    step.channels[0].scheme = Scheme::z_score;
    step.channels[0].over_mask = true;
    const Measured measured = test::measured(step, cropped, box.box->shape());
    CHECK(std::count(measured.mask->begin(), measured.mask->end(), 1) == crops[n].at("n_mask_voxels"));
  }
}

TEST_CASE("example images: a block as a grid of its own", "[image]") {
  const nlohmann::json images = test::vectors_of("images");
  if (images.is_null()) return;
  const auto ct = example("example_ct_sm");
  const nlohmann::json& crop = images.at("crop_liver_20mm");
  Block box;
  for (std::size_t axis = 0; axis < 3; ++axis) {
    box.begin[axis] = crop.at("bbox").at(axis).at(0);
    box.end[axis] = crop.at("bbox").at(axis).at(1);
  }
  const Grid grid = sub_grid(ct->ras, box);
  check_affine(grid, crop.at("cropped").at("affine"));
  SubField field(ct->field, box.begin);
  CHECK(sha256_of<std::int32_t>(test::x_fastest(field, grid.shape)) == crop.at("cropped").at("sha256"));
}

TEST_CASE("orientation: vectors of nibabel", "[image]") {
  const nlohmann::json vectors = test::vectors_of("orientation");
  for (const nlohmann::json& each : vectors) {
    Grid stored{each.at("shape").get<Index3>()};
    for (std::size_t row = 0; row < 4; ++row) {
      for (std::size_t column = 0; column < 4; ++column)
        stored.to_world(static_cast<int>(row), static_cast<int>(column)) =
            each.at("affine").at(row).at(column);
    }
    const Grid ras = forward(Reorient{}, stored, {});
    CHECK(ras.shape == each.at("canonical_shape").get<Index3>());
    check_affine(ras, each.at("canonical_affine"));
  }
}

}  // namespace
}  // namespace musclemap::image
