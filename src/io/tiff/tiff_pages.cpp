#include "io/tiff/tiff_pages.hpp"

#include <libdeflate.h>

#include <algorithm>
#include <new>
#include <utility>
#include <vector>

#include "base/checked.hpp"
#include "musclemap/error.hpp"

namespace musclemap::io {
namespace {

constexpr std::uint64_t kMostClassicBytes = std::uint64_t{1} << 21;
constexpr std::uint64_t kMostDescription = std::uint64_t{1} << 30;
constexpr std::int64_t kStripBytes = std::int64_t{1} << 18;
constexpr std::size_t kDataAlignment = 16;
constexpr int kDeflateLevel = 6;

// Types of a tag's values.
using FieldType = std::uint16_t;
constexpr FieldType kFieldAscii = 2;
constexpr FieldType kFieldShort = 3;
constexpr FieldType kFieldLong = 4;
constexpr FieldType kFieldRational = 5;
constexpr FieldType kFieldLong8 = 16;

std::size_t field_bytes(FieldType type) {
  switch (type) {
    case kFieldAscii:
      return 1;
    case kFieldShort:
      return 2;
    case kFieldLong:
      return 4;
    default:
      return 8;
  }
}

void put_number(std::uint64_t value, std::size_t bytes, std::string* out) {
  for (std::size_t byte = 0; byte < bytes; ++byte) *out += static_cast<char>(value >> (8 * byte) & 0xff);
}

// A tag with its values as bytes of the file.
struct Field {
  std::uint16_t tag;
  FieldType type;
  std::uint64_t count;
  std::string bytes;
};

Field number_field(std::uint16_t tag, FieldType type, std::uint64_t value) {
  Field field{tag, type, 1, {}};
  put_number(value, field_bytes(type), &field.bytes);
  return field;
}

Field numbers_field(std::uint16_t tag, FieldType type, const std::vector<std::uint64_t>& values) {
  Field field{tag, type, values.size(), {}};
  for (const std::uint64_t value : values) put_number(value, field_bytes(type), &field.bytes);
  return field;
}

Field text_field(std::uint16_t tag, const std::string& text) {
  return {tag, kFieldAscii, text.size() + 1, text + '\0'};
}

// A directory and the values behind it, as it lies at `begin`.
struct Directory {
  std::string bytes;
  std::size_t next = 0;  // where in `bytes` the place of the next directory stands
};

Directory directory_of(const std::vector<Field>& fields, std::uint64_t begin, bool big) {
  const std::size_t inline_bytes = big ? 8 : 4;
  Directory directory;
  std::string values;
  put_number(fields.size(), big ? 8 : 2, &directory.bytes);
  const std::uint64_t values_begin =
      begin + directory.bytes.size() + fields.size() * (big ? 20 : 12) + inline_bytes;
  for (const Field& field : fields) {
    put_number(field.tag, 2, &directory.bytes);
    put_number(field.type, 2, &directory.bytes);
    put_number(field.count, inline_bytes, &directory.bytes);
    if (field.bytes.size() <= inline_bytes) {
      directory.bytes += field.bytes;
      directory.bytes.append(inline_bytes - field.bytes.size(), '\0');
    } else {
      if ((values_begin + values.size()) % 2 != 0) values += '\0';
      put_number(values_begin + values.size(), inline_bytes, &directory.bytes);
      values += field.bytes;
    }
  }
  directory.next = directory.bytes.size();
  directory.bytes.append(inline_bytes, '\0');
  directory.bytes += values;
  const std::uint64_t end = begin + directory.bytes.size();
  directory.bytes.append((kDataAlignment - end % kDataAlignment) % kDataAlignment, '\0');
  return directory;
}

std::vector<Field> fields_of(const TiffPageFacts& facts, bool first, bool big, std::int64_t strip_rows,
                             const std::vector<std::uint64_t>& offsets,
                             const std::vector<std::uint64_t>& counts) {
  constexpr std::uint64_t kAdobeDeflate = 8;
  constexpr std::uint64_t kNotCompressed = 1;
  constexpr std::uint64_t kMinIsBlack = 1;
  constexpr std::uint64_t kNoUnit = 1;
  constexpr std::uint64_t kOneToOne = std::uint64_t{1} << 32 | 1;
  std::vector<Field> fields;
  fields.push_back(number_field(256, kFieldLong, static_cast<std::uint64_t>(facts.width)));
  fields.push_back(number_field(257, kFieldLong, static_cast<std::uint64_t>(facts.height)));
  fields.push_back(number_field(258, kFieldShort, 8 * facts.sample_bytes));
  fields.push_back(number_field(259, kFieldShort, facts.deflate ? kAdobeDeflate : kNotCompressed));
  fields.push_back(number_field(262, kFieldShort, kMinIsBlack));
  if (first && !facts.description.empty()) fields.push_back(text_field(270, facts.description));
  fields.push_back(numbers_field(273, big ? kFieldLong8 : kFieldLong, offsets));
  fields.push_back(number_field(277, kFieldShort, 1));
  fields.push_back(number_field(278, kFieldLong, static_cast<std::uint64_t>(strip_rows)));
  fields.push_back(numbers_field(279, kFieldLong, counts));
  fields.push_back(number_field(282, kFieldRational, kOneToOne));
  fields.push_back(number_field(283, kFieldRational, kOneToOne));
  fields.push_back(number_field(296, kFieldShort, kNoUnit));
  if (first && !facts.software.empty()) fields.push_back(text_field(305, facts.software));
  if (facts.sample != TiffSample::whole)  // which is the default
    fields.push_back(number_field(339, kFieldShort, static_cast<std::uint64_t>(facts.sample)));
  return fields;
}

bool is_big(const TiffPageFacts& facts) {
  constexpr std::int64_t kMostLength = 0x7fffffff;
  base::check_number(facts.width, 1, kMostLength, "width of a TIFF page");
  base::check_number(facts.height, 1, kMostLength, "height of a TIFF page");
  base::check_number(facts.pages, 1, kMostLength, "number of TIFF pages");
  if (facts.description.size() > kMostDescription) {
    throw Error(ErrorCode::argument, Reason::limit,
                "the description has " + std::to_string(facts.description.size()) + " bytes; at most " +
                    std::to_string(kMostDescription) + " are written");
  }
  const std::int64_t page = base::checked_mul(base::checked_mul(facts.width, facts.height),
                                              static_cast<std::int64_t>(facts.sample_bytes));
  return static_cast<std::uint64_t>(base::checked_mul(page, facts.pages)) > kMostClassicBytes;
}

}  // namespace

struct TiffPages::Packer {
  Packer() : compressor(libdeflate_alloc_compressor(kDeflateLevel), libdeflate_free_compressor) {
    if (!compressor) throw std::bad_alloc();
  }
  void add(const char* bytes, std::size_t count, bool deflate) {
    if (!deflate) {
      strips.append(bytes, count);
      counts.push_back(count);
      return;
    }
    const std::size_t begin = strips.size();
    strips.resize(begin + libdeflate_zlib_compress_bound(compressor.get(), count));
    const std::size_t packed = libdeflate_zlib_compress(compressor.get(), bytes, count, strips.data() + begin,
                                                        strips.size() - begin);
    strips.resize(begin + packed);
    counts.push_back(packed);
  }

