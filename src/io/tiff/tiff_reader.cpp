#include "io/tiff/tiff_reader.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "io/files/io_error.hpp"
#include "io/pictures/plane_check.hpp"
#include "io/tiff/tiff_pixels.hpp"
#include "io/tiff/tiff_series.hpp"

namespace musclemap::io {
namespace {

// One file at a time is open beside the first one.
struct OpenTiff {
  explicit OpenTiff(const std::filesystem::path& path) : file(path), pixels(file) {}
  TiffFile file;
  TiffPixels pixels;
};

class TiffReader final : public PictureReader {
 public:
  explicit TiffReader(const std::filesystem::path& path)
      : first_(std::make_unique<OpenTiff>(path)), series_(find_series(first_->file)) {}

  const PictureInfo& info() const override { return series_.info; }

  void read_rows(std::int64_t t, std::int64_t c, std::int64_t z, std::int64_t y_begin, std::int64_t y_count,
                 void* to) override {
    check_rows(series_.info, {t, c, z}, y_begin, y_count, to);
    const std::array<std::int64_t, 3> index{t, c, z};
    std::int64_t page = 0;
    std::int64_t sample = 0;
    for (std::size_t axis = 0; axis < index.size(); ++axis) {
      page += index[axis] * series_.page_step[axis];
      sample += index[axis] * series_.sample_step[axis];
    }
    const auto first = static_cast<std::uint64_t>(y_begin);
    const auto rows = static_cast<std::uint64_t>(y_count);
    if (series_.pages.empty()) {
      read_piece(static_cast<std::uint64_t>(page), static_cast<std::uint64_t>(sample), first, rows,
                 static_cast<unsigned char*>(to));
      return;
    }
    const TiffPlace& place = series_.pages[static_cast<std::size_t>(page)];
    OpenTiff& tiff = opened(place.file);
    if (place.page >= tiff.file.pages().size() || !same_kind(tiff.file.pages()[place.page], series_.kind)) {
      throw_format(Reason::corrupt, "the file has changed since it was opened", tiff.file.file().path());
    }
    tiff.pixels.read_rows(tiff.file.pages()[place.page], static_cast<std::uint64_t>(sample), first, rows, to);
  }

 private:
  OpenTiff& opened(std::size_t file) {
    if (file == 0) return *first_;
    if (file != other_number_) {
      other_ = std::make_unique<OpenTiff>(series_.files[file]);
      other_number_ = file;
    }
    return *other_;
  }

  void read_piece(std::uint64_t page, std::uint64_t sample, std::uint64_t first, std::uint64_t rows,
                  unsigned char* to) const {
    const TiffPage& kind = series_.kind;
    const std::uint64_t size = dtype_size(series_.info.dtype);
    const bool mixed = kind.samples > 1 && kind.planar != 2;
    const std::uint64_t line = kind.width * size * (mixed ? kind.samples : 1);
    const std::uint64_t plane = mixed ? 0 : sample * kind.length;
    const std::uint64_t begin = series_.begin + page * page_bytes(kind) + (plane + first) * line;
    std::vector<unsigned char> row(static_cast<std::size_t>(line));
    for (std::uint64_t y = 0; y < rows; ++y, to += kind.width * size) {
      if (first_->file.file().read(begin + y * line, row.data(), row.size()) != row.size()) {
        throw_format(Reason::truncated, "the file ends within the pixels", series_.files.front());
      }
      const unsigned char* from = row.data() + (mixed ? sample * size : 0);
      const std::uint64_t step = mixed ? kind.samples * size : size;
      for (std::uint64_t x = 0; x < kind.width; ++x) {
        std::memcpy(to + x * size, from + x * step, static_cast<std::size_t>(size));
      }
      if (first_->file.swapped()) {
        for (std::uint64_t x = 0; x < kind.width; ++x) std::reverse(to + x * size, to + (x + 1) * size);
      }
    }
  }

  std::unique_ptr<OpenTiff> first_;
  TiffSeries series_;
  std::unique_ptr<OpenTiff> other_;
  std::size_t other_number_ = 0;
};

}  // namespace

std::unique_ptr<PictureReader> open_tiff(const std::filesystem::path& file) {
  try {
    return std::make_unique<TiffReader>(file);
  } catch (const Error& error) {
    throw error.about(file);
  }
}

}  // namespace musclemap::io
