#include <fstream>
#include <string>

#include "musclemap/model_bundle.hpp"
#include "support/catch.hpp"
#include "support/environment.hpp"
#include "support/error_of.hpp"
#include "support/temporary_folder.hpp"

namespace musclemap {
namespace {

namespace fs = std::filesystem;
using test::contains;
using test::error_of;

fs::path put(const fs::path& root, const std::string& region, const std::string& version) {
  const fs::path folder = root / region / version;
  fs::create_directories(folder);
  const fs::path file = folder / ("contrast_agnostic_" + region + "_model.pth");
  std::ofstream(file) << "x";
  return file;
}

TEST_CASE("model search: versions are compared by number", "[task]") {
  const test::TemporaryFolder first;
  const test::TemporaryFolder second;
  const test::Environment path("MUSCLEMAP_MODEL_PATH", first.path().string() + "::" + second.path().string());
  const test::Environment data("XDG_DATA_HOME", (first / "none").string());
  put(first.path(), "thigh", "v1.9");
  const fs::path ten = put(second.path(), "thigh", "v1.10");
  const fs::path two = put(first.path(), "thigh", "v0.2");
  put(second.path(), "thigh", "v0.2.0");
  put(first.path(), "thigh", "vlatest");
  put(first.path(), "thigh", "1.99");
  fs::create_directories(first / "thigh" / "v9");
  CHECK(find_model("thigh") == ten);
  CHECK(find_model("thigh", "1.10") == ten);
  CHECK(find_model("thigh", "0.2") == two);
  CHECK(find_model("thigh", "v0.2.0") == two);
  const std::string message = error_of([] { find_model("thigh", "3"); });
  CHECK(contains(message, "model/model: no model of region 'thigh' in version 3; present: v"));
}

TEST_CASE("model search: the installed tree comes after the user's folder and before the system's",
          "[task]") {
  const test::Environment path("MUSCLEMAP_MODEL_PATH", "");
  const test::Environment data("XDG_DATA_HOME", "/data");
  const fs::path prefix = fs::read_symlink("/proc/self/exe").parent_path().parent_path();
  CHECK(model_search_path() ==
        std::vector<fs::path>{"/data/musclemap/models", prefix / "share/musclemap/models",
                              "/usr/local/share/musclemap/models", "/usr/share/musclemap/models"});
}

TEST_CASE("model search: what is not found says where it looked and what to fetch", "[task]") {
  const test::TemporaryFolder folder;
  const test::Environment path("MUSCLEMAP_MODEL_PATH", folder.path().string());
  const test::Environment data("XDG_DATA_HOME", (folder / "share").string());
  const std::string message = error_of([] { find_model("wholebody"); });
  CHECK(contains(message, folder.path().string()));
  CHECK(contains(message, (folder / "share" / "musclemap" / "models").string()));
  CHECK(contains(message, "/usr/share/musclemap/models"));
  CHECK(contains(message, "zenodo.19631184"));
  CHECK(contains(error_of([] { find_model("foot"); }), "argument/invalid: no model of region 'foot'"));
  CHECK(contains(error_of([] { find_model("foot"); }),
                 "published regions: wholebody, abdomen, forearm, leg, pelvis, thigh"));
}

TEST_CASE("model search: a region or version that is no name is refused", "[task]") {
  for (const std::string region : {"", "../etc", "a/b", "a b", ".."}) {
    CHECK(contains(error_of([&] { find_model(region); }), "argument/invalid: region is"));
  }
  for (const std::string version : {"", "1..2", "x", "1.", "../1", "1.9999999999"}) {
    CHECK(contains(error_of([&] { find_model("leg", version); }), "argument/invalid: model version is"));
  }
  CHECK(known_regions().size() == 6);
}

}  // namespace
}  // namespace musclemap
