#include "task/cells/mask_file.hpp"

#include <string>

#include "io/arrays/npy_file.hpp"
#include "io/tiff/ome_tiff_writer.hpp"
#include "musclemap/error.hpp"

namespace musclemap::task {
namespace {

bool is_tiff(const std::filesystem::path& file) {
  return file.extension() == ".tif" || file.extension() == ".tiff";
}

}  // namespace

void check_mask_file(const std::filesystem::path& file) {
  if (is_tiff(file) || file.extension() == ".npy") return;
  throw Error(ErrorCode::argument, Reason::invalid,
              "masks are written as .tif, .tiff or .npy, which is not how it ends", file);
}

void write_mask_file(const std::filesystem::path& file, const CellMasks& masks,
                     const std::vector<std::int64_t>& shape) {
  check_mask_file(file);
  const std::vector<std::uint32_t>& labels = masks.labels;
  const bool wide = io::needs_wide_labels(labels.data(), static_cast<std::int64_t>(labels.size()));
  if (is_tiff(file)) {
    const std::int64_t planes = shape.size() == 3 ? shape[0] : 1;
    const std::int64_t height = shape[shape.size() - 2];
    const std::int64_t width = shape.back();
    io::MaskFile pages(file, planes, height, width, wide);
    for (std::int64_t plane = 0; plane < planes; ++plane) pages.write(&labels[plane * height * width]);
    pages.commit();
  } else if (wide) {
    io::write_npy(file, io::array_view(shape, labels.data()));
  } else {
    const std::vector<std::uint16_t> narrow(labels.begin(), labels.end());
    io::write_npy(file, io::array_view(shape, narrow.data()));
  }
}

}  // namespace musclemap::task
