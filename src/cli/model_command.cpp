#include <memory>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>

#include "cli/commands.hpp"
#include "cli/help_sections.hpp"
#include "cli/json_line.hpp"
#include "cli/standard_output.hpp"
#include "infer/load_engine.hpp"
#include "musclemap/model_bundle.hpp"
#include "task/bundle_state.hpp"
#include "task/model_options.hpp"

namespace musclemap::cli {
namespace {

struct InspectOptions {
  std::string file;
  bool json = false;
  bool trust = false;
};

nlohmann::ordered_json as_json(const ModelBundle& bundle) {
  nlohmann::ordered_json out;
  out["file"] = bundle.weights_file().string();
  out["name"] = bundle.name();
  out["version"] = bundle.version();
  out["format"] = base::word_of(bundle.format());
  out["sha256"] = bundle.sha256();
  out["trusted"] = bundle.trusted();
  out["runnable"] = bundle.problem().empty();
  if (!bundle.problem().empty()) out["problem"] = bundle.problem();
  const std::string not_native = infer::why_not_native(bundle.state().network);
  out["native"] = not_native.empty();
  if (!not_native.empty()) out["not_native"] = not_native;
  out["network"] = bundle.network();
  out["parameters"] = bundle.parameter_count();
  out["out_channels"] = bundle.out_channels();
  out["window"] = bundle.window();
  out["target_spacing_mm"] = bundle.target_spacing();
  out["operators"] = bundle.operators();
  out["refused_operators"] = bundle.refused_operators();
  out["labels"] = nlohmann::ordered_json::array();
  for (const Label& label : bundle.labels()) {
    nlohmann::ordered_json entry;
    entry["value"] = label.value;
    entry["region"] = label.region;
    entry["anatomy"] = label.anatomy;
    entry["side"] = label.side;
    if (!label.snomed.empty()) entry["snomed"] = label.snomed;
    out["labels"].push_back(std::move(entry));
  }
  return out;
}

std::string spacing_text(const Spacing& spacing) {
  std::string text;
  for (const double mm : spacing) {
    text += (text.empty() ? "" : " x ") + (mm > 0 ? nlohmann::json(mm).dump() + " mm" : std::string("as is"));
  }
  return text;
}

void list(std::ostream& out, const char* title, const std::vector<std::string>& items) {
  if (items.empty()) return;
  out << title << " " << items.size() << "\n";
  for (const std::string& item : items) out << "  " << item << "\n";
}

std::string text_of(const ModelBundle& bundle) {
  std::ostringstream out;
  const std::string not_native = infer::why_not_native(bundle.state().network);
  out << "file        " << bundle.weights_file().string() << "\n"
      << "name        " << bundle.name() << "\n"
      << "version     " << (bundle.version().empty() ? "not stated" : bundle.version()) << "\n"
      << "format      " << base::word_of(bundle.format()) << "\n"
      << "sha-256     " << bundle.sha256() << "\n"
      << "trusted     " << (bundle.trusted() ? "yes" : "no") << "\n"
      << "runnable    " << (bundle.problem().empty() ? "yes" : "no: it " + bundle.problem()) << "\n"
      << "native      " << (not_native.empty() ? "yes" : "no: " + not_native) << "\n"
      << "network     " << bundle.network() << "\n"
      << "parameters  " << bundle.parameter_count() << "\n";
  if (!bundle.labels().empty()) {
    out << "window      " << bundle.window()[0] << " x " << bundle.window()[1] << "\n"
        << "spacing     " << spacing_text(bundle.target_spacing()) << "\n";
  }
  list(out, "operators  ", bundle.operators());
  list(out, "refused    ", bundle.refused_operators());
  if (!bundle.labels().empty()) out << "labels      " << bundle.labels().size() << "\n";
  for (const Label& label : bundle.labels()) {
    out << "  " << label.value << "\t" << display_name(label)
        << (label.region.empty() ? "" : " (" + label.region + ")") << "\n";
  }
  return out.str();
}

}  // namespace

void add_model_command(CLI::App& app, int& exit_status) {
  CLI::App* model = app.add_subcommand("model", "models: weights with their description");
  model->require_subcommand(1);
  model->footer(
      "\n`model convert A.pth B.ts` (weights and description as one TorchScript file) comes with the Python "
      "package, as it needs Python's torch.");
  CLI::App* inspect = model->add_subcommand("inspect", "what is in a model, without running anything");
  const auto options = std::make_shared<InspectOptions>();
  inspect
      ->add_option("FILE", options->file, "a .pth with its .json beside it, a TorchScript file, or a folder")
      ->required();
  inspect->add_flag("--json", options->json, "one JSON object on standard output");
  inspect->add_flag("--trust-model", options->trust, "take a TorchScript file as trusted");
  inspect->footer([] {
    return examples({{"musclemap model inspect model.pth", "labels, network, operators, SHA-256"}}) +
           exit_statuses();
  });
  inspect->callback([options, &exit_status] {
    ModelOpenOptions open;
    open.trust = options->trust;
    open.allow_missing_description = true;
    const ModelBundle bundle = ModelBundle::open(options->file, open);
    if (options->json) {
      print_line(json_line(as_json(bundle)));
    } else {
      print(text_of(bundle));
    }
    exit_status = 0;
  });
}

}  // namespace musclemap::cli
