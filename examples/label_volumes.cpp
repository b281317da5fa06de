// musclemap_label_volumes: volumes and slices of every structure of a label map, slab by slab, as CSV.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <limits>
#include <locale>
#include <map>
#include <memory>
#include <sstream>
#include <string>
#include <vector>

#include "musclemap/error.hpp"
#include "musclemap/labels.hpp"
#include "musclemap/nifti.hpp"

namespace {

namespace fs = std::filesystem;
using musclemap::DType;
using musclemap::Error;
using musclemap::ErrorCode;
using musclemap::Reason;

struct Options {
  std::string labels;
  std::string names;
  std::string output;
  std::string truth;
  bool table = false;
};

struct Structure {
  std::int64_t voxels = 0;
  std::int64_t slices = 0;
  std::int64_t largest = 0;
  std::int64_t largest_slice = -1;
  std::int64_t in_slice = 0;
  std::int64_t truth = 0;
  std::int64_t both = 0;
};

std::int32_t to_label(double value) {
  const bool whole = std::nearbyint(value) == value;
  if (!whole || std::fabs(value) > std::numeric_limits<std::int32_t>::max()) {
    throw Error(ErrorCode::format, Reason::labels, "a label map holds a value that is no whole number");
  }
  return static_cast<std::int32_t>(value);
}

template <class T>
void append(const musclemap::Volume& slab, std::vector<std::int32_t>& values) {
  const auto view = slab.view<T>();
  for (std::int64_t k = 0; k < view.shape[2]; ++k) {
    for (std::int64_t j = 0; j < view.shape[1]; ++j) {
      for (std::int64_t i = 0; i < view.shape[0]; ++i)
        values.push_back(to_label(static_cast<double>(view(i, j, k))));
    }
  }
}

// The labels of one slice, i fastest.
std::vector<std::int32_t> read_slice(musclemap::SlabReader& reader, std::int64_t k) {
  const musclemap::Volume slab = reader.read(k, 1);
  std::vector<std::int32_t> values;
  values.reserve(static_cast<std::size_t>(slab.geometry().shape[0] * slab.geometry().shape[1]));
  switch (slab.dtype()) {
    case DType::u8:
      append<std::uint8_t>(slab, values);
      break;
    case DType::i16:
      append<std::int16_t>(slab, values);
      break;
    case DType::u16:
      append<std::uint16_t>(slab, values);
      break;
    case DType::i32:
      append<std::int32_t>(slab, values);
      break;
    case DType::f32:
      append<float>(slab, values);
      break;
    case DType::f64:
      append<double>(slab, values);
      break;
    case DType::u32:
      append<std::uint32_t>(slab, values);
      break;
  }
  return values;
}

std::map<std::int32_t, Structure> count(musclemap::SlabReader& labels, musclemap::SlabReader* truth) {
  std::map<std::int32_t, Structure> structures;
  const musclemap::Index3 shape = labels.geometry().shape;
  for (std::int64_t k = 0; k < shape[2]; ++k) {
    const std::vector<std::int32_t> values = read_slice(labels, k);
    for (const std::int32_t value : values) {
      if (value != 0) ++structures[value].in_slice;
    }
    if (truth != nullptr) {
      const std::vector<std::int32_t> wanted = read_slice(*truth, k);
      for (std::size_t v = 0; v < values.size(); ++v) {
        if (wanted[v] == 0) continue;
        Structure& structure = structures[wanted[v]];
        ++structure.truth;
        if (values[v] == wanted[v]) ++structure.both;
      }
    }
    for (auto& entry : structures) {
      Structure& structure = entry.second;
      if (structure.in_slice == 0) continue;
      structure.voxels += structure.in_slice;
      ++structure.slices;
      if (structure.in_slice > structure.largest) {
        structure.largest = structure.in_slice;
        structure.largest_slice = k;
      }
      structure.in_slice = 0;
    }
  }
  return structures;
}

// Area of a voxel's face within a slice, mm2.
double face_mm2(const musclemap::Affine& m) {
  double sum = 0;
  for (int row = 0; row < 3; ++row) {
    const int a = (row + 1) % 3;
    const int b = (row + 2) % 3;
    const double part = m(a, 0) * m(b, 1) - m(b, 0) * m(a, 1);
    sum += part * part;
  }
  return std::sqrt(sum);
}

std::string decimal(double value, int digits) {
  std::ostringstream text;
  text.imbue(std::locale::classic());
  text.setf(std::ios::fixed);
  text.precision(digits);
  text << value;
  return text.str();
}

double dice_of(const Structure& structure) {
  return 2 * static_cast<double>(structure.both) / static_cast<double>(structure.voxels + structure.truth);
}

using Rows = std::vector<std::vector<std::string>>;

Rows tabulate(const std::vector<musclemap::Label>& names, const std::map<std::int32_t, Structure>& structures,
              const musclemap::Geometry& geometry, bool with_dice) {
  Rows rows{{"label", "anatomy", "side", "voxels", "volume_ml", "slices", "largest_area_mm2",
             "largest_area_slice"}};
  if (with_dice) rows[0].push_back("dice");
  const double face = face_mm2(geometry.to_world);
  for (const musclemap::Label& name : names) {
    const auto found = structures.find(name.value);
    const Structure structure = found == structures.end() ? Structure{} : found->second;
    rows.push_back({std::to_string(name.value), name.anatomy, name.side, std::to_string(structure.voxels),
                    decimal(static_cast<double>(structure.voxels) * geometry.voxel_ml(), 3),
                    std::to_string(structure.slices),
                    decimal(static_cast<double>(structure.largest) * face, 1),
                    structure.largest_slice < 0 ? "" : std::to_string(structure.largest_slice)});
    if (!with_dice) continue;
    rows.back().push_back(structure.voxels + structure.truth == 0 ? "" : decimal(dice_of(structure), 4));
  }
  return rows;
}

std::string quoted(const std::string& field) {
  if (field.find_first_of(",\"\r\n") == std::string::npos) return field;
  std::string result = "\"";
  for (const char c : field) result += c == '"' ? "\"\"" : std::string(1, c);
  return result + "\"";
}

void write_csv(const Rows& rows, std::ostream& out) {
  for (const auto& row : rows) {
    for (std::size_t c = 0; c < row.size(); ++c) out << (c == 0 ? "" : ",") << quoted(row[c]);
    out << "\n";
  }
}

void write_table(const Rows& rows, std::ostream& out) {
  std::vector<std::size_t> width(rows[0].size());
  for (const auto& row : rows) {
    for (std::size_t c = 0; c < row.size(); ++c) width[c] = std::max(width[c], row[c].size());
  }
  for (const auto& row : rows) {
    std::string line;
    for (std::size_t c = 0; c < row.size(); ++c) {
      const std::string blanks(width[c] - row[c].size(), ' ');
      const bool words = c == 1 || c == 2;
      line += (c == 0 ? "" : "  ") + (words ? row[c] + blanks : blanks + row[c]);
    }
    out << line << "\n";
  }
}

// The .json beside a label map: the sidecar that mm_segment writes.
fs::path sidecar_of(const fs::path& labels) {
  fs::path stem = labels;
  if (stem.extension() == ".gz") stem.replace_extension();
  return stem.replace_extension(".json");
}

std::vector<musclemap::Label> names_for(const Options& options,
                                        const std::map<std::int32_t, Structure>& structures) {
  std::vector<musclemap::Label> names;
  const fs::path sidecar = sidecar_of(options.labels);
  if (!options.names.empty()) {
    names = musclemap::read_labels(options.names);
  } else if (fs::exists(sidecar)) {
    names = musclemap::read_labels(sidecar);
  }
  for (const auto& entry : structures) {
    const bool named = std::any_of(names.begin(), names.end(),
                                   [&](const musclemap::Label& label) { return label.value == entry.first; });
    if (!named) names.push_back({entry.first, "", "", ""});
  }
  std::sort(names.begin(), names.end(),
            [](const musclemap::Label& a, const musclemap::Label& b) { return a.value < b.value; });
  return names;
}

void run(const Options& options) {
  const auto labels = musclemap::open_nifti(options.labels);
  std::unique_ptr<musclemap::SlabReader> truth;
  if (!options.truth.empty()) {
    truth = musclemap::open_nifti(options.truth);
    if (!musclemap::same_grid(labels->geometry(), truth->geometry(), 0.01)) {
      throw Error(ErrorCode::geometry, Reason::geometry, "not on the grid of the label map", options.truth);
    }
  }
  const auto structures = count(*labels, truth.get());
  const Rows rows =
      tabulate(names_for(options, structures), structures, labels->geometry(), truth != nullptr);
  if (options.output.empty()) {
    if (!options.table) write_csv(rows, std::cout);
  } else {
    std::ofstream file(options.output, std::ios::binary | std::ios::trunc);
    write_csv(rows, file);
    file.close();
    if (!file) throw Error(ErrorCode::io, Reason::io, "cannot be written", options.output);
  }
  if (options.table) write_table(rows, std::cout);
  if (!truth) return;
  double sum = 0;
  double lowest = 1;
  for (const auto& entry : structures) {
    sum += dice_of(entry.second);
    lowest = std::min(lowest, dice_of(entry.second));
  }
  if (structures.empty()) return;
  std::cerr << "Dice against the truth: mean " << decimal(sum / static_cast<double>(structures.size()), 4)
            << ", lowest " << decimal(lowest, 4) << ", " << structures.size() << " structures\n";
}

}  // namespace

int main(int argc, char** argv) {
  Options options;
  CLI::App app{"Volumes and slices of every structure of a label map."};
  app.add_option("labels", options.labels, "label map, .nii or .nii.gz")->required();
  app.add_option(
      "--names", options.names,
      "names of the structures: a sidecar or a model's .json; without it the sidecar beside the label map");
  app.add_option("-o", options.output, "CSV file to write; without it standard output");
  app.add_option("--compare", options.truth, "true label map: adds a column with the Dice overlap");
  app.add_flag("--table", options.table, "print the figures as an aligned table");
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : 2;
  }
  try {
    run(options);
  } catch (const musclemap::Error& error) {
    std::cerr << "musclemap_label_volumes: " << error.what();
    if (!error.file().empty()) std::cerr << ": " << error.file().string();
    std::cerr << "\n";
    return 1;
  }
  return 0;
}
