#include "task/cells/stored_flows.hpp"

#include <string>

#include "io/arrays/npy_file.hpp"
#include "io/arrays/npz_file.hpp"
#include "musclemap/error.hpp"

namespace musclemap::task {
namespace {

StoredFlows stored_flows(const io::Array& flows, const io::Array& cellprob,
                         const std::filesystem::path& file) {
  const std::size_t axes = cellprob.shape.size();
  const auto wrong = [&](const std::string& text) {
    return Error(ErrorCode::format, Reason::unsupported,
                 "dP has the shape " + io::shape_text(flows.shape) + " and cellprob " +
                     io::shape_text(cellprob.shape) + "; " + text,
                 file);
  };
  if (axes != 2 && axes != 3) throw wrong("cellprob is (y, x), or (z, y, x) of a volume");
  std::vector<std::int64_t> wanted{static_cast<std::int64_t>(axes)};
  wanted.insert(wanted.end(), cellprob.shape.begin(), cellprob.shape.end());
  if (flows.shape != wanted) throw wrong("dP belongs to it as " + io::shape_text(wanted));
  StoredFlows stored;
  try {
    stored.flows = io::values_as<float>(flows.view());
    stored.cellprob = io::values_as<float>(cellprob.view());
  } catch (const Error& error) {
    throw error.about(file);
  }
  stored.depth = axes == 3 ? cellprob.shape[0] : 0;
  stored.height = cellprob.shape[axes - 2];
  stored.width = cellprob.shape[axes - 1];
  return stored;
}

}  // namespace

StoredFlows read_stored_flows(const std::filesystem::path& npz) {
  const io::NpzReader reader(npz);
  return stored_flows(reader.read("dP"), reader.read("cellprob"), npz);
}

StoredFlows read_stored_flows(const std::filesystem::path& dp, const std::filesystem::path& cellprob) {
  return stored_flows(io::read_npy(dp), io::read_npy(cellprob), dp);
}

}  // namespace musclemap::task
