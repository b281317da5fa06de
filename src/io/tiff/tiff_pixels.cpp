#include "io/tiff/tiff_pixels.hpp"

#include <tiffio.h>

#include <algorithm>
#include <cstdarg>
#include <cstdio>
#include <cstring>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "io/files/io_error.hpp"
#include "io/tiff/jpeg2000.hpp"

namespace musclemap::io {
namespace {

constexpr std::uint64_t kJpeg2000 = 34712;
constexpr std::uint64_t kAlwaysAllowed = std::uint64_t{64} << 20U;
constexpr std::uint64_t kNoPage = std::numeric_limits<std::uint64_t>::max();

// The file as libtiff sees it, and what libtiff says of it.
struct LibtiffSource {
  const InputFile* file;
  std::uint64_t at = 0;
  std::string said;
};

tmsize_t read_bytes(thandle_t handle, void* to, tmsize_t count) {
  auto& source = *static_cast<LibtiffSource*>(handle);
  try {
    const std::size_t got = source.file->read(source.at, to, static_cast<std::size_t>(count));
    source.at += got;
    return static_cast<tmsize_t>(got);
  } catch (const Error& error) {
    source.said = error.what();
    return -1;
  }
}

tmsize_t write_nothing(thandle_t /*handle*/, void* /*from*/, tmsize_t /*count*/) { return -1; }

toff_t seek_byte(thandle_t handle, toff_t place, int from) {
  auto& source = *static_cast<LibtiffSource*>(handle);
  if (from == SEEK_CUR) place += source.at;
  if (from == SEEK_END) place += source.file->size();
  source.at = place;
  return place;
}

int close_nothing(thandle_t /*handle*/) { return 0; }
toff_t size_of(thandle_t handle) { return static_cast<LibtiffSource*>(handle)->file->size(); }

__attribute__((format(printf, 4, 0))) int keep_error(TIFF* /*tiff*/, void* data, const char* /*module*/,
                                                     const char* format, va_list arguments) {
  auto& source = *static_cast<LibtiffSource*>(data);
  char text[256];
  std::vsnprintf(text, sizeof text, format, arguments);
  if (source.said.empty()) source.said = text;
  return 1;
}

// Remarks on tags that we do not read.
int drop_warning(TIFF* /*tiff*/, void* /*data*/, const char* /*module*/, const char* /*format*/,
                 va_list /*arguments*/) {
  return 1;
}

std::uint64_t element_bytes(const TiffPage& page) { return dtype_size(page_dtype(page)); }
bool packed(const TiffPage& page) { return page.bits < 8 || (page.bits > 8 && page.bits < 16); }
std::uint64_t samples_together(const TiffPage& page) { return page.planar == 2 ? 1 : page.samples; }

// Bytes of a decompressed row of `width` pixels; packed ones end at a whole byte.
std::uint64_t row_bytes(const TiffPage& page, std::uint64_t width) {
  return (width * samples_together(page) * page.bits + 7) / 8;
}

// Numbers of a few bits, the highest first, as TIFF packs them in either order of bytes.
template <class T>
void unpack(const unsigned char* from, std::uint64_t bits, std::uint64_t first, std::uint64_t step,
            std::uint64_t count, T* to) {
  for (std::uint64_t i = 0; i < count; ++i) {
    std::uint64_t bit = (first + i * step) * bits;
    unsigned value = 0;
    for (std::uint64_t left = bits; left > 0; --left, ++bit) {
      value = value << 1U | (static_cast<unsigned>(from[bit / 8]) >> (7 - bit % 8) & 1U);
    }
    to[i] = static_cast<T>(value);
  }
}

// One sample of the pixels of a decompressed row.
void take_sample(const TiffPage& page, const unsigned char* row, std::uint64_t sample, std::uint64_t count,
                 unsigned char* to) {
  const std::uint64_t step = samples_together(page);
  const std::uint64_t first = page.planar == 2 ? 0 : sample;
  const std::uint64_t size = element_bytes(page);
  if (packed(page)) {
    if (size == 1) {
      unpack(row, page.bits, first, step, count, to);
    } else {
      std::vector<std::uint16_t> values(static_cast<std::size_t>(count));
      unpack(row, page.bits, first, step, count, values.data());
      std::memcpy(to, values.data(), values.size() * size);
    }
    return;
  }
  if (step == 1) {
    std::memcpy(to, row, static_cast<std::size_t>(count * size));
    return;
  }
  for (std::uint64_t x = 0; x < count; ++x) {
    std::memcpy(to + x * size, row + (x * step + first) * size, static_cast<std::size_t>(size));
  }
}

}  // namespace

class TiffPixels::State {
 public:
  explicit State(const TiffFile& file) : file_(file), source_{&file.file(), 0, {}} {}

