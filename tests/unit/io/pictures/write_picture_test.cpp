#include <cstdint>
#include <cstring>
#include <filesystem>
#include <numeric>
#include <string>
#include <vector>

#include "musclemap/pictures.hpp"
#include "support/catch.hpp"
#include "support/error_of.hpp"
#include "support/temporary_folder.hpp"

namespace musclemap {
namespace {

using test::contains;
using test::error_of;

template <class T>
std::vector<T> pixels_of(const ImageStack& stack) {
  std::vector<T> pixels;
  const Index5& shape = stack.shape();
  for (std::int64_t plane = 0; plane < shape[0] * shape[1] * shape[2]; ++plane) {
    const std::int64_t t = plane / (shape[1] * shape[2]);
    const auto view = stack.plane<T>(t, plane / shape[2] % shape[1], plane % shape[2]);
    for (std::int64_t y = 0; y < shape[3]; ++y) {
      for (std::int64_t x = 0; x < shape[4]; ++x) pixels.push_back(view(y, x));
    }
  }
  return pixels;
}

template <class T>
void check_round_trip(DType dtype, const OmeTiffOptions& options) {
  CAPTURE(dtype_name(dtype));
  const test::TemporaryFolder folder;
  StackGeometry geometry;
  geometry.shape = {2, 3, 4, 5, 7};
  geometry.pixel_size_um = {0.182, 0.25, 2};
  geometry.channel_names = {"DAPI", "a \"b\" < &\n\t\xC3\xA9", ""};
  std::vector<T> values(2 * 3 * 4 * 5 * 7);
  std::iota(values.begin(), values.end(), static_cast<T>(-3));
  const auto size = static_cast<std::int64_t>(sizeof(T));
  const auto* data = values.data();
  const ImageStack stack =
      ImageStack::borrow(static_cast<const void*>(data), geometry, dtype,
                         {3 * 4 * 5 * 7 * size, 4 * 5 * 7 * size, 5 * 7 * size, 7 * size, size});
  write_ome_tiff(stack, folder / "a.ome.tif", options);
  const std::unique_ptr<PictureReader> reader = open_picture(folder / "a.ome.tif");
  const PictureInfo& info = reader->info();
  CHECK(info.format == "OME-TIFF");
  CHECK(info.axes == "TCZYX");
  CHECK(info.dtype == dtype);
  CHECK(info.stored_dtype == dtype_name(dtype));
  CHECK(info.geometry.shape == geometry.shape);
  CHECK(info.geometry.pixel_size_um == geometry.pixel_size_um);
  CHECK(info.geometry.channel_names[0] == "DAPI");
  CHECK(info.geometry.channel_names[1] == geometry.channel_names[1]);
  CHECK(info.comments == options.comments);
  CHECK(info.warnings.empty());
  CHECK(pixels_of<T>(read_picture(folder / "a.ome.tif")) == values);
}

TEST_CASE("OME-TIFF: what is written is what is read, of every type and compression", "[io]") {
  for (const TiffCompression compression : {TiffCompression::deflate, TiffCompression::none}) {
    OmeTiffOptions options;
    options.compression = compression;
    options.comments = {"first\nline", "second & last"};
    check_round_trip<std::uint8_t>(DType::u8, options);
    check_round_trip<std::int16_t>(DType::i16, options);
    check_round_trip<std::uint16_t>(DType::u16, options);
    check_round_trip<std::int32_t>(DType::i32, options);
    check_round_trip<std::uint32_t>(DType::u32, options);
    check_round_trip<float>(DType::f32, options);
    check_round_trip<double>(DType::f64, options);
  }
}

TEST_CASE("OME-TIFF: memory of any strides is written as it is seen", "[io]") {
  const test::TemporaryFolder folder;
  const std::vector<std::uint16_t> memory = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11};
  StackGeometry geometry;
  geometry.shape = {1, 1, 2, 2, 3};
  // Planes from the last to the first, rows and columns exchanged.
  const ImageStack stack = ImageStack::borrow(static_cast<const void*>(memory.data() + 6), geometry,
                                              DType::u16, {0, 0, -12, 2, 4});
  write_ome_tiff(stack, folder / "a.tiff");
  const ImageStack found = read_picture(folder / "a.tiff");
  CHECK(pixels_of<std::uint16_t>(found) == pixels_of<std::uint16_t>(stack));
  CHECK(pixels_of<std::uint16_t>(found)[1] == 8);
  CHECK(found.geometry().pixel_size_um == std::array<double, 3>{0, 0, 0});
}

TEST_CASE("OME-TIFF: deflate is smaller, and large pictures come back from BigTIFF", "[io]") {
  const test::TemporaryFolder folder;
  StackGeometry geometry;
  geometry.shape = {1, 1, 1, 1500, 1000};
  ImageStack stack = ImageStack::zeros(geometry, DType::u16);
  auto plane = stack.mutable_plane<std::uint16_t>(0, 0, 0);
  for (std::int64_t n = 0; n < 1500; ++n) plane(n, n % 1000) = static_cast<std::uint16_t>(n);
  OmeTiffOptions plain;
  plain.compression = TiffCompression::none;
  write_ome_tiff(stack, folder / "a.tif");
  write_ome_tiff(stack, folder / "b.tif", plain);
  CHECK(std::filesystem::file_size(folder / "a.tif") < 100000);
  CHECK(std::filesystem::file_size(folder / "b.tif") > 3000000);
  const auto values = pixels_of<std::uint16_t>(stack);
  CHECK(pixels_of<std::uint16_t>(read_picture(folder / "a.tif")) == values);
  CHECK(pixels_of<std::uint16_t>(read_picture(folder / "b.tif")) == values);
}

TEST_CASE("OME-TIFF: what is refused leaves no file", "[io]") {
  const test::TemporaryFolder folder;
  StackGeometry geometry;
  geometry.shape = {2, 1, 1, 2, 2};
  const ImageStack stack = ImageStack::zeros(geometry, DType::u8);
  CHECK(contains(error_of([&] { write_ome_tiff(ImageStack(), folder / "a.tif"); }), "argument"));
  CHECK(contains(error_of([&] { write_ome_tiff(stack, folder / "a.png"); }), ".tif or .tiff"));
  OmeTiffOptions wrong;
  wrong.compression = static_cast<TiffCompression>(2);
  CHECK(contains(error_of([&] { write_ome_tiff(stack, folder / "a.tif", wrong); }), "compression is 2"));
  RunControl control;
  std::vector<std::int64_t> planes;
  control.on_progress = [&](const Progress& progress) {
    CHECK(progress.stage == Stage::write);
    planes.push_back(progress.done);
    control.cancel.cancel();
  };
  CHECK(contains(error_of([&] { write_ome_tiff(stack, folder / "a.tif", {}, control); }), "cancelled"));
  CHECK(planes == std::vector<std::int64_t>{1});
  CHECK(std::filesystem::is_empty(folder / "."));
}

}  // namespace
}  // namespace musclemap
