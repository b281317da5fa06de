#include "io/tiff/tiff_directory.hpp"

#include <algorithm>
#include <string_view>
#include <unordered_set>
#include <utility>

#include "base/text.hpp"
#include "io/files/io_error.hpp"

namespace musclemap::io {
namespace {

// Tags of TIFF 6.0 and of its supplements.
enum Tag : std::uint16_t {
  new_subfile_type = 254,
  image_width = 256,
  image_length = 257,
  bits_per_sample = 258,
  compression_tag = 259,
  photometric_tag = 262,
  fill_order_tag = 266,
  image_description = 270,
  strip_offsets = 273,
  samples_per_pixel = 277,
  rows_per_strip_tag = 278,
  strip_byte_counts = 279,
  x_resolution_tag = 282,
  y_resolution_tag = 283,
  planar_configuration = 284,
  predictor_tag = 317,
  tile_width_tag = 322,
  tile_length_tag = 323,
  tile_offsets = 324,
  tile_byte_counts = 325,
  sample_format_tag = 339,
  image_depth = 32997,
  metamorph_stack = 33628,
  fluoview = 34362,
  zeiss_lsm = 34412,
};

constexpr std::uint64_t kJpeg2000Compression = 34712;
constexpr std::uint64_t kMostEntries = 4096;
constexpr std::uint64_t kMostSide = 0x7FFFFFFF;
constexpr std::uint64_t kMostSamples = 4096;
// A directory that describes a picture is longer; overlapping ones of a trap are shorter.
constexpr std::uint64_t kLeastPageBytes = 64;
constexpr std::uint64_t kAlwaysJustified = std::uint64_t{64} << 20;

std::size_t type_size(std::uint16_t type) {
  switch (type) {
    case 1:  // BYTE
    case 2:  // ASCII
    case 6:  // SBYTE
    case 7:  // UNDEFINED
      return 1;
    case 3:  // SHORT
    case 8:  // SSHORT
      return 2;
    case 4:   // LONG
    case 9:   // SLONG
    case 11:  // FLOAT
    case 13:  // IFD
      return 4;
    case 5:   // RATIONAL
    case 10:  // SRATIONAL
    case 12:  // DOUBLE
    case 16:  // LONG8
    case 17:  // SLONG8
    case 18:  // IFD8
      return 8;
    default:
      return 0;
  }
}

bool holds_whole_numbers(std::uint16_t type) {
  return type == 1 || type == 3 || type == 4 || type == 13 || type == 16 || type == 18;
}

std::string size_text(const TiffPage& page) {
  return std::to_string(page.width) + " x " + std::to_string(page.length);
}

constexpr std::uint64_t divided_up(std::uint64_t a, std::uint64_t b) { return a / b + (a % b == 0 ? 0 : 1); }

// How many strips or tiles the sizes of a page ask for.
std::uint64_t segments_of(const TiffPage& page) {
  const std::uint64_t planes = page.planar == 2 ? page.samples : 1;
  if (page.tiled) {
    return divided_up(page.width, page.tile_width) * divided_up(page.length, page.tile_length) * planes;
  }
  return divided_up(page.length, page.rows_per_strip) * planes;
}

bool is_read(const TiffPage& page) {
  switch (page.compression) {
    case 1:      // none
    case 5:      // LZW
    case 7:      // JPEG
    case 8:      // Adobe deflate
    case 32773:  // PackBits
    case 32946:  // deflate
    case 34712:  // JPEG 2000
    case 34925:  // LZMA
    case 50000:  // Zstandard
    case 50001:  // WebP
      return true;
    case 2:  // CCITT, of bilevel pictures
    case 3:
    case 4:
      return page.bits == 1;
    default:
      return false;
  }
}

}  // namespace

std::uint64_t most_expansion(std::uint64_t compression) {
  switch (compression) {
    case 1:
      return 1;
    case 32773:
      return 128;
    case 5:
      return 4096;  // a code of 9 to 12 bits for at most 4,096 bytes
    case 8:
    case 32946:
      return 1100;
    default:
      return 65536;
  }
}

std::string page_stored_dtype(const TiffPage& page) {
  const std::string bits = std::to_string(page.bits);
  switch (page.sample_format) {
    case 1:
    case 4:  // undefined: taken as unsigned
      if (page.bits == 1) return "bool";
      if (page.bits < 8) return "uint8";
      if (page.bits > 8 && page.bits < 16) return "uint16";
      return "uint" + bits;
    case 2:
      return "int" + bits;
    case 3:
      return "float" + bits;
    default:
      return "sample format " + std::to_string(page.sample_format) + " of " + bits + " bits";
  }
}

DType page_dtype(const TiffPage& page) {
  static constexpr std::array<std::pair<const char*, DType>, 8> kTypes{{{"bool", DType::u8},
                                                                        {"uint8", DType::u8},
                                                                        {"uint16", DType::u16},
                                                                        {"uint32", DType::u32},
                                                                        {"int16", DType::i16},
                                                                        {"int32", DType::i32},
                                                                        {"float32", DType::f32},
                                                                        {"float64", DType::f64}}};
  const std::string name = page_stored_dtype(page);
  for (const auto& [known, dtype] : kTypes) {
    if (name == known) return dtype;
  }
  throw Error(ErrorCode::unsupported, "the pixels are " + name +
                                          "; bool, uint8, uint16, uint32, int16, int32, float32 and float64 "
                                          "are read");
}

bool same_kind(const TiffPage& a, const TiffPage& b) {
  return a.width == b.width && a.length == b.length && a.bits == b.bits && a.samples == b.samples &&
         a.sample_format == b.sample_format && (a.samples == 1 || a.planar == b.planar);
}

std::uint64_t page_bytes(const TiffPage& page) {
  return page.width * page.length * page.samples * dtype_size(page_dtype(page));
}

bool begins_like_tiff(const InputFile& file) {
  std::array<char, 4> head{};
  const std::string_view start(head.data(), file.read(0, head.data(), head.size()));
  using namespace std::string_view_literals;
  return start == "II*\0"sv || start == "MM\0*"sv || start == "II+\0"sv || start == "MM\0+"sv;
}

TiffFile::TiffFile(const std::filesystem::path& path) : file_(path) {
  std::uint64_t next = 0;
  read_header(next);
  std::unordered_set<std::uint64_t> seen;
  while (next != 0) {
    if (!seen.insert(next).second) {
      warn("the chain of directories comes back to byte " + std::to_string(next) + " and is taken to end");
      break;
    }
    if (pages_.size() * kLeastPageBytes > file_.size()) {
      throw_format(Reason::limit, "more directories than a file of this size can hold", path);
    }
    std::uint64_t after = 0;
    if (!read_page(next, after)) {
      if (pages_.empty()) {
        throw_format(Reason::truncated,
                     "the first directory, at byte " + std::to_string(next) + ", does not lie in the file",
                     path);
      }
      warn("the chain of directories leaves the file after page " + std::to_string(pages_.size()));
      break;
    }
    next = after;
  }
  if (pages_.empty()) throw_format(Reason::corrupt, "a TIFF file without a directory", path);
}

std::uint64_t TiffFile::number_at(const unsigned char* bytes, std::size_t size) const {
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < size; ++i) {
    const std::uint64_t byte = bytes[big_endian_ ? i : size - 1 - i];
    value = value << 8U | byte;
  }
  return value;
}

