// Keys: nnU-Net 2.8.1, preprocessing/preprocessors/default_preprocessor.py, run_case_npy(), and
// imageio/simpleitk_reader_writer.py and nibabel_reader_writer.py, read_images().
#include "task/probability_files.hpp"

#include <cmath>
#include <string>
#include <system_error>
#include <utility>

#include "image/grid.hpp"
#include "image/orientation.hpp"
#include "io/files/plain_pickle.hpp"
#include "musclemap/error.hpp"

namespace musclemap::task {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

constexpr const char* kArray = "probabilities";

fs::path with_part(const fs::path& file, const std::string& part) {
  fs::path name = file.stem();
  name += "_" + part;
  name += file.extension();
  return file.parent_path() / name;
}

fs::path facts_beside(const fs::path& file) { return fs::path(file).replace_extension(".pkl"); }

void refuse_same_name(const fs::path& file) {
  if (file.extension() == ".pkl") {
    throw Error(ErrorCode::argument, Reason::invalid,
                "is the name of the file beside the probabilities; they go into a file called .npz", file);
  }
}

// Letters of the ends that the axes run to.
std::string ends_of(const Geometry& image) {
  const image::Orientation orientation = image::closest_ras(image.to_world);
  std::string ends;
  for (std::size_t a = 0; a < 3; ++a)
    ends += (orientation.flip[a] ? "LPI" : "RAS")[static_cast<std::size_t>(orientation.ras_axis[a])];
  return ends;
}

Json as_nibabel(const Geometry& image) {
  Json rows = Json::array();
  for (std::size_t row = 0; row < 4; ++row) {
    Json columns = Json::array();
    for (std::size_t column = 0; column < 4; ++column) columns.push_back(image.to_world.m[4 * row + column]);
    rows.push_back(columns);
  }
  return rows;
}

// In ITK's directions, left and to the back.
Json as_simple_itk(const Geometry& grid, const Geometry& image) {
  const Spacing spacing = grid.spacing();
  Json direction = Json::array();
  Json origin = Json::array();
  for (std::size_t row = 0; row < 3; ++row) {
    const double sign = row < 2 ? -1 : 1;
    for (std::size_t column = 0; column < 3; ++column)
      direction.push_back(sign * grid.to_world.m[4 * row + column] / spacing[column]);
    origin.push_back(sign * grid.to_world.m[4 * row + 3]);
  }
  return {{"spacing", {spacing[0], spacing[1], spacing[2]}},
          {"origin", origin},
          {"direction", direction},
          {"original_orientation", ends_of(image)}};
}

Json facts_of(const NetworkProbabilities& found) {
  const Spacing spacing = found.grid.spacing();
  Json before = Json::array();
  Json box = Json::array();
  Json after = Json::array();
  for (std::size_t d = 0; d < 3; ++d) {
    before.push_back(found.grid.shape[static_cast<std::size_t>(2 - found.transpose[d])]);
    box.push_back({found.box_begin[d], found.box_end[d]});
    after.push_back(found.box_end[d] - found.box_begin[d]);
  }
  return {{"sitk_stuff", as_simple_itk(found.grid, found.image)},
          {"nibabel_stuff",
           {{"original_affine", as_nibabel(found.image)}, {"reoriented_affine", as_nibabel(found.grid)}}},
          {"spacing", {spacing[2], spacing[1], spacing[0]}},
          {"shape_before_cropping", before},
          {"bbox_used_for_cropping", box},
          {"shape_after_cropping_and_before_resampling", after}};
}

void create_folder_of(const fs::path& file) {
  if (file.parent_path().empty()) return;
  std::error_code failed;
  fs::create_directories(file.parent_path(), failed);
  if (failed)
    throw Error(ErrorCode::io, Reason::io, "cannot be created: " + failed.message(), file.parent_path());
}

}  // namespace

std::vector<fs::path> probability_files(const TaskSpec& task, const fs::path& file) {
  refuse_same_name(file);
  std::vector<fs::path> files;
  for (const StageSpec& stage : task.stages) {
    const fs::path array = task.stages.size() > 1 ? with_part(file, stage.name) : file;
    files.push_back(array);
    files.push_back(facts_beside(array));
  }
  return files;
}

ProbabilityFiles::ProbabilityFiles(const TaskSpec& task, fs::path file)
    : file_(std::move(file)), several_(task.stages.size() > 1) {
  refuse_same_name(file_);
}

void ProbabilityFiles::take(const NetworkProbabilities& found) {
  const fs::path array = several_ ? with_part(file_, found.network) : file_;
  create_folder_of(array);
  arrays_.push_back(std::make_unique<io::NpzWriter>(array));
  const Index3& shape = found.grid.shape;
  arrays_.back()->add(kArray,
                      io::array_view({found.classes, shape[2], shape[1], shape[0]}, found.values.data()));
  arrays_.back()->finish();
  facts_.push_back(std::make_unique<io::AtomicFile>(facts_beside(array)));
  const std::string facts = io::plain_pickle(facts_of(found));
  facts_.back()->write(facts.data(), facts.size());
  files_.push_back(array);
  files_.push_back(facts_beside(array));
}

void ProbabilityFiles::commit() {
  for (const auto& each : arrays_) each->commit();
  for (const auto& each : facts_) each->commit();
}

}  // namespace musclemap::task
