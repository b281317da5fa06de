#include "task/task_file.hpp"

#include <system_error>

#include "io/files/json_file.hpp"
#include "musclemap/error.hpp"
#include "task/task_json.hpp"

namespace musclemap::task {
namespace {

namespace fs = std::filesystem;

NetworkSource source_of(const fs::path& file, bool trust) {
  std::error_code failed;
  const std::uintmax_t size = fs::file_size(file, failed);
  if (failed) throw Error(ErrorCode::io, Reason::io, "cannot be read: " + failed.message(), file);
  NetworkSource source;
  source.file = file;
  source.bytes = 2 * static_cast<std::size_t>(size);
  source.read = [file, trust](const RunControl& control) {
    ModelOpenOptions options;
    options.trust = trust;
    options.allow_missing_description = true;
    return network_of(ModelBundle::open(file, options, control));
  };
  return source;
}

}  // namespace

std::shared_ptr<const Task::State> open_task_file(const fs::path& file, bool trust) {
  auto state = std::make_shared<Task::State>();
  try {
    state->spec = read_task(io::read_json_file(file));
  } catch (const Error& error) {
    throw error.about(file);
  }
  for (const NetworkRef& each : networks_of(state->spec))
    state->sources[each.file] = source_of(file.parent_path() / each.file, trust);
  return state;
}

}  // namespace musclemap::task