void TiffFile::read_header(std::uint64_t& first) {
  std::array<unsigned char, 16> head{};
  const std::size_t got = file_.read(0, head.data(), head.size());
  big_endian_ = head[0] == 'M' && head[1] == 'M';
  const std::uint64_t version = number_at(head.data() + 2, 2);
  if (got < 8 || !begins_like_tiff(file_)) {
    throw_format(Reason::corrupt, "not a TIFF file: its first bytes are not those of TIFF or BigTIFF",
                 file_.path());
  }
  big_ = version == 43;
  if (big_ && (got < 16 || number_at(head.data() + 4, 2) != 8)) {
    throw_format(Reason::bad_header, "a BigTIFF file whose offsets are not of 8 bytes", file_.path());
  }
  first = big_ ? number_at(head.data() + 8, 8) : number_at(head.data() + 4, 4);
}

bool TiffFile::read_page(std::uint64_t offset, std::uint64_t& next) {
  const std::size_t count_size = big_ ? 8 : 2;
  const std::size_t entry_size = big_ ? 20 : 12;
  const std::size_t word = big_ ? 8 : 4;
  std::array<unsigned char, 8> count_bytes{};
  if (offset > file_.size() || file_.read(offset, count_bytes.data(), count_size) != count_size) return false;
  const std::uint64_t entries = number_at(count_bytes.data(), count_size);
  if (entries == 0 || entries > kMostEntries) {
    if (!pages_.empty()) return false;
    throw_format(Reason::corrupt,
                 "the first directory has " + std::to_string(entries) + " entries; 1 to " +
                     std::to_string(kMostEntries) + " are allowed",
                 file_.path());
  }
  std::vector<unsigned char> bytes(entries * entry_size + word);
  const std::size_t got = file_.read(offset + count_size, bytes.data(), bytes.size());
  if (got < entries * entry_size) return false;
  // Some writers leave out what ends the chain.
  next = got < bytes.size() ? 0 : number_at(bytes.data() + entries * entry_size, word);
  TiffPage page;
  page.offset = offset;
  for (std::uint64_t e = 0; e < entries; ++e) {
    const unsigned char* entry = bytes.data() + e * entry_size;
    TiffValues values;
    const std::uint64_t tag = number_at(entry, 2);
    values.type = static_cast<std::uint16_t>(number_at(entry + 2, 2));
    values.count = number_at(entry + 4, word);
    const std::size_t size = type_size(values.type);
    if (size == 0 || values.count == 0) continue;
    const std::uint64_t field = offset + count_size + e * entry_size + 4 + word;
    const bool inlined = values.count <= word / size;
    values.at = inlined ? field : number_at(entry + 4 + word, word);
    take(page, tag, values, inlined ? entry + 4 + word : nullptr);
  }
  pages_.push_back(page);
  return true;
}

