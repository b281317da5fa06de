#include "base/text.hpp"
#include "io/json_file.hpp"
#include "musclemap/error.hpp"
#include "musclemap/labels.hpp"
#include "musclemap/model_bundle.hpp"
#include "pipeline/model_config.hpp"

namespace musclemap {

std::vector<Label> read_labels(const std::filesystem::path& file) {
  if (base::ascii_lower(file.extension().string()) != ".json") return ModelBundle::open(file).labels();
  try {
    return pipeline::parse_labels(io::read_json_file(file));
  } catch (const Error& error) {
    throw error.about(file);
  }
}

}  // namespace musclemap
