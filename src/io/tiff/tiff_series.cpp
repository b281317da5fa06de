#include "io/tiff/tiff_series.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <optional>
#include <string_view>
#include <utility>

#include "base/checked.hpp"
#include "base/text.hpp"
#include "io/files/file_bytes.hpp"
#include "io/files/io_error.hpp"
#include "io/tiff/ome_xml.hpp"
#include "io/tiff/tiff_description.hpp"

namespace musclemap::io {
namespace {

constexpr std::uint64_t kMostDescriptionBytes = std::uint64_t{64} << 20U;
constexpr std::string_view kStackAxes = "TCZYX";
constexpr std::size_t kMostFiles = 100'000;

using Lengths = std::vector<std::int64_t>;

[[noreturn]] void unsupported(const std::string& text, const TiffFile& file) {
  throw Error(ErrorCode::unsupported, Reason::unsupported, text, file.file().path());
}

std::string axis_meaning(char axis) {
  switch (axis) {
    case 'S':
      return "samples of a pixel, such as red, green and blue";
    case 'I':
    case 'Q':
      return "pages of which nothing is said";
    case 'F':
      return "fields of view";
    default:
      return "no axis of a stack";
  }
}

// The axes of one page: what it holds beside rows and columns are samples.
std::string page_axes(const TiffPage& page) {
  if (page.samples == 1) return "YX";
  return page.planar == 2 ? "SYX" : "YXS";
}

Lengths page_lengths(const TiffPage& page) {
  const auto width = static_cast<std::int64_t>(page.width);
  const auto length = static_cast<std::int64_t>(page.length);
  const auto samples = static_cast<std::int64_t>(page.samples);
  if (page.samples == 1) return {length, width};
  return page.planar == 2 ? Lengths{samples, length, width} : Lengths{length, width, samples};
}

// Places the axes of an array, slowest first, on pages like `series.kind`. Returns how many pages it takes.
std::int64_t lay_out(const std::string& axes, const Lengths& lengths, const TiffFile& file,
                     TiffSeries& series) {
  series.info.axes = axes;
  std::string kept;
  Lengths kept_lengths;
  for (std::size_t a = 0; a < axes.size(); ++a) {
    const char axis = axes[a];
    if (lengths[a] == 1 && axis != 'Y' && axis != 'X') continue;
    if (kStackAxes.find(axis) == std::string_view::npos) {
      unsupported("axes " + base::printable(axes, 40) + ": " + base::printable(std::string(1, axis)) +
                      " of " + std::to_string(lengths[a]) + " (" + axis_meaning(axis) +
                      ") is not read; T, C, Z, Y, X are",
                  file);
    }
    if (kept.find(axis) != std::string::npos) {
      unsupported("axes " + base::printable(axes, 40) + ": " + std::string(1, axis) + " stands twice", file);
    }
    kept += axis;
    kept_lengths.push_back(lengths[a]);
  }
  // Rows and columns, and with samples the axis that these are.
  const TiffPage& page = series.kind;
  const Lengths inner = page_lengths(page);
  const bool fits = kept.size() >= inner.size() &&
                    std::equal(inner.rbegin(), inner.rend(), kept_lengths.rbegin()) &&
                    (page.samples == 1 || page.planar == 2 ? kept.compare(kept.size() - 2, 2, "YX") == 0
                                                           : kept.compare(kept.size() - 3, 2, "YX") == 0);
  if (!fits) {
    unsupported("axes " + base::printable(axes, 40) + " on pages of " + std::to_string(page.length) +
                    " rows, " + std::to_string(page.width) + " columns and " + std::to_string(page.samples) +
                    " samples; rows Y and columns X of that size are read",
                file);
  }
  Index5& shape = series.info.geometry.shape;
  shape = {1, 1, 1, 1, 1};
  std::int64_t pages = 1;
  for (std::size_t a = kept.size(); a-- > 0;) {
    const std::size_t axis = std::min(kStackAxes.find(kept[a]), shape.size() - 1);  // each is one of them
    shape[axis] = kept_lengths[a];
    if (axis > 2) continue;
    if (a + inner.size() >= kept.size()) {
      series.sample_step[axis] = 1;
    } else {
      series.page_step[axis] = pages;
      pages = base::checked_mul(pages, kept_lengths[a]);
    }
  }
  return pages;
}

// Pages `first`, `first` + 1, … of the file itself, all like the first one.
void take_pages(const TiffFile& file, std::int64_t count, TiffSeries& series) {
  if (static_cast<std::uint64_t>(count) > file.pages().size()) {
    throw_format(Reason::truncated,
                 "the description promises " + std::to_string(count) + " planes and the file holds " +
                     std::to_string(file.pages().size()),
                 file.file().path());
  }
  for (std::size_t p = 0; p < static_cast<std::size_t>(count); ++p) series.pages.push_back({0, p});
}

void check_like(const TiffPage& page, const TiffPage& kind, std::size_t number, const TiffFile& file) {
  file.check(page);
  if (same_kind(page, kind)) return;
  throw_format(Reason::corrupt,
               "page " + std::to_string(number) + " is of " + std::to_string(page.width) + " x " +
                   std::to_string(page.length) + " pixels of " + page_stored_dtype(page) +
                   ", the first one of " + std::to_string(kind.width) + " x " + std::to_string(kind.length) +
                   " of " + page_stored_dtype(kind),
               file.file().path());
}

// Uncompressed planes behind each other, of which only the first has a directory.
bool take_one_piece(const TiffFile& file, std::int64_t count, TiffSeries& series) {
  std::uint64_t begin = 0;
  if (!file.lies_in_one_piece(series.kind, begin)) return false;
  const std::uint64_t size = file.file().size();
  if (begin > size || static_cast<std::uint64_t>(count) > (size - begin) / page_bytes(series.kind))
    return false;
  series.begin = begin;
  return true;
}

void warn_of_others(std::int64_t used, const TiffFile& file, TiffSeries& series) {
  std::int64_t others = 0;
  for (const TiffPage& page : file.pages()) others += page.reduced ? 0 : 1;
  others -= used;
  if (others <= 0) return;
  series.info.warnings.push_back(
      {WarningCode::series_ignored,
       "the file holds " + std::to_string(others) + " more pages of another kind; the first series is read"});
}

// Pages of which nothing is said: those like the first one are one series.
void plain_series(const TiffFile& file, TiffSeries& series) {
  const TiffPage& first = series.kind;
  const auto alike = [&first](const TiffPage& page) {
    return same_kind(page, first) && page.compression == first.compression &&
           page.predictor == first.predictor && page.photometric == first.photometric &&
           page.rows_per_strip == first.rows_per_strip && page.tile_width == first.tile_width &&
           page.tile_length == first.tile_length;
  };
  const auto count = std::count_if(file.pages().begin(), file.pages().end(), alike);
  Lengths lengths = page_lengths(first);
  lengths.insert(lengths.begin(), count);
  lay_out((count > 1 ? "I" : "") + page_axes(first), count > 1 ? lengths : page_lengths(first), file, series);
  series.pages.push_back({0, 0});
  warn_of_others(1, file, series);
}

bool shaped_series(const ShapedDescription& shaped, const TiffFile& file, TiffSeries& series) {
  const Lengths inner = page_lengths(series.kind);
  Lengths lengths = shaped.shape;
  std::string axes = shaped.axes;
  if (axes.size() != lengths.size()) {
    // Nothing is said of the axes: those of the page, and unknown ones before.
    axes = page_axes(series.kind);
    Lengths long_ones;
    for (const std::int64_t length : lengths) {
      if (length > 1) long_ones.push_back(length);
    }
    Lengths long_inner;
    for (const std::int64_t length : inner) {
      if (length > 1) long_inner.push_back(length);
    }
    if (long_ones.size() < long_inner.size() ||
        !std::equal(long_inner.rbegin(), long_inner.rend(), long_ones.rbegin())) {
      return false;
    }
    const std::size_t more = long_ones.size() - long_inner.size();
    lengths.assign(long_ones.begin(), long_ones.begin() + static_cast<std::ptrdiff_t>(more));
    lengths.insert(lengths.end(), inner.begin(), inner.end());
    axes.insert(0, more, 'Q');
  }
  const std::int64_t count = lay_out(axes, lengths, file, series);
  const bool one_piece = shaped.truncated || file.pages().size() == 1;
  if (count > 1 && one_piece && take_one_piece(file, count, series)) return true;
  take_pages(file, count, series);
  warn_of_others(count, file, series);
  return true;
}

// Axes of ImageJ's pages, slowest first, for its `order`, fastest first.
std::string imagej_axes(const std::string& order) {
  for (const char* known : {"czt", "ctz", "zct", "ztc", "tcz", "tzc"}) {
    if (order != known) continue;
    std::string axes(order.rbegin(), order.rend());
    for (char& axis : axes) axis = static_cast<char>(axis - 'a' + 'A');
    return axes;
  }
  return "TZC";
}

// ImageJ writes the letter µ as an escape of Java.
std::string imagej_unit(std::string unit) {
  const std::size_t escape = unit.find("\\u00B5");
  if (escape != std::string::npos) unit.replace(escape, 6, "\u00B5");
  if (unit == "microns" || unit == "micrometer" || unit == "\xB5m") return "um";
  if (unit == "inch") return "in";
  return unit;
}

void imagej_sizes(const ImageJDescription& imagej, const TiffFile& file, TiffSeries& series) {
  const std::string unit = imagej_unit(imagej.unit);
  const auto um = [&unit](double value) {
    const double size = std::isfinite(value) && value > 0 ? ome_length_um(value, unit) : 0;
    return std::isfinite(size) ? size : 0;
  };
  const double x = file.rational(series.kind.x_resolution);
  const double y = file.rational(series.kind.y_resolution);
  series.info.geometry.pixel_size_um = {x > 0 ? um(1 / x) : 0, y > 0 ? um(1 / y) : 0, um(imagej.spacing)};
}

void imagej_series(const ImageJDescription& imagej, const TiffFile& file, TiffSeries& series) {
  const TiffPage& page = series.kind;
  const std::vector<TiffPage>& pages = file.pages();
  const auto samples = static_cast<std::int64_t>(page.samples);
  std::int64_t channels = imagej.channels;
  std::int64_t images = base::checked_mul(imagej.frames, imagej.slices);
  // Bio-Formats counts samples as channels.
  const bool planar_channels = page.planar == 2 && samples > 1 && samples == channels;
  if (page.planar != 2 && samples > 1 && samples == channels && imagej.images == images) channels = 1;
  if (!planar_channels) images = base::checked_mul(images, channels);
  std::int64_t unknown = 1;
  if (images == 1 && pages.size() > 1) unknown = static_cast<std::int64_t>(pages.size());
  std::string axes = imagej_axes(imagej.order);
  Lengths lengths;
  for (const char axis : axes) {
    lengths.push_back(axis == 'T' ? imagej.frames : axis == 'Z' ? imagej.slices : channels);
  }
  const Lengths inner = page_lengths(page);
  if (planar_channels) {
    const std::size_t place = axes.find('C');
    axes.erase(place, 1);
    lengths.erase(lengths.begin() + static_cast<std::ptrdiff_t>(place));
    axes += "CYX";
  } else {
    axes += page_axes(page);
  }
  lengths.insert(lengths.end(), inner.begin(), inner.end());
  if (unknown > 1) {
    axes.insert(0, 1, 'I');
    lengths.insert(lengths.begin(), unknown);
  }
  const std::int64_t count = lay_out(axes, lengths, file, series);
  imagej_sizes(imagej, file, series);
  // All data lie before the second directory: ImageJ's own form, where later directories do not count.
  if (count > 1 && take_one_piece(file, count, series)) {
    const std::uint64_t end = series.begin + static_cast<std::uint64_t>(count) * page_bytes(page);
    if (pages.size() == 1 || end <= pages[1].offset) return;
  }
  take_pages(file, count, series);
}

// The files of an OME series: names of this folder alone.
class OmeFiles {
 public:
  OmeFiles(const TiffFile& file, std::string uuid, TiffSeries& series)
      : file_(file), uuid_(std::move(uuid)), series_(series) {}