void TiffFile::take(TiffPage& page, std::uint64_t tag, const TiffValues& values,
                    const unsigned char* inlined) const {
  const auto number = [&] {
    if (!holds_whole_numbers(values.type)) return std::uint64_t{0};
    if (inlined != nullptr) return number_at(inlined, type_size(values.type));
    return numbers(values, 0, 1).front();
  };
  const auto even = [&](std::uint64_t first) {
    if (values.count < 2 || values.count > kMostSamples || !holds_whole_numbers(values.type)) return true;
    const std::vector<std::uint64_t> all = numbers(values, 0, values.count);
    return std::all_of(all.begin(), all.end(), [first](std::uint64_t one) { return one == first; });
  };
  switch (tag) {
    case new_subfile_type:
      page.reduced = (number() & 1U) != 0;
      break;
    case image_width:
      page.width = number();
      break;
    case image_length:
      page.length = number();
      break;
    case bits_per_sample:
      page.bits = number();
      page.even_bits = even(page.bits);
      break;
    case compression_tag:
      page.compression = number();
      break;
    case photometric_tag:
      page.photometric = number();
      break;
    case fill_order_tag:
      page.fill_order = number();
      break;
    case image_description:
      (page.descriptions[0].type == 0 ? page.descriptions[0] : page.descriptions[1]) = values;
      break;
    case strip_offsets:
      if (!page.tiled) page.offsets = values;
      break;
    case strip_byte_counts:
      if (!page.tiled) page.byte_counts = values;
      break;
    case tile_offsets:
      page.tiled = true;
      page.offsets = values;
      break;
    case tile_byte_counts:
      page.tiled = true;
      page.byte_counts = values;
      break;
    case samples_per_pixel:
      page.samples = number();
      break;
    case rows_per_strip_tag:
      page.rows_per_strip = number();
      break;
    case x_resolution_tag:
      page.x_resolution = values;
      break;
    case y_resolution_tag:
      page.y_resolution = values;
      break;
    case planar_configuration:
      page.planar = number();
      break;
    case predictor_tag:
      page.predictor = number();
      break;
    case tile_width_tag:
      page.tile_width = number();
      break;
    case tile_length_tag:
      page.tile_length = number();
      break;
    case sample_format_tag:
      page.sample_format = number();
      page.even_formats = even(page.sample_format);
      break;
    case image_depth:
      page.depth = number();
      break;
    case metamorph_stack:
    case fluoview:
    case zeiss_lsm:
      page.vendor_tag = tag;
      break;
    default:
      break;
  }
}

