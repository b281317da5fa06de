#include "batch/cells_log.hpp"

#include <cstdlib>
#include <ctime>
#include <regex>
#include <string>
#include <vector>

#include "musclemap/version.hpp"
#include "support/catch.hpp"

namespace musclemap::batch {
namespace {

// The texts of a log, each line checked for its form.
std::vector<std::string> texts_of(const CellsLog& log) {
  std::vector<std::string> texts;
  std::string rest = log.text();
  const std::regex form(
      R"(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3} \(VLabApp - segmentation module\) \[INFO\] (.*))");
  while (!rest.empty()) {
    const std::size_t end = rest.find('\n');
    REQUIRE(end != std::string::npos);
    const std::string line = rest.substr(0, end);
    rest.erase(0, end + 1);
    std::smatch found;
    REQUIRE(std::regex_match(line, found, form));
    texts.push_back(found[1]);
  }
  return texts;
}

TEST_CASE("cells log: the lines of a run on a stack with a user's model", "[batch]") {
  CellsLog log;
  CellsLogStart start;
  start.platform = "Linux";
  start.rules = "3.1.1.2";
  start.engine = "native";
  start.device = "cpu";
  start.more = {{"compat", "3.1.1.2"}};
  start.image = "/data/yeast_BF.ome.tif";
  start.model_type = "User trained model";
  start.user_model = "/models/mine";
  log_start(start, &log);
  log_projection({}, {{0, 1, 0, {1, 4}}}, &log);
  log_channel(2, &log);
  log_segmentation(false, std::nullopt, &log);
  log_saving("/out/yeast_BF_vSM.ome.tif", &log);
  CHECK(texts_of(log) ==
        std::vector<std::string>{
            "System info:",
            "- platform: Linux",
            "- python version: not used",
            "- VLabApp version: not used",
            "- numpy version: not used",
            "- cellpose version: rules of 3.1.1.2",
            "- torch version: not used",
            std::string("- musclemap version: ") + kVersion,
            "- engine: native",
            "- device: cpu",
            "Input image path: /data/yeast_BF.ome.tif",
            "Segmentation method: cellpose",
            "Model type: User trained model",
            "User trained model path: /models/mine",
            "cellprob threshold: 0.0",
            "flow threshold: 0.4",
            "compat: 3.1.1.2",
            "Preparing image to segment: performing Z-projection",
            "Z-projection: mean of the sections around the one with best focus, 3 on either side",
            "F=0, T=1, C=0: sections used: 1 to 4",
            "Preparing image to segment: selecting channel 2",
            "Cellpose segmentation (diameter=None)",
            "Saving segmentation mask to /out/yeast_BF_vSM.ome.tif"});
}

TEST_CASE("cells log: diameters of built-in models, and micro-sam", "[batch]") {
  CellsLog log;
  CellsLogStart start;
  start.model_type = "cyto3";
  start.diameter = 30;
  log_start(start, &log);
  CHECK(texts_of(log).at(13) == "Diameter: 30");
  CellsLog other;
  start.micro_sam = true;
  log_start(start, &other);
  log_segmentation(true, std::nullopt, &other);
  log_segmentation(false, 17, &other);
  log_diameter(4, 21.5, &other);
  const std::vector<std::string> texts = texts_of(other);
  CHECK(texts.at(5) == "- micro_sam version: rules of ");
  CHECK(texts.at(11) == "Segmentation method: Segment Anything for Microscopy");
  CHECK(texts.at(13) == "Segment Anything for Microscopy segmentation");
  CHECK(texts.at(14) == "Cellpose segmentation (diameter=17)");
  CHECK(texts.at(15) == "T=4: estimated diameter 21.5");
}

TEST_CASE("cells log: times have milliseconds, and a line stays one", "[batch]") {
  std::tm parts{};
  parts.tm_year = 125;
  parts.tm_mon = 8;
  parts.tm_mday = 8;
  parts.tm_hour = 7;
  parts.tm_min = 33;
  parts.tm_sec = 18;
  parts.tm_isdst = -1;
  const auto moment =
      std::chrono::system_clock::from_time_t(std::mktime(&parts)) + std::chrono::milliseconds(1);
  CHECK(log_time(moment) == "2025-09-08 07:33:18,001");
  CellsLog log([&] { return moment; });
  log.add("a\nb");
  CHECK(log.text() == "2025-09-08 07:33:18,001 (VLabApp - segmentation module) [INFO] a\\x0ab\n");
}

}  // namespace
}  // namespace musclemap::batch
