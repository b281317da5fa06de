#include "task/weights_search.hpp"

#include <filesystem>
#include <vector>

#include "support/catch.hpp"
#include "support/environment.hpp"
#include "support/temporary_folder.hpp"

namespace musclemap::task {
namespace {

namespace fs = std::filesystem;

TEST_CASE("weights search: the stated folder comes before the home folder, models of ours behind", "[task]") {
  const test::Environment user("HOME", "/home/someone");
  const test::Environment models("MUSCLEMAP_MODEL_PATH", "/a::/b");
  const test::Environment weights("TOTALSEG_WEIGHTS_PATH", "");
  const test::Environment home("TOTALSEG_HOME_DIR", "");
  CHECK(weights_search_path() ==
        std::vector<fs::path>{"/home/someone/.totalsegmentator/nnunet/results", "/a", "/b"});
  const test::Environment other_home("TOTALSEG_HOME_DIR", "/ts");
  CHECK(weights_search_path() == std::vector<fs::path>{"/ts/nnunet/results", "/a", "/b"});
  const test::Environment stated("TOTALSEG_WEIGHTS_PATH", "/w");
  CHECK(weights_search_path() == std::vector<fs::path>{"/w", "/a", "/b"});
}

TEST_CASE("weights search: the first folder that has what is wanted", "[task]") {
  const test::TemporaryFolder first;
  const test::TemporaryFolder second;
  const std::vector<fs::path> roots = {first.path(), second.path()};
  CHECK(find_weights(roots, "Dataset1/x").empty());
  fs::create_directories(second / "Dataset1" / "x");
  CHECK(find_weights(roots, "Dataset1/x") == second / "Dataset1" / "x");
  fs::create_directories(first / "Dataset1" / "x");
  CHECK(find_weights(roots, "Dataset1/x") == first / "Dataset1" / "x");
}

}  // namespace
}  // namespace musclemap::task