  std::unique_ptr<libdeflate_compressor, void (*)(libdeflate_compressor*)> compressor;
  std::string strips;  // of one page, one after the other
  std::vector<std::uint64_t> counts;
};

TiffPages::TiffPages(const std::filesystem::path& file, TiffPageFacts facts)
    : file_(file), facts_(std::move(facts)), big_(is_big(facts_)), packer_(std::make_unique<Packer>()) {
  std::string header("II");
  put_number(big_ ? 43 : 42, 2, &header);
  if (big_) put_number(8, 4, &header);  // bytes of an offset, and nothing
  put_number(big_ ? 16 : 8, big_ ? 8 : 4, &header);
  file_.write(header.data(), header.size());
  written_ = header.size();
}

TiffPages::~TiffPages() = default;

void TiffPages::write(const void* samples) {
  if (pages_ == facts_.pages)
    throw Error(ErrorCode::argument, "a TIFF file of " + std::to_string(pages_) + " pages gets another one");
  const std::int64_t row_bytes = facts_.width * static_cast<std::int64_t>(facts_.sample_bytes);
  const std::int64_t strip_rows = std::min(std::max<std::int64_t>(kStripBytes / row_bytes, 1), facts_.height);
  const auto* bytes = static_cast<const char*>(samples);
  packer_->strips.clear();
  packer_->counts.clear();
  for (std::int64_t row = 0; row < facts_.height; row += strip_rows) {
    const std::int64_t rows = std::min(strip_rows, facts_.height - row);
    packer_->add(bytes + row * row_bytes, static_cast<std::size_t>(rows * row_bytes), facts_.deflate);
  }
  // Offsets take as much room whatever they are, so the directory is made once to see how long it is.
  std::vector<std::uint64_t> offsets(packer_->counts.size(), 0);
  const auto directory = [&] {
    return directory_of(fields_of(facts_, pages_ == 0, big_, strip_rows, offsets, packer_->counts), written_,
                        big_);
  };
  std::uint64_t end = written_ + directory().bytes.size();
  for (std::size_t strip = 0; strip < offsets.size(); ++strip) {
    offsets[strip] = end;
    end += packer_->counts[strip];
  }
  const bool odd = end % 2 != 0;
  end += odd ? 1 : 0;
  Directory placed = directory();
  ++pages_;
  std::string next;
  put_number(pages_ < facts_.pages ? end : 0, big_ ? 8 : 4, &next);
  placed.bytes.replace(placed.next, next.size(), next);
  file_.write(placed.bytes.data(), placed.bytes.size());
  file_.write(packer_->strips.data(), packer_->strips.size());
  if (odd && pages_ < facts_.pages) file_.write("", 1);
  written_ = end;
}

void TiffPages::commit() {
  if (pages_ < facts_.pages) {
    throw Error(ErrorCode::argument, "a TIFF file of " + std::to_string(facts_.pages) + " pages has only " +
                                         std::to_string(pages_));
  }
  file_.commit();
}

}  // namespace musclemap::io
