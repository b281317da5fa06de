// The objects over the C interface, as a host with another compiler uses them.
#include <algorithm>
#include <cstdio>
#include <functional>
#include <memory>
#include <numeric>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "musclemap_capi.hpp"

namespace mm = musclemap::c;

namespace {

int failures = 0;

void check(bool so, const char* what) {
  if (so) return;
  ++failures;
  std::fprintf(stderr, "not so: %s\n", what);
}

constexpr std::int64_t kSide = 6;

template <class T>
mm::Volume volume_of(std::int32_t dtype, const std::function<T(std::size_t)>& value,
                     std::weak_ptr<void>* watch) {
  const auto voxels = std::make_shared<std::vector<T>>(kSide * kSide * kSide);
  for (std::size_t n = 0; n < voxels->size(); ++n) (*voxels)[n] = value(n);
  auto desc = mm::make<mm_volume_desc>();
  desc.dtype = dtype;
  std::fill(std::begin(desc.shape), std::end(desc.shape), kSide);
  desc.data = voxels->data();
  if (watch != nullptr) *watch = voxels;
  return mm::Volume::wrap(desc, voxels);
}

mm::Volume image(std::weak_ptr<void>* watch = nullptr) {
  return volume_of<float>(
      MM_DTYPE_F32, [](std::size_t n) { return (n % 4 == 0 ? 200.0F : 50.0F) + static_cast<float>(n % 7); },
      watch);
}

mm::Volume labels() {
  return volume_of<std::int16_t>(
      MM_DTYPE_I16, [](std::size_t n) { return static_cast<std::int16_t>(n % 2 + 1); }, nullptr);
}

void memory_lives_as_long_as_its_last_user() {
  std::weak_ptr<void> voxels;
  mm::Volume first = image(&voxels);
  mm::Volume second = first;
  const mm::Volume third = std::move(first);
  second = third;
  second = mm::Volume();
  check(!voxels.expired(), "a handle keeps the memory");
  {
    const mm::Tissue tissue = mm::Tissue::classify(third, labels());
    check(tissue.fits().size() == 2, "two labels are divided");
  }
  mm::Volume last = third;
  static_cast<void>(last.deep_copy());
  check(!voxels.expired(), "the last handle keeps the memory");
}

void memory_is_let_go() {
  std::weak_ptr<void> voxels;
  { const mm::Volume only = image(&voxels); }
  check(voxels.expired(), "the memory is let go");
}

void a_refused_wrap_lets_the_owner_go() {
  const auto owner = std::make_shared<int>(1);
  auto desc = mm::make<mm_volume_desc>();
  bool thrown = false;
  try {
    static_cast<void>(mm::Volume::wrap(desc, owner));
  } catch (const mm::Error& error) {
    thrown = error.code() == MM_E_ARGUMENT && error.reason() == MM_REASON_INVALID;
  }
  check(thrown, "a wrong description throws");
  check(owner.use_count() == 1, "the owner is let go once");
}

void tables_are_numbers_and_text() {
  const mm::Labels names = mm::Labels::of({{2, "", "soleus", "right", ""}, {1, "", "psoas", "left", ""}});
  check(names.all().front().anatomy == "psoas", "labels ascend");
  const mm::Table table = mm::measure_mean(labels(), image(), MM_VALUES_INTENSITY, names);
  check(table.rows() == 2, "a row per label");
  check(table.values("Average Intensity").size() == 2, "a number per row");
  check(table.text(table.find("anatomy"), 0) == "psoas left", "names are there");
  check(table.write().find("soleus right") != std::string::npos, "the table is written");
  check(mm::measure(mm::Tissue::classify(image(), labels())).rows() == 2, "a tissue is measured");
}

void pictures_are_bytes() {
  const std::string signature = "\x89PNG";
  const mm::Tissue tissue = mm::Tissue::classify(image(), labels());
  check(mm::qc_montage_png(image(), labels()).rfind(signature, 0) == 0, "the labels are drawn");
  check(mm::organ_preview_png(image(), labels()).rfind(signature, 0) == 0, "the labels are surfaces");
  check(mm::tissue_montage_png(tissue).rfind(signature, 0) == 0, "the tissues are drawn");
}

void what_a_callback_throws_comes_out() {
  mm::Run run;
  run.on_progress = [](const mm_progress&) { throw std::out_of_range("from the host"); };
  bool own = false;
  try {
    static_cast<void>(mm::Tissue::classify(image(), labels(), nullptr, run));
  } catch (const std::out_of_range& error) {
    own = std::string(error.what()) == "from the host";
  }
  check(own, "the host's own exception comes out");

  const mm::CancelToken token;
  token.cancel();
  mm::Run cancelled;
  cancelled.cancel = &token;
  std::int32_t code = MM_OK;
  try {
    static_cast<void>(mm::fat_fraction(image(), image(), cancelled));
  } catch (const mm::Error& error) {
    code = error.code();
  }
  check(code == MM_E_CANCELLED, "a token cancels");
}

void errors_name_the_file() {
  std::string file;
  try {
    static_cast<void>(mm::Volume::read("/nonexistent.nii"));
  } catch (const mm::Error& error) {
    file = error.file();
  }
  check(file == "/nonexistent.nii", "an error names its file");
}

void pictures_go_to_files_and_back(const std::string& folder) {
  const auto pixels = std::make_shared<std::vector<std::uint8_t>>(24);
  std::iota(pixels->begin(), pixels->end(), std::uint8_t{1});
  auto desc = mm::make<mm_image_desc>();
  desc.dtype = MM_DTYPE_U8;
  const std::int64_t shape[5] = {1, 2, 1, 3, 4};
  std::copy(std::begin(shape), std::end(shape), std::begin(desc.shape));
  desc.data = pixels->data();
  const std::string path = folder + "/wrapped.ome.tif";
  int planes = 0;
  mm::Run run;
  run.on_progress = [&](const mm_progress&) { ++planes; };
  mm::Image::wrap(desc, pixels).write_ome_tiff(path, nullptr, run);
  check(planes == 2, "planes are told of");
  const mm::Image read = mm::Image::read(path);
  const mm_image_desc found = read.describe();
  check(std::equal(pixels->begin(), pixels->end(), static_cast<const std::uint8_t*>(found.data)),
        "pixels come back");
  const mm::Image plane = mm::Image::open(path).plane(0, 1, 0);
  check(*static_cast<const std::uint8_t*>(plane.describe().data) == 13, "a plane outlives its file");
  check(std::string(read.describe_file().format) == "OME-TIFF", "the file is described");
}

void cells_are_found_and_measured() {
  const auto pixels = std::make_shared<std::vector<std::uint16_t>>(40 * 44);
  for (std::size_t n = 0; n < pixels->size(); ++n) (*pixels)[n] = static_cast<std::uint16_t>(n * 131 % 4000);
  auto desc = mm::make<mm_image_desc>();
  desc.dtype = MM_DTYPE_U16;
  const std::int64_t shape[5] = {1, 1, 1, 40, 44};
  std::copy(std::begin(shape), std::end(shape), std::begin(desc.shape));
  desc.data = pixels->data();
  const mm::Image image = mm::Image::wrap(desc, pixels);
  mm::Cells cells(MUSCLEMAP_SAMPLE_CELLS);
  check(cells.describe().diam_mean == 20, "a model is described");
  const mm::CellsResult found = cells.run(image, nullptr, {}, true);
  check(!cells.run(image).flows, "flows are given where they are asked for");
  check(found.flows.describe().shape[1] == 2 && cells.report().frames == 1, "a run is described");
  const mm::Image again = mm::cells_masks(found.flows, found.cellprob);
  const mm_image_desc masks = again.describe();
  check(std::equal(std::begin(shape), std::end(shape), std::begin(masks.shape)),
        "masks have the size of the picture");
  static_cast<void>(mm::cells_measure(found.labels, image));
  static_cast<void>(mm::cells_measure(found.labels));
}

}  // namespace

int main(int count, char** arguments) {
  static_assert(!std::is_copy_constructible_v<mm::Table> && std::is_move_constructible_v<mm::Table>);
  memory_lives_as_long_as_its_last_user();
  memory_is_let_go();
  a_refused_wrap_lets_the_owner_go();
  tables_are_numbers_and_text();
  pictures_are_bytes();
  what_a_callback_throws_comes_out();
  errors_name_the_file();
  pictures_go_to_files_and_back(count > 1 ? arguments[1] : ".");
  cells_are_found_and_measured();
  return failures == 0 ? 0 : 1;
}
