// ITK-SNAP: the comment block that its label editor writes. Slicer: vtkMRMLColorTableStorageNode, blanks in
// names as underscores. FSLeyes: "value red green blue name", 0 to 1. FreeSurfer: FreeSurferColorLUT.txt, the
// last column 0. BIDS: dseg.tsv of the common derivatives.
#include <algorithm>
#include <array>
#include <cstdint>
#include <ostream>
#include <set>
#include <string>
#include <vector>

#include "musclemap/error.hpp"
#include "musclemap/labels.hpp"

namespace musclemap {
namespace {

struct Row {
  std::string value;
  std::string name;
  std::array<std::uint8_t, 3> colour;
};

std::string sanitised(const std::string& name, bool keep_blanks) {
  std::string result;
  for (const char c : name) {
    const bool control = static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
    if (c == '"' || c == '\'' || c == '\\') continue;
    // A comma next to its blank would become two underscores.
    if (!keep_blanks && (c == ' ' || c == ',' || c == '#' || control)) {
      if (!result.empty() && result.back() != '_') result += '_';
    } else {
      result += control ? ' ' : c;
    }
  }
  return result.empty() ? "label" : result;
}

std::vector<Row> rows_of(const std::vector<Label>& labels, bool keep_blanks) {
  std::vector<Row> rows;
  std::set<std::string> names;
  for (const Label& label : labels) {
    std::string name = sanitised(display_name(label), keep_blanks);
    if (!names.insert(name).second) {
      name += (keep_blanks ? " " : "_") + std::to_string(label.value);
      names.insert(name);
    }
    rows.push_back({std::to_string(label.value), name, label_colour(label.value)});
  }
  return rows;
}

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
  for (const Row& row : rows_of(labels, true)) {
    text += padded(row.value, 5) + "   " + integers(row.colour, "  ", 3) + "        1  1  1    \"" +
            row.name + "\"\n";
  }
  return text;
}

std::string slicer(const std::vector<Label>& labels) {
  std::string text = "# Color table file musclemap.ctbl\n# " + std::to_string(labels.size() + 1) +
                     " values\n0 Background 0 0 0 0\n";
  for (const Row& row : rows_of(labels, false)) {
    text += row.value + " " + row.name + " " + integers(row.colour, " ", 0) + " 255\n";
  }
  return text;
}

std::string fsleyes(const std::vector<Label>& labels) {
  std::string text;
  for (const Row& row : rows_of(labels, true)) {
    text += row.value + " " + unit_fraction(row.colour[0]) + " " + unit_fraction(row.colour[1]) + " " +
            unit_fraction(row.colour[2]) + " " + row.name + "\n";
  }
  return text;
}

std::string freesurfer(const std::vector<Label>& labels) {
  std::string text = "#No. Label Name: R G B A\n0 Unknown 0 0 0 0\n";
  for (const Row& row : rows_of(labels, false)) {
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
  const std::vector<Row> rows = rows_of(labels, true);
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