  std::size_t find(const OmeTiffData& data) {
    const std::filesystem::path& own = file_.file().path();
    if (data.uuid.empty() || data.uuid == uuid_) return 0;
    if (base::ascii_lower(data.file_name) == base::ascii_lower(own.filename().string())) return 0;
    const std::filesystem::path name = data.file_name;
    if (name.empty() || name.has_parent_path() || name == "." || name == ".." || name.is_absolute()) {
      throw_format(Reason::corrupt,
                   "OME-XML: planes lie in the file \"" + base::printable(data.file_name, 80) +
                       "\"; the name of a file in the same folder is allowed",
                   own);
    }
    const std::filesystem::path path = own.parent_path() / name;
    const auto known = std::find(series_.files.begin(), series_.files.end(), path);
    if (known != series_.files.end()) return static_cast<std::size_t>(known - series_.files.begin());
    if (series_.files.size() >= kMostFiles) throw_format(Reason::limit, "OME-XML names too many files", own);
    const TiffFile other(path);
    others_.push_back(other.pages());
    for (const TiffPage& page : other.pages()) {
      if (page.reduced) continue;
      check_like(page, series_.kind, static_cast<std::size_t>(&page - other.pages().data()), other);
    }
    series_.files.push_back(path);
    return series_.files.size() - 1;
  }

