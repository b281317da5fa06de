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

}  // namespace

int main() {
  static_assert(!std::is_copy_constructible_v<mm::Table> && std::is_move_constructible_v<mm::Table>);
  memory_lives_as_long_as_its_last_user();
  memory_is_let_go();
  a_refused_wrap_lets_the_owner_go();
  tables_are_numbers_and_text();
  pictures_are_bytes();
  what_a_callback_throws_comes_out();
  errors_name_the_file();
  return failures == 0 ? 0 : 1;
}
