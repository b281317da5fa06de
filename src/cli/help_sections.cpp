#include "cli/help_sections.hpp"

#include "musclemap/labels.hpp"
#include "musclemap/model_bundle.hpp"

namespace musclemap::cli {
namespace {

using Rows = std::vector<std::pair<std::string, std::string>>;

std::string section(const std::string& title, const Rows& rows) {
  std::string text = "\n" + title + ":\n";
  for (const auto& [term, meaning] : rows) text += term + "\t" + meaning + "\n";
  return text;
}

}  // namespace

std::string examples(const Rows& lines) { return section("Examples", lines); }

std::string exit_statuses() {
  return section("Exit status",
                 {{"0", "all done"},
                  {"1",
                   "at least one input failed, the others are finished; or the model, the engine or "
                   "standard output cannot be used"},
                  {"2", "the command line is wrong, nothing was done"},
                  {"130, 143, 129", "ended by Ctrl-C, SIGTERM, SIGHUP; no partial file is left"}});
}

std::string environment_variables() {
  return section(
      "Environment",
      {{"MUSCLEMAP_MODEL_PATH", "folders of models, ':' between them, where -r looks first"},
       {"TOTALSEG_WEIGHTS_PATH", "folder where networks of TotalSegmentator's tasks lie"},
       {"TOTALSEG_HOME_DIR",
        "where that is not set, they lie in its nnunet/results (default: ~/.totalsegmentator)"},
       {"XDG_DATA_HOME", "-r looks in its musclemap/models next (default: ~/.local/share)"},
       {"MUSCLEMAP_TRUST_LIST",
        "file with the SHA-256 of the TorchScript files that LibTorch may run (default: "
        "musclemap/trusted_models.txt in XDG_CONFIG_HOME, else in ~/.config)"},
       {"CELLPOSE_LOCAL_MODELS_PATH", "folder of Cellpose's own models (default: ~/.cellpose/models)"},
       {"MICROSAM_CACHEDIR",
        "checkpoints of micro-sam lie in its models (default: micro_sam in XDG_CACHE_HOME, else in "
        "~/.cache)"},
       {"MUSCLEMAP_TORCH_DIR", "folder of the LibTorch to use"},
       {"MUSCLEMAP_ENGINE_PATH", "folder of the module that opens LibTorch"},
       {"MUSCLEMAP_MAX_ISA", "most that the native engine uses of the CPU: portable, avx2, avx512 or amx"},
       {"COLUMNS", "width of this text and of the bar where no terminal says it"}});
}

std::string regions_of_models() {
  std::string list;
  for (const std::string& region : known_regions()) list += (list.empty() ? "" : ", ") + region;
  return "\nRegions of published models (-r): " + list + "\n";
}

std::string regions_of_tables() {
  std::string list;
  std::string last;
  for (const LabelTable& table : builtin_label_tables()) {
    if (table.region == last) {
      list += ", " + table.version;
    } else {
      list += (list.empty() ? "" : "; ") + table.region + " " + table.version;
    }
    last = table.region;
  }
  return "\nRegions with a table of label names, and its versions: " + list + "\n";
}

}  // namespace musclemap::cli
