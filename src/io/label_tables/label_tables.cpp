// ITK-SNAP: the comment block that its label editor writes. Slicer: vtkMRMLColorTableStorageNode, blanks in
// names as underscores. FSLeyes: "value red green blue name", 0 to 1. FreeSurfer: FreeSurferColorLUT.txt, the
// last column 0. BIDS: dseg.tsv of the common derivatives.
#include <algorithm>
#include <array>
#include <cstdint>
#include <limits>
#include <ostream>
#include <string>
#include <vector>

#include "io/label_tables/label_table_rows.hpp"
#include "musclemap/error.hpp"
#include "musclemap/labels.hpp"

namespace musclemap {
namespace {

using io::Row;
using io::rows_of;
using io::sanitised;
using io::Viewer;

constexpr std::int32_t kAnyPositive = std::numeric_limits<std::int32_t>::max();
// ITK-SNAP's labels are 16 bits without a sign; Slicer takes a table with a higher number for another file.
constexpr Viewer kItkSnap{"ITK-SNAP", 65535, true, "Clear Label"};
constexpr Viewer kSlicer{"Slicer", 1000000, false, "Background"};
constexpr Viewer kFsleyes{"FSLeyes", kAnyPositive, true, ""};
constexpr Viewer kFreeSurfer{"FreeSurfer", kAnyPositive, false, "Unknown"};
constexpr Viewer kBids{"BIDS", kAnyPositive, true, "n/a"};

std::string padded(const std::string& text, std::size_t width) {
  return text.size() < width ? std::string(width - text.size(), ' ') + text : text;
}

/// x / 255 with 4 digits, by integer arithmetic: no locale, no rounding mode.
std::string unit_fraction(std::uint8_t x) {
  const unsigned ten_thousandths = (static_cast<unsigned>(x) * 10000 + 127) / 255;
  std::string digits = std::to_string(ten_thousandths % 10000);
  digits.insert(0, 4 - digits.size(), '0');
  return std::to_string(ten_thousandths / 10000) + "." + digits;
}

std::string hex_colour(const std::array<std::uint8_t, 3>& colour) {
  constexpr char kDigits[] = "0123456789ABCDEF";
  std::string text = "#";
  for (const std::uint8_t c : colour) {
    text += kDigits[c >> 4];
    text += kDigits[c & 15];
  }
  return text;
}

std::string integers(const std::array<std::uint8_t, 3>& colour, const std::string& between,
                     std::size_t width) {
  return padded(std::to_string(colour[0]), width) + between + padded(std::to_string(colour[1]), width) +
         between + padded(std::to_string(colour[2]), width);
}

std::string itksnap(const std::vector<Label>& labels) {
  std::string text =
      "################################################\n"
      "# ITK-SnAP Label Description File\n"
      "# File format: \n"
      "# IDX   -R-  -G-  -B-  -A--  VIS MSH  LABEL\n"
      "# Fields: \n"
      "#    IDX:   Zero-based index \n"
      "#    -R-:   Red color component (0..255)\n"
      "#    -G-:   Green color component (0..255)\n"
      "#    -B-:   Blue color component (0..255)\n"
      "#    -A-:   Label transparency (0.00 .. 1.00)\n"
      "#    VIS:   Label visibility (0 or 1)\n"
      "#    IDX:   Label mesh visibility (0 or 1)\n"
      "#  LABEL:   Label description \n"
      "################################################\n"
      "    0     0    0    0        0  0  0    \"Clear Label\"\n";
  for (const Row& row : rows_of(labels, kItkSnap)) {
    text += padded(row.value, 5) + "   " + integers(row.colour, "  ", 3) + "        1  1  1    \"" +
            row.name + "\"\n";
  }
  return text;
}

std::string slicer(const std::vector<Label>& labels) {
  std::string text = "# Color table file musclemap.ctbl\n# " + std::to_string(labels.size() + 1) +
                     " values\n0 Background 0 0 0 0\n";
  for (const Row& row : rows_of(labels, kSlicer)) {
    text += row.value + " " + row.name + " " + integers(row.colour, " ", 0) + " 255\n";
  }
  return text;
}

std::string fsleyes(const std::vector<Label>& labels) {
  std::string text;
  for (const Row& row : rows_of(labels, kFsleyes)) {
    text += row.value + " " + unit_fraction(row.colour[0]) + " " + unit_fraction(row.colour[1]) + " " +
            unit_fraction(row.colour[2]) + " " + row.name + "\n";
  }
  return text;
}

std::string freesurfer(const std::vector<Label>& labels) {
  std::string text = "#No. Label Name: R G B A\n0 Unknown 0 0 0 0\n";
  for (const Row& row : rows_of(labels, kFreeSurfer)) {
    text += row.value + " " + row.name + " " + integers(row.colour, " ", 0) + " 0\n";
  }
  return text;
}

/// A cell of a BIDS table: "n/a" for an empty one.
std::string bids_cell(const std::string& text) { return text.empty() ? "n/a" : sanitised(text, true); }

std::string bids(const std::vector<Label>& labels) {
  const bool coded =
      std::any_of(labels.begin(), labels.end(), [](const Label& label) { return !label.snomed.empty(); });
  std::string text = coded ? "index\tname\tcolor\tsnomed\n" : "index\tname\tcolor\n";
  const std::vector<Row> rows = rows_of(labels, kBids);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    text += rows[i].value + "\t" + rows[i].name + "\t" + hex_colour(rows[i].colour);
    text += coded ? "\t" + bids_cell(labels[i].snomed) + "\n" : "\n";
  }
  return text;
}

}  // namespace

void write_label_table(const std::vector<Label>& labels, LabelTableFormat format, std::ostream& out) {
  std::string text;
  switch (format) {
    case LabelTableFormat::itksnap:
      text = itksnap(labels);
      break;
    case LabelTableFormat::slicer:
      text = slicer(labels);
      break;
    case LabelTableFormat::fsleyes:
      text = fsleyes(labels);
      break;
    case LabelTableFormat::freesurfer:
      text = freesurfer(labels);
      break;
    case LabelTableFormat::bids:
      text = bids(labels);
      break;
    default:
      throw Error(ErrorCode::argument,
                  "no label table has number " + std::to_string(static_cast<int>(format)));
  }
  // Unformatted output: neither width nor locale of the stream matters.
  out.write(text.data(), static_cast<std::streamsize>(text.size()));
  if (!out) throw Error(ErrorCode::io, "the label table cannot be written");
}

}  // namespace musclemap
