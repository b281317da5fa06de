// The segmenter's object over the C interface: segment_wrapper_test MODEL IMAGE. Needs an engine.
#include <algorithm>
#include <cstdio>
#include <cstring>
#include <stdexcept>
#include <string>

#include "musclemap_capi.hpp"

namespace mm = musclemap::c;

namespace {

int failures = 0;

void check(bool so, const char* what) {
  if (so) return;
  ++failures;
  std::fprintf(stderr, "not so: %s\n", what);
}

// Slices of a contiguous image in memory, as if they were decoded one by one.
mm::SlabSource slices_of(const mm_volume_desc& image) {
  mm::SlabSource source;
  source.dtype = image.dtype;
  std::copy(std::begin(image.shape), std::end(image.shape), source.shape.begin());
  std::copy(std::begin(image.affine), std::end(image.affine), source.affine.begin());
  source.read = [image](const mm_slab_request& request) {
    const char* first = static_cast<const char*>(image.data) + request.k_begin * image.stride_bytes[2];
    std::memcpy(request.voxels, first, request.byte_count);
  };
  return source;
}

bool same_labels(const mm::Volume& left, const mm::Volume& right) {
  const mm_volume_desc a = left.describe();
  const mm_volume_desc b = right.describe();
  const auto voxels = static_cast<std::size_t>(a.shape[0] * a.shape[1] * a.shape[2]);
  return std::equal(std::begin(a.shape), std::end(a.shape), std::begin(b.shape)) &&
         std::memcmp(a.data, b.data, voxels * sizeof(std::int16_t)) == 0;
}

void slices_give_the_labels_of_the_volume(mm::Segmenter& segmenter, const mm::Volume& image) {
  const mm::Volume labels = segmenter.run(slices_of(image.describe()));
  check(same_labels(labels, segmenter.run(image)), "slices give the labels of the volume");
}

void what_a_source_throws_comes_out(mm::Segmenter& segmenter, const mm::Volume& image) {
  mm::SlabSource source = slices_of(image.describe());
  source.read = [](const mm_slab_request&) { throw std::out_of_range("from the host"); };
  std::string said;
  try {
    static_cast<void>(segmenter.run(source));
  } catch (const std::out_of_range& error) {
    said = error.what();
  }
  check(said == "from the host", "the host's own exception comes out");

  source.shape[2] = 0;
  std::int32_t code = MM_OK;
  try {
    static_cast<void>(segmenter.run(source));
  } catch (const mm::Error& error) {
    code = error.code();
  }
  check(code == MM_E_ARGUMENT, "a wrong source is an error of the library");
}

}  // namespace

int main(int count, char** arguments) {
  if (count != 3) return 2;
  auto options = mm::make<mm_segment_options>();
  options.device = MM_DEVICE_CPU;
  options.overlap = MM_NO_OVERLAP;
  mm::Segmenter segmenter(mm::Bundle::open(arguments[1]), &options);
  const mm::Volume image = mm::Volume::read(arguments[2]);
  slices_give_the_labels_of_the_volume(segmenter, image);
  what_a_source_throws_comes_out(segmenter, image);
  return failures == 0 ? 0 : 1;
}