std::vector<std::uint64_t> TiffFile::numbers(const TiffValues& values, std::uint64_t first,
                                             std::uint64_t count) const {
  const std::size_t size = type_size(values.type);
  if (!holds_whole_numbers(values.type) || first > values.count || count > values.count - first) {
    throw_format(Reason::corrupt, "a tag of the directory does not hold the whole numbers that it should",
                 file_.path());
  }
  const std::uint64_t room = file_.size() > values.at ? (file_.size() - values.at) / size : 0;
  if (first > room || count > room - first) {
    throw_format(Reason::truncated,
                 std::to_string(values.count) + " values at byte " + std::to_string(values.at) +
                     " do not lie in the file of " + std::to_string(file_.size()) + " bytes",
                 file_.path());
  }
  std::vector<unsigned char> bytes(static_cast<std::size_t>(count) * size);
  if (file_.read(values.at + first * size, bytes.data(), bytes.size()) != bytes.size()) {
    throw_format(Reason::truncated, "the file ends within a tag", file_.path());
  }
  std::vector<std::uint64_t> result(static_cast<std::size_t>(count));
  for (std::size_t i = 0; i < result.size(); ++i) result[i] = number_at(bytes.data() + i * size, size);
  return result;
}

double TiffFile::rational(const TiffValues& values) const {
  std::array<unsigned char, 8> bytes{};
  if (values.type != 5 || file_.read(values.at, bytes.data(), bytes.size()) != bytes.size()) return 0;
  const auto below = static_cast<double>(number_at(bytes.data() + 4, 4));
  return below == 0 ? 0 : static_cast<double>(number_at(bytes.data(), 4)) / below;
}

std::string TiffFile::text(const TiffValues& values, std::uint64_t longest) const {
  if (type_size(values.type) != 1) return {};
  const std::uint64_t room = file_.size() > values.at ? file_.size() - values.at : 0;
  const std::uint64_t length = std::min(values.count, room);
  if (length > longest) {
    throw_format(Reason::limit,
                 "a description of " + std::to_string(length) + " bytes; at most " + std::to_string(longest) +
                     " are allowed",
                 file_.path());
  }
  std::string text(static_cast<std::size_t>(length), '\0');
  text.resize(file_.read(values.at, text.data(), text.size()));
  text.resize(std::min(text.find('\0'), text.size()));
  return text;
}