  void read_rows(const TiffPage& page, std::uint64_t sample, std::uint64_t y_begin, std::uint64_t y_count,
                 unsigned char* to) {
    open(page);
    const std::uint64_t line = page.width * element_bytes(page);
    for (std::uint64_t y = y_begin; y < y_begin + y_count; ++y, to += line) {
      if (page.tiled || page.compression == kJpeg2000) {
        const std::uint64_t length = page.tiled ? page.tile_length : page.rows_per_strip;
        decode_band(page, sample, y / length);
        std::memcpy(to, band_.data() + (y % length) * line, static_cast<std::size_t>(line));
      } else {
        const unsigned char* row = strip_row(page, sample, y);
        take_sample(page, row, sample, page.width, to);
      }
    }
  }

 private:
  using Handle = std::unique_ptr<TIFF, decltype(&TIFFClose)>;

  [[noreturn]] void damaged(const std::string& what) {
    throw_format(Reason::corrupt, what + (source_.said.empty() ? "" : ": " + source_.said),
                 file_.file().path());
  }

  void open(const TiffPage& page) {
    if (page_ == page.offset) return;
    page_ = kNoPage;
    source_.said.clear();
    if (!tiff_) {
      const std::unique_ptr<TIFFOpenOptions, decltype(&TIFFOpenOptionsFree)> options(TIFFOpenOptionsAlloc(),
                                                                                     TIFFOpenOptionsFree);
      TIFFOpenOptionsSetErrorHandlerExtR(options.get(), keep_error, &source_);
      TIFFOpenOptionsSetWarningHandlerExtR(options.get(), drop_warning, &source_);
      const std::uint64_t most = kAlwaysAllowed + 2 * file_.file().size();
      TIFFOpenOptionsSetMaxSingleMemAlloc(
          options.get(), static_cast<tmsize_t>(std::min<std::uint64_t>(most, std::uint64_t{1} << 40U)));
      // Read, no memory mapping, no directory yet, strips as they are.
      tiff_ = Handle(TIFFClientOpenExt("picture", "rmhc", &source_, read_bytes, write_nothing, seek_byte,
                                       close_nothing, size_of, nullptr, nullptr, options.get()),
                     TIFFClose);
      if (!tiff_) damaged("libtiff does not open the file");
    }
    if (TIFFSetSubDirectory(tiff_.get(), page.offset) == 0) damaged("libtiff does not read the directory");
    if (page.compression != kJpeg2000 &&
        TIFFIsCODECConfigured(static_cast<std::uint16_t>(page.compression)) == 0) {
      throw Error(ErrorCode::unsupported, Reason::unsupported,
                  "compression " + std::to_string(page.compression) + ", which this build of libtiff lacks",
                  file_.file().path());
    }
    if (!page.tiled && page.compression != kJpeg2000 &&
        static_cast<std::uint64_t>(TIFFScanlineSize64(tiff_.get())) != row_bytes(page, page.width)) {
      damaged("a row is not as long as its pixels ask for");
    }
    row_.resize(static_cast<std::size_t>(page.tiled ? 0 : row_bytes(page, page.width)));
    strip_ = kNoPage;
    band_key_ = {kNoPage, kNoPage};
    page_ = page.offset;
  }