  const std::vector<TiffPage>& pages(std::size_t file) const {
    return file == 0 ? file_.pages() : others_[file - 1];
  }

 private:
  const TiffFile& file_;
  std::string uuid_;
  TiffSeries& series_;
  std::vector<std::vector<TiffPage>> others_;
};

std::string plane_text(std::int64_t page, const TiffSeries& series) {
  std::string text;
  for (std::size_t axis = 0; axis < 3; ++axis) {
    const std::int64_t step = series.page_step[axis];
    const std::int64_t index = step == 0 ? 0 : page / step % series.info.geometry.shape[axis];
    text += std::string(axis == 0 ? "" : ", ") + kStackAxes[axis] + " = " + std::to_string(index);
  }
  return text;
}

void ome_planes(const OmeImage& image, std::int64_t count, const TiffFile& file, OmeFiles& files,
                TiffSeries& series) {
  constexpr auto kNone = static_cast<std::size_t>(-1);
  std::uint64_t taken = 0;
  for (const OmeTiffData& data : image.data) {
    std::int64_t at = 0;
    bool inside = true;
    for (std::size_t axis = 0; axis < 3; ++axis) {
      inside = inside && data.first[axis] < series.info.geometry.shape[axis];
      at += data.first[axis] * series.page_step[axis];
    }
    if (!inside) continue;  // ImageJ leaves such ones when it crops
    const std::size_t which = files.find(data);
    const auto room = static_cast<std::int64_t>(files.pages(which).size()) - data.ifd;
    std::int64_t planes = std::min(room, count - at);
    if (data.planes > 0) planes = std::min(planes, data.planes);
    if (planes <= 0) continue;
    taken += static_cast<std::uint64_t>(planes);
    if (taken > 2 * static_cast<std::uint64_t>(count) + 1000) {
      throw_format(Reason::limit, "OME-XML names the same planes again and again", file.file().path());
    }
    const auto end = static_cast<std::size_t>(at + planes);
    if (series.pages.size() < end) series.pages.resize(end, TiffPlace{kNone, 0});
    for (std::int64_t p = 0; p < planes; ++p) {
      series.pages[static_cast<std::size_t>(at + p)] = {which, static_cast<std::size_t>(data.ifd + p)};
    }
  }
  const auto missing = std::find_if(series.pages.begin(), series.pages.end(),
                                    [](const TiffPlace& place) { return place.file == kNone; });
  const auto first_missing = static_cast<std::int64_t>(missing - series.pages.begin());
  if (first_missing < count) {
    throw_format(Reason::truncated,
                 "OME-XML promises " + std::to_string(count) + " planes; " +
                     plane_text(first_missing, series) + " is not in the file",
                 file.file().path());
  }
}

// The document, from the file that holds it where this one does not.
OmeDocument ome_document(const std::string& text, const TiffFile& file, std::string& own_uuid) {
  const std::filesystem::path& path = file.file().path();
  std::filesystem::path where = path;
  try {
    OmeDocument document = parse_ome_xml(text);
    own_uuid = document.uuid;
    if (document.metadata_file.empty()) return document;
    const std::filesystem::path name = document.metadata_file;
    if (name.has_parent_path() || name == "." || name == "..") {
      throw_format(Reason::corrupt,
                   "OME-XML lies in \"" + base::printable(document.metadata_file, 80) +
                       "\"; the name of a file in the same folder is allowed",
                   path);
    }
    where = path.parent_path() / name;
    OmeDocument companion = parse_ome_xml(read_file_bytes(where, kMostDescriptionBytes));
    if (companion.image_count > 0) return companion;
    throw_format(Reason::corrupt, "OME-XML without an Image", where);
  } catch (const Error& error) {
    throw error.about(where);
  }
}

void ome_series(const std::string& text, const TiffFile& file, TiffSeries& series) {
  std::string own_uuid;
  OmeDocument document = ome_document(text, file, own_uuid);
  OmeImage& image = document.image;
  if (document.modulo) unsupported("OME-XML divides an axis into others (modulo), which is not read", file);
  if (document.image_count > 1) {
    series.info.warnings.push_back(
        {WarningCode::series_ignored, "the file holds " + std::to_string(document.image_count) +
                                          " pictures (scenes); the first one is read"});
  }
  for (const std::string& unit : image.unknown_units) {
    series.info.warnings.push_back(
        {WarningCode::unit, "pixel sizes in \"" + base::printable(unit, 40) + "\" are taken as unknown"});
  }
  std::string axes(image.order.rbegin(), image.order.rend());
  Lengths lengths;
  for (const char axis : axes) lengths.push_back(image.shape[kStackAxes.find(axis)]);
  if (image.samples > 1) {
    lengths[axes.find('C')] = std::max<std::int64_t>(1, image.shape[1] / image.samples);
    const bool planar = series.kind.planar == 2;
    axes.insert(planar ? axes.size() - 2 : axes.size(), 1, 'S');
    lengths.insert(planar ? lengths.end() - 2 : lengths.end(), image.samples);
  }
  const std::int64_t count = lay_out(axes, lengths, file, series);
  series.info.geometry.pixel_size_um = image.pixel_size_um;
  const auto channels = static_cast<std::size_t>(series.info.geometry.shape[1]);
  std::vector<std::string>& names = series.info.geometry.channel_names;
  // As many channels as pages can make, so the number is that of something in the file.
  OmeFiles files(file, own_uuid, series);
  ome_planes(image, count, file, files, series);
  names = std::move(image.channel_names);
  names.resize(std::min(names.size(), channels));
  while (names.size() < channels) names.push_back("Channel:0:" + std::to_string(names.size()));
  series.info.comments = std::move(document.comments);
}

bool begins_with(std::string_view text, std::string_view begin) {
  return text.substr(0, begin.size()) == begin;
}

// A whole document, or one that was cut off.
bool is_ome_xml(std::string_view text) {
  const std::size_t first = text.find('<');
  if (first == std::string_view::npos || first > 4) return false;
  const std::string_view head = text.substr(0, 4096);
  return head.find("<OME") != std::string_view::npos || head.find(":OME") != std::string_view::npos;
}

void choose_series(const TiffFile& file, TiffSeries& series) {
  const std::array<TiffValues, 2>& places = file.pages().front().descriptions;
  const std::array<std::string, 2> texts{file.text(places[0], kMostDescriptionBytes),
                                         file.text(places[1], kMostDescriptionBytes)};
  for (const std::string& text : texts) {
    const std::optional<ShapedDescription> shaped =
        text.empty() || text.find("\"mibi.") != std::string::npos ? std::nullopt : parse_shaped(text);
    if (shaped && shaped_series(*shaped, file, series)) return;
  }
  if (is_ome_xml(texts[0])) {
    series.info.format = "OME-TIFF";
    ome_series(texts[0], file, series);
    return;
  }
  for (const std::string& text : texts) {
    if (!begins_with(text, "ImageJ=") && !begins_with(text, "SCIFIO=")) continue;
    const std::optional<ImageJDescription> imagej = parse_imagej(text);
    if (!imagej) {
      throw_format(Reason::corrupt, "ImageJ's description counts planes below 1 or in no numbers",
                   file.file().path());
    }
    series.info.format = "ImageJ TIFF";
    imagej_series(*imagej, file, series);
    return;
  }
  plain_series(file, series);
}

}  // namespace

TiffSeries find_series(const TiffFile& file) {
  TiffSeries series;
  series.kind = file.pages().front();
  file.check(series.kind);
  series.files.push_back(file.file().path());
  series.info.format = "TIFF";
  series.info.warnings = file.warnings();
  series.info.dtype = page_dtype(series.kind);
  series.info.stored_dtype = page_stored_dtype(series.kind);
  choose_series(file, series);
  for (const TiffPlace& place : series.pages) {
    if (place.file == 0) check_like(file.pages()[place.page], series.kind, place.page, file);
  }
  return series;
}

}  // namespace musclemap::io