void TiffFile::check(const TiffPage& page) const {
  const auto refuse = [this](const std::string& text) { throw_format(Reason::corrupt, text, file_.path()); };
  const auto unsupported = [this](const std::string& text) {
    throw Error(ErrorCode::unsupported, Reason::unsupported, text, file_.path());
  };
  if (page.width < 1 || page.length < 1 || page.width > kMostSide || page.length > kMostSide) {
    refuse("a picture of " + size_text(page) + " pixels; 1 to " + std::to_string(kMostSide) +
           " a side are allowed");
  }
  if (page.samples < 1 || page.samples > kMostSamples) {
    refuse("SamplesPerPixel is " + std::to_string(page.samples) + "; 1 to " + std::to_string(kMostSamples) +
           " are allowed");
  }
  if (page.depth != 1)
    unsupported("a page of several planes (ImageDepth " + std::to_string(page.depth) + ")");
  if (!page.even_bits || !page.even_formats) unsupported("samples of different types in one pixel");
  if (page.planar != 1 && page.planar != 2) {
    refuse("PlanarConfiguration is " + std::to_string(page.planar) + "; 1 and 2 are allowed");
  }
  if (!is_read(page)) {
    unsupported("compression " + std::to_string(page.compression) +
                "; none, LZW, deflate, PackBits, JPEG, JPEG 2000, LZMA, Zstandard, WebP and, of bilevel "
                "pictures, CCITT are read");
  }
  const std::uint64_t element = dtype_size(page_dtype(page));
  if (page.compression == kJpeg2000Compression && page.bits != 8 && page.bits != 16) {
    unsupported("JPEG 2000 of " + std::to_string(page.bits) + " bits; 8 and 16 are read");
  }
  if (page.tiled && (page.tile_width < 1 || page.tile_length < 1 || page.tile_width > kMostSide ||
                     page.tile_length > kMostSide)) {
    refuse("tiles of " + std::to_string(page.tile_width) + " x " + std::to_string(page.tile_length) +
           " pixels");
  }
  if (!page.tiled && page.rows_per_strip < 1) refuse("RowsPerStrip is 0; 1 or more is allowed");
  // Below 2^31 * 2^31 nothing of this overflows; times samples and bytes it may.
  const std::uint64_t pixels = page.width * page.length;
  const std::uint64_t most =
      std::max(kAlwaysJustified, file_.size() > (std::uint64_t{1} << 47U)
                                     ? ~std::uint64_t{0}
                                     : file_.size() * most_expansion(page.compression));
  const std::uint64_t allowed = page.compression == 1 ? file_.size() : most;
  // Of one bit there are eight in a byte.
  const std::uint64_t per_byte = page.bits < 8 ? 8 : 1;
  if (pixels / per_byte > allowed / (element * page.samples)) {
    throw_format(Reason::limit,
                 "a picture of " + size_text(page) + " pixels of " + page_stored_dtype(page) +
                     " in a file of " + std::to_string(file_.size()) + " bytes",
                 file_.path());
  }
  const std::uint64_t segments = segments_of(page);
  if (page.offsets.count < segments || page.byte_counts.count < segments) {
    refuse("the picture has " + std::to_string(std::min(page.offsets.count, page.byte_counts.count)) +
           " of its " + std::to_string(segments) + (page.tiled ? " tiles" : " strips"));
  }
  if (!page.reduced && page.vendor_tag != 0) {
    unsupported(page.vendor_tag == metamorph_stack ? "a MetaMorph stack (.stk): its planes are not TIFF pages"
                : page.vendor_tag == zeiss_lsm     ? "a Zeiss LSM file: its axes are not read"
                                                   : "an Olympus FluoView file: its axes are not read");
  }
}

bool TiffFile::lies_in_one_piece(const TiffPage& page, std::uint64_t& begin) const {
  if (page.compression != 1 || page.fill_order != 1 || page.predictor != 1) return false;
  if (page.bits != 8 && page.bits != 16 && page.bits != 32 && page.bits != 64) return false;
  const std::uint64_t segments = segments_of(page);
  if (page.tiled && (page.tile_width != page.width || page.length % page.tile_length != 0)) return false;
  const std::vector<std::uint64_t> offsets = numbers(page.offsets, 0, segments);
  begin = offsets.front();
  if (segments == 1) return true;
  const std::vector<std::uint64_t> counts = numbers(page.byte_counts, 0, segments);
  std::uint64_t end = begin;
  for (std::size_t s = 0; s < offsets.size(); ++s) {
    if (offsets[s] != end || counts[s] == 0 || counts[s] > file_.size()) return false;
    end += counts[s];
  }
  return end - begin == page_bytes(page);
}

}  // namespace musclemap::io