  // Bytes of a strip or tile in the file; 0 for one that is left out.
  std::uint64_t stored_bytes(const TiffPage& page, std::uint64_t segment) {
    const std::uint64_t count = file_.numbers(page.byte_counts, segment, 1).front();
    const std::uint64_t begin = file_.numbers(page.offsets, segment, 1).front();
    if (count == 0 && begin == 0) return 0;
    const std::uint64_t size = file_.file().size();
    if (count == 0 || begin > size || (page.compression != 1 && count > size - begin)) {
      throw_format(Reason::truncated,
                   std::to_string(count) + " bytes of pixels at byte " + std::to_string(begin) +
                       " do not lie in the file of " + std::to_string(size) + " bytes",
                   file_.file().path());
    }
    return std::min(count, size - begin);
  }

  // Rows of a strip come one after the other; what lies between is decompressed and dropped.
  const unsigned char* strip_row(const TiffPage& page, std::uint64_t sample, std::uint64_t y) {
    const std::uint64_t plane = page.planar == 2 ? sample : 0;
    const std::uint64_t rows = std::min(page.rows_per_strip, page.length);
    const std::uint64_t strips = (page.length + rows - 1) / rows;
    const std::uint64_t strip = plane * strips + y / rows;
    if (strip != strip_) {
      strip_ = strip;
      next_row_ = y / rows * rows;
      strip_bytes_ = stored_bytes(page, strip);
      strip_begin_ = file_.numbers(page.offsets, strip, 1).front();
      if (strip_bytes_ == 0) std::fill(row_.begin(), row_.end(), static_cast<unsigned char>(0));
    }
    if (strip_bytes_ == 0) return row_.data();
    if (page.compression == 1 && page.fill_order == 1) return plain_row(page, y % rows);
    if (y + 1 == next_row_) return row_.data();
    if (y < next_row_) next_row_ = y / rows * rows;
    for (; next_row_ <= y; ++next_row_) {
      source_.said.clear();
      if (TIFFReadScanline(tiff_.get(), row_.data(), static_cast<std::uint32_t>(next_row_),
                           static_cast<std::uint16_t>(plane)) != 1) {
        page_ = kNoPage;
        damaged("row " + std::to_string(next_row_) + " cannot be decompressed");
      }
    }
    return row_.data();
  }

  // Where nothing is compressed, no more than a row is held: libtiff would read the whole strip.
  const unsigned char* plain_row(const TiffPage& page, std::uint64_t row) {
    const std::uint64_t bytes = row_.size();
    if (row >= strip_bytes_ / bytes ||
        file_.file().read(strip_begin_ + row * bytes, row_.data(), row_.size()) != bytes) {
      throw_format(Reason::truncated, "a strip ends before its row " + std::to_string(row),
                   file_.file().path());
    }
    if (file_.swapped() && page.bits % 16 == 0) {
      const std::uint64_t size = page.bits / 8;
      for (auto at = row_.begin(); at != row_.end(); at += static_cast<std::ptrdiff_t>(size)) {
        std::reverse(at, at + static_cast<std::ptrdiff_t>(size));
      }
    }
    return row_.data();
  }

