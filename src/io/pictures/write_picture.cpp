#include <string>
#include <vector>

#include "base/progress.hpp"
#include "image/typed_view.hpp"
#include "io/pictures/ome_tiff_options.hpp"
#include "io/tiff/ome_xml_text.hpp"
#include "io/tiff/tiff_pages.hpp"
#include "musclemap/pictures.hpp"

namespace musclemap {
namespace {

io::TiffSample sample_of(DType dtype) {
  switch (dtype) {
    case DType::f32:
    case DType::f64:
      return io::TiffSample::real;
    case DType::i16:
    case DType::i32:
      return io::TiffSample::with_sign;
    default:
      return io::TiffSample::whole;
  }
}

io::TiffPageFacts pages_of(const ImageStack& pictures, const OmeTiffOptions& options) {
  const Index5& shape = pictures.shape();
  io::OmeFacts facts;
  facts.geometry = pictures.geometry();
  facts.dtype = pictures.dtype();
  facts.comments = options.comments;
  io::TiffPageFacts pages;
  pages.pages = shape[0] * shape[1] * shape[2];
  pages.height = shape[3];
  pages.width = shape[4];
  pages.sample_bytes = dtype_size(pictures.dtype());
  pages.sample = sample_of(pictures.dtype());
  pages.deflate = options.compression == TiffCompression::deflate;
  pages.description = io::ome_xml_text(facts);
  pages.software = std::string("musclemap ") + kVersion;
  return pages;
}

// Where the pixels lie row by row without gaps, they are written from where they are.
template <class T>
void write_plane(const PlaneView<const T>& plane, std::vector<T>& rows, io::TiffPages& to) {
  const auto [height, width] = plane.shape;
  if ((width == 1 || plane.stride[1] == 1) && (height == 1 || plane.stride[0] == width)) {
    to.write(plane.data);
    return;
  }
  rows.resize(static_cast<std::size_t>(height * width));
  for (std::int64_t y = 0; y < height; ++y) {
    for (std::int64_t x = 0; x < width; ++x) rows[static_cast<std::size_t>(y * width + x)] = plane(y, x);
  }
  to.write(rows.data());
}

}  // namespace

void write_ome_tiff(const ImageStack& pictures, const std::filesystem::path& file,
                    const OmeTiffOptions& options, const RunControl& control) {
  if (pictures.empty()) throw Error(ErrorCode::argument, "the stack is empty: it has no pixels");
  base::check_options(options);
  if (file.extension() != ".tif" && file.extension() != ".tiff") {
    throw Error(ErrorCode::argument, Reason::invalid,
                "pictures are written as .tif or .tiff, which is not how it ends", file);
  }
  base::stop_if_cancelled(control);
  io::TiffPages pages(file, pages_of(pictures, options));
  const Index5& shape = pictures.shape();
  const std::int64_t planes = shape[0] * shape[1] * shape[2];
  image::with_type(pictures.dtype(), [&](auto pixel) {
    using Pixel = decltype(pixel);
    std::vector<Pixel> rows;
    for (std::int64_t n = 0; n < planes; ++n) {
      const std::int64_t t = n / (shape[1] * shape[2]);
      write_plane(pictures.plane<Pixel>(t, n / shape[2] % shape[1], n % shape[2]), rows, pages);
      base::report(control, Stage::write, n + 1, planes);
    }
  });
  pages.commit();
}

}  // namespace musclemap