  // Tiles beside each other, or a strip of JPEG 2000: one sample of their rows.
  void decode_band(const TiffPage& page, std::uint64_t sample, std::uint64_t band) {
    const std::pair<std::uint64_t, std::uint64_t> key{band, sample};
    if (band_key_ == key) return;
    band_key_ = {kNoPage, kNoPage};
    const std::uint64_t tile_width = page.tiled ? page.tile_width : page.width;
    const std::uint64_t tile_length = page.tiled ? page.tile_length : page.rows_per_strip;
    const std::uint64_t across = (page.width + tile_width - 1) / tile_width;
    const std::uint64_t down = (page.length + tile_length - 1) / tile_length;
    const std::uint64_t rows = std::min(tile_length, page.length - band * tile_length);
    const std::uint64_t size = element_bytes(page);
    band_.assign(static_cast<std::size_t>(rows * page.width * size), 0);
    for (std::uint64_t t = 0; t < across; ++t) {
      const std::uint64_t segment = (page.planar == 2 ? sample * across * down : 0) + band * across + t;
      const std::uint64_t stored = stored_bytes(page, segment);
      if (stored == 0) continue;
      const std::uint64_t line = row_bytes(page, tile_width);
      // The last strip may be shorter, a tile never is.
      const std::uint64_t lines = page.tiled ? tile_length : rows;
      if (line > (kAlwaysAllowed + stored * most_expansion(page.compression)) / lines) {
        throw_format(Reason::limit,
                     "a tile of " + std::to_string(tile_width) + " x " + std::to_string(lines) +
                         " pixels in " + std::to_string(stored) + " bytes",
                     file_.file().path());
      }
      decode_segment(page, segment, stored, tile_width, lines);
      const std::uint64_t count = std::min(tile_width, page.width - t * tile_width);
      for (std::uint64_t y = 0; y < rows; ++y) {
        take_sample(page, tile_.data() + y * line, sample, count,
                    band_.data() + (y * page.width + t * tile_width) * size);
      }
    }
    band_key_ = key;
  }

  void decode_segment(const TiffPage& page, std::uint64_t segment, std::uint64_t stored, std::uint64_t width,
                      std::uint64_t lines) {
    if (page.compression == kJpeg2000) {
      std::vector<unsigned char> stream(static_cast<std::size_t>(stored));
      const std::uint64_t begin = file_.numbers(page.offsets, segment, 1).front();
      stream.resize(file_.file().read(begin, stream.data(), stream.size()));
      try {
        tile_ = decode_jpeg2000(stream, {static_cast<std::uint32_t>(width), static_cast<std::uint32_t>(lines),
                                         static_cast<std::uint32_t>(samples_together(page)),
                                         static_cast<std::uint32_t>(element_bytes(page))});
      } catch (const Error& error) {
        throw error.about(file_.file().path());
      }
      return;
    }
    const std::uint64_t bytes = row_bytes(page, width) * lines;
    if (static_cast<std::uint64_t>(TIFFTileSize64(tiff_.get())) != bytes) {
      damaged("a tile is not as large as its pixels ask for");
    }
    tile_.assign(static_cast<std::size_t>(bytes), 0);
    source_.said.clear();
    const tmsize_t got = TIFFReadEncodedTile(tiff_.get(), static_cast<std::uint32_t>(segment), tile_.data(),
                                             static_cast<tmsize_t>(bytes));
    if (got < 0 || static_cast<std::uint64_t>(got) != bytes) {
      damaged("tile " + std::to_string(segment) + " cannot be decompressed");
    }
  }

  const TiffFile& file_;
  LibtiffSource source_;
  Handle tiff_{nullptr, TIFFClose};
  std::uint64_t page_ = kNoPage;  // offset of the directory that libtiff has read
  std::vector<unsigned char> row_;
  std::uint64_t strip_ = kNoPage;
  std::uint64_t next_row_ = 0;
  std::uint64_t strip_bytes_ = 0;  // 0: left out
  std::uint64_t strip_begin_ = 0;
  std::vector<unsigned char> tile_;
  std::vector<unsigned char> band_;
  std::pair<std::uint64_t, std::uint64_t> band_key_{kNoPage, kNoPage};
};

TiffPixels::TiffPixels(const TiffFile& file) : state_(std::make_unique<State>(file)) {}
TiffPixels::~TiffPixels() = default;

void TiffPixels::read_rows(const TiffPage& page, std::uint64_t sample, std::uint64_t y_begin,
                           std::uint64_t y_count, void* to) {
  state_->read_rows(page, sample, y_begin, y_count, static_cast<unsigned char*>(to));
}

}  // namespace musclemap::io
